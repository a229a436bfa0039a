"""The Chair's card: concluding, approving, declining, appointing; and acts the Secretariat prepares."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.cli.sample import sample_people
from bot.domain.groups import Home
from bot.domain.people import Role
from bot.outgoing import SendKind
from storage.memory import MemoryStore
from storage.memory.outbox import Sent
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, OBSERVER, PRIVATE, PRIVATE_TOO, SECRETARIAT, TECHNICAL, World


@pytest.fixture
def mag() -> World:
    """The consensus check on WG-MWP is over, with enough support in every stakeholder group."""
    world = World()
    world.checked()
    return world


def test_one_card_one_tap_two_names(mag: World) -> None:
    assert "For your decision: WG-MWP" in mag.told(CHAIR)[-1]
    assert "Decide on WG-MWP" in mag.does(CHAIR, "todo")
    mag.does(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")

    said = "\n".join(mag.in_room("#mag"))
    assert "Amina A. concluded upon check 1: Consensus." in said
    assert "MAG Chair Amina A. approved WG-MWP" in said
    assert "Qiang R. (Private Sector) is co-facilitator of WG-MWP." in said
    assert "is active, and open to every member." in said
    assert "The MAG Chair appointed you co-facilitator of WG-MWP" in mag.told(TECHNICAL)[-1]
    assert "#wg-mwp" in mag.does(CIVIL, "show WG-MWP")
    assert "Purpose of the WG" in mag.in_room("#wg-mwp")[0]


@pytest.mark.parametrize("who", [CIVIL, OBSERVER, PRIVATE])
@pytest.mark.parametrize(
    "line",
    [
        "approve WG-MWP Qiang R., Gift I.",
        "decline WG-MWP No",
        "appoint WG-MWP Qiang R., Gift I.",
        "conclude WG-MWP consensus",
    ],
)
def test_only_the_chair(mag: World, who: str, line: str) -> None:
    assert "This is for the Chair." in mag.refuses(who, line)


def test_not_before_the_check_has_closed() -> None:
    mag = World()
    mag.consulted()
    assert "is open until Mon 25 Jan 2027" in mag.refuses(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    assert "is open until" in mag.refuses(CHAIR, "conclude WG-MWP consensus")


def test_not_before_there_was_a_check() -> None:
    mag = World()
    mag.proposed()
    assert "the Chair approves upon a consensus of the members" in mag.refuses(
        CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}"
    )
    assert "no consensus check to conclude upon yet" in mag.refuses(CHAIR, "conclude WG-MWP consensus")
    assert "co-facilitators are appointed when it is approved" in mag.refuses(
        CHAIR, f"appoint WG-MWP {PRIVATE}, {TECHNICAL}"
    )


def test_not_over_an_open_objection() -> None:
    mag = World()
    mag.consulted()
    mag.does(CIVIL, "consensus object 1 It is too early")
    mag.later("9d")
    refusal = mag.refuses(CHAIR, 'conclude WG-MWP consensus "I think so"')
    assert "1 objection is open" in refusal
    assert "/wg consensus answer 1 1" in refusal
    assert "does not hold" in mag.refuses(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    mag.does(CHAIR, "consensus answer 1 1 The work begins in May")
    mag.does(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")


def test_no_consensus_yet_needs_its_rationale_and_is_not_approved(mag: World) -> None:
    assert "needs its rationale" in mag.refuses(CHAIR, 'conclude WG-MWP "no consensus yet"')
    mag.does(CHAIR, 'conclude WG-MWP "no consensus yet" "The timetable is disputed."')
    assert "found no consensus yet" in mag.refuses(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    assert "was concluded already" in mag.refuses(CHAIR, "conclude WG-MWP consensus")


def test_minority_views_travel(mag: World) -> None:
    mag.does(CHAIR, 'conclude WG-MWP consensus "Broad support." --minority "Two members would rather wait."')
    assert "Minority views: Two members would rather wait." in mag.in_room("#mag")[-1]
    assert "Two members would rather wait." in mag.card("check:1")


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (f"{PRIVATE}, {PRIVATE_TOO}", "Both are of Private Sector"),
        (PRIVATE, "One co-facilitator was named"),
        (f"{PRIVATE}, {TECHNICAL}, {CIVIL}", "3 were named"),
        (f"{PRIVATE}, {OBSERVER}", "is not a member seated in this cycle"),
        (f"{PRIVATE}, {SECRETARIAT}", "is not a member seated in this cycle"),
        (f"{PRIVATE}, qiang r.", "is named twice"),
        (f"{PRIVATE}, Gift J.", "Did you mean Gift I."),
    ],
)
def test_two_members_of_two_stakeholder_groups(mag: World, names: str, why: str) -> None:
    assert why in mag.refuses(CHAIR, f"approve WG-MWP {names}")
    assert "consensus check" in mag.does(CIVIL, "show WG-MWP").lower()


@pytest.mark.parametrize("names", [f"{PRIVATE}, {PRIVATE_TOO}", PRIVATE])
def test_or_the_chairs_exception_which_is_published(mag: World, names: str) -> None:
    mag.does(CHAIR, f'approve WG-MWP {names} --exception "Nobody else is free until May"')
    assert any(
        "Exception for WG-MWP" in each and "Nobody else is free until May" in each for each in mag.in_room("#mag")
    )
    shown = mag.does(CIVIL, "show WG-MWP")
    assert "Active" in shown
    assert "Nobody else is free until May" in shown


def test_an_appointee_may_decline_and_the_chair_names_another(mag: World) -> None:
    mag.does(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    assert "You are not a co-facilitator" in mag.refuses(CIVIL, "appoint decline WG-MWP")
    mag.does(TECHNICAL, "appoint decline WG-MWP I am travelling")
    assert "Gift I. declined to co-facilitate WG-MWP." in mag.told(CHAIR)[-1]
    mag.does(CHAIR, f"appoint WG-MWP {PRIVATE}, {CIVIL}")
    assert "Yusuf A. (Civil Society)" in mag.does(CIVIL, "show WG-MWP")


def test_declining_asks_for_a_reason_and_publishes_it(mag: World) -> None:
    assert mag.asks(CHAIR, "decline WG-MWP").current == "reason"
    mag.does(CHAIR, 'decline WG-MWP "The MAG takes it on itself."')
    assert "did not approve WG-MWP" in mag.in_room("#mag")[-1]
    assert "The MAG takes it on itself." in mag.does(CIVIL, "show WG-MWP")
    assert "was decided upon already" in mag.refuses(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")


def test_it_is_noted_when_the_chair_is_a_proposer() -> None:
    mag = World()
    mag.checked(by=CHAIR)
    mag.does(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    assert any("The MAG Chair is one of its proposers." in each for each in mag.in_room("#mag"))


class TestPrepared:
    """The Secretariat may prepare an act of the Chair."""

    def test_it_takes_effect_on_the_chairs_own_confirmation(self, mag: World) -> None:
        assert "Prepared as act 1" in mag.does(SECRETARIAT, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
        assert "Act 1 waits for your confirmation" in mag.told(CHAIR)[-1]
        assert "consensus check" in mag.does(CIVIL, "show WG-MWP").lower()
        assert "This is for the Chair" in mag.refuses(SECRETARIAT, "confirm 1")
        assert "This is for the Chair" in mag.refuses(CIVIL, "confirm 1")

        assert "is approved" in mag.does(CHAIR, "confirm 1")
        assert "was confirmed already" in mag.refuses(CHAIR, "confirm 1")

    def test_it_is_tried_out_first_and_leaves_nothing(self, mag: World) -> None:
        assert "Both are of Private Sector" in mag.refuses(SECRETARIAT, f"approve WG-MWP {PRIVATE}, {PRIVATE_TOO}")

    def test_it_can_be_dropped(self, mag: World) -> None:
        mag.does(SECRETARIAT, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
        mag.does(CHAIR, "confirm 1 no")
        assert "was dropped already" in mag.refuses(CHAIR, "confirm 1")
        assert "There is no prepared act 7" in mag.refuses(CHAIR, "confirm 7")

    def test_every_gate_is_asked_again(self, mag: World) -> None:
        mag.does(SECRETARIAT, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
        mag.does(CHAIR, 'decline WG-MWP "Not now."')
        assert "was decided upon already" in mag.refuses(CHAIR, "confirm 1")


def test_the_room_is_asked_for_with_the_approval_and_made_right_with_each_appointment_after_it(mag: World) -> None:
    mag.does(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    assert len(_rooms_asked_for(mag)) == 1, "the appointments are part of the same act"
    mag.does(TECHNICAL, "appoint decline WG-MWP I am travelling")
    mag.does(CHAIR, f"appoint WG-MWP {PRIVATE}, {CIVIL}")
    assert len(_rooms_asked_for(mag)) == 2
    with mag.store.reading() as reads:
        homes = [home.place for home in reads.all(Home, community=MAG)]
    assert sorted(homes) == ["#mag", "#wg-mwp"]


def _rooms_asked_for(mag: World) -> list[Sent]:
    assert isinstance(mag.store, MemoryStore)
    return [each for each in mag.store.tables[Sent].rows.values() if each.row.kind is SendKind.PROVISION]


def test_conclusions_and_appointments_wait_in_the_interregnum(mag: World) -> None:
    mag.later("330d")
    for line in (
        f"approve WG-MWP {PRIVATE}, {TECHNICAL}",
        "conclude WG-MWP consensus",
        "decline WG-MWP No",
        "appoint WG-MWP X, Y",
    ):
        assert "this waits until the next membership is seated" in mag.refuses(CHAIR, line)


def test_government_and_everybody_else_may_look(mag: World) -> None:
    for who in (GOVERNMENT, OBSERVER, "a guest"):
        assert "WG-MWP" in mag.does(who, "list")
        assert "WG-MWP" in mag.does(who, "show wg - mwp")
        assert "check 1" in mag.does(who, "consensus show 1")


def test_acts_of_the_chair_wait_while_no_chair_is_seated() -> None:
    nobody = tuple(replace(each, role=Role.MEMBER) if each.role is Role.CHAIR else each for each in sample_people())
    mag = World(founders=nobody)
    mag.checked()
    assert "No MAG Chair is seated" in mag.refuses(SECRETARIAT, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    assert "This is for the Chair" in mag.refuses(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")


def test_a_check_needs_somebody_to_ask() -> None:
    mag = World(founders=tuple(each for each in sample_people() if each.role.value == "secretariat"))
    assert "Nobody is seated who could be asked." in mag.refuses(SECRETARIAT, 'consensus open "Adopt it?"')
