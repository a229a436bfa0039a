"""Finding a time: each in their own zone, best for most stakeholder groups, scheduled by one tap."""

from __future__ import annotations

import pytest

from tests.builders import CHAIR, CIVIL, GOVERNMENT, PRIVATE, SECRETARIAT, TECHNICAL, World, buttons

SLOTS = "tuesday 15:00, wednesday 09:00, saturday 10:00"


@pytest.fixture
def mag() -> World:
    mag = World()
    mag.approved()
    mag.does(PRIVATE, f'meeting find "Third call" {SLOTS} --group WG-MWP --length 90m --closes 20h')
    return mag


def test_asked_in_its_room_and_of_its_people(mag: World) -> None:
    assert "When could WG-MWP meet? Third call" in mag.card("times:1")
    assert "When could WG-MWP meet?" in mag.told(TECHNICAL)[-1]
    assert "Say until" in mag.does(TECHNICAL, "todo")
    mag.does(TECHNICAL, "meeting can 1 1, 2")
    assert "Say until" not in mag.does(TECHNICAL, "todo")
    assert "1 of 2" in mag.does(CIVIL, "meeting times 1")
    mag.refuses(CIVIL, "meeting can 1 1")


def test_said_anew_added_to_and_taken_back(mag: World) -> None:
    mag.does(TECHNICAL, "meeting can 1 1")
    assert mag.does(TECHNICAL, "meeting can 1 2 --also").count("2027") == 2
    assert "none of them" in mag.does(TECHNICAL, "meeting can 1 none")
    assert mag.does(TECHNICAL, "meeting can 1 all").count("2027") == 3
    assert "There is no slot 9; there are 3." in mag.refuses(TECHNICAL, "meeting can 1 9")
    assert "There is no slot 0" in mag.refuses(TECHNICAL, "meeting can 1 tuesday")


def test_one_tap_schedules_the_best_slot(mag: World) -> None:
    mag.does(TECHNICAL, "meeting can 1 2")
    mag.does(PRIVATE, "meeting can 1 1, 2")
    mag.later("1d")
    assert "Everybody had time to say when to meet" in mag.told(PRIVATE)[-1]
    assert "Schedule the meeting that a time was found for" in mag.does(PRIVATE, "todo")
    assert "Nobody is asked any more" in mag.refuses(TECHNICAL, "meeting can 1 1")
    shown = mag(PRIVATE, "meeting times 1").view
    tap = next(each for each in buttons(shown) if each.command == "meeting schedule")
    assert "when" in tap.arguments
    said = mag.does(PRIVATE, "meeting schedule", **tap.arguments)
    assert "Scheduled: meeting 1 of WG-MWP, Wed 27 Jan 2027, 09:00" in said
    assert "1 hour 30 minutes" in mag.card("meeting:1")
    assert "Meeting 1" in mag.does(PRIVATE, "meeting times 1")
    assert "Schedule the meeting" not in mag.does(PRIVATE, "todo")


def test_outside_whose_working_hours_a_slot_is(mag: World) -> None:
    shown = mag.does(PRIVATE, "meeting times 1")
    assert shown.count("Outside the working hours of 2 of the 2 asked.") == 1, "Saturday"


def test_by_who_organises_the_meetings(mag: World) -> None:
    mag.refuses(GOVERNMENT, f'meeting find "A call" {SLOTS} --group WG-MWP')
    mag.refuses(PRIVATE, f'meeting find "A call" {SLOTS}')
    for person in (CHAIR, SECRETARIAT):
        mag.does(person, f'meeting find "A call" {SLOTS}')


def test_nonsense_is_refused(mag: World) -> None:
    assert "takes 2 to 15 slots; 1 was given" in mag.refuses(PRIVATE, 'meeting find "A" friday 15:00 --group WG-MWP')
    assert "when every slot has passed" in mag.refuses(
        PRIVATE, 'meeting find "A" tuesday 15:00, tuesday 16:00 --group WG-MWP --closes 14d'
    )
    assert "no search for a time with the number 4" in mag.refuses(CIVIL, "meeting times 4")
