"""What a platform gives to the relay: a sender, which does one thing once and says truthfully how it went.

That is an answer, or one of the errors below; they differ in whether the platform took the message, and in what else
has to wait. How an attempt is made with it is `adapters.shared.delivery`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from adapters.shared.rates import Rate
from bot.domain.ids import CommunityId
from bot.outgoing import Lane, Outgoing
from bot.ports import UnitOfWork
from bot.view import View


class SendError(Exception):
    """A message did not arrive, or it is not known whether it did."""


class Rejected(SendError):
    """The platform certainly did not take it, and never will. The row is parked, and people are told.

    `reason` is a stable code: one of `bot.troubles.Reason`, or a code of the platform's that none of these covers.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RateLimited(SendError):
    """The platform certainly did not take it: too much at once. Waited out, and never given up.

    `workspace`: the limit is not this lane's alone, so every lane's calls of the same `Pace.pool` wait; `all_pools`:
    the workspace's other calls too. `partly`: a beginning was taken after all, and the rest is to follow (`Sender.find`).
    """

    def __init__(
        self, retry_after_seconds: float, *, workspace: bool = False, all_pools: bool = False, partly: bool = False
    ) -> None:
        super().__init__(f"rate limited for {retry_after_seconds:g} s")
        self.retry_after_seconds = retry_after_seconds
        self.workspace = workspace or all_pools
        self.all_pools = all_pools
        self.partly = partly


class Shut(SendError):
    """The workspace or server takes nothing from us at all: access was revoked, wgbot was removed, an account locked.

    Certainly not taken (save for a beginning: `partly`), and nothing is parked: all of the workspace's lanes wait, and
    one message is tried every `retry_after_seconds` until one is taken. `reason`: as in `Rejected`.
    """

    def __init__(self, reason: str, retry_after_seconds: float = 300.0, *, partly: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after_seconds = retry_after_seconds
        self.partly = partly


class Unreachable(SendError):
    """No answer, or none that tells: the platform may have taken it, or a part of it. It is looked for (`Sender.find`)."""

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
    """How fast a platform takes one kind of call; None: as fast as they come.

    `pool` names the budget the call is taken from: `workspace` is the rate of all calls of one pool in a team or
    server, `lane` that of those in one channel. After an attempt of unknown outcome the message is looked for no
    earlier than `grace_seconds` later: some platforms show it only then.
    """

    lane: Rate | None = None
    workspace: Rate | None = None
    pool: str = ""
    grace_seconds: float = 0.0


class Sender(Protocol):
    """One platform, as the relay uses it. Every `async` method raises the errors above, and nothing else on purpose.

    They are cancelled when they take longer than the relay waits, so each must be safe to cut short.

    A view may take several messages. Then the first one's id stands for all of them, and each carries `row_id` and its
    number, so that `find` can tell which are there. When some were taken and the rest not, `post` raises `Unreachable`,
    or an error with `partly`; the next attempt's `find` sends what is missing.
    """

    @property
    def platform(self) -> str:
        """The platform its lanes name."""
        ...

    def render(self, view: View, row: Outgoing, /) -> bytes:
        """What will be sent for the view that a row shows. Runs in a worker thread; raising is a bug, and parks the row."""
        ...

    async def post(self, lane: Lane, row_id: str, body: bytes, /) -> str:
        """Post a message and return the platform's id of it. Where the platform can, one `row_id` is one message."""
        ...

    async def refresh(self, lane: Lane, row_id: str, remote: str, body: bytes, /) -> str:
        """Make the message `remote` read `body`; its id from now on. Doing it twice must do no harm."""
        ...

    async def open_room(self, lane: Lane, row_id: str, community: CommunityId, group_subject: str, /) -> Room | None:
        """The room this group has here, made right: its topic set, its co-facilitators invited. None: there are none here.

        The one the group has as its home on this platform and team, however it got it; else the one opened under this
        `row_id` before; else a new one. Of a group that has ended, the home it has is closed, and none is made (None). Never a second one: it is asked again when co-facilitators are appointed later.
        """
        ...

    async def find(self, lane: Lane, row_id: str, since: datetime, body: bytes, /) -> str | None:
        """The id of the message posted under `row_id` at or after `since`, once all of `body` is there.

        Called instead of `post` when an earlier attempt may have arrived. A message of which only a part is there is
        completed first. None when nothing of it is there: `post` follows. A platform whose ids make posting twice
        harmless simply returns None.
        """
        ...

    def pace(self, row: Outgoing, /) -> Pace:
        """How fast rows of this one's kind may go in its lane (`row.kind`, `row.lane`, `row.subject`)."""
        ...


@runtime_checkable
class Elected(Protocol):
    """A sender of a platform on which the bot is one device: of several processes, one sends there at a time."""

    def holds(self, work: UnitOfWork, /) -> bool:
        """Whether it is this one, until the transaction ends (`adapters.shared.election`)."""
        ...
