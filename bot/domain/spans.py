"""Lengths of time as people type them: `24h`, `7d`, `2 weeks and 1 day`.

From when one is counted is not this module's business: `when` counts from now.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from bot.domain.errors import Invalid
from bot.domain.typed import LONGEST_TYPED, as_typed, plainly
from bot.text import T, UserText

LONGEST_SPAN: Final = timedelta(days=366)

_MOST_DIGITS: Final = 9
_SECONDS: Final = {"w": 7 * 86400, "d": 86400, "h": 3600, "m": 60}
_SPAN_PART: Final = re.compile(
    r"(?P<number>\d+(?:[.,]\d\d?(?!\d))?|an?\b|one\b)\s*"
    r"(?P<unit>w(?:ee)?ks?|w|days?|d|h(?:ou)?rs?|h|min(?:ute)?s?|m|months?|years?|mo|y)?(?![^\W\d_])"
    r"(?:\s*,)?(?:\s+and\b)?\s*",
    re.IGNORECASE,
)
_UNMEASURED: Final = frozenset({"mo", "month", "months", "y", "year", "years"})


def parse_span(text: str, *, field: str | None = None) -> timedelta:
    """A length of time: `24h`, `90m`, `7d`, `2w`, `1d12h`, `1.5h`, `7 days`, `2 weeks and 1 day`, `+7d`, `in 7 days`.

    Positive, at most 366 days. `m` is minutes. Months and years are refused: they have no fixed length. Raises
    `Invalid`.
    """
    plain = plainly(text)
    rest = re.sub(r"^(?:\+\s*)?(?:in\b\s*)?", "", plain, flags=re.IGNORECASE)
    if re.match(r"-\s*\d", rest):
        raise Invalid(
            T("“{typed}” goes back in time; a length of time is counted forward.", typed=as_typed(text)),
            T("Type it without the minus, for example 24h or 7d."),
            field=field,
        )
    seconds = 0.0
    seen: set[str] = set()
    while rest and len(plain) <= LONGEST_TYPED:
        part = _SPAN_PART.match(rest)
        if part is None:
            break
        number, unit = part["number"], (part["unit"] or "").lower()
        rest = rest[part.end() :]
        if not unit:
            raise _no_span(text, field) if rest else _without_unit(text, number, field)
        if unit in _UNMEASURED:
            raise Invalid(
                T("“{typed}” is not an exact length: months and years differ.", typed=as_typed(text)),
                T("Count weeks or days, for example 4w or 30d, or type a date, for example 1 December 2026."),
                field=field,
            )
        if unit[0] in seen or len(number) > _MOST_DIGITS:
            raise _no_span(text, field)
        seen.add(unit[0])
        seconds += (float(number.replace(",", ".")) if number[0].isdigit() else 1) * _SECONDS[unit[0]]
    if rest or not seen:
        raise _no_span(text, field)
    if seconds > LONGEST_SPAN.total_seconds():
        raise Invalid(
            T("“{typed}” is longer than {most} days, the most there can be.", typed=as_typed(text), most=366),
            T("Type a shorter time, for example 7d, 2w or 180d."),
            field=field,
        )
    span = timedelta(seconds=round(seconds))
    if not span:
        raise Invalid(
            T("“{typed}” is no time at all.", typed=as_typed(text)),
            T("Type at least a minute, for example 5m, 24h or 7d."),
            field=field,
        )
    return span


def _no_span(text: str, field: str | None) -> Invalid:
    return Invalid(
        T("“{typed}” is not a length of time.", typed=as_typed(text)),
        T("Type a number and a unit, for example 90m, 24h, 7d, 2w or 1d12h."),
        field=field,
    )


def _without_unit(text: str, number: str, field: str | None) -> Invalid:
    if not number[0].isdigit() or len(number) > _MOST_DIGITS:
        return _no_span(text, field)
    return Invalid(
        T(
            "In “{typed}”, {number} has no unit: it may be hours or days.",
            typed=as_typed(text),
            number=UserText(number),
        ),
        T("Add the unit, for example {hours} for hours or {days} for days.", hours=f"{number}h", days=f"{number}d"),
        field=field,
    )
