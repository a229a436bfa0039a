"""Where one begins: `/wg` alone, and the start page that is kept up to date for those who opened it."""

from __future__ import annotations

import pytest

from bot.outgoing import Placement, page_of
from bot.present import present
from bot.present.home import MOST_COMING, MOST_GROUPS, MOST_TASKS
from bot.view import Card, Items
from tests.builders import (
    CHAIR,
    CIVIL,
    GOOD,
    MAG,
    MONDAY,
    OBSERVER,
    PRIVATE,
    SECRETARIAT,
    STRANGER,
    TECHNICAL,
    World,
    buttons,
    spoken,
)


@pytest.fixture
def mag() -> World:
    return World()


def opens(mag: World, *people: str) -> None:
    """They look at their start pages."""
    for person in people:
        mag.does(person, "home opened", page_of(person))


def placed(mag: World) -> list[str]:
    """Whose pages are kept up to date."""
    with mag.store.reading() as reads:
        kept = reads.rows(Placement, MAG)
        found = [kept.record(each) for each in kept.rows]
        return [each.place for each in found if each.subject.startswith("home:")]


class TestWgAlone:
    """`/wg` alone."""

    def test_what_waits_comes_with_its_button(self, mag: World) -> None:
        assert "What needs you" not in mag.does(CIVIL, "")
        mag.consulted()
        view = mag(CIVIL, "").view
        assert "Take a position in check 1" in spoken(view)
        assert [each.command for each in buttons(view)] == ["consensus show", "propose new", "list", "help"]

    def test_a_guest_is_told_how_to_become_known(self, mag: World) -> None:
        view = mag(STRANGER, "").view
        assert "You are a guest here" in spoken(view)
        assert [each.command for each in buttons(view)] == ["list", "help"]

    def test_a_long_list_is_cut_and_says_so(self, mag: World) -> None:
        for number in range(MOST_TASKS + 2):
            mag.does(PRIVATE, f'poll "Question {number}?" yes, no --closes 7d')
        assert "and 4 more: /wg todo" in mag.does(CIVIL, "")
        assert "and 2 more: /wg todo" in mag.does(CIVIL, "overview")
        card = mag(CIVIL, "todo").view
        assert isinstance(card, Card)
        (listed,) = card.blocks
        assert isinstance(listed, Items)
        assert len(listed.items) == MOST_TASKS + 2, "todo shows everything"


class TestOverview:
    """The start page."""

    def test_what_needs_me_then_my_groups(self, mag: World) -> None:
        mag.consulted()
        seen = mag.does(PRIVATE, "overview")
        order = [
            "Hello Qiang R.",
            "Take a position in check 1",
            "WG-MWP · Work of WG-MWP: Consensus check",
            "proposed it",
        ]
        assert [seen.index(part) for part in order] == sorted(seen.index(part) for part in order)
        assert "Your groups" in seen
        assert "Members take positions until" in seen
        assert "Your groups" not in mag.does(CIVIL, "overview")
        mag.does(PRIVATE, "consensus support")
        assert "Nothing waits for you." in mag.does(PRIVATE, "overview")

    def test_what_one_is_to_a_group_is_said_once_by_what_says_most(self, mag: World) -> None:
        mag.does(PRIVATE, f'propose new "Work" WG-MWP {GOOD} --co-proposers "{CIVIL}"')
        assert "Your groups" not in mag.does(CIVIL, "overview"), "who was named has not said yes yet"
        mag.does(CIVIL, "propose confirm WG-MWP")
        assert "You co-proposed it." in mag.does(CIVIL, "overview")
        for person in mag.supporters():
            mag.does(person, "consult comment WG-MWP Good.")
        mag.later("7d")
        for person in mag.supporters():
            mag.does(person, "consensus support")
        mag.later("7d")
        mag.does(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
        for person, what in ((PRIVATE, "You co-facilitate it."), (CIVIL, "You are a member.")):
            seen = mag.does(person, "overview")
            assert what in seen
            assert seen.count("WG-MWP") == len(["its name", "its button", "the button's argument"])

    def test_a_group_that_ended_is_nobodys(self, mag: World) -> None:
        mag.proposed()
        assert "Your groups" in mag.does(PRIVATE, "overview")
        mag.does(PRIVATE, "propose withdraw WG-MWP")
        assert "Your groups" not in mag.does(PRIVATE, "overview")

    def test_many_groups_are_cut(self, mag: World) -> None:
        for number in range(MOST_GROUPS + 3):
            mag.does(PRIVATE, f'propose new "Work {number}" WG-{chr(65 + number)} {GOOD}')
        assert "and 3 more: /wg list" in mag.does(PRIVATE, "overview")

    def test_what_is_coming_up_is_for_everybody(self, mag: World) -> None:
        mag.consulted()
        for person in (PRIVATE, STRANGER):
            assert "Consensus check 1 of the MAG closes" in mag.does(person, "overview")
        for number in range(MOST_COMING):
            mag.does(PRIVATE, f'poll "Question {number}?" yes, no --closes 7d')
        assert f"and {number - 2} more: /wg calendar" in mag.does(STRANGER, "overview")

    def test_a_guests(self, mag: World) -> None:
        view = mag(STRANGER, "overview").view
        assert isinstance(view, Card)
        assert view.subject is None
        assert "You are a guest here" in spoken(view)


class TestKeptUpToDate:
    """Opened once, a page shows what is."""

    def test_opening_it_shows_it_and_keeps_it(self, mag: World) -> None:
        mag.consulted()
        answer = mag(CIVIL, "home opened", page_of(CIVIL))
        assert isinstance(answer.view, Card)
        assert answer.view.subject is not None
        assert answer.view.subject.startswith("home:")
        assert "Take a position in check 1" in spoken(answer.view)
        opens(mag, CIVIL)
        assert placed(mag) == [page_of(CIVIL)]

    def test_a_guests_is_shown_and_not_kept(self, mag: World) -> None:
        assert "You are a guest here" in mag.does(STRANGER, "home opened", page_of(STRANGER))
        assert placed(mag) == []

    def test_only_a_page_opens_itself(self, mag: World) -> None:
        for room in ("#mag", f"@{CIVIL}", page_of(CHAIR)):
            assert "This is no start page" in mag.refuses(CIVIL, "home opened", room)
        assert placed(mag) == []

    def test_the_way_of_a_formation(self, mag: World) -> None:
        opens(mag, PRIVATE, CIVIL, CHAIR, OBSERVER)
        mag.proposed()
        assert "Comment on WG-MWP until" in mag.page(CIVIL)
        assert "In consultation" in mag.page(PRIVATE)
        mag.does(CIVIL, "consult comment WG-MWP concern Too long.")
        assert "Nothing waits for you" in mag.page(CIVIL)
        assert "Answer comment 1" in mag.page(PRIVATE)
        mag.later("7d")
        mag.does(PRIVATE, "consult respond WG-MWP 1 Shorter now.")
        assert "Take a position in check 1" in mag.page(CIVIL)
        assert "Answer comment 1" not in mag.page(PRIVATE)
        mag.does(CIVIL, "consensus support")
        assert "Nothing waits for you" in mag.page(CIVIL)
        for person in mag.supporters():
            mag.does(person, "consensus support")
        mag.later("7d")
        assert "Decide on WG-MWP" in mag.page(CHAIR)
        mag.does(SECRETARIAT, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
        assert "Confirm what the Secretariat prepared" in mag.page(CHAIR)
        mag.does(CHAIR, "confirm 1")
        assert "Nothing waits for you" in mag.page(CHAIR)
        assert "You co-facilitate it." in mag.page(PRIVATE)

    def test_polls_and_seats(self, mag: World) -> None:
        opens(mag, CIVIL)
        mag.does(PRIVATE, 'poll "Where?" Geneva, Lyon --closes 24h')
        assert "Answer poll 1" in mag.page(CIVIL)
        mag.does(CIVIL, "poll choose 1 Lyon")
        assert "Nothing waits" in mag.page(CIVIL)
        mag.does(CIVIL, "poll choose 1 none")
        assert "Answer poll 1" in mag.page(CIVIL)
        mag.later("1d")
        assert "Nothing waits" in mag.page(CIVIL)

    def test_what_changes_nothing_on_a_page_sends_nothing(self, mag: World) -> None:
        mag.consulted()
        opens(mag, CIVIL, PRIVATE)
        mag.does(CIVIL, "consensus support")
        assert mag.pages[page_of(CIVIL)].edits == 1
        mag.does(CIVIL, "consensus live-with")
        assert mag.pages[page_of(CIVIL)].edits == 1, "one position for another"
        assert page_of(PRIVATE) not in mag.pages, "another's position"

    def test_an_account_unlinked_is_shown_a_persons_page_no_more(self, mag: World) -> None:
        opens(mag, CIVIL, PRIVATE)
        mag.does(CIVIL, "link remove")
        assert placed(mag) == [page_of(PRIVATE)]
        mag.does(PRIVATE, 'poll "Where?" Geneva, Lyon')
        assert page_of(CIVIL) not in mag.pages

    def test_nobodys_page_is_nothing_to_show(self, mag: World) -> None:
        with mag.store.reading() as reads:
            assert present(reads, MAG, "home:nobody", MONDAY) is None

    def test_a_draft_of_the_pages_own_account_waits_there(self, mag: World) -> None:
        mag.asks(CIVIL, "propose new")
        opens(mag, CIVIL)
        mag.does(PRIVATE, 'poll "Where?" Geneva, Lyon')
        assert "Go on with what you began in #mag" in mag.page(CIVIL)
