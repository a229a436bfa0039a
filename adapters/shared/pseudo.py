"""The pseudo-locale: English with an accent on each letter, in brackets, a third longer.

Whoever sees a plain sentence in it has found one that no translator can reach; whoever sees a bracket missing, a place
where text is cut. It is chosen like any language (`en-XA`), and needs no catalog.
"""

from __future__ import annotations

import re
from typing import Final

_ACCENTED: Final = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž",
)
_PLACE: Final = re.compile(r"(\{\w+\})")
_LETTER: Final = re.compile(r"[A-Za-z]")
_LONGER: Final = 0.3


def accented(text: str) -> str:
    """Letters that read the same and are none of ASCII."""
    return text.translate(_ACCENTED)


def pseudo(message: str) -> str:
    """`[Ţĥé {body} åĝŕééš. ~~~~]`; a message of nothing but places is nobody's sentence, and stays."""
    pieces = _PLACE.split(message)
    words = "".join(pieces[::2])
    if not _LETTER.search(words):
        return message
    inside = "".join(piece if number % 2 else accented(piece) for number, piece in enumerate(pieces))
    return f"[{inside} {'~' * max(1, round(len(words) * _LONGER))}]"


class Pseudo:
    """A catalog that has every sentence."""

    def gettext(self, message: str) -> str:
        """A sentence."""
        return pseudo(message)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """A counted sentence, as English counts."""
        return pseudo(singular if count == 1 else plural)
