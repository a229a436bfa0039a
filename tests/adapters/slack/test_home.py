"""The home tab: what needs me first, mine alone, kept up to date while nobody looks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.adapters.slack.office import Office, handle, workspace
from tests.builders import CHAIR, CIVIL, GOOD, PRIVATE
from tests.support.slack.edge import Edge
from tests.support.slack.seen import View
from tests.support.slack.workspace import Person, Workspace

STRANGER = Person("stranger", "Somebody Else")


@pytest.fixture
def slack_workspace() -> Workspace:
    return workspace(STRANGER)


@pytest.fixture
def office(slack: Edge) -> Iterator[Office]:
    with Office(slack) as running:
        yield running


def home(office: Office, who: str) -> View:
    view = office.people.home(who)
    assert view is not None
    return view


def opened(office: Office, who: str) -> View:
    assert office.people.open_home(handle(who)).acked
    office.settle()
    return home(office, handle(who))


def test_it_shows_what_needs_me_my_groups_and_what_is_coming_up(office: Office) -> None:
    office.says(PRIVATE, f'propose new "Multi-year Work" WG-MWP {GOOD}')
    civil = opened(office, CIVIL).text
    assert "Comment on WG-MWP" in civil
    private = opened(office, PRIVATE).text
    assert private.index("Your groups") > 0 if "Your groups" in private else "WG-MWP" in private
    assert "Comment on WG-MWP until" not in private  # its proposer is not asked to comment on it


def test_a_button_on_it_opens_the_form_and_what_was_done_is_gone_from_it(office: Office) -> None:
    office.says(PRIVATE, f'propose new "Multi-year Work" WG-MWP {GOOD}')
    view = opened(office, CIVIL)
    button = next(each for each in view.buttons if "Comment" in each)
    office.click(CIVIL, view, button)
    window = office.people.modal(handle(CIVIL))
    office.people.submit(handle(CIVIL), window, {"Your comment": "Good idea."})
    office.settle()
    assert "Comment on WG-MWP until" not in home(office, handle(CIVIL)).text  # nobody opened it anew


def test_it_is_brought_up_to_date_when_something_is_asked_of_me(office: Office) -> None:
    before = opened(office, CIVIL).text
    assert "WG-MWP" not in before
    office.says(PRIVATE, f'propose new "Multi-year Work" WG-MWP {GOOD}')
    assert "WG-MWP" in home(office, handle(CIVIL)).text
    office.later("7d")
    office.later("7d")
    assert "Take a position in check 1" in home(office, handle(CIVIL)).text
    office.click(CIVIL, office.sees(CIVIL, "Consensus check 1"), "Support")
    assert "Take a position in check 1" not in home(office, handle(CIVIL)).text
    assert office.people.home(handle(CHAIR)) is None  # who never opened it is not published to


def test_a_stranger_is_told_how_to_become_known(office: Office) -> None:
    assert office.people.open_home("stranger").acked
    office.settle()
    assert "/wg link CODE" in home(office, "stranger").text


def test_opening_it_twice_under_one_event_is_opening_it_once(office: Office) -> None:
    seen = office.people.open_home(handle(CIVIL))
    office.settle()
    office.people.again(seen)
    office.settle()
    assert home(office, handle(CIVIL)).text
