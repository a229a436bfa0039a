"""What one process of several does: it waits until it may, renews its lease while it does it, and stops when it no longer may.

A process holds a lease for a little less long than the database says, by its own monotonic clock: one that was frozen,
or cut off from the database, knows that it is deposed before another begins. What it writes asks for the fence besides
(`Election.holds`), so that not even a write on its way comes too late. It is not for what many may do at once.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from adapters.shared.writer import Writer, WriterStopped
from bot.engine import utc_now
from bot.ports import UnitOfWork

log = logging.getLogger(__name__)

LEASE_SECONDS: Final = 10.0
"""How long after its last sign of life a process is taken for dead."""

RENEW_SECONDS: Final = 2.0
LOOK_SECONDS: Final = 1.0
"""How often one that waits looks whether the lease has run out."""


class Deposed(Exception):
    """Another process does this now: what was to be written is not, and is the other's to do."""


class Election:
    """One name's lease, as one process sees it. Use it on one event loop.

    `owner` is another for each process. `won` is written in the transaction in which another process, or nobody, had the lease before. `now`, `monotonic`
    and `sleep` are there to simulate time.
    """

    def __init__(
        self,
        writer: Writer,
        name: str,
        won: Callable[[UnitOfWork], None] = lambda _: None,
        *,
        owner: str,
        now: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.name = name
        self.elsewhere = False
        """Another process holds it, as far as is known."""
        self._writer = writer
        self._won = won
        self._owner = owner
        self._now = now
        self._monotonic = monotonic
        self._sleep = sleep
        self._fence = 0
        self._until = float("-inf")

    @property
    def held(self) -> bool:
        """Whether this process holds it, for all it can know without asking."""
        return self._monotonic() < self._until

    def holds(self, work: UnitOfWork) -> bool:
        """Whether it does, and nobody takes it over before the transaction ends."""
        return self.held and work.leases.held(self.name, self._fence)

    async def gain(self) -> None:
        """Wait until this process holds it."""
        while not await self._taken():
            await self._sleep(LOOK_SECONDS)

    async def lose(self) -> None:
        """Renew it until it is lost: this returns when the process must do no more of it."""
        while self.held:
            await self._sleep(min(RENEW_SECONDS, self._until - self._monotonic()))
            asking = asyncio.create_task(self._taken(), name=f"{self.name}, renewing")
            # not longer than it lasts: a database that does not answer may hold the question for ever
            alarm = asyncio.ensure_future(self._sleep(max(0.0, self._until - self._monotonic())))
            try:
                await asyncio.wait({asking, alarm}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                alarm.cancel()
            if asking.done():
                asking.result()
            if self.elsewhere:
                self._until = float("-inf")

    async def resign(self) -> None:
        """Let another take it at once."""
        fence, self._until = self._fence, float("-inf")
        if fence:
            try:
                await asyncio.wrap_future(self._writer.call(lambda work: work.leases.release(self.name, fence)))
            except Exception as error:  # it runs out by itself
                log.warning("%s could not be handed over: %s", self.name, type(error).__name__)

    async def _taken(self) -> bool:
        """Take or renew it, if it can be had. A database that does not answer changes nothing: time does."""
        asked = self._monotonic()
        try:
            fence = await asyncio.wrap_future(self._writer.call(self._take))
        except WriterStopped:
            raise
        except Exception as error:
            log.warning("the lease of %s could not be asked for: %s", self.name, type(error).__name__)
            return False
        self.elsewhere = fence is None
        if fence is None:
            return False
        self._fence, self._until = fence, asked + LEASE_SECONDS
        return True

    def _take(self, work: UnitOfWork) -> int | None:
        fence = work.leases.take(self.name, self._owner, LEASE_SECONDS, self._now())
        if fence is not None and fence != self._fence:
            self._won(work)
        return fence
