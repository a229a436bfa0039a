"""Progress reviews: a member asks, the Chair puts it to the members, the group replies, the members are asked; no step by itself
ends a group."""

from __future__ import annotations

import pytest

from bot.domain.community import Settings
from storage.verify import verify
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, OBSERVER, PRIVATE, SECRETARIAT, STRANGER, TECHNICAL, World

ROOM = "#wg-mwp"
ASK = 'review ask WG-MWP "No draft was shown."'


@pytest.fixture
def mag() -> World:
    mag = World()
    mag.approved()
    return mag


@pytest.fixture
def opened(mag: World) -> World:
    mag.does(CIVIL, ASK)
    mag.does(CHAIR, "review open WG-MWP")
    return mag


def check_over(mag: World, outcome: str = "consensus") -> None:
    """The right of reply is over, the members were asked, and the Chair concluded."""
    mag.later("7d")
    for person in mag.supporters():
        mag.does(person, "consensus support 2")
    mag.later("7d")
    mag.does(CHAIR, f'conclude 2 "{outcome}" "So the members say."')


def test_asked_in_confidence_opened_to_all(mag: World) -> None:
    before = len(mag.in_room("#mag"))
    mag.does(CIVIL, ASK)
    assert len(mag.in_room("#mag")) == before
    assert "Under progress review" not in mag.does(GOVERNMENT, "show WG-MWP")
    for person in (CHAIR, SECRETARIAT):
        assert "No draft was shown." in mag.told(person)[-1]
    assert "Decide whether the progress of WG-MWP is put to the members." in mag.does(CHAIR, "todo")
    mag.does(CHAIR, "review open WG-MWP")
    for room in ("#mag", ROOM):
        assert "No draft was shown." in mag.in_room(room)[-1]
    assert "Under progress review" in mag.does(GOVERNMENT, "show WG-MWP")
    assert "under progress review" in mag.does(GOVERNMENT, "list")
    assert "The right of reply in the progress review of WG-MWP ends" in mag.does(CIVIL, "calendar")
    for person in (PRIVATE, TECHNICAL):
        assert "You may reply until" in mag.told(person)[-1]
        assert "Reply to the progress review of WG-MWP until" in mag.does(person, "todo")


def test_the_reply_travels_with_the_check(opened: World) -> None:
    opened.does(PRIVATE, "review reply WG-MWP Two drafters left.")
    assert "Two drafters left." in opened.in_room("#mag")[-1]
    assert "Reply to" not in opened.does(PRIVATE, "todo")
    opened.later("7d")
    card = opened.card("check:2")
    for part in ("Should WG-MWP (Work of WG-MWP) be dissolved", "No draft was shown.", "Two drafters left."):
        assert part in card
    assert "Two drafters left." not in opened.does(STRANGER, "consensus show 2"), "it is for the members"


def test_the_members_are_not_asked_before_the_right_of_reply_is_over(opened: World) -> None:
    opened.later("6d")
    refused = opened.refuses(CHAIR, "review check WG-MWP")
    assert "The co-facilitators of WG-MWP may reply until" in refused
    assert "may reply until" in opened.refuses(
        SECRETARIAT, "review record WG-MWP --on 2027-01-28 --presided Amina --link https://example.org"
    )
    assert "the members were not asked yet" in opened.refuses(CHAIR, "review settle WG-MWP dissolved")
    opened.later("1d")
    assert "with the members already: check 2" in opened.refuses(PRIVATE, "review reply WG-MWP Too late.")


def test_dissolved_by_the_chair_upon_the_members_consensus_and_not_before(opened: World) -> None:
    opened.later("7d")
    assert "was not concluded upon yet" in opened.refuses(CHAIR, "review settle WG-MWP dissolved")
    for person in opened.supporters():
        opened.does(person, "consensus support 2")
    opened.later("7d")
    opened.does(CHAIR, "conclude 2 consensus")
    opened.later("30d")
    assert "Active" in opened.does(CIVIL, "show WG-MWP"), "nothing of it is automatic"
    assert "Record what came of the progress review of WG-MWP." in opened.does(CHAIR, "todo")
    opened.does(CHAIR, "review settle WG-MWP dissolved WG-OC takes up its report.")
    shown = opened.does(CIVIL, "show WG-MWP")
    for part in ("Dissolved", "It was dissolved for insufficient progress.", "WG-OC takes up its report."):
        assert part in shown
    assert "Under progress review" not in shown
    for room in ("#mag", ROOM):
        assert "has ended: Dissolved." in opened.in_room(room)[-1]
    assert "Nothing waits" in opened.does(CHAIR, "todo")
    assert verify(opened.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too


def test_without_a_consensus_it_continues_and_with_one_it_may(opened: World) -> None:
    check_over(opened, "no consensus yet")
    assert "Check 2 found no consensus on dissolving WG-MWP." in opened.refuses(CHAIR, "review settle WG-MWP dissolved")
    opened.does(CHAIR, "review settle WG-MWP continues A report in June.")
    assert "WG-MWP continues after its progress review." in opened.in_room("#mag")[-1]
    assert "Under progress review" not in opened.does(CIVIL, "show WG-MWP")
    opened.does(CIVIL, ASK)


def test_who_may_do_what(mag: World) -> None:
    for person in (OBSERVER, SECRETARIAT, STRANGER):
        assert "members seated" in mag.refuses(person, ASK)
    assert "No progress review of WG-MWP is under way." in mag.refuses(CHAIR, "review open WG-MWP")
    mag.does(CIVIL, ASK)
    assert "is asked for already" in mag.refuses(GOVERNMENT, ASK)
    for command in ("review open WG-MWP", "review decline WG-MWP No.", "review settle WG-MWP dissolved"):
        for person in (CIVIL, PRIVATE, OBSERVER, STRANGER):
            assert "for the Chair" in mag.refuses(person, command)
    assert "has not put it to the members" in mag.refuses(PRIVATE, "review reply WG-MWP Early.")
    mag.does(CHAIR, "review open WG-MWP")
    for person in (CIVIL, CHAIR, SECRETARIAT):
        assert "its co-facilitators" in mag.refuses(person, "review reply WG-MWP No.")
    assert "people seated" in mag.refuses(STRANGER, "review show WG-MWP")


def test_declined_with_a_reason_that_who_asked_is_told(mag: World) -> None:
    mag.does(CIVIL, ASK)
    mag.does(CHAIR, "review decline WG-MWP The report came yesterday.")
    assert "The report came yesterday." in mag.told(CIVIL)[-1]
    assert "Nothing waits" in mag.does(CHAIR, "todo")
    assert "The report came yesterday." in mag.does(GOVERNMENT, "review show WG-MWP")


def test_the_chair_may_put_it_without_having_been_asked(mag: World) -> None:
    mag.does(CHAIR, "review open WG-MWP No call was held.")
    assert "No call was held." in mag.in_room("#mag")[-1]


def test_a_consensus_of_a_meeting_counts(opened: World) -> None:
    opened.does(SECRETARIAT, "settings set stages_by_clock no")
    opened.later("8d")
    assert "is over" in opened.told(CHAIR)[-1]
    assert "Ask the members about the progress of WG-MWP." in opened.does(CHAIR, "todo")
    opened.does(SECRETARIAT, "review record WG-MWP --on 2027-02-01 --presided Amina")
    opened.does(CHAIR, "conclude 2 consensus")
    opened.does(CHAIR, "review settle WG-MWP dissolved")


def test_only_a_group_at_work_is_reviewed() -> None:
    mag = World(settings=Settings(stages_by_clock=True))
    mag.proposed()
    assert "only an active group's progress is reviewed" in mag.refuses(CIVIL, ASK)


def test_the_end_of_the_cycle_ends_the_review_too(opened: World) -> None:
    opened.later("7d")
    opened.does(SECRETARIAT, 'cycle open "IGF 2027" 2026-12-07 2027-02-03')
    opened.later("4d")
    assert "Called off" in opened.does(CIVIL, "consensus show 2")
    assert "Expired" in opened.does(CIVIL, "show WG-MWP")
    assert "Nothing waits" in opened.does(CHAIR, "todo")


def test_two_missed_updates_are_hinted_to_chair_and_secretariat_alone_and_once(mag: World) -> None:
    def hinted() -> list[int]:
        people = (CHAIR, SECRETARIAT, PRIVATE, CIVIL)
        return [len([each for each in mag.told(who) if "missed two updates" in each]) for who in people]

    before = len(mag.in_room("#mag"))
    mag.later("40d")
    assert hinted() == [0, 0, 0, 0]
    mag.later("30d")
    assert hinted() == [1, 1, 0, 0]
    mag.later("60d")
    assert hinted() == [1, 1, 0, 0]
    assert len(mag.in_room("#mag")) == before
    assert "Active" in mag.does(CIVIL, "show WG-MWP")
    mag.does(PRIVATE, "update nothing WG-MWP")
    mag.later("40d")
    mag.does(PRIVATE, "update nothing WG-MWP")
    mag.later("25d")
    assert hinted() == [1, 1, 0, 0], "one late update is none missed twice"
