"""Paragraphs into lines: where a line ends, and where on it each piece stands, in either direction of writing.

Pure arithmetic over a `measure` function; draws nothing. Order on the line follows the Unicode Bidirectional Algorithm
(UAX #9; fpdf2 resolves the levels, rule L2 is applied here to whole pieces). Lines are filled greedily and broken at
spaces; a word longer than a line is broken where it must be.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from fpdf.bidi import BidiParagraph, auto_detect_base_direction
from fpdf.enums import TextDirection

from adapters.shared.documents.typeface import Chooser

_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
_WORDS: Final = re.compile(r"\s+|\S+")
_LONGEST_PIECE: Final = 100
"""Letters; longer than any word, so that measuring what is no word stays quick."""


@dataclass(frozen=True, slots=True)
class Look:
    """How letters look: size in points, weight, slope, colour, and where they link to."""

    size: float
    bold: bool = False
    italic: bool = False
    colour: tuple[int, int, int] = (0, 0, 0)
    link: str | None = None

    @property
    def style(self) -> str:
        """As fpdf2 names it."""
        return ("B" if self.bold else "") + ("I" if self.italic else "")


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters of one look, font and direction. An odd `level` runs from right to left."""

    text: str
    look: Look
    family: str
    level: int = 0

    @property
    def space(self) -> bool:
        """Whether a line may end here."""
        return self.text.isspace() and "\u00a0" not in self.text


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces from left to right with their widths, and whether the paragraph is read from the right."""

    pieces: tuple[tuple[Piece, float], ...]
    from_right: bool

    @property
    def width(self) -> float:
        return sum(width for _, width in self.pieces)


Measure = Callable[[Piece], float]


def lines(
    runs: Iterable[tuple[str, Look]],
    width: float,
    measure: Measure,
    chooser: Chooser,
    *,
    from_right: bool | None = None,
) -> Iterator[Line]:
    """The lines of a paragraph no wider than `width`. `from_right`: None takes the direction of its first letter."""
    for pieces, direction in lines_as_read(runs, width, measure, chooser, from_right=from_right):
        yield Line(tuple((piece, measure(piece)) for piece in visual(pieces)), direction)


def lines_as_read(
    runs: Iterable[tuple[str, Look]],
    width: float,
    measure: Measure,
    chooser: Chooser,
    *,
    from_right: bool | None = None,
) -> Iterator[tuple[list[Piece], bool]]:
    """The same lines with their pieces in the order they are read, for whatever orders them itself; and `from_right`."""
    for part in _at_line_ends(runs):
        direction = from_right
        if direction is None:
            direction = auto_detect_base_direction("".join(text for text, _ in part)) is TextDirection.RTL
        pieces = tuple(_pieces(part, chooser, direction))
        for line in _filled(pieces, width, measure):
            yield _merged(line), direction


def _at_line_ends(runs: Iterable[tuple[str, Look]]) -> Iterator[list[tuple[str, Look]]]:
    part: list[tuple[str, Look]] = []
    for text, look in runs:
        first, *others = text.replace("\t", "    ").split("\n")
        part.append((first, look))
        for other in others:
            yield part
            part = [(other, look)]
    yield part


def _pieces(runs: Sequence[tuple[str, Look]], chooser: Chooser, from_right: bool) -> Iterator[Piece]:
    """Cut wherever look, font, level, or space and word change."""
    levels, end = _levels("".join(text for text, _ in runs), from_right), 0
    for text, look in runs:
        start, end = end, end + len(text)
        for level, same_level in _grouped(text, levels[start:end]):
            for family, same_family in chooser.split(same_level):
                for word in _WORDS.findall(same_family):
                    for cut in range(0, len(word), _LONGEST_PIECE):
                        yield Piece(word[cut : cut + _LONGEST_PIECE], look, family, level)


def _grouped(text: str, keys: Sequence[int]) -> Iterator[tuple[int, str]]:
    if text and len(set(keys)) == 1:
        yield keys[0], text
        return
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or keys[end] != keys[start]:
            yield keys[start], text[start:end]
            start = end


def _levels(text: str, from_right: bool) -> Sequence[int]:
    """The embedding level of each letter."""
    if not from_right and not any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in text):
        return [0] * len(text)
    base = TextDirection.RTL if from_right else TextDirection.LTR
    letters = BidiParagraph(text, base_direction=base, preserve_bn_chars=True).get_characters_with_embedding_level()
    levels = [letter.embedding_level for letter in letters]
    return levels if len(levels) == len(text) else [int(from_right)] * len(text)


def _filled(pieces: Sequence[Piece], width: float, measure: Measure) -> Iterator[list[Piece]]:
    line: list[Piece] = []
    used = 0.0
    for word, after in _words(pieces):
        rest, long = word, sum(map(measure, word))
        if line and used + long > width:
            yield _without_trailing_space(line)
            line, used = [], 0.0
        while long > width and not line:
            head, tail = _broken(rest, width, measure)
            if not tail:
                break
            yield head
            rest, long = tail, sum(map(measure, tail))
        line += [*rest, *after]
        used += long + sum(map(measure, after))
    if line or not pieces:
        yield _without_trailing_space(line)


def _words(pieces: Sequence[Piece]) -> Iterator[tuple[list[Piece], list[Piece]]]:
    """(pieces that stay together, the spaces after them)."""
    word: list[Piece] = []
    after: list[Piece] = []
    for piece in pieces:
        if piece.space:
            after.append(piece)
            continue
        if after:
            yield word, after
            word, after = [], []
        word.append(piece)
    if word or after:
        yield word, after


def _broken(word: Sequence[Piece], width: float, measure: Measure) -> tuple[list[Piece], list[Piece]]:
    """What of a long word fits (at least a letter), and the rest."""
    head: list[Piece] = []
    used = 0.0
    for index, piece in enumerate(word):
        wide = measure(piece)
        if used + wide <= width:
            head.append(piece)
            used += wide
            continue
        cut = _fitting(piece, width - used, measure)
        if not cut and not head:
            cut = 1
        while 0 < cut < len(piece.text) and unicodedata.combining(piece.text[cut]):
            cut += 1
        if cut:
            head.append(replace(piece, text=piece.text[:cut]))
        rest = [replace(piece, text=piece.text[cut:])] if cut < len(piece.text) else []
        return head, [*rest, *word[index + 1 :]]
    return head, []


def _fitting(piece: Piece, width: float, measure: Measure) -> int:
    """How many of its letters fit, by halving."""
    low, high = 0, len(piece.text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(replace(piece, text=piece.text[:middle])) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def _without_trailing_space(line: list[Piece]) -> list[Piece]:
    while line and line[-1].space:
        line.pop()
    return line


def _merged(line: Sequence[Piece]) -> list[Piece]:
    merged: list[Piece] = []
    for _, alike in groupby(line, lambda piece: (piece.look, piece.family, piece.level)):
        first, *others = alike
        merged.append(replace(first, text="".join(piece.text for piece in (first, *others))) if others else first)
    return merged


def visual(line: list[Piece]) -> list[Piece]:
    """Pieces as read put in order from left to right. Rule L2: from the highest level to the lowest odd one, every run at that level or above is reversed."""
    odd = [piece.level for piece in line if piece.level % 2]
    if not odd:
        return line
    for level in range(max(piece.level for piece in line), min(odd) - 1, -1):
        start = 0
        while start < len(line):
            end = start
            while end < len(line) and line[end].level >= level:
                end += 1
            line[start:end] = reversed(line[start:end])
            start = end + 1
    return line
