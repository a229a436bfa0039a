"""The terminal as the relay's platform: one row is one message, refreshed in its place; a group gets a room."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import msgspec
import pytest

from adapters.shared.sending import Pace, Rejected, Room, Sender
from adapters.terminal.rooms import BOT, Rooms
from adapters.terminal.sender import TerminalSender
from bot.domain.groups import Group
from bot.outgoing import Lane, Outgoing, SendKind
from bot.text import T
from bot.view import Notice, View
from storage.memory import MemoryStore
from tests.adapters.terminal.sitting import PROPOSED, Sitting
from tests.builders import MAG

LANE = Lane("terminal", "", "#mag")
NOW = datetime(2027, 1, 4, tzinfo=UTC)


def test_a_row_is_one_message_and_is_refreshed_in_its_place() -> None:
    rooms = Rooms()
    sender: Sender = TerminalSender(rooms, MemoryStore())
    first, then = (
        sender.render(Notice(T(words)), Outgoing(MAG, "row1", LANE, SendKind.POST)) for words in ("First.", "Then.")
    )

    async def story() -> None:
        assert await sender.post(LANE, "row1", first) == await sender.post(LANE, "row1", first)
        await sender.refresh(LANE, "row2", "row1", then)
        await sender.refresh(LANE, "row2", "row1", then)
        with pytest.raises(Rejected):
            await sender.refresh(LANE, "row3", "never posted", then)
        assert await sender.find(LANE, "row1", NOW, first) is None

    asyncio.run(story())
    (message,) = rooms.history("#mag")
    assert (message.by, msgspec.json.decode(message.body, type=View)) == (BOT, Notice(T("Then.")))
    assert sender.pace(Outgoing(MAG, "row1", LANE, SendKind.POST)) == Pace()


def test_a_group_gets_a_room_of_its_name_once() -> None:
    sitting = Sitting()
    sitting.plays(f"/as Qiang R.\n{PROPOSED}\n")
    sender = TerminalSender(sitting.rooms, sitting.world.store)
    (group,) = _groups(sitting)
    for row in ("row1", "row1"):
        room = asyncio.run(sender.open_room(LANE, row, MAG, group))
        assert room is not None
        assert (room.place, room.name) == ("#wg-mwp", "#wg-mwp")


def test_a_room_linked_by_hand_is_the_groups_room() -> None:
    sitting = Sitting()
    sitting.plays(f"/as Qiang R.\n{PROPOSED}\n/as Secretariat Desk\n/room #elsewhere\n/wg home WG-MWP\n")
    sender = TerminalSender(sitting.rooms, sitting.world.store)
    (group,) = _groups(sitting)
    assert asyncio.run(sender.open_room(LANE, "row1", MAG, group)) == Room("#elsewhere", "#elsewhere")
    assert sitting.rooms.room("#wg-mwp") is None


def _groups(sitting: Sitting) -> list[str]:
    with sitting.world.store.reading() as reads:
        return [group.id for group in reads.all(Group, community=MAG)]
