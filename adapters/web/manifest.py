"""What an export leaves beside the pages: each leaf's files, what it was made from, and until when it holds.

So that the next one makes anew what changed, and takes away what is gone. Kept as JSON with short names: it is large.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import msgspec

from adapters.web.inputs import Question

NAME: Final = ".wgbot-record.json"


class Made(msgspec.Struct, array_like=True):
    """A leaf: its files, the numbers of the questions it asked, a print of what it was given, and until when (POSIX seconds; 0: for good)."""

    files: list[str]
    asked: list[int]
    given: str
    until: float


class Manifest(msgspec.Struct):
    """All of a record. `by` is a print of what made it: another version makes all of it anew.

    `answers` are prints of what the questions were answered, when all the leaves held.

    `files` are the names of all that may lie there, those of an export that was broken off among them.
    """

    by: str = ""
    questions: list[tuple[str, list[str], list[Any]]] = []
    answers: list[str] = []
    leaves: dict[str, Made] = {}
    files: list[str] = []


def read(folder: Path) -> Manifest | None:
    """That of the last export; None where none was made there."""
    path = folder / NAME
    if not path.exists():
        return None
    content = path.read_bytes()
    if content.startswith(b"["):  # the names alone, as they were kept before
        return Manifest(files=msgspec.json.decode(content, type=list[str]))
    return msgspec.json.decode(content, type=Manifest)


class Questions:
    """Questions by number, each kept once."""

    def __init__(self, known: list[tuple[str, list[str], list[Any]]] | None = None) -> None:
        self._numbers: dict[Question, int] = {}
        for kind, fields, values in known or ():
            self.number((kind, tuple(fields), tuple(values)))
        self.all = list(self._numbers)

    def number(self, question: Question) -> int:
        """Its number."""
        found = self._numbers.get(question)
        if found is None:
            found = self._numbers[question] = len(self._numbers)
        return found

    def kept(self, used: set[int]) -> tuple[list[tuple[str, list[str], list[Any]]], dict[int, int]]:
        """Those in use as they are kept, and the numbers they have there."""
        every = list(self._numbers)
        numbers = {number: place for place, number in enumerate(sorted(used))}
        return [(every[each][0], list(every[each][1]), list(every[each][2])) for each in numbers], numbers
