"""Changing a charter: goals and outputs by the members' consensus and the Chair, the rest with a notice; every version stays."""

from __future__ import annotations

import pytest

from storage.verify import verify
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, OBSERVER, PRIVATE, SECRETARIAT, STRANGER, TECHNICAL, World

ROOM = "#wg-mwp"
EDITORIAL = 'charter change WG-MWP --plan "A call every second Monday."'
SUBSTANTIAL = 'charter change WG-MWP "The data came late." --outputs "A first report to the MAG"'


@pytest.fixture
def mag() -> World:
    mag = World()
    mag.approved()
    return mag


def concluded(mag: World, outcome: str = "consensus") -> None:
    """Feedback came, the members were asked, the Chair concluded."""
    mag.does(GOVERNMENT, "consult comment WG-MWP Fine.")
    mag.later("7d")
    for person in mag.supporters():
        mag.does(person, "consensus support 2")
    mag.later("7d")
    mag.does(CHAIR, f'conclude 2 "{outcome}" "So the members say."')


def test_an_editorial_change_is_a_notice_with_what_changed(mag: World) -> None:
    assert "Version 2 of the charter of WG-MWP holds from now on" in mag.does(PRIVATE, EDITORIAL)
    for room in ("#mag", ROOM):
        said = mag.in_room(room)[-1]
        for part in ("The charter of", "version 2", "added\nA call every second Monday."):
            assert part in said
    assert "A call every second Monday." in mag.does(STRANGER, "charter show WG-MWP")
    assert "A call every second Monday." not in mag.does(STRANGER, "charter show WG-MWP 1")
    assert "Active" in mag.does(CIVIL, "show WG-MWP")


def test_changed_goals_take_feedback_consensus_and_the_chair(mag: World) -> None:
    assert "The change is before the full MAG" in mag.does(PRIVATE, SUBSTANTIAL)
    asked = mag.in_room("#mag")[-1]
    for part in (
        "the charter of WG-MWP",
        "The data came late.",
        "removed\nA report to the MAG",
        "added\nA first report",
    ):
        assert part in asked
    assert "A change of its charter is before the members." in mag.does(CIVIL, "show WG-MWP")
    assert "A first report" not in mag.does(CIVIL, "charter show WG-MWP"), "until then it holds as it is"
    adopts = "adopts a change of the charter of WG-MWP upon a consensus of the members"
    assert adopts in mag.refuses(CHAIR, "charter approve WG-MWP")
    mag.does(GOVERNMENT, "consult comment WG-MWP Fine.")
    mag.later("7d")
    assert "removed\nA report to the MAG\nadded\nA first report to the MAG" in mag.card("check:2")
    for person in mag.supporters():
        mag.does(person, "consensus support 2")
    mag.later("7d")
    mag.does(CHAIR, "conclude 2 consensus")
    assert "Decide on the change of the charter of WG-MWP." in mag.does(CHAIR, "todo")
    for person in (PRIVATE, CIVIL, OBSERVER, STRANGER):
        assert "for the Chair" in mag.refuses(person, "charter approve WG-MWP")
    mag.does(CHAIR, "charter approve WG-MWP")
    assert "added\nA first report to the MAG" in mag.in_room("#mag")[-1]
    assert "A first report to the MAG" in mag.does(STRANGER, "charter show WG-MWP")
    assert "Changed: Expected Output(s)" in mag.does(STRANGER, "charter history WG-MWP")
    assert "Nothing waits" in mag.does(CHAIR, "todo")
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too


def test_a_concern_is_answered_before_the_check(mag: World) -> None:
    mag.does(PRIVATE, SUBSTANTIAL)
    assert "Its co-facilitators must answer it" in mag.does(CIVIL, "consult comment WG-MWP concern Only one report?")
    mag.later("8d")
    assert "Answer comment 1 on the charter of WG-MWP" in mag.does(TECHNICAL, "todo")
    refused = mag.refuses(CHAIR, "charter ask WG-MWP")
    assert "The members are asked about the charter of WG-MWP once, after their feedback was sought" in refused
    mag.does(TECHNICAL, 'consult respond WG-MWP 1 "One good one."')
    assert "be changed as proposed" in mag.card("check:2")


def test_without_a_consensus_it_is_not_adopted(mag: World) -> None:
    mag.does(PRIVATE, SUBSTANTIAL)
    concluded(mag, "no consensus yet")
    assert "Check 2 found no consensus on the change" in mag.refuses(CHAIR, "charter approve WG-MWP")
    mag.does(CHAIR, "charter decline WG-MWP The second report is needed.")
    assert "The second report is needed." in mag.in_room("#mag")[-1]
    assert "A first report" not in mag.does(CIVIL, "charter show WG-MWP")
    mag.does(PRIVATE, SUBSTANTIAL)


def test_only_its_co_facilitators_one_at_a_time_and_of_a_group_at_work(mag: World) -> None:
    for person in (CIVIL, CHAIR, SECRETARIAT, OBSERVER, STRANGER):
        assert "its co-facilitators" in mag.refuses(person, EDITORIAL)
    assert "changes nothing in the charter" in mag.refuses(PRIVATE, "charter change WG-MWP")
    assert "No change of the charter of WG-MWP is before the members." in mag.refuses(CHAIR, "charter approve WG-MWP")
    mag.does(PRIVATE, SUBSTANTIAL)
    assert "is before the members already" in mag.refuses(TECHNICAL, EDITORIAL)
    mag.does(TECHNICAL, "charter withdraw WG-MWP")
    assert "is withdrawn" in mag.in_room("#mag")[-1]
    mag.does(TECHNICAL, EDITORIAL)
    mag.does(SECRETARIAT, 'cycle open "IGF 2027" 2026-12-07 2027-01-20')
    assert "this waits" in mag.refuses(PRIVATE, EDITORIAL)


def test_a_changed_last_day_takes_consensus_and_moves_the_end(mag: World) -> None:
    mag.does(PRIVATE, "charter change WG-MWP --ends-on 2027-03-31")
    concluded(mag)
    assert "Ends with the cycle on" in mag.does(CIVIL, "show WG-MWP")
    mag.does(CHAIR, "charter approve WG-MWP")
    assert "Ends on\nWed 31 Mar 2027" in mag.does(CIVIL, "show WG-MWP")
    mag.later("70d")
    assert "Expired" in mag.does(CIVIL, "show WG-MWP")
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too


def test_what_is_pending_ends_with_the_group(mag: World) -> None:
    mag.does(PRIVATE, SUBSTANTIAL)
    mag.does(SECRETARIAT, 'cycle open "IGF 2027" 2026-12-07 2027-01-20')
    mag.later("10d")
    assert "No change" in mag.refuses(CIVIL, "charter pending WG-MWP")
    assert "Nothing waits" in mag.does(CIVIL, "todo")


def test_versions_there_are_not(mag: World) -> None:
    assert "WG-MWP has 1 versions; there is no number 3." in mag.refuses(CIVIL, "charter show WG-MWP 3")
    assert "There is nothing to compare WG-MWP with" in mag.refuses(CIVIL, "charter diff WG-MWP")
