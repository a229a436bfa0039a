"""The outbox in SQL, as people look at it: what was parked, and what waits for long. Reads only."""

from __future__ import annotations

from datetime import datetime

from bot.domain.ids import CommunityId
from bot.outgoing import DeadLetter, Lane, Queue
from storage.databases.sql import Session, Sql
from storage.outbox.relaying import outgoing


class SqlBacklog:
    """See `bot.ports.Backlog`."""

    def __init__(self, session: Session, sql: Sql) -> None:
        self._session = session
        self._sql = sql

    def dead(self, limit: int) -> list[DeadLetter]:
        """Dead letters, in the order of their communities and of when they were decided."""
        letters = []
        for *row, error, parked_at, queued_at, under in self._session.rows(self._sql.text("outbox.dead"), (limit,)):
            parked = None if parked_at is None else self._sql.from_instant(parked_at)
            letters.append(DeadLetter(outgoing(self._sql, (*row, queued_at, under)), error, parked))
        return letters

    def waiting_since(self, before: datetime, limit: int) -> list[Queue]:
        """Lanes with rows decided before a time that are still to be delivered, the longest waiting first."""
        rows = self._session.rows(self._sql.text("outbox.waiting_since"), (self._sql.to_instant(before), limit))
        return [
            Queue(CommunityId(community), Lane(*lane), count, self._sql.from_instant(since), error)
            for community, *lane, count, since, error in rows
        ]

    def last_arrived(self, platform: str, limit: int) -> list[tuple[CommunityId, Lane, datetime]]:
        """Lanes of a platform where something arrived within a week, and when the last did."""
        rows = self._session.rows(self._sql.text("outbox.last_arrived"), (platform, limit))
        return [
            (CommunityId(community), Lane(*lane), self._sql.from_instant(arrived)) for community, *lane, arrived in rows
        ]
