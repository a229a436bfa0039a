"""Days as people type them, each with its year: `2026-12-01`, `1 December 2026`."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from bot.domain.errors import Invalid
from bot.domain.typed import LONGEST_TYPED, as_typed, plainly
from bot.text import T

YEARS: Final = range(1990, 2101)
"""The years a day may be in."""

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SHORT: Final = 3  # letters that tell months and days apart
_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b(?!:)"
_YEAR: Final = r"(?:[\s,-]+(?P<year>\d{4})\b(?!:))?"
_ISO: Final = re.compile(
    r"(?P<year>\d{4})([-/.])(?P<number>\d{1,2})\2(?P<day>\d{1,2})(?!\d)(?:t(?=\d))?", re.IGNORECASE
)
_WORDED: Final = (
    re.compile(rf"{_DAY}(?:\s+of)?[\s-]*{_MONTH}{_YEAR}", re.IGNORECASE),
    re.compile(rf"{_MONTH}[\s-]*{_DAY}{_YEAR}", re.IGNORECASE),
)
_TWO_WAYS: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d\d)(?!\d)")


def parse_day(text: str, *, field: str | None = None) -> date:
    """A day with its year: `2026-12-01`, `1 December 2026`, `Dec 1, 2026`.

    `01/12/2026` is refused, being two different days in two parts of the world; so are days that do not exist and years
    outside 1990-2100. Raises `Invalid`.
    """
    plain = plainly(text)
    found = take_day(plain, text, field) if len(plain) <= LONGEST_TYPED else None
    if found is None or found[1]:
        raise Invalid(
            T("“{typed}” is not a date.", typed=as_typed(text)),
            T("Type year, month and day, for example 2026-12-01 or 1 December 2026."),
            field=field,
        )
    return found[0]


def take_day(plain: str, text: str, field: str | None, today: date | None = None) -> tuple[date, str] | None:
    """The day `plain` begins with, and the rest; None where it begins with something else. `today` is for examples."""
    if two_ways := _TWO_WAYS.match(plain):
        raise _read_two_ways(two_ways, text, field)
    if iso := _ISO.match(plain):
        return _day(int(iso["year"]), int(iso["number"]), int(iso["day"]), text, field), plain[iso.end() :].lstrip()
    for pattern in _WORDED:
        if found := pattern.match(plain):
            month = next(n for n, name in enumerate(_MONTHS, 1) if name[:SHORT] == found["month"][:SHORT].title())
            day = int(found["day"])
            if found["year"] is None:
                year = today.year + ((month, day) < (today.month, today.day)) if today else 2027
                raise Invalid(
                    T("“{typed}” does not say which year.", typed=as_typed(text)),
                    T("Add the year, for example {example}.", example=f"{day} {_MONTHS[month - 1]} {year}"),
                    field=field,
                )
            return _day(int(found["year"]), month, day, text, field), plain[found.end() :].lstrip()
    return None


def _day(year: int, month: int, day: int, text: str, field: str | None) -> date:
    if year not in YEARS:
        raise Invalid(
            T(
                "“{typed}” is in the year {year}; days here lie between {first} and {last}.",
                typed=as_typed(text),
                year=str(year),
                first=str(YEARS.start),
                last=str(YEARS.stop - 1),
            ),
            T("Check the year and type the date again, for example 2026-12-01."),
            field=field,
        )
    if not 1 <= month <= len(_MONTHS):
        raise Invalid(
            T("“{typed}” does not exist: there is no month {month}.", typed=as_typed(text), month=month),
            T("Type year, month and day in this order, for example 2026-12-01 for 1 December 2026."),
            field=field,
        )
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    if not 1 <= day <= last:
        raise Invalid(
            T(
                "“{typed}” does not exist: {month} has {days} days.",
                typed=as_typed(text),
                month=f"{_MONTHS[month - 1]} {year}",
                days=last,
            ),
            T("Type another day, for example {example}.", example=date(year, month, last).isoformat()),
            field=field,
        )
    return date(year, month, day)


def _read_two_ways(found: re.Match[str], text: str, field: str | None) -> Invalid:
    first, second = int(found[1]), int(found[2])
    year = int(found[3]) + (0 if len(found[3]) > 2 else 2000)  # noqa: PLR2004 - two digits
    readings = []
    for day, month in ((first, second), (second, first)):
        try:
            readings.append(date(year, month, day).isoformat())
        except ValueError:
            continue
    examples = " or ".join(dict.fromkeys(readings)) or "2026-12-01"
    return Invalid(
        T("“{typed}” is read in two ways: some write the day first, some the month.", typed=as_typed(text)),
        T("Type the year first, for example {example}.", example=examples),
        field=field,
    )
