"""Moments as people type them: a time, a day or both, in a zone (`friday 15:00`), or a span from now (`7d`).

What is understood is always shown back by the caller, in the reader's zone; how time is written out is not this
module's business.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, NamedTuple

from bot.domain.days import SHORT, take_day
from bot.domain.errors import Invalid
from bot.domain.spans import parse_span
from bot.domain.typed import LONGEST_TYPED, as_typed, plainly
from bot.domain.zones import may_be_zone, read_zone
from bot.text import Moment, T, Text, UserText

FARTHEST: Final = timedelta(days=5 * 366)
"""How far ahead a moment may lie: beyond it, a year was mistyped."""

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_END_OF_DAY: Final = time(23, 59)
_FILLER: Final = re.compile(r"(?:at|on|by|until|this)\b\s*|,\s*", re.IGNORECASE)
_NEXT_DAY: Final = re.compile(r"next (mon|tue|wed|thu|fri|sat|sun)[a-z]*", re.IGNORECASE)
_WORD: Final = re.compile(
    r"(?P<word>today|tomorrow|(?:mon|tues?|wed(?:nes|s)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?)\b\.?", re.IGNORECASE
)
_TWELVE_HOURS: Final = re.compile(r"(?P<h>\d{1,2})(?:[:.](?P<m>\d\d))?\s*(?P<half>[ap])\.?m\b\.?", re.IGNORECASE)
_CLOCK: Final = re.compile(r"(?P<h>\d{1,2}):(?P<m>\d\d)(?::(?P<s>\d\d)(?:[.,]\d+)?)?(?![\d:])")
_CLOCK_AFTER_DAY: Final = re.compile(r"(?P<h>\d{1,2})(?:[.h](?P<m>\d\d)(?!\d)|h\b)", re.IGNORECASE)
_NOON: Final = 12
_SPAN_LIKE: Final = re.compile(r"[+-]?\s*(?:in\s+)?(?:\d|an?\s|one\s)", re.IGNORECASE)
_HOUR_OR_HOURS: Final = re.compile(r"([1-9]|[0-9]{2})(?:[.h]([0-5]\d))?", re.IGNORECASE)  # 15, 15.00, 15h30


class _Read(NamedTuple):
    """What was typed, in its parts."""

    day: date | None
    word: str | None
    clock: time | None
    zone: str


def parse_when(text: str, now: datetime, zone: str, *, field: str | None = None) -> datetime:
    """The moment `text` means, in UTC, always later than `now` (aware). `zone` is the IANA zone of whoever typed it.

    - a span from now: `24h`, `+7d`, `in 2 weeks`;
    - a day and a time, in either order: `2026-12-01 15:00`, `2026-12-01T15:00`, `1 December 2026 3pm`, `today 15:00`,
      `tomorrow 15:00`, `friday 15:00` (the next such moment, today included);
    - a time alone: the next such time of day;
    - a day alone: its end, 23:59 (where clocks skip that minute, the last before; where they repeat it, the second).

    A zone at the end holds for that text: `Z`, `UTC`, `+01:00`, `UTC+1`, `Europe/Zurich`. A time that clocks show twice
    is the first of the two still to come. Raises `Invalid` for what is past, more than five years away, skipped by
    clocks going forward, or not understood; `ValueError` for a naive `now`.
    """
    if now.tzinfo is None:
        message = "now has no time zone"
        raise ValueError(message)
    now = now.astimezone(UTC)
    there, shown = read_zone(zone, field)
    plain = plainly(text)
    if len(plain) > LONGEST_TYPED:
        raise _not_understood(text, None, now, field)
    read = _read(plain, text, now.astimezone(there).date(), field)
    if read.day is None and read.word is None and read.clock is None:
        if not _SPAN_LIKE.match(plain):
            raise _not_understood(text, None, now, field)
        if neither := _HOUR_OR_HOURS.fullmatch(plain):
            raise _hour_or_hours(neither, text, field)
        return now + parse_span(text, field=field)
    if read.zone:
        if not may_be_zone(read.zone):
            raise _not_understood(text, read.zone, now, field)
        there, shown = read_zone(read.zone, field)
    for day in _days(read, now.astimezone(there).date(), text, field):
        at, skipped = _instant(day, read.clock, there, now)
        if at <= now:
            continue
        if skipped:
            raise _in_gap(at, datetime.combine(day, read.clock or _END_OF_DAY), there, shown, field)
        if at - now > FARTHEST:
            raise Invalid(
                T("“{typed}” is more than five years away: {at}.", typed=as_typed(text), at=Moment(at, shown)),
                T("Check the year, or type a nearer time, for example {example}.", example=_example(now)),
                field=field,
            )
        return at
    raise Invalid(
        T("“{typed}” has passed: it is now {now}.", typed=as_typed(text), now=Moment(now, shown)),
        T("Type a later time, for example {example} or 24h.", example=_example(now)),
        field=field,
    )


def _read(plain: str, text: str, today: date, field: str | None) -> _Read:
    """Takes a day, a word for a day and a time off the front, each once and in any order; the rest is a zone."""
    if found := _NEXT_DAY.match(plain):
        raise _next_what(found, text, today, field)
    day: date | None = None
    word: str | None = None
    clock: time | None = None
    rest = plain
    while rest:
        if filler := _FILLER.match(rest):
            rest = rest[filler.end() :]
        elif day is None and (taken := take_day(rest, text, field, today)):
            day, rest = taken
        elif word is None and (found := _WORD.match(rest)):
            word, rest = found["word"].lower(), rest[found.end() :].lstrip()
        elif clock is None and (
            found := _TWELVE_HOURS.match(rest)
            or _CLOCK.match(rest)
            or (_CLOCK_AFTER_DAY.match(rest) if day or word else None)
        ):
            clock, rest = _time(found, field), rest[found.end() :].lstrip()
        else:
            break
    return _Read(day, word, clock, rest)


def _time(found: re.Match[str], field: str | None) -> time:
    parts = found.groupdict()
    hour, minute, second = (int(parts.get(part) or 0) for part in "hms")
    half = parts.get("half")
    try:
        if half and hour in range(1, _NOON + 1):
            return time(hour % _NOON + (_NOON if half in "pP" else 0), minute)
        return time(-1 if half else hour, minute, second)
    except ValueError:
        raise Invalid(
            T("“{clock}” is not a time of day.", clock=UserText(found[0])),
            T("Type hours from 00 to 23 and minutes from 00 to 59, for example 15:00 or 23:59."),
            field=field,
        ) from None


def _days(read: _Read, today: date, text: str, field: str | None) -> tuple[date, ...]:
    """The days that may be meant, soonest first."""
    named: tuple[date, ...]
    if read.word is None:
        named = (today, today + timedelta(days=1), today + timedelta(days=2))
    elif read.word in {"today", "tomorrow"}:
        named = (today + timedelta(days=int(read.word == "tomorrow")),)
    else:
        weekday = next(n for n, name in enumerate(_DAYS) if name[:SHORT].lower() == read.word[:SHORT])
        first = today + timedelta(days=(weekday - today.weekday()) % 7)
        named = (first, first + timedelta(days=7))
        if read.day and read.day.weekday() == weekday:
            return (read.day,)
    if read.day and read.word and read.day not in named:
        raise Invalid(
            T(
                "“{typed}” does not fit together: {date} is a {weekday}.",
                typed=as_typed(text),
                date=read.day.isoformat(),
                weekday=_DAYS[read.day.weekday()],
            ),
            T("Type the date alone, for example {example} 15:00.", example=read.day.isoformat()),
            field=field,
        )
    return (read.day,) if read.day else named


def _instant(day: date, clock: time | None, there: tzinfo, now: datetime) -> tuple[datetime, bool]:
    """When it is `clock` on `day`, in UTC, and whether clocks skip that time (then: as much later as they skip)."""
    local = datetime.combine(day, clock or _END_OF_DAY, there)
    if clock is None:
        at = local.replace(fold=1).astimezone(UTC)
        while at.astimezone(there).replace(tzinfo=None) != local.replace(tzinfo=None):
            local -= timedelta(hours=1)
            at = local.astimezone(UTC)
        return at, False
    at = local.astimezone(UTC)
    skipped = at.astimezone(there).replace(tzinfo=None) != local.replace(tzinfo=None)
    return (at if skipped or at > now else local.replace(fold=1).astimezone(UTC)), skipped


def _in_gap(at: datetime, local: datetime, there: tzinfo, zone: str, field: str | None) -> Invalid:
    after = at.astimezone(there)
    return Invalid(
        T(
            "{time} does not exist on {date} in {zone}: clocks go forward and skip it.",
            time=f"{local:%H:%M}",
            date=f"{local:%Y-%m-%d}",
            zone=zone,
        ),
        T("Type the time clocks will show instead, for example {example}.", example=f"{after:%Y-%m-%d %H:%M}"),
        field=field,
    )


def _next_what(found: re.Match[str], text: str, today: date, field: str | None) -> Invalid:
    weekday = next(n for n, name in enumerate(_DAYS) if name[:SHORT] == found[1].title())
    coming = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return Invalid(
        T(
            "“{typed}” is read in two ways: the coming {weekday}, or the one after.",
            typed=as_typed(text),
            weekday=_DAYS[weekday],
        ),
        T(
            "Type the date, for example {first} 15:00 or {second} 15:00.",
            first=coming.isoformat(),
            second=(coming + timedelta(days=7)).isoformat(),
        ),
        field=field,
    )


def _hour_or_hours(found: re.Match[str], text: str, field: str | None) -> Invalid:
    hour, minute = int(found[1]), found[2] or "00"
    return Invalid(
        T("“{typed}” may be a time of day or a length of time.", typed=as_typed(text)),
        T(
            "Type for example {clock} for the time of day, or {hours} for hours from now.",
            clock=f"{hour:02}:{minute}" if hour < 24 else "15:00",  # noqa: PLR2004 - hours in a day
            hours=f"{hour}h",
        ),
        field=field,
    )


def _not_understood(text: str, part: str | None, now: datetime, field: str | None) -> Invalid:
    what: Text
    if part is None:
        what = T("“{typed}” is not a time that is understood here.", typed=as_typed(text))
    else:
        what = T("In “{typed}”, “{part}” is not understood.", typed=as_typed(text), part=as_typed(part))
    return Invalid(
        what,
        T("Type for example 24h, 7d, 15:00, tomorrow 15:00, friday 15:00 or {example}.", example=_example(now)),
        field=field,
    )


def _example(now: datetime) -> str:
    """A day that will do, whenever this is read."""
    return f"{now + timedelta(days=7):%Y-%m-%d} 15:00"
