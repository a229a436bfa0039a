"""When a consensus check closes, and what moves its close.

Every instant is timezone-aware, every result in UTC. Nothing here reads the clock or remembers: who calls passes the
times, stores the answer and tells the members. What holds at the close is the matter of `assessments`.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.working_hours import WEEK

MINIMUM_LAZY = timedelta(hours=72)
"""The shortest window in which silence may be read as assent: the Apache projects' customary three days."""

NEED_TIME_EXTENSION = timedelta(hours=48)
"""What the first *Need time* of a check adds to its close."""

LATE_OBJECTION = timedelta(hours=24)
"""How long before the close an objection is late: the others must still have time to answer it."""

LATE_OBJECTION_EXTENSION = timedelta(hours=48)
"""How long a check stays open after a late objection, counted from the objection and not from the close."""

MAXIMUM_EXTENSION = timedelta(days=7)
"""All extensions of a check together, counted from the close first announced."""


def in_utc(at: datetime) -> datetime:
    """The same instant in UTC, where adding hours is exact (in a zone it moves the wall clock, DST or not).

    Raises ValueError for a time without a zone: nobody can say which instant it is.
    """
    if at.utcoffset() is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    return at.astimezone(UTC)


def after_need_time(closes_at: datetime, original_closes_at: datetime, used: bool) -> datetime | None:
    """The close after a member says *Need time*: 48 hours later, once a check. None where it stays.

    `used`: an earlier *Need time* has moved this check already. `original_closes_at`: the close first announced.
    """
    if used:
        return None
    return _later(closes_at, original_closes_at, in_utc(closes_at) + NEED_TIME_EXTENSION)


def after_objection(
    closes_at: datetime, original_closes_at: datetime, now: datetime, first_objection_of_person: bool
) -> datetime | None:
    """The close after an objection received at `now` in the last 24 hours: 48 hours after it. None where it stays.

    Only a person's first objection to a check moves its close: nobody keeps a check open by objecting again. At the
    close and after it nothing moves, the window is over. `original_closes_at`: the close first announced.
    """
    left = in_utc(closes_at) - in_utc(now)
    if not first_objection_of_person or not timedelta(0) < left <= LATE_OBJECTION:
        return None
    return _later(closes_at, original_closes_at, in_utc(now) + LATE_OBJECTION_EXTENSION)


def working_close(at: datetime, zone: str, holidays: AbstractSet[date], workdays: AbstractSet[int] = WEEK) -> datetime:
    """The close `at`; from a weekend or holiday in `zone` moved to the same wall-clock time of the next working day.

    It is for the close first announced. Extensions stay where they fall: people are told "48 hours", which a moved
    close would not be, and the next working day may lie beyond the 7 days. `zone` is an IANA name, `holidays` are
    dates there, `workdays` are numbered as `date.weekday` does (Monday is 0).

    A wall-clock time that a DST change skips moves on by what was skipped (02:30 becomes 03:30); of one that comes
    twice the first is taken (RFC 5545 §3.3.5). Raises ValueError where no day of the week is a working day.
    """
    if workdays.isdisjoint(range(7)):
        raise ValueError("no day of the week is a working day")
    there = ZoneInfo(zone)
    instant = in_utc(at)
    local = instant.astimezone(there)
    wall = local.time().replace(fold=0)
    while local.weekday() not in workdays or local.date() in holidays:
        # By way of UTC, which makes a skipped time real; its day is looked at anew (Samoa had no 30 December 2011).
        instant = datetime.combine(local.date() + timedelta(days=1), wall, there).astimezone(UTC)
        local = instant.astimezone(there)
    return instant


def _later(closes_at: datetime, original_closes_at: datetime, wished: datetime) -> datetime | None:
    """The wished close, within `MAXIMUM_EXTENSION` of the original one. None where that is not later than planned."""
    capped = min(wished, in_utc(original_closes_at) + MAXIMUM_EXTENSION)
    return capped if capped > in_utc(closes_at) else None
