"""Which deadlines have come, and when the next one does, each by its own community's clock.

Most clocks run true, so that one look at an index answers for all of them. The clocks of sample communities may have
been moved or stopped; each of these is asked for by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.dues import Due
from bot.domain.ids import CommunityId
from storage.databases.sql import Session, Sql
from storage.mappers import mapper_of

Clock = tuple[CommunityId, int, datetime | None]


def communities(session: Session, sql: Sql) -> tuple[CommunityId, ...]:
    """Every community there is."""
    return tuple(CommunityId(row[0]) for row in session.rows(sql.text("deadlines.communities")))


def due(session: Session, sql: Sql, real_now: datetime, limit: int) -> list[tuple[Due, datetime]]:
    """The deadlines that have come, earliest first, each with its community's now."""
    read = mapper_of(Due, native=sql.native).from_row
    rows = session.rows(sql.text("deadlines.due_by_true_clocks"), (sql.to_instant(real_now), limit))
    found = [(read(row), real_now) for row in rows]
    for community, moved, frozen in _clocks(session, sql):
        now = (frozen or real_now) + timedelta(seconds=moved)
        rows = session.rows(sql.text("deadlines.due_of_community"), (community, sql.to_instant(now), limit))
        found += [(read(row), now) for row in rows]
    found.sort(key=lambda each: (each[0].due_at, each[0].community, each[0].kind, each[0].subject))
    return found[:limit]


def next_due(session: Session, sql: Sql) -> datetime | None:
    """The real time at which the next deadline comes by a clock that runs."""
    rows = session.rows(sql.text("deadlines.next_by_true_clocks"))
    times = [sql.from_instant(row[0]) for row in rows]
    for community, moved, frozen in _clocks(session, sql):
        if frozen is None:
            rows = session.rows(sql.text("deadlines.next_of_community"), (community,))
            times += [sql.from_instant(row[0]) - timedelta(seconds=moved) for row in rows]
    return min(times, default=None)


def _clocks(session: Session, sql: Sql) -> list[Clock]:
    """The clocks that do not run true."""
    rows = session.rows(sql.text("deadlines.odd_clocks"))
    return [(CommunityId(id_), moved, None if at is None else sql.from_instant(at)) for id_, moved, at in rows]
