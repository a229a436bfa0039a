from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.matrix.arriving import Member
from adapters.matrix.joined import CREATOR_LEVEL, JoinedRoom, JoinedRooms


def room(version: str = "12", **state: Any) -> JoinedRoom:
    made = JoinedRoom("!r")
    create = {"room_version": version, "additional_creators": ["@co:one", 3]}
    made.take({"type": "m.room.create", "state_key": "", "sender": "@wg:one", "content": create})
    for name, content in state.items():
        made.take({"type": f"m.room.{name}", "state_key": "", "sender": "@wg:one", "content": content})
    return made


def test_creators_of_a_new_room_have_more_than_it_can_give() -> None:
    made = room(power_levels={"users": {"@ana:one": 50}, "state_default": 100})
    assert made.level("@wg:one") == made.level("@co:one") == CREATOR_LEVEL
    assert made.level("@ana:one") == 50
    assert made.may("@wg:one", "m.room.topic", state=True)
    assert not made.may("@ana:one", "m.room.topic", state=True)


def test_creators_of_an_old_room_have_what_they_are_given() -> None:
    made = room("11", power_levels={"users": {"@ana:one": 100}})
    assert (made.level("@wg:one"), made.level("@ana:one")) == (0, 100)
    assert room("11").level("@wg:one") == 100


@pytest.mark.parametrize(("said", "level"), [("50", 50), (50.0, 50), (True, 7), (None, 7), ("much", 7)])
def test_levels_as_people_wrote_them(said: Any, level: int) -> None:
    assert room(power_levels={"users": {"@ana:one": said}, "users_default": 7}).level("@ana:one") == level


def test_what_is_needed_for_an_act() -> None:
    made = room(power_levels={"events": {"m.room.topic": 60}, "events_default": 10, "invite": 30, "ban": 70})
    assert made.level_to("m.room.topic", state=True) == 60
    assert made.level_to("m.room.name", state=True) == 50
    assert made.level_to("m.room.message") == 10
    assert (made.level_to("invite"), made.level_to("kick"), made.level_to("ban")) == (30, 50, 70)
    assert room().level_to("m.room.name", state=True) == 0


def test_what_a_room_is() -> None:
    made = room(
        name={"name": "Plans"},
        topic={"topic": "For 2027"},
        canonical_alias={"alias": "#plans:one"},
        join_rules={"join_rule": "public"},
        history_visibility={"history_visibility": "world_readable"},
        encryption={"algorithm": "m.megolm.v1.aes-sha2"},
        tombstone={"replacement_room": "!new"},
    )
    assert (made.name, made.topic, made.alias) == ("Plans", "For 2027", "#plans:one")
    assert (made.join_rule, made.history, made.encrypted) == ("public", "world_readable", True)
    assert (made.closed, made.replacement, made.space) == (True, "!new", False)


def test_who_is_in_it() -> None:
    made = room()
    for user, how in (("@ana:one", "join"), ("@ben:one", "invite"), ("@cyd:one", "knock"), ("@dan:one", "ban")):
        made.take({"type": "m.room.member", "state_key": user, "content": {"membership": how, "displayname": user}})
    assert made.joined == {"@ana:one"}
    assert made.present == {"@ana:one", "@ben:one"}
    assert made.members["@cyd:one"] is Member.KNOCK
    made.take({"type": "m.room.member", "state_key": "@ana:one", "content": {"membership": "leave"}})
    assert made.joined == frozenset()
    assert "@ana:one" not in made.names


def test_rooms_come_and_go() -> None:
    rooms = JoinedRooms()
    asked = JoinedRoom("!r")
    assert rooms.get("!r") is None
    assert rooms.put(asked) is asked
    assert rooms.entered("!r") is asked
    assert list(rooms) == [asked]
    rooms.left("!r")
    assert "!r" not in rooms


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "12", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["@m:one", "x"]), inner, max_size=2),
    max_leaves=8,
)
KINDS = st.sampled_from(
    ["m.room.create", "m.room.member", "m.room.power_levels", "m.room.join_rules", "m.room.tombstone"]
)
FIELDS = st.sampled_from(["users", "events", "additional_creators", "room_version", "membership", "type", "invite"])


@given(KINDS, st.dictionaries(FIELDS, JSON, max_size=5))
def test_no_state_raises(kind: str, content: dict[str, Any]) -> None:
    made = room()
    made.take({"type": kind, "state_key": "", "sender": "@m:one", "content": content})
    made.level("@m:one"), made.level_to("invite"), made.level_to("m.room.topic", state=True)
    _ = made.creators, made.version, made.joined, made.join_rule, made.closed, made.space
