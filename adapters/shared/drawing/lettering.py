"""Letters of a picture: how wide they are, where their lines end, and where on the line each piece stands."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import uharfbuzz

from adapters.shared.documents.sheet import one_line
from adapters.shared.documents.typeface import Chooser, file_of, letters_of, unpacked
from adapters.shared.documents.typeset import Look, Piece, lines_as_read, visual

_WIDE: Final = 1.0
_NARROW: Final = 0.62
"""Widths, in letter sizes, guessed for a letter that no font of ours has."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of text: its pieces in the order they are read, its width, and whether it is read from the right."""

    pieces: tuple[Piece, ...]
    width: float
    from_right: bool

    def placed(self) -> list[tuple[Piece, float]]:
        """The pieces from left to right, without spaces at their ends, each with its distance from the line's left end."""
        placed, x = [], 0.0
        for piece in visual(list(self.pieces)):
            bare = piece.text.rstrip() if piece.level % 2 else piece.text.lstrip()
            if bare:
                space = measure(piece) - measure(replace(piece, text=bare))
                placed.append((replace(piece, text=bare.strip()), x + space))
            x += measure(piece)
        return placed


def rows(text: str, look: Look, width: float, chooser: Chooser) -> list[Row]:
    """A text in lines no wider than `width` (in the unit of the look's size). Nothing is cut off."""
    return [
        Row(tuple(pieces), sum(map(measure, pieces)), from_right)
        for pieces, from_right in lines_as_read([(one_line(text), look)], width, measure, chooser)
        if pieces
    ]


@lru_cache(maxsize=4096)
def measure(piece: Piece) -> float:
    """How wide a piece is, its letters joined as its script joins them."""
    letters = letters_of(piece.family)
    known = "".join(letter for letter in piece.text if ord(letter) in letters)
    guessed = sum(_guessed(letter) for letter in piece.text if ord(letter) not in letters)
    font = _font(piece.family, piece.look.bold)
    shaped = uharfbuzz.Buffer()
    shaped.add_str(known)
    shaped.guess_segment_properties()
    uharfbuzz.shape(font, shaped)
    advance: int = sum(each.x_advance for each in shaped.glyph_positions or ())
    em: int = font.face.upem
    return piece.look.size * (advance / em + guessed)


def _guessed(letter: str) -> float:
    if unicodedata.category(letter) in {"Cf", "Mn", "Me"}:
        return 0.0
    return _WIDE if unicodedata.east_asian_width(letter) in {"W", "F"} else _NARROW


@lru_cache(maxsize=32)
def _font(family: str, bold: bool) -> uharfbuzz.Font:
    return uharfbuzz.Font(uharfbuzz.Face(unpacked(file_of(family, "B" if bold else ""))))
