"""The desk: where a platform's adapter asks for things, in a process that holds the writer, the relay and the duties.

Reading commands are answered from a snapshot, in a thread of their own; all others, and those that turn out to need
something asked first, by the writer. It knows no platform, and decides nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from adapters.shared.clock import Duties
from adapters.shared.relay import Relay
from adapters.shared.writer import AsyncMailbox, Writer
from bot.command import COMMANDS
from bot.context import Posting, Request
from bot.domain.ids import CommunityId
from bot.domain.records import Reads
from bot.engine import Answer

if TYPE_CHECKING:
    from adapters.shared.watching import Watch

R = TypeVar("R")


class Desk:
    """Asks, on the running event loop."""

    def __init__(self, writer: Writer, relay: Relay, duties: Duties) -> None:
        self._writer = writer
        self._relay = relay
        self._duties = duties
        self._mailbox: AsyncMailbox | None = None
        self.watch: Watch | None = None

    async def ask(self, request: Request) -> Answer:
        """What a request is answered, once it is committed. Raises what kept it from being written."""
        watch = self.watch
        if watch is None or request.system:
            return await self._ask(request)
        began = perf_counter()
        try:
            answer = await self._ask(request)
        except Exception as error:
            watch.asked(request, error, began, perf_counter())
            raise
        watch.asked(request, answer, began, perf_counter())
        return answer

    async def _ask(self, request: Request) -> Answer:
        declared = COMMANDS.get(request.command)
        if declared is not None and declared.reads and request.posting is Posting.NO:
            answer = await asyncio.to_thread(self._writer.engine.read, request)
            if answer is not None:
                return answer
        if self._mailbox is None:
            self._mailbox = AsyncMailbox(self._writer)
        return await self._mailbox.ask(request)

    async def look(self, fn: Callable[[Reads], R]) -> R:
        """What `fn` sees in a snapshot."""
        return await asyncio.to_thread(self._look, fn)

    async def answered(self, community: CommunityId, origin: str) -> bool:
        """Whether a request of that origin was answered lately."""
        call = self._writer.call(lambda work: work.answered(community, origin) is not None)
        return await asyncio.wrap_future(call)

    async def settle(self) -> None:
        """Have everything done that follows: deadlines that have come, messages on their way, until all is quiet."""
        while await self._duties.sweep() or await self._relay.drain():
            pass

    def _look(self, fn: Callable[[Reads], R]) -> R:
        with self._writer.engine.store.reading() as reads:
            return fn(reads)
