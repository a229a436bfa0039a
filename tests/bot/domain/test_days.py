"""A day as people type it is understood, or refused with what to type instead."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.days import parse_day
from bot.domain.errors import Invalid
from tests.bot.domain.refusals import is_helpful, words


@pytest.mark.parametrize(
    "typed",
    [
        "2026-12-01",
        "2026/12/1",
        "2026.12.01",
        "1 December 2026",
        "1st of Dec. 2026",
        "Dec 1, 2026",
        "december 1st 2026",
    ],
)
def test_a_day_is_understood(typed: str) -> None:
    assert parse_day(typed) == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("typed", "why", "instead"),
    [
        ("", "not a date", "2026-12-01"),
        ("tomorrow", "not a date", "2026-12-01"),
        ("2026-12-01 15:00", "not a date", "2026-12-01"),
        ("December 2026", "not a date", "1 December 2026"),
        ("1 December", "which year", "1 December 2027"),
        ("2023-02-29", "February 2023 has 28 days", "2023-02-28"),
        ("2026-00-10", "no month 0", "2026-12-01"),
        ("31/12/26", "two ways", "2026-12-31"),
        ("99/99/2026", "two ways", "2026-12-01"),
        ("0000-01-01", "the year 0", "2026-12-01"),
        ("2" * 5000, "not a date", "2026-12-01"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_day_is_refused_with_what_to_type(typed: str, why: str, instead: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_day(typed, field="first_day")
    assert why in words(caught.value.what)
    assert instead in words(caught.value.next_step)
    assert is_helpful(caught.value)
    assert caught.value.field == "first_day"


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_a_day_written_out_is_read_back(day: date) -> None:
    assert parse_day(day.isoformat()) == day
    assert parse_day(f"{day.day} {day:%B %Y}") == day
