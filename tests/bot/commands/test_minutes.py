"""Notes for the minutes: kept with author, time and link, as the raw material of a summary."""

from __future__ import annotations

import pytest

from bot.commands.minutes import MOST_NOTES
from tests.builders import CHAIR, CIVIL, OBSERVER, PRIVATE, SECRETARIAT, STRANGER, TECHNICAL, World

ROOM = "#wg-mwp"


@pytest.fixture(scope="module")
def approved() -> World:
    mag = World()
    mag.approved()
    return mag


@pytest.fixture
def mag(approved: World) -> World:
    return approved


def test_noted_in_a_groups_room_without_naming_it(mag: World) -> None:
    said = mag.does(PRIVATE, "minutes add The outline goes to the MAG in May.", ROOM)
    assert "Noted for the minutes of WG-MWP, as note 1." in said
    shown = mag.does(CIVIL, "minutes show", ROOM)
    for part in ("The outline goes to the MAG in May.", "Note 1, Qiang R., Mon 25 Jan 2027, 10:00"):
        assert part in shown
    assert mag.does(CIVIL, "minutes show WG-MWP") == shown, "the same from anywhere"


def test_named_from_elsewhere_with_where_it_was_said(mag: World) -> None:
    mag.does(TECHNICAL, 'minutes add "Calls rotate." --group wgmwp --link https://example.org/call-3')
    assert "https://example.org/call-3" in mag.does(CIVIL, "minutes WG-MWP")


def test_the_full_membership_has_its_own(mag: World) -> None:
    assert "the MAG, as note 1" in mag.does(CIVIL, "minutes add The next meeting is in Geneva.")
    assert "Geneva" in mag.does(CHAIR, "minutes show")
    assert "Geneva" not in mag.does(CHAIR, "minutes show", ROOM)


def test_nobody_else_is_told(mag: World) -> None:
    before = len(mag.posts)
    mag.does(PRIVATE, "minutes add Quietly.", ROOM)
    assert len(mag.posts) == before


def test_by_members_of_the_body_and_the_secretariat(mag: World) -> None:
    mag.does(SECRETARIAT, "minutes add By the desk.", ROOM)
    assert "are for its members" in mag.refuses(CIVIL, "minutes add I was only there.", ROOM)
    assert "are for its members" in mag.refuses(OBSERVER, "minutes add I was there too.")
    assert "does not know this account" in mag.refuses(STRANGER, "minutes add Hello.")
    assert "does not know this account" in mag.refuses(STRANGER, "minutes show")


def test_what_cannot_be(mag: World) -> None:
    assert mag.asks(PRIVATE, "minutes add", ROOM).current == "text"
    mag.does(PRIVATE, "draft cancel", ROOM)
    assert "no working group called" in mag.refuses(PRIVATE, "minutes show WG-XYZ")


def test_many_notes_are_counted() -> None:
    mag = World()
    assert "Nothing is noted yet" in mag.does(CIVIL, "minutes")
    for number in range(MOST_NOTES + 2):
        mag.does(CIVIL, f"minutes add Point {number}.")
    shown = mag.does(CIVIL, "minutes show")
    assert "Point 1." not in shown
    assert "Point 2." in shown
    assert "2 earlier notes are kept" in shown
