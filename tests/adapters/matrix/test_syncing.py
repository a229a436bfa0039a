from __future__ import annotations

import time

import pytest

from adapters.matrix import contents
from adapters.matrix.arriving import (
    Gap,
    Invitation,
    Member,
    Membership,
    Message,
    Reaction,
    Redaction,
    Removed,
    StateChange,
    Undecryptable,
    Upgraded,
)
from adapters.matrix.syncing import LoggedOut
from adapters.shared.sending import Rejected, Unreachable
from bot.troubles import Reason
from tests.adapters.matrix.conftest import Robots
from tests.adapters.matrix.robot import Robot, until
from tests.support.matrix.api import Call
from tests.support.matrix.crowd import Elements, Plains
from tests.support.matrix.plain import Plain
from tests.support.matrix.proxy import Proxy
from tests.support.matrix.synapse import Homeserver

pytestmark = pytest.mark.slow

SYNC = "GET */sync"


def together(person: Plain, robot: Robot) -> str:
    """A room the bot is in, where it heard something."""
    room = person.create(invite=[robot])
    robot.join(room)
    person.send(room, "here we are")
    robot.sees(Message, lambda each: each.body == "here we are")
    return room


def bodies(robot: Robot, room: str) -> list[str]:
    return [each.body for each in robot.all(Message) if each.room == room]


def test_what_happens_arrives_in_order(plain: Plains, robot: Robot) -> None:
    ana = plain("ana")
    room = together(ana, robot)
    first = ana.send(room, "one")
    ana.event(room, "m.reaction", contents.reaction(first, "👍"))
    ana.redact(room, first)
    ana.state(room, "m.room.topic", {"topic": "Plans"})
    ana.send(room, "two")
    robot.sees(Message, lambda each: each.body == "two")
    after = robot.kept.arrived[[getattr(each, "event", "") for each in robot.kept.arrived].index(first) :]
    assert [type(each) for each in after] == [Message, Reaction, Redaction, StateChange, Message]
    assert [each.at for each in after] == sorted(each.at for each in after)  # type: ignore[union-attr]  # all of them happened
    assert robot.kept.repeated == 0


def test_what_the_bot_says_itself_does_not_arrive(plain: Plains, robot: Robot) -> None:
    ana = plain("ana")
    room = together(ana, robot)
    robot.send(room, contents.message("mine"))
    ana.send(room, "theirs")
    robot.sees(Message, lambda each: each.body == "theirs")
    assert bodies(robot, room) == ["here we are", "theirs"]


def test_the_bot_is_told_that_it_entered_and_that_it_is_out(plain: Plains, robot: Robot) -> None:
    ana = plain("ana")
    room = together(ana, robot)
    entered = robot.sees(Membership, lambda each: each.user == robot.id and each.now is Member.JOIN)
    assert (entered.room, entered.before) == (room, Member.INVITE)
    ana.call("POST", "rooms", room, "kick", body={"user_id": robot.id, "reason": "later"})
    assert robot.sees(Removed) == Removed(room=room, by=ana.id, now=Member.LEAVE, reason="later")
    assert room not in robot.rooms


def test_the_first_time_ever_what_was_said_before_is_history(plain: Plains, robots: Robots) -> None:
    ana, robot = plain("ana"), robots()
    room = ana.create(invite=[robot])
    robot.run(robot.places.join(room))
    ana.send(room, "long ago")
    robot.started()
    ana.send(room, "now")
    robot.sees(Message)
    assert bodies(robot, room) == ["now"]


def test_a_public_room_that_the_bot_enters_is_heard_from_then_on(plain: Plains, robot: Robot) -> None:
    ana = plain("ana")
    room = ana.create(public=True)
    for number in range(3):
        ana.send(room, f"before {number}")
    robot.join(room)
    ana.send(room, "after")
    robot.sees(Message)
    assert bodies(robot, room) == ["after"]


def test_hundreds_of_messages_while_the_bot_was_away(plain: Plains, robots: Robots) -> None:
    ana, robot = plain("ana"), robots().started()
    room = together(ana, robot)
    robot.stop()
    ana.flood(room, [f"m{number}" for number in range(130)], at_once=1)
    robot.run(robot._start())
    until(lambda: len(bodies(robot, room)) == 131 or None, lambda: "all of them")
    assert bodies(robot, room)[1:] == [f"m{number}" for number in range(130)]


def test_what_could_not_be_kept_comes_again(plain: Plains, robot: Robot) -> None:
    ana = plain("ana")
    room = together(ana, robot)
    robot.kept.failures = 2
    ana.send(room, "remember me")
    robot.sees(Message, lambda each: each.body == "remember me")
    ana.send(room, "and me")
    robot.sees(Message, lambda each: each.body == "and me")
    assert bodies(robot, room) == ["here we are", "remember me", "and me"]
    assert len(robot.slept) == 2


@pytest.mark.parametrize("status", [500, 502, 429])
def test_a_homeserver_in_trouble_is_asked_again_ever_more_seldom(
    plain: Plains, robots: Robots, faulty: Proxy, status: int
) -> None:
    ana, robot = plain("ana"), robots(url=faulty.url).started()
    room = together(ana, robot)
    faulty.trouble(SYNC, status=status, times=4)
    ana.send(room, "first")  # ends the question under way
    until(lambda: len(robot.slept) == 4 or None, lambda: "four failures")
    ana.send(room, "second")
    robot.sees(Message, lambda each: each.body == "second")
    assert bodies(robot, room) == ["here we are", "first", "second"]
    assert robot.slept == sorted(robot.slept)
    assert robot.slept[3] >= (1.0 if status == 429 else 4.0)


def test_a_homeserver_that_is_down_and_comes_back(plain: Plains, robots: Robots, faulty: Proxy) -> None:
    ana, robot = plain("ana"), robots(url=faulty.url).started()
    room = together(ana, robot)
    faulty.down()
    until(lambda: len(robot.slept) >= 2 or None, lambda: "failures")
    ana.send(room, "while it was down")
    faulty.up()
    robot.sees(Message, lambda each: each.body == "while it was down")


def test_a_homeserver_that_is_killed_and_started_again(plain: Plains, robot: Robot, synapse: Homeserver) -> None:
    ana = plain("ana")
    room = together(ana, robot)
    synapse.kill()
    with pytest.raises(Unreachable):
        robot.send(room, contents.message("in between"), txn="row1")
    synapse.start()
    ana.send(room, "back again")
    robot.sees(Message, lambda each: each.body == "back again")
    assert robot.send(room, contents.message("in between"), txn="row1")
    assert robot.kept.repeated == 0


def test_an_answer_that_was_lost_comes_again(plain: Plains, robots: Robots, faulty: Proxy) -> None:
    ana, robot = plain("ana"), robots(url=faulty.url).started()
    room = together(ana, robot)
    faulty.trouble(SYNC, after=True, times=2)
    ana.send(room, "first")
    ana.send(room, "second")
    robot.sees(Message, lambda each: each.body == "second")
    assert bodies(robot, room) == ["here we are", "first", "second"]


def test_the_history_of_one_room_that_cannot_be_had_does_not_stop_the_others(
    plain: Plains, robots: Robots, faulty: Proxy
) -> None:
    ana, robot = plain("ana"), robots(url=faulty.url).started()
    room, other = together(ana, robot), ana.create(public=True)
    robot.join(other)
    robot.stop()
    ana.flood(room, [f"m{number}" for number in range(110)], at_once=1)
    ana.send(other, "here, too")
    faulty.trouble("GET */messages", status=500, times=100)
    robot.run(robot._start())
    robot.sees(Message, lambda each: each.body == "here, too")
    assert robot.sees(Gap).room == room
    assert bodies(robot, room)[1:] == [f"m{number}" for number in range(10, 110)]


def test_a_bot_that_was_logged_out_says_so(robot: Robot) -> None:
    robot.stop()
    robot.run(robot.account.wire.call("POST", "logout", body={}))
    with pytest.raises(LoggedOut):
        robot.run(robot.connection.syncing(robot.kept.handle, robot.kept.token).run())


def test_a_room_that_was_replaced(plain: Plains, robot: Robot) -> None:
    ana = plain("ana")
    room = together(ana, robot)
    new = str(ana.call("POST", "rooms", room, "upgrade", body={"new_version": "12"})["replacement_room"])
    found = robot.sees(Upgraded)
    assert (found.room, found.replacement) == (room, new)
    known = robot.rooms.get(room)
    assert known is not None
    assert (known.closed, known.replacement) == (True, new)


def test_a_room_that_was_deleted(plain: Plains, robot: Robot, synapse: Homeserver) -> None:
    ana = plain("ana")
    room = together(ana, robot)
    order = Call("DELETE", f"/_synapse/admin/v2/rooms/{room}", {"purge": True, "block": True})
    synapse.api.call(order, synapse.admin)
    robot.sees(Membership, lambda each: each.user == ana.id and each.now is Member.LEAVE)
    until(lambda: _refused(robot, room) == Reason.NOT_IN_ROOM or None, lambda: "the room is gone")
    ana.create(invite=[robot])  # anything that ends the question under way
    found = robot.sees(Removed)
    assert (found.room, found.now) == (room, Member.LEAVE)
    assert found.by in ("", robot.id)
    assert room not in robot.rooms


def test_an_invitation_that_is_declined(plain: Plains, robot: Robot) -> None:
    ana = plain("ana")
    room = ana.create("Plans", invite=[robot])
    found = robot.sees(Invitation)
    assert (found.room, found.inviter, found.name, found.direct) == (room, ana.id, "Plans", False)
    robot.run(robot.places.leave(room, "not here"))
    assert robot.sees(Removed).room == room
    assert ana.call("GET", "rooms", room, "state", "m.room.member", robot.id)["reason"] == "not here"


def test_a_stranger_cannot_stop_the_bot(plain: Plains, robot: Robot) -> None:
    ana, mallory = plain("ana"), plain("mallory")
    room = together(ana, robot)
    device = robot.account.login.device
    for kind, content in (
        ("m.room.encrypted", {"algorithm": "m.olm.v1.curve25519-aes-sha2", "sender_key": 3, "ciphertext": []}),
        ("m.room.encrypted", {"algorithm": "m.olm.v1.curve25519-aes-sha2", "ciphertext": {"x": {"type": 0}}}),
        ("m.key.verification.start", {"transaction_id": "t", "from_device": "x"}),
        ("m.key.verification.request", {"transaction_id": "u", "methods": 3}),
        ("m.room_key_request", {"action": []}),
        ("m.room_key", {"room_id": room}),
    ):
        mallory.to_device(robot, device, kind, content)
    mallory.upload_keys(
        {
            "device_keys": {
                "user_id": mallory.id,
                "device_id": mallory.account.device_id,
                "algorithms": [],
                "keys": {f"curve25519:{mallory.account.device_id}": "?", f"ed25519:{mallory.account.device_id}": "?"},
                "signatures": {mallory.id: {f"ed25519:{mallory.account.device_id}": "?"}},
            }
        }
    )
    secret = mallory.create(invite=[robot], initial_state=[{"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}])  # fmt: skip
    robot.join(secret)
    mallory.event(secret, "m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x"})
    mallory.event(secret, "m.room.message", {"body": "", "msgtype": "", "m.relates_to": {"rel_type": 3}, "url": []})
    assert robot.send(secret, contents.message("for nobody who can read"))
    ana.send(room, "still there?")
    robot.sees(Message, lambda each: each.body == "still there?")


def test_an_event_without_its_key_is_asked_for_and_reported(plain: Plains, robot: Robot, element: Elements) -> None:
    robot.run(_reporting_at_once(robot))
    ana, mallory = element("ana"), plain("mallory")
    room = ana.create(encrypted=True, invite=[robot, mallory])
    robot.join(room)
    mallory.join(room)
    ana.send(room, "hello")
    robot.sees(Message)
    content = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "ciphertext": "AwgAEnACgAkLmt6qF84IK++J7UDH2Za1YVchHyprqTqsg",
        "device_id": mallory.account.device_id,
        "sender_key": "x",
        "session_id": "unknown",
    }
    event = mallory.event(room, "m.room.encrypted", content)
    ana.send(room, "go on")
    found = robot.sees(Undecryptable)
    assert (found.event, found.sender, found.reason, found.code) == (event, mallory.id, "no-key", "")
    asked = [each for each in mallory.sync()["to_device"]["events"] if each["type"] == "m.room_key_request"]
    assert asked[0]["content"]["body"]["session_id"] == "unknown"
    ana.send(room, "and on")
    robot.sees(Message, lambda each: each.body == "and on")
    assert len(robot.all(Undecryptable)) == 1


def test_a_message_repeated_by_somebody_else_is_not_theirs(plain: Plains, robot: Robot, element: Elements) -> None:
    robot.run(_reporting_at_once(robot))
    ana, mallory = element("ana"), plain("mallory")
    room = ana.create(encrypted=True, invite=[robot, mallory])
    robot.join(room)
    mallory.join(room)
    spoken = ana.send(room, "I agree")
    robot.sees(Message)
    repeated = mallory.repeat(room, spoken)
    ana.send(room, "go on")
    found = robot.sees(Undecryptable)
    assert (found.event, found.sender, found.reason) == (repeated, mallory.id, "sender")
    robot.sees(Message, lambda each: each.body == "go on")
    assert [each.sender for each in robot.all(Message)] == [ana.id, ana.id]


def _refused(robot: Robot, room: str) -> str:
    try:
        robot.send(room, contents.message("anybody here?"))
    except Rejected as error:
        return error.reason
    return ""


async def _reporting_at_once(robot: Robot) -> None:
    robot.syncing.wall = lambda: time.time() * 100_000
