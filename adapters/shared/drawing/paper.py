"""The sheet a picture is drawn on: shapes, patterns and text as SVG, with what a screen reader is told.

It knows nothing of charts. Lengths are pixels, from the top and from where reading begins: the left, or the right.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from adapters.shared.documents.sheet import one_line
from adapters.shared.documents.typeface import MAIN, Chooser
from adapters.shared.documents.typeset import Look, Piece
from adapters.shared.drawing.inks import PAPER, Pattern, Swatch
from adapters.shared.drawing.lettering import Row, rows

LEADING: Final = 1.36
"""Distance of base lines in letter sizes."""

_FROM_RIGHT: Final = "\u2067"
_AS_BEFORE: Final = "\u2069"
"""Around what is read from the right: its full stop then stands at its left end."""

_ANCHORS: Final = {"start": 0.0, "middle": 0.5, "end": 1.0}
_MIRRORED: Final = {"start": "end", "middle": "middle", "end": "start"}
_FONTS: Final = "'Noto Sans', sans-serif"
_NAMES: Final = {MAIN: "Noto Sans", "NotoSansSymbols2": "Noto Sans Symbols2"}
_TILE: Final = 8


class Sheet:
    """A sheet `width` wide; it is as high as `height` says in the end.

    `families` are the fonts used so far; `chooser` knows which letters they lack. `from_right`: for readers who begin at
    the right, all of it stands as in a mirror.
    """

    def __init__(self, key: str, width: float, chooser: Chooser, *, from_right: bool = False) -> None:
        self.width = width
        self.from_right = from_right
        self.height = 0.0
        self.chooser = chooser
        self.families: set[str] = {MAIN}
        self._key = key
        self._root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "font-family": _FONTS})
        self._title = SubElement(self._root, "title", {"id": f"{key}-title"})
        self._about = SubElement(self._root, "desc", {"id": f"{key}-desc"})
        self._patterns = SubElement(self._root, "defs")
        self._ground = SubElement(self._root, "rect", {"fill": PAPER})
        self._drawn: set[str] = set()

    def describe(self, title: str, about: str, language: str) -> None:
        """What a screen reader says of the picture, and in which language its words are."""
        self._title.text, self._about.text = one_line(title), one_line(about)
        self._root.set("lang", language)
        self._root.set("aria-labelledby", f"{self._key}-title {self._key}-desc")

    def rows(self, text: str, look: Look, width: float) -> list[Row]:
        """A text in lines no wider than `width`."""
        if self.chooser.keeps:
            return list(_rows(text, look, width))  # the same names stand in many charts
        return rows(text, look, width, self.chooser)

    def rule(self, y: float, left: float, right: float, colour: str, thickness: float = 1) -> None:
        """A level line, its upper edge at `y`."""
        self.rect(left, y, right - left, thickness, fill=colour)

    def rect(self, x: float, y: float, width: float, height: float, **look: str) -> None:
        """A rectangle; `look` are attributes of SVG, with `_` for `-`."""
        given = {name.replace("_", "-"): value for name, value in look.items()}
        x = self.width - x - width if self.from_right else x
        SubElement(self._root, "rect", {"x": _n(x), "y": _n(y), "width": _n(width), "height": _n(height)} | given)

    def filled(self, x: float, y: float, width: float, height: float, swatch: Swatch) -> None:
        """A rectangle in an ink, its edge within its bounds."""
        edge = 1.0
        fill = swatch.ground if swatch.pattern is Pattern.SOLID else f"url(#{self._pattern(swatch)})"
        look = {"fill": fill, "stroke": swatch.edge, "stroke_width": _n(edge)}
        self.rect(x + edge / 2, y + edge / 2, width - edge, height - edge, **look)

    def lines(
        self,
        lines: Sequence[Row],
        look: Look,
        colour: str,
        y: float,
        left: float,
        right: float,
        *,
        at_right: bool = False,
    ) -> float:
        """Lines of text, the first one's top at `y`; what is read from the right ends at the right. Gives where they end."""
        for line in lines:
            ends = at_right or (line.from_right and not self.from_right)
            base, anchor = y + look.size * 1.05, "end" if ends else "start"
            self.line(line, look, colour, base, right if ends else left, anchor=anchor)
            y += look.size * LEADING
        return y

    def line(self, row: Row, look: Look, colour: str, base: float, x: float, *, anchor: str = "start") -> None:
        """One line of text on its base line."""
        self.families |= {piece.family for piece in row.pieces}
        if self.from_right:
            x, anchor = self.width - x, _MIRRORED[anchor]
        made = SubElement(self._root, "text", {"y": _n(base), "font-size": _n(look.size), "fill": colour})
        if look.bold:
            made.set("font-weight", "700")
        if len(row.pieces) > 1 and not self.chooser.keeps:
            _piece_by_piece(made, row, x - _ANCHORS[anchor] * row.width)
            return
        made.set("x", _n(x))
        if anchor != "start":
            made.set("text-anchor", anchor)
        parts = [_family(piece, SubElement(made, "tspan")) for piece in row.pieces]
        if row.from_right:
            parts[0].text = f"{_FROM_RIGHT}{parts[0].text}"
            parts[-1].text = f"{parts[-1].text}{_AS_BEFORE}"

    def svg(self) -> bytes:
        """The picture so far, as a file."""
        size = {"width": _n(self.width), "height": _n(self.height)}
        for name, value in (size | {"viewBox": f"0 0 {size['width']} {size['height']}"}).items():
            self._root.set(name, value)
        for name, value in size.items():
            self._ground.set(name, value)
        written: bytes = ElementTree.tostring(self._root, encoding="utf-8", xml_declaration=True)
        return written + b"\n"

    def _pattern(self, swatch: Swatch) -> str:
        """The pattern of an ink, drawn into the file the first time."""
        name = f"{self._key}-{swatch.pattern}"
        if name in self._drawn:
            return name
        self._drawn.add(name)
        tile = SubElement(
            self._patterns,
            "pattern",
            {"id": name, "width": str(_TILE), "height": str(_TILE), "patternUnits": "userSpaceOnUse"},
        )
        SubElement(tile, "rect", {"width": str(_TILE), "height": str(_TILE), "fill": swatch.ground})
        if swatch.pattern is Pattern.DOTTED:
            for x, y in ((2, 2), (6, 6)):
                SubElement(tile, "circle", {"cx": str(x), "cy": str(y), "r": "1.3", "fill": swatch.lines})
            return name
        SubElement(
            tile, "path", {"d": _STROKES[swatch.pattern], "stroke": swatch.lines, "stroke-width": "1.3", "fill": "none"}
        )
        return name


_RISING: Final = "M-2,2 L2,-2 M0,8 L8,0 M6,10 L10,6"
_FALLING: Final = "M-2,6 L2,10 M0,0 L8,8 M6,-2 L10,2"
_STROKES: Final = {
    Pattern.RISING: _RISING,
    Pattern.FALLING: _FALLING,
    Pattern.CROSSED: f"{_RISING} {_FALLING}",
    Pattern.LEVEL: "M0,2 H8 M0,6 H8",
}


def _piece_by_piece(text: Element, row: Row, x: float) -> None:
    """Each piece at its own place, for resvg, which misplaces letters where several fonts meet in one run of text."""
    for piece, distance in row.placed():
        made = _family(piece, SubElement(text, "tspan", {"x": _n(x + distance)}))
        if piece.level % 2:
            made.text = f"{_FROM_RIGHT}{piece.text}{_AS_BEFORE}"


def _family(piece: Piece, made: Element) -> Element:
    """A piece's letters in its font; the main one is the whole file's."""
    if piece.family != MAIN:
        made.set("font-family", f"'{_name(piece.family)}', sans-serif")
    made.text = piece.text
    return made


def _name(family: str) -> str:
    """The name of a font as a family: `NotoSansArabic` is `Noto Sans Arabic`."""
    return _NAMES.get(family) or f"Noto Sans {family.removeprefix(MAIN)}"


@lru_cache(1024)
def _rows(text: str, look: Look, width: float) -> tuple[Row, ...]:
    return tuple(rows(text, look, width, Chooser(keeps=True)))


def _n(number: float) -> str:
    """A length, no longer than it must be."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
