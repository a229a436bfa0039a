"""Co-facilitators after their appointment: resigning, losing the seat, changing group; vacancies, exceptions, succession."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.community import Community
from bot.domain.dues import Due, DueKind
from bot.domain.facilitators import facilitators
from bot.domain.groups import Group, Stage
from bot.domain.matters import MatterKind, taken_up
from bot.domain.vacancies import FlagKind, flags_up, vacancies
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
)

REGISTER = f'roster seat "{TECHNICAL}" member "Private Sector"'
"""The technical community's co-facilitator changes to the group of the other."""


@pytest.fixture
def mag() -> World:
    """WG-MWP is at work, with Qiang R. (Private Sector) and Gift I. (Technical Community)."""
    mag = World()
    mag.approved()
    return mag


def lacking(mag: World) -> list[tuple[str, bool, int]]:
    with mag.store.reading() as reads:
        community = reads.get(Community, MAG)
        assert community is not None
        now = community.now(datetime.now(UTC))
        return [(each.group.short_name, each.noticed, each.left) for each in vacancies(reads, community, now)]


def card(mag: World) -> str:
    return mag.does(CIVIL, "show WG-MWP")


def test_one_resigns_and_the_work_goes_on(mag: World) -> None:
    said = mag.does(TECHNICAL, "facilitator resign WG-MWP I change employer")
    assert "You are no longer co-facilitator of WG-MWP, and still a member. The MAG Chair names somebody else." in said
    told = "Gift I. resigned as co-facilitator of WG-MWP.\nReason: I change employer"
    assert [
        told.replace("\n", " ") in each.replace("\n", " ") for each in (mag.in_room("#mag")[-1], mag.told(CHAIR)[-1])
    ]
    assert "/wg appoint WG-MWP NAME, NAME" in mag.told(CHAIR)[-1] or "appoint WG-MWP" in mag.told(CHAIR)[-1]
    assert "Co-facilitator vacancy" in card(mag)
    assert "Work goes on." in card(mag)
    assert lacking(mag) == [("WG-MWP", False, 1)]
    assert "Appoint a co-facilitator of WG-MWP" in mag.does(CHAIR, "todo")
    mag.does(PRIVATE, "update nothing WG-MWP")
    mag.does(CHAIR, f"appoint WG-MWP {PRIVATE}, {CIVIL}")
    assert "vacancy" not in card(mag)
    assert lacking(mag) == []
    assert "Nothing waits" in mag.does(CHAIR, "todo")
    shown = mag.does(STRANGER, "facilitator WG-MWP")
    for part in (
        "Yusuf A. (Civil Society), since",
        "Before",
        "Gift I. (Technical Community), until",
        "I change employer",
    ):
        assert part in shown


@pytest.mark.parametrize("who", [CHAIR, SECRETARIAT, CIVIL, OBSERVER, STRANGER])
def test_only_who_is_in_office_resigns(mag: World, who: str) -> None:
    mag.refuses(who, "facilitator resign WG-MWP")


@pytest.mark.parametrize(
    "change",
    [
        f'roster unseat "{TECHNICAL}"',
        f'roster seat "{TECHNICAL}" observer "Intergovernmental Organizations"',
    ],
)
def test_who_loses_the_seat_is_no_co_facilitator(mag: World, change: str) -> None:
    mag.does(SECRETARIAT, change)
    assert any(
        "is no longer a seated member, and so no longer co-facilitator of WG-MWP" in each for each in mag.told(CHAIR)
    )
    assert lacking(mag) == [("WG-MWP", False, 1)]
    assert "Gift I. (Technical Community), until" in mag.does(CIVIL, "facilitator show WG-MWP")


def test_an_import_re_tests_every_group_in_the_same_transaction(mag: World) -> None:
    mag.approved("WG-CO")
    rows = "name,email,stakeholder_group,regional_group,role\n" + "".join(
        f"{each.name},{each.email},{each.stakeholder_group},,{each.role.value}\n"
        for each in mag.founders
        if each.name != TECHNICAL
    )
    said = mag.does(CHAIR, "roster import --remove-missing", csv=rows)
    assert said
    assert lacking(mag) == [("WG-CO", False, 1), ("WG-MWP", False, 1)]


def test_four_weeks_later_it_is_on_the_agenda_and_the_chair_and_the_secretariat_are_told_once(mag: World) -> None:
    mag.does(TECHNICAL, "facilitator resign WG-MWP")
    mag.later("27d")
    said = "has been missing for four weeks; it is on the agenda of the MAG."
    assert not [each for each in mag.told(SECRETARIAT) if said in each]
    assert lacking(mag) == [("WG-MWP", False, 1)]
    mag.later("2d")
    mag.later("9d")
    for person in (CHAIR, SECRETARIAT):
        assert len([each for each in mag.told(person) if said in each]) == 1
    assert lacking(mag) == [("WG-MWP", True, 1)]
    assert "It is on the agenda of the MAG." in card(mag)
    with mag.store.reading() as reads:
        community = reads.get(Community, MAG)
        assert community is not None
        now = community.now(datetime.now(UTC))
        assert MatterKind.VACANCY in {each.kind for each in taken_up(reads, community, now)}
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too


def test_a_vacancy_that_is_filled_in_time_is_not_told_of(mag: World) -> None:
    mag.does(TECHNICAL, "facilitator resign WG-MWP")
    mag.later("20d")
    mag.does(CHAIR, f"appoint WG-MWP {PRIVATE}, {CIVIL}")
    mag.later("20d")
    assert not [each for each in mag.told(SECRETARIAT) if "missing for four weeks" in each]
    with mag.store.reading() as reads:
        assert not [each for each in reads.all(Due, community=MAG) if each.kind is DueKind.VACANCY_NOTICED]


def test_a_change_to_the_others_group_is_a_flag_until_it_is_mended_or_excepted(mag: World) -> None:
    mag.does(SECRETARIAT, REGISTER)
    assert "both co-facilitators are of Private Sector since" in card(mag)
    assert "Both co-facilitators of WG-MWP are of one stakeholder group now." in mag.told(CHAIR)[-1]
    assert "Gift I. (Private Sector)" in card(mag), "they stay in office"
    assert lacking(mag) == []
    for who in (SECRETARIAT, PRIVATE, CIVIL):
        if who is SECRETARIAT:
            assert "Prepared as act" in mag.does(who, "appoint exception WG-MWP They work well together")
        else:
            assert "This is for the Chair." in mag.refuses(who, "appoint exception WG-MWP They work well together")
    mag.does(CHAIR, "confirm 1")
    assert "Co-facilitators of one group" not in card(mag)
    assert "They work well together" in card(mag)
    assert any("Exception for WG-MWP (different stakeholder groups)" in each for each in mag.in_room("#mag"))
    assert "Nothing is amiss" in mag.refuses(CHAIR, "appoint exception WG-MWP Again")


def test_an_exception_is_for_those_in_office_when_it_was_given(mag: World) -> None:
    mag.does(SECRETARIAT, REGISTER)
    mag.does(CHAIR, "appoint exception WG-MWP They work well together")
    mag.does(CHAIR, f"appoint WG-MWP {PRIVATE}, {CIVIL}")
    mag.does(SECRETARIAT, f'roster seat "{CIVIL}" member "Private Sector"')
    assert "both co-facilitators are of Private Sector" in card(mag)
    mag.does(SECRETARIAT, f'roster seat "{CIVIL}" member "Civil Society"')
    assert "Co-facilitators of one group" not in card(mag)
    mag.does(CHAIR, f'appoint WG-MWP {CIVIL} --exception "Until May"')
    assert lacking(mag) == []
    mag.does(CHAIR, f"appoint WG-MWP {CIVIL}, {GOVERNMENT}")
    mag.does(CIVIL, "facilitator resign WG-MWP")
    assert lacking(mag) == [("WG-MWP", False, 1)], "the exception was for another"


def test_with_one_left_the_chair_may_let_it_be_with_none_left_not(mag: World) -> None:
    mag.does(TECHNICAL, "facilitator resign WG-MWP")
    mag.does(CHAIR, "appoint exception WG-MWP Until the summer")
    assert lacking(mag) == []
    mag.does(PRIVATE, "facilitator resign WG-MWP")
    assert lacking(mag) == [("WG-MWP", False, 0)]
    assert "None is left: work goes on, and new recommendations wait." in card(mag)
    assert "Nobody co-facilitates it now." in mag.does(CIVIL, "facilitator show WG-MWP")
    assert "one at least is to be appointed" in mag.refuses(CHAIR, "appoint exception WG-MWP Still")
    assert "is not a member seated" in mag.refuses(CHAIR, f"appoint WG-MWP {OBSERVER}, {CIVIL}")
    assert "Both are of Private Sector" in mag.refuses(CHAIR, f"appoint WG-MWP {PRIVATE}, {PRIVATE_TOO}")
    mag.does(CHAIR, f"appoint WG-MWP {GOVERNMENT}, {CIVIL}")
    assert lacking(mag) == []


def test_a_declined_appointment_is_a_vacancy_too(mag: World) -> None:
    mag.does(TECHNICAL, "appoint decline WG-MWP")
    assert lacking(mag) == [("WG-MWP", False, 1)]


def test_a_new_cycle_lowers_the_flags_of_the_last_ones_groups(mag: World) -> None:
    mag.does(TECHNICAL, "facilitator resign WG-MWP")
    mag.later("330d")
    mag.does(CHAIR, 'cycle open "IGF 2028" 2027-12-01 2028-11-30')
    assert lacking(mag) == []
    assert "vacancy" not in card(mag)
    assert "Qiang R. (Private Sector), since" in mag.does(CIVIL, "facilitator show WG-MWP"), "it keeps those it had"


CHANGES = st.sampled_from(
    [
        (SECRETARIAT, f'roster unseat "{TECHNICAL}"'),
        (SECRETARIAT, f'roster unseat "{PRIVATE}"'),
        (SECRETARIAT, REGISTER),
        (SECRETARIAT, f'roster seat "{TECHNICAL}" member "Technical Community"'),
        (SECRETARIAT, f'roster seat "{PRIVATE}" member "Technical Community"'),
        (SECRETARIAT, f'roster seat "{CIVIL}" member "Private Sector"'),
        (TECHNICAL, "facilitator resign WG-MWP"),
        (PRIVATE, "facilitator resign WG-MWP"),
        (CHAIR, f"appoint WG-MWP {PRIVATE}, {CIVIL}"),
        (CHAIR, f"appoint WG-MWP {GOVERNMENT}, {CIVIL}"),
        (CHAIR, f"appoint WG-MWP {TECHNICAL}, {CIVIL} --exception Because"),
        (CHAIR, "appoint exception WG-MWP Because"),
    ]
)


@settings(max_examples=15, deadline=None)
@given(st.lists(CHANGES, max_size=6))
def test_however_the_roster_and_those_in_office_change_the_flags_say_how_it_stands(
    changes: list[tuple[str, str]],
) -> None:
    mag = World()
    mag.approved()
    for who, change in changes:
        mag(who, change)
        with mag.store.reading() as reads:
            (group,) = reads.all(Group, community=MAG, stage=Stage.ACTIVE)
            in_office = facilitators(reads, group)
            up = {each.flag for each in flags_up(reads, group)}
        groups = {each.stakeholder_group for each in in_office}
        assert len(up) <= 1
        if len(in_office) == 2 and len(groups) == 2:
            assert not up
        if not in_office:
            assert up == {FlagKind.VACANCY}
        if FlagKind.IMBALANCE in up:
            assert len(groups) == 1
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too
