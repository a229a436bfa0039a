"""The MAG in a Slack workspace: the whole service before the emulated Slack, and everybody of the sample roster in it.

Time is the relay's own: a second's pause between two posts takes none here, so that a formation plays in seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from adapters.cli.sample import sample_people
from adapters.shared.allowance import USUAL, Allowance
from adapters.shared.asking import Desk
from adapters.shared.clock import Duties
from adapters.shared.http import Listening, Server, application, server
from adapters.shared.rates import Rate, Retries
from adapters.shared.relay import Relay
from adapters.shared.writer import Writer
from adapters.slack.manifest import REDIRECT_PATH, scope_names
from adapters.slack.service import Slack
from adapters.slack.settings import SlackSettings
from bot.context import DecidingContext
from bot.domain.community import Settings
from bot.domain.groups import HomeLinked
from bot.domain.ids import MAG as FULL_MEMBERSHIP
from bot.domain.people import AccountLinked, Person
from bot.engine import Engine
from bot.ports import UnitOfWork
from bot.present import present
from storage.memory import MemoryStore
from storage.store import SqlStore
from tests.adapters.sample_mag import found_mag
from tests.builders import CHAIR
from tests.support.background import Background
from tests.support.slack.edge import Edge
from tests.support.slack.people import People
from tests.support.slack.plain import unmarked
from tests.support.slack.seen import Message, Seen, View
from tests.support.slack.workspace import TEAM, App, Channel, Workspace
from tests.support.slack.workspace import Person as Member

REAL_SLEEP = 5.0
"""Seconds from which on a sleep is a deadline for something real, and takes its time."""


class Transport(Enum):
    """How the app hears of what people do."""

    HTTP = "http"
    SOCKETS = "sockets"


class Hurried:
    """A clock that runs as usual, and jumps over every pause that the relay makes."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time() + self.ahead

    async def sleep(self, seconds: float) -> None:
        if seconds >= REAL_SLEEP:
            await asyncio.sleep(seconds)
        else:
            self.ahead += seconds
            await asyncio.sleep(0)


def handle(name: str) -> str:
    """What somebody of the roster is called in Slack: `qiang.r`."""
    return "".join(letter if letter.isalnum() and letter.isascii() else "." for letter in name.lower()).strip(".")


def workspace(*more: Member, channels: tuple[Channel, ...] = (), scopes: tuple[str, ...] | None = None) -> Workspace:
    """Slack for the sample roster, with a channel for the MAG. The app has the scopes its manifest asks for."""
    members = tuple(Member(handle(each.name), each.name, each.email, "Europe/Zurich") for each in sample_people())
    rooms = (Channel("mag"), Channel("private", private=True), Channel("elsewhere", with_app=False), *channels)
    return Workspace("MAG", "mag", (*members, *more), rooms, App(scopes or scope_names()))


@dataclass
class Office:
    """The service, running. What it is asked by a test happens on its own loop."""

    edge: Edge
    transport: Transport = Transport.HTTP
    store: MemoryStore | SqlStore = field(default_factory=MemoryStore)
    folder: Path = Path()
    settings: Settings = field(default_factory=Settings)
    founded: bool = True
    by_oauth: bool = False
    database: str = ""
    allowed: Rate | None = USUAL

    def __post_init__(self) -> None:
        self.time = Hurried()
        self.people: People
        self.slack: Slack
        self.relay: Relay
        self._loop = Background("office")
        self._server: Server | None = None
        self._serving: asyncio.Task[None] | None = None
        if self.founded:
            self._found()

    def __enter__(self) -> Office:
        self._writer = Writer(Engine(self.store, lambda: datetime.now(UTC)))
        self.run(self._start())
        if self.transport is Transport.HTTP:
            self.people = People.over_http(self.edge, f"{self.address}/slack/events")
        else:
            self.people = People.over_sockets(self.edge)
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self._stop())
        self._loop.stop()
        self._writer.stop()

    @property
    def address(self) -> str:
        """Where it listens, over HTTP."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.port}"

    def run(self, work: Any) -> Any:
        """What a coroutine returns, on the service's loop."""
        return self._loop.run(work)

    def settle(self, tries: int = 400) -> None:
        """Let everything happen that follows: answers shown, deadlines met, messages sent, whatever they have to wait for."""
        self.run(self._settle(tries))

    def let_go_by(self, seconds: float) -> None:
        """Let so much time go by, whatever still waits."""
        self.run(self._let_go_by(seconds))

    # What people do

    def slash(self, who: str, typed: str, channel: str = "mag") -> Seen:
        """Type a command, and let everything follow."""
        return self._then(self.people.slash(handle(who), channel, typed))

    def says(self, who: str, typed: str, channel: str = "mag") -> str:
        """What somebody is answered to a command."""
        seen = self.slash(who, typed, channel)
        assert seen.acked
        return seen.text

    def click(self, who: str, where: Any, button: str) -> Seen:
        """Press a button, and let everything follow."""
        return self._then(self.people.click(handle(who), where, button))

    def names(self, who: str, view: Any, field: str, *named: str) -> list[Any]:
        """Options for a menu of names: what somebody is offered when they begin to type each."""
        return [self.people.suggest(handle(who), view, field, each).options[0] for each in named]

    def submit(self, who: str, view: View, values: Mapping[str, Any]) -> Seen:
        """Fill in a window and send it off, and let everything follow."""
        return self._then(self.people.submit(handle(who), view, values))

    def later(self, span: str) -> None:
        """Time passes for the community."""
        assert "The clock is moved" in self.says(CHAIR, f"clock +{span}")

    def sees(self, who: str, containing: str = "", channel: str = "mag") -> Message:
        """The newest message somebody sees that contains something; "@" is their direct messages."""
        return self.people.message(handle(who), channel, containing)

    def whispered(self, who: str, since: int) -> list[str]:
        """What was shown to one person alone by a response URL, after so many."""
        return [
            unmarked(str(each.body["text"]))
            for each in self.edge.replies.posted[since:]
            if each.user == self.edge.user(handle(who))
        ]

    def channel_of(self, name: str) -> str:
        """A channel's id."""
        return self.edge.channel(name)

    def _then(self, seen: Seen) -> Seen:
        self.settle()
        return seen

    # How it is done

    def _found(self) -> None:
        def settle_in(work: UnitOfWork, context: DecidingContext, people: dict[str, Person]) -> None:
            context.happen(HomeLinked("slack", TEAM, self.edge.channel("mag"), FULL_MEMBERSHIP, "#mag"))
            for name, person in people.items():
                context.happen(AccountLinked("slack", TEAM, self.edge.user(handle(name)), person.id, "roster"))

        found_mag(self.store, self.settings, settle_in)

    async def _start(self) -> None:
        app = self.edge.workspace.app
        sockets = self.transport is Transport.SOCKETS
        settings = SlackSettings(
            bot_token="" if self.by_oauth else app.token,
            client_id=app.client_id if self.by_oauth else "",
            client_secret=app.client_secret if self.by_oauth else "",
            public_url=app.redirect_uri.removesuffix(REDIRECT_PATH) if self.by_oauth else "",
            app_token=app.app_token if sockets else "",
            signing_secret="" if sockets else app.signing_secret,
            sockets=2,
            api=f"{self.edge.url}/api/",
        )
        self.slack = Slack(settings, self.store, self.database, self.folder)
        self.relay = Relay(
            self._writer,
            [self.slack.sender],
            present,
            retries=Retries(attempts=30, first_seconds=0.5, longest_seconds=4.0),
            now=self.time.now,
            monotonic=self.time.monotonic,
            sleep=self.time.sleep,
            chance=lambda: 0.0,
        )
        self.duties = Duties(self.store, self._writer)
        self.slack.answer(Desk(self._writer, self.relay, self.duties, Allowance(self.allowed)))
        await self.slack.connect()
        if not sockets:
            self._server = server(application(self.slack.routes()), Listening(port=0))
            self._serving = asyncio.create_task(self._server.serve())
            await self._server.listening.wait()

    async def _stop(self) -> None:
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await self._serving
        await self.slack.close()
        await self.relay.stop()

    async def _settle(self, tries: int) -> None:
        for _ in range(tries):
            await self.slack.background.drain()
            while await self.duties.sweep() or await self.relay.drain():
                await self.slack.background.drain()
            if not await self._waiting():
                return
            self.time.ahead += 1.0
        raise AssertionError("it does not come to rest")

    async def _let_go_by(self, seconds: float) -> None:
        end = self.time.ahead + seconds
        while self.time.ahead < end:
            await self.slack.background.drain()
            while await self.duties.sweep() or await self.relay.drain():
                await self.slack.background.drain()
            self.time.ahead += 1.0

    async def _waiting(self) -> int:
        call: Callable[[], Awaitable[int]] = lambda: asyncio.wrap_future(  # noqa: E731 — a name for one line
            self._writer.call(lambda work: work.outbox.waiting())
        )
        return await call()


@contextmanager
def office(edge: Edge, transport: Transport = Transport.HTTP, **more: Any) -> Iterator[Office]:
    """The service, from `with` to its end."""
    with Office(edge, transport, **more) as running:
        yield running


def with_settings(**changed: Any) -> Settings:
    """The community's settings, changed."""
    return replace(Settings(), **changed)
