"""The rooms the bot is in, as the homeserver last told: who is there, what may be done, where it was replaced.

Kept in memory and built anew with every start. Room state is other people's writing: nothing here trusts its types.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.matrix.arriving import Member

CREATOR_LEVEL: Final = 2**53
"""What the creators of a room have from version 12 on: more than any number the room can give."""

CREATORS_ABOVE_ALL: Final = 12
DEFAULT_MODERATING: Final = 50
MEMBERSHIPS: Final = frozenset(str(each) for each in Member)
MARK: Final = "org.wgbot.room"
"""The state by which the bot knows rooms it made: for whom, and what for."""

KEPT: Final = frozenset(
    {
        MARK,
        "m.room.avatar",
        "m.room.canonical_alias",
        "m.room.create",
        "m.room.encryption",
        "m.room.guest_access",
        "m.room.history_visibility",
        "m.room.join_rules",
        "m.room.name",
        "m.room.pinned_events",
        "m.room.power_levels",
        "m.room.tombstone",
        "m.room.topic",
        "m.space.child",
        "m.space.parent",
    }
)
"""The state that is kept; of others only the event is handed on."""

Json = dict[str, Any]


@dataclass(slots=True)
class JoinedRoom:
    """A room: its state by type and key, and how people stand to it."""

    room: str
    state: dict[tuple[str, str], Json] = field(default_factory=dict)
    creator: str = ""
    members: dict[str, Member] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def take(self, event: Mapping[str, Any]) -> None:
        """Take a state event."""
        kind, key, content = event.get("type"), event.get("state_key"), event.get("content")
        if not isinstance(kind, str) or not isinstance(key, str) or not isinstance(content, dict):
            return
        if kind == "m.room.member":
            now = member(content)
            self.members[key] = now
            name = content.get("displayname")
            self.names[key] = name if isinstance(name, str) else ""
            if now in (Member.LEAVE, Member.BAN):
                del self.members[key], self.names[key]
        elif kind in KEPT:
            self.state[kind, key] = content
            if kind == "m.room.create":
                self.creator = str(event.get("sender") or "")

    def content(self, kind: str, key: str = "") -> Json:
        """The content of a piece of state; empty if it was never set."""
        return self.state.get((kind, key), {})

    def _text(self, kind: str, name: str) -> str:
        value = self.content(kind).get(name)
        return value if isinstance(value, str) else ""

    @property
    def encrypted(self) -> bool:
        """Whether messages are encrypted. Once switched on, it stays."""
        return ("m.room.encryption", "") in self.state

    @property
    def name(self) -> str:
        """Its name, "" without one."""
        return self._text("m.room.name", "name")

    @property
    def topic(self) -> str:
        """Its topic."""
        return self._text("m.room.topic", "topic")

    @property
    def alias(self) -> str:
        """Its main alias, #…:…, "" without one."""
        return self._text("m.room.canonical_alias", "alias")

    @property
    def join_rule(self) -> str:
        """`public`, `invite`, `knock`, `restricted`, …"""
        return self._text("m.room.join_rules", "join_rule") or "invite"

    @property
    def history(self) -> str:
        """Who may read what was said before they came: `world_readable`, `shared`, `invited`, `joined`."""
        return self._text("m.room.history_visibility", "history_visibility") or "shared"

    @property
    def replacement(self) -> str:
        """The room that replaced it, "" if none did."""
        return self._text("m.room.tombstone", "replacement_room")

    @property
    def closed(self) -> bool:
        """Whether it was replaced or shut down for good."""
        return ("m.room.tombstone", "") in self.state

    @property
    def space(self) -> bool:
        """Whether it is a Space."""
        return self._text("m.room.create", "type") == "m.space"

    @property
    def version(self) -> str:
        """Its room version."""
        return self._text("m.room.create", "room_version") or "1"

    @property
    def creators(self) -> frozenset[str]:
        """Who made it."""
        others = self.content("m.room.create").get("additional_creators")
        added = [each for each in others if isinstance(each, str)] if isinstance(others, list) else []
        return frozenset([self.creator, *added]) - {""}

    @property
    def creators_above_all(self) -> bool:
        """Whether creators have power without being named, and must not be (from version 12 on)."""
        version = self.version
        return version.isdecimal() and int(version) >= CREATORS_ABOVE_ALL

    @property
    def present(self) -> frozenset[str]:
        """Who is in it, or invited: whom an encrypted message is for."""
        return frozenset(user for user, how in self.members.items() if how in (Member.JOIN, Member.INVITE))

    @property
    def joined(self) -> frozenset[str]:
        """Who is in it."""
        return frozenset(user for user, how in self.members.items() if how is Member.JOIN)

    def level(self, user: str) -> int:
        """A user's power level."""
        if self.creators_above_all and user in self.creators:
            return CREATOR_LEVEL
        levels = self.content("m.room.power_levels")
        if not levels:
            return 100 if user in self.creators else 0
        users = levels.get("users")
        named = users.get(user) if isinstance(users, dict) else None
        return _number(named, _number(levels.get("users_default"), 0))

    def level_to(self, act: str, *, state: bool = False) -> int:
        """The level needed: for `invite`, `kick`, `ban`, `redact`, or to send an event of a type."""
        levels = self.content("m.room.power_levels")
        if act in ("invite", "kick", "ban", "redact"):
            return _number(levels.get(act), 0 if act == "invite" else DEFAULT_MODERATING)
        events = levels.get("events")
        named = events.get(act) if isinstance(events, dict) else None
        default = _number(levels.get("state_default"), DEFAULT_MODERATING if levels else 0)
        return _number(named, default if state else _number(levels.get("events_default"), 0))

    def may(self, user: str, act: str, *, state: bool = False) -> bool:
        """Whether a user has the power for an act, as in `level_to`."""
        return self.level(user) >= self.level_to(act, state=state)


class JoinedRooms:
    """All of them."""

    def __init__(self) -> None:
        self._rooms: dict[str, JoinedRoom] = {}
        self.complete = False
        """Whether all of them are known: after the first sync of this process."""
        self.doubted = False
        """Whether a homeserver said of one of them that the bot is not there: then it is asked for all of them."""

    def __iter__(self) -> Iterator[JoinedRoom]:
        return iter(self._rooms.values())

    def __contains__(self, room: object) -> bool:
        return room in self._rooms

    def get(self, room: str) -> JoinedRoom | None:
        """A room; None where the bot is not."""
        return self._rooms.get(room)

    def entered(self, room: str) -> JoinedRoom:
        """A room the bot is in; known from now on."""
        return self._rooms.setdefault(room, JoinedRoom(room))

    def put(self, asked: JoinedRoom) -> JoinedRoom:
        """A room that was asked for, unless a sync told of it meanwhile."""
        return self._rooms.setdefault(asked.room, asked)

    def made(self, asked: JoinedRoom) -> None:
        """A room the bot made, as it was asked for after that: more than a sync told of it meanwhile."""
        self._rooms[asked.room] = asked

    def left(self, room: str) -> None:
        """The bot is there no longer."""
        self._rooms.pop(room, None)


def member(content: Mapping[str, Any] | None) -> Member:
    """How the content of an `m.room.member` says somebody stands to a room."""
    said = (content or {}).get("membership")
    return Member(said) if isinstance(said, str) and said in MEMBERSHIPS else Member.LEAVE


def _number(value: object, default: int) -> int:
    """A power level: old rooms have some in words, and anybody may have written a truth value."""
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            return default
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else default
