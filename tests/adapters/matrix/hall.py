"""The MAG on a homeserver: the whole service before a real Synapse, and people of the sample roster there.

Time is the relay's own, as in `tests.adapters.slack.office`: pauses between edits take none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from adapters.cli.sample import sample_people
from adapters.matrix.account import Credentials
from adapters.matrix.service import Matrix
from adapters.matrix.settings import MatrixSettings
from adapters.shared.allowance import USUAL, Allowance
from adapters.shared.asking import Desk
from adapters.shared.clock import Duties
from adapters.shared.rates import Rate, Retries
from adapters.shared.relay import Relay
from adapters.shared.sending import Sender
from adapters.shared.writer import Writer
from bot.context import DecidingContext, Request, Space
from bot.domain.community import Settings
from bot.domain.ids import PersonId
from bot.domain.people import AccountLinked, Person
from bot.engine import Engine
from bot.founding import Founder
from bot.ports import UnitOfWork
from bot.present import present
from storage.memory import MemoryStore
from storage.store import SqlStore
from tests.adapters.sample_mag import found_mag
from tests.adapters.slack.office import Hurried
from tests.builders import MAG
from tests.support.background import Background


class Unhurried(Hurried):
    """A clock on which pauses take the time they take."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass
class Hall:
    """The service, running as `bot` (user id, password) on the homeserver at `url`."""

    url: str
    bot: tuple[str, str]
    folder: Path
    accounts: dict[str, str]
    store: MemoryStore | SqlStore = field(default_factory=MemoryStore)
    settings: Settings = field(default_factory=Settings)
    founders: tuple[Founder, ...] = field(default_factory=sample_people)
    hurried: bool = True
    servers: tuple[str, ...] = ()
    inviters: tuple[str, ...] = ()
    allowed: Rate | None = USUAL

    def __post_init__(self) -> None:
        self.time = Hurried() if self.hurried else Unhurried()
        self._loop = Background("hall")
        self._found()

    def __enter__(self) -> Self:
        self.engine = Engine(self.store, lambda: datetime.now(UTC))
        self._writer = Writer(self.engine)
        self.run(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self._stop())
        self._loop.stop()
        self._writer.stop()

    def run(self, work: Any) -> Any:
        """What a coroutine returns, on the service's loop."""
        return self._loop.run(work)

    def later(self, span: str) -> None:
        """Time passes for the community."""
        space = Space("system", "", "")
        origin = f"later:{datetime.now(UTC).isoformat()}"
        request = Request(MAG, space, "clock", origin, datetime.now(UTC), arguments={"by": f"+{span}"}, system=True)
        self._writer.ask(request)
        self.run(self.duties.sweep())

    @contextmanager
    def away(self) -> Iterator[None]:
        """The service does not run meanwhile; after it, it is another one on the same store and folder."""
        self.run(self._stop())
        yield
        self.run(self._start())

    def _found(self) -> None:
        def settle_in(work: UnitOfWork, context: DecidingContext, people: dict[str, Person]) -> None:
            self._settled(context, {name: person.id for name, person in people.items()})

        found_mag(self.store, self.settings, settle_in, self.founders)

    def _settled(self, context: DecidingContext, people: Mapping[str, PersonId]) -> None:
        """What the community begins with."""
        for name, user in self.accounts.items():
            server = user.partition(":")[2]
            context.happen(AccountLinked("matrix", server, user, people[name], "roster"))

    def _platforms(self) -> list[Sender]:
        """What is connected; on the service's loop."""
        user, password = self.bot
        settings = MatrixSettings(Credentials(self.url, user, password), self.servers, self.inviters)
        self.matrix = Matrix(settings, self.store, self.folder)
        return [self.matrix.sender]

    async def _answer(self, desk: Desk) -> None:
        self.matrix.answer(desk, self._writer)

    async def _start(self) -> None:
        self.relay = Relay(
            self._writer,
            self._platforms(),
            present,
            retries=Retries(attempts=60, first_seconds=0.2, longest_seconds=2.0),
            now=self.time.now,
            monotonic=self.time.monotonic,
            sleep=self.time.sleep,
            chance=lambda: 0.0,
        )
        self.duties = Duties(self.store, self._writer)
        self._going = asyncio.create_task(self._go_on())
        await self._answer(Desk(self._writer, self.relay, self.duties, Allowance(self.allowed)))

    async def _go_on(self) -> None:
        """Deadlines are met and messages sent, as they come."""
        while True:
            while await self.duties.sweep() or await self.relay.drain():
                pass
            if self.hurried and await self._waiting():
                self.time.ahead += 0.5
            await asyncio.sleep(0.02)

    async def _waiting(self) -> int:
        call: Callable[[], Awaitable[int]] = lambda: asyncio.wrap_future(  # noqa: E731 — a name for one line
            self._writer.call(lambda work: work.outbox.waiting())
        )
        return await call()

    async def _stop(self) -> None:
        self._going.cancel()
        await asyncio.wait({self._going})
        await self.matrix.close()
        await self.relay.stop()
