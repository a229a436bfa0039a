"""One body on Slack, on Matrix and by mail, in one service: everybody has one position, wherever it is taken, and all places show it."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

import pytest

from adapters.mail.receiving import Receiving
from adapters.mail.service import Mail
from adapters.shared.asking import Desk
from adapters.shared.sending import Sender
from adapters.slack.service import Slack
from adapters.slack.settings import SlackSettings
from bot.context import DecidingContext
from bot.domain.community import Settings
from bot.domain.consensus.checks import Held, check_of, tally_of
from bot.domain.consultations import Comment
from bot.domain.groups import HomeLinked
from bot.domain.ids import MAG as FULL_MEMBERSHIP
from bot.domain.ids import PersonId
from bot.domain.people import Account, AccountLinked, Person
from storage.verify import verify
from tests.adapters.mail.peer import Peer, peering
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

HANA = "Hana J."
BY_MAIL = {HANA}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.fixture
def slack_workspace() -> Workspace:
    return workspace()


@dataclass(kw_only=True)
class Congress(Hall):
    """The hall, and a Slack workspace besides: one service, one store, one community with a home on each; and mail for who has neither."""

    edge: Edge
    peer: Peer

    def _settled(self, context: DecidingContext, people: Mapping[str, PersonId]) -> None:
        super()._settled(context, people)
        context.happen(HomeLinked("slack", TEAM, self.edge.channel("mag"), FULL_MEMBERSHIP, "#mag"))
        for name, person in people.items():
            if name in BY_MAIL:
                continue
            context.happen(AccountLinked("slack", TEAM, self.edge.user(handle(name)), person, "roster"))

    def _platforms(self) -> list[Sender]:
        app = self.edge.workspace.app
        settings = SlackSettings(bot_token=app.token, app_token=app.app_token, sockets=1, api=f"{self.edge.url}/api/")
        self.slack = Slack(settings, self.store, "", self.folder)
        mail = self.peer.settings(listen="127.0.0.1:0")
        self.mail = Mail(mail, self.store, self.folder)
        self.receiving = Receiving(mail, self.store, self.folder)
        return [*super()._platforms(), self.slack.sender, self.mail.sender]

    async def _answer(self, desk: Desk) -> None:
        await super()._answer(desk)
        self.slack.answer(desk)
        await self.receiving.answer(desk)
        await self.slack.connect()

    async def _stop(self) -> None:
        await self.slack.close()
        await self.receiving.close()
        await super()._stop()
        await self.mail.close()


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

    def mailed(self, who: str, containing: str) -> EmailMessage:
        """The newest letter to somebody that contains something, as soon as there is one."""

        def look() -> EmailMessage | None:
            theirs = [each for each in self.congress.peer.mails if each.recipient == self.address(who)]
            return next((each.message for each in reversed(theirs) if containing in _prose(each.says("plain"))), None)

        return self.edge.until(look, f"a letter to {who} with {containing!r}", 20)

    def reply(self, who: str, to: EmailMessage, text: str) -> None:
        """Reply to a letter, as a mail program does; their mail server delivers it."""
        assert self.congress.receiving.door is not None
        host, _, port = self.congress.receiving.door.address.rpartition(":")
        body = to.get_body(("plain",))
        assert body is not None
        quoted = "".join(f"> {line}\n" for line in str(body.get_content()).splitlines())
        reply = EmailMessage()
        reply["From"], reply["To"], reply["Subject"] = self.address(who), str(to["Reply-To"]), f"Re: {to['Subject']}"
        reply["Message-ID"], reply["In-Reply-To"] = make_msgid(domain="mail.example"), str(to["Message-ID"])
        reply.set_content(f"{text}\n\nOn Mon, 18 Jan 2027 at 10:00, {to['From']}\nwrote:\n\n{quoted}")
        with smtplib.LMTP(host, int(port), "mail.example") as peer:
            assert peer.send_message(reply, self.address(who)) == {}

    def address(self, who: str) -> str:
        """Somebody's address on the roster."""
        with self.congress.store.reading() as reads:
            return next(each.email for each in reads.all(Person, community=MAG) if each.name == who)

    def click(self, who: str, containing: str, button: str) -> None:
        """Press a button of a card in Slack."""
        assert self.slack.click(handle(who), self.posted(containing), button).acked


@pytest.fixture
def both(synapse: Homeserver, slack: Edge, element: Elements, tmp_path: Path) -> Iterator[Both]:
    people = {CHAIR: element("amina"), CIVIL: element("yusuf")}
    bot = synapse.register("wg")
    accounts = {CHAIR: people[CHAIR].id}
    with (
        peering() as peer,
        Congress(
            synapse.url,
            (bot.user_id, PASSWORD),
            tmp_path,
            accounts,
            settings=Settings(mail=True),
            edge=slack,
            peer=peer,
        ) as congress,
    ):
        told = Both(congress, Story(congress, people, bot.user_id))
        told.matrix.meet(encrypted=True)
        yield told
        assert verify(congress.store, MAG) == []


def _prose(text: str) -> str:
    return " ".join(text.split())


def test_one_check_across_slack_matrix_and_mail(both: Both) -> None:
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
    both.reply(HANA, both.mailed(HANA, "Consultation of the full MAG on WG-MWP"), "Concern\n\nThe timetable is short.")
    both.mailed(HANA, "Comment 2 on WG-MWP is noted.")
    both.posted("The timetable is short.")
    both.slack.slash(handle(PRIVATE), "mag", 'consult respond WG-MWP 2 "It may be extended."')
    with both.congress.store.reading() as reads:
        said = [(each.kind.value, each.text) for each in reads.all(Comment, community=MAG, consultation=1)]
    assert said == [("comment", "Good idea."), ("concern", "The timetable is short.")]
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
    both.reply(HANA, both.mailed(HANA, "Consensus check 1 of the MAG"), "Stand aside\n\nI have no mandate on this.")
    shown("5 of 40")
    shown("Stand aside 1")
    both.reply(HANA, both.mailed(HANA, "your position is Stand aside"), "Support")
    both.mailed(HANA, "your position is now Support; it was Stand aside")
    shown("Support 4")

    # and it closes in both
    story.hall.later("7d")
    story.people[CIVIL].sees_poll(story.room, poll.id, lambda each: each.ended)
    assert "Support" not in both.posted("Closed").buttons
    with both.congress.store.reading() as reads:
        assert tally_of(reads, check_of(reads, MAG, 1)).taken() == 5


def known(both: Both) -> set[str]:
    """Yusuf's accounts."""
    return {both.edge.user(handle(CIVIL)), both.matrix.people[CIVIL].id}


def both_held(both: Both) -> list[str]:
    """All positions there are."""
    with both.congress.store.reading() as reads:
        return [each.position.value for each in reads.all(Held, community=MAG, check=1)]
