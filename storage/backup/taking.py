"""Taking a backup of what is in use: nobody waits for it, and it is how things stood at one moment."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from storage import deadlines
from storage.audit import log as audit
from storage.backup.archive import DATA, FORMAT, POSTGRES, SQLITE, Backup, Found, measured, written
from storage.databases.address import connect, parsed, sqlite_path
from storage.databases.database import Database
from storage.schema import revision
from storage.sqlite_driver import driver

MAGIC: Final = b"SQLite format 3\x00"
PASSING: Final = (".lock", ".part", ".new", "-wal", "-shm", "-journal")
"""Ends of the names of files that are nothing without the process that made them."""

LEFT_OUT: Final = frozenset({"matrix/account.json", "matrix/keys.db", "matrix/waiting.db", "matrix/lock"})
"""A device in Matrix that goes back in time repeats its keys, and is not believed any more: it has to log in anew. What
proves whose device the new one is, the keys of cross-signing, is kept."""


def take(url: str, folder: Path, to: Path, *, version: str, now: datetime) -> Backup:
    """Write the backup of a database and of the data folder beside it to a new file, and say what is in it.

    Raises `FileExistsError` where there is a file, and `LookupError` for a database without tables of wgbot's, and
    `storage.backup.postgres.ToolMissing` or `ToolFailed` where PostgreSQL's own tools are needed.
    """
    if to.exists():
        raise FileExistsError(str(to))
    with tempfile.TemporaryDirectory(prefix=".wgbot-backup-", dir=to.parent) as work:
        at = Path(work)
        (at / SQLITE).parent.mkdir(mode=0o700)
        path = sqlite_path(url)
        if path is not None:
            copied(path, at / SQLITE)
            copy = f"sqlite:///{at / SQLITE}"
            stamped = revision(copy)
            with closing(connect(copy, read_only=True)) as database:
                found = _heads(database) if stamped is not None else {}
        else:
            from storage.backup.postgres import dumped  # late: needs its driver

            stamped = revision(url)
            with closing(connect(url, read_only=True)) as database:
                found = dumped(parsed(url), at / POSTGRES, database) if stamped is not None else {}
        if stamped is None:
            raise LookupError("the database is empty")
        for each in _beside(folder, path):
            _kept(folder / each, at / DATA / each)
        names = sorted(each.relative_to(at).as_posix() for each in at.rglob("*") if each.is_file())
        backup = Backup(FORMAT, version, stamped, now, found, {name: measured(at / name) for name in names})
        part = at / "whole"
        written(at, backup, part)
        part.chmod(0o600)
        to.hardlink_to(part)  # takes nobody's place, and is there once it is whole
    return backup


def copied(source: Path, target: Path) -> None:
    """A SQLite database as it is at one moment, by SQLite's online backup: writers go on meanwhile."""
    with (
        closing(driver.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as live,
        closing(driver.connect(target)) as copy,
    ):
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=delete")  # one file, without others beside it


def _heads(database: Database) -> dict[str, Found]:
    with database.reading() as session:
        heads = audit.heads(session, database.sql, deadlines.communities(session, database.sql))
    return {community: Found(head.sequence, head.hash.hex()) for community, head in heads.items()}


def _beside(folder: Path, database: Path | None) -> Iterator[Path]:
    """What there is in the data folder besides the database, by its name there."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        itself = database is not None and path.resolve() == database.resolve()
        if not path.is_file() or path.is_symlink() or itself or name.as_posix() in LEFT_OUT:
            continue
        if not path.name.endswith(PASSING) and not any(each.startswith(".wgbot-backup-") for each in name.parts):
            yield name


def _kept(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with source.open("rb") as file:
        is_database = file.read(len(MAGIC)) == MAGIC
    if is_database:
        copied(source, target)
    else:
        shutil.copyfile(source, target)
