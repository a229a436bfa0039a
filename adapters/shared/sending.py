"""One row on its way: what a platform gives to the relay, and one attempt to send with it.

A sender does one thing once and says truthfully how it went: an answer, or one of the three errors below, which differ
in whether the platform took the message. Order, leases and what is marked in the outbox are the relay's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar, assert_never

import msgspec

from adapters.shared.rates import Rate, Rates, Retries
from bot.context import Request, Space
from bot.domain.ids import CommunityId, derived
from bot.outgoing import Claimed, Lane, Outgoing, SendKind
from bot.view import View

log = logging.getLogger(__name__)

T = TypeVar("T")

HELD_SECONDS = 1.0
"""How long a lane's lease is held waiting for its turn in the workspace; longer, and the lane is given back."""


class SendError(Exception):
    """A message did not arrive, or it is not known whether it did."""


class Rejected(SendError):
    """The platform certainly did not take it, and never will: `reason` is kept with the dead letter."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RateLimited(SendError):
    """The platform certainly did not take it: too much at once. `workspace`: the limit is not this lane's alone."""

    def __init__(self, retry_after_seconds: float, *, workspace: bool = False) -> None:
        super().__init__(f"rate limited for {retry_after_seconds:g} s")
        self.retry_after_seconds = retry_after_seconds
        self.workspace = workspace


class Unreachable(SendError):
    """No answer, or none that tells: the platform may have taken it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Room:
    """A room as the platform addresses it (`place`) and as people call it (`name`)."""

    place: str
    name: str


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a platform takes messages; None: as fast as they come.

    `lane` is for one channel; `workspace` for all of a team's or server's. After an attempt of unknown outcome the
    message is looked for no earlier than `grace_seconds` later: some platforms show it only then.
    """

    lane: Rate | None = None
    workspace: Rate | None = None
    grace_seconds: float = 0.0


class Sender(Protocol):
    """One platform, as the relay uses it. Every `async` method raises `Rejected`, `RateLimited` or `Unreachable`.

    They are cancelled when they take longer than the relay waits, so each must be safe to cut short.
    """

    @property
    def platform(self) -> str:
        """The platform its lanes name."""
        ...

    def render(self, view: View, lane: Lane, /) -> bytes:
        """What will be sent for a view. Runs in a worker thread; raising is a bug, and parks the row."""
        ...

    async def post(self, lane: Lane, row_id: str, body: bytes, /) -> str:
        """Post a message and return the platform's id of it. Where the platform can, one `row_id` is one message."""
        ...

    async def refresh(self, lane: Lane, row_id: str, remote: str, body: bytes, /) -> None:
        """Make the message `remote` read `body`. Doing it twice must do no harm."""
        ...

    async def open_room(self, lane: Lane, row_id: str, community: CommunityId, group_subject: str, /) -> Room | None:
        """Open a group's room, or return the one opened under this `row_id` before. None: rooms are not opened here."""
        ...

    async def find(self, lane: Lane, row_id: str, since: datetime, /) -> str | None:
        """The id of the message posted under `row_id` at or after `since`; None when there is none.

        A platform whose ids make posting twice harmless simply returns None.
        """
        ...

    def pace(self, lane: Lane, /) -> Pace:
        """How fast the lane may go."""
        ...


class Attempt(msgspec.Struct, frozen=True):
    """What is kept with a row in `Claimed.rendered`: when it was first sent, how often, and what.

    `body` None: its turn has come, but it was not rendered yet, so it was certainly not sent.
    """

    since: datetime
    tries: int = 0
    body: bytes | None = None


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
    """The platform's id of the message, and the system request that follows."""

    remote: str
    follows: Request | None = None
    sent: bool = True


@dataclass(frozen=True, slots=True)
class Failed:
    """Why, and what next: again after `retry_seconds`, or never (None).

    `keep`: the attempt stays with the row, because it may have arrived or to be counted; `kept` replaces it.
    """

    error: str
    retry_seconds: float | None
    keep: bool
    kept: Attempt | None = None


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
        retries: Retries,
        patience_seconds: float,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[object]],
        chance: Callable[[], float],
    ) -> None:
        self._senders = {sender.platform: sender for sender in senders}
        self._view_of = view_of
        self._mark = mark
        self._rates = rates
        self._retries = retries
        self._patience = patience_seconds
        self._now = now
        self._sleep = sleep
        self._chance = chance
        self._rendering: ThreadPoolExecutor | None = None

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms it can send to."""
        return tuple(self._senders)

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
        sender = self._senders[row.lane.platform]
        try:
            pace = sender.pace(row.lane)
            while wait := self._rates.admit(row.lane, pace.lane, pace.workspace):
                if wait > HELD_SECONDS:
                    return Failed("waiting for its turn", wait, doubt is not None)
                await self._sleep(wait)
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
            return await self._within(self._patience, self._send(sender, turn, attempt))
        except Rejected as error:
            log.warning("%s %s is parked, %s rejected it: %s", row.kind, row.id, sender.platform, error.reason)
            return Failed(error.reason, None, keep=True)
        except RateLimited as error:
            seconds = error.retry_after_seconds * (1 + 0.3 * self._chance())
            if error.workspace:
                self._rates.hold_workspace(row.lane, seconds)
            return Failed(str(error), seconds, doubt is not None, doubt)
        except (Unreachable, OSError) as error:
            return self._unanswered(row, tries, str(error), pace.grace_seconds)
        except Exception as error:  # the same
            most = self._retries.bugs
            return self._unanswered(row, tries, _bug(row, "sending", error), pace.grace_seconds, most)

    def _unanswered(self, row: Outgoing, tries: int, error: str, grace_seconds: float, most: int = 0) -> Failed:
        if tries >= (most or self._retries.attempts):
            log.error("%s %s is parked after %d attempts: %s", row.kind, row.id, tries, error)
            return Failed(error, None, keep=True)
        return Failed(error, max(grace_seconds, self._retries.after(tries, self._chance())), keep=True)

    def _unshown(self, row: Outgoing, tries: int, error: str, doubt: Attempt | None) -> Failed:
        """Tried again a little later, lest a database that cannot be read for a moment costs a message."""
        if tries >= self._retries.renders:
            log.error("%s %s is parked: %s", row.kind, row.id, error)
            return Failed(error, None, keep=True)
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
        return None if view is None else sender.render(view, row.lane)

    def _nothing_to_show(self, turn: Turn) -> Arrived | Failed:
        """A card whose subject is gone is left as it last was; there is no sense in posting it."""
        row = turn.claimed.row
        if row.kind is SendKind.REFRESH:
            return Arrived(turn.claimed.remote, sent=False)
        log.error("%s %s shows nothing: %s", row.kind, row.id, row.subject)
        return Failed("nothing to show", None, keep=False)

    async def _send(self, sender: Sender, turn: Turn, attempt: Attempt) -> Arrived:
        claimed = turn.claimed
        row, lane, body = claimed.row, claimed.row.lane, attempt.body or b""
        match row.kind:
            case SendKind.POST:
                remote = await sender.find(lane, row.id, attempt.since) if turn.doubt is not None else None
                if remote is None:
                    remote = await sender.post(lane, row.id, body)
                return Arrived(remote, self._request("delivered", row, {"tag": row.tag}) if row.tag else None)
            case SendKind.REFRESH:
                await sender.refresh(lane, row.id, claimed.remote, body)
                return Arrived(claimed.remote)
            case SendKind.PROVISION:
                room = await sender.open_room(lane, row.id, row.community, row.subject)
                if room is None:
                    return Arrived("", sent=False)
                return Arrived(room.place, self._request("room opened", row, _where(row, room)))
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


def _where(row: Outgoing, room: Room) -> dict[str, str]:
    lane = row.lane
    return {
        "group": row.subject,
        "platform": lane.platform,
        "team": lane.team,
        "place": room.place,
        "name": room.name,
    }


def _bug(row: Outgoing, doing: str, error: Exception) -> str:
    """Log a bug under a reference. What was to be said is not logged."""
    reference = derived(row.id, 0, 6)
    log.error("bug %s in %s %s %s (%s)", reference, doing, row.kind, row.id, row.subject or "fixed", exc_info=error)
    return f"bug {reference} in {doing}"
