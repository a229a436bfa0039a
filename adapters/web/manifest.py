"""What an export leaves beside the pages: each leaf's files, what it was made from, and until when it holds, by section.

So that the next one makes anew what changed, and takes away what is gone. Kept as JSON with short names: it is large. An
export that has begun leaves the names of what it makes anew beside it, and takes them away when it is done: what was broken
off is completed by the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from adapters.web.inputs import Question

NAME: Final = ".wgbot-record.json"
BEGUN: Final = ".wgbot-record-begun.json"
OVER: Final = 1.0
"""A time that is long past (POSIX seconds)."""


class Made(msgspec.Struct, array_like=True):
    """What a leaf was made from: the numbers of the questions it asked, a print of what it was given, and until when it holds.

    `until` is in POSIX seconds (0: for good).
    """

    asked: list[int]
    given: str
    until: float


class Details(msgspec.Struct, array_like=True):
    """What a section was made from: what was asked, with prints of the answers; `asked`, by number, in listing its leaves; each leaf."""

    questions: list[Question] = []
    answers: list[str] = []
    asked: list[int] = []
    leaves: dict[str, Made] = {}


class Standing(msgspec.Struct, array_like=True):
    """A section: the files of each of its leaves, and by what it is told whether it is still as it was.

    `until` is the first time at which the clock may change a leaf of it, or its list (POSIX seconds; 0: never). `rows` are
    short prints of the rows that answered its questions, `questions` of what was asked; `apart` are the questions that are
    not answered with rows, with prints of their answers. `details` are a `Details`, read only where it has changed.
    """

    leaves: dict[str, list[str]] = {}
    until: float = 0
    rows: bytes = b""
    questions: bytes = b""
    apart: list[tuple[Question, str]] = []
    details: msgspec.Raw = msgspec.Raw(b"[]")

    def read(self) -> Details:
        """What it was made from."""
        return msgspec.json.decode(self.details, type=Details)


class Kind(msgspec.Struct, array_like=True):
    """A type of record: short prints of all records, and the fields that questions are asked by."""

    rows: bytes
    asked_by: list[tuple[str, ...]]


class Manifest(msgspec.Struct):
    """All of a record. `by` is a print of what made it: another version makes all of it anew.

    `files` are the names of others that may lie there and are ours.
    """

    by: str = ""
    kinds: dict[str, Kind] = {}
    sections: dict[str, Standing] = {}
    files: list[str] = []


def read(folder: Path) -> Manifest | None:
    """That of the last export; None where none was made there. Of one in the form of another version nothing is known."""
    path = folder / NAME
    if not path.exists() and not (folder / BEGUN).exists():
        return None
    found = Manifest()
    with suppress(FileNotFoundError, msgspec.ValidationError):
        found = msgspec.json.decode(path.read_bytes(), type=Manifest)
    for name, leaves in begun(folder).items():
        section = found.sections.get(name)
        if section is None:
            continue
        section.until = OVER
        for leaf in leaves:
            found.files += section.leaves.pop(leaf, ())
    return found


def begun(folder: Path) -> dict[str, list[str]]:
    """The leaves, by section, that an export which is not done was making anew."""
    path = folder / BEGUN
    return msgspec.json.decode(path.read_bytes(), type=dict[str, list[str]]) if path.exists() else {}


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

    def kept(self, used: set[int]) -> tuple[list[Question], dict[int, int]]:
        """Those in use, and the numbers they have there."""
        every = list(self._numbers)
        numbers = {number: place for place, number in enumerate(sorted(used))}
        return [every[each] for each in numbers], numbers
