"""Consultations: feedback is sought, received and answered before the members are asked for consensus."""

from __future__ import annotations

import pytest

from bot.domain.community import Settings
from tests.builders import CHAIR, CIVIL, GOVERNMENT, OBSERVER, PRIVATE, SECRETARIAT, STRANGER, TECHNICAL, World


@pytest.fixture
def mag() -> World:
    world = World()
    world.proposed()
    return world


def test_everybody_seated_comments_and_the_card_shows_it(mag: World) -> None:
    mag.does(OBSERVER, "consult comment WG-MWP Please coordinate with us")
    mag.does("Host Country Office", "consult comment WG-MWP concern Too late for the host")

    card = mag.card("consultation:1")
    assert "1. Comment by Observer Desk" in card
    assert "2. Concern by Host Country Office" in card
    assert "not answered yet" in card


def test_a_guest_does_not_comment(mag: World) -> None:
    assert "does not know this account" in mag.refuses(STRANGER, "consult comment WG-MWP Hello")


def test_a_concern_must_be_answered_before_the_check_opens(mag: World) -> None:
    mag.does(CIVIL, "consult comment WG-MWP concern The timetable is too tight")
    mag.does(TECHNICAL, "consult comment WG-MWP change Name the NRIs")
    mag.does(GOVERNMENT, "consult comment WG-MWP Fine with me")
    assert "The timetable is too tight" in mag.told(PRIVATE)[0]
    mag.later("7d")

    assert "answer comments 1, 2" in mag.told(PRIVATE)[-1]
    refusal = mag.refuses(CHAIR, "consensus open WG-MWP")
    assert "2 comments on WG-MWP still need a response." in refusal
    assert "/wg consult respond WG-MWP" in refusal
    assert "Answer comment 1 on WG-MWP" in mag.does(PRIVATE, "todo")

    assert "Still to answer: 2" in mag.does(PRIVATE, "consult respond WG-MWP 1 We moved it to October")
    assert "the consensus check on WG-MWP opens" in mag.does(PRIVATE, "consult respond WG-MWP 2 They are named now")
    assert "We moved it to October" in mag.card("consultation:1")


def test_one_response_covers_several_comments(mag: World) -> None:
    mag.does(CIVIL, "consult comment WG-MWP concern Too tight")
    mag.does(TECHNICAL, "consult comment WG-MWP concern Far too tight")
    mag.later("7d")
    assert "nothing is left" in mag.does(PRIVATE, 'consult respond WG-MWP 1,2 "Moved to October"')


def test_only_the_proposers_respond_and_only_to_comments_there_are(mag: World) -> None:
    mag.does(CIVIL, "consult comment WG-MWP concern Too tight")
    assert "This is for its proposers" in mag.refuses(CIVIL, "consult respond WG-MWP 1 Done")
    assert "There is no comment 7; there is 1" in mag.refuses(PRIVATE, "consult respond WG-MWP 7 Done")
    assert "first cannot be used for comments" in mag.refuses(PRIVATE, "consult respond WG-MWP first Done")


def test_no_feedback_extends_once_and_is_then_attested(mag: World) -> None:
    mag.later("7d")
    assert "No feedback has come on WG-MWP yet" in mag.in_room("#mag")[-1]
    mag.does(PRIVATE, "consult comment WG-MWP My own comment is no feedback")
    mag.later("4d")

    assert "Feedback was sought from the full MAG; none was received." in mag.card("consultation:1")
    assert "Members take positions until" in mag.does(PRIVATE, "show WG-MWP")


def test_it_takes_72_hours_save_by_the_chairs_recorded_exception(mag: World) -> None:
    mag.does(CIVIL, "consult comment WG-MWP Good")
    mag.later("2d")
    refusal = mag.refuses(PRIVATE, "consult close WG-MWP")
    assert "2 days is too short" in refusal
    assert "--exception" in refusal
    assert "This is for the Chair" in mag.refuses(SECRETARIAT, 'consult close WG-MWP --exception "In a hurry"')

    mag.does(CHAIR, 'consult close WG-MWP --exception "The MAG meets tomorrow"')
    assert any(
        "Exception for WG-MWP (consultation length)" in each and "The MAG meets tomorrow" in each
        for each in mag.in_room("#mag")
    )
    assert "The MAG meets tomorrow" in mag.does(CIVIL, "show WG-MWP")


def test_after_72_hours_its_proposer_may_close_it(mag: World) -> None:
    mag.does(CIVIL, "consult comment WG-MWP Good")
    mag.later("3d")
    assert (
        "This is for its proposers (of a recommendation, the co-facilitators) or the Chair or the Secretariat"
        in mag.refuses(CIVIL, "consult close WG-MWP")
    )
    mag.does(PRIVATE, "consult close WG-MWP")
    assert "closed on" in mag.refuses(CIVIL, "consult comment WG-MWP Late")


def test_a_comment_after_the_close_is_refused_by_time_alone(mag: World) -> None:
    """Times are compared, so a close the clock has not run yet is a close all the same."""
    mag.does(CIVIL, "consult comment WG-MWP Good")
    mag.clock_runs = False
    mag.later("7d")
    assert "closed on Mon 18 Jan 2027" in mag.refuses(CIVIL, "consult comment WG-MWP Late")


def test_more_time_but_never_less(mag: World) -> None:
    assert "earlier than" in mag.refuses(PRIVATE, "consult extend WG-MWP 5d")
    mag.does(PRIVATE, "consult extend WG-MWP 10d")
    mag.later("8d")
    mag.does(CIVIL, "consult comment WG-MWP In time")


@pytest.mark.parametrize(
    ("until", "why"),
    [
        ("2020-01-01", "has passed"),
        ("2027-03-28 02:30", "2027-03-28"),
        ("2027-02-01 15:00 Europe/Zurick", "Europe/Zurich"),
        ("soon", "soon"),
    ],
)
def test_times_that_cannot_be(mag: World, until: str, why: str) -> None:
    assert why in mag.refuses(PRIVATE, f'consult extend WG-MWP "{until}"')


def test_by_hand_where_the_community_wants_it() -> None:
    mag = World(settings=Settings(stages_by_clock=False))
    mag.proposed()
    assert "has not opened yet" in mag.refuses(CIVIL, "consult comment WG-MWP Hello")
    assert "is too short" in mag.refuses(PRIVATE, "consult open WG-MWP --until 24h")
    mag.does(PRIVATE, "consult open WG-MWP")
    assert "is in consultation" in mag.refuses(PRIVATE, "consult open WG-MWP")
    mag.does(CIVIL, "consult comment WG-MWP Good")
    mag.later("7d")
    assert "Next: its consensus check opens." in mag.does(CIVIL, "show WG-MWP")
    assert "for its proposers, the Chair and the Secretariat" in mag.refuses(CIVIL, "consensus open WG-MWP")
    mag.does(PRIVATE, "consensus open WG-MWP")
