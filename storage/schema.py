"""Whether a database has today's tables, and giving it them: made at once where there is nothing, migrated otherwise.

A new SQLite database gets its tables and the stamp of the newest revision without Alembic, and an up-to-date one is
recognised by one select: this happens at every start of the program.
"""

from __future__ import annotations

from pathlib import Path

from storage.compiled import compiled_ahead
from storage.databases.address import sqlite_path
from storage.databases.lockfile import LockFile
from storage.databases.sqlite import SqliteSession
from storage.names import STAMP

HEAD = "0022"
"""The newest revision in `storage.migrations`."""

REVISION = "SELECT version_num FROM alembic_version"


def prepare(url: str) -> None:
    """Give the database at an address today's tables; a SQLite file and its folder are made where there are none.

    Raises `DatabaseNewer` for one that a newer version made, `DatabaseForeign` for one with somebody else's tables, and
    `DatabaseBusy` when it has to be changed while another process uses it.
    """
    path = sqlite_path(url)
    if path is not None:
        _prepare_sqlite(path)
    else:
        _prepare_postgres(url)


def revision(url: str) -> str | None:
    """The revision a database is at, changing nothing; None for one without tables of this software's."""
    path = sqlite_path(url)
    if path is not None:
        return _sqlite_revision(path)
    from storage.databases.address import parsed
    from storage.databases.postgres import revision_of

    return revision_of(parsed(url), REVISION)


def _prepare_sqlite(path: Path) -> None:
    if path.exists() and _sqlite_revision(path) == HEAD:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = LockFile(path)
    try:
        if _make_sqlite(path):
            return
        from storage import migrations

        migrations.migrate(migrations.sqlite_engine(path), _sqlite_revision(path))
    finally:
        lock.release()


def _sqlite_revision(path: Path) -> str | None:
    session = SqliteSession(path, read_only=True)
    try:
        stamped = session.rows("SELECT 1 FROM sqlite_master WHERE name = ?", (STAMP,))
        rows = session.rows(REVISION) if stamped else []
    finally:
        session.close()
    return rows[0][0] if rows else None


def _make_sqlite(path: Path) -> bool:
    """Make the tables in a database that is empty. Whether it was."""
    session = SqliteSession(path, read_only=False, create=True)
    try:
        session.begin()
        empty = not session.rows("SELECT 1 FROM sqlite_master LIMIT 1")
        if empty:
            for statement in compiled_ahead().tables:
                session.run(statement)
            session.run("INSERT INTO alembic_version VALUES (?)", (HEAD,))
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
    return empty


def _prepare_postgres(url: str) -> None:
    from storage.databases.address import parsed
    from storage.databases.postgres import revision_of

    address = parsed(url)
    found = revision_of(address, REVISION)
    if found == HEAD:
        return
    from storage import migrations

    migrations.migrate(migrations.postgres_engine(address), found)
