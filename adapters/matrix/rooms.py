"""A working group's public room: found or made, in the body's Space, open, readable, its co-facilitators moderating.

Everything is looked at before it is done, so that doing it again changes nothing. A room of the same alias is taken for
the group's own only with our mark in its state. In a room that was linked, what the bot has no power to do is left out.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Final

from adapters.matrix.arriving import Member
from adapters.matrix.joined import MARK, JoinedRoom, JoinedRooms
from adapters.matrix.places import Places, Plan
from adapters.shared.sending import Rejected, Room
from adapters.shared.words import Words
from bot.domain.community import Community
from bot.domain.facilitators import facilitators
from bot.domain.groups import FORMER, Home, group_of, homes_of
from bot.domain.ids import CommunityId, GroupId
from bot.domain.names import channel_name
from bot.domain.people import Account as PersonsAccount
from bot.domain.records import Reads
from bot.domain.template import plain
from bot.domain.ways import versions, ways_of
from bot.ports import Store
from bot.text import T, UserText
from bot.troubles import Reason

log = logging.getLogger(__name__)

PLATFORM: Final = "matrix"
CLOSED: Final = "room-closed"
"""The code of a home that not every member can enter."""

MODERATOR: Final = 50
NAMES_TRIED: Final = 20
TOPIC: Final = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A room as it is to be. `place`: the home it has already, "" without one.

    `readable`: by anybody, without entering; `decided`: whether the group's consensus ever said so.
    """

    alias: str
    name: str
    topic: str
    mark: dict[str, str]
    moderators: tuple[str, ...]
    place: str
    space_name: str
    space_mark: dict[str, str]
    readable: bool
    decided: bool
    over: bool = False


class Rooms:
    """Reads what a room is to be from the store, off the event loop. `user` is the bot, on the server `server`."""

    def __init__(self, store: Store, places: Places, rooms: JoinedRooms, user: str) -> None:
        self._store = store
        self._places = places
        self._rooms = rooms
        self._user = user
        self._server = user.partition(":")[2]
        self._making = asyncio.Lock()

    async def made_right(self, team: str, community: CommunityId, group: str) -> Room | None:
        """The group's room, as it is to be; once the group has ended, silent. None: it has none, and needs none. Raises the errors of a sender.

        `Rejected` with `CLOSED` where not every member can enter, `ROOM_ARCHIVED` where it was replaced.
        """
        self._places.known_completely()
        wanted = await asyncio.to_thread(self._read, lambda reads: _wanted(reads, team, community, GroupId(group)))
        if wanted.over:
            return await self._silenced(wanted) if wanted.place else None
        async with self._making:
            space = await self._space(wanted)
            place = wanted.place or self._found(wanted) or await self._made(wanted)
            room = await self._entered(place)
            if room.closed:
                raise Rejected(Reason.ROOM_ARCHIVED)
            if not open_to_members(room, space):
                raise Rejected(CLOSED)
            await self._set(room, wanted)
            await self._tried(room, "m.space.parent", lambda: self._places.put_in_space(space, place))
            await self._places.empower(room, wanted.moderators, MODERATOR)
            for user in wanted.moderators:
                if room.may(self._user, "invite") and room.members.get(user) is not Member.JOIN:
                    await self._places.invite(place, user)
            return Room(place, room.alias or room.name or place)

    async def _silenced(self, wanted: Wanted) -> Room:
        """Only moderators write in it any more. A room that others made is left as it is: it may have another use."""
        room = await self._places.seen(wanted.place)
        if room.content(MARK) == wanted.mark and self._user in room.creators:
            await self._places.silence(room, MODERATOR)
        return Room(wanted.place, room.alias or room.name or wanted.place)

    def _found(self, wanted: Wanted) -> str:
        """The room made for the group before, though nobody noted it: the process died."""
        return next((each.room for each in self._made_by_us(wanted.mark)), "")

    def _made_by_us(self, mark: dict[str, str]) -> Iterator[JoinedRoom]:
        """Rooms the bot made and marked so; in rooms of others, others can write any mark."""
        for each in self._rooms:
            if each.content(MARK) == mark and self._user in each.creators and not each.closed:
                yield each

    async def _made(self, wanted: Wanted) -> str:
        for number in range(1, NAMES_TRIED + 1):
            alias = wanted.alias if number == 1 else f"{wanted.alias}-{number}"
            plan = Plan(wanted.name, wanted.topic, alias, public=True, readable=wanted.readable, mark=wanted.mark)
            try:
                return await self._places.create(plan)
            except Rejected as error:
                if error.reason != Reason.NAME_TAKEN:
                    raise
            taken = await self._places.resolve(f"#{alias}:{self._server}")
            if taken and await self._ours(taken, wanted):
                return taken
        raise Rejected(Reason.NAME_TAKEN)

    async def _ours(self, room: str, wanted: Wanted) -> bool:
        """Whether a room of the wanted alias is the group's own: made by us, and marked."""
        try:
            there = await self._places.seen(room)
        except Rejected:
            return False
        return there.content(MARK) == wanted.mark and self._user in there.creators

    async def _entered(self, place: str) -> JoinedRoom:
        """A room, entered if the bot is not there: a home that is open can be."""
        try:
            room = await self._places.seen(place)
            if self._user in room.joined:
                return room
        except Rejected as error:
            if error.reason not in (Reason.NOT_IN_ROOM, Reason.NOT_ALLOWED):
                raise
        try:
            await self._places.join(place, [self._server])
        except Rejected as error:
            if error.reason in (Reason.NOT_ALLOWED, Reason.NOT_IN_ROOM):
                raise Rejected(CLOSED) from error
            raise
        return await self._places.seen(place)

    async def _set(self, room: JoinedRoom, wanted: Wanted) -> None:
        """Topic, history, alias and directory. Of a linked room, what its people chose is left: save who may read it,
        where the group decided on that by consensus.
        """
        ours = room.content(MARK) == wanted.mark
        if room.topic != wanted.topic and (ours or not room.topic):
            content = {"topic": wanted.topic}
            await self._tried(room, "m.room.topic", lambda: self._places.set_state(room.room, "m.room.topic", content))
        visible = "world_readable" if wanted.readable else "shared"
        if ((ours or wanted.decided) and room.history != visible) or room.history in ("joined", "invited"):
            kind, history = "m.room.history_visibility", {"history_visibility": visible}
            await self._tried(room, kind, lambda: self._places.set_state(room.room, kind, history))
        if ours:
            await self._tried(room, "m.room.canonical_alias", lambda: self._places.list_publicly(room.room))

    async def _space(self, wanted: Wanted) -> str:
        """The body's Space: the one we made, else a new one."""
        known = next(
            (each for each in self._rooms if each.content(MARK) == wanted.space_mark and not each.closed), None
        )
        if known is not None:
            return known.room
        plan = Plan(wanted.space_name, public=True, readable=True, space=True, mark=wanted.space_mark)
        return await self._places.create(plan)

    async def _tried(self, room: JoinedRoom, kind: str, act: Callable[[], Awaitable[None]]) -> None:
        """Do what needs power over a room, where there is any."""
        if not room.may(self._user, kind, state=True):
            return
        try:
            await act()
        except Rejected as error:
            if error.reason != Reason.NOT_ALLOWED:
                raise
            log.warning("%s could not be set in %s", kind, room.room)

    def _read(self, fn: Callable[[Reads], Wanted]) -> Wanted:
        with self._store.reading() as reads:
            return fn(reads)


def open_to_members(room: JoinedRoom, space: str = "") -> bool:
    """Whether every member can enter a room: anybody can, or whoever is in the body's Space."""
    if room.join_rule == "public":
        return True
    allowed = room.content("m.room.join_rules").get("allow")
    return (
        bool(space)
        and room.join_rule in ("restricted", "knock_restricted")
        and isinstance(allowed, list)
        and any(isinstance(each, dict) and each.get("room_id") == space for each in allowed)
    )


def _wanted(reads: Reads, team: str, community_id: CommunityId, group_id: GroupId) -> Wanted:
    group = group_of(reads, community_id, group_id)
    community = reads.get(Community, community_id)
    if community is None:
        raise LookupError(community_id)
    topic = T("{name}: a working group of the {body}", name=UserText(group.full_name), body=community.titles.body)
    users = [
        account.user
        for each in facilitators(reads, group)
        for account in reads.all(PersonsAccount, community=community_id, person=each.person)
        if account.platform == PLATFORM  # of whatever server: they meet in one room
    ]
    said = " ".join(Words(community.language, escape=plain).say(topic).split())
    return Wanted(
        channel_name(group.short_name),
        group.short_name,
        said if len(said) <= TOPIC else said[: TOPIC - 1].rstrip() + "…",
        {"for": "group", "community": community_id, "group": group_id},
        tuple(users),
        _home(homes_of(reads, community_id, group_id), team),
        community.name,
        {"for": "space", "community": community_id},
        ways_of(reads, community, group_id).world_readable,
        any(each.adopted_at and each.ways.world_readable for each in versions(reads, community_id, group_id)),
        group.stage in FORMER,
    )


def _home(homes: tuple[Home, ...], team: str) -> str:
    return next((home.place for home in homes if (home.platform, home.team) == (PLATFORM, team)), "")
