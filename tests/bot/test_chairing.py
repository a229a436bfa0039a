"""Acts of the Chair where nobody may do them: no Chair is seated, or no cycle is under way."""

from __future__ import annotations

import pytest

from bot.outgoing import page_of
from tests.builders import CHAIR, CIVIL, GOVERNMENT, PRIVATE, SECRETARIAT, STRANGER, TECHNICAL, World

DECIDE = "Decide on WG-MWP: its consensus check is over."


@pytest.fixture
def mag() -> World:
    """The consensus check on WG-MWP is over, and the Chair's seat has ended."""
    mag = World()
    mag.checked()
    mag.does(SECRETARIAT, "home opened", page_of(SECRETARIAT))
    mag.does(SECRETARIAT, f'roster unseat "{CHAIR}"')
    return mag


def test_they_wait_and_are_listed_for_the_secretariat_and_everybody(mag: World) -> None:
    todo = mag.does(SECRETARIAT, "todo")
    assert "No MAG Chair is seated: acts of the MAG Chair wait, and are nobody else's. Seat one." in todo
    assert "Waits for a MAG Chair" in todo
    assert DECIDE in todo
    assert DECIDE in mag.page(SECRETARIAT)
    for who in (CIVIL, STRANGER):
        for said in (mag.does(who, "calendar"), mag.does(who, "cycle show")):
            assert "No MAG Chair is seated; until one is, these wait" in said
            assert DECIDE in said
        assert DECIDE not in mag.does(who, "todo")


@pytest.mark.parametrize(
    "line",
    [
        f"approve WG-MWP {PRIVATE}, {TECHNICAL}",
        "decline WG-MWP No",
        "conclude WG-MWP consensus",
        f"appoint WG-MWP {PRIVATE}, {TECHNICAL}",
        "appoint exception WG-MWP Because",
        "confirm 1",
    ],
)
def test_the_secretariat_does_not_inherit_them(mag: World, line: str) -> None:
    said = mag.refuses(SECRETARIAT, line)
    assert (
        "No MAG Chair is seated; acts of the MAG Chair wait until one is." in said or "This is for the Chair." in said
    )


def test_the_next_chair_has_them(mag: World) -> None:
    mag.does(SECRETARIAT, f'roster role "{GOVERNMENT}" chair')
    assert "1 act waits for you" in mag.told(GOVERNMENT)[-1]
    assert DECIDE in mag.does(GOVERNMENT, "todo")
    assert DECIDE not in mag.does(SECRETARIAT, "todo")
    assert DECIDE not in mag.page(SECRETARIAT)
    assert DECIDE not in mag.does(CIVIL, "calendar")
    mag.does(GOVERNMENT, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    assert "Nothing waits" in mag.does(GOVERNMENT, "todo")


def test_what_was_prepared_for_the_last_chair_is_the_next_ones_to_confirm() -> None:
    mag = World()
    mag.checked()
    mag.does(SECRETARIAT, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    mag.does(SECRETARIAT, f'roster unseat "{CHAIR}"')
    assert "Confirm what the Secretariat prepared." in mag.does(CIVIL, "calendar")
    assert "Approve" not in mag.does(CIVIL, "calendar"), "what it is, is the Chair's to see first"
    mag.does(SECRETARIAT, f'roster role "{GOVERNMENT}" chair')
    assert "2 acts wait for you" in mag.told(GOVERNMENT)[-1]
    mag.does(GOVERNMENT, "confirm 1")
    assert "Active" in mag.does(CIVIL, "show WG-MWP")


def test_a_vacancy_waits_too(mag: World) -> None:
    mag.does(SECRETARIAT, f'roster role "{GOVERNMENT}" chair')
    mag.does(GOVERNMENT, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    mag.does(SECRETARIAT, f'roster unseat "{GOVERNMENT}"')
    mag.does(TECHNICAL, "facilitator resign WG-MWP")
    assert "Waits for a MAG Chair: Appoint a co-facilitator of WG-MWP" in mag.does(SECRETARIAT, "todo").replace(
        "\n", " "
    )


class TestInterregnum:
    @pytest.fixture
    def over(self) -> World:
        """WG-MWP is at work, and the last day of the cycle has passed."""
        mag = World()
        mag.approved()
        mag.later("330d")
        return mag

    def test_an_expired_group_meets_and_drafts(self, over: World) -> None:
        over.does(PRIVATE, 'consensus "Meet on Thursday?" 24h', "#wg-mwp")
        over.does(TECHNICAL, "consensus support")
        over.does(PRIVATE, 'poll "Where?" Geneva, Lyon', "#wg-mwp")
        over.does(PRIVATE, "minutes add We go on with the outline", "#wg-mwp")

    def test_conclusions_and_appointments_wait(self, over: World) -> None:
        over.does(PRIVATE, 'consensus "Meet on Thursday?" 24h', "#wg-mwp")
        over.later("2d")
        wait = "this waits until the next membership is seated"
        assert wait in over.refuses(PRIVATE, "consensus confirm 2")
        assert wait in over.refuses(CHAIR, f"appoint WG-MWP {PRIVATE}, {CIVIL}")
        assert wait in over.refuses(CHAIR, "appoint exception WG-MWP Because")
        assert "Conclude" not in over.does(PRIVATE, "todo")

    def test_the_chairs_acts_are_listed_and_nobodys_to_do(self) -> None:
        mag = World()
        mag.later("315d")
        mag.does(CHAIR, 'consensus open "Adopt the report?" --closes 4d')
        mag.later("10d")
        for said in (mag.does(CIVIL, "calendar"), mag.does(CIVIL, "cycle show")):
            assert "Until the next membership is seated, these wait" in said
            assert "Conclude upon check 1" in said
        assert "Nothing waits" in mag.does(CHAIR, "todo")

    def test_a_flag_goes_with_its_group(self) -> None:
        mag = World()
        mag.approved()
        mag.does(TECHNICAL, "facilitator resign WG-MWP")
        mag.later("330d")
        assert "vacancy" not in mag.does(CIVIL, "show WG-MWP")
        assert "Appoint" not in mag.does(CIVIL, "calendar")
