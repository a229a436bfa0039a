"""When a person works: 09:00 to 17:00, Monday to Friday, in their own zone, off the community's holidays.

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
BEGINS: Final = time(9)
ENDS: Final = time(17)
DAY: Final = timedelta(days=1)
LAST_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The working hours in a zone (IANA). `holidays` are dates there."""

    zone: str
    holidays: frozenset[date] = frozenset()

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

    def last_hour(self, before: datetime) -> datetime:
        """When the last working hour began that was over by `before`."""
        return next(ends - LAST_HOUR for _, ends in self._days(self.day(before), -DAY) if ends <= before)

    def _days(self, day: date, step: timedelta) -> Iterator[tuple[datetime, datetime]]:
        """The working days from a day on, or back from it: when each begins and ends."""
        there = ZoneInfo(self.zone)
        while True:
            if day.weekday() in WEEK and day not in self.holidays:
                begins, ends = (datetime.combine(day, wall, there).astimezone(UTC) for wall in (BEGINS, ENDS))
                if self.day(begins) == day:  # a zone that changes sides of the date line skips one
                    yield begins, ends
            day += step
