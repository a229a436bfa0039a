"""What keeps messages from arriving, until somebody does something about it: in a channel, or in all of a workspace.

Kept beside the log: it is no act of the body's. The Secretariat is told by `bot.reactions.troubles`.
"""

from __future__ import annotations

from enum import StrEnum


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
