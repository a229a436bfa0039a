"""Statements in PostgreSQL's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Executable,
    FromClause,
    Table,
    bindparam,
    cast,
    column,
    delete,
    func,
    select,
)
from sqlalchemy import Text as PlainText
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import psycopg as dialect
from sqlalchemy.types import TypeEngine

from storage.statements.core import Builder, key_names
from storage.tables.columns import Instant


class PostgresBuilder(Builder):
    """A set of rows is one array for each column."""

    def __init__(self) -> None:
        super().__init__(dialect.dialect(paramstyle="format"))  # type: ignore[no-untyped-call] # SQLAlchemy leaves it untyped

    def wanted(self, columns: Sequence[Column[Any]]) -> tuple[FromClause, list[ColumnElement[Any]]]:
        """Arrays, unnested."""
        arrays = [cast(bindparam(f"of_{each.name}"), ARRAY(_plain(each.type))) for each in columns]
        source = func.unnest(*arrays).table_valued(*(column(each.name) for each in columns), name="wanted")
        derived = source.render_derived()
        return derived, [derived.c[each.name] for each in columns]

    def into(self, table: Table) -> Any:
        """All rows at once."""
        source, values = self.wanted(list(table.columns))
        names = [each.name for each in table.columns]
        return postgresql.insert(table).from_select(names, select(*values).select_from(source))

    def _delete(self, table: Table) -> Executable:
        keys = [table.c[name] for name in key_names(table)]
        _, values = self.wanted(keys)
        return delete(table).where(*(key == value for key, value in zip(keys, values, strict=True)))


def _plain(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """A column's type without its collation, which no cast takes."""
    if isinstance(type_, Instant):
        return postgresql.TIMESTAMP(timezone=True)
    return PlainText() if isinstance(type_, PlainText) else type_
