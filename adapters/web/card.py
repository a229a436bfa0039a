"""The picture beside a link to the record, where one is shared: whose record it is. Titles and summaries stand beside it as
text (OpenGraph), so one picture serves every page, and an export of thousands of pages draws it once."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from adapters.shared.documents.typeface import Chooser
from adapters.shared.documents.typeset import Look
from adapters.shared.drawing.paper import Sheet
from adapters.shared.drawing.raster import SHARPNESS, rastered
from adapters.web.prose import Prose, public
from bot.domain.community import Community
from bot.text import T

WIDTH: Final = 1200
HEIGHT: Final = 630
"""Dots, as those who show such pictures ask for them."""

_GROUND, _SKY, _LETTERS, _QUIET = "#00385c", "#4b9cd3", "#ffffff", "#c3dcee"
_MARGIN: Final = 48
_SIZES: Final = (42, 32, 24, 18)
_MOST_LINES: Final = 3


def card(community: Community, prose: Prose) -> bytes:
    """The picture as PNG: the community's name, and what it shares."""
    return _card(
        public(community.name),
        prose.line(T("Working groups: the public record")),
        prose.language,
        prose.direction == "rtl",
    )


@lru_cache(32)
def _card(name: str, what: str, language: str, from_right: bool) -> bytes:
    width, height = WIDTH / SHARPNESS, HEIGHT / SHARPNESS
    sheet = Sheet("card", width, Chooser(), from_right=from_right)
    sheet.height = height
    sheet.describe(name, what, language)
    sheet.rect(0, 0, width, height, fill=_GROUND)
    sheet.rect(0, height - 10, width, 10, fill=_SKY)
    left, right = _MARGIN, width - _MARGIN
    for number, colour in enumerate((_SKY, _LETTERS, _SKY)):
        sheet.rect(left + 22 * number, _MARGIN, 14, 14, fill=colour, rx="7")
    sizes = [Look(size, bold=True) for size in _SIZES]
    fits = (each for each in sizes if len(sheet.rows(name, each, right - left)) <= _MOST_LINES)
    title = next(fits, sizes[-1])
    lines = sheet.rows(name, title, right - left)[:_MOST_LINES]
    below = Look(20)
    y = sheet.lines(lines, title, _LETTERS, height / 2 - 0.7 * title.size * len(lines), left, right)
    sheet.lines(sheet.rows(what, below, right - left), below, _QUIET, y + 12, left, right)
    return rastered(sheet)
