"""Taking a person out of what the terminal keeps in the data folder: rooms, typed lines, and documents that were asked for."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from adapters.terminal.rooms import Edited, Opened, Posted, locked_entries

FILES = "files"
HISTORY = "history"
ROOMS = "rooms.jsonl"


def forget(folder: Path, taken_out: Callable[[Any], Any], within: Callable[[Any], bool]) -> int:
    """Do it; how many files were changed or deleted. Raises `RoomsInUse` while a terminal is open.

    What was said to them alone goes; elsewhere `taken_out` gives what is to be read. Documents are deleted, all of them:
    whoever still needs one asks for it again. A file that is not there is none of the matter.
    """
    return sum(
        (_rooms(folder / ROOMS, taken_out, within), _lines(folder / HISTORY, within), _documents(folder / FILES))
    )


def _rooms(path: Path, taken_out: Callable[[Any], Any], within: Callable[[Any], bool]) -> int:
    if not path.exists():
        return 0
    kept: list[Opened | Posted | Edited] = []
    file, entries = locked_entries(path)
    with closing(file):
        before = list(entries)
        to_them = {each.id for each in before if isinstance(each, Posted) and within(each.place)}
        for each in before:
            if each.id in to_them or (isinstance(each, Edited) and each.message in to_them):
                continue
            plain = _plain(each)
            kept.append(_entry(taken_out(plain), type(each)) if within(plain) else each)
        if kept == before:
            return 0
        part = path.with_name(f"{path.name}.part")
        with part.open("wb") as writing:
            writing.writelines(msgspec.json.encode(each) + b"\n" for each in kept)
            writing.flush()
            os.fsync(writing.fileno())
        part.rename(path)
    return 1


def _plain(entry: Opened | Posted | Edited) -> dict[str, Any]:
    fields = {name: getattr(entry, name) for name in entry.__struct_fields__}
    if not isinstance(entry, Opened):
        fields["body"] = msgspec.json.decode(entry.body)
    return fields


def _entry(fields: dict[str, Any], kind: type[Any]) -> Any:
    body = {"body": msgspec.Raw(msgspec.json.encode(fields["body"]))} if "body" in fields else {}
    return kind(**fields | body)


def _lines(path: Path, within: Callable[[Any], bool]) -> int:
    if not path.exists():
        return 0
    lines = path.read_text("utf-8", errors="replace").splitlines(keepends=True)
    kept = [line for line in lines if not within(line)]
    if kept == lines:
        return 0
    path.write_text("".join(kept), "utf-8")
    return 1


def _documents(folder: Path) -> int:
    found = [each for each in folder.rglob("*") if each.is_file()] if folder.is_dir() else []
    for each in found:
        each.unlink()
    return len(found)
