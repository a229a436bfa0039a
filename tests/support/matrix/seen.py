"""What somebody sees in Matrix, at one time; nothing here changes when the room does."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

from tests.support.matrix.api import Json


@dataclass(frozen=True)
class Message:
    """A message as it stands, after its edits. `at` is the homeserver's time, in milliseconds.

    `failure` says why it cannot be read, if so; `shield` is the warning beside it ("GREY", "RED"), and `doubt` the reason.
    `thread` is the message that begins its thread, `answers` the one it replies to. `reactions` are by whom, by emoji.
    """

    id: str
    room: str
    sender: str
    type: str
    at: int
    content: Json
    thread: str
    answers: str
    edited: bool
    redacted: bool
    encrypted: bool
    failure: str
    shield: str
    doubt: str
    reactions: dict[str, list[str]]

    @property
    def readable(self) -> bool:
        """It is not encrypted, or could be decrypted."""
        return not self.failure

    @property
    def msgtype(self) -> str:
        """`m.text` and so on; nothing for what is no `m.room.message`."""
        return str(self.content.get("msgtype", ""))

    @property
    def body(self) -> str:
        """Its plain text; for a file, the caption or the name."""
        return str(self.content.get("body", ""))

    @property
    def html(self) -> str:
        """Its formatted text, if any."""
        return str(self.content.get("formatted_body", ""))

    @property
    def mentions(self) -> list[str]:
        """Who is notified by name; "@room" stands for everybody."""
        named = self.content.get("m.mentions", {})
        return [*named.get("user_ids", ()), *(["@room"] if named.get("room") else ())]


@dataclass(frozen=True)
class Poll:
    """A poll as Element counts it. `votes` are the answers of each person, `counts` the people for each answer, by their words."""

    id: str
    question: str
    disclosed: bool
    most: int
    answers: tuple[str, ...]
    votes: dict[str, tuple[str, ...]]
    counts: dict[str, int]
    ended: bool
    undecryptable: int
    ids: dict[str, str]
    """The id of each answer, by its words."""

    @classmethod
    def of(cls, raw: Json) -> Self:
        """From Element's process."""
        words = {answer["id"]: answer["text"] for answer in raw["answers"]}
        return cls(
            raw["id"],
            raw["question"],
            raw["disclosed"],
            raw["most"],
            tuple(words.values()),
            {user: tuple(words[each] for each in answers) for user, answers in raw["votes"].items()},
            {words[each]: count for each, count in raw["counts"].items()},
            raw["ended"],
            raw["undecryptable"],
            {text: each for each, text in words.items()},
        )


@dataclass(frozen=True)
class Listed:
    """A room in somebody's list of rooms. `inviter` and `direct` are set while they are only invited."""

    id: str
    name: str
    membership: str
    inviter: str
    direct: bool
    type: str


@dataclass(frozen=True)
class Room(Listed):
    """A room that somebody is in. `members` are everybody's membership, `names` how they are called here."""

    version: str
    creators: list[str]
    members: dict[str, str]
    names: dict[str, str]
    encrypted: bool
    state: dict[str, dict[str, Json]]

    def content(self, type_: str, key: str = "") -> Json:
        """The content of a state event; empty when there is none."""
        return self.state.get(type_, {}).get(key, {})

    @property
    def topic(self) -> str:
        """What it is about."""
        return str(self.content("m.room.topic").get("topic", ""))

    @property
    def alias(self) -> str:
        """Its main address."""
        return str(self.content("m.room.canonical_alias").get("alias", ""))

    @property
    def join_rule(self) -> str:
        """Who may join."""
        return str(self.content("m.room.join_rules").get("join_rule", "invite"))

    @property
    def history(self) -> str:
        """Who may read what was said before."""
        return str(self.content("m.room.history_visibility").get("history_visibility", "shared"))

    @property
    def parents(self) -> list[str]:
        """The spaces it says it is in."""
        return _linked(self.state.get("m.space.parent", {}))

    @property
    def children(self) -> list[str]:
        """The rooms in it, for a space."""
        return _linked(self.state.get("m.space.child", {}))

    @property
    def successor(self) -> str:
        """The room that replaces it, if one does."""
        return str(self.content("m.room.tombstone").get("replacement_room", ""))

    @property
    def pinned(self) -> list[str]:
        """The messages pinned to it."""
        return list(self.content("m.room.pinned_events").get("pinned", ()))

    def power(self, user_id: str) -> float:
        """Somebody's power level; that of a creator is infinite from version 12 on."""
        if user_id in self.creators and int(self.version) >= _CREATORS_RULE:
            return math.inf
        levels = self.content("m.room.power_levels")
        return float(levels.get("users", {}).get(user_id, levels.get("users_default", 0)))


_CREATORS_RULE = 12


@dataclass(frozen=True)
class Device:
    """`signed`: by its owner's identity; `verified`: this identity is also one that the one who looks has verified."""

    signed: bool
    verified: bool


@dataclass(frozen=True)
class Trust:
    """What somebody knows of somebody's identity. `changed`: it is another one now, and awaits a yes."""

    known: bool
    verified: bool
    changed: bool
    devices: dict[str, Device]

    @classmethod
    def of(cls, raw: Json) -> Self:
        """From Element's process."""
        devices = {name: Device(**device) for name, device in raw["devices"].items()}
        return cls(raw["known"], raw["verified"], raw["changed"], devices)


def _linked(rooms: dict[str, Json]) -> list[str]:
    return [room for room, content in rooms.items() if content.get("via")]
