"""Leases: who holds which, with which fence, until when."""

from __future__ import annotations

from sqlalchemy import Executable, bindparam, delete, literal_column, select, text, tuple_, update

from bot.ports import PRESENCE
from storage.statements.core import Builder, given
from storage.tables.traffic import LEASE

_SEEN = (LEASE.c.owner, LEASE.c.fence, LEASE.c.until)
_KEY = ("community", "name")


def seen() -> Executable:
    """(key): owner, fence and until when, as last committed."""
    return select(*_SEEN).where(*given(LEASE, *_KEY))


def locked() -> Executable:
    """(key): the same, held until the transaction ends."""
    return select(*_SEEN).where(*given(LEASE, *_KEY)).with_for_update()


def shared() -> Executable:
    """(key): the same; others may look so too, and nobody changes it until the transaction ends."""
    return select(*_SEEN).where(*given(LEASE, *_KEY)).with_for_update(read=True)


def made(sql: Builder) -> Executable:
    """Make leases that are not there; two processes may do so at once."""
    insert: Executable = sql.into(LEASE).on_conflict_do_nothing(index_elements=list(_KEY))
    return insert


def forget() -> Executable:
    """(before): delete those of processes that are gone; their fences mean nothing to others."""
    gone = (LEASE.c.name.startswith(literal_column(f"'{PRESENCE}'")), LEASE.c.until < bindparam("before"))
    found = select(LEASE.c.community, LEASE.c.name).where(*gone).with_for_update(skip_locked=True)
    return delete(LEASE).where(tuple_(LEASE.c.community, LEASE.c.name).in_(found))


def take_over() -> Executable:
    """Free them all."""
    return update(LEASE).values({"owner": text("''")})
