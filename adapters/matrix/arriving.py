"""What comes from a homeserver, in this adapter's own words: plain data, whatever library read it.

Every value is as its sender's server gave it, checked for its type and nothing else: names, bodies and HTML are
untrusted. `at` is `origin_server_ts`, which a sender's own server can forge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event in a room the bot is in. `event` is its id, the same whenever it is handed over again.

    `encrypted`: it was, and the device that encrypted it is the sender's. `early`: it was sent after the bot was
    invited, but before it joined; what is older than that is never handed over.
    """

    room: str
    event: str
    sender: str
    at: datetime
    encrypted: bool = False
    early: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as a message carries it. `keys`: what decrypts it, as the event has it; empty for one in the clear.

    `size` (bytes) and `mime` are what the sender says they are.
    """

    uri: str
    name: str
    mime: str
    size: int
    keys: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Happened):
    """`m.room.message`, but for edits. `kind` is its `msgtype`: `m.text`, `m.notice`, `m.emote`, `m.file`, `m.image` …

    `html` is its formatted body, "" without one. `reply_to` is only set for real replies, not for a thread's fallback.
    """

    kind: str
    body: str
    html: str = ""
    mentions: tuple[str, ...] = ()
    mentions_room: bool = False
    thread: str = ""
    reply_to: str = ""
    file: Attachment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit(Happened):
    """The message `target` is to read otherwise. Nothing says that `sender` wrote it: compare."""

    target: str
    kind: str
    body: str
    html: str = ""
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Redaction(Happened):
    """The event `target` was deleted, by its author or by somebody with the power to."""

    target: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction(Happened):
    """An emoji (`key`) put to the event `target`. Never encrypted, in encrypted rooms neither."""

    target: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PollStart(Happened):
    """Somebody began a poll: `answers` are pairs of id and text."""

    question: str
    answers: tuple[tuple[str, str], ...]
    disclosed: bool
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResponse(Happened):
    """What somebody answers a poll from now on: ids of answers as given; none takes an earlier answer back.

    More than the poll allows and unknown ones are left in: the poll knows what to do with them.
    """

    poll: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PollEnd(Happened):
    """Somebody ended a poll."""

    poll: str


class Member(StrEnum):
    """How somebody stands to a room."""

    JOIN = "join"
    INVITE = "invite"
    KNOCK = "knock"
    LEAVE = "leave"
    BAN = "ban"


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(Happened):
    """Somebody (`user`; the bot too) stands to a room otherwise than before, by the act of `sender`."""

    user: str
    now: Member
    before: Member
    name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange(Happened):
    """Any other state of a room was set: name, topic, power levels, join rules, … `content` is the event's."""

    type: str
    key: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded(Happened):
    """The room was replaced (`m.room.tombstone`) by the room `replacement`, which the bot is to join."""

    replacement: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecryptable(Happened):
    """An event that could not be decrypted, nor its key got in time. Should the key come later, so does the event.

    It is told once, and `event` is the id that the event itself will have.

    `reason`: `no-key` (it did not come), `withheld` (the sender's client will not give it, `code` says why:
    `m.unverified`, `m.blacklisted`, `m.no_olm`, …), `sender` (no device of the sender's encrypted it), `broken`.
    """

    reason: str
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """The bot is invited to a room. Told once, like all else: accept or decline it before its batch counts as kept."""

    room: str
    inviter: str
    direct: bool
    name: str
    alias: str
    encrypted: bool
    space: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """The bot is in a room no longer: it was kicked or banned (`now`), it left, or the room was deleted.

    `by` is the bot itself for the latter two, or "" where the homeserver only says that the bot is not there.
    """

    room: str
    by: str
    now: Member
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Events of a room between two syncs that the homeserver does not give any more, or that are too many."""

    room: str


Arrived = (
    Message
    | Edit
    | Redaction
    | Reaction
    | PollStart
    | PollResponse
    | PollEnd
    | Membership
    | StateChange
    | Upgraded
    | Undecryptable
    | Invitation
    | Removed
    | Gap
)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one answer of the homeserver brought, or a part of it: what each person did in its order, in whichever rooms.

    `token` is to be kept in the transaction that keeps the effects of `arrived`, and given when syncing begins anew;
    None: more of the same answer follows, and the token kept stays. What was handed over but not kept with its token
    comes again, with the same event ids.
    """

    arrived: tuple[Arrived, ...]
    token: str | None
