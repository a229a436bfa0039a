"""A length of time as people type it is understood, or refused with what to type instead."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Invalid
from bot.domain.spans import LONGEST_SPAN, parse_span
from tests.bot.domain.refusals import words


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("24h", timedelta(hours=24)),
        ("90m", timedelta(minutes=90)),
        ("7d", timedelta(days=7)),
        ("2w", timedelta(days=14)),
        ("1d12h", timedelta(hours=36)),
        ("1d 12h", timedelta(hours=36)),
        ("1d, 12h and 5 min", timedelta(hours=36, minutes=5)),
        ("7 days", timedelta(days=7)),
        ("24 hours", timedelta(hours=24)),
        ("1 Hour", timedelta(hours=1)),
        ("2 wks", timedelta(days=14)),
        ("3mins", timedelta(minutes=3)),
        ("+7d", timedelta(days=7)),
        ("in 7 days", timedelta(days=7)),
        ("a week", timedelta(days=7)),
        ("an hour", timedelta(hours=1)),
        ("1.5h", timedelta(minutes=90)),
        ("1,5 h", timedelta(minutes=90)),
        ("7\u00a0d\u200b", timedelta(days=7)),
        ("٢٤h", timedelta(hours=24)),
        ("366d", LONGEST_SPAN),
    ],
)
def test_a_span_is_understood(typed: str, span: timedelta) -> None:
    assert parse_span(typed) == span


@pytest.mark.parametrize(
    ("typed", "why", "instead"),
    [
        ("", "not a length", "24h"),
        ("soon", "not a length", "24h"),
        ("a", "not a length", "24h"),
        ("0h", "no time at all", "5m"),
        ("0.00d", "no time at all", "5m"),
        ("-7d", "back in time", "without the minus"),
        ("—7d", "back in time", "without the minus"),
        ("367d", "longer than 366 days", "180d"),
        ("999999999w", "longer than 366 days", "180d"),
        ("8" * 60 + "d", "not a length", "7d"),
        ("9" * 5000 + "d", "not a length", "7d"),
        ("7", "no unit", "7h for hours or 7d for days"),
        ("1d 30", "30 has no unit", "30h"),
        ("7 dayz", "not a length", "7d"),
        ("1,000h", "not a length", "24h"),
        ("1h1h", "not a length", "1d12h"),
        ("1 month", "months and years differ", "4w"),
        ("2y", "months and years differ", "30d"),
        ("7d!", "not a length", "7d"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_span_is_refused_with_what_to_type(typed: str, why: str, instead: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_span(typed, field="length")
    assert why in words(caught.value.what)
    assert instead in words(caught.value.next_step)
    assert caught.value.field == "length"


@given(st.integers(0, 52), st.integers(0, 6), st.integers(0, 23), st.integers(0, 59))
def test_a_span_written_out_is_read_back(weeks: int, days: int, hours: int, minutes: int) -> None:
    span = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)
    if not timedelta(0) < span <= LONGEST_SPAN:
        return
    assert parse_span(f"{weeks}w{days}d{hours}h{minutes}m") == span
    assert parse_span(f"{weeks} weeks, {days} days, {hours} hours and {minutes} minutes") == span
