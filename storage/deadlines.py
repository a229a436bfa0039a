"""Which deadlines have come, and when the next one does, each by its own community's clock.

Most clocks run true, so that one look at an index answers for all of them. The clocks of sample communities may have
been moved or stopped; each of these is asked for by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Executable, bindparam, or_, select, text

from bot.domain.dues import Due
from bot.domain.ids import CommunityId
from storage.databases.sql import Session, Sql, at_most, given
from storage.mappers import mapper_of
from storage.tables.body import COMMUNITY, DUE

Clock = tuple[CommunityId, int, datetime | None]

_RUNS_TRUE = (COMMUNITY.c.clock_moved == text("0"), COMMUNITY.c.clock_frozen.is_(None))
_ORDER = (DUE.c.due_at, DUE.c.community, DUE.c.kind, DUE.c.subject)


def communities(session: Session, sql: Sql) -> tuple[CommunityId, ...]:
    """Every community there is."""
    return tuple(CommunityId(row[0]) for row in session.rows(sql.text("communities", of=_communities)))


def due(session: Session, sql: Sql, real_now: datetime, limit: int) -> list[tuple[Due, datetime]]:
    """The deadlines that have come, earliest first, each with its community's now."""
    read = mapper_of(Due, native=sql.native).from_row
    rows = session.rows(sql.text("due", "true", of=_due_by_true_clocks), (sql.to_instant(real_now), limit))
    found = [(read(row), real_now) for row in rows]
    for community, moved, frozen in _clocks(session, sql):
        now = (frozen or real_now) + timedelta(seconds=moved)
        rows = session.rows(sql.text("due", "own", of=_due_of_community), (community, sql.to_instant(now), limit))
        found += [(read(row), now) for row in rows]
    found.sort(key=lambda each: (each[0].due_at, each[0].community, each[0].kind, each[0].subject))
    return found[:limit]


def next_due(session: Session, sql: Sql) -> datetime | None:
    """The real time at which the next deadline comes by a clock that runs."""
    rows = session.rows(sql.text("next_due", "true", of=_next_by_true_clocks))
    times = [sql.from_instant(row[0]) for row in rows]
    for community, moved, frozen in _clocks(session, sql):
        if frozen is None:
            rows = session.rows(sql.text("next_due", "own", of=_next_of_community), (community,))
            times += [sql.from_instant(row[0]) - timedelta(seconds=moved) for row in rows]
    return min(times, default=None)


def _clocks(session: Session, sql: Sql) -> list[Clock]:
    """The clocks that do not run true."""
    rows = session.rows(sql.text("clocks", of=_odd_clocks))
    return [(CommunityId(id_), moved, None if at is None else sql.from_instant(at)) for id_, moved, at in rows]


def _communities() -> Executable:
    return select(COMMUNITY.c.id).order_by(COMMUNITY.c.id)


def _odd_clocks() -> Executable:
    moved, stopped = COMMUNITY.c.clock_moved != text("0"), COMMUNITY.c.clock_frozen.is_not(None)
    return select(COMMUNITY.c.id, COMMUNITY.c.clock_moved, COMMUNITY.c.clock_frozen).where(or_(moved, stopped))


def _due_by_true_clocks() -> Executable:
    joined = select(DUE).join(COMMUNITY, COMMUNITY.c.id == DUE.c.community)
    return at_most(joined.where(DUE.c.due_at <= bindparam("now"), *_RUNS_TRUE).order_by(*_ORDER))


def _due_of_community() -> Executable:
    come = (*given(DUE, "community"), DUE.c.due_at <= bindparam("now"))
    return at_most(select(DUE).where(*come).order_by(*_ORDER))


def _next_by_true_clocks() -> Executable:
    joined = select(DUE.c.due_at).join(COMMUNITY, COMMUNITY.c.id == DUE.c.community)
    return at_most(joined.where(*_RUNS_TRUE).order_by(DUE.c.due_at), 1)


def _next_of_community() -> Executable:
    return at_most(select(DUE.c.due_at).where(*given(DUE, "community")).order_by(DUE.c.due_at), 1)
