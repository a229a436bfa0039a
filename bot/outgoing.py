"""What leaves: outbox rows, and the placements of what was posted. The relay sends them; nothing else does."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum

import msgspec

from bot.domain.ids import CommunityId, PersonId
from bot.domain.records import record
from bot.view import View


class Lane(msgspec.Struct, frozen=True, order=True):
    """A channel as the outbox knows it: order and rate are kept per lane. A direct message's place is `@user`."""

    platform: str
    team: str
    place: str


class SendKind(StrEnum):
    """`POST` a new message; `REFRESH` one posted before to what its subject is now; `PROVISION`: ask the platform for a room."""

    POST = "post"
    REFRESH = "refresh"
    PROVISION = "provision"


class SendState(IntEnum):
    """An attempted row never becomes waiting again for another body: `SENDING` keeps what was rendered."""

    WAITING = 0
    SENDING = 1
    DELIVERED = 2
    DEAD = 3
    SUPERSEDED = 4


class Outgoing(msgspec.Struct, frozen=True):
    """One row of the outbox, as a decision makes it.

    `id` is derived from the request's origin: a platform that takes a transaction id gets this one. Exactly one of
    `view` (a fixed message) and `subject` (a live card, rendered when its turn comes) is set, save for PROVISION whose
    `view` is None and whose `subject` names the group. `tag` comes back in a system request once it was delivered.
    `at` is when it was decided (real time). `under`: the platform's id of a message that this one answers, in its thread.
    """

    community: CommunityId
    id: str
    lane: Lane
    kind: SendKind
    subject: str = ""
    view: View | None = None
    tag: str = ""
    at: datetime | None = None
    under: str = ""

    @property
    def coalesce(self) -> str:
        """Rows of one key merge while none of them was attempted; "" never merges."""
        if self.kind is not SendKind.REFRESH:
            return ""
        return f"{self.lane.platform}|{self.lane.team}|{self.lane.place}|{self.subject}"


class Claimed(msgspec.Struct, frozen=True):
    """A row whose turn has come. `rendered` is what an earlier, uncertain attempt sent: send that again, same id.

    `remote` is the platform's id of the message to refresh ("" when it was never posted).
    """

    row: Outgoing
    sequence: int
    attempts: int
    rendered: bytes | None
    remote: str


class DeadLetter(msgspec.Struct, frozen=True):
    """A row that was parked: it will not be sent, and is kept until somebody sends it again or drops it.

    `parked_at` is real time; None where it was not kept yet.
    """

    row: Outgoing
    error: str
    parked_at: datetime | None


class Queue(msgspec.Struct, frozen=True):
    """A lane in which rows have waited for long: how many, since when (real time), and what the first one failed of, if it did."""

    community: CommunityId
    lane: Lane
    rows: int
    since: datetime
    error: str


@record(key="community subject platform team place", lists=("community subject", "platform team place"), logged=False)
class Placement:
    """Where a live card was posted, with the platform's id of the message ("" until delivered)."""

    community: CommunityId
    subject: str
    platform: str
    team: str
    place: str
    remote: str
    posted_at: datetime


@record(key="community platform account", logged=False)
class Cursor:
    """How far a platform's account has read, where the platform is asked what happened since: a position of the platform's.

    `community` is "": an account reads for all of them. It is kept after what it read was done.
    """

    community: CommunityId
    platform: str
    account: str
    position: str


START_PAGE = "home"
"""The `remote` of a person's start page, where a platform has one: a page is not a message, so it has no id to note."""


def home_of(person: PersonId) -> str:
    """The subject of a person's start page."""
    return f"home:{person}"


def page_of(user: str) -> str:
    """The place of an account's start page."""
    return f"~{user}"
