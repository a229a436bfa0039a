"""Zone and language, as a person's platform knows them."""

from __future__ import annotations

import pytest

from bot.domain.people import Person
from tests.builders import CIVIL, MAG, PRIVATE, STRANGER, World


@pytest.fixture
def mag() -> World:
    return World()


def known(mag: World, name: str) -> tuple[str, str]:
    """What is known of a person."""
    with mag.store.reading() as reads:
        (person,) = (each for each in reads.all(Person, community=MAG) if each.name == name)
    return person.zone, person.language


def test_noted_and_used_for_times(mag: World) -> None:
    mag.consulted()
    assert "Zurich time" in mag.does(CIVIL, "todo")
    mag.does(CIVIL, "profile --zone Africa/Nairobi --language en_GB")
    assert known(mag, CIVIL) == ("Africa/Nairobi", "en-GB")
    assert "Nairobi time" in mag.does(CIVIL, "todo")
    assert known(mag, PRIVATE) == ("", "")


def test_the_same_again_is_no_event(mag: World) -> None:
    mag.does(CIVIL, "profile --zone Africa/Nairobi --language en")
    before = mag.snapshot()
    mag.does(CIVIL, "profile --zone Africa/Nairobi --language en")
    mag.does(CIVIL, "profile")
    assert mag.snapshot() == before


@pytest.mark.parametrize("zone", ["Mars/Olympus", "CEST", "+02:00", "../../etc/passwd", "Local"])
def test_a_zone_not_known_here_changes_nothing(mag: World, zone: str) -> None:
    mag.does(CIVIL, "profile --zone Africa/Nairobi --language en")
    mag.does(CIVIL, f"profile --zone {zone} --language 123")
    assert known(mag, CIVIL) == ("Africa/Nairobi", "en")


def test_one_of_the_two_may_change_alone(mag: World) -> None:
    mag.does(CIVIL, "profile --zone Africa/Nairobi --language en")
    mag.does(CIVIL, "profile --language fr")
    mag.does(CIVIL, "profile --zone Europe/Paris --language 123")
    assert known(mag, CIVIL) == ("Europe/Paris", "fr")


def test_a_language_not_spoken_here_leaves_the_bodys(mag: World) -> None:
    mag.does(CIVIL, "profile --zone Africa/Nairobi --language de-DE")
    assert known(mag, CIVIL) == ("Africa/Nairobi", "")


def test_a_language_that_was_chosen_stays_whatever_the_platform_says(mag: World) -> None:
    mag.does(CIVIL, "profile --zone Africa/Nairobi --language en-GB")
    assert "English, as your platform says" in mag.does(CIVIL, "preferences")
    mag.does(CIVIL, "preferences set --language Français")
    assert "français" in mag.does(CIVIL, "preferences")
    mag.does(CIVIL, "profile --zone Africa/Nairobi --language en-GB")
    assert known(mag, CIVIL) == ("Africa/Nairobi", "fr")
    assert "It speaks English (en)" in mag.refuses(CIVIL, "preferences set --language tlh")
    mag.does(CIVIL, "preferences set --language any")
    assert known(mag, CIVIL) == ("Africa/Nairobi", "")
    assert "English, as this body's rooms" in mag.does(CIVIL, "preferences")
    mag.does(CIVIL, "profile --zone Africa/Nairobi --language en-GB")
    assert known(mag, CIVIL) == ("Africa/Nairobi", "en-GB")


def test_a_guest_has_none(mag: World) -> None:
    assert "does not know this account" in mag.refuses(STRANGER, "profile --zone Africa/Nairobi")
