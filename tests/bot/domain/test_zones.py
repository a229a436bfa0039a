"""A time zone as people type it is known, or refused with the nearest."""

import pytest

from bot.domain.errors import Invalid
from bot.domain.zones import known_zone
from tests.bot.domain.refusals import words


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Europe/Zurich", "Europe/Zurich"),
        ("europe/zurich", "Europe/Zurich"),
        (" AMERICA/SAO PAULO ", "America/Sao_Paulo"),
        ("america/port-au-prince", "America/Port-au-Prince"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_known_however_it_is_written(typed: str, name: str) -> None:
    assert known_zone(typed) == name


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("Europe/Zurick", "Europe/Zurich"),
        ("zurich", "Europe/Zurich"),
        ("new york", "America/New_York"),
        ("Asia/Tokio", "Asia/Tokyo"),
        ("PST", "or UTC"),
        ("+02:00", "or UTC"),
        ("", "or UTC"),
        ("../../etc/passwd", "or UTC"),
        ("localtime", "or UTC"),
        ("é" * 5000, "or UTC"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_an_unknown_zone_is_refused_with_the_nearest(typed: str, instead: str) -> None:
    with pytest.raises(Invalid) as caught:
        known_zone(typed, field="zone")
    assert instead in words(caught.value.next_step)
    assert caught.value.field == "zone"
