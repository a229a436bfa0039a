"""Mailing lists: linked with somebody's word that every member can read them; a list alone is a group's home."""

from __future__ import annotations

import pytest

from storage.verify import verify
from tests.builders import CHAIR, CIVIL, MAG, OBSERVER, PRIVATE, SECRETARIAT, STRANGER, TECHNICAL, World, spoken

LINK = "mailing link WG-MWP WG-MWP@lists.example.org yes https://lists.example.org/wg-mwp"


@pytest.fixture
def mag() -> World:
    mag = World()
    mag.approved()
    return mag


def test_linked_by_the_stewards_and_shown_on_joining(mag: World) -> None:
    assert "No mailing list of WG-MWP is linked." in mag.does(STRANGER, "mailing WG-MWP")
    mag.does(PRIVATE, LINK)
    said = mag.does(CIVIL, "join WG-MWP")
    assert "wg-mwp@lists.example.org. To subscribe: https://lists.example.org/wg-mwp" in said
    assert "Mailing list" in mag.does(CIVIL, "show WG-MWP")
    assert "Qiang R. attests that it is open to every member." in mag.does(STRANGER, "mailing WG-MWP")
    mag.does(SECRETARIAT, "mailing unlink WG-MWP")
    assert "Mailing list" not in mag.does(CIVIL, "show WG-MWP")
    assert "No mailing list is linked there." in mag.refuses(SECRETARIAT, "mailing unlink WG-MWP")
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too


def test_the_full_membership_has_one_too(mag: World) -> None:
    mag.does(CHAIR, "mailing link all mag@lists.example.org yes Write to the Secretariat.")
    assert "The mailing list of the MAG: mag@lists.example.org" in mag.does(CIVIL, "mailing")


def test_a_list_closed_to_members_is_refused(mag: World) -> None:
    answer = mag(PRIVATE, "mailing link WG-MWP wg-mwp@lists.example.org no")
    assert not answer.done
    assert "without approval is no list of a working group" in spoken(answer.view)
    assert "is not the address of a list" in spoken(mag(PRIVATE, "mailing link WG-MWP lists yes").view)


def test_by_its_co_facilitators_the_chair_and_the_secretariat(mag: World) -> None:
    for person in (CIVIL, OBSERVER, STRANGER):
        mag.refuses(person, LINK)


def test_a_list_alone_is_a_home() -> None:
    mag = World()
    mag.checked()
    mag.delivering = False  # no platform makes a room
    mag.does(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    assert "Active" not in mag.does(CIVIL, "list")
    mag.does(PRIVATE, LINK)
    assert "Active" in mag.does(CIVIL, "list")
