"""A transaction that erases: a unit of work that also reads whole tables, and writes private values and messages anew."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.ids import CommunityId
from storage.audit.chain import Entry
from storage.databases.sql import Row
from storage.tables import METADATA
from storage.unit_of_work import SqlUnitOfWork

Sifting = Callable[[dict[str, object]], dict[str, object] | None]
"""A row by its columns: as it is to be from now on, or None to delete it."""


class SqlErasing(SqlUnitOfWork):
    """See `storage.erasure.erase`."""

    def write_private(self, community: CommunityId, entry: Entry, private: bytes) -> None:
        """Put other private values beside an entry of the log."""
        row = (community, entry.name, entry.sequence, private.decode())
        self._session.write(self._sql.upsert("audit_private"), [row])

    def sift(self, table: str, community: CommunityId, keep: Sifting) -> int:
        """Go through a community's rows of a table that holds no records. How many were changed or deleted."""
        found = METADATA.tables[table]
        names, width = [column.name for column in found.columns], len(found.primary_key.columns)
        gone: list[Row] = []
        other: list[Row] = []
        for row in self._session.each(self._sql.scan(table), (community,)):
            before = dict(zip(names, row, strict=True))
            after = keep(before)
            if after is None:
                gone.append(tuple(row[:width]))
            elif after != before:
                other.append(tuple(after[name] for name in names))
        if gone:
            self._session.write(self._sql.delete(table), gone)
        if other:
            self._session.write(self._sql.upsert(table), other)
        return len(gone) + len(other)
