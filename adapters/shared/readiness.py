"""Whether a process can do its work just now: every part it needs, asked for each time, but not more often than is good.

For a load balancer or an orchestrator, which asks every few seconds. What an operator should do about it, `wgbot doctor` says.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

log = logging.getLogger(__name__)

FRESH_SECONDS: Final = 1.0
"""How long an answer holds: whoever asks more often costs the database nothing."""

PATIENCE_SECONDS: Final = 5.0
"""How long a part may take to answer; after that it is not there."""

Part = Callable[[], Awaitable[bool]]
"""Whether a part is there. What it raises means that it is not."""


class Readiness:
    """The parts of one process, by name. Use it on one event loop."""

    def __init__(self, parts: Mapping[str, Part], now: Callable[[], float] = time.monotonic) -> None:
        self._parts = dict(parts)
        self._now = now
        self._asking: dict[str, asyncio.Future[bool]] = {}
        self._looking: asyncio.Task[tuple[str, ...]] | None = None
        self._until = 0.0

    async def missing(self) -> tuple[str, ...]:
        """The names of the parts that are not there; nothing when the process is ready."""
        looking = self._looking
        if looking is None or (looking.done() and self._now() >= self._until):
            self._looking = looking = asyncio.create_task(self._look(), name="readiness")
        # whoever asked may go away: the others go on waiting for the same answer
        return await asyncio.shield(looking)

    async def _look(self) -> tuple[str, ...]:
        there = await asyncio.gather(*(self._there(name, part) for name, part in self._parts.items()))
        self._until = self._now() + FRESH_SECONDS
        return tuple(name for name, is_there in zip(self._parts, there, strict=True) if not is_there)

    async def _there(self, name: str, part: Part) -> bool:
        # one that was asked and never answered is not asked once more: each holds a thread or a connection
        asking = self._asking.pop(name, None) or asyncio.ensure_future(part())
        # not wait_for, which cancels: a connection to a database that is cancelled in its work is broken
        done, _ = await asyncio.wait({asking}, timeout=PATIENCE_SECONDS)
        if not done:
            log.warning("%s does not answer", name)
            self._asking[name] = asking
            return False
        error = asking.exception()
        if error is not None:
            log.warning("%s cannot be asked: %s", name, type(error).__name__)
            return False
        return asking.result()
