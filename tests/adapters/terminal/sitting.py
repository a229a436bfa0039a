"""The sample MAG at a terminal: a session with everything behind it, in memory, and scripts played in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import StringIO

from adapters.shared.asking import Desk
from adapters.shared.clock import Duties
from adapters.shared.relay import Relay
from adapters.shared.writer import Writer
from adapters.terminal.paper import console
from adapters.terminal.rooms import Rooms
from adapters.terminal.screen import Screen
from adapters.terminal.script import run_script
from adapters.terminal.sender import TerminalSender
from adapters.terminal.session import Session
from bot.domain.community import Community
from bot.present import present
from tests.builders import CHAIR, GOOD, MAG, World

PROPOSED = f'/wg propose new "Multi-year Work" WG-MWP {GOOD}'


@dataclass
class Sitting:
    """A terminal and what is behind it; `scripts` may be played in it one after the other."""

    world: World = field(default_factory=World)
    rooms: Rooms = field(default_factory=Rooms)
    user: str = CHAIR

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        """Somebody sits down."""
        with Writer(self.world.engine) as writer:
            relay = Relay(writer, [TerminalSender(self.rooms, self.world.store)], present)
            session = Session(Desk(writer, relay, Duties(self.world.store, writer)), self.rooms, MAG, self.user)
            await session.start()
            yield session
            await relay.stop()

    def play(self, script: str, origin: str = "script", width: int = 100) -> tuple[int, str]:
        """A script's outcome, and what was seen."""
        paper = StringIO()

        async def played() -> int:
            async with self.session() as session:
                screen = Screen(console(paper, width, colour=False), session.speaker.words())
                return await run_script(script.splitlines(keepends=True), session, screen, origin)

        return asyncio.run(played()), paper.getvalue()

    def plays(self, script: str) -> str:
        """What was seen of a script that must go through."""
        code, seen = self.play(script)
        assert code == 0, seen
        return seen

    def no_sample(self) -> None:
        """Make the community one that is in earnest."""
        from dataclasses import replace

        with self.world.store.writing([MAG]) as work:
            community = work.get(Community, MAG)
            assert community is not None
            work.put(replace(community, sample=False, clock_frozen=None))

    def facts(self) -> object:
        """What is logged so far."""
        return self.world.snapshot()
