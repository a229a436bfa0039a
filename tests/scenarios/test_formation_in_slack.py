"""A whole formation in Slack, over signed HTTP and over sockets: typed, tapped and filled in as people do it there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from adapters.slack.manifest import SCOPES, WITHOUT_SCOPE
from bot.domain.groups import Home, Stage, find_group, homes_of
from storage.verify import verify
from tests.adapters.slack.office import Office, Transport, handle, workspace
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, OBSERVER, PRIVATE, PRIVATE_TOO, SECRETARIAT, TECHNICAL
from tests.scenarios.in_slack import ROOT, play
from tests.support.slack.edge import Edge
from tests.support.slack.workspace import Workspace

pytestmark = pytest.mark.slow


@pytest.fixture
def slack_workspace() -> Workspace:
    return workspace()


@pytest.fixture(params=list(Transport), ids=lambda each: each.value)
def office(slack: Edge, request: pytest.FixtureRequest) -> Iterator[Office]:
    with Office(slack, request.param) as running:
        yield running
        assert verify(running.store, MAG) == []
        assert_within_the_manifest(slack)


def assert_within_the_manifest(slack: Edge) -> None:
    """Every Web API call of the whole story is one whose scope the manifest holds."""
    allowed = {method for scope in SCOPES for method in scope.methods} | set(WITHOUT_SCOPE)
    assert {call.method for call in slack.calls} <= allowed


@pytest.mark.parametrize(
    ("script", "speaker"), [("samples/demo.txt", PRIVATE), ("tests/scenarios/formation.txt", CHAIR)]
)
def test_the_terminals_scripts_play_in_slack(office: Office, script: str, speaker: str) -> None:
    play(office, (ROOT / script).read_text(encoding="utf-8"), speaker)


PROPOSAL = {
    "What is the working group called?": "Multi-year Work",
    "Its short name?": "WG-MWP",
    "Purpose of the WG": "The annual programme is planned a year at a time.",
    "Objectives/Goals of the WG": "- A plan for three years by June 2027",
    "Expected Output(s)": "- A plan",
    "Timeframe for the work": "January to June 2027",
    "Who proposes it with you?": TECHNICAL,
}


def test_from_the_form_to_two_co_facilitators_in_a_new_channel(office: Office) -> None:
    people = office.people
    # the first human act: a form
    office.slash(PRIVATE, "propose")
    seen = people.submit(handle(PRIVATE), people.modal(handle(PRIVATE)), PROPOSAL)
    office.settle()
    assert seen.action == "update"
    assert "WG-MWP is proposed" in people.modal(handle(PRIVATE)).text

    office.click(TECHNICAL, office.sees(TECHNICAL, "names you as co-proposer", "@"), "Yes, I co-propose it")
    consultation = office.sees(CIVIL, "Consultation of the full MAG on WG-MWP")
    office.click(CIVIL, consultation, "Raise a concern…")
    people.submit(handle(CIVIL), people.modal(handle(CIVIL)), {"Your comment": "Fortnightly calls exclude some of us."})
    office.click(OBSERVER, consultation, "Comment…")
    people.submit(handle(OBSERVER), people.modal(handle(OBSERVER)), {"Your comment": "Please coordinate with us."})
    office.settle()
    assert "2 comments, 1 to be answered" in office.sees(PRIVATE, "Consultation of").text

    office.later("7d")
    assert "answer comment 1" in office.sees(PRIVATE, "is over", "@").text
    office.says(PRIVATE, 'consult respond WG-MWP 1 "Decisions are taken on the list."')

    # the check: one tap each, the person's own answer at once, the tally for all after it
    check = office.sees(GOVERNMENT, "Consensus check 1")
    before = len(office.edge.replies.posted)
    office.click(GOVERNMENT, check, "Support")
    assert "your position is Support" in office.whispered(GOVERNMENT, before)[0]
    assert "1 of 40" in office.sees(CIVIL, "Consensus check 1").text
    for person in (CHAIR, "Chiara C.", "Dmitri D.", TECHNICAL, "Hana J.", PRIVATE, CIVIL, "Zoë B."):
        office.click(person, check, "Support")
    office.click(PRIVATE_TOO, check, "Object")
    people.submit(handle(PRIVATE_TOO), people.modal(handle(PRIVATE_TOO)), {"What do you object to?": "Who pays?"})
    office.settle()
    assert "your position is Object" in people.modal(handle(PRIVATE_TOO)).text
    assert "objects in check 1: Who pays?" in office.sees(CHAIR, "objects in check 1", "@").text
    office.click(PRIVATE_TOO, check, "Can live with it")
    assert "10 of 40" in office.sees(CIVIL, "Consensus check 1").text

    # the second human act: the Chair's one card
    office.later("7d")
    card = office.sees(CHAIR, "For your decision: WG-MWP", "@")
    office.click(CHAIR, card, "Conclude consensus and approve…")
    window = people.modal(handle(CHAIR))
    names = next(label for label in window.labels if "co-facilitat" in label.lower())
    people.submit(handle(CHAIR), window, {names: f"{PRIVATE}, {TECHNICAL}"})
    office.settle()

    with office.store.reading() as reads:
        group = find_group(reads, MAG, "WG-MWP")
        (home,) = homes_of(reads, MAG, group.id)
    assert group.stage is Stage.ACTIVE
    assert home.name == "#wg-mwp"
    channel = office.edge.api("conversations.info", channel=home.place)["channel"]
    assert not channel["is_private"]
    assert "Multi-year Work" in channel["topic"]["value"]
    members = office.edge.api("conversations.members", channel=home.place)["members"]
    assert {office.edge.user(handle(PRIVATE)), office.edge.user(handle(TECHNICAL))} <= set(members)
    (charter,) = people.pinned(handle(PRIVATE), "wg-mwp")
    assert "Multi-year Work" in charter.text
    assert "is active, and open to every member" in office.sees(CIVIL, "is active").text

    # at work: a quick check in the group's own channel
    office.slash(PRIVATE, 'consensus "Move the call to 15:00?" 24h', "wg-mwp")
    quick = office.sees(TECHNICAL, "Move the call to 15:00?", "wg-mwp")
    office.click(TECHNICAL, quick, "Agree")
    office.click(PRIVATE, quick, "Agree")
    assert "2 of 2" in office.sees(TECHNICAL, "Move the call", "wg-mwp").text


def test_the_secretariat_prepares_and_the_chair_taps_once(office: Office) -> None:
    play(office, "/as Qiang R.\n/wg propose text samples/proposal-wg-mwp.md\n", PRIVATE)
    office.later("7d")
    office.later("7d")
    for person in (CHAIR, GOVERNMENT, CIVIL, TECHNICAL, "Zoë B.", "Chiara C."):
        office.click(person, office.sees(person, "Consensus check 1"), "Support")
    office.later("7d")
    assert "Prepared as act 1" in office.says(SECRETARIAT, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    office.click(CHAIR, office.sees(CHAIR, "approve", "@"), "Confirm")
    with office.store.reading() as reads:
        assert find_group(reads, MAG, "WG-MWP").stage is Stage.ACTIVE
        assert reads.all(Home, community=MAG, body=find_group(reads, MAG, "WG-MWP").id)


def test_every_command_is_answered_in_slack(office: Office) -> None:
    """With its arguments missing, each opens its form or is answered with a sentence; none fails."""
    from bot.command import COMMANDS

    for declared in [each for each in COMMANDS.values() if not each.hidden]:
        for who in (CHAIR, SECRETARIAT):
            seen = office.slash(who, declared.name)
            windows = office.people.modals(handle(who))
            assert seen.acked, declared.name
            assert windows or seen.text.strip(), declared.name
            assert "Something went wrong" not in seen.text, declared.name
            for view in reversed(windows):
                office.people.close(handle(who), view)
