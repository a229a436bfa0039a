"""How a group is balanced, whom it has yet to reach, and what was done about it: of groups, never of persons."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from adapters.shared.contents import contents
from adapters.shared.words import Words
from bot.domain.balance import MEASURES, measures
from bot.domain.ids import PersonId
from bot.domain.people import Person
from bot.text import T
from bot.view import File
from storage.verify import verify
from tests.builders import (
    CHAIR,
    CIVIL,
    GOVERNMENT,
    MAG,
    OBSERVER,
    PRIVATE,
    PRIVATE_TOO,
    SECRETARIAT,
    STRANGER,
    TECHNICAL,
    World,
    spoken,
)

ROOM = "#wg-mwp"


@pytest.fixture
def mag() -> World:
    mag = World()
    mag.approved()
    return mag


@pytest.fixture
def hands(mag: World) -> Iterator[None]:
    """One more thing is counted."""
    before = list(MEASURES)
    measures("hands", T("Hands raised"))(lambda reads, group: dict.fromkeys(_people(mag), 3))
    yield
    MEASURES[:] = before


def _people(mag: World) -> list[PersonId]:
    with mag.store.reading() as reads:
        return [each.id for each in reads.all(Person, community=MAG) if each.name == CIVIL]


def test_members_and_positions_by_group_and_what_is_missing(mag: World) -> None:
    mag.does(PRIVATE, 'consensus "Move the call to 15:00?" 24h', ROOM)
    mag.does(PRIVATE, "consensus support 2", ROOM)
    said = mag.does(STRANGER, "balance WG-MWP")
    assert "No member yet from: Government, Civil Society. To be reached." in said
    for part in ("Stakeholder group", "Members", "Positions taken", "Regional group", "our addition"):
        assert part in said
    for person in (PRIVATE, TECHNICAL, CIVIL, GOVERNMENT, SECRETARIAT):
        assert person not in said, "of groups, never of persons"


def test_attendance_and_speaking_turns_of_its_meetings_are_counted(mag: World) -> None:
    mag.does(CIVIL, "join WG-MWP")
    mag.does(PRIVATE, 'meeting schedule "Second call" "2027-01-26 15:00"', ROOM)
    mag.later("1d")
    mag.later("5h")
    mag.does(PRIVATE, "meeting start", ROOM)
    for person in (PRIVATE, CIVIL):
        mag.does(person, "meeting present", ROOM)
    mag.does(CIVIL, "q+", ROOM)
    mag.does(PRIVATE, "next", ROOM)
    chart = mag(CIVIL, "balance chart WG-MWP").view
    assert isinstance(chart, File)
    words = _words(chart)
    assert "Meetings attended: Government 0 (0 %), Private Sector 1 (50 %), Civil Society 1 (50 %)" in words
    assert "Speaking turns: Government 0 (0 %), Private Sector 0 (0 %), Civil Society 1 (100 %)" in words


def test_the_flag_on_the_card_warns_and_holds_nothing_up(mag: World) -> None:
    assert "no member yet from Government, Civil Society" in mag.does(CIVIL, "show WG-MWP")
    mag.does(CIVIL, "join WG-MWP")
    assert "no member yet from Government" in mag.does(CIVIL, "show WG-MWP")
    mag.does(GOVERNMENT, "join WG-MWP")
    shown = mag.does(CIVIL, "show WG-MWP")
    assert "Imbalance" not in shown
    assert "Every stakeholder group has members in it." in mag.does(CIVIL, "balance WG-MWP")


def test_one_group_with_more_than_half_is_pointed_out(mag: World) -> None:
    for person in (CIVIL, GOVERNMENT, PRIVATE_TOO):
        mag.does(person, "join WG-MWP")
    more = [each.name for each in mag.founders if each.stakeholder_group == "Private Sector"]
    for person in more:
        if person not in (PRIVATE, PRIVATE_TOO):
            mag.does(person, "join WG-MWP")
    assert "more than half from Private Sector" in mag.does(CIVIL, "show WG-MWP")
    assert "More than half of the members are from Private Sector." in mag.does(CIVIL, "balance WG-MWP")


def test_those_who_take_no_positions_are_not_counted(mag: World) -> None:
    before = mag.does(CIVIL, "balance WG-MWP")
    mag.does(OBSERVER, "join WG-MWP")
    assert mag.does(CIVIL, "balance WG-MWP") == before


@pytest.mark.usefixtures("hands")
def test_whoever_records_more_declares_a_measure(mag: World) -> None:
    mag.does(CIVIL, "join WG-MWP")
    said = mag.does(CIVIL, "balance WG-MWP")
    assert "Hands raised" in said
    assert "\n3\n" in said
    chart = mag(CIVIL, "balance chart WG-MWP").view
    assert isinstance(chart, File)
    assert "Hands raised: Government 0 (0 %), Private Sector 0 (0 %), Civil Society 3 (100 %)" in _words(chart)


def _words(chart: File) -> str:
    assert chart.alt is not None
    return Words().say(chart.alt)


@pytest.mark.parametrize(("format_", "begins"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_the_picture_says_the_same(mag: World, format_: str, begins: bytes) -> None:
    chart = mag(STRANGER, f"balance chart WG-MWP --format {format_}").view
    assert isinstance(chart, File)
    words = _words(chart)
    assert "No member yet from: Government, Civil Society. To be reached." in words
    assert "Members: Government 0 (0 %), Private Sector 1 (50 %)" in words
    assert "Members by regional group" in words
    with mag.store.reading() as reads:
        assert contents(reads, MAG, chart, mag.start).startswith(begins)


class TestOutreach:
    def test_what_was_done_to_reach_whom(self, mag: World) -> None:
        said = mag.does(PRIVATE, 'outreach add WG-MWP "civil society, Gov" "A call on both lists."')
        assert "entry 1" in said
        mag.does(SECRETARIAT, 'outreach add WG-MWP "Civil Society" A note in the newsletter.')
        shown = mag.does(STRANGER, "outreach show WG-MWP")
        assert "1, to Civil Society, Government: Qiang R." in shown
        assert shown.index("A note in the newsletter.") < shown.index("A call on both lists.")
        assert "Last outreach" in mag.does(CIVIL, "balance WG-MWP")
        assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too

    def test_by_its_co_facilitators_and_the_secretariat_of_groups_there_are(self, mag: World) -> None:
        for person in (CIVIL, CHAIR, OBSERVER, STRANGER):
            mag.refuses(person, 'outreach add WG-MWP "Civil Society" Hello.')
        answer = mag(PRIVATE, f'outreach add WG-MWP "{CIVIL}" Hello.')
        assert not answer.done
        assert "is no stakeholder group here" in spoken(answer.view)
