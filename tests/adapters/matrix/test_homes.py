"""What happens to rooms that are homes: invitations, rooms closed, renamed, upgraded, deleted; the bot kicked, and called back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.domain.groups import Home
from bot.troubles import Reason, Trouble
from tests.adapters.matrix.hall import Hall
from tests.adapters.matrix.square import Square
from tests.builders import CHAIR, CIVIL, GOOD, MAG, PRIVATE
from tests.support.matrix.api import Call
from tests.support.matrix.crowd import Plains
from tests.support.matrix.synapse import PASSWORD, ROOM_VERSION, SERVER_NAME, Homeserver

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def homes(square: Square) -> dict[str, str]:
    """The homes there are, with their names."""
    with square.hall.store.reading() as reads:
        return {each.place: each.name for each in reads.all(Home, community=MAG)}


def membership(square: Square, who: str, room: str) -> tuple[str, str]:
    """How the bot stands to a room, and what was said about it."""
    content = square.people[who].call("GET", "rooms", room, "state", "m.room.member", square.bot)
    return content["membership"], content.get("reason", "")


def troubles(square: Square, room: str) -> list[str]:
    """Why nothing arrives in a room, if so."""
    with square.hall.store.reading() as reads:
        return [each.reason for each in reads.all(Trouble, community=MAG) if each.place == room and each.count]


@pytest.fixture
def choosy(synapse: Homeserver, plain: Plains, tmp_path: Path) -> Iterator[Square]:
    """A bot that comes when people of another server, or the Chair, invite it."""
    people = {CHAIR: plain("amina"), CIVIL: plain("yusuf")}
    bot = synapse.register("wg").user_id
    servers, inviters = ("elsewhere.test",), (people[CHAIR].id,)
    accounts = {name: who.id for name, who in people.items()}
    with Hall(synapse.url, (bot, PASSWORD), tmp_path, accounts, servers=servers, inviters=inviters) as hall:
        yield Square(hall, people, bot, synapse)


def test_whoever_may_not_invite_the_bot_is_told_so(choosy: Square) -> None:
    room = choosy.people[CIVIL].create("Mine", invite=[choosy.bot])
    choosy.until(lambda: membership(choosy, CIVIL, room)[0] == "leave" or None, "the invitation declined")
    assert "invitations of its own body's people only" in membership(choosy, CIVIL, room)[1]
    ours = choosy.people[CHAIR].create("Ours", invite=[choosy.bot])
    choosy.until(lambda: choosy.is_in(ours) or None, "the bot in the room")


def test_a_room_closed_to_members_is_no_home(square: Square) -> None:
    closed = square.gathered(name="Board", public=False)
    square.says(CHAIR, "!wg home all", "This room is closed; a home is open to every member", closed)
    assert closed not in homes(square)
    square.people[CHAIR].state(closed, "m.room.join_rules", {"join_rule": "public"})
    square.says(CHAIR, "!wg home all", "home to the full MAG", closed)


def test_a_public_room_with_one_person_yet_is_a_room(square: Square) -> None:
    room = square.people[CHAIR].create("New", public=True, invite=[square.bot])
    square.until(lambda: square.is_in(room) or None, "the bot in the room")
    square.says(CHAIR, "!wg home all", "home to the full MAG", room)


def test_a_private_conversation_is_answered_where_it_is_held(square: Square) -> None:
    """Some clients mark no room as direct messages, and people begin another beside one they have."""
    civil = square.people[CIVIL]
    unmarked = civil.create("wgbot", invite=[square.bot])
    marked = civil.create(invite=[square.bot], is_direct=True)
    for room in (unmarked, marked):
        square.until(partial(comes, square, room), "the bot in the room")
    answers = {"list": "There is no working group yet", "help": "What wgbot can do", "todo": "Nothing waits for you"}
    for room, (command, answer) in zip((unmarked, marked, unmarked), answers.items(), strict=True):
        civil.send(room, command)
        square.sees(answer, room, who=CIVIL)
    assert not civil.sync()["rooms"].get("invite")


def comes(square: Square, room: str) -> bool | None:
    """Whether the bot is in a room of Yusuf's."""
    return membership(square, CIVIL, room)[0] == "join" or None


def test_a_home_is_called_what_its_room_is_called(square: Square) -> None:
    assert homes(square)[square.room] == "MAG"
    square.people[CHAIR].state(square.room, "m.room.name", {"name": "MAG 2027"})
    square.until(lambda: homes(square)[square.room] == "MAG 2027" or None, lambda: str(homes(square)))
    alias = f"#mag-{square.people[CHAIR].account.device_id.lower()}:{SERVER_NAME}"
    square.people[CHAIR].call("PUT", "directory", "room", alias, body={"room_id": square.room})
    square.people[CHAIR].state(square.room, "m.room.canonical_alias", {"alias": alias})
    square.until(lambda: homes(square)[square.room] == alias or None, lambda: str(homes(square)))


def test_a_room_that_is_upgraded_goes_on_as_the_home(square: Square) -> None:
    old = square.room
    upgraded = square.people[CHAIR].call("POST", "rooms", old, "upgrade", body={"new_version": ROOM_VERSION})
    square.room = new = str(upgraded["replacement_room"])
    square.until(lambda: set(homes(square)) == {new} or None, lambda: str(homes(square)))
    for who in (CIVIL, PRIVATE):
        square.people[who].join(new)
    square.says(PRIVATE, f'!wg propose new "Multi-year Work" WG-MWP {GOOD}', "WG-MWP is proposed")
    square.sees("Consultation of the full MAG", new, thread="")


def test_an_upgrade_to_a_closed_room_takes_no_home_with_it(square: Square) -> None:
    closed = square.people[CHAIR].create("Board", invite=[square.bot])
    square.until(lambda: square.is_in(closed) or None, "the bot in the room")
    square.people[CHAIR].state(square.room, "m.room.tombstone", {"body": "moved", "replacement_room": closed})
    square.people[CHAIR].send(closed, "list")
    square.sees("There is no working group yet", closed)
    assert set(homes(square)) == {square.room}


def test_a_bot_that_is_kicked_is_missed_and_comes_back(square: Square) -> None:
    square.people[CHAIR].kick(square.room, square.bot)
    other = square.gathered(name="Lobby")
    square.says(PRIVATE, f'!wg propose new "Multi-year Work" WG-MWP {GOOD}', "WG-MWP is proposed", other)
    square.until(lambda: troubles(square, square.room) or None, "trouble noted")
    assert troubles(square, square.room) == [Reason.NOT_IN_ROOM]
    square.people[CHAIR].invite(square.room, square.bot)
    square.until(lambda: square.is_in(square.room) or None, "the bot in the room")
    square.says(CHAIR, "!wg list", "WG-MWP")
    square.until(lambda: not troubles(square, square.room) or None, "end of the trouble")


def test_a_room_that_is_deleted_leaves_the_bot_at_work(square: Square, synapse: Homeserver) -> None:
    other = square.gathered(name="Lobby")
    square.says(CHAIR, "!wg home all", "home to the full MAG", other)
    path = f"/_synapse/admin/v1/rooms/{square.room}"
    synapse.api.call(Call("DELETE", path, {"purge": True, "block": True}), synapse.admin)
    square.says(PRIVATE, f'!wg propose new "Multi-year Work" WG-MWP {GOOD}', "WG-MWP is proposed", other)
    square.sees("Consultation of the full MAG", other, thread="")
    square.until(lambda: troubles(square, square.room) or None, "trouble noted")
