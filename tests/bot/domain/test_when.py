"""A moment as people type it is understood, or refused with what to type instead."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.errors import Invalid
from bot.domain.when import parse_when
from tests.bot.domain.refusals import is_helpful, words

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)  # a Tuesday; 11:00 in Zurich
ZURICH = "Europe/Zurich"
ZONES = ("UTC", ZURICH, "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "America/Nuuk", "Africa/Cairo")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("24h", "2026-11-25 10:00"),
        ("+7d", "2026-12-01 10:00"),
        ("in 2 weeks", "2026-12-08 10:00"),
        ("2026-12-01 15:00", "2026-12-01 14:00"),
        ("2026-12-01T15:00", "2026-12-01 14:00"),
        ("2026-12-01T15:00Z", "2026-12-01 15:00"),
        ("2026-12-01t15:00:30.250z", "2026-12-01 15:00:30"),
        ("2026-12-01 15:00+01:00", "2026-12-01 14:00"),
        ("2026-12-01 15:00 -0530", "2026-12-01 20:30"),
        ("2026-12-01 15:00 UTC+2", "2026-12-01 13:00"),
        ("2026-12-01 15:00 UTC", "2026-12-01 15:00"),
        ("2026-12-01 15:00 Europe/Zurich", "2026-12-01 14:00"),
        ("2026-12-01 15:00 america/sao paulo", "2026-12-01 18:00"),
        ("2026\u201112\u201101, 15:00", "2026-12-01 14:00"),
        ("2026/12/01 15:00", "2026-12-01 14:00"),
        ("1 December 2026 at 3pm", "2026-12-01 14:00"),
        ("Dec 1, 2026, 3:30 p.m.", "2026-12-01 14:30"),
        ("1st of December 2026 15.30", "2026-12-01 14:30"),
        ("tuesday 1 December 2026 15h30", "2026-12-01 14:30"),
        ("2026-12-01", "2026-12-01 22:59"),
        ("2026-12-01 UTC", "2026-12-01 23:59"),
        ("today", "2026-11-24 22:59"),
        ("tomorrow", "2026-11-25 22:59"),
        ("15:00", "2026-11-24 14:00"),
        ("11:01", "2026-11-24 10:01"),
        ("11:00", "2026-11-25 10:00"),
        ("9am", "2026-11-25 08:00"),
        ("12am", "2026-11-24 23:00"),
        ("12 PM", "2026-11-24 11:00"),
        ("tomorrow 15:00", "2026-11-25 14:00"),
        ("Tomorrow at 15:00", "2026-11-25 14:00"),
        ("friday 15:00", "2026-11-27 14:00"),
        ("this Friday, 15:00", "2026-11-27 14:00"),
        ("15:00 on friday", "2026-11-27 14:00"),
        ("fri 3pm UTC", "2026-11-27 15:00"),
        ("tuesday 15:00", "2026-11-24 14:00"),
        ("tuesday 11:00", "2026-12-01 10:00"),
        ("tuesday", "2026-11-24 22:59"),
    ],
)
def test_a_moment_is_understood(typed: str, meant: str) -> None:
    assert parse_when(typed, NOW, ZURICH) == utc(meant)


def test_today_is_the_day_where_the_person_is() -> None:
    late = utc("2026-11-24 23:30")
    assert parse_when("tomorrow 15:00", late, "UTC") == utc("2026-11-25 15:00")
    assert parse_when("tomorrow 15:00", late, ZURICH) == utc("2026-11-26 14:00")
    assert parse_when("tomorrow 15:00 America/Sao_Paulo", late, ZURICH) == utc("2026-11-25 18:00"), "or where they say"


@pytest.mark.parametrize(
    ("typed", "why", "instead"),
    [
        ("", "not a time", "friday 15:00"),
        ("soon", "not a time", "2026-12-01 15:00"),
        ("x" * 5000, "not a time", "24h"),
        ("1" * 5000, "not a time", "24h"),
        ("today 09:00", "has passed: it is now 2026-11-24T10:00", "2026-12-01 15:00"),
        ("2025-12-01 15:00", "has passed", "2026-12-01 15:00"),
        ("2026-11-24 11:00", "has passed", "2026-12-01 15:00"),
        ("2090-01-01", "more than five years away", "2026-12-01 15:00"),
        ("2206-12-01", "in the year 2206", "2026-12-01"),
        ("9999-12-31 23:59", "in the year 9999", "2026-12-01"),
        ("0001-01-01", "in the year 1", "2026-12-01"),
        ("2027-02-29 15:00", "February 2027 has 28 days", "2027-02-28"),
        ("31 April 2027", "April 2027 has 30 days", "2027-04-30"),
        ("2026-13-01", "no month 13", "2026-12-01"),
        ("01/12/2026 15:00", "read in two ways", "2026-12-01 or 2026-01-12"),
        ("25.12.2026", "read in two ways", "2026-12-25"),
        ("3 Dec", "does not say which year", "3 December 2026"),
        ("3 Feb 15:00", "does not say which year", "3 February 2027"),
        ("friday 2026-12-01", "2026-12-01 is a Tuesday", "2026-12-01 15:00"),
        ("next friday", "the coming Friday, or the one after", "2026-11-27 15:00 or 2026-12-04"),
        ("next Tuesday 15:00", "the coming Tuesday, or the one after", "2026-12-01 15:00 or 2026-12-08"),
        ("25:00", "not a time of day", "15:00"),
        ("24:00", "not a time of day", "23:59"),
        ("15:60", "not a time of day", "15:00"),
        ("13pm", "not a time of day", "15:00"),
        ("15", "a time of day or a length", "15:00 for the time of day, or 15h"),
        ("15h30", "a time of day or a length", "15:30 for the time of day"),
        ("friday afternoon", "“afternoon” is not understood", "friday 15:00"),
        ("15:00 15:30", "“15:30” is not understood", "15:00"),
        ("2026-12-01 15:00 Europe/Zurick", "not a time zone known here", "Did you mean Europe/Zurich?"),
        ("15:00 zurich", "not a time zone known here", "Did you mean Europe/Zurich?"),
        ("15:00 BST", "most abbreviations stand for several", "Europe/Zurich"),
        ("15:00 +15:00", "No place on earth", "+02:00"),
        ("-7d", "back in time", "24h"),
        ("0h", "no time at all", "24h"),
        ("400d", "longer than 366 days", "180d"),
        ("1 month", "months and years differ", "30d"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_moment_is_refused_with_what_to_type(typed: str, why: str, instead: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_when(typed, NOW, ZURICH, field="closes")
    assert why in words(caught.value.what)
    assert instead in words(caught.value.next_step)
    assert is_helpful(caught.value)
    assert caught.value.field == "closes"


@pytest.mark.parametrize(
    ("typed", "now", "zone", "instead"),
    [
        ("2027-03-28 02:30", "2026-11-24", ZURICH, "2027-03-28 03:30"),
        ("2027-03-28 02:30 Europe/Zurich", "2026-11-24", "UTC", "2027-03-28 03:30"),
        ("02:30", "2027-03-27 12:00", ZURICH, "2027-03-28 03:30"),
        ("2018-11-04 00:30", "2018-11-01", "America/Sao_Paulo", "2018-11-04 01:30"),
        ("2025-03-29 23:30", "2025-03-01", "America/Nuuk", "2025-03-30 00:30"),
        ("2011-12-30 15:00", "2011-12-01", "Pacific/Apia", "2011-12-31 15:00"),
    ],
)
def test_a_time_that_clocks_skip_is_refused(typed: str, now: str, zone: str, instead: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_when(typed, utc(now), zone)
    assert "clocks go forward and skip it" in words(caught.value.what)
    assert instead in words(caught.value.next_step)
    assert parse_when(instead, utc(now), "UTC" if zone == "UTC" else zone) > utc(now)


def test_a_skipped_time_that_has_passed_is_tomorrows() -> None:
    assert parse_when("02:30", utc("2027-03-28 10:00"), ZURICH) == utc("2027-03-29 00:30")


def test_a_time_that_clocks_show_twice_is_the_first_still_to_come() -> None:
    first, second = utc("2026-10-25 00:30"), utc("2026-10-25 01:30")
    assert parse_when("2026-10-25 02:30", utc("2026-10-01"), ZURICH) == first
    assert parse_when("2026-10-25 02:30", first, ZURICH) == second
    assert parse_when("02:30", first, ZURICH) == second
    assert parse_when("02:30", second, ZURICH) == utc("2026-10-26 01:30")


@pytest.mark.parametrize(
    ("day", "zone", "end"),
    [
        ("2018-02-17", "America/Sao_Paulo", "2018-02-18 02:59"),  # clocks go back at midnight: 23:59 comes twice
        ("2025-03-29", "America/Nuuk", "2025-03-30 00:59"),  # clocks go forward at 23:00: 22:59 is the last minute
        ("2027-03-28", ZURICH, "2027-03-28 21:59"),
    ],
)
def test_a_day_ends_when_its_clocks_say_so(day: str, zone: str, end: str) -> None:
    assert parse_when(day, utc(day) - timedelta(days=20), zone) == utc(end)


def test_a_naive_now_is_a_bug() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        parse_when("24h", datetime(2026, 11, 24), ZURICH)  # noqa: DTZ001 - the point


PIECES = st.sampled_from((
    "24h", "7d", "+2w", "1d12h", "15:00", "02:30", "23:59", "00:00", "3pm", "25:00", "today", "tomorrow", "friday",
    "sunday", "next", "at", "on", "in", "2026-12-01", "2027-03-28", "2026-02-30", "1", "31", "December", "feb",
    "2027", "01/12/2026", "Z", "UTC", "+01:00", "-14:00", "Europe/Zurich", "Europe/Zurick", "CET", "a", "month", "-",
    ".", ",",
))  # fmt: skip
TYPED = st.lists(PIECES, max_size=5).map(" ".join) | st.text(max_size=30)


@given(TYPED, st.datetimes(datetime(2010, 1, 1), datetime(2035, 1, 1)), st.sampled_from(ZONES))  # noqa: DTZ001
@example("02:30", datetime(2027, 3, 27, 12), ZURICH)  # noqa: DTZ001
@example("today", datetime(2026, 11, 24, 22, 59, 30), ZURICH)  # noqa: DTZ001
def test_whatever_is_typed_is_later_than_now_or_refused_helpfully(typed: str, now: datetime, zone: str) -> None:
    now = now.replace(tzinfo=UTC)
    try:
        at = parse_when(typed, now, zone)
    except Invalid as refused:
        refusal = refused
    else:
        assert at > now
        assert at.tzinfo is UTC
        return
    assert is_helpful(refusal)


@given(
    st.datetimes(datetime(2026, 11, 25), datetime(2031, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0)),  # noqa: DTZ001
    st.sampled_from(ZONES),
)
def test_a_local_time_written_out_is_read_back(local: datetime, zone: str) -> None:
    there = ZoneInfo(zone)
    at = local.replace(tzinfo=there).astimezone(UTC)
    if at.astimezone(there).replace(tzinfo=None) != local or at <= NOW + timedelta(days=1):
        return
    assert parse_when(f"{local:%Y-%m-%d %H:%M}", NOW, zone) == at
    assert parse_when(f"{local:%H:%M} {local.day} {local:%B %Y} {zone}", NOW, "UTC") == at
