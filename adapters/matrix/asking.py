"""One thing said in Matrix, to the core: who says it, where, for which community. What follows is posted by the outbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from adapters.matrix.joined import JoinedRoom, JoinedRooms
from adapters.matrix.rooms import PLATFORM, open_to_members
from adapters.shared.asking import Desk
from adapters.shared.communities import community_of
from bot.context import Posting, Request, Space
from bot.domain.groups import Home
from bot.domain.ids import CommunityId
from bot.domain.records import Reads
from bot.drafting import form_of
from bot.engine import Answer
from bot.forms import Draft
from bot.outgoing import Placement
from bot.view import Form

R = TypeVar("R")

TWO: Final = 2
"""People in a room that is a conversation with the bot."""


@dataclass(frozen=True, slots=True)
class Where:
    """A room and a thread in it ("": its main timeline), as somebody speaks there."""

    room: str
    user: str
    thread: str = ""
    private: bool = False

    @property
    def place(self) -> str:
        """As the core knows it: a room, or the person's direct messages."""
        return f"@{self.user}" if self.private else self.room


class Asking:
    """Asks on behalf of people. `server` is the bot's own."""

    def __init__(
        self, desk: Desk, communities: Callable[[], Sequence[CommunityId]], rooms: JoinedRooms, bot: str
    ) -> None:
        self._desk = desk
        self._communities = communities
        self._rooms = rooms
        self._bot = bot
        self.server = bot.partition(":")[2]

    def where(self, room: str, user: str, thread: str = "") -> Where:
        """Where somebody speaks. A room with nobody else, and that nobody can enter unasked, is their direct messages."""
        known = self._rooms.get(room)
        alone = (
            known is not None
            and len(known.present) == TWO
            and {user, self._bot} <= known.present
            and not known.alias
            and not open_to_members(known)
        )
        return Where(room, user, thread, alone)

    async def community(self, where: Where, telling: str = "") -> CommunityId | None:
        """Which community something is meant for. `telling`: what of it tells that."""
        return await self.look(
            lambda reads: community_of(
                reads, self._communities(), PLATFORM, self.server, where.place, where.user, telling, _server(where.user)
            )
        )

    async def ask(
        self,
        community: CommunityId,
        where: Where,
        command: str,
        arguments: dict[str, str],
        origin: str,
        at: datetime,
        *,
        typed: str = "",
        posting: Posting = Posting.ALL,
        system: bool = False,
    ) -> Answer:
        """What is decided, once it is committed with the answer that is to be posted."""
        known = self._rooms.get(where.room)
        closed = command == "home" and not where.private and (known is None or not open_to_members(known))
        name = "" if known is None or where.private else known.alias or known.name
        space = Space(PLATFORM, self.server, where.place, where.private, closed, name, "", where.thread)
        request = Request(
            community,
            space,
            command,
            f"matrix:{origin}",
            at,
            where.user,
            where.user,
            "",
            arguments,
            typed,
            system,
            posting,
            _server(where.user),
        )
        return await self._desk.ask(request)

    async def form(self, community: CommunityId, where: Where) -> Form | None:
        """The form somebody is filling in there."""

        def look(reads: Reads) -> Form | None:
            key = (community, PLATFORM, self.server, where.user, where.place, where.thread)
            draft = reads.get(Draft, *key)
            return form_of(draft) if draft is not None else None

        return await self.look(look)

    async def card_of(self, room: str, user: str, event: str) -> tuple[CommunityId, str] | None:
        """The subject of the card, or of its poll, that an event is: for taps that say only what they are put to."""

        def look(reads: Reads) -> tuple[CommunityId, str] | None:
            for team, place in ((self.server, room), (_server(user), f"@{user}")):
                for placed in reads.all(Placement, platform=PLATFORM, team=team, place=place):
                    if event in placed.remote.replace("?", "").split():
                        return placed.community, placed.subject
            return None

        return await self.look(look)

    async def serves(self, communities: Set[CommunityId]) -> bool:
        """Whether there are such communities here."""
        return await self.look(lambda _: communities <= set(self._communities()))

    async def was_done(self, community: CommunityId, event: str) -> bool:
        """Whether an event was taken as something said: it has an answer."""
        return await self._desk.answered(community, f"matrix:{event}")

    async def homes(self, room: str) -> tuple[Home, ...]:
        """What a room is home to."""
        return await self.look(lambda reads: reads.all(Home, platform=PLATFORM, team=self.server, place=room))

    async def look(self, fn: Callable[[Reads], R]) -> R:
        """What `fn` sees in a snapshot."""
        return await self._desk.look(fn)

    def known(self, room: str) -> JoinedRoom | None:
        """A room as it is known."""
        return self._rooms.get(room)


def _server(user: str) -> str:
    return user.partition(":")[2]
