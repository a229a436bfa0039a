"""When a person works: 09:00 to 17:00, Monday to Friday, unless they said otherwise; in their own zone, off the holidays.

Pure: every instant given is aware, every one returned is UTC. What is done in those hours is the matter of who asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

WEEK: Final = frozenset(range(5))
"""Monday (0) to Friday (4), numbered as `date.weekday` does."""
BEGINS: Final = 9 * 60
ENDS: Final = 17 * 60
"""Minutes since midnight, by the clock on the wall."""
DAY: Final = timedelta(days=1)
LAST_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The working hours in a zone (IANA). `holidays` are dates there; `begins` is before `ends`, which may be 24:00."""

    zone: str
    holidays: frozenset[date] = frozenset()
    days: frozenset[int] = WEEK
    begins: int = BEGINS
    ends: int = ENDS

    def day(self, at: datetime) -> date:
        """The day it is there."""
        return at.astimezone(ZoneInfo(self.zone)).date()

    def has(self, at: datetime) -> bool:
        """Whether an instant is within working hours; their end is not."""
        return self.following(at) == at

    def following(self, at: datetime) -> datetime:
        """The first working moment at `at` or after it."""
        return next(max(begins, at.astimezone(UTC)) for begins, ends in self._days(self.day(at), DAY) if at < ends)

    def after_day(self, day: date) -> datetime:
        """The first working moment of a day later than `day` there."""
        begins, _ = next(self._days(day + DAY, DAY))
        return begins

    def opening(self, at: datetime) -> datetime:
        """When the working day of `at` begins there, or the first one after it."""
        return next(self._days(self.day(at), DAY))[0]

    def next_opening(self, at: datetime) -> datetime:
        """When the next working day begins: later than `at`."""
        return next(begins for begins, _ in self._days(self.day(at), DAY) if begins > at)

    def opening_of_week(self, at: datetime) -> datetime:
        """When the first working day of the week of `at` begins there; where the whole week is off, of a later one."""
        day = self.day(at)
        return next(self._days(day - day.weekday() * DAY, DAY))[0]

    def next_week(self, at: datetime) -> datetime:
        """When the first working day of a week begins: later than `at`."""
        opening = self.opening_of_week(at)
        return opening if opening > at else self.opening_of_week(at + 7 * DAY)

    def last_hour(self, before: datetime) -> datetime:
        """When the last working hour began that was over by `before`; a shorter working day is its own last hour."""
        days = self._days(self.day(before), -DAY)
        return next(max(begins, ends - LAST_HOUR) for begins, ends in days if ends <= before)

    def _days(self, day: date, step: timedelta) -> Iterator[tuple[datetime, datetime]]:
        """The working days from a day on, or back from it: when each begins and ends."""
        there = ZoneInfo(self.zone)
        while True:
            if day.weekday() in self.days and day not in self.holidays:
                begins, ends = (_at(day, minutes, there) for minutes in (self.begins, self.ends))
                if self.day(begins) == day:  # a zone that changes sides of the date line skips one
                    yield begins, ends
            day += step


def _at(day: date, minutes: int, there: ZoneInfo) -> datetime:
    """The instant at which a clock on the wall there shows so many minutes since midnight of a day."""
    days, rest = divmod(minutes, 24 * 60)
    return datetime.combine(day + days * DAY, time(*divmod(rest, 60)), there).astimezone(UTC)
