"""Importing a roster changes only what changed, and never by guessing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import NotNow
from bot.domain.ids import PersonId
from bot.domain.people import (
    AccountLinked,
    AccountUnlinked,
    PersonAdded,
    PersonChanged,
    Role,
    SeatEnded,
    SeatGiven,
    seated,
)
from bot.domain.roster import events, must_leave_somebody
from bot.domain.roster_csv import Row, read_roster
from storage.memory import MemoryStore
from tests.bot.domain.rosters import AMINA, BAO, DESK, MAG, ROSTERS, SAMPLE, Roster, read, row


@pytest.fixture
def roster() -> Iterator[Roster]:
    with MemoryStore().writing([MAG.id]) as work:
        yield Roster(work)


def test_the_first_import_adds_seats_and_links(roster: Roster) -> None:
    assert roster.imports(row(matrix_id="@nia:mag.example", regional_group="GRULAC")) == [
        PersonAdded(PersonId("person1"), "Nia N.", "nia@mag.example"),
        SeatGiven(1, PersonId("person1"), Role.MEMBER, "Government", "GRULAC"),
        AccountLinked("matrix", "mag.example", "@nia:mag.example", PersonId("person1"), "roster"),
    ]


def test_the_same_file_again_changes_nothing(roster: Roster) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    reading = read_roster(text, MAG)
    assert len(roster.happen(events(roster.difference(reading.rows), 1, roster.new_id))) == 3 * 45

    again = roster.difference(reading.rows)
    assert again.empty
    assert (again.unchanged, again.missing) == (45, ())


def test_a_second_import_changes_only_what_changed(roster: Roster) -> None:
    roster.imports(AMINA, BAO, DESK, row())
    assert roster.imports(
        AMINA,
        "Bao Bao,BAO@mag.example,Government,GRULAC,member,,",
        DESK,
        row(stakeholder_group="Civil Society"),
        row(name="Juma J.", email="juma@mag.example"),
    ) == [
        PersonChanged(PersonId("person2"), "Bao Bao", "bao@mag.example"),
        PersonAdded(PersonId("person5"), "Juma J.", "juma@mag.example"),
        SeatGiven(1, PersonId("person4"), Role.MEMBER, "Civil Society", ""),
        SeatGiven(1, PersonId("person5"), Role.MEMBER, "Government", ""),
    ]


def test_a_file_without_regional_groups_leaves_them_as_they_are(roster: Roster) -> None:
    roster.imports(BAO)
    header = "name,email,role,stakeholder_group"
    assert roster.imports("Bao B.,bao@mag.example,member,Government", header=header) == []


def test_people_who_are_not_in_the_file_are_listed_and_only_unseated_when_asked(roster: Roster) -> None:
    roster.imports(AMINA, BAO, DESK)
    difference = roster.difference(read(AMINA, DESK).rows)
    assert difference.empty
    assert [person.name for person, _ in difference.missing] == ["Bao B."]

    assert roster.imports(AMINA, DESK, remove_missing=True) == [SeatEnded(1, PersonId("person2"))]
    assert roster.role("bao@mag.example") is None
    assert roster.imports(AMINA, BAO, DESK) == [SeatGiven(1, PersonId("person2"), Role.MEMBER, "Government", "GRULAC")]


def test_people_in_rows_that_cannot_be_used_are_not_missing(roster: Roster) -> None:
    roster.imports(AMINA, BAO, DESK)
    reading = read(AMINA, DESK, BAO.replace("member", "membr"))
    assert roster.difference(reading.rows, skipped=reading.skipped).missing == ()


def test_a_new_account_takes_the_place_of_the_old_one_and_a_blank_one_changes_nothing(roster: Roster) -> None:
    nia = PersonId("person1")
    roster.imports(row(matrix_id="@nia:mag.example"))
    roster.happen([AccountLinked("terminal", "", "nia", nia, "sample")])

    assert roster.imports(row()) == []
    assert roster.imports(row(matrix_id="@nia:mag.exemple")) == [
        AccountUnlinked("matrix", "mag.example", "@nia:mag.example", nia),
        AccountLinked("matrix", "mag.exemple", "@nia:mag.exemple", nia, "roster"),
    ]


def test_a_slack_account_whose_workspace_became_known_stays(roster: Roster) -> None:
    nia = PersonId("person1")
    roster.imports(row(slack_id="U1"))
    roster.happen([AccountUnlinked("slack", "", "U1", nia), AccountLinked("slack", "T1", "U1", nia, "roster")])

    assert roster.imports(row(slack_id="U1")) == []
    assert roster.imports(row(slack_id="T1/U1")) == []


def test_an_account_of_somebody_else_is_refused_unless_it_moves(roster: Roster) -> None:
    roster.imports(row(matrix_id="@a:mag.example"), BAO + "@b:mag.example")
    ((line, column, words),) = roster.refuses(row(), BAO + "@a:mag.example")
    assert (line, column) == (3, "matrix_id")
    assert "This is the account of Nia N." in words

    # the two swap
    roster.imports(row(matrix_id="@b:mag.example"), BAO + "@a:mag.example")
    assert roster.owner("matrix", "mag.example", "@a:mag.example") == "Bao B."
    assert roster.owner("matrix", "mag.example", "@b:mag.example") == "Nia N."


def test_a_slack_id_without_workspace_is_somebody_elses_in_any(roster: Roster) -> None:
    roster.imports(row(slack_id="T1/U1"))
    assert roster.refuses(row(), BAO.replace(",,", ",U1,"))[0][:2] == (3, "slack_id")


def test_a_row_that_waits_for_a_refused_one_is_refused_with_it(roster: Roster) -> None:
    people = [
        row(name=f"P{each}", email=f"p{each}@mag.example", matrix_id=f"@u{each}:mag.example") for each in range(4)
    ]
    roster.imports(*people)
    # each takes the next one's account, but the last one keeps its own
    shifted = [
        row(name=f"P{each}", email=f"p{each}@mag.example", matrix_id=f"@u{min(each + 1, 3)}:mag.example")
        for each in range(3)
    ]
    assert [line for line, _, _ in roster.refuses(*shifted)] == [2, 3, 4]


def test_the_chair_hands_over_within_one_file(roster: Roster) -> None:
    roster.imports(AMINA, BAO, DESK)
    happened = roster.imports(AMINA.replace("chair", "member"), BAO.replace("member", "chair"), DESK)
    assert [event.role for event in happened] == [Role.MEMBER, Role.CHAIR]


def test_a_second_chair_is_refused_unless_the_first_one_leaves(roster: Roster) -> None:
    roster.imports(AMINA, BAO, DESK)
    new = BAO.replace("member", "chair")
    ((line, column, words),) = roster.refuses(new, DESK)
    assert (line, column) == (2, "role")
    assert "Amina A. is the Chair, and the file does not say what becomes of Amina A." in words
    assert '/wg roster role "Amina A." member' in words

    roster.imports(new, DESK, remove_missing=True)
    assert [seat.person for seat in seated(roster.work, MAG, Role.CHAIR)] == ["person2"]


def test_somebody_new_with_the_name_of_somebody_missing_is_asked_about(roster: Roster) -> None:
    roster.imports(AMINA, BAO, DESK)
    ((line, column, words),) = roster.refuses(AMINA, DESK, BAO.replace("bao@mag", "bao@new"))
    assert (line, column) == (4, "email")
    assert '/wg roster email "Bao B." bao@new.example' in words
    assert roster.refuses(AMINA, DESK, BAO, BAO.replace("bao@mag", "bao@new")) == []


def test_somebody_can_always_change_the_roster(roster: Roster) -> None:
    roster.imports(DESK, BAO)
    for lines, options in (([DESK.replace("secretariat", "observer"), BAO], {}), ([BAO], {"remove_missing": True})):
        with pytest.raises(NotNow, match="nobody could change the roster"):
            must_leave_somebody(roster.work, MAG, roster.difference(read(*lines).rows, **options))
    must_leave_somebody(roster.work, MAG, roster.difference(read(AMINA).rows, remove_missing=True))


@settings(max_examples=60)
@given(ROSTERS, ROSTERS, st.booleans())
def test_after_any_two_imports_the_second_one_changes_nothing_more(
    first: list[Row], second: list[Row], ends: bool
) -> None:
    with MemoryStore().writing([MAG.id]) as work:
        roster = Roster(work)
        for found in ([replace(each, line=line) for line, each in enumerate(rows, 2)] for rows in (first, second)):
            difference = roster.difference(found, remove_missing=ends)
            if ends and difference.problems:
                return  # such an import is refused whole
            roster.happen(events(difference, MAG.cycle, roster.new_id))

            again = roster.difference(found, remove_missing=ends)
            assert again.empty
            assert {each.line for each in again.problems} == {each.line for each in difference.problems}
            assert len(seated(work, MAG, Role.CHAIR)) <= 1
            for change in difference.changed:
                assert roster.role(change.row.email) is change.row.role
                for account in change.row.accounts:
                    assert roster.owner(account.platform, account.team, account.user) == change.row.name
