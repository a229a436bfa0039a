"""Proposals: who may write one, what it must say, and what becomes of it."""

from __future__ import annotations

import pytest

from adapters.cli.sample import SAMPLES
from tests.builders import (
    CHAIR,
    CIVIL,
    GOOD,
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
    return World()


def test_a_member_proposes_and_the_full_mag_gets_it(mag: World) -> None:
    answer = mag.does(PRIVATE, f'propose new "Multi-year Work" WG-MWP {GOOD}')

    assert "WG-MWP is proposed" in answer
    assert "Proposal: WG-MWP · Multi-year Work" in mag.in_room("#mag")[0]
    assert "Consultation of the full MAG on WG-MWP" in mag.in_room("#mag")[1]


def test_the_consultation_waits_until_the_proposal_has_reached_a_room_of_the_members(mag: World) -> None:
    mag.delivering = False
    mag.proposed()
    assert "on its way to the members" in mag.does(PRIVATE, "show WG-MWP")
    assert "has not reached any room" in mag.refuses(CHAIR, "consult open WG-MWP")

    mag.delivering = True
    mag.settle()
    assert "Open for comment until" in mag.does(PRIVATE, "show WG-MWP")


@pytest.mark.parametrize("who", [OBSERVER, SECRETARIAT, "Host Country Office", "Past Host Office"])
def test_only_seated_members_propose(mag: World, who: str) -> None:
    refusal = mag.refuses(who, f'propose new "Multi-year Work" WG-MWP {GOOD}')
    assert "This is for members seated in the current cycle." in refusal


def test_a_stranger_learns_how_to_become_known(mag: World) -> None:
    refusal = mag.refuses(STRANGER, f'propose new "Multi-year Work" WG-MWP {GOOD}')
    assert "does not know this account yet" in refusal
    assert "/wg link CODE" in refusal


@pytest.mark.parametrize("missing", ["purpose", "objectives", "outputs", "timeframe"])
def test_what_the_template_needs_is_asked_for(mag: World, missing: str) -> None:
    sections = {name: f"Some {name}" for name in ("purpose", "objectives", "outputs", "timeframe") if name != missing}
    assert mag.asks(PRIVATE, 'propose new "Multi-year Work" WG-MWP', **sections).current == missing


def test_a_blank_section_is_not_a_section(mag: World) -> None:
    text = "Working Group: Work (WG-W)\n\nPurpose of the WG:\nx\n\nObjectives/Goals of the WG:\n\nExpected Output(s):\ny\n\nTimeframe for the work:\nz"
    assert "The section Objectives/Goals of the WG is empty." in mag.refuses(PRIVATE, "propose text", text=text)


def test_not_applicable_is_a_timeframe(mag: World) -> None:
    mag.does(PRIVATE, f'propose new "Multi-year Work" WG-MWP {GOOD.replace("October 2027", "not applicable")}')


def test_the_real_proposal_is_read_from_its_file(mag: World) -> None:
    text = (SAMPLES / "proposal-wg-mwp.md").read_text(encoding="utf-8")
    mag.does(PRIVATE, "propose text", text=text)

    shown = mag.does(PRIVATE, "propose show wgmwp")
    assert "Multi-year Strategic Work Programme" in shown
    assert "Purpose of the WG" in shown
    assert 'a rolling "Living Programme".' in shown


def test_advice_never_blocks(mag: World) -> None:
    assert "nothing is held up by this" in mag.does(PRIVATE, f'propose new "Multi-year Work" WG-MWP {GOOD}')


@pytest.mark.parametrize("spelling", ["WG-MWP", "wgmwp", "WG - MWP", "wg\u2011mwp", "Work of WG-MWP"])
def test_a_name_in_use_is_taken_in_any_spelling(mag: World, spelling: str) -> None:
    mag.proposed()
    assert "is taken" in mag.refuses(CIVIL, f'propose new "Other work" "{spelling}" {GOOD}')


def test_a_withdrawn_name_is_free_again_and_keeps_its_lineage(mag: World) -> None:
    mag.proposed()
    mag.does(PRIVATE, "propose withdraw WG-MWP Merged into another")
    assert "withdrew the proposal of WG-MWP" in mag.in_room("#mag")[-1]
    mag.proposed(by=CIVIL)


def test_co_proposers_are_asked_and_never_block(mag: World) -> None:
    mag.proposed(more=f'--co-proposers "{TECHNICAL}, {PRIVATE_TOO}"')

    assert f"{PRIVATE} names you as co-proposer of WG-MWP" in mag.told(TECHNICAL)[0]
    assert f"{TECHNICAL} (invited)" in mag.does(GOVERNMENT, "show WG-MWP")
    assert "Say whether you co-propose WG-MWP" in mag.does(TECHNICAL, "todo")
    mag.does(TECHNICAL, "propose confirm WG-MWP")
    mag.does(PRIVATE_TOO, "propose confirm WG-MWP no")
    shown = mag.does(GOVERNMENT, "show WG-MWP")
    assert f"{TECHNICAL} (confirmed), {PRIVATE_TOO} (declined)" in shown
    assert "You were not invited" in mag.refuses(GOVERNMENT, "propose confirm WG-MWP")


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (f"{TECHNICAL}, gift i.", "is named twice"),
        (PRIVATE, "as proposer and as co-proposer"),
        (OBSERVER, "is not a member seated in this cycle"),
        ("Gift J.", "Did you mean Gift I."),
    ],
)
def test_who_cannot_be_a_co_proposer(mag: World, names: str, why: str) -> None:
    assert why in mag.refuses(PRIVATE, f'propose new "Work" WG-MWP {GOOD} --co-proposers "{names}"')


def test_revising_keeps_every_version_and_updates_the_card(mag: World) -> None:
    mag.proposed()
    mag.does(PRIVATE, 'propose revise WG-MWP --timeframe "November 2027"')

    assert "November 2027" in mag.in_room("#mag")[0]
    assert "Version 2" in mag.in_room("#mag")[0]
    assert "revised the proposal of WG-MWP: version 2" in mag.in_room("#mag")[-1]
    assert "changes nothing" in mag.refuses(PRIVATE, 'propose revise WG-MWP --timeframe "November 2027"')
    assert "This is for its proposers" in mag.refuses(CIVIL, 'propose revise WG-MWP --timeframe "May"')


def test_nothing_is_revised_while_members_take_positions_on_it(mag: World) -> None:
    mag.consulted()
    refusal = mag.refuses(PRIVATE, 'propose revise WG-MWP --timeframe "May 2027"')
    assert "members are taking positions on this very text" in refusal


def test_after_no_consensus_yet_a_revision_starts_another_round(mag: World) -> None:
    mag.checked()
    mag.does(CHAIR, 'conclude WG-MWP "no consensus yet" "The timetable is disputed."')
    mag.does(PRIVATE, 'propose revise WG-MWP --timeframe "May 2027"')

    assert "Open for comment until" in mag.does(PRIVATE, "show WG-MWP")


def test_withdrawing_calls_the_check_off(mag: World) -> None:
    mag.consulted()
    mag.does(PRIVATE, "propose withdraw WG-MWP")

    assert "Called off" in mag.card("check:1")
    assert "closed on" in mag.refuses(CIVIL, "consensus support 1")
    assert "nothing left to withdraw" in mag.refuses(PRIVATE, "propose withdraw WG-MWP")


def test_nothing_is_proposed_in_the_interregnum(mag: World) -> None:
    mag.later("330d")
    refusal = mag.refuses(PRIVATE, f'propose new "Work" WG-MWP {GOOD}')
    assert "IGF 2027 ended on Tue 30 Nov 2027" in refusal
    assert "cycle open" in refusal


def test_a_refused_proposal_is_kept_as_a_draft(mag: World) -> None:
    mag.proposed()
    form = mag.asks(CIVIL, f'propose new "Other work" WG-MWP {GOOD}')
    assert form.current == "short_name"
    assert "The IGF needs a longer horizon." in form.answers.values()
    mag.asks(CIVIL, "draft answer WG-OTHER")
    mag.does(CIVIL, "draft submit")
    assert "WG-OTHER" in mag.does(CIVIL, "list")


def test_one_question_after_the_other_with_back_and_skip(mag: World) -> None:
    asked = []
    form = mag.asks(PRIVATE, "propose")
    for text in ("Work", "WG-W", "Why", "What", "Outputs"):
        asked.append(form.current)
        form = mag.asks(PRIVATE, f"draft answer {text}")
    assert asked == ["name", "short_name", "purpose", "objectives", "outputs"]
    assert mag.asks(PRIVATE, "draft back").current == "outputs"
    mag(PRIVATE, "draft answer Other outputs")
    assert mag.asks(PRIVATE, "draft skip").current == "timeframe"
    assert "needs an answer" in mag.refuses(PRIVATE, "draft skip")
    mag(PRIVATE, "draft answer May 2027")
    for _ in range(3):
        form = mag.asks(PRIVATE, "draft skip")
    assert form.current is None
    mag.does(PRIVATE, "draft submit")
    assert "Other outputs" in mag.does(PRIVATE, "propose show WG-W")
    assert "not filling in anything" in mag.refuses(PRIVATE, "draft submit")
