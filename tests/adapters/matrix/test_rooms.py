from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.matrix.joined import MARK, JoinedRoom
from adapters.matrix.rooms import CLOSED, Rooms, open_to_members
from adapters.shared.sending import RateLimited, Rejected, Room, Unreachable
from bot.domain.community import Community
from bot.domain.groups import Home, Stage, find_group, group_of
from bot.domain.ids import PersonId
from bot.domain.people import Account, Person
from bot.domain.ways import Modalities, default_ways
from bot.troubles import Reason
from tests.adapters.matrix.conftest import Robots
from tests.adapters.matrix.robot import Robot, until
from tests.builders import MAG, MONDAY, PRIVATE, TECHNICAL, World
from tests.support.matrix.crowd import Elements
from tests.support.matrix.element import Element
from tests.support.matrix.proxy import Proxy
from tests.support.matrix.synapse import SERVER_NAME

pytestmark = pytest.mark.slow


class Body:
    """A body with one working group at work, whose co-facilitators are on Matrix."""

    def __init__(self, name: str, *facilitators: Element) -> None:
        self.world = World()
        self.world.approved(name)
        self.alias = f"#{name.lower()}:{SERVER_NAME}"
        with self.world.store.writing([MAG]) as work:
            self.group = find_group(work, MAG, name).id
            ids = {person.name: person.id for person in work.all(Person, community=MAG)}
            for who, element in zip((PRIVATE, TECHNICAL), facilitators, strict=True):
                work.put(Account(MAG, "matrix", SERVER_NAME, element.id, ids[who], MONDAY))

    def has_home(self, place: str) -> None:
        with self.world.store.writing([MAG]) as work:
            work.put(Home(MAG, "matrix", SERVER_NAME, place, self.group, "home"))

    def decides(self, *, readable: bool) -> None:
        """The group's consensus adopts modalities by which its room is readable by anybody, or not."""
        self.version = getattr(self, "version", 1) + 1
        with self.world.store.writing([MAG]) as work:
            community = work.get(Community, MAG)
            assert community is not None
            ways = replace(default_ways(community), world_readable=readable)
            who = PersonId("qiang")
            work.put(Modalities(MAG, self.group, self.version, "", ways, who, MONDAY, 1, MONDAY))

    def ends(self) -> None:
        """Its life is over."""
        with self.world.store.writing([MAG]) as work:
            work.put(replace(group_of(work, MAG, self.group), stage=Stage.COMPLETED))

    def made_right(self, robot: Robot) -> Room:
        rooms = Rooms(self.world.store, robot.places, robot.rooms, robot.id)
        made = robot.run(rooms.made_right(SERVER_NAME, MAG, self.group))
        assert made is not None
        return made


@pytest.fixture
def people(element: Elements) -> tuple[Element, Element]:
    return element("qiang"), element("gift")


@pytest.fixture
def body(people: tuple[Element, Element]) -> Body:
    return Body(f"WG-{people[0].account.device_id}", *people)


def test_a_room_is_made_with_everything(body: Body, people: tuple[Element, Element], robot: Robot) -> None:
    made = body.made_right(robot)
    assert made.name == body.alias
    for person in people:
        assert person.invited(made.place).name.startswith("WG-")
        person.join(made.place)
    room = people[0].sees_room(made.place, lambda each: bool(each.parents))
    assert (room.alias, room.join_rule, room.history, room.version) == (body.alias, "public", "shared", "12")
    assert "Work of WG-" in room.topic
    assert [room.power(each.id) for each in people] == [50, 50]
    assert robot.run(robot.places.listed(made.place))
    people[0].join(room.parents[0])
    space = people[0].sees_room(room.parents[0], lambda each: bool(each.children))
    assert (space.name, space.type, space.children) == ("IGF MAG", "m.space", [made.place])


def test_once_more_changes_nothing(body: Body, robot: Robot, robots: Robots) -> None:
    made = body.made_right(robot)
    assert body.made_right(robot) == made
    body.has_home(made.place)
    assert body.made_right(robot) == made
    assert len(list(robot.rooms)) <= 2


@pytest.mark.parametrize("where", ["POST */createRoom", "PUT */m.space.parent/*", "PUT */m.room.power_levels/"])
def test_whatever_answer_is_lost_there_is_one_room(
    people: tuple[Element, Element], robots: Robots, faulty: Proxy, where: str
) -> None:
    body, robot = Body(f"WG-{people[0].account.device_id}", *people), robots(url=faulty.url).started()
    faulty.trouble(where, after=True, times=2)

    def made() -> Room | None:
        try:
            return body.made_right(robot)
        except Unreachable:  # then the relay asks again
            return None

    assert until(made, lambda: "no room").name == body.alias
    rooms = robot.run(robot.account.wire.call("GET", "joined_rooms"))["joined_rooms"]
    marks = [robot.run(robot.places.state(each, MARK)) for each in rooms]
    assert len([each for each in marks if each and each["for"] == "group"]) == 1


def test_a_room_that_others_have_under_its_alias_is_left(
    body: Body, element: Elements, people: tuple[Element, Element], robot: Robot
) -> None:
    mallory = element("mallory")
    local = body.alias[1:].partition(":")[0]
    mark = {"for": "group", "community": MAG, "group": body.group}
    state = [{"type": MARK, "state_key": "", "content": mark}]
    theirs = mallory.create(public=True, room_alias_name=local, initial_state=state)
    robot.join(theirs)
    made = body.made_right(robot)
    assert made.place != theirs
    assert made.name == f"#{local}-2:{SERVER_NAME}"


def test_a_room_that_was_linked_keeps_what_its_people_chose(
    body: Body, people: tuple[Element, Element], robot: Robot
) -> None:
    owner = people[0]
    room = owner.create("Our own", public=True, topic="What we do", version="11")
    robot.join(room)
    body.has_home(room)
    assert body.made_right(robot) == Room(room, "Our own")
    seen = owner.room(room)
    assert (seen.topic, seen.parents) == ("What we do", [])
    owner.set_power(room, robot, 100)
    owner.state(room, "m.room.history_visibility", {"history_visibility": "joined"})
    body.made_right(robot)
    seen = owner.sees_room(room, lambda each: bool(each.parents))
    assert (seen.topic, seen.history, seen.power(people[1].id)) == ("What we do", "shared", 50)


def test_a_home_that_the_bot_is_not_in_is_entered(body: Body, people: tuple[Element, Element], robot: Robot) -> None:
    room = people[0].create("Our own", public=True)
    body.has_home(room)
    assert body.made_right(robot).place == room
    people[0].sees_room(room, lambda each: each.members.get(robot.id) == "join")


def test_a_closed_room_is_no_home(body: Body, people: tuple[Element, Element], robot: Robot) -> None:
    room = people[0].create("Closed", invite=[robot])
    body.has_home(room)
    for _ in range(2):
        with pytest.raises(Rejected) as error:
            body.made_right(robot)
        assert error.value.reason == CLOSED
        robot.join(room)


def test_a_home_that_was_replaced_is_told(body: Body, people: tuple[Element, Element], robot: Robot) -> None:
    room = people[0].create("Old", public=True)
    robot.join(room)
    people[0].upgrade(room)
    body.has_home(room)
    with pytest.raises(Rejected) as error:
        body.made_right(robot)
    assert error.value.reason == Reason.ROOM_ARCHIVED


def test_readable_by_everybody_when_the_group_decides_so(body: Body, robot: Robot) -> None:
    made = body.made_right(robot)
    body.has_home(made.place)
    assert robot.run(robot.places.seen(made.place)).history == "shared"
    body.decides(readable=True)
    body.made_right(robot)
    seen = robot.run(robot.places.seen(made.place))
    assert seen.history == "world_readable"
    body.decides(readable=False)
    body.made_right(robot)
    assert robot.run(robot.places.seen(made.place)).history == "shared"


def test_in_a_linked_room_too_where_the_bot_may(body: Body, people: tuple[Element, Element], robot: Robot) -> None:
    owner = people[0]
    room = owner.create("Our own", public=True, version="11")
    robot.join(room)
    body.has_home(room)
    owner.set_power(room, robot, 100)
    owner.state(room, "m.room.history_visibility", {"history_visibility": "world_readable"})
    body.decides(readable=False)
    body.made_right(robot)
    assert robot.run(robot.places.seen(room)).history == "world_readable", "what its people chose"
    for readable, history in ((True, "world_readable"), (False, "shared")):
        body.decides(readable=readable)
        body.made_right(robot)
        assert robot.run(robot.places.seen(room)).history == history


def test_once_the_group_has_ended_nobody_writes_in_it_any_more(
    body: Body, people: tuple[Element, Element], robot: Robot
) -> None:
    made = body.made_right(robot)
    body.has_home(made.place)
    body.ends()
    for _ in range(2):
        assert body.made_right(robot).place == made.place
    levels = robot.run(robot.places.state(made.place, "m.room.power_levels"))
    assert levels is not None
    assert levels["events_default"] == 50


def test_it_waits_until_all_rooms_are_known(body: Body, robots: Robots) -> None:
    robot = robots()
    with pytest.raises(RateLimited):
        body.made_right(robot)


def test_rooms_that_every_member_can_enter() -> None:
    def room(**rules: object) -> JoinedRoom:
        made = JoinedRoom("!r")
        made.take({"type": "m.room.join_rules", "state_key": "", "content": rules})
        return made

    allowed = [{"type": "m.room_membership", "room_id": "!space"}]
    assert open_to_members(room(join_rule="public"))
    assert open_to_members(room(join_rule="restricted", allow=allowed), "!space")
    assert not open_to_members(room(join_rule="restricted", allow=allowed), "!another")
    assert not open_to_members(room(join_rule="restricted", allow=["x"]), "!space")
    assert not open_to_members(room(join_rule="knock"), "!space")
    assert not open_to_members(room(join_rule="invite"))
