"""Putting a backup back, where nothing is: the whole of it or nothing, and never over something."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

from storage.backup.archive import DATA, POSTGRES, SQLITE, Backup, Damaged, opened, unpacked
from storage.databases.address import connect, parsed, sqlite_path
from storage.errors import DatabaseNewer
from storage.schema import HEAD

UNPACKED: Final = ".restoring"
"""The folder in the data folder where a backup is unpacked and compared before anything has its place."""


class NotEmpty(Exception):
    """There is something already; the message says where."""


def put_back(file: Path, url: str, folder: Path) -> Backup:
    """Write a backup into an empty data folder and an empty database, and say what is in it.

    Raises `Damaged`, `NotEmpty`, `DatabaseNewer`, and what PostgreSQL's tools raise (`storage.backup.postgres`). Then
    nothing was put back, and the folder is as it was.
    """
    path = sqlite_path(url)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for taken in (*([path] if path is not None else []), *folder.iterdir()):
        if taken.exists():
            raise NotEmpty(str(taken))
    at = folder / UNPACKED
    at.mkdir(mode=0o700)
    try:
        with opened(file) as (backup, tar):
            if backup.on_postgres != (path is None):
                kind = "PostgreSQL" if backup.on_postgres else "the embedded database"
                raise Damaged(f"it is of {kind}: give that kind of database, or move a community by wgbot export")
            if backup.revision > HEAD:
                raise DatabaseNewer(backup.revision)
            unpacked(backup, tar, at)
        if path is None:
            from storage.backup.postgres import restored

            try:
                with closing(connect(url, read_only=True)) as database:
                    restored(parsed(url), at / POSTGRES, database)
            except FileExistsError:
                raise NotEmpty("the database") from None
        _move((at / DATA).iterdir() if (at / DATA).exists() else (), folder)
        if path is not None:  # last: without it nothing begins
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.move(at / SQLITE, path)
    finally:
        shutil.rmtree(at, ignore_errors=True)
    return backup


def _move(paths: Iterable[Path], folder: Path) -> None:
    for each in tuple(paths):
        shutil.move(each, folder / each.name)
