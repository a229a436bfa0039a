"""Every schema there was becomes today's with its rows in it, on both databases; and what an older replica may count on.

A replica of the old version goes on while the new one migrates: its statements still work on the new tables, since a
migration only adds (expand), unless it says what it takes away and why (contract): see `storage.migrations`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.script import Script, ScriptDirectory
from sqlalchemy import JSON, Connection, Engine, LargeBinary, MetaData, Table, insert, inspect, make_url, select

from bot.domain.people import Role
from bot.founding import Foundation, Founder, found
from storage import migrations
from storage.migrations import EXPANDS_SINCE, narrowing
from storage.schema import prepare
from storage.store import SqlStore
from storage.verify import verify
from tests.builders import MAG
from tests.support.postgres import Server

THEN = datetime(2026, 1, 1, tzinfo=UTC)
EMPTIED = {("0002", "draft"), ("0016", "chair_exception")}
"""Tables that a migration of the time before the first release made anew, or took away, with what was in them."""


def revisions() -> list[Script]:
    """All of them, the first one first."""
    return list(ScriptDirectory(str(migrations.SCRIPTS)).walk_revisions())[::-1]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables."""
    if request.param == "sqlite":
        yield migrations.sqlite_engine(tmp_path / "old.db")
        return
    server: Server = request.getfixturevalue("postgres_18")
    with server.database() as url:
        yield migrations.postgres_engine(make_url(url))


@pytest.mark.timeout(600)  # a busy machine: a database is asked some thousand times
def test_every_schema_there_was_becomes_todays_with_its_rows(empty: Engine) -> None:
    """Whenever a table is new or another one, it gets a row: before that by the statements that an older replica has."""
    revision: str | None = None
    shapes: dict[str, str] = {}
    tables: dict[str, Table] = {}
    kept: dict[str, list[dict[str, Any]]] = {}
    for number, script in enumerate(revisions()):
        migrations.migrate(empty, revision, script.revision)
        revision, before, shapes = script.revision, shapes, shapes_of(empty)
        changed = [name for name, shape in shapes.items() if before.get(name) != shape]
        now = MetaData()
        now.reflect(empty, only=changed)
        lost = {name: tables[name] for name in before if before[name] != shapes.get(name)}
        narrowed = narrowing(lost, now.tables)
        if script.revision >= EXPANDS_SINCE:
            assert not narrowed or script.module.contracts, f"{script.revision} takes away: {narrowed}"
        with empty.begin() as connection:
            for name, table in lost.items():
                if (script.revision, name) not in EMPTIED:
                    there = rows(connection, table, now.tables[name])
                    assert there == kept_of(kept[name], now.tables[name]), (script.revision, name)
            if not narrowed:
                fill(connection, lost.values(), number + 1000)
            fill(connection, now.sorted_tables, number)
            kept |= {name: rows(connection, table) for name, table in now.tables.items()}
        tables = {name: table for name, table in (tables | dict(now.tables)).items() if name in shapes}
    with empty.connect() as connection:
        assert {name: rows(connection, table) for name, table in tables.items()} == {
            name: kept[name] for name in tables
        }


def shapes_of(engine: Engine) -> dict[str, str]:
    """Each table's columns, as the database tells of them."""
    lite = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
    postgres = (
        "SELECT table_name, string_agg(concat(column_name, data_type, is_nullable, column_default), ',' "
        "ORDER BY ordinal_position) FROM information_schema.columns WHERE table_schema = 'public' GROUP BY table_name"
    )
    with engine.connect() as connection:
        found_ = connection.exec_driver_sql(lite if engine.dialect.name == "sqlite" else postgres).fetchall()
    return {name: shape for name, shape in found_ if name != "alembic_version"}


def test_a_migration_that_takes_away_is_told_from_one_that_adds() -> None:
    from sqlalchemy import Column, Integer, Text

    def tables(*columns: Column[Any]) -> dict[str, Table]:
        return {"a": Table("a", MetaData(), Column("id", Text, primary_key=True), *columns)}

    plain = tables()
    assert narrowing(plain, tables(Column("b", Text), Column("c", Text, nullable=False, server_default="x"))) == []
    assert narrowing({}, plain) == []
    assert narrowing(plain, {}) == ["a is gone"]
    assert narrowing(tables(Column("b", Text)), plain) == ["a.b is gone"]
    assert narrowing(plain, tables(Column("b", Text, nullable=False))) == ["a.b has to be given"]
    assert narrowing(tables(Column("b", Text)), tables(Column("b", Integer))) == ["a.b is of another type"]
    assert narrowing(tables(Column("b", Text)), tables(Column("b", Text, nullable=False))) == ["a.b may not be empty"]


@pytest.mark.parametrize("since", ["0001", "0015"])
def test_the_audit_log_of_an_old_database_verifies(tmp_path: Path, since: str) -> None:
    """A body's founding, in an old schema's tables: they had all that it takes."""
    new, old = tmp_path / "new.db", tmp_path / "old.db"
    prepare(f"sqlite:///{new}")
    with closing(SqlStore.open(f"sqlite:///{new}")) as store, store.writing([MAG]) as work:
        founders = [Founder("Amina A.", "amina@example.org", Role.CHAIR), Founder("Desk", "d@e.org", Role.SECRETARIAT)]
        found(work, Foundation(MAG, "IGF MAG", tuple(founders), "IGF", date(2026, 1, 1), date(2030, 1, 1)), THEN)
    source, target = migrations.sqlite_engine(new), migrations.sqlite_engine(old)
    migrations.migrate(target, None, since)
    then = reflected(target)
    with target.begin() as connection, source.connect() as reading:
        for name, table in reflected(source).tables.items():
            if name in then.tables and name != "alembic_version":
                for row in rows(reading, table):
                    values = {column.name: value(column, 0) for column in then.tables[name].c if needed(column)}
                    values |= {key: each for key, each in row.items() if key in then.tables[name].c}
                    connection.execute(insert(then.tables[name]).values(values))
    prepare(f"sqlite:///{old}")
    with closing(SqlStore.open(f"sqlite:///{old}", read_only=True)) as store:
        assert verify(store, MAG) == []


def reflected(engine: Engine) -> MetaData:
    metadata = MetaData()
    metadata.reflect(engine)
    return metadata


def rows(connection: Connection, table: Table, now: Table | None = None) -> list[dict[str, Any]]:
    """All of a table's, by the columns that it has; `now`: those of them that it has still."""
    columns = [column for column in table.c if now is None or column.name in now.c]
    found_ = connection.execute(select(*columns)).mappings().all()
    return sorted((dict(each) for each in found_), key=repr)


def kept_of(before: list[dict[str, Any]], now: Table) -> list[dict[str, Any]]:
    return sorted(({key: each[key] for key in each if key in now.c} for each in before), key=repr)


def fill(connection: Connection, tables: Iterable[Table], number: int) -> None:
    """A row in each table, by the columns that it is known to have."""
    looking = inspect(connection)
    for table in tables:
        values = {column.name: value(column, number) for column in table.c}
        values |= chosen(looking.get_check_constraints(table.name), values)
        connection.execute(insert(table).values(values))


def chosen(checks: Sequence[Any], values: dict[str, Any]) -> dict[str, Any]:
    """Of columns that take one of few words or numbers, the first."""
    told: dict[str, Any] = {}
    for check in checks:
        words: list[Any] = re.findall(r"'([^']*)'", check["sqltext"])
        words = words or [int(each) for each in re.findall(r"\b\d+\b", check["sqltext"])]
        told |= {name: words[0] for name in values if words and re.search(rf"\b{name}\b", check["sqltext"])}
    return told


def needed(column: Any) -> bool:
    return not column.nullable and column.server_default is None


def value(column: Any, number: int) -> Any:
    """Some value of a column's type, the same for the same number wherever a column refers to another."""
    if isinstance(column.type, LargeBinary):
        return b"x%d" % number
    if isinstance(column.type, JSON):
        return {}
    kinds: dict[type, Any] = {
        bool: True,
        int: number,
        float: float(number),
        datetime: THEN + timedelta(days=number),
        date: THEN.date(),
        bytes: b"x",
    }
    return kinds.get(column.type.python_type, f"x{number}")
