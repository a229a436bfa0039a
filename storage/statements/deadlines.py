"""Deadlines: which have come, and when the next one does."""

from __future__ import annotations

from sqlalchemy import Executable, bindparam, or_, select, text

from storage.statements.core import at_most, given
from storage.tables.body import COMMUNITY, DUE

_RUNS_TRUE = (COMMUNITY.c.clock_moved == text("0"), COMMUNITY.c.clock_frozen.is_(None))
_ORDER = (DUE.c.due_at, DUE.c.community, DUE.c.kind, DUE.c.subject)


def communities() -> Executable:
    """Every community there is."""
    return select(COMMUNITY.c.id).order_by(COMMUNITY.c.id)


def odd_clocks() -> Executable:
    """The communities whose clocks do not run true."""
    moved, stopped = COMMUNITY.c.clock_moved != text("0"), COMMUNITY.c.clock_frozen.is_not(None)
    return select(COMMUNITY.c.id, COMMUNITY.c.clock_moved, COMMUNITY.c.clock_frozen).where(or_(moved, stopped))


def due_by_true_clocks() -> Executable:
    """(now, limit): the deadlines that have come."""
    joined = select(DUE).join(COMMUNITY, COMMUNITY.c.id == DUE.c.community)
    return at_most(joined.where(DUE.c.due_at <= bindparam("now"), *_RUNS_TRUE).order_by(*_ORDER))


def due_of_community() -> Executable:
    """(community, now, limit): one community's that have come."""
    come = (*given(DUE, "community"), DUE.c.due_at <= bindparam("now"))
    return at_most(select(DUE).where(*come).order_by(*_ORDER))


def next_by_true_clocks() -> Executable:
    """The next deadline."""
    joined = select(DUE.c.due_at).join(COMMUNITY, COMMUNITY.c.id == DUE.c.community)
    return at_most(joined.where(*_RUNS_TRUE).order_by(DUE.c.due_at), 1)


def next_of_community() -> Executable:
    """(community): its next deadline."""
    return at_most(select(DUE.c.due_at).where(*given(DUE, "community")).order_by(DUE.c.due_at), 1)
