"""The file of a backup: a compressed tar whose first member says what is in it, and what each file has to be."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import file_digest
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

FORMAT: Final = 1
CONTENTS: Final = "contents.json"
SQLITE: Final = "database/wgbot.db"
POSTGRES: Final = "database/wgbot.dump"
"""As `pg_dump --format=custom` writes it."""

DATA: Final = "data"
LARGEST_CONTENTS: Final = 16 * 2**20
COMPRESSION: Final = 3
"""gzip's: a database shrinks to a fifth with it, at twice the speed of its default."""


class Damaged(Exception):
    """The file is no backup, or not as it was written; the message says in what."""


class Kept(msgspec.Struct, frozen=True):
    """A file in a backup: how long it is, and its SHA-256."""

    size: int
    digest: str


class Found(msgspec.Struct, frozen=True):
    """Where a community's log ended when the backup was taken."""

    sequence: int
    hash: str


class Backup(msgspec.Struct, frozen=True):
    """What a backup is of. `revision` is that of the database's tables, `taken_at` real time in UTC."""

    format: int
    version: str
    revision: str
    taken_at: datetime
    communities: dict[str, Found]
    files: dict[str, Kept]

    @property
    def on_postgres(self) -> bool:
        """Whether the database is PostgreSQL's."""
        return POSTGRES in self.files


def measured(path: Path) -> Kept:
    """What a file is now."""
    with path.open("rb") as file:
        return Kept(path.stat().st_size, file_digest(file, "sha256").hexdigest())


def written(folder: Path, backup: Backup, to: Path) -> None:
    """Write the files of a folder, named in `backup`, as one."""
    with tarfile.open(to, "w:gz", compresslevel=COMPRESSION) as tar:
        contents = msgspec.json.format(msgspec.json.encode(backup), indent=1)
        first = tarfile.TarInfo(CONTENTS)
        first.size, first.mtime, first.mode = len(contents), int(backup.taken_at.timestamp()), 0o600
        tar.addfile(first, io.BytesIO(contents))
        for name in backup.files:
            tar.add(folder / name, name, recursive=False)


@contextmanager
def opened(path: Path) -> Iterator[tuple[Backup, tarfile.TarFile]]:
    """What a backup says it is, and the rest of it to be read. Raises `Damaged`."""
    try:
        with tarfile.open(path, "r|gz") as tar:
            first = tar.next()
            if first is None or first.name != CONTENTS or not first.isreg() or first.size > LARGEST_CONTENTS:
                raise Damaged("it is no backup of wgbot's")
            yield _contents(tar, first), tar
    except (tarfile.TarError, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk's, not the file's
        raise Damaged("it is cut off, or no backup of wgbot's") from error


def _contents(tar: tarfile.TarFile, first: tarfile.TarInfo) -> Backup:
    file = tar.extractfile(first)
    try:
        backup = msgspec.json.decode(file.read() if file is not None else b"", type=Backup)
    except msgspec.MsgspecError:
        raise Damaged("what it says of itself cannot be read") from None
    if backup.format != FORMAT:
        raise Damaged(f"it is of format {backup.format}, and this version reads {FORMAT}: take a newer one")
    for name in backup.files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or path.parts[0] not in (DATA, "database"):
            raise Damaged(f"it names a file outside of it: {name!r}")
    return backup


def unpacked(backup: Backup, tar: tarfile.TarFile, folder: Path) -> None:
    """Write every file into a folder, for its owner alone. Raises `Damaged` unless all are there, and as they were."""
    left = dict(backup.files)
    while (member := tar.next()) is not None:
        kept = left.pop(member.name, None)
        source = tar.extractfile(member) if kept is not None and member.isreg() else None
        if kept is None or source is None or member.size != kept.size:
            raise Damaged(f"{member.name!r} is not what it was")
        path = folder / member.name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("wb") as file:
            while block := source.read(2**20):
                file.write(block)
        path.chmod(0o600)
        if measured(path) != kept:
            raise Damaged(f"{member.name!r} is not what it was")
    if left:
        raise Damaged(f"{next(iter(left))!r} is missing")
