"""What a platform gives to the relay: how its messages are made, posted, edited and found again, and how fast it takes them.

The relay owns order, retries and rates; a sender does one thing once and says truthfully how it went: an answer, or one
of the three errors below, which differ in whether the platform took the message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from adapters.shared.rates import Rate
from bot.domain.ids import CommunityId
from bot.outgoing import Lane
from bot.view import View


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

    def render(self, view: View, lane: Lane) -> bytes:
        """What will be sent for a view. Runs in a worker thread; raising is a bug, and parks the row."""
        ...

    async def post(self, lane: Lane, row_id: str, body: bytes) -> str:
        """Post a message and return the platform's id of it. Where the platform can, one `row_id` is one message."""
        ...

    async def refresh(self, lane: Lane, row_id: str, remote: str, body: bytes) -> None:
        """Make the message `remote` read `body`. Doing it twice must do no harm."""
        ...

    async def open_room(self, lane: Lane, row_id: str, community: CommunityId, group_subject: str) -> Room | None:
        """Open a group's room, or return the one opened under this `row_id` before. None: rooms are not opened here."""
        ...

    async def find(self, lane: Lane, row_id: str, since: datetime) -> str | None:
        """The id of the message posted under `row_id` at or after `since`; None when there is none.

        A platform whose ids make posting twice harmless simply returns None.
        """
        ...

    def pace(self, lane: Lane) -> Pace:
        """How fast the lane may go."""
        ...
