"""One body on Slack and on Matrix, in one service: whoever is on both has one position, and both places show it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.shared.asking import Desk
from adapters.shared.sending import Sender
from adapters.slack.service import Slack
from adapters.slack.settings import SlackSettings
from bot.context import DecidingContext
from bot.domain.consensus.checks import Held, check_of, tally_of
from bot.domain.groups import HomeLinked
from bot.domain.ids import MAG as FULL_MEMBERSHIP
from bot.domain.ids import PersonId
from bot.domain.people import Account, AccountLinked
from storage.verify import verify
from tests.adapters.matrix.hall import Hall
from tests.adapters.matrix.story import Story
from tests.adapters.slack.office import handle, workspace
from tests.builders import CHAIR, CIVIL, GOOD, GOVERNMENT, MAG, PRIVATE, TECHNICAL
from tests.support.matrix.crowd import Elements
from tests.support.matrix.synapse import PASSWORD, Homeserver
from tests.support.slack.edge import Edge
from tests.support.slack.people import People
from tests.support.slack.seen import Message
from tests.support.slack.workspace import TEAM, Workspace

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.fixture
def slack_workspace() -> Workspace:
    return workspace()


@dataclass(kw_only=True)
class Congress(Hall):
    """The hall, and a Slack workspace besides: one service, one store, one community with a home on each."""

    edge: Edge

    def _settled(self, context: DecidingContext, people: Mapping[str, PersonId]) -> None:
        super()._settled(context, people)
        context.happen(HomeLinked("slack", TEAM, self.edge.channel("mag"), FULL_MEMBERSHIP, "#mag"))
        for name, person in people.items():
            context.happen(AccountLinked("slack", TEAM, self.edge.user(handle(name)), person, "roster"))

    def _platforms(self) -> list[Sender]:
        app = self.edge.workspace.app
        settings = SlackSettings(bot_token=app.token, app_token=app.app_token, sockets=1, api=f"{self.edge.url}/api/")
        self.slack = Slack(settings, self.store, "", self.folder)
        return [*super()._platforms(), self.slack.sender]

    async def _answer(self, desk: Desk) -> None:
        await super()._answer(desk)
        self.slack.answer(desk)
        await self.slack.connect()

    async def _stop(self) -> None:
        await self.slack.close()
        await super()._stop()


class Both:
    """People in both places."""

    def __init__(self, congress: Congress, story: Story) -> None:
        self.congress = congress
        self.matrix = story
        self.edge = congress.edge
        self.slack = People.over_sockets(congress.edge)

    def posted(self, containing: str, channel: str = "mag") -> Message:
        """The newest message in a channel of Slack's, as soon as it contains something."""

        def look() -> Message | None:
            found = [each for each in self.slack.messages(handle(CHAIR), channel) if containing in each.text]
            return found[-1] if found else None

        return self.edge.until(look, f"{containing!r} in #{channel}", 20)

    def click(self, who: str, containing: str, button: str) -> None:
        """Press a button of a card in Slack."""
        assert self.slack.click(handle(who), self.posted(containing), button).acked


@pytest.fixture
def both(synapse: Homeserver, slack: Edge, element: Elements, tmp_path: Path) -> Iterator[Both]:
    people = {CHAIR: element("amina"), CIVIL: element("yusuf")}
    bot = synapse.register("wg")
    accounts = {CHAIR: people[CHAIR].id}
    with Congress(synapse.url, (bot.user_id, PASSWORD), tmp_path, accounts, edge=slack) as congress:
        told = Both(congress, Story(congress, people, bot.user_id))
        told.matrix.meet(encrypted=True)
        yield told
        assert verify(congress.store, MAG) == []


def test_one_check_across_slack_and_matrix(both: Both) -> None:
    story = both.matrix

    # somebody known in Slack links the account in Matrix by a code
    code = both.slack.slash(handle(CIVIL), "mag", "link new").text
    (code,) = [word.strip("`.") for word in code.split() if len(word.strip("`.")) == 11 and "-" in word]
    story.says(CIVIL, f"!wg link {code}", "for you alone")
    assert "Welcome, Yusuf A." in story.privately(CIVIL, "This account now speaks for you").body
    with both.congress.store.reading() as reads:
        mine = {each.platform: each.person for each in reads.all(Account, community=MAG) if each.user in known(both)}
    assert set(mine) == {"slack", "matrix"}
    assert len(set(mine.values())) == 1

    # what is announced arrives in both places
    both.slack.slash(handle(PRIVATE), "mag", f'propose new "Multi-year Work" WG-MWP {GOOD}')
    both.posted("Consultation of the full MAG on WG-MWP")
    story.sees(CHAIR, "Consultation of the full MAG on WG-MWP")
    story.says(CIVIL, '!wg consult comment WG-MWP comment "Good idea."', "Comment 1 on WG-MWP is noted")
    both.posted("Good idea.")
    story.hall.later("7d")
    card = story.sees(CHAIR, "Consensus check 1 of the MAG")
    both.posted("Consensus check 1")
    poll = story.poll(CIVIL)

    def shown(counted: str) -> None:
        """Both cards say so."""
        both.posted(counted)
        story.sees(CHAIR, counted, when=lambda each: each.id == card.id)

    # taken in one place, changed in the other: the last counts, once, and both cards move
    both.click(CIVIL, "Consensus check 1", "Support")
    shown("1 of 40")
    story.people[CIVIL].vote(story.room, poll.id, "Stand aside")
    shown("Stand aside 1")
    assert both_held(both) == ["stand-aside"]
    both.click(CIVIL, "Consensus check 1", "Can live with it")
    shown("Can live with it 1")
    assert both_held(both) == ["live-with"]

    # others speak where they are
    for who in (GOVERNMENT, TECHNICAL):
        both.click(who, "Consensus check 1", "Support")
    story.people[CHAIR].vote(story.room, poll.id, "Support")
    shown("4 of 40")

    # and it closes in both
    story.hall.later("7d")
    story.people[CIVIL].sees_poll(story.room, poll.id, lambda each: each.ended)
    assert "Support" not in both.posted("Closed").buttons
    with both.congress.store.reading() as reads:
        assert tally_of(reads, check_of(reads, MAG, 1)).taken() == 4


def known(both: Both) -> set[str]:
    """Yusuf's accounts."""
    return {both.edge.user(handle(CIVIL)), both.matrix.people[CIVIL].id}


def both_held(both: Both) -> list[str]:
    """All positions there are."""
    with both.congress.store.reading() as reads:
        return [each.position.value for each in reads.all(Held, community=MAG, check=1)]
