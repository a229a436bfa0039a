"""The record as files in a folder, for any web server to hand out. A file that did not change is not touched."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from adapters.web.site import Written

LISTED: Final = ".wgbot-record.json"
"""What lies beside the pages: the names of all that was written, so that the next export takes away what is gone."""

FOR_EVERYBODY: Final = 0o644
FOLDERS: Final = 0o755


class NotOurs(Exception):
    """The folder has something in it, and no export was made there: nothing of somebody else's is written over."""


@dataclass(frozen=True, slots=True)
class Exported:
    """How many files there are, were written anew, and were taken away."""

    files: int
    written: int
    removed: int


def export(files: Iterable[Written], folder: Path) -> Exported:
    """Write them, each at once or not at all, and take away what an earlier export wrote and this one does not.

    Raises `NotOurs` for a folder with other things in it.
    """
    before = _before(folder)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(FOLDERS)
    names: set[str] = set()
    written = 0
    for each in files:
        names.add(each.path)
        written += _write(folder, each)
    gone = before - names
    for name in gone:
        _inside(folder, name).unlink(missing_ok=True)
    _write(folder, Written(LISTED, json.dumps(sorted(names), indent=0).encode()))
    return Exported(len(names), written, len(gone))


def _before(folder: Path) -> set[str]:
    listed = folder / LISTED
    if listed.exists():
        return set(json.loads(listed.read_text(encoding="utf-8")))
    if folder.exists() and any(folder.iterdir()):
        raise NotOurs(folder)
    return set()


def _inside(folder: Path, name: str) -> Path:
    """Where a file lies. A name that would lead out of the folder is a bug, or somebody meddled with the list."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(name)
    return folder / path


def _write(folder: Path, each: Written) -> bool:
    path = _inside(folder, each.path)
    if path.exists() and path.read_bytes() == each.content:
        return False
    for parent in reversed(path.relative_to(folder).parents):
        (folder / parent).mkdir(exist_ok=True)
        (folder / parent).chmod(FOLDERS)
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(each.content)
    part.chmod(FOR_EVERYBODY)
    part.replace(path)
    return True
