"""SQL for the tables, written once with SQLAlchemy Core and compiled to text once per process.

The text goes to the driver as it is: on the hot path a statement costs its execution, not its construction. What
differs by database is how a *set* of rows is passed: as one JSON value or row by row to SQLite, as arrays to
PostgreSQL. Either way the text is constant, so that the driver's statement cache always hits.

Parameters are positional, in the order their places have in the text; constants stand in it literally.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from sqlalchemy import (
    Column,
    ColumnElement,
    Dialect,
    Executable,
    FromClause,
    Select,
    Table,
    bindparam,
    literal_column,
    select,
)
from sqlalchemy.sql.compiler import SQLCompiler

from storage.mappers.values import instants

Row = tuple[Any, ...]


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


class Sql(ABC):
    """The statements there are, in one dialect, each compiled when it is first asked for."""

    native: bool
    """Whether the database has types for instants, days and truth."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._texts: dict[tuple[Any, ...], str] = {}
        self.to_instant, self.from_instant = instants(native=self.native)

    def text(self, *name: Any, of: Callable[[], Executable]) -> str:
        """The text of the statement `of` makes, kept under a name."""
        found = self._texts.get(name)
        if found is None:
            compiled: SQLCompiler = of().compile(dialect=self._dialect)  # type: ignore[attr-defined] # all compile
            if any(value is not None for value in compiled.params.values()):
                raise TypeError(f"a constant is passed as a parameter: {compiled}")
            found = self._texts[name] = str(compiled)
        return found

    def find(self, table: Table, fields: tuple[str, ...]) -> str:
        """Select the rows in which these fields have the values given."""
        return self.text("find", table, fields, of=lambda: select(table).where(*given(table, *fields)))

    def scan(self, table: Table) -> str:
        """Select a community's rows in key order."""
        keys = key_names(table)
        return self.text(
            "scan", table, of=lambda: select(table).where(*given(table, keys[0])).order_by(*table.primary_key.columns)
        )

    def find_set(self, table: Table, fields: tuple[str, ...]) -> str:
        """Select the rows in which these fields have any of a set of values."""
        return self.text("find_set", table, fields, of=lambda: self._find_set(table, fields))

    def lock_set(self, table: Table) -> str:
        """Select the rows with a set of primary keys, in key order, and hold them until the transaction ends."""
        keys, order = key_names(table), table.primary_key.columns
        return self.text(
            "lock_set", table, of=lambda: self._find_set(table, keys).order_by(*order).with_for_update(of=table)
        )

    def insert(self, table: Table) -> str:
        """Insert a set of rows, a value for every column in order."""
        return self.text("insert", table, of=lambda: self.into(table))

    def upsert(self, table: Table) -> str:
        """Insert or replace a set of rows by primary key."""
        return self.text("upsert", table, of=lambda: self._upsert(table))

    def delete(self, table: Table) -> str:
        """Delete the rows with a set of primary keys."""
        return self.text("delete", table, of=lambda: self._delete(table))

    def _find_set(self, table: Table, fields: tuple[str, ...]) -> Select[Any]:
        source, values = self.wanted([table.c[name] for name in fields])
        same = (table.c[name] == value for name, value in zip(fields, values, strict=True))
        return select(table).select_from(source).where(*same)

    def _upsert(self, table: Table) -> Executable:
        insert = self.into(table)
        rest = {column.name: insert.excluded[column.name] for column in table.columns if not column.primary_key}
        made: Executable = insert.on_conflict_do_update(index_elements=key_names(table), set_=rest)
        return made

    @abstractmethod
    def wanted(self, columns: Sequence[Column[Any]]) -> tuple[FromClause, list[ColumnElement[Any]]]:
        """A set passed as parameter, to select from, and its values in order."""
        ...

    @abstractmethod
    def into(self, table: Table) -> Any:
        """The insertion of a set of rows: a dialect's own `Insert`, to say more about conflicts."""
        ...

    @abstractmethod
    def _delete(self, table: Table) -> Executable: ...


def key_names(table: Table) -> tuple[str, ...]:
    """The columns of the primary key, in order."""
    return tuple(column.name for column in table.primary_key.columns)


def at_most(statement: Select[Any], count: int | None = None) -> Select[Any]:
    """The first rows only: `count`, or as many as the parameter says."""
    limit: ColumnElement[Any] = bindparam("limit") if count is None else literal_column(str(count))
    return statement.limit(limit).offset(literal_column("0"))


def given(table: Table, *fields: str) -> list[ColumnElement[bool]]:
    """These columns have the values passed as parameters."""
    return [table.c[name] == bindparam(name) for name in fields]
