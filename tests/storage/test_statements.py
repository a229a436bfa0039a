"""SQLite finds every row by an index, starting from the set it was given; both databases take the same parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from storage.compiled import compiled_ahead
from storage.sqlite_driver import driver
from storage.statements.postgres import PostgresBuilder
from storage.statements.sqlite import SqliteBuilder

FOUND = [name for name in compiled_ahead().texts if name.startswith("find")]
ONE_BY_ONE = (
    "audit.entries",
    "audit.private_bodies",
    "inbox.prune",
    "outbox.dead_among",
    "outbox.first",
    "outbox.lanes",
    "outbox.last",
    "outbox.prune",
)


@pytest.fixture(scope="module")
def empty() -> Iterator[Any]:
    connection = driver.connect(":memory:")
    for statement in compiled_ahead().tables:
        connection.execute(statement)
    yield connection
    connection.close()


def plan(connection: Any, name: str) -> list[str]:
    text = compiled_ahead().texts[name]
    parameters = ["[]" if "json_each(?)" in text and not place else 1 for place in range(text.count("?"))]
    return [step for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {text}", parameters)]


@pytest.mark.parametrize("name", FOUND)
def test_rows_are_found_by_every_field_of_an_index(empty: Any, name: str) -> None:
    _, table, *fields = name.split(" ")
    (search,) = (step for step in plan(empty, name) if step.split()[1] == table)
    assert search.startswith("SEARCH"), search
    assert search.count("=?") == len(fields), search


@pytest.mark.parametrize("name", ONE_BY_ONE)
def test_nothing_else_reads_a_whole_table(empty: Any, name: str) -> None:
    assert not [step for step in plan(empty, name) if step.startswith("SCAN") and not step.startswith("SCAN wanted")]


@pytest.mark.parametrize("name", sorted(compiled_ahead().texts))
def test_both_databases_take_the_same_parameters(name: str) -> None:
    if name.startswith(("insert", "upsert", "delete")) or name in ("outbox.queue", "outbox.wake"):
        return  # a set of rows is passed in each one's own way
    lite, postgres = SqliteBuilder().compiled(name), PostgresBuilder().compiled(name)
    sets = lite.count("json_each(?)")
    columns = 0 if not sets else 1 if not name.startswith("find_set") else len(name.split(" ")) - 2
    assert lite.count("?") - sets == postgres.count("%s") - columns
