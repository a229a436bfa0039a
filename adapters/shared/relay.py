"""Drains the outbox: each lane in order, many lanes at once, at the platform's pace, until every row arrived or is parked.

What is about to be sent is kept with its row before the platform is called, and what the platform answered after. So a
row is in doubt only if the process died, or the answer did not come, in between: then it is looked for, and sent again
with the same body under the same id. A live card is rendered when its turn comes, from the newest state.

It decides nothing (what follows from a delivery is a system request, decided with the mark) and knows no platform.
"""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any, TypeVar, assert_never

import msgspec

from adapters.shared.rates import Rates
from adapters.shared.sending import RateLimited, Rejected, Room, Sender, Unreachable
from adapters.shared.writer import Writer
from bot.context import Request, Space
from bot.domain.ids import CommunityId, derived
from bot.domain.records import Reads
from bot.engine import utc_now
from bot.outgoing import Claimed, Outgoing, SendKind
from bot.ports import UnitOfWork
from bot.view import View

log = logging.getLogger(__name__)

T = TypeVar("T")

Present = Callable[[Reads, CommunityId, str, datetime], View | None]
"""The card of a subject as it is now (`bot.present.present`); the time is real time."""

POLL_SECONDS = 1.0
"""How often to look without having been woken: for what other processes sent, and leases that ran out."""

BREATH_SECONDS = 0.01
"""The least time between two looks: under load, one look serves many commits."""

HELD_SECONDS = 1.0
"""How long a lane's lease is held waiting for its turn in the workspace; longer, and the lane is given back."""


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and when to try again: exponentially later, up to `longest_seconds`, with jitter.

    `attempts` is for a platform that does not answer (the default is some 18 hours), `bugs` for a sender that raises
    what it should not, `renders` for what cannot be shown. Being rate limited counts for none of them.
    """

    attempts: int = 100
    bugs: int = 10
    renders: int = 3
    first_seconds: float = 1.0
    longest_seconds: float = 900.0

    def after(self, tries: int, chance: float) -> float:
        """Seconds to wait after the attempt with this number (from 1); `chance` is in [0, 1)."""
        return min(self.longest_seconds, self.first_seconds * 2.0 ** min(tries - 1, 64)) * (0.5 + chance / 2)


class Attempt(msgspec.Struct, frozen=True):
    """What is kept with a row in `Claimed.rendered`: when it was first sent, how often, and what.

    `body` None: its turn has come, but it was not rendered yet, so it was certainly not sent.
    """

    since: datetime
    tries: int = 0
    body: bytes | None = None


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Attempt).decode


@dataclass(frozen=True, slots=True)
class _Turn:
    """A claimed row, until when its lane is ours, and what is kept of earlier attempts."""

    claimed: Claimed
    until: datetime
    kept: Attempt | None

    @property
    def doubt(self) -> Attempt | None:
        """The earlier attempt, if it may have arrived."""
        return self.kept if self.kept is not None and self.kept.body is not None else None


@dataclass(frozen=True, slots=True)
class _Arrived:
    """The platform's id of the message, and the system request that follows."""

    remote: str
    follows: Request | None = None
    sent: bool = True


@dataclass(frozen=True, slots=True)
class _Failed:
    """Why, and what next: again after `retry_seconds`, or never (None).

    `keep`: the attempt stays with the row, because it may have arrived or to be counted; `kept` replaces it.
    """

    error: str
    retry_seconds: float | None
    keep: bool
    kept: Attempt | None = None


class Relay:
    """Sends what the outbox holds for the platforms of `senders`. One to an event loop; several may share a database.

    `present` shows live cards. `now`, `monotonic`, `sleep` and `chance` (in [0, 1)) are there to simulate time.
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
        retries: Retries | None = None,
        now: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._writer = writer
        self._senders = {sender.platform: sender for sender in senders}
        self._platforms = tuple(self._senders)
        self._present = present
        self._owner = owner or secrets.token_hex(8)
        self._most = lanes
        self._lease = timedelta(seconds=lease_seconds)
        self._patience = lease_seconds / 2
        self._retries = retries or Retries()
        self._now = now
        self._monotonic = monotonic
        self._sleep = sleep
        self._chance = chance
        self._rates = Rates(monotonic)
        self._carriers: set[asyncio.Task[None]] = set()
        self._again: list[datetime] = []
        self._sent = 0
        self._looked = float("-inf")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wanted = True
        self._awake = asyncio.Event()
        self._stopping = False
        self._rendering: ThreadPoolExecutor | None = None

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
        """Send until nothing can be sent now, without waiting for what may be sent later. Returns how many were sent."""
        before = self._sent
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
        if self._rendering is not None:
            self._rendering.shutdown(wait=False)
            self._rendering = None

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

    def _claim(self, work: UnitOfWork, limit: int) -> list[_Turn]:
        """Lease lanes with their first rows. Runs on the writer.

        A refresh is marked at once: what happens from here on makes a row of its own, so that a change between
        rendering and sending is never lost with it.
        """
        if limit == 0:
            return []
        now, turns = self._now(), []
        for claimed in work.outbox.claim(now, self._owner, self._lease.total_seconds(), limit, self._platforms):
            kept = _decode(claimed.rendered) if claimed.rendered else None
            if kept is None and claimed.row.kind is SendKind.REFRESH:
                work.outbox.attempt(claimed, self._owner, _encode(Attempt(now)))
            turns.append(_Turn(claimed, now + self._lease, kept))
        return turns

    async def _carry(self, turn: _Turn) -> None:
        """Take a row to its platform, then the next lane's, until none is due."""
        following: _Turn | None = turn
        while following is not None:
            row = following.claimed.row
            try:
                outcome = await self._attempt(following)
                following = await self._settle(following, outcome) if outcome is not None else None
            except Exception:
                log.exception("%s %s could not be marked; it comes again when its lease runs out", row.kind, row.id)
                return

    async def _attempt(self, turn: _Turn) -> _Arrived | _Failed | None:
        """Try once. None: the lane is no longer ours to mark."""
        row, doubt = turn.claimed.row, turn.doubt
        tries = 1 + (turn.kept.tries if turn.kept is not None else 0)
        if tries > self._retries.attempts:
            return self._unanswered(row, tries, "given up", 0.0)
        sender = self._senders[row.lane.platform]
        try:
            pace = sender.pace(row.lane)
            while wait := self._rates.admit(row.lane, pace.lane, pace.workspace):
                if wait > HELD_SECONDS:
                    return _Failed("waiting for its turn", wait, doubt is not None)
                await self._sleep(wait)
            body = doubt.body if doubt is not None else await self._body(sender, row)
        except Exception:
            return self._unshown(row, tries, _bug(row, "rendering"), doubt)
        if body is None:
            return self._nothing_to_show(turn)
        now = self._now()
        if (turn.until - now).total_seconds() < self._patience:
            return _Failed("its turn came too late", 0.0, doubt is not None)
        attempt = Attempt(doubt.since, tries, body) if doubt is not None else Attempt(now, tries, body)
        if not await self._write(lambda work: work.outbox.attempt(turn.claimed, self._owner, _encode(attempt))):
            return None
        try:
            return await self._within(self._patience, self._send(sender, turn, attempt))
        except Rejected as error:
            log.warning("%s %s is parked, %s rejected it: %s", row.kind, row.id, sender.platform, error.reason)
            return _Failed(error.reason, None, keep=True)
        except RateLimited as error:
            seconds = error.retry_after_seconds * (1 + 0.3 * self._chance())
            if error.workspace:
                self._rates.hold_workspace(row.lane, seconds)
            return _Failed(str(error), seconds, doubt is not None, doubt)
        except (Unreachable, OSError) as error:
            return self._unanswered(row, tries, str(error), pace.grace_seconds)
        except Exception:
            most = self._retries.bugs
            return self._unanswered(row, tries, _bug(row, "sending"), pace.grace_seconds, most)

    def _unanswered(self, row: Outgoing, tries: int, error: str, grace_seconds: float, most: int = 0) -> _Failed:
        if tries >= (most or self._retries.attempts):
            log.error("%s %s is parked after %d attempts: %s", row.kind, row.id, tries, error)
            return _Failed(error, None, keep=True)
        return _Failed(error, max(grace_seconds, self._retries.after(tries, self._chance())), keep=True)

    def _unshown(self, row: Outgoing, tries: int, error: str, doubt: Attempt | None) -> _Failed:
        """Tried again a little later, lest a database that cannot be read for a moment costs a message."""
        if tries >= self._retries.renders:
            log.error("%s %s is parked: %s", row.kind, row.id, error)
            return _Failed(error, None, keep=True)
        kept = doubt or Attempt(self._now(), tries)
        return _Failed(error, self._retries.after(tries, self._chance()), keep=True, kept=kept)

    async def _body(self, sender: Sender, row: Outgoing) -> bytes | None:
        if row.kind is SendKind.PROVISION:
            return b""
        if self._rendering is None:
            self._rendering = ThreadPoolExecutor(2, "render")
        return await asyncio.get_running_loop().run_in_executor(self._rendering, self._render, sender, row)

    def _render(self, sender: Sender, row: Outgoing) -> bytes | None:
        view = row.view
        if view is None:
            with self._writer.engine.store.reading() as reads:
                view = self._present(reads, row.community, row.subject, self._now())
        return None if view is None else sender.render(view, row.lane)

    def _nothing_to_show(self, turn: _Turn) -> _Arrived | _Failed:
        """A card whose subject is gone is left as it last was; there is no sense in posting it."""
        row = turn.claimed.row
        if row.kind is SendKind.REFRESH:
            return _Arrived(turn.claimed.remote, sent=False)
        log.error("%s %s shows nothing: %s", row.kind, row.id, row.subject)
        return _Failed("nothing to show", None, keep=False)

    async def _send(self, sender: Sender, turn: _Turn, attempt: Attempt) -> _Arrived:
        claimed = turn.claimed
        row, lane, body = claimed.row, claimed.row.lane, attempt.body or b""
        match row.kind:
            case SendKind.POST:
                remote = await sender.find(lane, row.id, attempt.since) if turn.doubt is not None else None
                if remote is None:
                    remote = await sender.post(lane, row.id, body)
                return _Arrived(remote, self._request("delivered", row, {"tag": row.tag}) if row.tag else None)
            case SendKind.REFRESH:
                await sender.refresh(lane, row.id, claimed.remote, body)
                return _Arrived(claimed.remote)
            case SendKind.PROVISION:
                room = await sender.open_room(lane, row.id, row.community, row.subject)
                if room is None:
                    return _Arrived("", sent=False)
                return _Arrived(room.place, self._request("room opened", row, _where(row, room)))
            case _:
                assert_never(row.kind)

    def _request(self, command: str, row: Outgoing, arguments: dict[str, str]) -> Request:
        prefix = "room" if row.kind is SendKind.PROVISION else "delivered"
        lane = row.lane
        return Request(
            row.community,
            Space(lane.platform, lane.team, lane.place),
            command,
            f"{prefix}:{row.id}",
            self._now(),
            arguments=arguments,
            system=True,
        )

    async def _settle(self, turn: _Turn, outcome: _Arrived | _Failed) -> _Turn | None:
        """Mark what became of it, decide what follows, and take the next lane: all in one transaction."""
        row = turn.claimed.row
        pause = self._rates.pause(row.lane) if isinstance(outcome, _Arrived) else (outcome.retry_seconds or 0.0)
        follows = outcome.follows if isinstance(outcome, _Arrived) else None

        def settle(work: UnitOfWork) -> tuple[bool, datetime, list[_Turn]]:
            now, done = self._now(), True
            self._mark(work, turn, outcome, now, pause)
            if follows is not None:
                done = self._writer.engine.decide(work, follows).done
            return done, now, self._claim(work, 0 if self._stopping else 1)

        # a delivered card's placement and what follows belong to the community; other marks to the lane we leased
        done, now, following = await self._write(settle, (row.community,) if isinstance(outcome, _Arrived) else ())
        if isinstance(outcome, _Arrived):
            self._sent += outcome.sent
        if pause > 0:
            heappush(self._again, now + timedelta(seconds=pause))
            self._awake.set()  # to rest no longer than that
        if follows is not None:
            if not done:
                log.error("%s %s arrived, but %s was refused or failed", row.kind, row.id, follows.command)
            self.wake()
        return following[0] if following else None

    def _mark(self, work: UnitOfWork, turn: _Turn, outcome: _Arrived | _Failed, now: datetime, pause: float) -> None:
        claimed, outbox = turn.claimed, work.outbox
        match outcome:
            case _Arrived(remote):
                outbox.delivered(claimed, self._owner, remote, now, pause)
            case _Failed(error, retry_seconds, keep, kept):
                if now >= turn.until:
                    return  # the lane may be another's by now, and the row being sent: say nothing
                if kept is not None:
                    outbox.attempt(claimed, self._owner, _encode(kept))
                outbox.failed(claimed, self._owner, error, now, retry_seconds, uncertain=keep)
            case _:
                assert_never(outcome)

    async def _within(self, seconds: float, sending: Coroutine[Any, Any, T]) -> T:
        """The answer, if it comes in time. Raises `Unreachable`."""
        task = asyncio.ensure_future(sending)
        alarm = asyncio.ensure_future(self._sleep(seconds))
        try:
            await asyncio.wait((task, alarm), return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise Unreachable(f"no answer within {seconds:g} s")
            if task.cancelled():
                raise Unreachable("cut short")
            return task.result()
        finally:
            alarm.cancel()
            task.cancel()

    async def _write(self, fn: Callable[[UnitOfWork], T], communities: Iterable[CommunityId] = ()) -> T:
        return await asyncio.wrap_future(self._writer.call(fn, communities))


def _where(row: Outgoing, room: Room) -> dict[str, str]:
    lane = row.lane
    return {
        "group": row.subject,
        "platform": lane.platform,
        "team": lane.team,
        "place": room.place,
        "name": room.name,
    }


def _bug(row: Outgoing, doing: str) -> str:
    """Log what is being handled with a reference; what was to be said is not logged."""
    reference = derived(row.id, 0, 6)
    log.exception("bug %s in %s %s %s (%s)", reference, doing, row.kind, row.id, row.subject or "a fixed view")
    return f"bug {reference} in {doing}"
