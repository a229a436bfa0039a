"""The fonts of PDFs: a font file is read once in a process, and each PDF carries the letters it uses.

fpdf2 reads the whole file anew for each document, and reads all letters again to take the used ones out. What documents
share here is only read; what fpdf2 writes to is each document's own.
"""

from __future__ import annotations

from copy import copy
from functools import lru_cache
from io import BytesIO
from threading import Lock
from typing import Any, Final, cast

import uharfbuzz
from fontTools.ttLib import TTFont  # type: ignore[import-untyped] # it carries no types
from fontTools.ttLib.tables._g_l_y_f import Glyph as Outline  # type: ignore[import-untyped] # as above
from fpdf import FPDF
from fpdf.fonts import Glyph, HarfBuzzFont, SubsetMap, TTFFont
from fpdf.output import OutputProducer

from adapters.shared.documents.typeface import file_of, unpacked

_OPENING: Final = Lock()
_LAYOUT: Final = ("GDEF", "GPOS", "GSUB")
"""Tables for setting text; a PDF has its text set."""

_ALWAYS: Final = range(4)
"""Letters that fpdf2 keeps in any case."""


def font_of(family: str, style: str, number: int) -> TTFFont:
    """A font as the `number`th of a new document."""
    with _OPENING:
        shared = _opened(family, style)
    font = copy(shared)
    font.i, font.desc, font.missing_glyphs = number, copy(shared.desc), []
    font.subset = Letters(font)
    return font


@lru_cache(maxsize=64)
def _opened(family: str, style: str) -> TTFFont:
    """A font of no document."""
    path, document = file_of(family, style), FPDF()
    document.add_font(family, style, path)
    font = cast("TTFFont", document.fonts[f"{family.casefold()}{style}"])
    font._hbfont = HarfBuzzFont(uharfbuzz.Face(unpacked(path)))
    font.ttfont.close()  # what is needed of it has been read
    return font


class Letters(SubsetMap):
    """The letters that a document uses of a font, numbered as they come."""

    def __init__(self, font: TTFFont) -> None:
        self._codes: dict[tuple[int, str], tuple[str, int]] = {}
        super().__init__(font)

    def code(self, glyph: int, letters: str) -> tuple[str, int]:
        """How the glyph that stands for `letters` is written in a page's text, and how wide it is (in 1/1000 em)."""
        known = self._codes.get((glyph, letters))
        if known is None:
            font = self.font.ttfont
            name = font.getGlyphName(glyph)
            width = round(self.font.scale * font["hmtx"].metrics[name][0])
            code = self.pick_glyph(Glyph(glyph, tuple(map(ord, letters)), name, width))
            known = self._codes[glyph, letters] = self.font.escape_text(chr(cast("int", code))), width
        return known


class Producer(OutputProducer):
    """Writes the file. fpdf2 takes the used letters out of fonts cut to little more, and finds the same."""

    def bufferize(self) -> bytearray:
        for font in self.fpdf.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont = _cut(font)
        return super().bufferize()


def _cut(font: TTFFont) -> TTFont:
    """A font with the letters a document uses, under the names they had."""
    wanted = uharfbuzz.SubsetInput()
    wanted.flags = uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _LAYOUT)
    wanted.glyph_set.update(font.ttfont.getGlyphID(name) for name in font.subset.get_all_glyph_names())
    wanted.glyph_set.update(_ALWAYS)
    plan = uharfbuzz.SubsetPlan(font.hbfont.face, wanted)
    cut = TTFont(BytesIO(plan.execute().blob.data), recalcTimestamp=False, lazy=True)
    before = plan.new_to_old_glyph_mapping
    cut.setGlyphOrder([font.ttfont.getGlyphName(before[glyph]) for glyph in range(len(before))])
    _put_in(cut["glyf"], _outlines(font.hbfont))
    return cut


class _Outline(Outline):  # type: ignore[misc] # fontTools has no types
    """The outline of a letter as it is written: it need not be taken apart and put together for each document."""

    def __init__(self, outline: Outline, written: bytes) -> None:
        self.__dict__.update(outline.__dict__)
        self._written = written

    def compile(self, *_: Any, **__: Any) -> bytes:
        return self._written


@lru_cache(maxsize=64)
def _outlines(font: HarfBuzzFont) -> dict[str, _Outline]:
    """Those of a font that a document used, by their names."""
    return {}


def _put_in(letters: Any, outlines: dict[str, _Outline]) -> None:
    """Puts known outlines into a font's, and remembers those not yet known; none is known of letters made of others."""
    for name in letters.glyphOrder:
        if name not in outlines:
            outline = letters[name]
            if outline.numberOfContours <= 0:
                continue
            outlines[name] = _Outline(outline, outline.compile(letters))
        letters.glyphs[name] = outlines[name]
