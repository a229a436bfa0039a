"""One row on its way: waits for its turn, is rendered, marked, and given to its platform once.

It says what came of it; order, leases and what is marked in the outbox are the relay's, how a platform is spoken to is
its sender's (`adapters.shared.sending`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar, assert_never

import msgspec

from adapters.shared import following
from adapters.shared.logs import said
from adapters.shared.rates import Rates, Retries
from adapters.shared.sending import Elected, Pace, RateLimited, Rejected, Sender, Shut, Unreachable
from adapters.shared.shutting import Workspaces
from bot.context import Request
from bot.domain.ids import derived
from bot.outgoing import Claimed, Lane, Outgoing, SendKind
from bot.ports import UnitOfWork
from bot.troubles import Reason
from bot.view import View

log = logging.getLogger(__name__)

T = TypeVar("T")

HELD_SECONDS = 1.0
"""How long a lane's lease is held while it waits for its turn; longer, and the lane is given back."""

HELD_LANES = 8
"""How many lanes wait so at once; the relay's other carriers serve those whose turn it is."""


class Attempt(msgspec.Struct, frozen=True):
    """What is kept with a row in `Claimed.rendered`: when it was first sent, how often, and what.

    `body` None: its turn has come, but it was not rendered yet, so it was certainly not sent.
    """

    since: datetime
    tries: int = 0
    body: bytes | None = None

    def uncounted(self) -> Attempt:
        """The same, one try fewer."""
        return msgspec.structs.replace(self, tries=self.tries - 1)


@dataclass(frozen=True, slots=True)
class Turn:
    """A claimed row, until when its lane is ours, and what is kept of earlier attempts."""

    claimed: Claimed
    until: datetime
    kept: Attempt | None

    @property
    def doubt(self) -> Attempt | None:
        """The earlier attempt, if it may have arrived."""
        return self.kept if self.kept is not None and self.kept.body is not None else None


@dataclass(frozen=True, slots=True)
class Arrived:
    """The platform's id of the message, the system request that follows, and how long its lane has to pause."""

    remote: str
    follows: Request | None = None
    sent: bool = True
    pause_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Failed:
    """Why, what next (again after `retry_seconds`, or never: None), and the system request that follows.

    `keep`: the attempt stays with the row, because it may have arrived or to be counted; `kept` replaces it.
    """

    error: str
    retry_seconds: float | None
    keep: bool
    kept: Attempt | None = None
    follows: Request | None = None


class Delivery:
    """Makes attempts: waits for the row's turn at the platform's pace, renders it, has it marked, and sends it.

    `view_of` gives what a row shows now (in a worker thread; None: nothing any more). `mark` keeps an attempt with its
    row before it is made, and says whether the lane is still ours.
    """

    def __init__(
        self,
        senders: Iterable[Sender],
        view_of: Callable[[Outgoing], View | None],
        mark: Callable[[Turn, Attempt], Awaitable[bool]],
        *,
        rates: Rates,
        workspaces: Workspaces,
        retries: Retries,
        patience_seconds: float,
        present_seconds: Callable[[], float],
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
        chance: Callable[[], float],
    ) -> None:
        self._senders = {sender.platform: sender for sender in senders}
        self._elected = {name: each for name, each in self._senders.items() if isinstance(each, Elected)}
        self._view_of = view_of
        self._mark = mark
        self._rates = rates
        self._workspaces = workspaces
        self._retries = retries
        self._patience = patience_seconds
        self._present_seconds = present_seconds
        self._now = now
        self._monotonic = monotonic
        self._sleep = sleep
        self._chance = chance
        self._held = 0
        self._rendering: ThreadPoolExecutor | None = None

    def platforms(self, work: UnitOfWork) -> tuple[str, ...]:
        """The platforms it can send to, and may until the transaction ends."""
        return tuple(platform for platform in self._senders if self.may_send(work, platform))

    def may_send(self, work: UnitOfWork, platform: str) -> bool:
        """Whether it is not another process that sends there (`Elected`)."""
        elected = self._elected.get(platform)
        return elected is None or elected.holds(work)

    def close(self) -> None:
        """Let go of the worker threads; they come again when there is something to render."""
        if self._rendering is not None:
            self._rendering.shutdown(wait=False)
            self._rendering = None

    async def attempt(self, turn: Turn) -> Arrived | Failed | None:
        """Try once. None: the lane is no longer ours to mark."""
        row, doubt = turn.claimed.row, turn.doubt
        tries = 1 + (turn.kept.tries if turn.kept is not None else 0)
        if tries > self._retries.attempts:
            return self._unanswered(row, tries, "given up", 0.0)
        shut_for = self._workspaces.wait(row.lane)
        if shut_for:
            return Failed("its workspace is shut", shut_for, doubt is not None, follows=self._news(row))
        sender = self._senders[row.lane.platform]
        try:
            pace = sender.pace(row)
            wait = await self._turn_comes(row.lane, pace)
            if wait:
                return Failed("waiting for its turn", wait, doubt is not None)
            body = doubt.body if doubt is not None else await self._body(sender, row)
        except Exception as error:  # whatever is wrong with one row, the others go on
            return self._unshown(row, tries, _bug(row, "rendering", error), doubt)
        if body is None:
            return self._nothing_to_show(turn)
        now = self._now()
        if (turn.until - now).total_seconds() < self._patience:
            return Failed("its turn came too late", 0.0, doubt is not None)
        attempt = Attempt(doubt.since, tries, body) if doubt is not None else Attempt(now, tries, body)
        if not await self._mark(turn, attempt):
            return None
        try:
            arrived = await self._within(self._patience, self._send(sender, turn, attempt))
            self._workspaces.open(row.lane)
            return replace(arrived, pause_seconds=self._rates.pause(row.lane, pace.pool))
        except Rejected as error:
            self._workspaces.open(row.lane)
            if row.kind is SendKind.REFRESH and error.reason == Reason.MESSAGE_GONE:
                return Arrived(
                    turn.claimed.remote, sent=False
                )  # somebody deleted the card: there is nothing to refresh
            log.warning("%s %s is parked, %s rejected it: %s", row.kind, row.id, sender.platform, error.reason)
            return self._parked(row, error.reason, error.reason, keep=doubt is not None)
        except RateLimited as error:
            seconds = error.retry_after_seconds * (1 + 0.3 * self._chance())
            if error.workspace:
                self._rates.hold(row.lane, None if error.all_pools else pace.pool, seconds)
            kept = attempt.uncounted() if error.partly else doubt
            return Failed(str(error), seconds, kept is not None, kept)
        except Shut as error:
            self._workspaces.shut(row.lane, error.reason, error.retry_after_seconds)
            log.warning("%s takes nothing in workspace %s: %s", sender.platform, row.lane.team, error.reason)
            kept = attempt.uncounted() if error.partly else doubt
            return Failed(error.reason, error.retry_after_seconds, kept is not None, kept, self._news(row))
        except (Unreachable, OSError) as error:
            words = str(error) if isinstance(error, Unreachable) else said(error)
            return self._unanswered(row, tries, words, pace.grace_seconds)
        except Exception as error:  # the same
            most = self._retries.bugs
            return self._unanswered(row, tries, _bug(row, "sending", error), pace.grace_seconds, most, Reason.BUG)

    async def _turn_comes(self, lane: Lane, pace: Pace) -> float:
        """0.0: its turn at the platform's pace has come. Otherwise the lane is to be given back for so many seconds."""
        while wait := self._rates.admit(lane, pace.pool, pace.lane, pace.workspace):
            if wait > HELD_SECONDS or self._held >= HELD_LANES:
                return wait
            self._held += 1
            try:
                await self._sleep(wait)
            finally:
                self._held -= 1
        return 0.0

    def _news(self, row: Outgoing) -> Request | None:
        """What follows from the row's workspace being shut, when its community has not been told yet."""
        reason = self._workspaces.news(row.lane, row.community)
        return following.shut(row, reason, self._now()) if reason else None

    def _parked(self, row: Outgoing, error: str, reason: str, *, keep: bool) -> Failed:
        return Failed(error, None, keep, follows=following.parked(row, reason, self._now()))

    def _unanswered(
        self,
        row: Outgoing,
        tries: int,
        error: str,
        grace_seconds: float,
        most: int = 0,
        reason: Reason = Reason.UNANSWERED,
    ) -> Failed:
        if tries >= (most or self._retries.attempts):
            log.error("%s %s is parked after %d attempts: %s", row.kind, row.id, tries, error)
            return self._parked(row, error, reason, keep=True)
        return Failed(error, max(grace_seconds, self._retries.after(tries, self._chance())), keep=True)

    def _unshown(self, row: Outgoing, tries: int, error: str, doubt: Attempt | None) -> Failed:
        """Tried again a little later, lest a database that cannot be read for a moment costs a message."""
        if tries >= self._retries.renders:
            log.error("%s %s is parked: %s", row.kind, row.id, error)
            return self._parked(row, error, Reason.BUG, keep=doubt is not None)
        kept = doubt or Attempt(self._now(), tries)
        return Failed(error, self._retries.after(tries, self._chance()), keep=True, kept=kept)

    async def _body(self, sender: Sender, row: Outgoing) -> bytes | None:
        if row.kind is SendKind.PROVISION:
            return b""
        if self._rendering is None:
            self._rendering = ThreadPoolExecutor(2, "render")
        return await asyncio.get_running_loop().run_in_executor(self._rendering, self._render, sender, row)

    def _render(self, sender: Sender, row: Outgoing) -> bytes | None:
        view = self._view_of(row)
        return None if view is None else sender.render(view, row)

    def _nothing_to_show(self, turn: Turn) -> Arrived | Failed:
        """A card whose subject is gone is left as it last was; there is no sense in posting it."""
        row = turn.claimed.row
        if row.kind is SendKind.REFRESH:
            return Arrived(turn.claimed.remote, sent=False)
        log.error("%s %s shows nothing: %s", row.kind, row.id, row.subject)
        return self._parked(row, "nothing to show", Reason.BUG, keep=False)

    async def _send(self, sender: Sender, turn: Turn, attempt: Attempt) -> Arrived:
        claimed = turn.claimed
        row, lane, body = claimed.row, claimed.row.lane, attempt.body or b""
        match row.kind:
            case SendKind.POST:
                remote = await sender.find(lane, row.id, attempt.since, body) if turn.doubt is not None else None
                if remote is None:
                    remote = await sender.post(lane, row.id, body)
                return Arrived(remote, following.delivered(row, self._now()) if row.tag else None)
            case SendKind.REFRESH:
                return Arrived(await sender.refresh(lane, row.id, claimed.remote, body))
            case SendKind.PROVISION:
                room = await sender.open_room(lane, row.id, row.community, row.subject)
                if room is None:
                    return Arrived("", sent=False)
                return Arrived(room.place, following.room_opened(row, room, self._now()))
            case _:
                assert_never(row.kind)

    async def _within(self, seconds: float, sending: Coroutine[Any, Any, T]) -> T:
        """The answer, if it comes in time. Raises `Unreachable`."""
        task = asyncio.ensure_future(sending)
        alarm = asyncio.ensure_future(self._alarm(seconds))
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

    async def _alarm(self, seconds: float) -> None:
        """After so long; or as soon as others may take this process for gone, and send the same."""
        end = self._monotonic() + seconds
        while (left := min(end - self._monotonic(), self._present_seconds())) > 0:
            await self._sleep(left)


def _bug(row: Outgoing, doing: str, error: Exception) -> str:
    """Log a bug under a reference. What was to be said is not logged."""
    reference = derived(row.id, 0, 6)
    what, told = row.subject or "fixed", {"reference": reference}
    log.error("bug %s in %s %s %s (%s)", reference, doing, row.kind, row.id, what, exc_info=error, extra=told)
    return f"bug {reference} in {doing}"
