"""The inbox: forgetting old answers."""

from __future__ import annotations

from sqlalchemy import Executable, bindparam, delete, select, tuple_

from storage.statements.core import at_most
from storage.tables.traffic import INBOX


def prune() -> Executable:
    """(before, limit): delete answers given long ago."""
    old = select(INBOX.c.community, INBOX.c.origin).where(INBOX.c.at < bindparam("before"))
    return delete(INBOX).where(tuple_(INBOX.c.community, INBOX.c.origin).in_(at_most(old)))
