"""Consensus checks: who is asked, what a position is, objections and their lives, closing, confirming, recording."""

from __future__ import annotations

import pytest

from tests.builders import (
    CHAIR,
    CIVIL,
    GOVERNMENT,
    OBSERVER,
    PRIVATE,
    PRIVATE_TOO,
    SECRETARIAT,
    STRANGER,
    TECHNICAL,
    World,
)


@pytest.fixture
def mag() -> World:
    """The consensus check on forming WG-MWP is open."""
    world = World()
    world.consulted()
    return world


def test_members_asked_take_positions_and_change_them(mag: World) -> None:
    assert "your position is Support" in mag.does(CIVIL, "consensus support 1")
    assert "is now Can live with it; it was Support" in mag.does(CIVIL, "consensus live-with 1 After the call")


def test_with_one_check_open_its_number_may_be_left_out(mag: World) -> None:
    mag.does(CIVIL, "consensus support")


@pytest.mark.parametrize("who", [OBSERVER, SECRETARIAT, "Host Country Office"])
def test_the_others_comment_only(mag: World, who: str) -> None:
    assert "you are not among them" in mag.refuses(who, "consensus support 1")


def test_a_guest_takes_no_position(mag: World) -> None:
    assert "does not know this account" in mag.refuses(STRANGER, "consensus support 1")


def test_results_by_stakeholder_group(mag: World) -> None:
    for person, position in (
        (GOVERNMENT, "support"),
        (PRIVATE_TOO, "abstain"),
        (CIVIL, "live-with"),
        (TECHNICAL, "support"),
    ):
        mag.does(person, f"consensus {position}")
    tally = mag.tally("check:1")
    assert [(row.counts, row.asked) for row in tally.rows] == [
        ((1, 0, 0, 0, 0, 0), 16),
        ((0, 0, 0, 0, 1, 0), 8),
        ((0, 1, 0, 0, 0, 0), 8),
        ((1, 0, 0, 0, 0, 0), 8),
    ]
    assert tally.total.counts == (2, 1, 0, 0, 1, 0)


def test_names_are_for_the_body_and_not_for_guests(mag: World) -> None:
    mag.does(CIVIL, "consensus support 1 It is time")
    shown = mag.does(OBSERVER, "consensus positions 1")
    assert "Yusuf A.: It is time" in shown
    assert "Not yet" in shown
    assert "does not know this account" in mag.refuses(STRANGER, "consensus positions 1")


def test_an_objection_needs_its_reason(mag: World) -> None:
    answer = mag(CIVIL, "consensus object 1")
    assert answer.view.current == "reason"  # type: ignore[union-attr]  # a form
    mag(CIVIL, "draft answer It duplicates the NRI toolkit")
    assert "your position is Object" in mag.does(CIVIL, "draft submit")
    assert "Objection 1, Yusuf A.: open" in mag.card("check:1")
    assert "Yusuf A. objects in check 1: It duplicates the NRI toolkit" in mag.told(CHAIR)[0]


def test_changing_ones_mind_withdraws_the_objection_and_keeps_its_text(mag: World) -> None:
    mag.does(CIVIL, "consensus object 1 It is too early")
    mag.does(CIVIL, "consensus support 1")
    card = mag.card("check:1")
    assert "It is too early" in card
    assert "withdrawn" in card


def test_withdrawing_ones_own_objection_and_no_one_elses(mag: World) -> None:
    mag.does(CIVIL, "consensus object 1 It is too early")
    assert "no open objection" in mag.refuses(GOVERNMENT, "consensus withdraw 1")
    mag.does(CIVIL, "consensus withdraw 1")
    assert "no open objection" in mag.refuses(CIVIL, "consensus withdraw 1")


def test_only_who_concludes_answers_an_objection_and_in_writing(mag: World) -> None:
    mag.does(CIVIL, "consensus object 1 It is too early")
    assert "This is for who concludes it" in mag.refuses(GOVERNMENT, "consensus answer 1 1 No it is not")
    assert mag.asks(CHAIR, "consensus answer 1 1").current == "answer"
    mag.does(CHAIR, "consensus answer 1 1 The work begins in May")
    assert "Your objection in check 1 was answered by Amina A" in mag.told(CIVIL)[-1]
    assert "was answered already" in mag.refuses(CHAIR, "consensus accommodate 1 1 Changed")
    assert "has no objection 9" in mag.refuses(CHAIR, "consensus accommodate 1 9 Changed")


def test_need_time_moves_the_close_once(mag: World) -> None:
    mag.does(CIVIL, "consensus need-time 1")
    assert "now closes on Wed 27 Jan 2027" in mag.in_room("#mag")[-1]
    mag.does(GOVERNMENT, "consensus need-time 1")
    assert mag.card("check:1").count("Wed 27 Jan 2027") == 1


def test_a_late_objection_gives_the_others_48_hours(mag: World) -> None:
    mag.later("6d12h")
    mag.does(CIVIL, "consensus object 1 It is too early")
    assert "an objection came late" in mag.in_room("#mag")[-1]
    assert "Tue 26 Jan 2027, 22:00" in mag.in_room("#mag")[-1]


def test_a_late_position_is_refused_by_time_alone(mag: World) -> None:
    mag.clock_runs = False
    mag.later("7d")
    assert "Check 1 closed on Mon 25 Jan 2027" in mag.refuses(CIVIL, "consensus support 1")


def test_closing_early_when_all_have_spoken_or_by_exception(mag: World) -> None:
    refusal = mag.refuses(CHAIR, "consensus close 1")
    assert "40 members have not spoken yet" in refusal
    assert "or ask the Chair to do it with --exception" in mag.refuses(SECRETARIAT, "consensus close 1")
    own = mag.refuses(CHAIR, "consensus close 1")
    assert "ask the Chair" not in own
    assert 'record an exception: add --exception "…" to what you typed' in own
    assert "This is for the Chair" in mag.refuses(SECRETARIAT, "consensus close 1 --exception Hurry")
    mag.does(CHAIR, 'consensus close 1 --exception "Agreed in the meeting"')
    assert "by Amina A.: Agreed in the meeting" in mag.card("check:1")
    assert "closed on" in mag.refuses(CHAIR, "consensus close 1")


def test_all_extensions_together_are_seven_days(mag: World) -> None:
    assert "at the latest" in mag.refuses(CHAIR, "consensus extend 1 20d")
    mag.does(CHAIR, "consensus extend 1 10d")


def test_a_position_stated_in_the_meeting_is_told_and_corrected(mag: World) -> None:
    assert "This is for" in mag.refuses(GOVERNMENT, f'consensus state 1 "{CIVIL}" support')
    mag.does(SECRETARIAT, f'consensus state 1 "{CIVIL}" support')
    assert "Secretariat Desk entered your position in check 1, as stated in the meeting: Support" in mag.told(CIVIL)[0]
    mag.does(CIVIL, "consensus abstain 1")
    assert "their own words stand" in mag.refuses(SECRETARIAT, f'consensus state 1 "{CIVIL}" support')


def test_positions_outside_the_body_are_not_stated_either(mag: World) -> None:
    assert "not among them" in mag.refuses(SECRETARIAT, f'consensus state 1 "{OBSERVER}" support')
    assert "Did you mean Yusuf A." in mag.refuses(SECRETARIAT, 'consensus state 1 "Jusuf A." support')


def test_the_software_assesses_and_never_concludes(mag: World) -> None:
    assert "Still open" in mag.does(CIVIL, "consensus assess 1")
    mag.later("7d")
    assert "Holds, low participation" in mag.does(CIVIL, "consensus assess 1")
    assert "it never concludes" in mag.does(CIVIL, "consensus assess 1")


def test_unknown_checks_and_slips_of_the_pen(mag: World) -> None:
    assert "There is no consensus check 9." in mag.refuses(CIVIL, "consensus support 9")
    refusal = mag.refuses(CIVIL, "consensus suport 1")
    assert "Did you mean /wg consensus support?" in refusal
    assert "/wg consensus support 1" in refusal


class TestQuick:
    """One line, one tap."""

    @pytest.fixture
    def mag(self) -> World:
        world = World()
        world.approved()
        return world

    def test_asked_in_the_groups_room_and_confirmed_with_one_tap(self, mag: World) -> None:
        mag.does(PRIVATE, 'consensus "Move the call to 15:00?" 24h', "#wg-mwp")
        mag.does(TECHNICAL, "consensus support 2", "#wg-mwp")
        mag.later("1d")
        assert "Indicative until it is confirmed." in mag.card("check:2")
        mag.does(TECHNICAL, "consensus confirm 2")
        assert "Concluded by Gift I.: Consensus" in mag.card("check:2")

    def test_smart_quotes_from_a_phone(self, mag: World) -> None:
        mag.does(PRIVATE, "consensus “Move the call to 15:00?” 24h", "#wg-mwp")

    def test_in_the_mags_room_it_asks_the_mag_and_the_chair_confirms(self, mag: World) -> None:
        mag.does(CIVIL, 'consensus "Publish the agenda?" 1h')
        assert "This is for who concludes" in mag.refuses(CIVIL, "consensus confirm 2")
        mag.does(GOVERNMENT, "consensus support 2")
        mag.later("1h")
        mag.does(CHAIR, "consensus confirm 2")

    def test_only_by_its_members(self, mag: World) -> None:
        assert "for the members of this body" in mag.refuses(CIVIL, 'consensus "Move it?" 24h', "#wg-mwp")

    def test_three_positions_only(self, mag: World) -> None:
        mag.does(PRIVATE, 'consensus "Move it?" 24h', "#wg-mwp")
        assert "Agree, Can live with it, or Object" in mag.refuses(TECHNICAL, "consensus abstain 2")

    def test_no_extension(self, mag: World) -> None:
        mag.does(PRIVATE, 'consensus "Move it?" 2h', "#wg-mwp")
        mag.does(TECHNICAL, "consensus object 2 I teach then", "#wg-mwp")
        assert "now closes" not in mag.in_room("#wg-mwp")[-1]


class TestRecorded:
    """Consensus is often reached in meetings."""

    def test_recorded_it_counts_as_the_check_once_the_consultation_is_over(self) -> None:
        mag = World()
        mag.proposed()
        line = 'consensus record WG-MWP --on 2027-01-10 --presided "Amina A." --link https://example.org/summary'
        assert "its consensus check comes after its consultation" in mag.refuses(SECRETARIAT, line)
        mag.does(CIVIL, "consult comment WG-MWP concern Too tight")
        mag.later("7d")
        assert "still needs a response" in mag.refuses(SECRETARIAT, line)

    def test_who_and_when(self) -> None:
        mag = World()
        mag.does(CIVIL, "settings show")
        mag.does(CHAIR, "settings set stages_by_clock no")
        mag.proposed()
        mag.does(PRIVATE, "consult open WG-MWP")
        mag.does(CIVIL, "consult comment WG-MWP Good")
        mag.later("7d")
        line = 'consensus record WG-MWP --presided "Amina A."'
        assert "for the Chair, the Secretariat and the co-facilitators" in mag.refuses(CIVIL, f"{line} --on 2027-01-10")
        assert "is yet to come" in mag.refuses(SECRETARIAT, f"{line} --on 2027-02-10")
        mag.does(SECRETARIAT, f"{line} --on 2027-01-15 --link https://example.org/summary")
        assert "reached in a meeting" in mag.in_room("#mag")[-1]
        mag.does(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")


class TestFormal:
    """Formal checks on any question, and who opens them."""

    def test_on_a_question_by_who_concludes_or_the_secretariat(self, mag: World) -> None:
        assert "opened by who concludes upon it, or the Secretariat" in mag.refuses(CIVIL, 'consensus open "Adopt it?"')
        assert "takes at least" in mag.refuses(CHAIR, 'consensus open "Adopt it?" --closes 2h')
        assert "only for working groups whose modalities chose it" in mag.refuses(
            CHAIR, 'consensus open "Adopt it?" --rule supermajority-66'
        )
        assert "Leave --rule out." in mag.refuses(PRIVATE, "consensus open WG-MWP --rule lazy")
        mag.does(SECRETARIAT, 'consensus open "Adopt the report?" --closes 4d --rule lazy')
        mag.later("4d")
        mag.does(CHAIR, "conclude 2 consensus")

    def test_nothing_is_concluded_upon_a_check_that_was_called_off(self, mag: World) -> None:
        mag.does(PRIVATE, "propose withdraw WG-MWP")
        assert "was called off" in mag.refuses(CHAIR, "conclude 1 consensus")

    def test_a_consensus_reached_in_a_meeting_takes_the_place_of_the_check_that_runs(self, mag: World) -> None:
        mag.does(SECRETARIAT, 'consensus record WG-MWP --on 2027-01-15 --presided "Amina A."')
        assert "Called off" in mag.card("check:1")
        mag.does(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")

    def test_an_objectors_name_is_public_only_with_consent(self, mag: World) -> None:
        mag.does(CIVIL, "consensus object 1 It is too early")
        assert "Objection 1, a member: open" in mag.does(STRANGER, "consensus show 1")
        assert "Objection 1, Yusuf A.: open" in mag.does(OBSERVER, "consensus show 1")
        mag.does(CIVIL, "consensus object 1 --public It is still too early")
        assert "Objection 2, Yusuf A.: open" in mag.does(STRANGER, "consensus show 1")
        assert "Yusuf A. objects to WG-MWP" in mag.told(PRIVATE)[-1]


def test_a_quick_check_is_confirmed_when_all_have_spoken_or_its_time_is_over() -> None:
    mag = World()
    mag.approved()
    mag.does(PRIVATE, 'consensus "Move it?" 24h', "#wg-mwp")
    assert "2 members asked in check 2 have not spoken yet" in mag.refuses(PRIVATE, "consensus confirm 2")
    assert "it has no extension" in mag.refuses(PRIVATE, "consensus extend 2 2d")
    mag.does(PRIVATE, "consensus support 2")
    mag.does(TECHNICAL, "consensus live-with 2")
    mag.does(PRIVATE, "consensus confirm 2")


def test_a_groups_own_check_is_concluded_upon_by_its_co_facilitators() -> None:
    mag = World()
    mag.approved()
    mag.does(PRIVATE, 'consensus open "Adopt our plan?" --closes 4d', "#wg-mwp")
    mag.later("4d")
    assert "This is for the co-facilitators of the group that was asked." in mag.refuses(CHAIR, "conclude 2 consensus")
    assert "This is for the co-facilitators" in mag.refuses(SECRETARIAT, "conclude 2 consensus")
    mag.does(TECHNICAL, "conclude 2 consensus")
