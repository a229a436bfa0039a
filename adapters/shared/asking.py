"""The desk: where a platform's adapter asks for things, in a process that holds the writer, the relay and the duties.

Reading commands are answered from a snapshot, in a thread of their own; all others, and those that turn out to need
something asked first, by the writer. Every request of a person's passes here, whichever way it
came: so here it is seen whether an account asks too much. It knows no platform, and decides nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

import msgspec

from adapters.shared.allowance import Allowance
from adapters.shared.clock import Duties
from adapters.shared.relay import Relay
from adapters.shared.writer import AsyncMailbox, Writer
from bot.command import COMMANDS
from bot.context import Posting, Request
from bot.domain.ids import CommunityId
from bot.domain.people import MAIL
from bot.domain.records import Reads
from bot.engine import Answer
from bot.reply import TOO_MUCH, too_much

if TYPE_CHECKING:
    from adapters.shared.watching import Watch

R = TypeVar("R")


class Desk:
    """Asks, on the running event loop."""

    def __init__(self, writer: Writer, relay: Relay, duties: Duties, allowance: Allowance | None = None) -> None:
        self._writer = writer
        self._relay = relay
        self._duties = duties
        self._allowance = allowance or Allowance()
        self._mailbox: AsyncMailbox | None = None
        self.watch: Watch | None = None

    async def ask(self, request: Request) -> Answer:
        """What a request is answered, once it is committed. Raises what kept it from being written."""
        watch = self.watch
        if watch is None or request.system:
            return await self._allowed(request)
        began = perf_counter()
        try:
            answer = await self._allowed(request)
        except Exception as error:
            watch.asked(request, error, began, perf_counter())
            raise
        watch.asked(request, answer, began, perf_counter())
        return answer

    async def _allowed(self, request: Request) -> Answer:
        """What is asked again is no more than it was: it is answered as it was, and not counted."""
        allowance = self._allowance
        if not allowance.counts(request):
            return await self._ask(request)
        lately = allowance.lately(request)
        if lately or (lately is None and allowance.take(request)):
            answer = await self._ask(request)
            if answer.again and lately is None:
                allowance.repeated(request)
            return answer
        if lately is None and await asyncio.to_thread(self._was_answered, request):
            return await self._ask(request)
        return await self._too_much(request)

    def _was_answered(self, request: Request) -> bool:
        with self._writer.engine.store.reading() as reads:
            return reads.was_answered(request.community, request.origin)

    async def _too_much(self, request: Request) -> Answer:
        """Refused unread. Where nobody waits for the answer it is posted, once in each place (a poll is one); but not by mail,
        which whoever delivers it keeps, and brings again."""
        seconds = self._allowance.shut(request)
        posting, space = request.posting, request.space
        if posting is not Posting.NO and space.platform != MAIL:
            tapped_at = space.thread if posting is Posting.UNDONE else ""
            if self._allowance.tells(request, (space.place, tapped_at)):
                told = {"seconds": str(seconds)}
                await self._ask(
                    msgspec.structs.replace(
                        request, command="heard too much", arguments=told, typed="", system=True, posting=Posting.ALL
                    )
                )
        return Answer(too_much(seconds, request.typed), done=False, came_to=TOO_MUCH)

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
