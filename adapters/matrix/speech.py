"""Words for Matrix, twice: as the plain body that every client and notification shows, and as HTML.

Everything people typed is escaped. Nobody is mentioned by a text: whom an event mentions stands beside it (`contents`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Final

from adapters.shared.words import Words
from bot.domain.template import plain
from bot.text import Text

PREFIX: Final = "!wg"
NOTHING: Final = "—"


def escaped(text: str) -> str:
    """Text as HTML shows it, letter for letter."""
    return escape(plain(text), quote=False).replace("\n", "<br>")


@dataclass(frozen=True, slots=True)
class Said:
    """Something said, in both forms."""

    body: str
    html: str

    def __add__(self, other: Said) -> Said:
        return Said(self.body + other.body, self.html + other.html)


class Speech:
    """One reader's language and zone ("": the zone each time was meant in)."""

    def __init__(self, language: str = "en", zone: str = "") -> None:
        self._body = Words(language, zone, PREFIX, escape=plain, code=lambda command: f"`{plain(command)}`")
        self._html = Words(
            language, zone, PREFIX, escape=escaped, code=lambda command: f"<code>{escaped(command)}</code>"
        )

    def say(self, text: Text) -> Said:
        """A sentence."""
        return Said(self._body.say(text), self._html.say(text))

    def body(self, text: Text) -> str:
        """A sentence as plain text."""
        return self._body.say(text)


@lru_cache(64)
def speech(language: str = "en", zone: str = "") -> Speech:
    """The words of a language and zone; kept, because making them looks a catalog up."""
    return Speech(language, zone)


def verbatim(text: str) -> Said:
    """A text as it was typed."""
    clean = plain(text)
    return Said(clean, escaped(clean))
