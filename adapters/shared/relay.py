"""Drains the outbox: every lane in its order, many lanes at once, until each row has arrived or is parked.

What is about to be sent is kept with its row before the platform is called, and what the platform answered after. So a
row is in doubt only if the process died, or the answer did not come, in between: then it is looked for, and sent again
with the same body under the same id. A live card is rendered when its turn comes, from the newest state.

It decides nothing (what follows from a delivery is a system request, decided with the mark) and knows no platform; how
one row is sent is `adapters.shared.delivery`.
"""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, TypeVar, assert_never

import msgspec

from adapters.shared.delivery import Arrived, Attempt, Delivery, Failed, Turn
from adapters.shared.rates import Rates, Retries
from adapters.shared.sending import Sender
from adapters.shared.shutting import Workspaces
from adapters.shared.writer import Writer
from bot.domain.ids import CommunityId
from bot.domain.records import Reads
from bot.engine import utc_now
from bot.outgoing import Outgoing, SendKind
from bot.ports import UnitOfWork, presence_of
from bot.troubles import over
from bot.view import Letter, View, opened

if TYPE_CHECKING:
    from adapters.shared.watching import Watch

log = logging.getLogger(__name__)

T = TypeVar("T")

Present = Callable[[Reads, CommunityId, str, datetime], View | None]
"""The card of a subject as it is now (`bot.present.present`); the time is real time."""

POLL_SECONDS = 1.0
"""How often to look without having been woken: for what other processes sent, and leases that ran out."""

PRESENT_SECONDS = 15.0
"""How long after its last sign of life a process counts as gone, and others send what it had."""

SHOWN_SECONDS = 2.0
"""How often it gives one."""

MARKS, MARKS_APART_SECONDS = 10, 1.0
"""How often it is tried to mark what arrived: about as long as a database takes to start again."""

BREATH_SECONDS = 0.01
"""The least time between two looks: under load, one look serves many commits."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Attempt).decode


class Relay:
    """Sends what the outbox holds for the platforms of `senders`. One to an event loop; several may share a database.

    `shared`: other processes work on the same database. Then it shows that it is there, and inherits the lanes of those
    that do not any more, long before their leases run out. `present` shows live cards. `now`, `monotonic`, `sleep` and `chance` (in [0, 1)) are there to simulate time.
    """

    def __init__(
        self,
        writer: Writer,
        senders: Iterable[Sender],
        present: Present,
        *,
        owner: str | None = None,
        lanes: int = 32,
        lease_seconds: float = 60.0,
        shared: bool = False,
        retries: Retries | None = None,
        now: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._writer = writer
        self._present = present
        self._owner = owner or secrets.token_hex(8)
        self._most = lanes
        self._lease = timedelta(seconds=lease_seconds)
        self._shared = shared
        self._shown = float("-inf")
        self._now = now
        self._monotonic = monotonic
        self._sleep = sleep
        self._delivery = Delivery(
            senders,
            self._view_of,
            self._mark_attempt,
            rates=Rates(monotonic),
            workspaces=Workspaces(monotonic),
            retries=retries or Retries(),
            patience_seconds=lease_seconds / 2,
            present_seconds=self._present_seconds,
            now=now,
            monotonic=monotonic,
            sleep=sleep,
            chance=chance,
        )
        self._carriers: set[asyncio.Task[None]] = set()
        self.watch: Watch | None = None
        self._again: list[datetime] = []
        self._sent = 0
        self._looked = float("-inf")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wanted = True
        self._awake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Something was sent: look now. From any thread; costs nothing if it was said already."""
        if not self._wanted:
            self._wanted = True
            loop = self._loop
            if loop is not None:
                with suppress(RuntimeError):  # the loop was closed: nobody is left to wake
                    loop.call_soon_threadsafe(self._awake.set)

    async def run(self) -> None:
        """Send what there is and what comes, until `stop`. What is under way when it ends is let finish."""
        self._loop = asyncio.get_running_loop()
        try:
            while not self._stopping:
                self._awake.clear()
                try:
                    await self._show_itself()
                except Exception as error:
                    log.warning("this process cannot say that it is there: %s", type(error).__name__)
                    await self._sleep(POLL_SECONDS)
                if self._wanted or self._rest_seconds() <= 0:
                    await self._sleep_a_breath()
                    self._wanted = False
                    try:
                        await self._look()
                    except Exception:
                        log.exception("the outbox cannot be read; trying again")
                await self._rest()
        finally:
            self._loop = None
            await self._finish()

    async def drain(self) -> int:
        """Send until nothing can be sent now; what may be sent later stays. Returns how many were sent."""
        before = self._sent
        await self._show_itself()
        while await self._look() or self._carriers:
            if self._carriers:
                await asyncio.wait(self._carriers, return_when=asyncio.FIRST_COMPLETED)
        return self._sent - before

    async def stop(self) -> None:
        """Begin nothing new, and wait for what is under way."""
        self._stopping = True
        self._awake.set()
        await self._finish()

    async def _finish(self) -> None:
        while self._carriers:
            await asyncio.wait(self._carriers)
        self._delivery.close()

    def _rest_seconds(self) -> float:
        """Seconds until it is time to look without having been woken."""
        if len(self._carriers) >= self._most:
            return POLL_SECONDS
        rest = POLL_SECONDS - (self._monotonic() - self._looked)
        return min(rest, (self._again[0] - self._now()).total_seconds()) if self._again else rest

    async def _rest(self) -> None:
        seconds = self._rest_seconds()
        if seconds <= 0 or self._stopping:
            return
        waiting = (asyncio.ensure_future(self._sleep(seconds)), asyncio.ensure_future(self._awake.wait()))
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waiting:
                each.cancel()

    async def _sleep_a_breath(self) -> None:
        breath = BREATH_SECONDS - (self._monotonic() - self._looked)
        if breath > 0:
            await self._sleep(breath)

    def _present_seconds(self) -> float:
        """For how long nobody takes this process for gone."""
        return self._shown + PRESENT_SECONDS - self._monotonic() if self._shared else float("inf")

    async def _show_itself(self) -> None:
        """Say that this process is there, before it takes a lane; and take over what others had who say so no more."""
        asked = self._monotonic()
        if not self._shared or asked - self._shown < SHOWN_SECONDS:
            return

        def show(work: UnitOfWork) -> int:
            now = self._now()
            work.leases.take(presence_of(self._owner), self._owner, PRESENT_SECONDS, now)
            return work.outbox.inherit(now)

        inherited = await self._write(show)
        self._shown = asked
        if inherited:
            log.warning("another process is gone; %d of its lanes are taken over", inherited)

    async def _look(self) -> int:
        """Claim lanes that are free, and put a carrier on each. Returns how many."""
        free = self._most - len(self._carriers)
        if free <= 0:
            return 0
        self._looked = self._monotonic()
        while self._again and self._again[0] <= self._now():
            heappop(self._again)
        turns = await self._write(lambda work: self._claim(work, free))
        for turn in turns:
            carrier = asyncio.create_task(self._carry(turn))
            self._carriers.add(carrier)
            carrier.add_done_callback(self._carried)
        return len(turns)

    def _carried(self, carrier: asyncio.Task[None]) -> None:
        if len(self._carriers) >= self._most:
            self._wanted = True  # lanes may have waited for a carrier
            self._awake.set()
        self._carriers.discard(carrier)

    def _claim(self, work: UnitOfWork, limit: int) -> list[Turn]:
        """Lease lanes with their first rows. Runs on the writer.

        A refresh is marked at once: what happens from here on makes a row of its own, so that a change between
        rendering and sending is never lost with it.
        """
        if limit == 0 or self._present_seconds() <= 0:
            return []
        now, turns, platforms = self._now(), [], self._delivery.platforms(work)
        for claimed in work.outbox.claim(now, self._owner, self._lease.total_seconds(), limit, platforms):
            kept = _decode(claimed.rendered) if claimed.rendered else None
            if kept is not None and claimed.attempts == 0:  # a dead letter, sent again by a person
                kept = msgspec.structs.replace(kept, tries=0)
            if kept is None and claimed.row.kind is SendKind.REFRESH:
                work.outbox.attempt(claimed, self._owner, _encode(Attempt(now)))
            turns.append(Turn(claimed, now + self._lease, kept))
        return turns

    async def _carry(self, turn: Turn) -> None:
        """Take a row to its platform, then the next lane's, until none is due."""
        following: Turn | None = turn
        while following is not None:
            row = following.claimed.row
            try:
                began = time.perf_counter()
                outcome = await self._delivery.attempt(following)
                if self.watch is not None and outcome is not None:
                    self.watch.sent(row, _word(outcome), began, time.perf_counter())
                if isinstance(outcome, Failed) and outcome.retry_seconds is not None:
                    why, seconds = outcome.error, outcome.retry_seconds
                    log.info("%s %s is tried again in %.1f s: %s", row.kind, row.id, seconds, why)
                following = await self._settled(following, outcome) if outcome is not None else None
            except Exception:
                log.exception("%s %s could not be marked; it comes again when its lease runs out", row.kind, row.id)
                return

    def _view_of(self, row: Outgoing) -> View | None:
        if row.view is not None and not isinstance(row.view, Letter):
            return row.view
        with self._writer.engine.store.reading() as reads:
            if isinstance(row.view, Letter):
                return opened(row.view, lambda subject: self._present(reads, row.community, subject, self._now()))
            return self._present(reads, row.community, row.subject, self._now())

    async def _mark_attempt(self, turn: Turn, attempt: Attempt) -> bool:
        def mark(work: UnitOfWork) -> bool:
            ours = self._delivery.may_send(work, turn.claimed.row.lane.platform)
            return ours and work.outbox.attempt(turn.claimed, self._owner, _encode(attempt))

        return await self._write(mark)

    async def _settled(self, turn: Turn, outcome: Arrived | Failed) -> Turn | None:
        """Have it marked. That something arrived is tried to be marked for a while: else its lane waits for the lease to end."""
        for tries in count(1):
            try:
                return await self._settle(turn, outcome, again=tries > 1)
            except Exception as error:
                if isinstance(outcome, Failed) or tries == MARKS:
                    raise
                log.warning("%s cannot be marked just now: %s", turn.claimed.row.id, type(error).__name__)
            await self._sleep(MARKS_APART_SECONDS)
        raise AssertionError("never")

    async def _settle(self, turn: Turn, outcome: Arrived | Failed, *, again: bool) -> Turn | None:
        """Mark what became of it, decide what follows, and take the next lane: all in one transaction."""
        row, follows = turn.claimed.row, outcome.follows
        pause = outcome.pause_seconds if isinstance(outcome, Arrived) else (outcome.retry_seconds or 0.0)

        def settle(work: UnitOfWork) -> tuple[bool, datetime, list[Turn]]:
            now, done = self._now(), True
            if self._mark(work, turn, outcome, now, pause, again=again) and follows is not None:
                done = self._writer.engine.decide(work, follows).done
            return done, now, self._claim(work, 0 if self._stopping else 1)

        # a delivered card's placement and what follows belong to the community; other marks to the lane we leased
        of_community = isinstance(outcome, Arrived) or follows is not None
        done, now, following = await self._write(settle, (row.community,) if of_community else ())
        if isinstance(outcome, Arrived):
            self._sent += outcome.sent
        if pause > 0:
            heappush(self._again, now + timedelta(seconds=pause))
            self._awake.set()  # to rest no longer than that
        if follows is not None:
            if not done:
                log.error("%s %s is marked, but %s was refused or failed", row.kind, row.id, follows.command)
            self.wake()
        return following[0] if following else None

    def _mark(
        self, work: UnitOfWork, turn: Turn, outcome: Arrived | Failed, now: datetime, pause: float, *, again: bool
    ) -> bool:
        """Whether it may be said: of a failure only while the lane is ours."""
        claimed, outbox = turn.claimed, work.outbox
        match outcome:
            case Arrived(remote, sent=sent):
                outbox.delivered(claimed, self._owner, remote, now, pause, again=again)
                if sent:
                    over(work, claimed.row, now)
            case Failed(error, retry_seconds, keep, kept):
                if now >= turn.until or not self._delivery.may_send(work, claimed.row.lane.platform):
                    return False  # the lane may be another's by now, and the row being sent
                if kept is not None:
                    outbox.attempt(claimed, self._owner, _encode(kept))
                outbox.failed(claimed, self._owner, error, now, retry_seconds, uncertain=keep)
            case _:
                assert_never(outcome)
        return True

    async def _write(self, fn: Callable[[UnitOfWork], T], communities: Iterable[CommunityId] = ()) -> T:
        return await asyncio.wrap_future(self._writer.call(fn, communities))


def _word(outcome: Arrived | Failed) -> str:
    """What became of an attempt, as `Watch.sent` is told."""
    match outcome:
        case Arrived(sent=sent):
            return "arrived" if sent else "unchanged"
        case Failed(retry_seconds=seconds):
            return "parked" if seconds is None else "again"
        case _:
            assert_never(outcome)
