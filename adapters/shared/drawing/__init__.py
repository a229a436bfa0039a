"""Pictures: a chart (`bot/chart.py`) as accessible SVG, and as PNG made from it, with the fonts that wgbot ships.

The same chart gives the same bytes. Importing this package imports no drawing library. Drawing takes some tenths of a
second of computing: call it off the event loop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.shared.words import Words
    from bot.chart import Chart

__all__ = ["png", "svg"]


def svg(chart: Chart, words: Words) -> bytes:
    """The chart as an SVG 1.1 document (UTF-8) with every letter in it: shown in Noto Sans where the reader has it."""
    from adapters.shared.drawing.bars import drawn

    return drawn(chart, words).svg()


def png(chart: Chart, words: Words) -> bytes:
    """The chart as a PNG, in shipped fonts alone; a letter they lack is a `�`, and the picture says so."""
    from adapters.shared.drawing.bars import drawn
    from adapters.shared.drawing.raster import rastered

    return rastered(drawn(chart, words, shipped_fonts_only=True))
