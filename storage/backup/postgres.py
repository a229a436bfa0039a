"""PostgreSQL's own tools, `pg_dump` and `pg_restore`, called with what they need; a password is never on their command line."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import URL

from storage import deadlines
from storage.audit import log as audit
from storage.backup.archive import Found
from storage.databases.database import Database

LAST_WORDS = 2_000
"""How much of what a tool said is shown when it fails."""


class ToolMissing(Exception):
    """The tool is not on this machine; the message is its name."""


class ToolFailed(Exception):
    """The tool gave up; the message is what it said."""


def dumped(address: URL, to: Path, database: Database) -> dict[str, Found]:
    """Write the database to a file, as of one moment, and say where each log ended at that moment."""
    with database.reading() as session:
        ((snapshot,),) = session.rows("SELECT pg_export_snapshot()")
        heads = audit.heads(session, database.sql, deadlines.communities(session, database.sql))
        _run(address, "pg_dump", ["--format=custom", f"--snapshot={snapshot}", f"--file={to}"])
    return {community: Found(head.sequence, head.hash.hex()) for community, head in heads.items()}


def restored(address: URL, dump: Path, database: Database) -> None:
    """Read a dump into an empty database, the whole of it or nothing. Raises `FileExistsError` where there are tables."""
    with database.reading() as session:
        tables = session.rows("SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = current_schema() LIMIT 1")
    if tables:
        raise FileExistsError("the database has tables")
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run(address, "pg_restore", [*options, str(dump)])


def _run(address: URL, tool: str, options: Sequence[str]) -> None:
    path = shutil.which(tool)
    if path is None:
        raise ToolMissing(tool)
    to = address.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = {**os.environ, **({"PGPASSWORD": str(address.password)} if address.password else {})}
    done = subprocess.run(  # noqa: S603 - the tool and its options are ours
        [path, f"--dbname={to}", "--no-password", *options],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ToolFailed(f"{tool}: {done.stderr.strip()[-LAST_WORDS:]}")
