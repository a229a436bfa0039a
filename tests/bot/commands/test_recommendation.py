"""Recommendations: drafted, consulted on with the full MAG, agreed in the group, handed over, answered by the MAG."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.recommendations import RecommendationText
from storage.verify import verify
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, OBSERVER, PRIVATE, SECRETARIAT, STRANGER, TECHNICAL, World

ROOM = "#wg-mwp"
DRAFT = 'recommendation draft WG-MWP "Two-year planning" "The MAG plans its programme for two years."'


@pytest.fixture
def mag() -> World:
    mag = World()
    mag.approved()
    return mag


@pytest.fixture
def drafted(mag: World) -> World:
    mag.does(PRIVATE, DRAFT)
    return mag


@pytest.fixture
def consulted(drafted: World) -> World:
    drafted.does(PRIVATE, "recommendation consult R1")
    drafted.does(CIVIL, "consult comment R1 Good idea.")
    drafted.later("7d")
    return drafted


def agree(mag: World, *, object_: str = "") -> None:
    """The group's check is over."""
    mag.does(PRIVATE, "consensus support 2")
    if object_:
        mag.does(TECHNICAL, f"consensus object 2 {object_}")
    else:
        mag.does(TECHNICAL, "consensus support 2")
    mag.later("8d")


@pytest.fixture
def agreed(consulted: World) -> World:
    agree(consulted)
    consulted.does(PRIVATE, "conclude 2 consensus")
    return consulted


def answered(mag: World, number: int = 3) -> None:
    """The full MAG's check is over, and enough support it."""
    for person in mag.supporters():
        mag.does(person, f"consensus support {number}")
    mag.later("7d")


def test_from_draft_to_endorsement(mag: World) -> None:
    assert "Drafted as R1, and posted in WG-MWP." in mag.does(PRIVATE, DRAFT)
    assert "The MAG plans its programme for two years." in mag.in_room(ROOM)[-1]
    mag.does(PRIVATE, "recommendation consult R1")
    assert "Consultation of the full MAG on recommendation R1 of WG-MWP" in mag.in_room("#mag")[-1]
    assert "The MAG plans its programme for two years." in mag.in_room("#mag")[-1]
    mag.does(CIVIL, "consult comment R1 concern Two years is long")
    assert "Yusuf A. on recommendation R1 of WG-MWP" in mag.told(TECHNICAL)[-1]
    assert "Answer comment 1 on recommendation R1" in mag.does(TECHNICAL, "todo")
    mag.does(TECHNICAL, 'consult respond R1 1 "It is reviewed each year."')
    mag.does(PRIVATE, 'recommendation edit R1 "The MAG plans for two years, and reviews the plan each year."')
    mag.later("7d")
    assert "Should recommendation R1 of WG-MWP" in mag.in_room(ROOM)[-1], "the group is asked by the clock"
    agree(mag)
    assert "Hand R1 over" in mag.does(PRIVATE, "conclude 2 consensus")
    assert "Hand R1 to the members" in mag.does(TECHNICAL, "todo")
    assert "R1 lies before the full MAG: check 3" in mag.does(TECHNICAL, "recommendation hand R1")
    posted = mag.in_room("#mag")
    assert any("Recommendation R1 of WG-MWP" in each and "reviews the plan each year" in each for each in posted[-2:])
    assert "Should the MAG endorse recommendation R1 of WG-MWP (Two-year planning)?" in mag.card("check:3")
    answered(mag)
    assert "Conclude what the members make of R1" in mag.does(CHAIR, "todo")
    assert "Check 3 closed. It is yours to conclude upon." in mag.told(CHAIR)[-1]
    assert "Concluded: R1 is endorsed." in mag.does(CHAIR, "recommendation conclude R1 endorsed")
    for room in ("#mag", ROOM):
        assert "Recommendation R1 of WG-MWP (Two-year planning) is endorsed by the MAG" in mag.in_room(room)[-1]
    assert "endorsed" in mag.does(STRANGER, "recommendation R1")
    assert "Conclude what the members make" not in mag.does(CHAIR, "todo")
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too


def test_drafted_by_members_of_a_group_at_work(mag: World) -> None:
    for person in (CIVIL, OBSERVER, STRANGER, SECRETARIAT):
        mag.refuses(person, DRAFT)
    other = World()
    other.checked()
    other.delivering = False
    other.does(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    assert "WG-MWP is approved: it recommends once it is active." in other.refuses(PRIVATE, DRAFT)


def test_versions_are_kept(drafted: World) -> None:
    drafted.does(TECHNICAL, 'recommendation edit R1 "Second."')
    assert "Second." in drafted.does(CIVIL, "recommendation show r1")
    assert "programme for two years" in drafted.does(CIVIL, "recommendation show R1 1")
    assert "R1 is at version 2" in drafted.refuses(CIVIL, "recommendation show R1 3")
    drafted.refuses(CIVIL, 'recommendation edit R1 "Not mine."')
    with drafted.store.reading() as reads:
        assert len(reads.all(RecommendationText, community=MAG, recommendation=1)) == 2
    assert "There is no recommendation called R2" in drafted.refuses(CIVIL, "recommendation show R2")


def test_the_consultation_takes_72_hours_save_by_the_chairs_exception(drafted: World) -> None:
    assert "takes at least 3 days" in drafted.refuses(PRIVATE, "recommendation consult R1 --until 2d")
    drafted.refuses(PRIVATE, 'recommendation consult R1 --until 2d --exception "Hurry"')
    drafted.refuses(CIVIL, "recommendation consult R1")
    drafted.does(CHAIR, 'recommendation consult R1 --until 2d --exception "The meeting is on Friday"')
    assert "The meeting is on Friday" in drafted.does(STRANGER, "show WG-MWP")


def test_no_check_before_the_consultation_and_no_handing_over_before_the_check(drafted: World) -> None:
    assert "R1 is a draft: the group's consensus check comes after" in drafted.refuses(
        PRIVATE, "recommendation check R1"
    )
    assert "R1 is a draft: it is handed over once the group has concluded upon it." in drafted.refuses(
        PRIVATE, "recommendation hand R1"
    )
    assert "R1 is a draft: the full membership answers once it was handed over." in drafted.refuses(
        CHAIR, "recommendation conclude R1 endorsed"
    )
    drafted.does(PRIVATE, "recommendation consult R1")
    assert "R1 is in consultation: a consultation opens on a draft." in drafted.refuses(
        PRIVATE, "recommendation consult R1"
    )


def test_a_concern_must_be_answered_before_the_groups_check(drafted: World) -> None:
    drafted.does(PRIVATE, "recommendation consult R1")
    drafted.does(CIVIL, "consult comment R1 concern Too long")
    drafted.does(GOVERNMENT, "consult comment R1 change Say who reviews it")
    drafted.later("7d")
    assert "2 comments on R1 still need a response." in drafted.refuses(PRIVATE, "recommendation check R1")
    drafted.refuses(CIVIL, 'consult respond R1 1,2 "Done."')
    assert "the consensus check on recommendation R1 of WG-MWP opens" in drafted.does(
        PRIVATE, 'consult respond R1 1,2 "One year, and the MAG reviews it."'
    )


def test_no_feedback_extends_once_and_is_then_attested(drafted: World) -> None:
    drafted.does(PRIVATE, "recommendation consult R1")
    drafted.does(TECHNICAL, "consult comment R1 Fine by us.")
    drafted.later("7d")
    assert "No feedback has come on recommendation R1 of WG-MWP yet" in "".join(drafted.in_room("#mag"))
    drafted.later("4d")
    assert "Sought, none received" in drafted.does(CIVIL, "recommendation R1")
    assert "Feedback was sought from the full MAG; none was received." in drafted.does(CIVIL, "consult show R1")


def test_nothing_is_edited_while_the_group_takes_positions(consulted: World) -> None:
    assert "R1 is in the group's consensus check: its text stands as it is." in consulted.refuses(
        PRIVATE, 'recommendation edit R1 "Other."'
    )


def test_without_consensus_it_is_handed_over_only_with_the_minority_views(consulted: World) -> None:
    agree(consulted, object_="Too dear")
    consulted.does(PRIVATE, 'conclude 2 "no consensus yet" "Cost is disputed."')
    assert "it is handed over only with the minority views" in consulted.refuses(PRIVATE, "recommendation hand R1")
    consulted.does(PRIVATE, 'recommendation hand R1 "taken note of" --minority "It costs more than it brings."')
    assert "It costs more than it brings." in consulted.card("recommendation:1")
    assert "No consensus yet" in consulted.card("recommendation:1")
    assert "Should the MAG take note of recommendation R1" in consulted.card("check:3")
    answered(consulted)
    assert "Members were asked to take note of R1, not to endorse it." in consulted.refuses(
        CHAIR, "recommendation conclude R1 endorsed"
    )
    consulted.does(CHAIR, 'recommendation conclude R1 "taken note of"')
    assert "It costs more than it brings." in consulted.in_room("#mag")[-1], "minority views travel"


def test_after_no_consensus_yet_another_version_goes_to_another_check(consulted: World) -> None:
    agree(consulted, object_="Too dear")
    consulted.does(PRIVATE, 'conclude 2 "no consensus yet" "Cost is disputed."')
    consulted.does(TECHNICAL, 'recommendation edit R1 "Cheaper."')
    assert "Check 3 of WG-MWP is open" in consulted.does(PRIVATE, "recommendation check R1")


def test_only_the_chair_concludes_and_not_before_the_check_has_closed(agreed: World) -> None:
    agreed.refuses(CIVIL, "recommendation hand R1")
    agreed.refuses(CHAIR, "recommendation hand R1")
    agreed.does(PRIVATE, "recommendation hand R1")
    agreed.refuses(PRIVATE, "recommendation conclude R1 endorsed")
    assert "Check 3 is open until" in agreed.refuses(CHAIR, "recommendation conclude R1 endorsed")
    answered(agreed)
    assert "needs its rationale" in agreed.refuses(CHAIR, 'recommendation conclude R1 "not agreed"')
    agreed.does(SECRETARIAT, 'recommendation conclude R1 "not agreed" "Not now."')
    agreed.does(CHAIR, "confirm 1")
    assert "not agreed" in agreed.does(CIVIL, "recommendation list")


def test_not_endorsed_over_an_open_objection_nor_against_what_was_concluded(agreed: World) -> None:
    agreed.does(PRIVATE, "recommendation hand R1")
    agreed.does(CIVIL, "consensus object 3 It binds the next MAG")
    agreed.later("8d")
    assert "1 objection is open" in agreed.refuses(CHAIR, "recommendation conclude R1 endorsed")
    agreed.does(CHAIR, 'conclude 3 "no consensus yet" "The objection stands."')
    assert "not so that R1 could be endorsed" in agreed.refuses(CHAIR, "recommendation conclude R1 endorsed")
    agreed.does(CHAIR, 'recommendation conclude R1 "taken note of"')
    assert "The objection stands." in agreed.does(CIVIL, "recommendation R1")


def test_with_no_co_facilitator_left_recommendations_wait(drafted: World) -> None:
    for person in (PRIVATE, TECHNICAL):
        drafted.does(person, "appoint decline WG-MWP")
    assert "WG-MWP has no co-facilitator left: new recommendations wait." in drafted.refuses(
        PRIVATE, "recommendation consult R1"
    )
    assert "no co-facilitator left" in drafted.refuses(CHAIR, "recommendation consult R1")


def test_in_the_interregnum_recommendations_wait() -> None:
    mag = World(last_day=date(2027, 2, 5))
    mag.approved()
    mag.does(PRIVATE, DRAFT)
    mag.later("14d")
    assert "this waits until the next membership is seated" in mag.refuses(PRIVATE, "recommendation consult R1")


def test_withdrawn_it_closes_what_is_open_for_it(drafted: World) -> None:
    drafted.does(PRIVATE, "recommendation consult R1")
    drafted.refuses(CIVIL, "recommendation withdraw R1")
    drafted.does(PRIVATE, 'recommendation withdraw R1 "Overtaken"')
    assert "withdrew recommendation R1 of WG-MWP. Reason: Overtaken" in drafted.in_room("#mag")[-1]
    assert "closed on" in drafted.refuses(CIVIL, "consult comment R1 Late.")
    assert "R1 is withdrawn: there is nothing left to withdraw." in drafted.refuses(
        PRIVATE, "recommendation withdraw R1"
    )


def test_withdrawn_while_positions_are_taken(consulted: World) -> None:
    consulted.does(PRIVATE, "recommendation withdraw R1")
    assert "Called off" in consulted.does(CIVIL, "consensus show 2")
    assert "Withdrawn" in consulted.does(CIVIL, "recommendation list WG-MWP")


def test_the_calendar_and_reminders_know_it(drafted: World) -> None:
    drafted.does(PRIVATE, "recommendation consult R1 --until 3d12h")
    assert "on recommendation R1 of WG-MWP closes" in drafted.does(CIVIL, "calendar")
    assert "Comment on recommendation R1 of WG-MWP until" in drafted.does(CIVIL, "todo")
    assert "Comment on recommendation" not in drafted.does(TECHNICAL, "todo")
    for _ in range(6):
        drafted.later("12h")
    assert any("Comment on recommendation R1" in each for each in drafted.told(CIVIL))


class TestMet:
    """A consensus reached in a meeting counts as the check, of the group and of the full MAG."""

    def test_of_the_group_in_place_of_the_check_that_runs(self, consulted: World) -> None:
        line = 'consensus record R1 --on 2027-01-25 --presided "Qiang R."'
        consulted.refuses(CIVIL, line)
        assert "Recorded as check 3" in consulted.does(PRIVATE, line)
        assert "Called off" in consulted.does(CIVIL, "consensus show 2")
        assert "Check 3 upon R1 stands already." in consulted.refuses(PRIVATE, line)
        consulted.does(PRIVATE, "conclude 3 consensus")
        consulted.does(PRIVATE, "recommendation hand R1")
        assert verify(consulted.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too

    def test_of_the_full_membership(self, agreed: World) -> None:
        agreed.does(PRIVATE, "recommendation hand R1")
        line = 'consensus record R1 --on 2027-02-05 --presided "Amina A."'
        agreed.refuses(PRIVATE, line)
        assert "Recorded as check 4" in agreed.does(SECRETARIAT, line)
        assert "Concluded: R1 is endorsed." in agreed.does(CHAIR, "recommendation conclude R1 endorsed")

    def test_no_consultation_is_skipped(self, drafted: World) -> None:
        assert "comes after its consultation has closed" in drafted.refuses(
            PRIVATE, 'consensus record R1 --on 2027-01-11 --presided "Qiang R."'
        )


def test_a_group_that_ends_leaves_nothing_of_it_open() -> None:
    mag = World(last_day=date(2027, 2, 5))
    mag.approved()
    mag.does(PRIVATE, DRAFT)
    mag.does(PRIVATE, "recommendation consult R1")
    mag.later("14d")
    assert "The consultation is over" in mag.does(CIVIL, "recommendation R1")
    assert "closed on" in mag.refuses(CIVIL, "consult comment R1 Late.")
