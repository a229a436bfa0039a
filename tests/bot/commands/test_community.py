"""Settings, the cycle, homes, names, links, help: what a community and its people arrange for themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.command import COMMANDS
from bot.commands.community import MEANINGS
from bot.domain.community import Community, Settings
from bot.families import FAMILIES
from tests.builders import CHAIR, CIVIL, MAG, OBSERVER, PRIVATE, SECRETARIAT, STRANGER, TECHNICAL, World


@pytest.fixture
def mag() -> World:
    return World()


class TestSettings:
    """What a community chose."""

    def test_every_setting_is_shown_in_words(self, mag: World) -> None:
        shown = mag.does(STRANGER, "settings")
        assert all(name in shown for name in Settings.__slots__)
        assert set(Settings.__slots__) == set(MEANINGS)

    @pytest.mark.parametrize(
        ("name", "value", "kept"),
        [
            ("check_hours", "96", 96),
            ("check-hours", "4d", 96),
            ("rule", "lazy consensus", "lazy"),
            ("participation_floor", "25%", "1/4"),
            ("stages_by_clock", "no", False),
            ("trust_verified_email", "yes", True),
        ],
    )
    def test_changed_by_the_chair_or_the_secretariat(self, mag: World, name: str, value: str, kept: object) -> None:
        mag.does(SECRETARIAT, f"settings set {name} {value}")
        with mag.store.reading() as reads:
            community = reads.get(Community, MAG)
        assert community is not None
        assert getattr(community.settings, name.replace("-", "_")) == kept
        assert "already" in mag.does(CHAIR, f"settings set {name} {value}")

    def test_holidays_move_closing_times(self, mag: World) -> None:
        mag.does(CHAIR, "settings set holidays 2027-01-18, 2027-01-19")
        mag.proposed()
        assert "Wed 20 Jan 2027" in mag.card("consultation:1")

    @pytest.mark.parametrize(
        ("line", "why"),
        [
            ("settings set chek_hours 4d", "Did you mean check_hours"),
            ("settings set rule majority", "majority"),
            ("settings set rule supermajority-66", "decides by consensus"),
            ("settings set check_hours 90m", "whole number of hours"),
            ("settings set check_hours 2h", "shorter than the shortest allowed"),
            ("settings set participation_floor 3", "not a share"),
            ("settings set stages_by_clock maybe", "neither yes nor no"),
            ("settings set holidays 2027-02-30", "2027-02-30"),
        ],
    )
    def test_values_that_cannot_be(self, mag: World, line: str, why: str) -> None:
        assert why in mag.refuses(CHAIR, line)

    def test_not_by_members(self, mag: World) -> None:
        assert "This is for the Chair or the Secretariat" in mag.refuses(CIVIL, "settings set check_hours 96")

    def test_what_runs_keeps_the_settings_it_began_with(self, mag: World) -> None:
        mag.consulted()
        mag.does(CHAIR, "settings set rule full")
        assert "Rough consensus" in mag.card("check:1")


class TestCycle:
    """One cycle after the other."""

    def test_shown_and_moved(self, mag: World) -> None:
        assert "under way" in mag.does(STRANGER, "cycle")
        assert "now runs from" in mag.does(SECRETARIAT, 'cycle open "IGF 2027" 2026-12-07 2027-12-20')
        assert "This is for the Chair or the Secretariat" in mag.refuses(
            CIVIL, 'cycle open "IGF 2028" 2027-12-01 2028-11-30'
        )

    def test_the_next_one_begins_with_nobody_but_who_opened_it(self, mag: World) -> None:
        assert "is under way until 2027-11-30" in mag.refuses(CHAIR, 'cycle open "IGF 2028" 2027-12-01 2028-11-30')
        mag.later("325d")
        assert "nobody else is seated yet" in mag.does(SECRETARIAT, 'cycle open "IGF 2028" 2027-12-01 2028-11-30')
        assert "This is for members seated in the current cycle" in mag.refuses(
            PRIVATE, "propose new A WG-A --purpose x --objectives x --outputs x --timeframe x"
        )

    @pytest.mark.parametrize(
        ("days", "why"),
        [
            ("2028-12-01 2028-11-30", "before it begins"),
            ("2020-12-01 2021-11-30", "before IGF 2027"),
            ("soon 2028-11-30", "soon"),
        ],
    )
    def test_days_that_cannot_be(self, mag: World, days: str, why: str) -> None:
        assert why in mag.refuses(CHAIR, f'cycle open "IGF 2028" {days}')


class TestRooms:
    """Homes and names."""

    def test_a_room_becomes_a_groups_home(self, mag: World) -> None:
        mag.approved()
        assert "This room is home to WG-MWP" in mag.does(CHAIR, "home wg-mwp", "#elsewhere")
        assert "#elsewhere" in mag.does(CIVIL, "show WG-MWP")
        assert "is the home of MAG already" in mag.refuses(CHAIR, "home wg-mwp", "#mag")
        assert "private conversation" in mag.refuses(CHAIR, "home wg-mwp", "@x")
        assert "This is for the Chair or the Secretariat" in mag.refuses(CIVIL, "home wg-mwp", "#third")

    def test_one_more_name(self, mag: World) -> None:
        mag.proposed()
        mag.proposed("WG-OE", TECHNICAL)
        mag.does(PRIVATE, 'alias WG-MWP "Living Programme"')
        assert "WG-MWP" in mag.does(CIVIL, "show livingprogramme")
        assert "is taken" in mag.refuses(PRIVATE, "alias WG-MWP wgoe")
        assert "This is for" in mag.refuses(CIVIL, "alias WG-MWP WG-X")


class TestFindingOnesWay:
    """Help, and what can be done now."""

    def test_wg_alone_says_what_one_can_do_now(self, mag: World) -> None:
        assert "You are a guest here" in mag.does(STRANGER, "")
        mag.consulted()
        assert "Take a position in check 1" in mag.does(CIVIL, "")

    def test_todo_is_mine_and_nobody_elses(self, mag: World) -> None:
        mag.consulted()
        assert "Take a position in check 1" in mag.does(CIVIL, "todo")
        mag.does(CIVIL, "consensus support")
        assert "Nothing waits for you" in mag.does(CIVIL, "todo")
        assert "Nothing waits for you" in mag.does(OBSERVER, "todo")
        assert "does not know this account" in mag.does(STRANGER, "todo")

    def test_help_for_everything(self, mag: World) -> None:
        for family, each in FAMILIES.items():
            if each.summary is not None:
                assert mag.does(STRANGER, f"help {family}")
        for name, declared in COMMANDS.items():
            if not declared.hidden:
                assert mag.does(STRANGER, f"help {name}")
        assert "Did you mean consensus" in mag.refuses(STRANGER, "help consensu")

    def test_every_family_is_declared_and_every_command_has_one(self) -> None:
        assert {declared.family for declared in COMMANDS.values()} == set(FAMILIES)
        shown = {declared.family for declared in COMMANDS.values() if not declared.hidden}
        assert shown - {"start"} == {name for name, each in FAMILIES.items() if each.summary is not None}

    def test_the_list_by_stage(self, mag: World) -> None:
        assert "There is no working group yet" in mag.does(STRANGER, "list")
        mag.proposed()
        assert "WG-MWP" in mag.does(STRANGER, 'list "in consultation"')
        assert "No working group is in that stage" in mag.does(STRANGER, "list active")
        assert "Did you mean WG-MWP" in mag.refuses(STRANGER, "show WG-MWB")


class TestClock:
    """Only a sample community's clock is moved."""

    def test_refused_elsewhere(self, mag: World) -> None:
        with mag.store.writing([MAG]) as work:
            community = work.get(Community, MAG)
            assert community is not None
            work.put(replace(community, sample=False))
        assert "Only a sample community's clock can be moved" in mag.refuses(CHAIR, "clock +7d")

    def test_forward_only(self, mag: World) -> None:
        assert "0d" in mag.refuses(CHAIR, "clock 0d")


def test_accounts_are_shown_to_their_owner_and_unlinked(mag: World) -> None:
    assert "terminal: Yusuf A." in mag.does(CIVIL, "link show")
    mag.does(CIVIL, "link remove")
    assert "does not know this account" in mag.refuses(CIVIL, "link show")
    assert "This is for the Secretariat" in mag.refuses(PRIVATE, f"link invite {CIVIL}")
