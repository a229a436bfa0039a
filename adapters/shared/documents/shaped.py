"""A PDF whose text comes in pieces of one font and one direction, each shaped once.

fpdf2 takes any text, and therefore finds out the direction of each letter, and shapes a text anew for its width and for
drawing it. Our pieces are of one direction by the time they are measured and drawn; where one is not after all (it holds
marks that turn the direction), it goes fpdf2's way. Widths and drawing are as fpdf2's, number for number.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, cast

import uharfbuzz
from fpdf.enums import TextDirection
from fpdf.fonts import HarfBuzzFont, TTFFont
from fpdf.line_break import Fragment
from fpdf.unicode_script import UnicodeScript, get_unicode_script

from adapters.shared.documents.pdf_fonts import Letters, Producer, font_of
from adapters.shared.documents.tagged import TaggedPDF

_NEUTRAL: Final = frozenset({"ES", "ET", "CS", "NSM", "WS", "ON"})
_OF_ONE_DIRECTION: Final = {
    TextDirection.LTR: _NEUTRAL | {"L", "EN"},
    TextDirection.RTL: _NEUTRAL | {"R", "AL"},
}
"""The classes of letters (UAX #9) that all take the direction of the text they alone make up."""

_ANY_SCRIPT: Final = frozenset({UnicodeScript.COMMON, UnicodeScript.UNKNOWN})


class ShapedPDF(TaggedPDF):
    """Adds `load` and `written`, and measures and draws what is of one direction without fpdf2's detours."""

    def load(self, family: str, style: str) -> None:
        """Makes one of our fonts known to `set_font`."""
        key = f"{family.casefold()}{style}"
        if key not in self.fonts:
            self.fonts[key] = font_of(family, style, len(self.fonts) + 1)

    def written(self) -> bytes:
        """The file."""
        return bytes(self.output(output_producer_class=Producer))

    def get_string_width(self, s: str, normalized: bool = False, markdown: bool = False) -> float:
        """As fpdf2's own. What a word of one direction takes is remembered for other documents."""
        font, direction = self.current_font, self._direction_of(s)
        if markdown or direction is None or not isinstance(font, TTFFont):
            return super().get_string_width(s, normalized, markdown)
        return sum(width / self.k for width in _widths(font.hbfont, self.font_size_pt, direction, s))

    def _preload_bidirectional_text(self, text: str, markdown: bool) -> Sequence[Fragment]:
        """Without looking for the direction of each letter where all have the one in use."""
        shaping, direction = self.text_shaping, self._direction_of(text)
        if markdown or direction is None or shaping is None:
            return super()._preload_bidirectional_text(text, markdown)
        shaping["paragraph_direction"] = shaping["fragment_direction"] = direction
        return [_Shaped(part, self._get_current_graphics_state(), self.k) for part in _scripts(text)]

    def _direction_of(self, text: str) -> TextDirection | None:
        """The direction in use, if all letters take it and none stand for the number of pages."""
        pages, direction = self.str_alias_nb_pages, self.text_shaping and self.text_shaping["direction"]
        if not isinstance(direction, TextDirection) or (pages and pages in text):
            return None
        if direction is TextDirection.LTR and text.isascii() and text.isprintable():
            return direction
        alike = _OF_ONE_DIRECTION[direction].issuperset(map(unicodedata.bidirectional, text))
        return direction if alike else None


class _Shaped(Fragment):
    """A text of one script and direction. It is never stretched, spaced out or justified."""

    def __init__(self, text: str, *args: Any) -> None:
        super().__init__(text, *args)
        self._text = text
        font = cast("TTFFont", self.font)
        self._glyphs = _shaped(font.hbfont, text, self.fragment_direction)
        self._width = _width(self._glyphs, font.scale, self.font_size_pt) / self.k

    def get_width(self, *_: Any, **__: Any) -> float:
        return self._width

    def render_with_text_shaping(self, pos_x: float, pos_y: float, h: float, word_spacing: float) -> str:  # noqa: ARG002 - fpdf2's
        font, size, k = cast("TTFFont", self.font), self.font_size_pt, self.k
        letters, scale = cast("Letters", font.subset), font.scale
        together = _together(self._text, [cluster for _, cluster, *_ in self._glyphs])
        made, run = "", ""
        for glyph, cluster, advance, x_offset, y_offset in self._glyphs:
            meant = together.pop(cluster, "")
            if not glyph:
                continue
            code, width = letters.code(glyph, meant)
            if x_offset or y_offset:
                if run:
                    made, run = f"{made}({run}) Tj ", ""
                x, y = pos_x + x_offset * scale * size / 1000 / k, pos_y - y_offset * scale * size / 1000 / k
                made += f"1 0 0 1 {x * k:.2f} {(h - y) * k:.2f} Tm "
            run += code
            pos_x += advance * scale * size / 1000 / k
            if advance != width or x_offset or y_offset:
                made, run = f"{made}({run}) Tj 1 0 0 1 {pos_x * k:.2f} {(h - pos_y) * k:.2f} Tm ", ""
        return f"{made}({run}) Tj" if run else made


_Glyphs = list[tuple[int, int, int, int, int]]
"""From left to right: glyph, cluster (the first letter it stands for), advance, and offset to the right and up."""


def _scripts(text: str) -> Iterator[str]:
    """`text` cut where its script changes, as fpdf2 cuts it: marks are a script of their own."""
    if text.isascii():
        if text:
            yield text
        return
    current, start = None, 0
    for index, letter in enumerate(text):
        script = get_unicode_script(letter)
        if script is current or script in _ANY_SCRIPT:
            continue
        if current is not None:
            yield text[start:index]
            start = index
        current = script
    yield text[start:]


def _shaped(font: HarfBuzzFont, text: str, direction: TextDirection) -> _Glyphs:
    letters = uharfbuzz.Buffer()
    letters.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS
    letters.add_str(text)
    letters.guess_segment_properties()
    letters.direction = direction.value
    uharfbuzz.shape(font, letters, {})
    placed = zip(letters.glyph_infos, letters.glyph_positions or (), strict=True)
    return [(info.codepoint, info.cluster, at.x_advance, at.x_offset, at.y_offset) for info, at in placed]


def _width(glyphs: _Glyphs, scale: float, size: float) -> float:
    """In points; added up in this order, each glyph's rounded, as fpdf2 does."""
    width = 0.0
    for _, _, advance, *_ in glyphs:
        width += round(scale * advance + 0.001) * size * 0.001
    return width


@lru_cache(maxsize=16384)
def _widths(font: HarfBuzzFont, size: float, direction: TextDirection, text: str) -> tuple[float, ...]:
    """The widths, in points, of the parts that a text is drawn in."""
    scale = 1000 / font.face.upem
    return tuple(_width(_shaped(font, part, direction), scale, size) for part in _scripts(text))


def _together(text: str, clusters: Sequence[int]) -> dict[int, str]:
    """The letters that each cluster stands for."""
    first, *others = sorted(set(clusters)) or [0]
    starts = [0, *others, len(text)]
    return {first if start == 0 else start: text[start:end] for start, end in pairwise(starts)}
