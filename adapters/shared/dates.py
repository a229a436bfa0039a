"""Days, times of day and cities as a language writes them: Unicode's CLDR, by Babel; English as it always was, without.

Digits are the Western ones in every language: what is shown is typed again (`/wg show 3`), and a page has one set.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from adapters.shared.pseudo import accented
from bot.domain.languages import PSEUDO

if TYPE_CHECKING:
    from babel import Locale

_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(at: datetime, language: str, *, year: bool = False) -> str:
    """`Fri 27 Nov`, `ven. 27 nov.`; with the `year` too."""
    locale = _locale(language)
    if locale is None:
        text = f"{_WEEKDAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]}"
        text = f"{text} {at.year}" if year else text
        return accented(text) if language == PSEUDO else text

    from babel.dates import format_skeleton

    return format_skeleton("yMMMEd" if year else "MMMEd", at.replace(tzinfo=None), locale=locale)


def month(at: datetime, language: str) -> str:
    """`Nov 2026`, `nov. 2026`."""
    locale = _locale(language)
    if locale is None:
        text = f"{_MONTHS[at.month - 1]} {at.year}"
        return accented(text) if language == PSEUDO else text

    from babel.dates import format_skeleton

    return format_skeleton("yMMM", at.replace(tzinfo=None), locale=locale)


def city(zone: str, language: str) -> str:
    """The city people know a zone by: `Buenos Aires`, `Zurich`, `القاهرة`."""
    english = zone.rpartition("/")[2].replace("_", " ")
    locale = _locale(language)
    if locale is None:
        return accented(english) if language == PSEUDO else english

    known = locale.time_zones
    names = (known[each].get("city") for each in (zone, *_older_names(zone)) if each in known)
    return next((name for name in names if name), english)


def _older_names(zone: str) -> list[str]:
    """What else a zone was called: CLDR keeps its cities under the first name there was (`Asia/Calcutta`)."""
    from babel.core import get_global

    return [older for older, newer in get_global("zone_aliases").items() if newer == zone]


def _locale(language: str) -> Locale | None:
    """A language's data; None for English and for what has none."""
    if language.lower().partition("-")[0] in {"", "en"}:
        return None

    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return None
