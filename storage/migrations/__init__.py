"""How databases made by earlier versions become today's: Alembic's scripts, one per change of `storage.tables`.

Imported only when there is something to migrate: Alembic takes longer to load than a command to answer. A revision is
written by hand, beside a change of the tables, and `storage.schema.HEAD` names the newest; a test holds the two equal.

**Expand, then contract.** While a new version migrates, replicas of the old one go on working on the same tables. So a
revision only adds: tables, and columns that may be empty or have a default. What is no longer used is taken away by a
revision of a later release, which says so: `contracts = "why, and since which release nothing uses it"`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, NullPool, Table, create_engine, event, inspect

from storage.errors import DatabaseForeign, DatabaseNewer
from storage.sqlite_driver import driver
from storage.tables import METADATA

SCRIPTS = Path(__file__).parent

EXPANDS_SINCE = "0022"
"""From this revision on that is so; before, nothing was released."""


def migrate(engine: Engine, found: str | None, to: str = "head") -> None:
    """Bring a database, stamped with the revision `found`, up to another in one transaction.

    Raises `DatabaseNewer` for a revision this version does not know, and `DatabaseForeign` for tables without a stamp.
    """
    config = _config()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise DatabaseNewer(found)
    with engine.begin() as connection:
        if found is None and set(inspect(connection).get_table_names()) & set(METADATA.tables):
            raise DatabaseForeign(f"{engine.url.render_as_string()} has tables that this software did not make")
        config.attributes["connection"] = connection
        command.upgrade(config, to)
    if engine.dialect.name == "sqlite":
        _check_references(engine)


def narrowing(before: Mapping[str, Table], after: Mapping[str, Table]) -> list[str]:
    """What statements made for the tables before cannot do any more, once they are those after; nothing if all were added."""
    lost = []
    for name, table in before.items():
        if name not in after:
            lost.append(f"{name} is gone")
            continue
        now = after[name].c
        for column in table.c:
            at = f"{name}.{column.name}"
            if column.name not in now:
                lost.append(f"{at} is gone")
            elif repr(now[column.name].type) != repr(column.type):
                lost.append(f"{at} is of another type")
            elif column.nullable and not now[column.name].nullable:
                lost.append(f"{at} may not be empty")
        lost += [
            f"{name}.{column.name} has to be given"
            for column in now
            if column.name not in table.c and not column.nullable and column.server_default is None
        ]
    return lost


def sqlite_engine(path: Path) -> Engine:
    """Connections to a SQLite file that migrate: foreign keys off, because tables are changed by being copied."""

    def connect() -> Any:
        connection = driver.connect(path, isolation_level=None)
        connection.execute("PRAGMA foreign_keys=off")
        return connection

    engine = create_engine("sqlite://", creator=connect, module=driver, poolclass=NullPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def postgres_engine(address: URL) -> Engine:
    """Connections to a PostgreSQL database that migrate."""
    return create_engine(address.set(drivername="postgresql+psycopg"), poolclass=NullPool)


def _check_references(engine: Engine) -> None:
    with engine.connect() as connection:
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise RuntimeError(f"migrating left rows without what they refer to: {broken[:5]}")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    return config
