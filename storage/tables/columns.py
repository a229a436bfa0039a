"""What columns are made of here: instants, words, and how tables, keys, indexes and constraints are named.

Instants are UTC everywhere: microseconds since 1970 in SQLite, `timestamptz` in PostgreSQL. Words (ids, names, enums)
are text compared byte by byte, so that order and indexes do not depend on a server's locale. Nested values are JSON
text in both: they are read whole, keep the order they were given in, and nothing asks for their insides.

There are no foreign keys between records: the community comes first in every key so that communities can be spread
over servers, the hot path pays for nothing, and `wgbot audit verify` proves every row from the log instead.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Dialect, Index, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage.instants import from_microseconds, to_microseconds

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """A point in time, UTC, to the microsecond."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """`timestamptz` where there is one."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """To the database."""
        return value if value is None or dialect.name == "postgresql" else to_microseconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.astimezone(UTC) if dialect.name == "postgresql" else from_microseconds(value)


WORD = Text().with_variant(Text(collation="C"), "postgresql")
"""Text compared byte by byte."""

JSON = Text()
"""A nested value as JSON text."""


def key(name: str, type_: TypeEngine[Any] = WORD) -> Column[Any]:
    """A column of the primary key."""
    return Column(name, type_, primary_key=True, autoincrement=False)


def column(name: str, type_: TypeEngine[Any] = WORD) -> Column[Any]:
    """A column that always has a value."""
    return Column(name, type_, nullable=False)


def optional(name: str, type_: TypeEngine[Any] = WORD) -> Column[Any]:
    """A column that may be empty."""
    return Column(name, type_, nullable=True)


def among(name: str, words: type[StrEnum] | type[IntEnum]) -> CheckConstraint:
    """A column holds one of an enum's values. Only for enums the procedure itself closes: others grow."""
    return CheckConstraint(Column(name).in_([word.value for word in words]), name=name)


def table(name: str, *parts: Column[Any] | Index | CheckConstraint, long: bool = False) -> Table:
    """A table. SQLite keeps its rows in the primary key's own tree, unless rows are `long`."""
    return Table(name, METADATA, *parts, sqlite_with_rowid=long)
