"""Leases in SQL: what one process of several may do. Whose they are is decided under the row's lock, by the server's clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from storage.databases.sql import Row, Session, Sql
from storage.instants import EPOCH

NOBODY = ""
_EVERYBODY = ""
"""What one process does, it does for all communities."""


class SqlLeases:
    """See `bot.ports.Leases`. They are written at once, and not undone by `undo`."""

    def __init__(self, session: Session, sql: Sql) -> None:
        self._session = session
        self._sql = sql

    def take(self, name: str, owner: str, seconds: float, now: datetime) -> int | None:
        """Take or renew it; None while it is another's, which is seen without waiting for them."""
        found = self._row("seen", name)
        if found is None:
            never = self._sql.to_instant(EPOCH)
            self._session.write(self._sql.text("leases.made"), [(_EVERYBODY, name, NOBODY, 0, never)])
        elif not self._may_take(found, owner, now):
            return None
        found = self._row("locked", name)
        if found is None or not self._may_take(found, owner, now):
            return None
        fence: int = found[1] + (found[0] != owner)
        self._keep(name, owner, fence, self._now(now) + timedelta(seconds=seconds))
        return fence

    def held(self, name: str, fence: int) -> bool:
        """Whether it still has this fence."""
        found = self._row("shared", name)
        return found is not None and found[1] == fence and found[0] != NOBODY

    def release(self, name: str, fence: int) -> None:
        """Let go of it; the fence stays, so that the next one is another."""
        found = self._row("locked", name)
        if found is not None and found[1] == fence:
            self._keep(name, NOBODY, fence, EPOCH)

    def take_over(self) -> None:
        """Free them all."""
        self._session.run(self._sql.text("leases.take_over"))

    def _may_take(self, found: Row, owner: str, now: datetime) -> bool:
        holder, _, until = found
        return holder in (owner, NOBODY) or self._sql.from_instant(until) <= self._now(now)

    def _now(self, now: datetime) -> datetime:
        return server_time(self._session, self._sql, now)

    def _row(self, how: str, name: str) -> Row | None:
        rows = self._session.rows(self._sql.text(f"leases.{how}"), (_EVERYBODY, name))
        return rows[0] if rows else None

    def _keep(self, name: str, owner: str, fence: int, until: datetime) -> None:
        row: tuple[Any, ...] = (_EVERYBODY, name, owner, fence, self._sql.to_instant(until))
        self._session.write(self._sql.upsert("lease"), [row])


def server_time(session: Session, sql: Sql, now: datetime) -> datetime:
    """The server's time where there is a server, else `now`: machines whose clocks differ agree on it."""
    if not sql.native:
        return now
    ((at,),) = session.rows("SELECT clock_timestamp()")
    return sql.from_instant(at)
