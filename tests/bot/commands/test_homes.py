"""Rooms that are homes: left, renamed, deleted; and the roster's accounts once it is known where they live."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.context import Request, Space
from bot.domain.community import Community
from bot.domain.groups import Home
from bot.domain.people import Account
from tests.builders import CHAIR, CIVIL, MAG, SECRETARIAT, World, spoken


@pytest.fixture
def mag() -> World:
    world = World()
    world.approved()
    return world


def homes(mag: World) -> set[str]:
    with mag.store.reading() as reads:
        return {home.name for home in reads.all(Home, community=MAG)}


def test_a_room_is_left_by_its_name_or_from_within(mag: World) -> None:
    mag.does(CHAIR, "home wg-mwp", "#elsewhere")
    assert "#wg-mwp is nobody's home any more" in mag.does(SECRETARIAT, "home leave WG-MWP")
    assert "#elsewhere is nobody's home" in mag.does(SECRETARIAT, "home leave", "#elsewhere")
    assert homes(mag) == {"#mag"}


def test_the_full_membership_keeps_one(mag: World) -> None:
    assert "#mag is the only home of the full MAG" in mag.refuses(CHAIR, "home leave")
    mag.does(CHAIR, "home all", "#new")
    assert "#mag is nobody's home" in mag.does(CHAIR, "home leave #mag", "#new")


def test_what_is_no_home_cannot_be_left_nor_by_anybody(mag: World) -> None:
    assert "#mgg is nobody's home" in mag.refuses(CHAIR, "home leave #mgg")
    assert "This room is nobody's home" in mag.refuses(CHAIR, "home leave", "#other")
    assert "This is for the Chair or the Secretariat" in mag.refuses(CIVIL, "home leave #wg-mwp")


def test_a_platform_tells_of_another_name_and_of_an_end(mag: World) -> None:
    def noted(command: str, **more: str) -> None:
        request = mag.system(command, f"{command}{more}", platform="terminal", place="#wg-mwp", **more)
        assert mag.engine.handle([request])[0].done

    noted("home renamed", name="#wg-plan")
    assert "#wg-plan" in homes(mag)
    noted("home deleted")
    noted("home deleted", team="T9")  # of a room that is nobody's
    assert homes(mag) == {"#mag"}


def test_accounts_of_the_roster_move_into_the_workspace_their_body_lives_in(mag: World) -> None:
    header = "name,email,stakeholder_group,regional_group,role,slack_id\n"
    mag.does(SECRETARIAT, "roster import", csv=f"{header}New N.,new@mag.example,Civil Society,WEOG,member,U0000001\n")
    with mag.store.writing([MAG]) as work:  # in earnest: the terminal is only where it was founded
        community = work.get(Community, MAG)
        assert community is not None
        work.put(replace(community, sample=False, clock_frozen=None))
        secretariat = work.get(Account, MAG, "terminal", "", SECRETARIAT)
        assert secretariat is not None
        work.put(replace(secretariat, platform="slack", team="T0000001", user="U000000S"))
    space = Space("slack", "T0000001", "C1", name="#mag")
    request = Request(MAG, space, "home", "in slack", datetime.now(UTC), user="U000000S", arguments={"group": "all"})
    (answer,) = mag.engine.handle([request])
    assert answer.done, spoken(answer.view)
    with mag.store.reading() as reads:
        assert reads.get(Account, MAG, "slack", "", "U0000001") is None
        assert reads.get(Account, MAG, "slack", "T0000001", "U0000001") is not None
        (home,) = reads.all(Home, community=MAG, body="mag")
    assert (home.platform, home.name) == ("slack", "#mag")
