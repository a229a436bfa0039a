"""SQL as text: looked up by name, and given to the driver as it is.

The statements are written once with SQLAlchemy Core (`storage.statements`). Those for SQLite are compiled ahead into a
file that lies beside them, so that a short run on SQLite does not import SQLAlchemy; anything not in it, and
everything for PostgreSQL, is compiled when it is first asked for. What differs by database is how a *set* of rows is
passed: as one JSON value or row by row to SQLite, as arrays to PostgreSQL. Either way the text is constant, so that the
driver's statement cache always hits.

Parameters are positional, in the order their places have in the text; constants stand in it literally.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from storage.mappers.values import instants

Row = tuple[Any, ...]

FETCHED_AT_ONCE = 1_000
"""Rows of those that come one after the other."""


class Session(Protocol):
    """One connection in one transaction. A *set* is a list of rows."""

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Every row a statement gives."""
        ...

    def each(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[Row]:
        """The rows one after the other, without holding them all. What is no proper text comes as near as it can."""
        ...

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """How many rows a statement changed."""
        ...

    def matching(self, sql: str, keys: Sequence[Row], parameters: Sequence[Any] = ()) -> list[Row]:
        """The rows that match a set of keys: for statements over `Sql.wanted`."""
        ...

    def write(self, sql: str, rows: Sequence[Row]) -> None:
        """Write a set of rows: for `Sql.insert` and its like, `Sql.upsert` and `Sql.delete`."""
        ...


class Builder(Protocol):
    """Compiles a statement by its name: `storage.statements.core.Builder`."""

    def compiled(self, name: str) -> str: ...


class Sql:
    """The statements there are, in one dialect. `builder` is made when a statement is not among those `known`."""

    def __init__(self, known: Mapping[str, str], builder: Callable[[], Builder], *, native: bool) -> None:
        self._texts = dict(known)
        self._make = builder
        self._builder: Builder | None = None
        self.native = native
        self.to_instant, self.from_instant = instants(native=native)

    def text(self, name: str) -> str:
        """The text of a statement: `outbox.lanes` is made by `storage.statements.outbox.lanes`."""
        found = self._texts.get(name)
        if found is None:
            if self._builder is None:
                self._builder = self._make()
            found = self._texts[name] = self._builder.compiled(name)
        return found

    def find(self, table: str, fields: tuple[str, ...]) -> str:
        """Select the rows in which these fields have the values given."""
        return self.text(f"find {table} {' '.join(fields)}")

    def find_set(self, table: str, fields: tuple[str, ...]) -> str:
        """Select the rows in which these fields have any of a set of values."""
        return self.text(f"find_set {table} {' '.join(fields)}")

    def find_run(self, table: str, fields: tuple[str, ...]) -> str:
        """Select the rows in which the last field has any of a set of values, and those before it the values given."""
        return self.text(f"find_run {table} {' '.join(fields)}")

    def scan(self, table: str) -> str:
        """Select a community's rows in key order."""
        return self.text(f"scan {table}")

    def count(self, table: str) -> str:
        """Count a community's rows."""
        return self.text(f"count {table}")

    def part(self, table: str) -> str:
        """Select some of a community's rows in key order: so many, after so many."""
        return self.text(f"part {table}")

    def lock_set(self, table: str) -> str:
        """Select the rows with a set of primary keys, in key order, and hold them until the transaction ends."""
        return self.text(f"lock_set {table}")

    def insert(self, table: str) -> str:
        """Insert a set of rows, a value for every column in order."""
        return self.text(f"insert {table}")

    def upsert(self, table: str) -> str:
        """Insert or replace a set of rows by primary key."""
        return self.text(f"upsert {table}")

    def delete(self, table: str) -> str:
        """Delete the rows with a set of primary keys."""
        return self.text(f"delete {table}")


def matched(session: Session, sql: Sql, table: str, fields: tuple[str, ...], wanted: Sequence[Row]) -> list[Row]:
    """The rows in which these fields have any of a set of values. Mostly all but the last value is the same: quicker so."""
    if len(fields) > 1:
        same = wanted[0][:-1]
        if all(row[:-1] == same for row in wanted):
            return session.matching(sql.find_run(table, fields), [row[-1:] for row in wanted], same)
    return session.matching(sql.find_set(table, fields), wanted)
