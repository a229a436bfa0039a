"""What an export leaves beside the pages: each leaf's files, what it was made from, and until when it holds.

So that the next one makes anew what changed, and takes away what is gone. Kept as JSON with short names: it is large. An
export that has begun leaves the names of what it makes anew beside it, and takes them away when it is done: what was broken
off is completed by the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from adapters.web.inputs import Question

NAME: Final = ".wgbot-record.json"
BEGUN: Final = ".wgbot-record-begun.json"


class Made(msgspec.Struct, array_like=True):
    """A leaf: its files, the numbers of the questions it asked, a print of what it was given, and until when (POSIX seconds; 0: for good)."""

    files: list[str]
    asked: list[int]
    given: str
    until: float


class Manifest(msgspec.Struct):
    """All of a record. `by` is a print of what made it: another version makes all of it anew.

    `answers` are prints of what the questions were answered, when all the leaves held; `whole` are prints of all records of
    a type, by its name: where one is as it was, so are the answers to every question about it.

    `files` are the names of others that may lie there and are ours.
    """

    by: str = ""
    questions: list[Question] = []
    answers: list[str] = []
    whole: dict[str, str] = {}
    leaves: dict[str, Made] = {}
    files: list[str] = []


def read(folder: Path) -> Manifest | None:
    """That of the last export; None where none was made there."""
    path = folder / NAME
    if not path.exists() and not (folder / BEGUN).exists():
        return None
    content = path.read_bytes() if path.exists() else b"{}"
    if content.startswith(b"["):  # the names alone, as they were kept before
        return Manifest(files=msgspec.json.decode(content, type=list[str]))
    found = msgspec.json.decode(content, type=Manifest)
    for name in begun(folder):
        if struck := found.leaves.pop(name, None):
            found.files += struck.files
    return found


def begun(folder: Path) -> list[str]:
    """The leaves that an export which is not done was making anew."""
    path = folder / BEGUN
    return msgspec.json.decode(path.read_bytes(), type=list[str]) if path.exists() else []


class Questions:
    """Questions by number, each kept once."""

    def __init__(self, known: Iterable[Question] = ()) -> None:
        self._numbers: dict[Question, int] = {each: number for number, each in enumerate(known)}

    def number(self, question: Question) -> int:
        """Its number."""
        found = self._numbers.get(question)
        if found is None:
            found = self._numbers[question] = len(self._numbers)
        return found

    def kept(self, used: set[int]) -> tuple[list[Question], dict[int, int] | None]:
        """Those in use, and the numbers they have there: None when each has its own still."""
        every = list(self._numbers)
        if len(used) == len(every):
            return every, None
        numbers = {number: place for place, number in enumerate(sorted(used))}
        return [every[each] for each in numbers], numbers
