"""What an export needs of a database besides records and the log; and taking one in, some rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from bot.domain.ids import CommunityId
from bot.outgoing import SendState
from storage.audit.chain import Entry, Head
from storage.databases.sql import Row, Session, Sql
from storage.instants import EPOCH
from storage.mappers import mapper_of
from storage.outbox.placements import UNSETTLED
from storage.outbox.queueing import row_of
from storage.outbox.relaying import outgoing
from storage.reads import SqlReads
from storage.transfer.lines import NOTHING, Answer, Message

AT_ONCE = 1_000
"""How many rows of a table are written together."""

UNDELIVERED = frozenset({*UNSETTLED, SendState.DEAD})
"""The states of messages that belong to a community's state: delivered ones are history of the platform's."""


class SqlGiving(SqlReads):
    """See `storage.transfer.lines.Giving`."""

    def answers_of(self, community: CommunityId) -> Iterator[Answer]:
        """What requests were answered."""
        for _, origin, at, reply in self._session.each(self._sql.scan("inbox"), (community,)):
            yield Answer(origin, self._sql.from_instant(at), NOTHING if reply is None else msgspec.Raw(bytes(reply)))

    def messages_of(self, community: CommunityId) -> Iterator[Message]:
        """What was not delivered."""
        for row in self._session.each(self._sql.scan("outbox"), (community,)):
            *first, _, state, attempts, rendered, error, settled_at, queued_at, under = row
            if state in UNDELIVERED:
                made = outgoing(self._sql, (*first, queued_at, under))
                body = None if rendered is None else bytes(rendered)
                parked_at = None if settled_at is None else self._sql.from_instant(settled_at)
                yield Message(row[1], made, state, attempts, body, error, parked_at)


class SqlTaking(SqlReads):
    """See `storage.transfer.lines.Taking`. Rows are written when there are some of a table, the rest at the end."""

    def __init__(self, session: Session, sql: Sql) -> None:
        super().__init__(session, sql)
        self._waiting: dict[str, list[Row]] = {}
        self._heads: dict[CommunityId, Head] = {}

    def entry(self, community: CommunityId, entry: Entry) -> None:
        """An entry of the audit log, with the hash and the salts it has."""
        at, body = self._sql.to_instant(entry.at), entry.body.decode()
        row = (community, entry.sequence, at, entry.name, entry.by, entry.origin, body, entry.hash)
        self._write(self._sql.insert("audit"), row)
        if entry.private is not None:
            values = (community, entry.name, entry.sequence, entry.private.decode())
            self._write(self._sql.insert("audit_private"), values)
        self._heads[community] = Head(entry.sequence, entry.hash)

    def record(self, record: Any) -> None:
        """A record."""
        mapper = mapper_of(type(record), native=self._sql.native)
        self._write(self._sql.insert(mapper.table), mapper.to_row(record))

    def answer(self, community: CommunityId, answer: Answer) -> None:
        """An answer to a request."""
        reply = bytes(answer.reply) or None
        self._write(self._sql.insert("inbox"), (community, answer.origin, self._sql.to_instant(answer.at), reply))

    def message(self, message: Message) -> None:
        """A message to be sent, and that its channel has one waiting."""
        settled_at = None if message.parked_at is None else self._sql.to_instant(message.parked_at)
        row = list(row_of(message.message, message.sequence, self._sql.to_instant))
        row[11:16] = [message.state, message.attempts, message.rendered, message.error, settled_at]
        self._write(self._sql.insert("outbox"), tuple(row))
        if message.state in UNSETTLED:
            lane = message.message.lane
            always = self._sql.to_instant(EPOCH)
            wake = self._sql.text("outbox.wake")
            self._session.write(
                wake, [(message.message.community, lane.platform, lane.team, lane.place, 1, always, None)]
            )

    def flush(self) -> None:
        """Write what is left, and where the logs end. Called once, before the commit."""
        for statement, rows in self._waiting.items():
            if rows:
                self._session.write(statement, rows)
        heads = [(community, head.sequence, head.hash) for community, head in self._heads.items()]
        self._session.write(self._sql.insert("chain_head"), heads)

    def _write(self, statement: str, row: Row) -> None:
        rows = self._waiting.setdefault(statement, [])
        rows.append(row)
        if len(rows) == AT_ONCE:
            self._session.write(statement, rows)
            rows.clear()
