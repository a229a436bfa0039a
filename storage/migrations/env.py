"""Run by Alembic for every command: how to migrate over the connection it is given."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, text

from storage.tables import METADATA

LOCK = 0x77_67_62_6F_74
"""One process migrates a PostgreSQL database at a time; the others wait, and find it done."""


def run(connection: Connection) -> None:
    """Migrate in one transaction. SQLite changes tables by copying them, with foreign keys off (`storage.schema`)."""
    sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=sqlite,
        transactional_ddl=True,
        compare_type=True,
    )
    with context.begin_transaction():
        if not sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.run_migrations()


run(context.config.attributes["connection"])
