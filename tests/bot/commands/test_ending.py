"""A group ends with its time: on its own last day or its cycle's, once, announced before; what it had open goes with it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from bot.domain.dues import Due, DueKind
from bot.domain.groups import GroupEnded
from bot.domain.lifetimes import Lifetime
from storage.verify import verify
from tests.builders import CHAIR, CIVIL, GOOD, MAG, MONDAY, PRIVATE, SECRETARIAT, TECHNICAL, World

ROOM = "#wg-mwp"
CYCLE = "2026-12-07"
"""Its first day."""


@pytest.fixture
def mag() -> World:
    mag = World()
    mag.approved()
    return mag


def ends_with(mag: World, last_day: str) -> None:
    """The cycle is moved so that it ends on a day."""
    mag.does(SECRETARIAT, f'cycle open "IGF 2027" {CYCLE} {last_day}')


def endings(mag: World) -> list[GroupEnded]:
    with mag.store.reading() as reads:
        facts = [fact for _, fact in reads.facts(MAG)]  # type: ignore[attr-defined]  # stores read their log too
    return [fact.event for fact in facts if fact is not None and isinstance(fact.event, GroupEnded)]


def dues(mag: World) -> Counter[DueKind]:
    with mag.store.reading() as reads:
        return Counter(each.kind for each in reads.all(Due, community=MAG))


def test_it_expires_after_the_last_day_of_its_cycle_and_once(mag: World) -> None:
    ends_with(mag, "2027-02-10")
    mag.later("7d")
    assert "Ends with the cycle on\nWed 10 Feb 2027" in mag.does(CIVIL, "show WG-MWP")
    for _ in range(12):
        mag.later("1d")
    assert [each.stage.value for each in endings(mag)] == ["expired"]
    shown = mag.does(CIVIL, "show WG-MWP")
    assert "Expired" in shown
    assert "Any seated member may propose its renewal" in shown
    for room in ("#mag", ROOM):
        assert "has ended: Expired." in mag.in_room(room)[-1]
    assert dues(mag)[DueKind.GROUP_ENDS] == dues(mag)[DueKind.GROUP_ENDING] == dues(mag)[DueKind.UPDATE_LATE] == 0
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too


def test_moving_the_cycle_moves_it(mag: World) -> None:
    ends_with(mag, "2027-02-10")
    ends_with(mag, "2027-03-10")
    mag.later("21d")
    assert endings(mag) == []
    assert "Active" in mag.does(CIVIL, "show WG-MWP")
    ends_with(mag, "2027-02-01")
    assert [each.stage.value for each in endings(mag)] == ["expired"], "a day that is over by then ends it at once"
    ends_with(mag, "2027-11-30")
    mag.later("7d")
    assert len(endings(mag)) == 1, "and it does not begin anew"


def test_on_its_own_last_day_where_that_comes_first() -> None:
    mag = World()
    mag.does(PRIVATE, f'propose new "Work" WG-MWP {GOOD} --ends-on 2027-03-31')
    mag.does(CIVIL, "consult comment WG-MWP Good idea.")
    mag.later("7d")
    for person in mag.supporters():
        mag.does(person, "consensus support")
    mag.later("7d")
    mag.does(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    assert "Ends on\nWed 31 Mar 2027" in mag.does(CIVIL, "show WG-MWP")
    assert "Last day of WG-MWP" in mag.does(CIVIL, "calendar")
    mag.later("64d")
    assert endings(mag) == []
    mag.later("3d")
    assert [each.stage.value for each in endings(mag)] == ["expired"]
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2027-01-01", "2027-01-01 is over; a group ends on a day to come."),
        ("2027-12-24", "2027-12-24 is after the last day of IGF 2027, 2027-11-30; every group ends with its cycle."),
        ("soon", "is not a date"),
    ],
)
def test_its_own_last_day_is_one_to_come_within_its_cycle(day: str, why: str) -> None:
    assert why in World().refuses(PRIVATE, f'propose new "Work" WG-MWP {GOOD} --ends-on {day}')


def test_it_is_not_approved_to_end_at_once() -> None:
    mag = World()
    mag.does(PRIVATE, f'propose new "Work" WG-MWP {GOOD} --ends-on 2027-01-20')
    mag.does(CIVIL, "consult comment WG-MWP Good idea.")
    mag.later("7d")
    for person in mag.supporters():
        mag.does(person, "consensus support")
    mag.later("7d")
    mag.does(CHAIR, "conclude WG-MWP consensus")
    refused = mag.refuses(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    assert "WG-MWP was to end on 2027-01-20, which is over: it would end at once." in refused
    mag.does(PRIVATE, "propose revise WG-MWP --ends-on 2027-05-31")


def test_a_proposal_that_was_not_decided_lapses_and_what_was_open_for_it_closes() -> None:
    mag = World()
    mag.consulted()
    ends_with(mag, "2027-01-20")
    mag.later("3d")
    assert [each.stage.value for each in endings(mag)] == ["lapsed"]
    assert "Lapsed" in mag.does(CIVIL, "show WG-MWP")
    assert "Called off" in mag.does(CIVIL, "consensus show 1")
    assert "Nothing waits" in mag.does(CIVIL, "todo")
    assert "has ended: Lapsed." in mag.in_room("#mag")[-1]


def test_what_was_withdrawn_or_declined_does_not_lapse_as_well() -> None:
    mag = World()
    mag.proposed("WG-A")
    mag.proposed("WG-B")
    mag.does(PRIVATE, "propose withdraw WG-A")
    mag.does(CHAIR, "decline WG-B Not now.")
    ends_with(mag, "2027-01-12")
    mag.later("4d")
    assert endings(mag) == []
    with mag.store.reading() as reads:
        assert reads.all(Lifetime, community=MAG, cycle=1) == ()


def test_its_co_facilitators_are_told_six_and_two_weeks_before(mag: World) -> None:
    ends_with(mag, (MONDAY + timedelta(days=14 + 7 * 7)).date().isoformat())
    told = []
    for _ in range(8):
        mag.later("7d")
        told.append(
            [len([each for each in mag.told(who) if "WG-MWP ends" in each]) for who in (PRIVATE, TECHNICAL, CIVIL)]
        )
    assert told == [[0, 0, 0], *[[1, 1, 0]] * 4, *[[2, 2, 0]] * 3]


def test_the_next_cycle_ends_the_groups_of_the_one_before(mag: World) -> None:
    mag.does(SECRETARIAT, 'cycle open "IGF 2028" 2027-01-20 2028-11-30')
    assert [each.stage.value for each in endings(mag)] == ["expired"]


class TestInterregnum:
    @pytest.fixture
    def over(self, mag: World) -> World:
        mag.does(PRIVATE, 'consensus "Move the call to 15:00?" 20d', room=ROOM)
        mag.does(PRIVATE, 'consensus open "Adopt the outline?" --closes 20d', room=ROOM)
        ends_with(mag, "2027-02-01")
        mag.later("8d")
        return mag

    def test_an_expired_group_may_meet_and_draft(self, over: World) -> None:
        over.does(PRIVATE, 'consensus "Meet on Monday?" 2h', room=ROOM)
        over.does(TECHNICAL, 'poll "Where?" Geneva, Lyon', room=ROOM)
        over.does(PRIVATE, "consensus support 2", room=ROOM)

    def test_it_concludes_upon_nothing_and_nobody_is_appointed(self, over: World) -> None:
        waits = "IGF 2027 ended on Mon 1 Feb 2027; this waits"
        assert waits in over.refuses(PRIVATE, 'consensus open "Adopt it?"', room=ROOM)
        assert waits in over.refuses(PRIVATE, "consensus confirm 2", room=ROOM)
        assert waits in over.refuses(CHAIR, f"appoint WG-MWP {CIVIL}, {TECHNICAL}")
        assert "expired" in over.refuses(PRIVATE, "update post WG-MWP Hello.")

    def test_its_own_formal_check_is_called_off_the_quick_one_goes_on(self, over: World) -> None:
        assert "Called off" in over.does(CIVIL, "consensus show 3")
        assert "Called off" not in over.does(CIVIL, "consensus show 2")

    def test_nor_in_the_next_cycle_it_is_its_successor_that_does(self, over: World) -> None:
        over.does(CHAIR, 'cycle open "IGF 2028" 2027-02-02 2027-12-31')
        said = over.refuses(PRIVATE, "consensus confirm 2", room=ROOM)
        assert "WG-MWP is expired: its life is over." in said


def test_what_was_begun_for_it_is_no_longer_to_be_gone_on_with(mag: World) -> None:
    mag.asks(PRIVATE, "update post WG-MWP")
    assert "Go on with what you began" in mag.does(PRIVATE, "todo")
    ends_with(mag, "2027-01-20")
    mag.later("1d")
    assert "Nothing waits" in mag.does(PRIVATE, "todo")
