"""What keeps messages from arriving, until somebody does something about it: in a channel, or in all of a workspace.

Kept beside the log: it is no act of the body's. How the Secretariat hears of it is `bot.reactions.troubles`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ids import CommunityId
from bot.domain.records import Reads, record
from bot.outgoing import Lane, Outgoing, SendKind
from bot.ports import UnitOfWork

TELLING = "trouble"
"""The tag of a message that tells of a trouble. If it does not arrive, nobody is told of that."""

TOLD_AGAIN = timedelta(days=1)
"""How long after people were told they are told again, if it still goes on."""

WHOLE_WORKSPACE = ""
"""The place of a trouble that is all of a workspace's or server's."""


class Reason(StrEnum):
    """Why a platform takes nothing, in words of no platform's. A sender may give others: they are shown as they are."""

    ROOM_GONE = "room-gone"
    ROOM_ARCHIVED = "room-archived"
    NOT_IN_ROOM = "not-in-room"
    NOT_ALLOWED = "not-allowed"
    PERSON_GONE = "person-gone"
    PERSON_CLOSED = "person-closed"
    MESSAGE_GONE = "message-gone"
    TOO_LONG = "too-long"
    MALFORMED = "malformed"
    NAME_TAKEN = "name-taken"
    REVOKED = "access-revoked"
    REMOVED = "app-removed"
    LOCKED = "account-locked"
    UNANSWERED = "unanswered"
    BUG = "bug"


@record(
    key="community platform team place reason",
    lists=("community", "community platform team"),
    logged=False,
)
class Trouble:
    """Messages do not arrive at a place, for a reason: how often since when, and when people were told (real time).

    `count` 0: it is over, and only `told_at` matters still, so that people are not told of its return on the same day.
    """

    community: CommunityId
    platform: str
    team: str
    place: str
    reason: str
    since: datetime
    last_at: datetime
    count: int
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Undelivered:
    """People are to be told of a trouble. `kind` and `subject` are those of the message that met it."""

    trouble: Trouble
    kind: SendKind
    subject: str


def place_of(lane: Lane, kind: SendKind, subject: str) -> str:
    """Where a row has its trouble: in its lane's place; each room that cannot be made is a trouble of its own."""
    return f"{lane.place} {subject}" if kind is SendKind.PROVISION else lane.place


def met(reads: Reads, community: CommunityId, lane: Lane, place: str, reason: str, at: datetime) -> Trouble:
    """The trouble at a place of the lane's workspace, with one more message that met it."""
    known = reads.get(Trouble, community, lane.platform, lane.team, place, reason)
    if known is None:
        return Trouble(community, lane.platform, lane.team, place, reason, at, at, 1)
    return replace(known, since=known.since if known.count else at, last_at=at, count=known.count + 1)


def to_be_told(trouble: Trouble, at: datetime) -> bool:
    """Whether people have not been told within a day."""
    return trouble.told_at is None or at - trouble.told_at >= TOLD_AGAIN


def over(work: UnitOfWork, row: Outgoing, at: datetime) -> None:
    """A row arrived: there is no trouble where it went, nor with its workspace as a whole."""
    place = place_of(row.lane, row.kind, row.subject)
    for trouble in work.all(Trouble, community=row.community, platform=row.lane.platform, team=row.lane.team):
        if trouble.place not in (place, WHOLE_WORKSPACE):
            continue
        if to_be_told(trouble, at):
            work.drop(trouble)
        elif trouble.count:
            work.put(replace(trouble, count=0))


def troubles(reads: Reads, community: CommunityId) -> tuple[Trouble, ...]:
    """Those there are now."""
    return tuple(each for each in reads.all(Trouble, community=community) if each.count)
