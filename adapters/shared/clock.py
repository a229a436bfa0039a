"""What time makes due: finds the deadlines that have come, and asks the engine to do them.

The database holds the deadlines, and the engine decides under the community's lock whether one is still to be done; so
it matters neither how often this looks, nor how many processes do. APScheduler is only what wakes it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from adapters.shared.logs import said
from adapters.shared.writer import AsyncMailbox, Writer
from bot.context import Request, Space
from bot.domain.dues import Due
from bot.engine import utc_now
from bot.ports import Store

if TYPE_CHECKING:
    from apscheduler.job import Job
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)

AT_ONCE = 200
"""Deadlines looked up at a time."""

PATROL = timedelta(seconds=10)
"""How often to look even when nothing is known to be due: other processes set deadlines too."""

BREATH_SECONDS = 0.05
"""How long a wake-up waits for others to join it."""

FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Tried:
    """A duty that was asked for and may still stand: how often, when to ask again, and why it was not done ("" if told)."""

    times: int
    again_at: datetime
    why_not: str = "it still stands"


class Duties:
    """Asks for everything that is due. Makes its mailbox on the running event loop.

    A duty that still stands after it was answered (refused, or a bug) is asked for again later and later, under an
    origin of its own, since the first one would be given its first answer again. Others are not held up by it.
    """

    def __init__(self, store: Store, writer: Writer, real_now: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._writer = writer
        self._now = real_now
        self._tried: dict[Due, _Tried] = {}
        self._sweeping = asyncio.Lock()

    async def sweep(self) -> int:
        """Have everything done that is due, and what that makes due in turn. Returns how many duties stand no longer."""
        async with self._sweeping:
            mailbox, done = AsyncMailbox(self._writer), 0
            while True:
                now = self._now()
                standing = await self._due(now)
                done += self._forget_done(standing)
                fresh = [due for due in standing if self._may_ask(due, now)]
                if not fresh:
                    return done
                await asyncio.gather(*(self._ask(mailbox, due, now) for due in fresh))

    async def idle(self) -> None:
        """Wait until no sweep is under way."""
        async with self._sweeping:
            pass

    async def wait_seconds(self) -> float:
        """Seconds until the next sweep worth making, at most `PATROL`; 0.0 when it is time."""
        now = self._now()
        horizon = now + PATROL
        times = [horizon]
        if not self._tried:
            following = await asyncio.to_thread(self._store.next_due, now)
            times += [following] if following is not None else []
        else:
            # the earliest may be one that is held back: look at each that comes until the horizon
            for due, its_now in await asyncio.to_thread(self._store.due, horizon, AT_ONCE + len(self._tried)):
                tried = self._tried.get(due)
                times.append(horizon - (its_now - due.due_at) if tried is None else tried.again_at)
        return max(0.0, (min(times) - now).total_seconds())

    async def _due(self, now: datetime) -> list[Due]:
        found = await asyncio.to_thread(self._store.due, now, AT_ONCE + len(self._tried))
        return [due for due, _ in found]

    def _forget_done(self, standing: list[Due]) -> int:
        before = len(self._tried)
        self._tried = {due: self._tried[due] for due in standing if due in self._tried}
        return before - len(self._tried)

    def _may_ask(self, due: Due, now: datetime) -> bool:
        tried = self._tried.get(due)
        if tried is None or tried.again_at <= now:
            return True
        if tried.why_not:
            again = tried.again_at.isoformat(timespec="seconds")
            log.error("%s in %s was not done (%s); again at %s", _origin(due), due.community, tried.why_not, again)
            self._tried[due] = replace(tried, why_not="")
        return False

    async def _ask(self, mailbox: AsyncMailbox, due: Due, now: datetime) -> None:
        earlier = self._tried.get(due)
        times = earlier.times if earlier is not None else 0
        tried = _Tried(times + 1, now + min(LONGEST_RETRY, FIRST_RETRY * 2 ** min(times, 16)))
        self._tried[due] = tried
        try:
            await mailbox.ask(_request(due, f"{_origin(due)}~{times}" if times else _origin(due), now))
        except Exception as error:  # the others are done all the same
            self._tried[due] = replace(tried, why_not=said(error))


def _origin(due: Due) -> str:
    return f"due:{due.kind}:{due.subject}:{due.due_at.isoformat()}"


def _request(due: Due, origin: str, now: datetime) -> Request:
    arguments = {"kind": due.kind.value, "subject": due.subject}
    return Request(due.community, Space("clock", "", ""), "due", origin, now, arguments=arguments, system=True)


class Clock:
    """Wakes `Duties.sweep` when the next deadline comes, when woken, and at least every `PATROL`."""

    def __init__(self, duties: Duties) -> None:
        self._duties = duties
        self._loop: asyncio.AbstractEventLoop | None = None
        self._scheduler: AsyncIOScheduler | None = None
        self._job: Job | None = None
        self._woken = False
        self._busy = False
        self._again = False

    def start(self) -> None:
        """Begin, on the running event loop, with a sweep at once. APScheduler is imported here: it takes its time."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        # two at most: one that was started for its time, and one for a wake-up that came before the first took a step
        defaults: dict[str, Any] = {"coalesce": True, "max_instances": 2, "misfire_grace_time": None}
        self._loop = asyncio.get_running_loop()
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults, event_loop=self._loop)
        self._scheduler.start()
        self._job = self._scheduler.add_job(
            self._sweep, "interval", seconds=PATROL.total_seconds(), next_run_time=datetime.now(UTC), id="duties"
        )

    def wake(self) -> None:
        """Deadlines may have changed: look. From any thread; costs nothing if it was said already."""
        loop = self._loop
        if loop is not None and not self._woken:
            self._woken = True
            with suppress(RuntimeError):  # the loop was closed: nobody is left to wake
                loop.call_soon_threadsafe(loop.call_later, BREATH_SECONDS, self._sweep_soon)

    async def stop(self) -> None:
        """End; a sweep under way is let finish."""
        self._loop = None
        if self._job is not None:
            self._job.remove()
            self._job = None
        await self._duties.idle()
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    def _sweep_soon(self) -> None:
        self._woken = False
        asked, self._again = self._again, True
        if not self._busy and not asked:
            self._in(0.0)

    async def _sweep(self) -> None:
        if self._busy:
            self._again = True
            return
        self._busy, self._again, wait = True, False, BREATH_SECONDS
        try:
            await self._duties.sweep()
            wait = await self._duties.wait_seconds()
        except Exception:
            log.exception("deadlines cannot be looked for; trying again")
            wait = PATROL.total_seconds()
        finally:
            self._busy = False
            # never at once: to the scheduler this one still runs
            self._in(BREATH_SECONDS if self._again else max(BREATH_SECONDS, wait))

    def _in(self, seconds: float) -> None:
        if self._job is not None:
            self._job.modify(next_run_time=datetime.now(UTC) + timedelta(seconds=seconds))
