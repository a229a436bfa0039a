"""Statements in SQLite's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Executable,
    FromClause,
    Select,
    Table,
    bindparam,
    delete,
    func,
    literal_column,
)
from sqlalchemy.dialects import sqlite as dialect

from storage.statements.core import Builder, given, key_names


class _Compiler(dialect.base.SQLiteCompiler):
    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:  # noqa: ARG002 - the hint says it all
        return text


class SqliteBuilder(Builder):
    """A set of rows is one JSON array for reading, and an `executemany` for writing."""

    def __init__(self) -> None:
        super().__init__(dialect.dialect())
        self.dialect.statement_compiler = _Compiler

    def wanted(self, columns: Sequence[Column[Any]]) -> tuple[FromClause, list[ColumnElement[Any]]]:
        """JSON: an array of arrays; of single values, just an array."""
        source = func.json_each(bindparam("keys")).table_valued("value", name="wanted")
        if len(columns) == 1:
            return source, [source.c.value]
        place = source.c.value.op("->>")
        return source, [place(literal_column(str(number))) for number in range(len(columns))]

    def into(self, table: Table) -> Any:
        """A row at a time."""
        return dialect.insert(table).values({column.name: bindparam(column.name) for column in table.columns})

    def _upsert(self, table: Table) -> Executable:
        if table.indexes:
            return super()._upsert(table)
        replaced: Executable = self.into(table).prefix_with("OR REPLACE")  # quicker where no index is written anew
        return replaced

    def _by(self, table: Table, fields: Sequence[str]) -> Select[Any]:
        """By the index on just these fields, if there is one.

        Without statistics SQLite prefers the primary key for the community alone, and would read all of a community.
        """
        found = super()._by(table, fields)
        for index in table.indexes:
            if {column.name for column in index.columns} == set(fields):
                return found.with_hint(table, f"INDEXED BY {index.name}", "sqlite")
        return found

    def _delete(self, table: Table) -> Executable:
        return delete(table).where(*given(table, *key_names(table)))
