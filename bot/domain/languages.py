"""The languages wgbot speaks. Which one a person reads is theirs to say; until they do, their platform's, then the community's."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.errors import Invalid
from bot.text import T, UserText, joined

LANGUAGES: Final = {"en": "English", "fr": "français", "ar": "العربية"}
"""Those with a catalog (English needs none), each by its own name."""

PSEUDO: Final = "en-XA"
"""English that looks foreign: what stays plain in it cannot be translated. For whoever works on wgbot."""

_TAG: Final = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*", re.IGNORECASE)


def spoken(typed: str) -> str:
    """A language as BCP 47 writes it (platforms write `fr_CH`), by tag or by its own name; "" where wgbot does not speak it."""
    tag = typed.strip().replace("_", "-")
    for known, name in LANGUAGES.items():
        if tag.casefold() == name.casefold():
            return known
    if _TAG.fullmatch(tag) and tag.lower().partition("-")[0] in LANGUAGES:
        return tag
    return ""


def read_language(typed: str, field: str) -> str:
    """A language wgbot speaks. Raises `Invalid`."""
    found = spoken(typed)
    if not found:
        known = joined([T("{name} ({tag})", name=name, tag=tag) for tag, name in LANGUAGES.items()], ", ")
        raise Invalid(
            T("wgbot does not speak {typed}.", typed=UserText(typed)),
            T("It speaks {languages}.", languages=known),
            field=field,
        )
    return found


def language_named(language: str) -> str:
    """What a language calls itself: `français` for `fr-CH`."""
    return LANGUAGES.get(language.lower().partition("-")[0], language) if language != PSEUDO else PSEUDO
