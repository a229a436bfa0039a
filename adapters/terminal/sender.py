"""The terminal as the relay sees it: messages go into the rooms, under the outbox row's own id.

What is kept is the view; it is drawn when somebody looks, at the width of the window it is looked at in.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

import msgspec

from adapters.shared.sending import Pace, Rejected, Room
from adapters.terminal.rooms import BOT, Rooms
from bot.domain.groups import group_of, homes_of
from bot.domain.ids import CommunityId, GroupId
from bot.domain.names import channel_name
from bot.outgoing import Lane, Outgoing
from bot.ports import Store
from bot.troubles import Reason
from bot.view import View

_encode = msgspec.json.Encoder().encode


class TerminalSender:
    """See `adapters.shared.sending.Sender`. `store` tells what a group is called, for its room."""

    platform = "terminal"

    def __init__(self, rooms: Rooms, store: Store) -> None:
        self._rooms = rooms
        self._store = store

    def render(self, view: View, row: Outgoing) -> bytes:  # noqa: ARG002 — the port's; every room keeps views alike
        """The view itself, as JSON."""
        return _encode(view)

    async def post(self, lane: Lane, row_id: str, body: bytes) -> str:
        """One row is one message, however often it is posted."""
        return self._rooms.post(row_id, lane.place, BOT, body).id

    async def refresh(self, lane: Lane, row_id: str, remote: str, body: bytes) -> str:  # noqa: ARG002 — the port's
        """Edit the message."""
        try:
            self._rooms.edit(row_id, remote, body)
            return remote
        except LookupError:
            raise Rejected(Reason.MESSAGE_GONE) from None

    async def open_room(self, lane: Lane, row_id: str, community: CommunityId, group_subject: str) -> Room | None:
        """The group's home, else a room of its own, open to whoever sits at this terminal: nobody has to be let in."""
        found = await asyncio.to_thread(self._home, lane, community, GroupId(group_subject))
        if isinstance(found, Room):
            return found
        opened = self._rooms.open_room(row_id, found)
        return Room(opened.place, opened.place)

    async def find(self, lane: Lane, row_id: str, since: datetime, body: bytes) -> str | None:  # noqa: ARG002 — the port's
        """Not needed: posting twice is posting once."""
        return None

    def pace(self, row: Outgoing) -> Pace:  # noqa: ARG002 — the port's
        """As fast as it comes."""
        return Pace()

    def _home(self, lane: Lane, community: CommunityId, group: GroupId) -> Room | str:
        """The group's room, or what a new one is called."""
        with self._store.reading() as reads:
            for home in homes_of(reads, community, group):
                if (home.platform, home.team) == (lane.platform, lane.team):
                    return Room(home.place, home.name)
            return channel_name(group_of(reads, community, group).short_name)
