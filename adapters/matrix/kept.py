"""Small secrets on disk: readable by their owner alone, whole or not at all, and one process at a time."""

from __future__ import annotations

import fcntl
import os
from io import FileIO
from pathlib import Path
from typing import Final

LOCK: Final = "lock"


class FolderInUse(Exception):
    """Another process has this folder open."""


def keep(path: Path, text: str) -> None:
    """Write a file that is on the disk when this returns; a kill meanwhile leaves the old one, or none."""
    new = path.with_name(path.name + ".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def locked(folder: Path) -> FileIO:
    """Make a folder, and have it for this process alone until the file returned is closed. Raises `FolderInUse`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = FileIO(os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600), "r+")
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise FolderInUse(str(folder)) from None
    return file
