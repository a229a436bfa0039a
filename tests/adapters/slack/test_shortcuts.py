"""Shortcuts: from everywhere, and from a message."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from adapters.slack.shortcuts import SHORTCUTS, readable
from adapters.slack.speech import speech
from bot.command import COMMANDS
from tests.adapters.slack.office import Office, handle, workspace
from tests.builders import CIVIL, GOOD, PRIVATE, TECHNICAL
from tests.support.slack.edge import Edge
from tests.support.slack.workspace import Workspace


@pytest.fixture
def slack_workspace() -> Workspace:
    return workspace()


@pytest.fixture
def office(slack: Edge) -> Iterator[Office]:
    with Office(slack) as running:
        yield running


def test_to_propose_from_anywhere(office: Office) -> None:
    office.people.shortcut(handle(PRIVATE), "propose")
    office.settle()
    assert "Purpose of the WG" in office.people.modal(handle(PRIVATE)).labels


def test_what_needs_me(office: Office) -> None:
    office.says(PRIVATE, f'propose new "Multi-year Work" WG-MWP {GOOD}')
    office.people.shortcut(handle(CIVIL), "todo")
    office.settle()
    assert "Comment on WG-MWP" in office.people.modal(handle(CIVIL)).text


def test_a_message_becomes_a_comment_once_its_author_has_looked_at_it(office: Office) -> None:
    office.says(PRIVATE, f'propose new "Multi-year Work" WG-MWP {GOOD}')
    said = office.people.say(handle(CIVIL), "mag", "Calls at 6 in the morning exclude *us* & others")
    office.people.message_shortcut(handle(CIVIL), "comment", said)
    office.settle()
    window = office.people.modal(handle(CIVIL))
    (group,) = office.names(CIVIL, window, "On what?", "")
    seen = office.people.submit(handle(CIVIL), window, {"On what?": group})
    office.settle()
    assert seen.action == "update", seen.errors
    assert "Calls at 6 in the morning exclude us & others" in office.says(PRIVATE, "consult show WG-MWP")


def test_a_message_is_added_to_a_groups_minutes_with_its_link(office: Office) -> None:
    office.says(PRIVATE, f'propose new "Multi-year Work" WG-MWP {GOOD}')
    office.later("7d")
    office.later("7d")
    for who in ("Bao B.", "Chiara C.", CIVIL, TECHNICAL, "Zoë B."):
        office.click(who, office.sees(who, "Consensus check 1"), "Support")
    office.later("7d")
    office.says("Amina A.", f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    said = office.people.say(handle(PRIVATE), "wg-mwp", "We meet every second Tuesday.")
    office.people.message_shortcut(handle(PRIVATE), "minutes", said)
    office.settle()
    window = office.people.modal(handle(PRIVATE))
    seen = office.people.submit(handle(PRIVATE), window, {})
    office.settle()
    assert seen.action == "update", seen.errors
    shown = office.says(TECHNICAL, "minutes show WG-MWP")
    assert "We meet every second Tuesday." in shown
    assert "https://" in shown


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("see <https://example.org|the page>", "see the page (https://example.org)"),
        ("see <https://example.org>", "see https://example.org"),
        ("<@U123> and <@U123|bob> in <#C1|mag>", "@U123 and @bob in #mag"),
        ("<!channel> <!here|here>", "@channel @here"),
    ],
)
def test_a_message_reads_as_people_read_it(text: str, reads: str) -> None:
    assert readable(text) == reads


def test_each_is_a_command_there_is_under_a_name_that_fits() -> None:
    for each in SHORTCUTS:
        declared = COMMANDS[each.command]
        assert len(speech().plain(each.name)) <= 24
        assert {name for name in (each.text, each.link) if name} <= declared.by_name.keys()
