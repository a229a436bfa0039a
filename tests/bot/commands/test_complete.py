"""Completion: asked for by the co-facilitators with every output accounted for, confirmed by the Chair, never by itself."""

from __future__ import annotations

import pytest

from bot.domain.completions import expected_outputs
from storage.verify import verify
from tests.builders import CHAIR, CIVIL, MAG, OBSERVER, PRIVATE, SECRETARIAT, STRANGER, TECHNICAL, World

ROOM = "#wg-mwp"
ASKED = 'complete WG-MWP "https://example.org/final" --outputs "1: https://example.org/report"'


@pytest.fixture
def mag() -> World:
    mag = World()
    mag.approved()
    return mag


def test_asked_shown_confirmed_and_over(mag: World) -> None:
    assert "The MAG Chair is asked to confirm that WG-MWP is completed." in mag.does(PRIVATE, ASKED)
    for shown in (mag.in_room("#mag")[-1], mag.in_room(ROOM)[-1], mag.told(CHAIR)[-1]):
        for part in ("Completion of", "A report to the MAG", "https://example.org/report", "https://example.org/final"):
            assert part in shown
    assert "What is missing" not in mag.told(CHAIR)[-1]
    assert "Confirm that WG-MWP is completed." in mag.does(CHAIR, "todo")
    assert "its co-facilitators say" in mag.does(CIVIL, "list")
    mag.does(CHAIR, "complete confirm WG-MWP With thanks to all.")
    assert "Nothing waits" in mag.does(CHAIR, "todo")
    shown = mag.does(CIVIL, "show WG-MWP")
    for part in ("Completed", "Its work is done.", "With thanks to all.", "Its final report"):
        assert part in shown
    for room in ("#mag", ROOM):
        assert "has ended: Completed." in mag.in_room(room)[-1]
    assert "https://example.org/final" in mag.does(STRANGER, "complete show WG-MWP")
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too


def test_what_is_missing_is_shown_and_holds_nothing_up(mag: World) -> None:
    said = mag.does(TECHNICAL, "complete WG-MWP")
    for part in ("There is no final report.", "Expected output 1 is not accounted for."):
        assert part in said
        assert part in mag.told(CHAIR)[-1]
        assert part in mag.in_room("#mag")[-1]
    mag.does(CHAIR, "complete confirm WG-MWP")


def test_an_output_that_is_not_delivered_says_why(mag: World) -> None:
    mag.does(PRIVATE, 'complete WG-MWP "Our report" --outputs "1: not delivered: no data came"')
    assert "not delivered\nno data came" in mag.told(CHAIR)[-1]


@pytest.mark.parametrize(
    ("outputs", "why"),
    [
        ("2: https://example.org", "“2: https://example.org” does not begin with the number of an output"),
        ("the report is there", "“the report is there” does not begin with the number of an output"),
        ("1: not delivered", "Output 1 is not delivered, and why is not said."),
        ("1: delivered", "Output 1 is delivered, and where it is is not said."),
    ],
)
def test_accounts_that_say_nothing(mag: World, outputs: str, why: str) -> None:
    assert why in mag.refuses(PRIVATE, f'complete WG-MWP "Our report" --outputs "{outputs}"')


def test_only_its_co_facilitators_ask_and_only_the_chair_confirms(mag: World) -> None:
    for person in (CIVIL, CHAIR, SECRETARIAT, OBSERVER, STRANGER):
        assert "its co-facilitators" in mag.refuses(person, ASKED)
    assert "Nobody asks for the completion of WG-MWP; it is active." in mag.refuses(CHAIR, "complete confirm WG-MWP")
    mag.does(PRIVATE, ASKED)
    for person in (PRIVATE, CIVIL, OBSERVER, STRANGER):
        assert "for the Chair" in mag.refuses(person, "complete confirm WG-MWP")
    mag.does(SECRETARIAT, "complete confirm WG-MWP")
    assert "Active" in mag.does(CIVIL, "show WG-MWP"), "the Secretariat only prepares it"
    mag.does(CHAIR, "confirm 1")
    assert "Completed" in mag.does(CIVIL, "show WG-MWP")
    assert "WG-MWP is completed: only an active group is completed." in mag.refuses(PRIVATE, ASKED)


def test_returned_it_stays_at_work_and_may_be_asked_again(mag: World) -> None:
    mag.does(PRIVATE, ASKED)
    mag.does(CHAIR, "complete return WG-MWP Where is the annex?")
    assert "Where is the annex?" in mag.told(TECHNICAL)[-1]
    assert "Active" in mag.does(CIVIL, "show WG-MWP")
    assert "Nobody asks" in mag.refuses(CHAIR, "complete confirm WG-MWP")
    mag.does(PRIVATE, ASKED)
    mag.does(CHAIR, "complete confirm WG-MWP")


def test_an_expired_group_has_only_its_final_report_left(mag: World) -> None:
    mag.does(SECRETARIAT, 'cycle open "IGF 2027" 2026-12-07 2027-01-20')
    assert "The final report of WG-MWP is with the members." in mag.does(PRIVATE, ASKED)
    assert "Final report of" in mag.in_room("#mag")[-1]
    assert "Nobody asks" in mag.refuses(CHAIR, "complete confirm WG-MWP")
    assert "Expired" in mag.does(CIVIL, "show WG-MWP")


@pytest.mark.parametrize(
    ("text", "outputs"),
    [
        ("A report to the MAG", ("A report to the MAG",)),
        ("By the end:\n- A report\n* A list\n", ("A report", "A list")),
        ("1. One\n2) Two", ("One", "Two")),
        ("One\n\nTwo", ("One", "Two")),
    ],
)
def test_expected_outputs_are_the_entries_of_the_list(text: str, outputs: tuple[str, ...]) -> None:
    assert expected_outputs(text) == outputs


def test_its_room_is_closed_a_week_later_and_is_no_home_any_more(mag: World) -> None:
    mag.does(PRIVATE, ASKED)
    mag.does(CHAIR, "complete confirm WG-MWP")
    mag.later("6d")
    assert "Meets in\n#wg-mwp" in mag.does(CIVIL, "show WG-MWP")
    mag.later("1d")
    assert "Meets in" not in mag.does(CIVIL, "show WG-MWP")
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too
