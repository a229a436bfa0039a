"""The history of a group: from the log, in order, in words; what only the body sees is not told to guests."""

from __future__ import annotations

import pytest

import bot.history.reading  # noqa: F401 — declares how events are told
from bot.command import COMMANDS
from bot.domain.events import NAMES
from bot.history.telling import TELLS
from tests.builders import CIVIL, GOOD, GOVERNMENT, PRIVATE, STRANGER, TECHNICAL, World


@pytest.fixture
def mag() -> World:
    mag = World()
    mag.consulted()
    mag.does(CIVIL, "consensus object 1 Too vague")
    mag.does(GOVERNMENT, "consensus support 1")
    return mag


def told(mag: World, person: str) -> str:
    return mag.does(person, "history WG-MWP")


def test_in_order_and_in_words(mag: World) -> None:
    shown = told(mag, CIVIL)
    steps = [
        "Qiang R. proposed it.",
        "Qiang R. wrote version 1 of the proposal.",
        "The proposal reached the full MAG.",
        "The full MAG was consulted, until",
        "Yusuf A. commented: Good idea.",
        "The consultation closed.",
        "Consensus check 1 opened: Should WG-MWP",
        "Yusuf A. objected: Too vague",
        "Bao B. in check 1: Support.",
    ]
    places = [shown.index(each) for each in steps]
    assert places == sorted(places)


def test_who_took_which_position_is_for_those_seated(mag: World) -> None:
    shown = told(mag, STRANGER)
    assert "A member objected: Too vague" in shown
    assert "Bao B." not in shown
    assert "objected: Too vague" in told(mag, PRIVATE)


def test_only_of_that_group(mag: World) -> None:
    mag.does(TECHNICAL, f'propose new "Other work" WG-OTHER {GOOD}')
    assert "Gift I. proposed it." not in told(mag, CIVIL)
    assert "Gift I. proposed it." in mag.does(CIVIL, "history wgother")


def test_a_secret_poll_leaves_only_how_many_answered() -> None:
    mag = World()
    mag.approved()
    mag.does(PRIVATE, 'poll "Who?" Qiang, Gift --secret --closes 24h', "#wg-mwp")
    mag.does(PRIVATE, "poll choose 1 Gift", "#wg-mwp")
    mag.later("2d")
    shown = told(mag, PRIVATE)
    assert "Poll 1 closed; 1 answered." in shown
    assert "Gift" not in shown.partition("Poll 1 opened")[2]


def test_page_by_page() -> None:
    mag = World()
    mag.approved()
    newest = told(mag, CIVIL)
    assert "1 is the newest." in newest
    assert "It became active." in newest
    assert "Before that" in newest
    assert "Qiang R. proposed it." in mag.does(CIVIL, "history WG-MWP 2")
    assert "has 2 pages" in mag.refuses(CIVIL, "history WG-MWP 3")


UNTOLD = {
    "CoProposerInvited": "told when they answer",
    "FacilitatorRegrouped": "told by the flag it raises",
    "GroupEndNear": "a reminder",
    "GroupHomesClosed": "told by its end",
    "MemberInvited": "between two people, until they join",
    "UpdatesMissed": "a hint to the Chair and the Secretariat alone",
    "ChangeAsked": "told by its check",
    "DocumentAdded": "told with its first version",
    "ReviewAsked": "in confidence, until the Chair opens it",
    "VacancyNoticed": "told by the flag",
}


def test_whatever_happens_to_a_group_is_told_or_there_is_a_reason() -> None:
    COMMANDS.load_all()
    of_groups = {each.__name__ for each in NAMES if "group" in each.__dataclass_fields__}
    told_of = {each.__name__ for each in TELLS}
    assert of_groups - told_of == set(UNTOLD)


def test_how_a_group_arranges_its_work() -> None:
    mag = World()
    mag.approved()
    mag.does(PRIVATE, 'modalities propose WG-MWP "We meet fortnightly." --update-weeks 2')
    mag.does(PRIVATE, 'secretariat propose WG-MWP "Takes the notes."')
    mag.does(PRIVATE, "facilitator resign WG-MWP")
    shown = told(mag, CIVIL)
    assert "proposed version 2 of its modalities; check 2 asked the group." in shown
    assert "proposed what the Secretariat does in it." in shown
    assert "It lacked a co-facilitator from now on." in shown
