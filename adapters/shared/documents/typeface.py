"""Which of our fonts has a letter: the fonts that stand in `fonts/`, and runs of text cut so that each has one font.

It knows nothing of pages. A letter that no font has becomes U+FFFD, and is remembered, so that the document can say so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont  # type: ignore[import-untyped] # it carries no types

MAIN: Final = "NotoSans"
REPLACEMENT: Final = "\ufffd"
_FOLDER: Final = Path(__file__).parent / "fonts"
_STYLES: Final = {"": "Regular", "B": "Bold", "I": "Italic", "BI": "BoldItalic"}
_FAMILIES: Final = (
    MAIN,
    "NotoSansArabic",
    "NotoSansHebrew",
    "NotoSansArmenian",
    "NotoSansGeorgian",
    "NotoSansDevanagari",
    "NotoSansBengali",
    "NotoSansTamil",
    "NotoSansThai",
    "NotoSansKhmer",
    "NotoSansEthiopic",
    "NotoSansMath",
    "NotoSansSymbols2",
)


def file_of(family: str, style: str) -> Path:
    """The font file nearest to a style (`""`, `B`, `I`, `BI`); a script without italics or bold has none."""
    for candidate in (style, style.replace("I", ""), ""):
        for path in _FOLDER.glob(f"{family}-{_STYLES[candidate]}.*"):
            return path
    raise FileNotFoundError(f"the font {family} is missing from the installation")


@lru_cache(maxsize=2 * len(_FAMILIES))
def unpacked(path: Path) -> bytes:
    """A font file as TrueType, for what reads no WOFF."""
    if path.suffix == ".ttf":
        return path.read_bytes()
    written = BytesIO()
    with TTFont(path, lazy=True, recalcTimestamp=False) as font:
        font.flavor = None
        font.save(written)
    return written.getvalue()


@lru_cache(maxsize=len(_FAMILIES))
def letters_of(family: str) -> frozenset[int]:
    """The code points a family has."""
    with TTFont(file_of(family, ""), lazy=True) as font:
        return frozenset(font.getBestCmap())


@dataclass(slots=True)
class Chooser:
    """Chooses fonts for one document; `missing` collects the letters that no font has.

    `keeps` them as they are: for a document whose reader has fonts of their own.
    """

    missing: set[str] = field(default_factory=set)
    keeps: bool = False

    def split(self, text: str) -> Iterator[tuple[str, str]]:
        """`text` as (family, part) in order. Marks and spaces stay with the letters before them where they can."""
        if letters_of(MAIN).issuperset(map(ord, text)):
            if text:
                yield MAIN, text
            return
        family, part = MAIN, ""
        for letter in text:
            chosen, shown = self._choose(letter, family)
            if chosen != family and part:
                yield family, part
                part = ""
            family, part = chosen, part + shown
        if part:
            yield family, part

    def _choose(self, letter: str, current: str) -> tuple[str, str]:
        code = ord(letter)
        if (not letter.isalnum() or unicodedata.combining(letter)) and code in letters_of(current):
            return current, letter
        for family in _FAMILIES:
            if code in letters_of(family):
                return family, letter
        if unicodedata.category(letter) in {"Cf", "Mn", "Me"}:
            # invisible alone: a selector or mark for a letter that is not here either
            return current, letter if self.keeps else ""
        self.missing.add(letter)
        return MAIN, letter if self.keeps else REPLACEMENT
