"""The store in memory, its snapshots, and its unit of work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from threading import Lock
from typing import Any, TypeVar

from bot.domain.community import Community
from bot.domain.dues import Due
from bot.domain.events import Fact
from bot.domain.ids import CommunityId
from bot.domain.records import Key
from bot.outgoing import Outgoing
from bot.ports import Answered, Rows, kept_seconds
from storage.audit import codec
from storage.audit.chain import Appended, Entry, Forgotten, Head, Step, genesis, secret_of
from storage.mappers import mapper_of
from storage.memory.leases import LEASE_SHAPES, MemoryLeases
from storage.memory.outbox import OUTBOX_SHAPES, MemoryBacklog, MemoryOutbox, Sent
from storage.memory.tables import Table
from storage.memory.transfer import Answers, MemoryTaking, answers_of, messages_of
from storage.shapes import check_key, listed, shape_of
from storage.transfer.lines import Answer, Message

R = TypeVar("R")

Tables = Mapping[type[Any], Table]


class MemoryReads:
    """A snapshot: what was committed when it was taken."""

    def __init__(
        self, tables: Tables, logs: Mapping[CommunityId, list[Entry]], answered: Answers | None = None
    ) -> None:
        self._tables = tables
        self._logs = logs
        self._given: Answers = {} if answered is None else answered

    def get(self, kind: type[R], *key: Any) -> R | None:
        """The record with this key. Raises `TypeError` for a key of another length."""
        check_key(kind, key)
        table = self._tables.get(kind)
        return None if table is None else table.rows.get(key)

    def all(self, kind: type[R], **by: Any) -> tuple[R, ...]:
        """The records with these field values, in key order. Raises `LookupError` for a list not declared."""
        fields = listed(kind, tuple(by))
        table = self._tables.get(kind)
        return () if table is None else table.listed(fields, tuple(by[field] for field in fields))

    def scan(self, kind: type[R], community: CommunityId) -> Iterator[R]:
        """Every record of a type in a community, in key order."""
        table = self._tables.get(kind)
        rows = {} if table is None else table.rows
        return (rows[key] for key in sorted(rows) if key[0] == community)

    def rows(self, kind: type[Any], community: CommunityId) -> Rows:
        """Every record of a type in a community, as a database would keep them."""
        mapper = mapper_of(kind, native=False)
        found = [mapper.to_row(each) for each in self.scan(kind, community)]
        return Rows(mapper.names, found, mapper.from_row, mapper.values_row)

    def count(self, kind: type[Any], community: CommunityId) -> int:
        """How many records of a type a community has."""
        return sum(1 for _ in self.scan(kind, community))

    def part(self, kind: type[R], community: CommunityId, number: int, size: int) -> tuple[R, ...]:
        """The records of a part in key order, parts of this size counted from 1."""
        return tuple(islice(self.scan(kind, community), (number - 1) * size, number * size))

    def entries(self, community: CommunityId) -> Iterator[Entry]:
        """The community's audit log, in order."""
        return iter(self._logs.get(community, ()))

    def head(self, community: CommunityId) -> Head | None:
        """Where the community's audit log ends; None when nothing was ever logged."""
        log = self._logs.get(community)
        return Head(log[-1].sequence, log[-1].hash) if log else None

    def position(self, community: CommunityId) -> int:
        """The number of the community's last logged event; 0 when nothing was ever logged."""
        found = self.head(community)
        return found.sequence if found is not None else 0

    def secret(self, community: CommunityId) -> bytes:
        """What nobody knows who cannot read the community's private values."""
        return secret_of(self.entries(community))

    def facts(self, community: CommunityId) -> Iterator[tuple[int, Fact | None]]:
        """(sequence, fact) in order; None for the fact where private values were erased."""
        return ((entry.sequence, entry.fact(community)) for entry in self.entries(community))

    def was_answered(self, community: CommunityId, origin: str) -> bool:
        """Whether a request of this origin was answered lately."""
        return (community, origin) in self._given

    def answers_of(self, community: CommunityId) -> Iterator[Answer]:
        """What requests were answered, by their origin."""
        return answers_of(self._given, community)

    def messages_of(self, community: CommunityId) -> Iterator[Message]:
        """What was not delivered, in order."""
        return messages_of(self._tables, community)


class MemoryUnitOfWork(MemoryReads):
    """One transaction: forks of the tables it changes, a journal to undo by, and what is appended at the commit."""

    def __init__(self, store: MemoryStore, communities: Sequence[CommunityId]) -> None:
        self.forks: dict[type[Any], Table] = dict(store.tables)
        super().__init__(self.forks, store.logs)
        self._store = store
        self._forked: set[type[Any]] = set()
        self._held = frozenset(communities)
        self._journal: list[Callable[[], object]] = []
        self.answers: dict[tuple[CommunityId, str], tuple[Answered, datetime]] = {}
        self.log: list[Step] = []
        self.sent: list[Outgoing] = []
        self.outbox = MemoryOutbox(self)
        self.leases = MemoryLeases(self)

    def prefetch(
        self,
        keys: Iterable[tuple[type[Any], Key]],
        lists: Iterable[tuple[type[Any], tuple[tuple[str, Any], ...]]] = (),
    ) -> None:
        """Nothing to load: it is all here. What is not declared is refused all the same."""
        for kind, _ in keys:
            shape_of(kind)
        for kind, by in lists:
            listed(kind, tuple(name for name, _ in by))

    def prefetch_answered(self, origins: Iterable[tuple[CommunityId, str]]) -> None:
        """Nothing to load."""

    def own(self, kind: type[Any]) -> Table:
        """This transaction's own copy of a table, to change."""
        if kind not in self._forked:
            self._forked.add(kind)
            published = self.forks.get(kind)
            shape = OUTBOX_SHAPES.get(kind) or LEASE_SHAPES.get(kind) or shape_of(kind)
            self.forks[kind] = Table(shape) if published is None else published.fork()
        return self.forks[kind]

    def put(self, record: Any) -> None:
        """Insert or replace a record."""
        table = self.own(type(record))
        self._set(table, table.key_of(record), record)

    def drop(self, record: Any) -> None:
        """Delete a record; only its key matters."""
        table = self.own(type(record))
        self._set(table, table.key_of(record), None)

    def _set(self, table: Table, key: Key, record: Any | None) -> None:
        before = table.set(key, record)
        self._journal.append(lambda: table.set(key, before))

    def mark(self) -> int:
        """A point to `undo` to."""
        return len(self._journal)

    def undo(self, mark: int) -> None:
        """Forget every put, drop, append, forget, send and remember since `mark`."""
        while len(self._journal) > mark:
            self._journal.pop()()

    def answered(self, community: CommunityId, origin: str) -> Answered | None:
        """What a request of this origin was answered before."""
        key = (community, origin)
        found = self.answers.get(key) or self._store.answers.get(key)
        return found[0] if found else None

    def remember(self, community: CommunityId, origin: str, reply: bytes | None, now: datetime) -> None:
        """Keep the answer to a request."""
        key = (community, origin)
        before = self.answers.get(key)
        self.answers[key] = (Answered(reply), now)
        self._journal.append(lambda: self.answers.pop(key) if before is None else self.answers.__setitem__(key, before))

    def append(self, fact: Fact, origin: str) -> None:
        """Append an event to the audit log. Raises `LookupError` when the community's lock is not held."""
        if fact.community not in self._held:
            raise LookupError(f"{fact.community} is not among the communities this unit of work holds")
        self.log.append(Appended(fact, origin, codec.encode(fact.event)))
        self._journal.append(self.log.pop)

    def forget(self, community: CommunityId, event: str, subject: tuple[str, Any]) -> None:
        """Erase the private values of the events of a type whose field has a value."""
        self.log.append(Forgotten(community, event, *subject))
        self._journal.append(self.log.pop)

    def send(self, row: Outgoing) -> None:
        """Put a row in the outbox; it is there for the relay once this transaction is committed."""
        self.sent.append(row)
        self._journal.append(self.sent.pop)


class MemoryStore:
    """State in memory. One writer at a time; readers keep the snapshot they took."""

    def __init__(self) -> None:
        self.tables: dict[type[Any], Table] = {}
        self.logs: dict[CommunityId, list[Entry]] = {}
        self.answers: dict[tuple[CommunityId, str], tuple[Answered, datetime]] = {}
        self._pruned = datetime.min.replace(tzinfo=UTC)
        self._writing = Lock()

    @contextmanager
    def writing(self, communities: Sequence[CommunityId]) -> Iterator[MemoryUnitOfWork]:
        """A unit of work; what it did is published on leaving, or gone on an error."""
        with self._writing:
            work = MemoryUnitOfWork(self, communities)
            yield work
            self._commit(work)

    @contextmanager
    def reading(self) -> Iterator[MemoryReads]:
        """A snapshot."""
        yield MemoryReads(self.tables, self.logs, self.answers)

    @contextmanager
    def giving(self) -> Iterator[MemoryReads]:
        """A snapshot to be written out."""
        yield MemoryReads(self.tables, self.logs, dict(self.answers))

    @contextmanager
    def taking(self, community: CommunityId) -> Iterator[MemoryTaking]:
        """A transaction that takes a community in; what it took is published on leaving, or gone on an error."""
        with self._writing:
            work = MemoryUnitOfWork(self, [community])
            taking = MemoryTaking(work)
            yield taking
            self._commit(work)
            self.logs = self.logs | {community: taking.log}

    @contextmanager
    def backlog(self) -> Iterator[MemoryBacklog]:
        """A snapshot of the outbox."""
        table = self.tables.get(Sent)
        yield MemoryBacklog(table.rows.values() if table else ())

    def communities(self) -> tuple[CommunityId, ...]:
        """Every community there is."""
        table = self.tables.get(Community)
        return tuple(sorted(key[0] for key in table.rows)) if table else ()

    def due(self, real_now: datetime, limit: int) -> list[tuple[Due, datetime]]:
        """The deadlines that have come by their own community's clock, earliest first."""
        found = []
        for due, community in self._dues():
            now = community.now(real_now)
            if due.due_at <= now:
                found.append((due, now))
        found.sort(key=lambda each: (each[0].due_at, each[0].community, each[0].kind, each[0].subject))
        return found[:limit]

    def next_due(self, real_now: datetime) -> datetime | None:  # noqa: ARG002 - a running clock's deadline does not depend on it
        """The real time at which the next deadline comes by a running clock."""
        times = [
            due.due_at - timedelta(seconds=community.clock_moved)
            for due, community in self._dues()
            if community.clock_frozen is None
        ]
        return min(times, default=None)

    def close(self) -> None:
        """Nothing to let go of."""

    def _dues(self) -> Iterator[tuple[Due, Community]]:
        tables = self.tables
        if Due in tables and Community in tables:
            for due in tables[Due].rows.values():
                community = tables[Community].rows.get((due.community,))
                if community is not None:
                    yield due, community

    def _commit(self, work: MemoryUnitOfWork) -> None:
        work.outbox.keep(work.sent)
        self._log(work.log)
        for key, (answered, now) in work.answers.items():
            self.answers[key] = (answered, now)
            self._prune(now)
        self.tables = work.forks

    def _log(self, steps: Sequence[Step]) -> None:
        touched: dict[CommunityId, list[Entry]] = {}
        for step in steps:
            community = step.fact.community if isinstance(step, Appended) else step.community
            if community not in touched:
                touched[community] = list(self.logs.get(community, ()))
            log = touched[community]
            if isinstance(step, Appended):
                log.append(step.sealed(Head(log[-1].sequence, log[-1].hash) if log else genesis(community)))
            else:
                log[:] = [replace(entry, private=None) if _forgets(step, entry) else entry for entry in log]
        self.logs = self.logs | touched

    def _prune(self, now: datetime) -> None:
        if now - self._pruned < timedelta(hours=1):
            return
        self._pruned = now
        self.answers = {
            (community, origin): found
            for (community, origin), found in self.answers.items()
            if found[1] >= now - timedelta(seconds=kept_seconds(origin))
        }


def _forgets(step: Forgotten, entry: Entry) -> bool:
    return entry.private is not None and step.concerns(entry)
