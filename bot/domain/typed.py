"""What people type of time, before anything is read in it: its characters made plain, and as it is quoted to them.

Reading it is for `spans`, `zones`, `days` and `when`: words are English, digits of any script.
"""

from __future__ import annotations

from typing import Final

from bot.domain.hygiene import one_line
from bot.text import UserText

LONGEST_TYPED: Final = 100
"""Characters; more of them are no time, and are not read."""

_DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-")
_COLONS: Final = dict.fromkeys(map(ord, "\u2236\ua789\uff1a"), ":")
_INVISIBLE: Final = dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF), "")
_TABLE: Final = _DASHES | _COLONS | _INVISIBLE | {0xFF0B: "+"}


def plainly(text: str) -> str:
    """With the dashes, colons and spaces of a keyboard, and nothing that cannot be seen."""
    return " ".join(text.translate(_TABLE).split())


def as_typed(text: str) -> UserText:
    """For a sentence that quotes it."""
    return UserText(one_line(text))
