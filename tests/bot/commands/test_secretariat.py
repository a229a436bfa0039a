"""The Secretariat's role in a working group: proposed by either side, confirmed by the other, open until then."""

from __future__ import annotations

import pytest

from storage.verify import verify
from tests.builders import CHAIR, CIVIL, MAG, OBSERVER, PRIVATE, SECRETARIAT, STRANGER, TECHNICAL, World

NOTES = "Takes notes of the calls."
LISTS = "Takes notes, and keeps the mailing list."


@pytest.fixture
def mag() -> World:
    mag = World()
    mag.approved()
    return mag


def flag(mag: World) -> str:
    lines = mag.does(CIVIL, "show WG-MWP").splitlines()
    return lines[lines.index("The Secretariat's role") + 1]


def test_proposed_by_the_group_confirmed_by_the_secretariat(mag: World) -> None:
    assert "open: not defined yet" in flag(mag)
    assert "It is not defined yet." in mag.does(STRANGER, "secretariat WG-MWP")
    said = mag.does(PRIVATE, f'secretariat propose WG-MWP "{NOTES}"')
    assert "It is agreed when the Secretariat confirms it." in said
    assert NOTES in mag.told(SECRETARIAT)[-1]
    assert "open: to be confirmed by" in flag(mag)
    assert "the Secretariat's role in WG-MWP" in mag.does(SECRETARIAT, "todo")
    for who in (PRIVATE, TECHNICAL):
        assert "was proposed by your own side" in mag.refuses(who, "secretariat confirm WG-MWP")
        assert "the Secretariat's role" not in mag.does(who, "todo")
    mag.does(SECRETARIAT, "secretariat confirm WG-MWP")
    assert "agreed" in flag(mag)
    assert NOTES in mag.in_room("#wg-mwp")[-1]
    assert "confirmed by Secretariat Desk" in mag.does(STRANGER, "secretariat WG-MWP")
    assert "the Secretariat's role" not in mag.does(SECRETARIAT, "todo")


def test_proposed_by_the_secretariat_confirmed_by_either_co_facilitator(mag: World) -> None:
    mag.does(SECRETARIAT, f'secretariat propose WG-MWP "{NOTES}"')
    for who in (PRIVATE, TECHNICAL):
        assert NOTES in mag.told(who)[-1]
        assert "the Secretariat's role in WG-MWP" in mag.does(who, "todo")
    assert "was proposed by your own side" in mag.refuses(SECRETARIAT, "secretariat confirm WG-MWP")
    mag.does(TECHNICAL, "secretariat confirm WG-MWP 1")
    assert "agreed" in flag(mag)
    assert "No text" in mag.refuses(PRIVATE, "secretariat confirm WG-MWP")


def test_a_change_begins_anew_what_was_agreed_holds_and_all_of_it_is_kept(mag: World) -> None:
    mag.does(PRIVATE, f'secretariat propose WG-MWP "{NOTES}"')
    mag.does(SECRETARIAT, "secretariat confirm WG-MWP")
    assert "This is what version 1 says already." in mag.refuses(TECHNICAL, f'secretariat propose WG-MWP "{NOTES}"')
    mag.does(SECRETARIAT, f'secretariat propose WG-MWP "{LISTS}"')
    assert "open: to be confirmed by" in flag(mag)
    shown = mag.does(CIVIL, "secretariat WG-MWP")
    assert NOTES in shown
    assert LISTS in shown
    mag.does(SECRETARIAT, 'secretariat propose WG-MWP "Nothing else"')
    assert "Version 2 was superseded; 3 is the newest." in mag.refuses(PRIVATE, "secretariat confirm WG-MWP 2")
    mag.does(PRIVATE, "secretariat confirm WG-MWP 3")
    shown = mag.does(CIVIL, "secretariat WG-MWP")
    assert "Version 2, proposed by Secretariat Desk" in shown
    assert "superseded" in shown
    assert "Version 1, agreed" in shown
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too


@pytest.mark.parametrize("who", [CHAIR, CIVIL, OBSERVER, STRANGER])
def test_only_the_two_sides(mag: World, who: str) -> None:
    mag.refuses(who, f'secretariat propose WG-MWP "{NOTES}"')
    mag.does(PRIVATE, f'secretariat propose WG-MWP "{NOTES}"')
    mag.refuses(who, "secretariat confirm WG-MWP")


def test_once_it_is_approved() -> None:
    mag = World()
    mag.checked()
    assert "is defined once it is approved" in mag.refuses(SECRETARIAT, f'secretariat propose WG-MWP "{NOTES}"')
