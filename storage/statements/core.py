"""Builds statements with SQLAlchemy Core and compiles them to text, by name. One builder for each dialect."""

from __future__ import annotations

import importlib
import inspect
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Dialect,
    Executable,
    FromClause,
    Select,
    Table,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy.sql.compiler import SQLCompiler

from storage.tables import METADATA


class Builder(ABC):
    """Compiles statements for one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def compiled(self, name: str) -> str:
        """The text of a statement. Raises `TypeError` when it passes a constant as a parameter."""
        compiled: SQLCompiler = self._statement(name).compile(dialect=self.dialect)  # type: ignore[attr-defined] # all compile
        if any(value is not None for value in compiled.params.values()):
            raise TypeError(f"a constant is passed as a parameter: {compiled}")
        return str(compiled)

    def _statement(self, name: str) -> Executable:
        what, _, rest = name.partition(" ")
        if not rest:
            module, _, function = name.partition(".")
            make = getattr(importlib.import_module(f"storage.statements.{module}"), function)
            made: Executable = make(self) if inspect.signature(make).parameters else make()
            return made
        of, *fields = rest.split(" ")
        table = METADATA.tables[of]
        match what:
            case "find":
                return self._by(table, fields).where(*given(table, *fields))
            case "find_set":
                return self._find_set(table, fields)
            case "find_run":
                *same, last = fields
                source, (value,) = self.wanted([table.c[last]])
                among = table.c[last].in_(select(value).select_from(source))  # SQLite joins in the wrong order
                return self._by(table, fields).where(among, *given(table, *same))
            case "scan":
                return select(table).where(*given(table, key_names(table)[0])).order_by(*table.primary_key.columns)
            case "count":
                return select(func.count()).select_from(table).where(*given(table, key_names(table)[0]))
            case "part":
                whole = select(table).where(*given(table, key_names(table)[0])).order_by(*table.primary_key.columns)
                return whole.limit(bindparam("limit")).offset(bindparam("offset"))
            case "lock_set":
                found = self._find_set(table, key_names(table)).order_by(*table.primary_key.columns)
                return found.with_for_update(of=table)
            case "insert":
                inserted: Executable = self.into(table)
                return inserted
            case "upsert":
                return self._upsert(table)
            case "delete":
                return self._delete(table)
        raise LookupError(name)

    def _find_set(self, table: Table, fields: Sequence[str]) -> Select[Any]:
        source, values = self.wanted([table.c[name] for name in fields])
        same = (table.c[name] == value for name, value in zip(fields, values, strict=True))
        return self._by(table, fields).select_from(source).where(*same)

    def _by(self, table: Table, fields: Sequence[str]) -> Select[Any]:  # noqa: ARG002 - SQLite needs to be told
        """Select rows that will be found by these fields."""
        return select(table)

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
