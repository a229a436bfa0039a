"""Working hours, wherever somebody is and whatever their clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.working_hours import LAST_HOUR, WorkingHours

MINUTE = timedelta(minutes=1)
ZONES = (
    "UTC",
    "Europe/Zurich",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Africa/Cairo",
    "Australia/Lord_Howe",
)
instants = st.datetimes(datetime(2009, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - UTC is given beside
holidays = st.frozensets(st.dates(date(2026, 12, 1), date(2027, 2, 1)), max_size=25)
hours = st.builds(WorkingHours, st.sampled_from(ZONES), holidays)


def works(there: WorkingHours, at: datetime) -> bool:
    """The rule, in its own words."""
    local = at.astimezone(ZoneInfo(there.zone))
    return local.weekday() < 5 and local.date() not in there.holidays and 9 <= local.hour < 17


def minutes(begin: datetime, end: datetime, step: timedelta = timedelta(minutes=30)) -> list[datetime]:
    """Instants from one to the other."""
    return [begin + number * step for number in range(int((end - begin) / step))]


@given(hours, instants)
def test_the_following_moment_is_the_first_there_is(there: WorkingHours, at: datetime) -> None:
    found = there.following(at)
    assert found.tzinfo is UTC
    assert found >= at
    assert works(there, found)
    assert there.has(found)
    assert found == at or not any(works(there, each) for each in minutes(at, found))


@given(hours, instants)
def test_an_instant_is_in_working_hours_when_the_rule_says_so(there: WorkingHours, at: datetime) -> None:
    assert there.has(at) is works(there, at)


@given(hours, instants)
def test_the_last_hour_was_the_last_there_was(there: WorkingHours, before: datetime) -> None:
    found = there.last_hour(before)
    over = found + LAST_HOUR
    assert over <= before
    assert works(there, found)
    assert works(there, over - MINUTE)
    assert not works(there, over)
    following = there.following(over)
    assert following >= before or there.day(following) == there.day(before), "no whole working day in between"


@given(hours, instants)
def test_the_next_day_is_another_day(there: WorkingHours, at: datetime) -> None:
    found = there.after_day(there.day(at))
    assert there.day(found) > there.day(at)
    assert works(there, found)
    assert not works(there, found - MINUTE)


@pytest.mark.parametrize(
    ("zone", "at", "expected"),
    [
        ("Europe/Zurich", "2027-01-11T07:59:00", "2027-01-11T08:00:00"),
        ("Europe/Zurich", "2027-01-11T12:00:00", "2027-01-11T12:00:00"),
        ("Europe/Zurich", "2027-01-15T16:00:00", "2027-01-18T08:00:00"),
        ("Europe/Zurich", "2027-03-26T17:00:00", "2027-03-29T07:00:00"),  # clocks went forward on the 28th
        ("America/New_York", "2027-11-05T22:00:00", "2027-11-08T14:00:00"),  # and back on the 7th
        ("Pacific/Apia", "2011-12-30T09:00:00", "2012-01-01T19:00:00"),  # there was no Friday the 30th there
        ("Asia/Kathmandu", "2027-01-11T03:00:00", "2027-01-11T03:15:00"),
    ],
)
def test_for_example(zone: str, at: str, expected: str) -> None:
    found = WorkingHours(zone).following(datetime.fromisoformat(at).replace(tzinfo=UTC))
    assert found.isoformat() == f"{expected}+00:00"


def test_a_holiday_is_no_working_day() -> None:
    there = WorkingHours("Europe/Zurich", frozenset({date(2027, 1, 18), date(2027, 1, 19)}))
    assert there.following(datetime(2027, 1, 16, tzinfo=UTC)).isoformat() == "2027-01-20T08:00:00+00:00"
    assert there.last_hour(datetime(2027, 1, 20, tzinfo=UTC)).isoformat() == "2027-01-15T15:00:00+00:00"


def test_a_working_day_shorter_than_an_hour_is_its_own_last_hour() -> None:
    there = WorkingHours("UTC", days=frozenset({0}), begins=11 * 60 + 1, ends=12 * 60)
    assert there.last_hour(datetime(2026, 9, 14, 12, tzinfo=UTC)).isoformat() == "2026-09-14T11:01:00+00:00"
