"""The audit log: read in order, and what is private beside it."""

from __future__ import annotations

from sqlalchemy import Executable, and_, bindparam, select

from storage.tables.log import AUDIT, AUDIT_PRIVATE

_SAME = and_(
    AUDIT_PRIVATE.c.community == AUDIT.c.community,
    AUDIT_PRIVATE.c.name == AUDIT.c.name,
    AUDIT_PRIVATE.c.sequence == AUDIT.c.sequence,
)


def entries() -> Executable:
    """(community): its entries in order, each with its private values where they are kept."""
    columns = [column for column in AUDIT.columns if column.name != "community"]
    return (
        select(*columns, AUDIT_PRIVATE.c["values"])
        .select_from(AUDIT.outerjoin(AUDIT_PRIVATE, _SAME))
        .where(AUDIT.c.community == bindparam("community"))
        .order_by(AUDIT.c.sequence)
    )


def private_bodies() -> Executable:
    """(community, name): sequence and body of the entries of a type whose private values are kept."""
    return (
        select(AUDIT.c.sequence, AUDIT.c.body)
        .select_from(AUDIT_PRIVATE.join(AUDIT, _SAME))
        .where(AUDIT_PRIVATE.c.community == bindparam("community"), AUDIT_PRIVATE.c.name == bindparam("name"))
    )
