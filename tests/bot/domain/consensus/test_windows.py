"""When a check closes: a week is announced, somebody needs time, somebody objects on the last evening."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consensus.windows import (
    LATE_OBJECTION,
    LATE_OBJECTION_EXTENSION,
    MAXIMUM_EXTENSION,
    NEED_TIME_EXTENSION,
    after_need_time,
    after_objection,
    working_close,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CLOSE = datetime(2027, 3, 10, 15, tzinfo=UTC)  # a Wednesday

ZONES = ("UTC", "Europe/Paris", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Africa/Cairo", "Asia/Tehran")
instants = st.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  # UTC is given beside
zones = st.sampled_from(ZONES)
holiday_lists = st.frozensets(st.dates(date(2026, 12, 1), date(2027, 2, 1)), max_size=30)
working_weeks = st.frozensets(st.integers(0, 6), min_size=1)


# Need time


def test_the_first_need_time_adds_48_hours() -> None:
    assert after_need_time(CLOSE, CLOSE, used=False) == CLOSE + 48 * HOUR


def test_the_second_need_time_of_a_check_adds_nothing() -> None:
    assert after_need_time(CLOSE + 48 * HOUR, CLOSE, used=True) is None


@pytest.mark.parametrize(
    ("extended_already", "closes_then"),
    [(4 * DAY, 6 * DAY), (5 * DAY, 7 * DAY), (6 * DAY, 7 * DAY), (7 * DAY, None), (9 * DAY, None)],
    ids=["room for all of it", "just fits", "cut at 7 days", "nothing left", "moved further by hand: not moved back"],
)
def test_extensions_end_7_days_after_the_close_first_announced(
    extended_already: timedelta, closes_then: timedelta | None
) -> None:
    expected = None if closes_then is None else CLOSE + closes_then
    assert after_need_time(CLOSE + extended_already, CLOSE, used=False) == expected


# A late objection


@pytest.mark.parametrize(
    ("before_the_close", "extended"),
    [
        (25 * HOUR, False),
        (24 * HOUR + timedelta(seconds=1), False),
        (24 * HOUR, True),
        (3 * HOUR, True),
        (timedelta(seconds=1), True),
        (timedelta(0), False),
        (-HOUR, False),
    ],
    ids=["the day before", "a second early", "24 hours", "last evening", "last second", "at the close", "after it"],
)
def test_an_objection_in_the_last_24_hours_keeps_the_check_open_48_hours_from_then(
    before_the_close: timedelta, extended: bool
) -> None:
    objected = CLOSE - before_the_close
    expected = objected + 48 * HOUR if extended else None
    assert after_objection(CLOSE, CLOSE, objected, first_objection_of_person=True) == expected


def test_a_person_who_objects_again_does_not_move_the_close_again() -> None:
    assert after_objection(CLOSE, CLOSE, CLOSE - HOUR, first_objection_of_person=False) is None


def test_one_objector_after_another_on_each_last_evening_gains_7_days_and_no_more() -> None:
    close = CLOSE
    moved_to = []
    while (later := after_objection(close, CLOSE, close - 2 * HOUR, first_objection_of_person=True)) is not None:
        moved_to.append(later - CLOSE)
        close = later
    assert moved_to == [46 * HOUR, 92 * HOUR, 138 * HOUR, 168 * HOUR]


def test_an_objection_near_the_end_of_the_7_days_is_given_what_is_left() -> None:
    close = CLOSE + 6 * DAY
    assert after_objection(close, CLOSE, close - HOUR, first_objection_of_person=True) == CLOSE + 7 * DAY


def test_a_close_moved_further_by_hand_is_never_moved_back() -> None:
    close = CLOSE + 10 * DAY
    assert after_objection(close, CLOSE, close - HOUR, first_objection_of_person=True) is None


# Both together

steps = st.lists(
    st.one_of(
        st.just(("need time", timedelta(0))),
        st.tuples(st.just("objection"), st.timedeltas(timedelta(hours=-2), timedelta(hours=30))),
    ),
    max_size=40,
)


@given(instants, steps)
def test_whatever_happens_the_close_only_moves_later_and_at_most_7_days(
    announced: datetime, story: list[tuple[str, timedelta]]
) -> None:
    close, used = announced, False
    for what, before_the_close in story:
        if what == "need time":
            later = after_need_time(close, announced, used)
            assert later is None or later - close <= NEED_TIME_EXTENSION
            used = used or later is not None
        else:
            objected = close - before_the_close
            later = after_objection(close, announced, objected, first_objection_of_person=True)
            assert later is None or (
                timedelta(0) < before_the_close <= LATE_OBJECTION and later - objected <= LATE_OBJECTION_EXTENSION
            )
        if later is not None:
            assert close < later <= announced + MAXIMUM_EXTENSION
            close = later
    assert announced <= close <= announced + MAXIMUM_EXTENSION


def test_48_hours_are_48_hours_although_the_clocks_change_and_the_time_came_in_a_zone() -> None:
    paris = ZoneInfo("Europe/Paris")
    close = datetime(2027, 3, 27, 12, tzinfo=paris)  # the night after, clocks go forward
    later = after_need_time(close, close, used=False)
    assert later == datetime(2027, 3, 29, 11, tzinfo=UTC)
    assert later.astimezone(paris).hour == 13
    assert later.tzinfo is UTC


def test_a_time_without_a_zone_is_a_bug_and_not_a_guess() -> None:
    naive = datetime(2027, 3, 10, 15)  # noqa: DTZ001  # what this test is about
    with pytest.raises(ValueError, match="no time zone"):
        after_need_time(naive, CLOSE, used=False)
    with pytest.raises(ValueError, match="no time zone"):
        after_objection(CLOSE, CLOSE, naive, first_objection_of_person=True)
    with pytest.raises(ValueError, match="no time zone"):
        working_close(naive, "UTC", frozenset())


# The close first announced avoids weekends and holidays

NEW_YEAR = frozenset({date(2027, 1, 1)})  # a Friday


def local(zone: str, *when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo(zone))  # type: ignore[misc, arg-type]  # year, month, day, hour, minute


@pytest.mark.parametrize(
    ("zone", "at", "moved"),
    [
        ("UTC", (2027, 3, 10, 15, 0), (2027, 3, 10, 15, 0)),
        ("UTC", (2027, 3, 13, 15, 0), (2027, 3, 15, 15, 0)),
        ("UTC", (2027, 3, 14, 15, 0), (2027, 3, 15, 15, 0)),
        ("UTC", (2027, 1, 1, 15, 0), (2027, 1, 4, 15, 0)),
        ("Europe/Paris", (2027, 3, 27, 18, 0), (2027, 3, 29, 18, 0)),
        ("Europe/Paris", (2027, 10, 30, 18, 0), (2027, 11, 1, 18, 0)),
        ("America/New_York", (2027, 3, 13, 9, 30), (2027, 3, 15, 9, 30)),
        ("America/New_York", (2027, 3, 12, 23, 0), (2027, 3, 12, 23, 0)),
        ("Pacific/Auckland", (2027, 3, 15, 8, 0), (2027, 3, 15, 8, 0)),
    ],
    ids=[
        "a Wednesday stays",
        "Saturday to Monday",
        "Sunday to Monday",
        "New Year and the weekend after it",
        "the clocks go forward on the way: still 18:00",
        "the clocks go back on the way: still 18:00",
        "the clocks go forward, west",
        "Friday evening there, though Saturday in UTC",
        "Monday morning there, though Sunday in UTC",
    ],
)
def test_a_close_moves_to_the_same_wall_clock_time_of_the_next_working_day(
    zone: str, at: tuple[int, ...], moved: tuple[int, ...]
) -> None:
    assert working_close(local(zone, *at), zone, NEW_YEAR) == local(zone, *moved)


def test_a_body_may_work_from_sunday_to_thursday() -> None:
    sunday_to_thursday = frozenset({6, 0, 1, 2, 3})
    friday, sunday = local("Africa/Cairo", 2027, 3, 12, 12), local("Africa/Cairo", 2027, 3, 14, 12)
    assert working_close(friday, "Africa/Cairo", frozenset(), sunday_to_thursday) == sunday
    assert working_close(sunday, "Africa/Cairo", frozenset(), sunday_to_thursday) == sunday


def test_a_time_that_the_clocks_skip_on_the_new_day_moves_past_the_gap() -> None:
    saturday = local("Europe/Paris", 2027, 3, 27, 2, 30)
    moved = working_close(saturday, "Europe/Paris", frozenset(), frozenset({6}))  # that Sunday has no 02:30
    assert moved.astimezone(ZoneInfo("Europe/Paris")).replace(tzinfo=None).isoformat() == "2027-03-28T03:30:00"


def test_a_skipped_time_on_the_way_does_not_change_the_time_of_the_day_it_moves_to() -> None:
    saturday = local("Europe/Paris", 2027, 3, 27, 2, 30)
    assert working_close(saturday, "Europe/Paris", frozenset()) == local("Europe/Paris", 2027, 3, 29, 2, 30)


def test_of_a_time_that_comes_twice_on_the_new_day_the_first_is_taken() -> None:
    saturday = local("Europe/Paris", 2027, 10, 30, 2, 30)
    moved = working_close(saturday, "Europe/Paris", frozenset(), frozenset({6}))
    assert moved == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_close_in_the_second_of_two_equal_hours_moves_like_any_other() -> None:
    second_half_past_two = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)  # Sunday, 02:30 in Paris for the second time
    assert working_close(second_half_past_two, "Europe/Paris", frozenset()) == local("Europe/Paris", 2027, 11, 1, 2, 30)
    on_monday_it_stays = working_close(second_half_past_two, "Europe/Paris", frozenset(), frozenset(range(7)))
    assert on_monday_it_stays == second_half_past_two


def test_a_day_that_a_zone_left_out_is_no_working_day() -> None:
    thursday = local("Pacific/Apia", 2011, 12, 29, 10)  # then came Saturday, 31 December
    moved = working_close(thursday, "Pacific/Apia", frozenset({date(2011, 12, 29)}))
    assert moved == local("Pacific/Apia", 2012, 1, 2, 10)


def test_a_week_without_a_working_day_is_a_bug_and_not_an_endless_search() -> None:
    with pytest.raises(ValueError, match="working day"):
        working_close(CLOSE, "UTC", frozenset(), frozenset())
    with pytest.raises(ValueError, match="working day"):
        working_close(CLOSE, "UTC", frozenset(), frozenset({7}))


@given(instants, zones, holiday_lists, working_weeks)
def test_a_close_lands_on_a_working_day_never_earlier_and_once_there_stays(
    at: datetime, zone: str, holidays: frozenset[date], workdays: frozenset[int]
) -> None:
    moved = working_close(at, zone, holidays, workdays)
    there = moved.astimezone(ZoneInfo(zone))
    assert moved >= at
    assert there.weekday() in workdays
    assert there.date() not in holidays
    assert working_close(moved, zone, holidays, workdays) == moved


@given(
    st.datetimes(datetime(2026, 11, 25), datetime(2027, 2, 5), timezones=st.just(UTC)),  # noqa: DTZ001  # UTC is given beside
    zones,
    holiday_lists,
)
def test_no_working_day_is_passed_over_and_the_wall_clock_shows_the_same(
    at: datetime, zone: str, holidays: frozenset[date]
) -> None:
    before = at.astimezone(ZoneInfo(zone))
    after = working_close(at, zone, holidays).astimezone(ZoneInfo(zone))
    passed = [before.date() + number * DAY for number in range((after.date() - before.date()).days)]
    assert all(day.weekday() > 4 or day in holidays for day in passed)
    assert after.time() == before.time(), "no zone here changes its clocks in these months"
