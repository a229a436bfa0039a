"""Rooms as a whole: made, entered, left; their state, aliases, directory, Space, powers, people. Direct rooms.

Everything is looked at before it is done where doing it twice would show. Every method raises the errors of
`adapters.shared.sending`, and nothing else on purpose. What a group's room is to be like is `rooms`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.matrix.account import Account
from adapters.matrix.arriving import Member
from adapters.matrix.errors import translated
from adapters.matrix.joined import MARK, JoinedRoom, JoinedRooms, member
from adapters.matrix.wire import Json
from adapters.shared.sending import RateLimited, Rejected
from bot.troubles import Reason

ENCRYPTION: Final = {"algorithm": "m.megolm.v1.aes-sha2"}
DIRECT: Final = "direct"
NOT_YET_SECONDS: Final = 1.0
JOIN_SECONDS: Final = 60.0
"""How long entering may take: a room of another server is fetched from there."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A room to be made. `alias` is the part before the colon; `mark` is what it is known by later (`MARK`).

    `public`: anybody may enter, and it is in the directory. `readable`: even without entering.
    """

    name: str
    topic: str = ""
    alias: str = ""
    public: bool = False
    readable: bool = False
    encrypted: bool = False
    space: bool = False
    direct: bool = False
    invited: tuple[str, ...] = ()
    mark: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """What somebody says of themselves to their whole server."""

    name: str
    avatar: str


class Places:
    """Acts as an account on rooms."""

    def __init__(self, account: Account, rooms: JoinedRooms) -> None:
        self._account = account
        self._wire = account.wire
        self._rooms = rooms
        self._noting = asyncio.Lock()

    async def create(self, plan: Plan) -> str:
        """Make a room; its id. `Rejected(NAME_TAKEN)`: the alias belongs to another.

        It is known whole from then on. A sync may have seen it half made: not encrypted yet, nobody invited.
        """
        state: list[Json] = []
        if plan.public or plan.readable:
            visible = "world_readable" if plan.readable else "shared"
            state.append({"type": "m.room.history_visibility", "content": {"history_visibility": visible}})
        if plan.encrypted:
            state.append({"type": "m.room.encryption", "content": ENCRYPTION})
        if plan.mark:
            state.append({"type": MARK, "content": dict(plan.mark)})
        body: Json = {
            "preset": "public_chat" if plan.public else "trusted_private_chat" if plan.direct else "private_chat",
            "visibility": "public" if plan.public else "private",
            "invite": list(plan.invited),
            "is_direct": plan.direct,
            "initial_state": [{"state_key": "", **each} for each in state],
        }
        body |= {"name": plan.name} if plan.name else {}
        body |= {"topic": plan.topic} if plan.topic else {}
        body |= {"room_alias_name": plan.alias} if plan.alias else {}
        body |= {"creation_content": {"type": "m.space"}} if plan.space else {}
        with translated():
            made = await self._wire.call("POST", "createRoom", body=body)
        room = str(made["room_id"])
        self._rooms.made(await self.seen(room))
        return room

    async def seen(self, room: str) -> JoinedRoom:
        """A room as the homeserver has it now. `NOT_IN_ROOM` or `NOT_ALLOWED` where the bot may not look."""
        asked = JoinedRoom(room)
        with translated():
            for event in await self._wire.listed("GET", "rooms", room, "state"):
                asked.take(event)
        return asked

    async def state(self, room: str, kind: str, key: str = "") -> Json | None:
        """The content of a piece of state; None if it was never set."""
        try:
            with translated():
                return await self._wire.call("GET", "rooms", room, "state", kind, key)
        except Rejected as error:
            if error.reason == Reason.ROOM_GONE:
                return None
            raise

    async def set_state(self, room: str, kind: str, content: Mapping[str, Any], key: str = "") -> None:
        """Set a piece of state. The same again changes nothing."""
        with translated():
            await self._wire.call("PUT", "rooms", room, "state", kind, key, body=content)

    async def join(self, room: str, via: Iterable[str] = ()) -> str:
        """Enter a room by its id or an alias, asking the servers `via`; its id. Being there already does no harm."""
        query = {"server_name": next(iter(via), "")}
        with translated():
            said = await self._wire.call(
                "POST", "join", room, body={}, query=query if query["server_name"] else None, seconds=JOIN_SECONDS
            )
        return str(said["room_id"])

    async def leave(self, room: str, reason: str = "") -> None:
        """Leave a room, or decline an invitation, saying why. Not being there does no harm."""
        try:
            with translated():
                await self._wire.call("POST", "rooms", room, "leave", body={"reason": reason} if reason else {})
        except Rejected as error:
            if error.reason not in (Reason.NOT_IN_ROOM, Reason.ROOM_GONE):
                raise
        self._rooms.left(room)

    async def invite(self, room: str, user: str, reason: str = "") -> bool:
        """Invite somebody. False: they are there or invited already, or banned, or their server does not know them."""
        known = await self.state(room, "m.room.member", user)
        if member(known) in (Member.JOIN, Member.INVITE, Member.BAN):
            return False
        body = {"user_id": user} | ({"reason": reason} if reason else {})
        try:
            with translated():
                await self._wire.call("POST", "rooms", room, "invite", body=body)
        except Rejected as error:
            if error.reason in (Reason.ROOM_GONE, "M_UNSUPPORTED_ROOM_VERSION"):
                return False
            raise
        return True

    async def resolve(self, alias: str) -> str | None:
        """The room an alias leads to; None if to none."""
        try:
            with translated():
                said = await self._wire.call("GET", "directory", "room", alias)
        except Rejected as error:
            if error.reason == Reason.ROOM_GONE:
                return None
            raise
        return str(said["room_id"])

    async def name_by(self, room: str, alias: str) -> None:
        """Have an alias lead to a room, and be its main one. `Rejected(NAME_TAKEN)`: it leads to another."""
        there = await self.resolve(alias)
        if there not in (None, room):
            raise Rejected(Reason.NAME_TAKEN)
        if there is None:
            with translated():
                await self._wire.call("PUT", "directory", "room", alias, body={"room_id": room})
        known = await self.state(room, "m.room.canonical_alias") or {}
        if known.get("alias") != alias:
            await self.set_state(room, "m.room.canonical_alias", {**known, "alias": alias})

    async def listed(self, room: str) -> bool:
        """Whether a room is in its server's public directory."""
        with translated():
            said = await self._wire.call("GET", "directory", "list", "room", room)
        return said.get("visibility") == "public"

    async def list_publicly(self, room: str) -> None:
        """Put a room into the public directory."""
        if not await self.listed(room):
            with translated():
                await self._wire.call("PUT", "directory", "list", "room", room, body={"visibility": "public"})

    async def empower(self, room: JoinedRoom, users: Iterable[str], level: int) -> None:
        """Have people at a power level at least. Nothing where the bot may not, and of creators who have more."""
        lower = [user for user in dict.fromkeys(users) if room.level(user) < level]
        if not lower or not room.may(self._account.user, "m.room.power_levels", state=True):
            return
        content = await self.state(room.room, "m.room.power_levels") or {}
        named = content.get("users")
        raised = {**(named if isinstance(named, dict) else {}), **dict.fromkeys(lower, level)}
        await self.set_state(room.room, "m.room.power_levels", {**content, "users": raised})

    async def silence(self, room: JoinedRoom, level: int) -> None:
        """Have only people of a power level write in a room. Nothing where the bot may not, or it is so."""
        content = await self.state(room.room, "m.room.power_levels") or {}
        if content.get("events_default") == level or not room.may(
            self._account.user, "m.room.power_levels", state=True
        ):
            return
        await self.set_state(room.room, "m.room.power_levels", {**content, "events_default": level})

    async def put_in_space(self, space: str, room: str) -> None:
        """Have a room in a Space, each saying so."""
        via = {"via": [self._account.server]}
        if not (await self.state(space, "m.space.child", room) or {}).get("via"):
            await self.set_state(space, "m.space.child", {**via, "suggested": True}, room)
        if not (await self.state(room, "m.space.parent", space) or {}).get("via"):
            await self.set_state(room, "m.space.parent", {**via, "canonical": True}, space)

    async def pin(self, room: str, event: str) -> None:
        """Keep a message at hand."""
        pinned = (await self.state(room, "m.room.pinned_events") or {}).get("pinned")
        there = pinned if isinstance(pinned, list) else []
        if event not in there:
            await self.set_state(room, "m.room.pinned_events", {"pinned": [*there, event]})

    async def profile(self, user: str) -> Profile | None:
        """Somebody's profile; None if there is nobody of that id."""
        try:
            with translated():
                said = await self._wire.call("GET", "profile", user)
        except Rejected:
            return None
        name, avatar = said.get("displayname"), said.get("avatar_url")
        return Profile(name if isinstance(name, str) else "", avatar if isinstance(avatar, str) else "")

    async def direct(self, user: str, name: str = "", *, encrypted: bool = True) -> str:
        """The direct room with somebody: one they began, or we did; else a new one, to which they are invited.

        A room that somebody else came into is none any more.

        `Rejected(PERSON_CLOSED)`: they left the room they had with the bot, and began no other. Before the first sync
        it waits to be asked again: a room that is not known yet would be made twice.
        """
        self.known_completely()
        theirs = [each for each in await self._direct_rooms(user) if self._private(each, user)]
        open_ = [each for each in theirs if user in each.present]
        if open_:
            return next((each for each in open_ if user in each.joined), open_[0]).room
        if theirs:
            raise Rejected(Reason.PERSON_CLOSED)
        plan = Plan(name, direct=True, encrypted=encrypted, invited=(user,), mark={"for": DIRECT, "with": user})
        room = await self.create(plan)
        await self.note_direct(user, room)
        return room

    def known_completely(self) -> None:
        """Raises `RateLimited` while the bot does not know all its rooms yet."""
        if not self._rooms.complete:
            raise RateLimited(NOT_YET_SECONDS, workspace=True)

    async def note_direct(self, user: str, room: str) -> None:
        """Have a room known as the direct one with somebody, before any other: ours, or one that they began or turned to."""
        async with self._noting:
            known = await self._directs()
            rooms = known.get(user)
            there = rooms if isinstance(rooms, list) else []
            if there[:1] != [room]:
                noted = {**known, user: [room, *(each for each in there if each != room)]}
                with translated():
                    await self._wire.call("PUT", "user", self._account.user, "account_data", "m.direct", body=noted)

    def _private(self, room: JoinedRoom, user: str) -> bool:
        return not room.closed and room.join_rule != "public" and room.present <= {user, self._account.user}

    async def _direct_rooms(self, user: str) -> list[JoinedRoom]:
        noted = (await self._directs()).get(user)
        ids = [each for each in noted if isinstance(each, str)] if isinstance(noted, list) else []
        # made, but the process died before it was noted
        mark = {"for": DIRECT, "with": user}
        ids += [each.room for each in self._rooms if each.content(MARK) == mark and each.creator == self._account.user]
        found = [self._rooms.get(each) for each in dict.fromkeys(ids)]
        return [each for each in found if each is not None]

    async def _directs(self) -> Json:
        try:
            with translated():
                return await self._wire.call("GET", "user", self._account.user, "account_data", "m.direct")
        except Rejected as error:
            if error.reason == Reason.ROOM_GONE:
                return {}
            raise
