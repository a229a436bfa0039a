"""The unit of work on a database: one transaction over a batch of requests, read set-wise and written set-wise.

Everything put is kept in memory until the commit, and a journal knows how to undo it; the database sees a batch once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from bot.domain.events import Fact
from bot.domain.ids import CommunityId
from bot.outgoing import Outgoing
from bot.ports import Answered
from storage import inbox
from storage.audit import log as audit
from storage.audit.chain import Appended, Forgotten, Head, Step
from storage.audit.codec import encode
from storage.databases.sql import Session, Sql
from storage.leases import SqlLeases
from storage.names import table_of
from storage.outbox.queueing import queue
from storage.outbox.relaying import SqlOutbox
from storage.pruning import Pruning
from storage.reads import SqlReads
from storage.shelf import Shelf

Answer = tuple[Answered, datetime]


class SqlUnitOfWork(SqlReads):
    """See `bot.ports.UnitOfWork`. `heads` are those of the communities it holds, where they were read with the lock."""

    def __init__(
        self,
        session: Session,
        sql: Sql,
        communities: Sequence[CommunityId],
        pruning: Pruning,
        heads: dict[CommunityId, Head] | None = None,
    ) -> None:
        super().__init__(session, sql)
        self._pruning = pruning
        self._held = frozenset(communities)
        self._heads = heads
        self._journal: list[tuple[Any, Any]] = []
        self._steps: list[Step] = []
        self._sent: list[Outgoing] = []
        self._answers: dict[inbox.Origin, Answer] = {}
        self._answered: dict[inbox.Origin, Answered | None] = {}

    @property
    def outbox(self) -> SqlOutbox:
        """Made when asked for: kept, it would be a cycle, and what a batch read would wait for the garbage collector."""
        return SqlOutbox(self, self._session, self._sql, self._pruning)

    @property
    def leases(self) -> SqlLeases:
        """Made when asked for."""
        return SqlLeases(self._session, self._sql)

    def put(self, record: Any) -> None:
        """Insert or replace a record."""
        kind = type(record)
        shelf = self._shelves.get(kind) or self._shelf(kind)
        self._journal.append((shelf, shelf.set(shelf.key_of(record), record)))

    def drop(self, record: Any) -> None:
        """Delete a record; only its key matters."""
        shelf = self._shelf(type(record))
        self._journal.append((shelf, shelf.set(shelf.key_of(record), None)))

    def mark(self) -> int:
        """A point to `undo` to."""
        return len(self._journal)

    def undo(self, mark: int) -> None:
        """Forget every put, drop, append, forget, send and remember since `mark`."""
        while len(self._journal) > mark:
            what, before = self._journal.pop()
            if type(what) is Shelf:
                what.restore(before)
            elif what is not self._answers:
                what.pop()
            elif before[1] is None:
                del what[before[0]]
            else:
                what[before[0]] = before[1]

    def answered(self, community: CommunityId, origin: str) -> Answered | None:
        """What a request of this origin was answered before."""
        key = (community, origin)
        made = self._answers.get(key)
        if made is not None:
            return made[0]
        if key not in self._answered:
            self.prefetch_answered((key,))
        return self._answered[key]

    def prefetch_answered(self, origins: Iterable[tuple[CommunityId, str]]) -> None:
        """Load earlier answers set-wise."""
        missing = {origin: None for origin in origins if origin not in self._answered}
        if missing:
            self._answered.update(missing)
            self._answered.update(inbox.answers(self._session, self._sql, missing))

    def remember(self, community: CommunityId, origin: str, reply: bytes | None, now: datetime) -> None:
        """Keep the answer to a request."""
        key = (community, origin)
        self._journal.append((self._answers, (key, self._answers.get(key))))
        self._answers[key] = (Answered(reply), now)

    def append(self, fact: Fact, origin: str) -> None:
        """Append an event to the audit log. Raises `LookupError` when the community's lock is not held."""
        if fact.community not in self._held:
            raise LookupError(f"{fact.community} is not among the communities this unit of work holds")
        self._steps.append(Appended(fact, origin, encode(fact.event)))
        self._journal.append((self._steps, None))

    def forget(self, community: CommunityId, event: str, subject: tuple[str, Any]) -> None:
        """Erase the private values of the events of a type whose field has a value."""
        self._steps.append(Forgotten(community, event, *subject))
        self._journal.append((self._steps, None))

    def send(self, row: Outgoing) -> None:
        """Put a row in the outbox; it is there for the relay once this transaction is committed."""
        self._sent.append(row)
        self._journal.append((self._sent, None))

    def flush(self) -> None:
        """Write everything, tables in a fixed order. Called once, before the commit."""
        for kind in sorted(self._shelves, key=table_of):
            shelf = self._shelves[kind]
            if shelf.changed:
                shelf.flush()
        if self._steps:
            if self._heads is None:
                self._heads = audit.heads(self._session, self._sql, self._held)
            audit.write(self._session, self._sql, self._steps, self._heads)
        if self._answers:
            inbox.keep(self._session, self._sql, self._answers, self._pruning)
        if self._sent:
            queue(self._session, self._sql, self._sent)
