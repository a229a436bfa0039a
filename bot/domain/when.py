"""Time as people type it: spans (`7d`), moments (`friday 15:00`), days and time zones.

Words are English, digits of any script. What is understood is always shown back by the caller, in the reader's zone;
how time is written out is not this module's business.
"""

from __future__ import annotations

import functools
import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.errors import Invalid
from bot.domain.hygiene import one_line
from bot.domain.names import nearest
from bot.text import Moment, T, Text, UserText

LONGEST_SPAN: Final = timedelta(days=366)
FARTHEST: Final = timedelta(days=5 * 366)
"""How far ahead a moment may lie: beyond it, a year was mistyped."""

YEARS: Final = range(1990, 2101)
"""The years a day may be in."""

_LONGEST_TYPED: Final = 100
_MOST_DIGITS: Final = 9
_DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-")
_COLONS: Final = dict.fromkeys(map(ord, "\u2236\ua789\uff1a"), ":")
_INVISIBLE: Final = dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF), "")
_TABLE: Final = _DASHES | _COLONS | _INVISIBLE | {0xFF0B: "+"}


def _plain(text: str) -> str:
    return " ".join(text.translate(_TABLE).split())


def _typed(text: str) -> UserText:
    return UserText(one_line(text))


# --- spans ----------------------------------------------------------------------------------------------------------

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
    plain = _plain(text)
    rest = re.sub(r"^(?:\+\s*)?(?:in\b\s*)?", "", plain, flags=re.IGNORECASE)
    if re.match(r"-\s*\d", rest):
        raise Invalid(
            T("“{typed}” goes back in time; a length of time is counted forward.", typed=_typed(text)),
            T("Type it without the minus, for example 24h or 7d."),
            field=field,
        )
    seconds = 0.0
    seen: set[str] = set()
    while rest and len(plain) <= _LONGEST_TYPED:
        part = _SPAN_PART.match(rest)
        if part is None:
            break
        number, unit = part["number"], (part["unit"] or "").lower()
        rest = rest[part.end() :]
        if not unit:
            raise _no_span(text, field) if rest else _without_unit(text, number, field)
        if unit in _UNMEASURED:
            raise Invalid(
                T("“{typed}” is not an exact length: months and years differ.", typed=_typed(text)),
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
            T("“{typed}” is longer than {most} days, the most there can be.", typed=_typed(text), most=366),
            T("Type a shorter time, for example 7d, 2w or 180d."),
            field=field,
        )
    span = timedelta(seconds=round(seconds))
    if not span:
        raise Invalid(
            T("“{typed}” is no time at all.", typed=_typed(text)),
            T("Type at least a minute, for example 5m, 24h or 7d."),
            field=field,
        )
    return span


def _no_span(text: str, field: str | None) -> Invalid:
    return Invalid(
        T("“{typed}” is not a length of time.", typed=_typed(text)),
        T("Type a number and a unit, for example 90m, 24h, 7d, 2w or 1d12h."),
        field=field,
    )


def _without_unit(text: str, number: str, field: str | None) -> Invalid:
    if not number[0].isdigit() or len(number) > _MOST_DIGITS:
        return _no_span(text, field)
    return Invalid(
        T("In “{typed}”, {number} has no unit: it may be hours or days.", typed=_typed(text), number=UserText(number)),
        T("Add the unit, for example {hours} for hours or {days} for days.", hours=f"{number}h", days=f"{number}d"),
        field=field,
    )


# --- time zones -----------------------------------------------------------------------------------------------------

_OFFSET: Final = re.compile(r"(?:(?:utc|gmt)\s*)?([+-])(\d{1,2})(?::?(\d\d))?", re.IGNORECASE)
_LARGEST_OFFSET: Final = timedelta(hours=14)
_NOT_PLACES: Final = frozenset({"localtime", "Factory", "posixrules"})
_ABBREVIATION: Final = re.compile(r"[A-Z]{2,5}")


@functools.cache
def _zones() -> dict[str, str]:
    """Every IANA name by how it may be typed."""
    return {name.casefold(): name for name in sorted(available_timezones() - _NOT_PLACES)}


def known_zone(name: str, *, field: str | None = None) -> str:
    """The IANA name of a time zone, whatever its case and with spaces for underscores: `america/sao paulo`.

    Raises `Invalid` for one that is not known, with the nearest. The names are read from the machine's zone data (or
    the tzdata package) once, when first needed.
    """
    zones = _zones()
    typed = _plain(name)
    found = zones.get(typed.casefold().replace(" ", "_"))
    if found is not None:
        return found
    what = T("“{zone}” is not a time zone known here.", zone=_typed(name))
    near: tuple[str, ...] = ()
    if _OFFSET.fullmatch(typed):
        what = T("“{zone}” is not a time zone: it does not say when clocks change for the summer.", zone=_typed(name))
    elif _ABBREVIATION.fullmatch(typed):
        what = T("“{zone}” is not a time zone known here: most abbreviations stand for several.", zone=_typed(name))
    else:
        near = nearest(one_line(typed), [zone for zone in zones.values() if not zone.startswith("Etc/")], 1)
    if near:
        step = T("Did you mean {zone}? Zones have the name of a large city.", zone=near[0])
    else:
        step = T("Type the zone of a large city, for example Europe/Zurich or America/Sao_Paulo, or UTC.")
    raise Invalid(what, step, field=field)


def _zone(typed: str, field: str | None) -> tuple[tzinfo, str]:
    """The zone, and the name under which a moment in it may be shown."""
    offset = _OFFSET.fullmatch(typed)
    if offset is None:
        name = "UTC" if typed in {"z", "Z"} else known_zone(typed, field=field)
        return ZoneInfo(name), name
    ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    if ahead > _LARGEST_OFFSET:
        raise Invalid(
            T("No place on earth is “{typed}” away from UTC.", typed=_typed(typed)),
            T("Type the offset like +02:00, or the zone of a large city, for example Europe/Zurich."),
            field=field,
        )
    return timezone(ahead if offset[1] == "+" else -ahead), "UTC"


# --- days -----------------------------------------------------------------------------------------------------------

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT: Final = 3  # letters that tell months and days apart
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
    plain = _plain(text)
    found = _take_day(plain, text, field) if len(plain) <= _LONGEST_TYPED else None
    if found is None or found[1]:
        raise Invalid(
            T("“{typed}” is not a date.", typed=_typed(text)),
            T("Type year, month and day, for example 2026-12-01 or 1 December 2026."),
            field=field,
        )
    return found[0]


def _take_day(plain: str, text: str, field: str | None, today: date | None = None) -> tuple[date, str] | None:
    """The day `plain` begins with, and the rest; None where it begins with something else. `today` is for examples."""
    if two_ways := _TWO_WAYS.match(plain):
        raise _read_two_ways(two_ways, text, field)
    if iso := _ISO.match(plain):
        return _day(int(iso["year"]), int(iso["number"]), int(iso["day"]), text, field), plain[iso.end() :].lstrip()
    for pattern in _WORDED:
        if found := pattern.match(plain):
            month = next(n for n, name in enumerate(_MONTHS, 1) if name[:_SHORT] == found["month"][:_SHORT].title())
            day = int(found["day"])
            if found["year"] is None:
                year = today.year + ((month, day) < (today.month, today.day)) if today else 2027
                raise Invalid(
                    T("“{typed}” does not say which year.", typed=_typed(text)),
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
                typed=_typed(text),
                year=str(year),
                first=str(YEARS.start),
                last=str(YEARS.stop - 1),
            ),
            T("Check the year and type the date again, for example 2026-12-01."),
            field=field,
        )
    if not 1 <= month <= len(_MONTHS):
        raise Invalid(
            T("“{typed}” does not exist: there is no month {month}.", typed=_typed(text), month=month),
            T("Type year, month and day in this order, for example 2026-12-01 for 1 December 2026."),
            field=field,
        )
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    if not 1 <= day <= last:
        raise Invalid(
            T(
                "“{typed}” does not exist: {month} has {days} days.",
                typed=_typed(text),
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
        T("“{typed}” is read in two ways: some write the day first, some the month.", typed=_typed(text)),
        T("Type the year first, for example {example}.", example=examples),
        field=field,
    )


# --- moments --------------------------------------------------------------------------------------------------------

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
    there, shown = _zone(zone, field)
    plain = _plain(text)
    if len(plain) > _LONGEST_TYPED:
        raise _not_understood(text, None, now, field)
    read = _read(plain, text, now.astimezone(there).date(), field)
    if read.day is None and read.word is None and read.clock is None:
        if not _SPAN_LIKE.match(plain):
            raise _not_understood(text, None, now, field)
        if neither := _HOUR_OR_HOURS.fullmatch(plain):
            raise _hour_or_hours(neither, text, field)
        return now + parse_span(text, field=field)
    if read.zone:
        if not _may_be_zone(read.zone):
            raise _not_understood(text, read.zone, now, field)
        there, shown = _zone(read.zone, field)
    for day in _days(read, now.astimezone(there).date(), text, field):
        at, skipped = _instant(day, read.clock, there, now)
        if at <= now:
            continue
        if skipped:
            raise _in_gap(at, datetime.combine(day, read.clock or _END_OF_DAY), there, shown, field)
        if at - now > FARTHEST:
            raise Invalid(
                T("“{typed}” is more than five years away: {at}.", typed=_typed(text), at=Moment(at, shown)),
                T("Check the year, or type a nearer time, for example {example}.", example=_example(now)),
                field=field,
            )
        return at
    raise Invalid(
        T("“{typed}” has passed: it is now {now}.", typed=_typed(text), now=Moment(now, shown)),
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
        elif day is None and (taken := _take_day(rest, text, field, today)):
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


def _may_be_zone(rest: str) -> bool:
    """Whether the rest is meant as a zone: then it is worth saying which zone it may be."""
    name = rest.casefold().replace(" ", "_")
    return (
        name in _zones()
        or any(zone.endswith(f"/{name}") for zone in _zones())
        or _OFFSET.fullmatch(rest) is not None
        or "/" in rest
        or _ABBREVIATION.fullmatch(rest) is not None
        or rest in {"z", "Z"}
    )


def _days(read: _Read, today: date, text: str, field: str | None) -> tuple[date, ...]:
    """The days that may be meant, soonest first."""
    named: tuple[date, ...]
    if read.word is None:
        named = (today, today + timedelta(days=1), today + timedelta(days=2))
    elif read.word in {"today", "tomorrow"}:
        named = (today + timedelta(days=int(read.word == "tomorrow")),)
    else:
        weekday = next(n for n, name in enumerate(_DAYS) if name[:_SHORT].lower() == read.word[:_SHORT])
        first = today + timedelta(days=(weekday - today.weekday()) % 7)
        named = (first, first + timedelta(days=7))
        if read.day and read.day.weekday() == weekday:
            return (read.day,)
    if read.day and read.word and read.day not in named:
        raise Invalid(
            T(
                "“{typed}” does not fit together: {date} is a {weekday}.",
                typed=_typed(text),
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
    weekday = next(n for n, name in enumerate(_DAYS) if name[:_SHORT] == found[1].title())
    coming = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return Invalid(
        T(
            "“{typed}” is read in two ways: the coming {weekday}, or the one after.",
            typed=_typed(text),
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
        T("“{typed}” may be a time of day or a length of time.", typed=_typed(text)),
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
        what = T("“{typed}” is not a time that is understood here.", typed=_typed(text))
    else:
        what = T("In “{typed}”, “{part}” is not understood.", typed=_typed(text), part=_typed(part))
    return Invalid(
        what,
        T("Type for example 24h, 7d, 15:00, tomorrow 15:00, friday 15:00 or {example}.", example=_example(now)),
        field=field,
    )


def _example(now: datetime) -> str:
    """A day that will do, whenever this is read."""
    return f"{now + timedelta(days=7):%Y-%m-%d} 15:00"
