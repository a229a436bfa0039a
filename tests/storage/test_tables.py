"""Tables keep the rules: the community first, an index for every list, types that fit, names that can be found again."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import BigInteger, Boolean, CheckConstraint, Date, Integer, Table, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine

from bot.domain.records import SHAPES
from storage.mappers import mapper_of
from storage.tables import METADATA, TABLES
from storage.tables.columns import JSON, Instant

EVERY = list(METADATA.tables.values())
RECORDS = [pytest.param(kind, table, id=table.name) for kind, table in TABLES.items()]


def keys(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key.columns)


@pytest.mark.parametrize("table", EVERY, ids=str)
def test_the_community_comes_first_in_every_key(table: Table) -> None:
    assert keys(table)[0] == ("id" if table.name == "community" else "community")


@pytest.mark.parametrize("table", EVERY, ids=str)
def test_there_are_no_foreign_keys(table: Table) -> None:
    assert not table.foreign_keys


@pytest.mark.parametrize(("kind", "table"), RECORDS)
def test_every_list_has_an_index(kind: type[Any], table: Table) -> None:
    indexes = [keys(table), *(tuple(column.name for column in index.columns) for index in table.indexes)]
    for fields in SHAPES[kind].lists:
        assert any(set(index[: len(fields)]) == set(fields) for index in indexes), fields


@pytest.mark.parametrize(("kind", "table"), RECORDS)
def test_no_index_is_there_for_nothing(kind: type[Any], table: Table) -> None:
    lists = [set(fields) for fields in SHAPES[kind].lists]
    beside = {"ix_due_due_at"}
    for index in table.indexes:
        assert index.name in beside or {column.name for column in index.columns} in lists


@pytest.mark.parametrize(("kind", "table"), RECORDS)
def test_column_types_fit_the_fields(kind: type[Any], table: Table) -> None:
    for name, kept in mapper_of(kind, native=True).kept.items():
        found: TypeEngine[Any] = table.c[name].type
        expected: tuple[type[Any], ...] = {
            str: (Text,),
            int: (Integer, BigInteger),
            bool: (Boolean,),
            datetime: (Instant,),
            date: (Date,),
            object: (Text,),
        }.get(kept.python, (Text,))
        assert isinstance(found, expected), name
        assert (kept.python is object) == (found is JSON), name


@pytest.mark.parametrize(("kind", "table"), RECORDS)
def test_what_a_column_is_checked_for_is_its_enum(kind: type[Any], table: Table) -> None:
    kept = mapper_of(kind, native=True).kept
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint):
            (name,) = (column.name for column in constraint.columns)
            words = kept[name].python
            assert issubclass(words, StrEnum)
            assert constraint.name == f"ck_{table.name}_{name}"
            said = str(constraint.sqltext.compile(compile_kwargs={"literal_binds": True}))
            assert said == f"{name} IN ({', '.join(repr(word.value) for word in words)})"


def test_instants_are_kept_in_utc_in_both() -> None:
    at = datetime.fromisoformat("2027-01-11T17:30:00.000001+05:30")
    lite, postgres = sqlite.dialect(), postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy leaves it untyped
    kept = Instant().process_bind_param(at, lite)
    assert kept == 1_799_668_800_000_001
    assert Instant().process_result_value(kept, lite) == at
    found = Instant().process_result_value(at, postgres)
    assert found is not None
    assert found.isoformat() == "2027-01-11T12:00:00.000001+00:00"
    assert Instant().process_bind_param(None, lite) is None
