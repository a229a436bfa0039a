"""What passes is tried again, what never will is let be; what was sent in doubt long ago is looked for before it is sent."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from adapters.matrix.arriving import Batch, Invitation
from adapters.matrix.conversation import Conversation
from adapters.matrix.ids import REMEMBERED, transaction_id
from adapters.matrix.policy import Policy
from adapters.matrix.sender import MatrixSender, Parts
from adapters.shared.sending import RateLimited, Rejected, SendError, Unreachable
from bot.outgoing import Lane, Outgoing, SendKind
from bot.text import T
from bot.view import Button, Card, Paragraph
from storage.memory import MemoryStore
from tests.builders import MAG

LANE = Lane("matrix", "one", "!room:one")


def invitation(room: str, by: str) -> Invitation:
    return Invitation(room=room, inviter=by, direct=False, name="", alias="", encrypted=False, space=False)


@dataclass
class Doors:
    """Rooms that open only after some knocking."""

    shut: list[SendError] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)

    async def join(self, room: str, _: list[str]) -> str:
        if room == "!shut" and self.shut:
            raise self.shut.pop(0)
        self.joined.append(room)
        return room


def conversation(doors: Doors) -> Conversation:
    unused = cast("Any", None)
    return Conversation(unused, unused, cast("Any", doors), unused, Policy(("one",)), "@wg:one")


BATCH = Batch((invitation("!shut", "@ana:one"), invitation("!other", "@bea:one")), "next")


@pytest.mark.parametrize("passing", [Unreachable("timeout"), RateLimited(1.0)])
def test_an_invitation_is_told_once_so_its_batch_comes_again_until_it_was_taken(passing: SendError) -> None:
    doors = Doors([passing])
    talk = conversation(doors)
    with pytest.raises(type(passing)):
        asyncio.run(talk.take(BATCH))
    assert doors.joined == ["!other"], "what others did is done meanwhile"
    asyncio.run(talk.take(BATCH))
    assert "!shut" in doors.joined


def test_what_the_homeserver_will_never_do_holds_nothing_up(caplog: pytest.LogCaptureFixture) -> None:
    doors = Doors([Rejected("M_FORBIDDEN")])
    asyncio.run(conversation(doors).take(BATCH))
    assert doors.joined == ["!other"]
    assert "Invitation came to nothing" in caplog.text


class Room:
    """What a homeserver has of a row's messages, and what it is sent besides."""

    def __init__(self, *there: str) -> None:
        self.there = {txn: f"${number}" for number, txn in enumerate(there)}
        self.sent: list[str] = []

    async def find(self, _: str, txn: str, __: datetime) -> str | None:
        return self.there.get(txn)

    async def send(self, _: str, __: str, ___: Any, txn: str) -> str:
        self.sent.append(txn)
        return f"$new{len(self.sent)}"


def long_ago(room: Room, ago: timedelta) -> tuple[str | None, int]:
    """What is found of a message of several parts that was begun `ago`; of how many it is."""
    sender = MatrixSender(lambda: Parts(cast("Any", room), cast("Any", None), cast("Any", None)), MemoryStore())
    row = Outgoing(MAG, "row", LANE, SendKind.POST)
    words = tuple(Paragraph(T("{text}", text=f"{number} " + "long " * 3000)) for number in range(8))
    card = Card(T("Long"), words, (Button(T("Help"), "help"),))
    body = sender.render(card, row)
    found = asyncio.run(sender.find(LANE, "row", datetime.now(UTC) - ago, body))
    parts = Room()
    everything = MatrixSender(lambda: Parts(cast("Any", parts), cast("Any", None), cast("Any", None)), MemoryStore())
    asyncio.run(everything.post(LANE, "row", body))
    return found, len(parts.sent)


def part(number: int) -> str:
    return transaction_id("row", "post", number)


def test_while_its_id_is_remembered_it_is_simply_sent_again() -> None:
    assert long_ago(Room(part(0)), timedelta(minutes=1))[0] is None


def test_later_it_is_found_and_what_is_missing_of_it_sent() -> None:
    room = Room(part(0))
    found, parts = long_ago(room, REMEMBERED + timedelta(hours=1))
    assert parts > 1
    assert found is not None
    assert found.startswith("!room:one $0 $new1")
    assert room.sent == [part(number) for number in range(1, parts)]


def test_what_is_not_there_at_all_is_to_be_sent() -> None:
    room = Room()
    assert long_ago(room, REMEMBERED + timedelta(hours=1))[0] is None
    assert not room.sent
