"""Renewal: a new proposal from the old text, with what changed and where it came from; decided on as any proposal is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.shared.contents import contents
from bot.view import File
from storage.verify import verify
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, OBSERVER, PRIVATE, SECRETARIAT, STRANGER, TECHNICAL, World

ROOM = "#wg-mwp"
NEXT = 'cycle open "IGF 2028" 2027-02-15 2027-12-31'


def seat_again(mag: World) -> None:
    """The next cycle has begun, with the same people."""
    mag.does(CHAIR, NEXT)
    for founder in mag.founders:
        if founder.name != CHAIR:
            mag.does(CHAIR, f'roster seat "{founder.name}" "{founder.role.value}" "{founder.stakeholder_group}"')


@pytest.fixture
def expired() -> World:
    mag = World()
    mag.approved()
    mag.does(SECRETARIAT, 'cycle open "IGF 2027" 2026-12-07 2027-02-10')
    mag.later("21d")
    return mag


@pytest.fixture
def mag(expired: World) -> World:
    seat_again(expired)
    return expired


def renewed(mag: World, name: str = "WG-MWP", by: str = CIVIL, more: str = "") -> None:
    """The form as it was filled in, submitted with another timeframe."""
    mag.asks(by, f"renew {name}")
    form = mag.asks(by, "draft preview")
    given = {**form.answers, "timeframe": "October 2028"}
    mag.does(by, "propose new" + more, **given)


def test_the_form_is_filled_in_from_the_old_text_and_kept_as_a_draft(mag: World) -> None:
    form = mag.asks(CIVIL, "renew WG-MWP")
    assert form.command == "propose new"
    assert form.answers["short_name"] == "WG-MWP"
    assert form.answers["outputs"] == "A report to the MAG"
    assert form.answers["timeframe"] == "October 2027"
    assert form.current is None, "it may be submitted as it is"
    assert "Go on with what you began here" in mag.does(CIVIL, "todo")
    said = mag.does(CIVIL, "draft submit")
    assert "WG-MWP is proposed." in said


def test_its_lineage_and_what_changed_are_shown(mag: World) -> None:
    renewed(mag)
    card = next(
        each.words for each in mag.posts.values() if each.subject.startswith("proposal:") and "Goes on" in each.words
    )
    assert "Goes on from\nWG-MWP of IGF 2027 (expired)" in card
    assert "Changed since\nTimeframe for the work" in card
    shown = mag.does(STRANGER, "charter diff WG-MWP")
    assert "WG-MWP of IGF 2027, version 1" in shown
    assert "removed\nOctober 2027\nadded\nOctober 2028" in shown
    before = mag.does(STRANGER, 'show "WG-MWP IGF 2027"')
    assert "Goes on as\nWG-MWP of IGF 2028 (" in before
    assert "WG-MWP of IGF 2027: Expired" in mag.does(STRANGER, "charter history WG-MWP")
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too


def test_what_changed_is_handed_over_as_a_file(mag: World) -> None:
    renewed(mag)
    answer = mag(STRANGER, "charter diff WG-MWP --format md")
    assert isinstance(answer.view, File)
    with mag.store.reading() as reads:
        text = contents(reads, MAG, answer.view, datetime.now(UTC)).decode()
    assert "## Timeframe for the work\n\n```diff\n- October 2027\n+ October 2028\n```" in text


def test_the_final_report_is_linked(expired: World) -> None:
    expired.does(PRIVATE, "complete WG-MWP https://example.org/final")
    seat_again(expired)
    renewed(expired)
    posted = [each for each in expired.posts.values() if each.subject.startswith("proposal:")]
    assert "The final report before" in posted[-1].words
    assert "https://example.org/final" in expired.does(STRANGER, 'complete show "WG-MWP IGF 2027"')


def decided(mag: World, name: str = "WG-MWP") -> None:
    mag.does(GOVERNMENT, f"consult comment {name} Good.")
    mag.later("7d")


def test_it_goes_the_way_of_any_proposal_and_meets_on_in_its_old_room(mag: World) -> None:
    renewed(mag)
    assert "the Chair approves upon a consensus" in mag.refuses(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    decided(mag)
    for person in mag.supporters():
        mag.does(person, "consensus support")
    mag.later("7d")
    mag.does(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    assert "Active" in mag.does(CIVIL, "show WG-MWP")
    assert "Meets in\n#wg-mwp" in mag.does(CIVIL, "show WG-MWP")
    assert "Meets in" not in mag.does(CIVIL, 'show "WG-MWP IGF 2027"')
    mag.does(PRIVATE, "update post WG-MWP We go on.")
    assert "We go on." in mag.in_room(ROOM)[-1]
    mag.later("200d")
    assert "Meets in\n#wg-mwp" in mag.does(CIVIL, "show WG-MWP"), "the old group's end closes nothing of the new one's"
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too


def test_by_any_seated_member_once(mag: World) -> None:
    for person in (OBSERVER, SECRETARIAT, STRANGER):
        assert "members seated" in mag.refuses(person, "renew WG-MWP")
    renewed(mag, by=GOVERNMENT)
    assert "and its end is not near" in mag.refuses(CIVIL, "renew WG-MWP")
    assert "WG-MWP goes on already: WG-MWP is in consultation." in mag.refuses(CIVIL, 'renew "WG-MWP IGF 2027"')


def test_prepared_near_the_end_it_is_submitted_after_it() -> None:
    mag = World()
    mag.approved()
    assert "WG-MWP is active, and its end is not near" in mag.refuses(CIVIL, "renew WG-MWP")
    mag.does(SECRETARIAT, 'cycle open "IGF 2027" 2026-12-07 2027-02-25')
    mag.asks(CIVIL, "renew WG-MWP")
    form = mag.asks(CIVIL, "draft submit")
    assert "has not ended" in str(form.problems)
    mag.later("35d")
    form = mag.asks(CIVIL, "draft submit")
    assert "this waits until the next membership is seated" in str(form.problems)
    seat_again(mag)
    assert "WG-MWP is proposed." in mag.does(CIVIL, "draft submit")


def test_under_another_name_its_lineage_is_kept(mag: World) -> None:
    mag.asks(CIVIL, "renew WG-MWP")
    given = {**mag.asks(CIVIL, "draft preview").answers, "short_name": "WG-LONG"}
    mag.does(CIVIL, "propose new", **given)
    assert "Goes on from\nWG-MWP of IGF 2027 (expired)" in mag.does(CIVIL, "show WG-LONG")
    assert "Goes on as\nWG-LONG of IGF 2028" in mag.does(CIVIL, "show WG-MWP")


def test_resubmitted_after_a_refusal_or_withdrawal_it_keeps_its_lineage(mag: World) -> None:
    renewed(mag)
    mag.does(CIVIL, "propose withdraw WG-MWP")
    renewed(mag, by=GOVERNMENT)
    history = mag.does(CIVIL, "charter history WG-MWP")
    assert "WG-MWP of IGF 2028: Withdrawn" in history
    assert "WG-MWP of IGF 2027: Expired" in history


class TestInOneSitting:
    @pytest.fixture
    def both(self) -> World:
        mag = World()
        mag.approved("WG-A")
        mag.proposed("WG-B")
        mag.does(CIVIL, "consult comment WG-B Good idea.")
        mag.later("7d")
        for person in mag.supporters():
            mag.does(person, "consensus support 2")
        mag.later("7d")
        mag.does(CHAIR, f"approve WG-B {PRIVATE}, {TECHNICAL}")
        mag.does(SECRETARIAT, 'cycle open "IGF 2027" 2026-12-07 2027-02-10')
        mag.later("10d")
        seat_again(mag)
        mag.does(SECRETARIAT, "settings set stages_by_clock no")
        return mag

    def test_those_not_proposed_anew_are_listed_too(self, both: World) -> None:
        said = both.does(STRANGER, "renewals")
        assert "Expired, and not proposed anew" in said
        assert f"Its co-facilitators were {TECHNICAL}, {PRIVATE}" in said

    def test_their_checks_open_together_and_the_chair_approves_from_the_list(self, both: World) -> None:
        assert "No renewal waits for its consensus check" in both.refuses(CHAIR, "renewals open")
        for name in ("WG-A", "WG-B"):
            renewed(both, name)
            both.does(SECRETARIAT, f"consult open {name}")
            both.does(GOVERNMENT, f"consult comment {name} Good.")
        both.later("8d")
        for person in (CIVIL, PRIVATE, OBSERVER):
            both.refuses(person, "renewals open")
        assert "The checks on WG-A, WG-B are open until" in both.does(CHAIR, "renewals open 5d")
        assert "Proposed anew in this cycle" in both.does(CIVIL, "renewals")
        for person in both.supporters():
            both.does(person, "consensus support 3")
            both.does(person, "consensus support 4")
        both.later("7d")
        listed = both.does(CHAIR, "renewals")
        assert "Approve WG-A…" in listed
        assert f"{TECHNICAL}, {PRIVATE}" in listed, "those before, for one tap"
        for name in ("WG-A", "WG-B"):
            both.does(CHAIR, f"approve {name} {PRIVATE}, {TECHNICAL}")
            assert "Active" in both.does(CIVIL, f"show {name}")
