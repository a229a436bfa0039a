"""Tables made at once are those the migrations make, in both kinds of database; what is not ours is left alone."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, make_url

from storage import migrations
from storage.compiled import compiled_ahead
from storage.errors import AddressUnknown, DatabaseBusy, DatabaseForeign, DatabaseNewer
from storage.schema import HEAD, prepare
from storage.sqlite_driver import driver
from storage.statements.ahead import compiled, stamp
from storage.store import SqlStore
from storage.tables import METADATA
from tests.support.postgres import Server

STRUCTURE = (
    "SELECT table_name, column_name, data_type, collation_name, is_nullable, column_default "
    "FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, ordinal_position",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
    "FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY 1, 2",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
)


def lite(path: Path, statement: str) -> list[tuple[object, ...]]:
    connection = driver.connect(path, isolation_level=None)
    try:
        found: list[tuple[object, ...]] = connection.execute(statement).fetchall()
    finally:
        connection.close()
    return found


def structure(url: str) -> list[list[tuple[object, ...]]]:
    with psycopg.connect(url) as connection:
        return [connection.execute(query.encode()).fetchall() for query in STRUCTURE]


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, METADATA))


def test_the_newest_revision_is_the_one_named() -> None:
    assert ScriptDirectory(str(migrations.SCRIPTS)).get_heads() == [HEAD]


def said_of(path: Path) -> dict[tuple[object, ...], list[str]]:
    """What a SQLite database says of everything in it, word for word; a column that was added stands behind the others."""
    rows = lite(path, "SELECT type, name, tbl_name, sql FROM sqlite_master")
    return {tuple(named): sorted(re.findall(r"\w+|[^\w\s,]", str(sql))) for *named, sql in rows}


def test_sqlite_made_at_once_is_sqlite_migrated(tmp_path: Path) -> None:
    made, migrated = tmp_path / "folder" / "made.db", tmp_path / "migrated.db"
    prepare(f"sqlite:///{made}")
    migrations.migrate(migrations.sqlite_engine(migrated), None)
    assert said_of(made) == said_of(migrated)
    assert lite(made, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    assert differences(migrations.sqlite_engine(made)) == []


def test_postgres_made_at_once_is_postgres_migrated(postgres_18: Server, postgres_url: str) -> None:
    address = make_url(postgres_url)
    with postgres_18.database() as made:
        with migrations.postgres_engine(make_url(made)).begin() as connection:
            stamp().create(connection)
            METADATA.create_all(connection)
        assert structure(made) == structure(postgres_url)
    assert differences(migrations.postgres_engine(address)) == []
    prepare(postgres_url)  # again: nothing to do


@pytest.mark.slow
def test_the_oldest_postgres_is_migrated_too(postgres_16: Server, postgres_18: Server) -> None:
    with postgres_16.database("with_tables") as old, postgres_18.database("with_tables") as new:
        assert structure(old) == structure(new)


def test_a_database_is_prepared_once(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    store = SqlStore.open(sqlite_url)
    prepare(sqlite_url)  # while it is in use: nothing is changed
    store.close()
    assert lite(path, "PRAGMA journal_mode") == [("wal",)]


def test_a_newer_database_is_refused(sqlite_url: str, postgres_url: str) -> None:
    lite(Path(sqlite_url.removeprefix("sqlite:///")), "UPDATE alembic_version SET version_num = '9999'")
    with psycopg.connect(postgres_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    for url in (sqlite_url, postgres_url):
        with pytest.raises(DatabaseNewer, match="9999"):
            prepare(url)


def test_a_foreign_database_is_left_alone(tmp_path: Path, postgres_18: Server) -> None:
    lite(tmp_path / "foreign.db", "CREATE TABLE person (name TEXT)")
    with postgres_18.database() as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE person (name TEXT)")
        for foreign in (f"sqlite:///{tmp_path / 'foreign.db'}", url):
            with pytest.raises(DatabaseForeign):
                prepare(foreign)
    assert lite(tmp_path / "foreign.db", "SELECT name FROM sqlite_master") == [("person",)]


def test_a_database_in_use_is_not_changed(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    store = SqlStore.open(sqlite_url)
    lite(path, "UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(DatabaseBusy):
        prepare(sqlite_url)
    store.close()


def test_an_older_database_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    lite(path, "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    # there is no older revision yet: one that has only the stamp's table is at the very beginning
    prepare(f"sqlite:///{path}")
    assert lite(path, "SELECT version_num FROM alembic_version") == [(HEAD,)]


OUTBOX_THEN = (
    "INSERT INTO outbox (community, sequence, id, platform, team, place, kind, subject, tag, state, attempts, error) "
    "VALUES ('mag', 1, 'r1', 'slack', 'T', 'C', 'post', 'check:1', '', 3, 2, 'no route')"
)
OUTBOX_NOW = "SELECT id, state, error, settled_at, queued_at FROM outbox"


def test_rows_of_the_outbox_are_carried_over(tmp_path: Path, postgres_18: Server) -> None:
    path = tmp_path / "old.db"
    migrations.migrate(migrations.sqlite_engine(path), None, "0002")
    lite(path, OUTBOX_THEN)
    prepare(f"sqlite:///{path}")
    assert lite(path, OUTBOX_NOW) == [("r1", 3, "no route", None, None)]
    with postgres_18.database() as url:
        migrations.migrate(migrations.postgres_engine(make_url(url)), None, "0002")
        with psycopg.connect(url) as connection:
            connection.execute(OUTBOX_THEN.encode())
        prepare(url)
        with psycopg.connect(url) as connection:
            assert connection.execute(OUTBOX_NOW.encode()).fetchall() == [("r1", 3, "no route", None, None)]


@pytest.mark.parametrize("url", ["mysql://host/name", "sqlite://", "sqlite:///:memory:"])
def test_other_addresses_are_refused(url: str) -> None:
    for use in (prepare, SqlStore.open):
        with pytest.raises(AddressUnknown, match="sqlite:///path/to/file"):
            use(url)


def test_what_is_compiled_ahead_is_what_the_tables_and_statements_say() -> None:
    assert compiled_ahead() == compiled(), "run `make docs`"


def test_a_run_on_sqlite_does_not_import_sqlalchemy(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from adapters.main import main\n"
        "sys.stdin = open(sys.argv[1])\n"
        "code = main(['terminal'])\n"
        "late = [name for name in ('sqlalchemy', 'alembic', 'prompt_toolkit', 'psycopg', 'apscheduler', 'fpdf') if name in sys.modules]\n"
        "sys.exit(f'{code} {late}' if code or late else 0)\n"
    )
    script = tmp_path / "script.txt"
    script.write_text("/wg help\n/wg list\n/wg propose\ncancel\n/wg todo\n")
    done = subprocess.run([sys.executable, "-c", code, str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
