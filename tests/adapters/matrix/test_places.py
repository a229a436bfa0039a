from __future__ import annotations

import pytest

from adapters.matrix import contents
from adapters.matrix.arriving import Member, Membership, Message
from adapters.matrix.joined import MARK
from adapters.matrix.places import Plan
from adapters.shared.sending import RateLimited, Rejected
from bot.troubles import Reason
from tests.adapters.matrix.conftest import Robots
from tests.adapters.matrix.robot import Robot, until
from tests.support.matrix.api import Json
from tests.support.matrix.crowd import Elements, Plains
from tests.support.matrix.proxy import Proxy
from tests.support.matrix.synapse import SERVER_NAME

pytestmark = pytest.mark.slow


def test_a_public_room_with_everything(element: Elements, robot: Robot) -> None:
    ana = element("ana")
    alias = f"plans-{ana.account.device_id.lower()}"
    plan = Plan("Plans", "For 2027", alias, public=True, readable=True, mark={"for": "group"}, invited=(ana.id,))
    room = robot.run(robot.places.create(plan))
    assert ana.invited(room).inviter == robot.id
    ana.join(f"#{alias}:{SERVER_NAME}")
    seen = ana.sees_room(room, lambda each: each.alias != "")
    assert (seen.version, seen.topic, seen.join_rule, seen.history) == ("12", "For 2027", "public", "world_readable")
    assert seen.content(MARK) == {"for": "group"}
    assert robot.run(robot.places.listed(room))
    with pytest.raises(Rejected) as error:
        robot.run(robot.places.create(plan))
    assert error.value.reason == Reason.NAME_TAKEN
    assert robot.run(robot.places.resolve(f"#{alias}:{SERVER_NAME}")) == room
    assert robot.run(robot.places.resolve(f"#{alias}-2:{SERVER_NAME}")) is None


def test_power_is_given_to_moderate(element: Elements, robot: Robot) -> None:
    ana, ben = element("ana"), element("ben")
    room = robot.run(robot.places.create(Plan("Plans", public=True)))
    for each in (ana, ben):
        each.join(room)
    for _ in range(2):
        seen = robot.run(robot.places.seen(room))
        robot.run(robot.places.empower(seen, [ana.id, robot.id], 50))
    ana.sees_room(room, lambda each: each.power(ana.id) == 50)
    ana.kick(room, ben)
    seen = robot.run(robot.places.seen(room))
    assert ben.id not in seen.joined
    levels = robot.run(robot.places.state(room, "m.room.power_levels"))
    assert levels is not None
    assert list(levels["users"]) == [ana.id]  # the creator of a room of version 12 is not named


def test_rooms_of_older_versions(element: Elements, robot: Robot) -> None:
    ana = element("ana")
    room = ana.create("Old", public=True, version="11")
    robot.join(room)
    ana.set_power(room, robot, 100)
    ana.send(room, "go on")
    robot.sees(Message)
    robot.run(robot.places.set_state(room, "m.room.topic", {"topic": "Still here"}))
    ana.sees_room(room, lambda each: each.topic == "Still here")
    robot.send(room, contents.message("hi"))
    ana.sees(room, "hi")


def test_a_space_and_a_room_know_each_other(element: Elements, robot: Robot) -> None:
    ana = element("ana")
    space = robot.run(robot.places.create(Plan("The body", public=True, space=True)))
    room = robot.run(robot.places.create(Plan("Plans", public=True)))
    for _ in range(2):
        robot.run(robot.places.put_in_space(space, room))
    for each in (space, room):
        ana.join(each)
    assert ana.sees_room(space, lambda each: each.children == [room]).type == "m.space"
    ana.sees_room(room, lambda each: each.parents == [space])


def test_aliases_pins_and_the_directory(element: Elements, robot: Robot) -> None:
    ana = element("ana")
    room, other = (robot.run(robot.places.create(Plan(name))) for name in ("Plans", "Other"))
    alias = f"#named-{ana.account.device_id.lower()}:{SERVER_NAME}"
    for _ in range(2):
        robot.run(robot.places.name_by(room, alias))
    assert robot.run(robot.places.state(room, "m.room.canonical_alias")) == {"alias": alias}
    with pytest.raises(Rejected) as error:
        robot.run(robot.places.name_by(other, alias))
    assert error.value.reason == Reason.NAME_TAKEN
    assert not robot.run(robot.places.listed(room))
    robot.run(robot.places.list_publicly(room))
    assert robot.run(robot.places.listed(room))
    for event in ("$a", "$b", "$a"):
        robot.run(robot.places.pin(room, event))
    assert robot.run(robot.places.state(room, "m.room.pinned_events")) == {"pinned": ["$a", "$b"]}


def test_invitations(plain: Plains, robot: Robot) -> None:
    ana, ben = plain("ana"), plain("ben")
    room = robot.run(robot.places.create(Plan("Plans")))
    assert robot.run(robot.places.invite(room, ana.id, "come in"))
    assert not robot.run(robot.places.invite(room, ana.id))
    ana.join(room)
    assert not robot.run(robot.places.invite(room, ana.id))
    elsewhere = ana.create()
    with pytest.raises(Rejected) as error:
        robot.run(robot.places.invite(elsewhere, ben.id))
    assert error.value.reason in (Reason.NOT_IN_ROOM, Reason.NOT_ALLOWED)
    with pytest.raises(Rejected):
        robot.run(robot.places.join(elsewhere))


def test_a_direct_room_is_found_again(element: Elements, robots: Robots) -> None:
    ana, robot = element("ana"), robots(folder="home").started()
    room = robot.run(robot.places.direct(ana.id))
    assert ana.invited(room).direct
    assert robot.run(robot.places.direct(ana.id)) == room
    ana.join(room)
    robot.send(room, contents.message("a word"))
    assert ana.sees(room, "a word").encrypted
    robot.close()
    again = robots(user=robot.id, folder="home")
    again.run(again.connection.prepare())
    with pytest.raises(RateLimited):
        again.run(again.places.direct(ana.id))
    again.started()
    assert again.run(again.places.direct(ana.id)) == room


def test_a_direct_room_that_was_not_noted_is_found(plain: Plains, robot: Robot) -> None:
    ana = plain("ana")
    room = robot.run(robot.places.direct(ana.id))
    robot.run(robot.account.wire.call("PUT", "user", robot.id, "account_data", "m.direct", body={}))
    ana.join(room)
    ana.send(room, "hi")
    robot.sees(Message)
    assert robot.run(robot.places.direct(ana.id)) == room


def test_a_direct_room_that_they_began_is_taken(plain: Plains, robot: Robot) -> None:
    ana = plain("ana")
    room = ana.create(invite=[robot], is_direct=True)
    robot.join(room)
    robot.run(robot.places.note_direct(ana.id, room))
    assert robot.run(robot.places.direct(ana.id)) == room


def test_who_left_is_left_alone(plain: Plains, robot: Robot) -> None:
    ana = plain("ana")
    room = robot.run(robot.places.direct(ana.id, encrypted=False))
    ana.join(room)
    ana.send(room, "hi")
    robot.sees(Message)
    ana.leave(room)
    robot.sees(Membership, lambda each: each.user == ana.id and each.now is Member.LEAVE)
    with pytest.raises(Rejected) as error:
        robot.run(robot.places.direct(ana.id))
    assert error.value.reason == Reason.PERSON_CLOSED


def test_profiles(plain: Plains, robot: Robot) -> None:
    ana = plain("ana")
    theirs = robot.run(robot.places.profile(ana.id))
    assert theirs is not None
    assert theirs.name == ana.id.partition(":")[0].lstrip("@")
    assert robot.run(robot.places.profile(f"@nobody-at-all:{SERVER_NAME}")) is None


def test_a_direct_room_into_which_others_came_is_none_any_more(plain: Plains, robot: Robot) -> None:
    ana, ben = plain("ana"), plain("ben")
    room = robot.run(robot.places.direct(ana.id, encrypted=False))
    ana.join(room)
    ana.invite(room, ben)
    robot.sees(Membership, lambda each: each.user == ben.id)
    other = robot.run(robot.places.direct(ana.id, encrypted=False))
    assert other != room
    assert robot.run(robot.places.direct(ana.id)) == other


@pytest.mark.parametrize("missing", ["m.room.encryption", "m.room.member"])
def test_a_room_that_a_sync_saw_half_made_is_known_whole(
    element: Elements, robots: Robots, faulty: Proxy, missing: str
) -> None:
    """A homeserver makes a room event by event, and a sync may come between any two of them."""

    def half_made(answer: Json) -> None:
        for told in answer.get("rooms", {}).get("join", {}).values():
            for part in told.values():
                if isinstance(part, dict) and "events" in part:
                    part["events"] = [
                        each
                        for each in part["events"]
                        if each["type"] != missing or each["sender"] == each["state_key"]
                    ]

    ana, robot = element("ana"), robots(url=faulty.url).started()
    faulty.rewrite("GET */sync", half_made)
    room = robot.run(robot.places.direct(ana.id))
    until(lambda: room in robot.rooms or None, lambda: "the room is not known")
    robot.send(room, contents.message("For you alone"))
    ana.join(room)
    assert ana.sees(room, "For you alone").encrypted
