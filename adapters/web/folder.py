"""Where an export lies: files that are written at once or not at all, and the note of what is being made anew."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

from adapters.web import manifest
from adapters.web.leaves import Written
from adapters.web.manifest import Manifest

FOR_EVERYBODY: Final = 0o644
OURS: Final = 0o600
"""What is between one export and the next is nobody else's; a web server that runs as somebody else does not hand it out."""

FOLDERS: Final = 0o755

UNFINISHED: Final = ".part"
"""What the name of a file that is being written ends with."""


class Folder:
    """A folder, brought up to date. `begun`: an export was begun there, and is not done."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self._folders: set[Path] = set()
        self._lying: set[str] | None = None
        self.begun = bool(manifest.begun(top))
        self._prepare(top)

    def lying(self) -> set[str]:
        """The files that are there."""
        self._lying = set(_files(str(self._top), ""))
        return self._lying

    def write(self, each: Written) -> bool:
        """Write a file, at once or not at all. False: it was there as it is."""
        path = self._inside(each.path)
        if self._lying is None or each.path in self._lying:
            with suppress(FileNotFoundError):
                if path.read_bytes() == each.content:
                    return False
        self._prepare(path.parent)
        part = path.with_name(f"{path.name}{UNFINISHED}")
        part.write_bytes(each.content)
        part.chmod(OURS if each.path in (manifest.NAME, manifest.BEGUN) else FOR_EVERYBODY)
        part.replace(path)
        return True

    def remove(self, name: str) -> None:
        """Take a file away."""
        self._inside(name).unlink(missing_ok=True)

    def begin(self, leaves: Mapping[str, set[str]]) -> None:
        """Note the leaves, by section, that are made anew or taken away: they stand no more, whenever it is broken off."""
        noted = manifest.begun(self._top)
        every = {name: sorted({*noted.get(name, ()), *leaves.get(name, ())}) for name in noted.keys() | leaves.keys()}
        self.write(Written(manifest.BEGUN, msgspec.json.encode(every, order="sorted")))
        self.begun = True

    def end(self, found: Manifest) -> None:
        """Everything in the manifest stands."""
        self.write(Written(manifest.NAME, msgspec.json.encode(found)))
        self.remove(manifest.BEGUN)
        self.begun = False

    def _inside(self, name: str) -> Path:
        """Where a file lies. A name that would lead out of the folder is a bug, or somebody meddled with the list."""
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise ValueError(name)
        return self._top / path

    def _prepare(self, folder: Path) -> None:
        if folder in self._folders:
            return
        if folder != self._top:
            self._prepare(folder.parent)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(FOLDERS)
        self._folders.add(folder)


def _files(folder: str, path: str) -> Iterator[str]:
    """The paths of the files in a folder: there are as many as pages."""
    with os.scandir(folder) as entries:
        for each in entries:
            if each.is_dir(follow_symlinks=False):
                yield from _files(each.path, f"{path}{each.name}/")
            else:
                yield path + each.name
