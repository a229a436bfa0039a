"""Compiles SQLite's statements ahead, into `sqlite.json` beside this file, and says whether what is there is right.

`python -m storage.statements.ahead` writes it; `--check` fails when it is not what the tables and statements say.
"""

from __future__ import annotations

import importlib
import inspect
import sys

import msgspec
from sqlalchemy import Column, Executable, MetaData, PrimaryKeyConstraint, String, Table
from sqlalchemy.schema import CreateIndex, CreateTable

from bot.domain.records import SHAPES
from storage.compiled import COMPILED_AHEAD, CompiledAhead
from storage.names import STAMP, table_of
from storage.statements.core import key_names
from storage.statements.sqlite import SqliteBuilder
from storage.tables import METADATA, TABLES

MODULES = ("audit", "deadlines", "inbox", "leases", "outbox")
BY_TABLE = ("scan", "count", "part", "insert", "upsert", "delete")


def compiled() -> CompiledAhead:
    """Everything, compiled now."""
    builder = SqliteBuilder()
    return CompiledAhead(tuple(_tables(builder)), {name: builder.compiled(name) for name in sorted(_names())})


def stamp() -> Table:
    """Alembic's own table, as Alembic makes it."""
    return Table(
        STAMP,
        MetaData(),
        Column("version_num", String(32), nullable=False),
        PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
    )


def _tables(builder: SqliteBuilder) -> list[str]:
    made: list[CreateTable | CreateIndex] = []
    for table in (stamp(), *METADATA.sorted_tables):
        indexes = sorted(table.indexes, key=lambda each: str(each.name))
        made += [CreateTable(table), *map(CreateIndex, indexes)]
    return [str(each.compile(dialect=builder.dialect)) for each in made]


def _names() -> set[str]:
    names = {f"{what} {table}" for what in BY_TABLE for table in METADATA.tables}
    for name, table in METADATA.tables.items():
        names |= _found_by(name, key_names(table))
    for kind in TABLES:
        for fields in SHAPES[kind].lists:
            names |= _found_by(table_of(kind), fields)
    for module in MODULES:
        found = importlib.import_module(f"storage.statements.{module}")
        for name, function in inspect.getmembers(found, inspect.isfunction):
            of = inspect.get_annotations(function).get("return", "")
            if function.__module__ == found.__name__ and not name.startswith("_") and of in ("Executable", Executable):
                names.add(f"{module}.{name}")
    return names


def _found_by(table: str, fields: tuple[str, ...]) -> set[str]:
    ways = ("find", "find_set", "find_run") if len(fields) > 1 else ("find", "find_set")
    return {f"{way} {table} {' '.join(fields)}" for way in ways}


def main(arguments: list[str]) -> int:
    """Write, or with `--check` compare; 1 when they differ."""
    text = msgspec.json.format(msgspec.json.encode(compiled()), indent=1) + b"\n"
    if "--check" not in arguments:
        COMPILED_AHEAD.write_bytes(text)
    elif not COMPILED_AHEAD.exists() or COMPILED_AHEAD.read_bytes() != text:
        sys.stderr.write("storage/statements/sqlite.json is out of date; run `make docs`\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
