"""Periodic updates: posted by the co-facilitators to both audiences, reminded of twice, flagged a week late, never before."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.domain.cadence import a_month_later
from bot.domain.dues import Due, DueKind
from bot.outgoing import page_of
from storage.verify import verify
from tests.builders import CHAIR, CIVIL, MAG, OBSERVER, PRIVATE, SECRETARIAT, STRANGER, TECHNICAL, World

ROOM = "#wg-mwp"


@pytest.fixture
def mag() -> World:
    mag = World()
    mag.approved()
    return mag


def reminders(mag: World, person: str) -> list[str]:
    return [each for each in mag.told(person) if "Post the update of WG-MWP" in each]


def test_posted_to_both_audiences_the_group_and_its_own_card(mag: World) -> None:
    said = mag.does(
        PRIVATE, 'update post WG-MWP "The outline is done." --next-steps "A draft in May" --help-needed "Two readers"'
    )
    assert "Posted: update 1 of WG-MWP, to the full MAG and the Secretariat." in said
    assert "The next one is due" in said
    for shown in (mag.in_room("#mag")[-1], mag.in_room(ROOM)[-1], mag.told(SECRETARIAT)[-1]):
        for part in ("Update 1 of", "The outline is done.", "A draft in May", "Two readers", "Posted by Qiang R."):
            assert part in shown
    assert "Last update" in mag.does(CIVIL, "show WG-MWP")
    assert "The outline is done." in mag.does(STRANGER, "update show WG-MWP")


def test_nothing_to_report_is_an_update(mag: World) -> None:
    assert "WG-MWP has not reported yet" in mag.does(CIVIL, "update show WG-MWP")
    mag.does(TECHNICAL, "update nothing WG-MWP")
    assert "There is nothing to report." in mag.in_room("#mag")[-1]
    mag.does(PRIVATE, "update WG-MWP Now there is.")
    shown = mag.does(CIVIL, "update show WG-MWP")
    assert "Now there is." in shown
    assert "Earlier updates" in shown
    assert "There is nothing to report." in mag.does(CIVIL, "update show WG-MWP 1")
    assert "there is no number 3" in mag.does(CIVIL, "update show WG-MWP 3")


def test_by_its_co_facilitators_once_it_is_at_work(mag: World) -> None:
    for person in (CIVIL, CHAIR, SECRETARIAT, OBSERVER, STRANGER):
        mag.refuses(person, "update post WG-MWP Hello.")
    other = World()
    other.checked()
    assert "its co-facilitators" in other.refuses(PRIVATE, "update post WG-MWP Too early.")


def test_a_form_asks_what_was_left_out(mag: World) -> None:
    assert mag.asks(PRIVATE, "update post WG-MWP").current == "progress"


def test_it_needs_its_co_facilitators_a_week_before_it_is_due_and_they_are_reminded_twice(mag: World) -> None:
    assert "Nothing waits" in mag.does(PRIVATE, "todo")
    mag.later("23d")
    assert "update of WG-MWP" not in mag.does(PRIVATE, "todo")
    mag.later("2d")
    assert "Post the update of WG-MWP by" in mag.does(PRIVATE, "todo")
    assert "update of WG-MWP" not in mag.does(CIVIL, "todo")
    assert not reminders(mag, PRIVATE)
    for _ in range(10):
        mag.later("1d")
    assert [len(reminders(mag, person)) for person in (PRIVATE, TECHNICAL, CIVIL)] == [2, 2, 0]
    assert "it was due" in mag.does(PRIVATE, "todo")


def test_a_start_page_that_was_opened_shows_it_when_its_week_begins(mag: World) -> None:
    mag.does(PRIVATE, "home opened", page_of(PRIVATE))
    mag.later("26d")
    assert "Post the update of WG-MWP by" in mag.page(PRIVATE)
    mag.does(TECHNICAL, "update nothing WG-MWP")
    mag.settle()
    assert "Post the update" not in mag.page(PRIVATE)


def test_whoever_has_posted_it_is_left_in_peace(mag: World) -> None:
    mag.later("26d")
    mag.does(PRIVATE, "update nothing WG-MWP")
    for _ in range(12):
        mag.later("1d")
    assert not reminders(mag, PRIVATE)
    assert "late" not in mag.does(CIVIL, "show WG-MWP")


def test_a_week_late_it_is_flagged_to_everybody_and_the_secretariat_is_told_once(mag: World) -> None:
    before = len(mag.in_room("#mag"))
    mag.later("36d")
    assert "late" not in mag.does(CIVIL, "show WG-MWP")
    mag.later("3d")
    assert "Update late" in mag.does(CIVIL, "show WG-MWP")
    assert "Its update is late." in mag.does(CIVIL, "list")
    mag.later("20d")
    assert len([each for each in mag.told(SECRETARIAT) if "The update of WG-MWP is late" in each]) == 1
    assert len(mag.in_room("#mag")) == before, "a flag, no announcement"
    mag.does(PRIVATE, "update post WG-MWP Late, but here.")
    assert "late" not in mag.does(CIVIL, "list")
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too


def test_a_group_whose_cycle_is_over_is_not_chased(mag: World) -> None:
    mag.does(SECRETARIAT, 'cycle open "IGF 2027" 2026-12-01 2027-02-10')
    mag.later("60d")
    assert not reminders(mag, PRIVATE)
    assert not [each for each in mag.told(SECRETARIAT) if "late" in each]
    with mag.store.reading() as reads:
        assert not [each for each in reads.all(Due, community=MAG) if each.kind is DueKind.UPDATE_LATE]


@pytest.mark.parametrize(
    ("since", "due"),
    [
        ("2027-01-31 10:00", "2027-02-28 10:00"),
        ("2027-12-15 10:00", "2028-01-15 10:00"),
        ("2027-03-15 10:00", "2027-04-15 09:00"),  # summer time: the same hour on the clock
    ],
)
def test_a_month_later(since: str, due: str) -> None:
    assert a_month_later(datetime.fromisoformat(since + "Z"), "Europe/Zurich") == datetime.fromisoformat(due + "Z")


def test_the_form_begins_with_the_expected_outputs(mag: World) -> None:
    assert mag.asks(PRIVATE, "update post WG-MWP").answers["progress"] == "- A report to the MAG: "


def test_the_meetings_held_since_the_last_one_stand_beside_it(mag: World) -> None:
    mag.does(PRIVATE, 'meeting schedule "First call" friday 15:00 --group WG-MWP')
    mag.does(PRIVATE, 'meeting schedule "Second call" 2027-02-12 15:00 --group WG-MWP')
    mag.later("7d")
    mag.does(PRIVATE, "update post WG-MWP We met.")
    assert "Meetings held" in mag.in_room("#mag")[-1]
    assert "First call" in mag.in_room("#mag")[-1]
    assert "Second call" not in mag.in_room("#mag")[-1]
    mag.later("14d")
    mag.does(PRIVATE, "update post WG-MWP We met again.")
    assert "First call" not in mag.in_room("#mag")[-1]
    assert "Second call" in mag.in_room("#mag")[-1]


def test_that_it_arrived_is_shown_to_who_has_to_know(mag: World) -> None:
    mag.does(PRIVATE, "update nothing WG-MWP")
    for person in (PRIVATE, TECHNICAL, SECRETARIAT):
        shown = mag.does(person, "update show WG-MWP")
        assert "#mag: arrived, sent" in shown
        assert "#wg-mwp: arrived, sent" in shown
        assert "the Secretariat, directly: arrived, sent" in shown
    for person in (CIVIL, STRANGER):
        assert "arrived" not in mag.does(person, "update show WG-MWP")
    mag.delivering = False
    mag.does(PRIVATE, "update nothing WG-MWP")
    assert "#mag: on its way since" in mag.does(PRIVATE, "update show WG-MWP")
