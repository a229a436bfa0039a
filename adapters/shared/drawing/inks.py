"""Colours and patterns. Each ink differs from every other without its colour, too, and is told apart by the colour-blind.

Against white, every outline and solid has a contrast of 3:1 or more, every letter of 4.5:1 or more on whatever it
stands on (WCAG 2.2, 1.4.3 and 1.4.11); a test computes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.chart import Ink

PAPER: Final = "#ffffff"
INK: Final = "#1f2933"
QUIET: Final = "#56616c"
ACCENT: Final = "#005c94"
RULE: Final = "#cdd6de"
OUTLINE: Final = "#6f7b87"
"""Of what is not counted yet, and of the zero line."""


class Pattern(StrEnum):
    """What covers the ground of an ink."""

    SOLID = "solid"
    RISING = "rising"
    FALLING = "falling"
    CROSSED = "crossed"
    LEVEL = "level"
    DOTTED = "dotted"


@dataclass(frozen=True, slots=True)
class Swatch:
    """`ground` under a `pattern` in `lines`, edged in `edge`; numbers on it are in `letters`."""

    ground: str
    pattern: Pattern
    lines: str
    edge: str
    letters: str


SWATCHES: Final[dict[Ink, Swatch]] = {
    Ink.SUPPORT: Swatch("#005c94", Pattern.SOLID, "#005c94", "#005c94", PAPER),
    Ink.LIVE_WITH: Swatch("#d3e7f5", Pattern.RISING, "#3f8fc6", "#2474b0", INK),
    Ink.STAND_ASIDE: Swatch("#f0d5e6", Pattern.DOTTED, "#a4548a", "#7d1f5f", INK),
    Ink.OBJECT: Swatch("#a62118", Pattern.CROSSED, "#d9837c", "#a62118", PAPER),
    Ink.ABSTAIN: Swatch("#e9ecef", Pattern.LEVEL, "#98a2ac", "#6f7b87", INK),
    Ink.NEED_TIME: Swatch("#fdeec6", Pattern.FALLING, "#c98f1a", "#946500", INK),
    Ink.PEOPLE: Swatch("#005c94", Pattern.SOLID, "#005c94", "#005c94", PAPER),
}
