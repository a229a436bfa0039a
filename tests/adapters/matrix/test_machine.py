from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.matrix.machine import Machine
from adapters.matrix.roomkeys import Undecipherable
from tests.adapters.matrix.devices import ROOM, acquainted, claimed, device, said, shared, to_device

Json = dict[str, Any]
Make = Callable[..., Machine]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Machine] = []

    def one(user: str = "@wg:one", name: str = "BOT") -> Machine:
        made.append(device(tmp_path, user, name))
        return made[-1]

    yield one
    for each in made:
        each.close()


@pytest.fixture
def bot(make: Make) -> Machine:
    return make()


@pytest.fixture
def ana(make: Make, bot: Machine) -> Machine:
    """Somebody who has given the bot the room's key."""
    found = make("@ana:one", "ANA")
    acquainted(bot, found)
    claimed(found, bot)
    shared(found, bot)
    return found


def refused(machine: Machine, event: Json) -> str:
    with pytest.raises(Undecipherable) as error:
        machine.room_keys.decrypt(ROOM, event)
    return error.value.reason


def test_what_was_encrypted_is_read(bot: Machine, ana: Machine) -> None:
    event = said(ana, "hello")
    clear = bot.room_keys.decrypt(ROOM, event)
    assert (clear["type"], clear["content"]["body"], clear["sender"]) == ("m.room.message", "hello", "@ana:one")
    assert bot.room_keys.decrypt(ROOM, event) == clear


def test_a_vote_relabelled_by_a_homeserver_is_not_read(bot: Machine, ana: Machine, make: Make) -> None:
    mallory = make("@mallory:one", "M")
    acquainted(bot, ana, mallory)
    assert refused(bot, said(ana, by="@mallory:one")) == "sender"
    assert "@mallory:one" in bot.to_query


def test_a_message_that_comes_as_another_event_is_not_read(bot: Machine, ana: Machine) -> None:
    event = said(ana)
    bot.room_keys.decrypt(ROOM, event)
    assert refused(bot, {**event, "event_id": "$another"}) == "broken"


def test_a_message_moved_to_another_room_is_not_read(bot: Machine, ana: Machine) -> None:
    event = said(ana)
    with pytest.raises(Undecipherable):
        bot.room_keys.decrypt("!another", event)


@pytest.mark.parametrize("content", [{}, {"algorithm": "none"}, {"ciphertext": 3, "session_id": []}])
def test_what_is_not_encrypted_as_we_know_it_is_broken(bot: Machine, ana: Machine, content: Json) -> None:
    event = said(ana)
    whole = {**event["content"], **content} if content else {}
    assert refused(bot, {**event, "content": whole}) == "broken"


def test_a_message_whose_key_is_missing_waits_for_it_and_asks(bot: Machine, make: Make) -> None:
    ana = make("@ana:one", "ANA")
    acquainted(bot, ana)
    claimed(ana, bot)
    users = frozenset({"@wg:one"})
    ana.room_keys.lacking(ROOM, users)
    parcels = list(ana.room_keys.sharing(ROOM, users))
    event = said(ana)
    assert refused(bot, event) == "no-key"
    bot.request(ROOM, event)
    bot.request(ROOM, event)
    ((_, kind, body),) = bot.outgoing()
    assert kind == "m.room_key_request"
    assert body["messages"]["@ana:one"]["ANA"]["body"]["session_id"] == event["content"]["session_id"]
    content = parcels[0][1]["messages"]["@wg:one"]["BOT"]
    received = bot.receive([to_device("@ana:one", "m.room.encrypted", content)])
    assert received.sessions == {event["content"]["session_id"]}
    assert bot.room_keys.decrypt(ROOM, event)["content"]["body"] == "hello"


def test_the_same_message_to_the_device_is_taken_once(bot: Machine, make: Make) -> None:
    ana = make("@ana:one", "ANA")
    acquainted(bot, ana)
    claimed(ana, bot)
    users = frozenset({"@wg:one"})
    ana.room_keys.lacking(ROOM, users)
    ((_, body),) = ana.room_keys.sharing(ROOM, users)
    message = to_device("@ana:one", "m.room.encrypted", body["messages"]["@wg:one"]["BOT"])
    assert bot.receive([message]).sessions
    assert not bot.receive([message]).sessions
    assert not bot.to_claim()


def test_garbage_to_the_device_is_dropped(bot: Machine, ana: Machine) -> None:
    garbage: list[Any] = [
        None,
        {},
        {"type": "m.room.encrypted"},
        to_device("@m:one", "m.room.encrypted", {}),
        to_device("@m:one", "m.room.encrypted", {"algorithm": "m.olm.v1.curve25519-aes-sha2", "ciphertext": []}),
        to_device("@m:one", "m.room_key_request", {"action": "request"}),
        to_device("@m:one", "m.room_key.withheld", {"session_id": "s", "code": "m.unverified"}),
    ]
    received = bot.receive(garbage)
    assert received.withheld == {"s": "m.unverified"}
    assert bot.room_keys.decrypt(ROOM, said(ana))


def test_a_key_lives_in_the_store(bot: Machine, ana: Machine, tmp_path: Path) -> None:
    event, fingerprint = said(ana), bot.fingerprint
    bot.close()
    again = device(tmp_path)
    assert again.fingerprint == fingerprint
    assert again.room_keys.decrypt(ROOM, event)["content"]["body"] == "hello"
    again.close()


def test_who_left_or_lost_the_device_does_not_read_on(bot: Machine, ana: Machine, make: Make) -> None:
    ben = make("@ben:one", "BEN")
    acquainted(bot, ana, ben)
    claimed(bot, ana, ben)
    shared(bot, ana, ben)
    first = said(bot)
    assert ana.room_keys.decrypt(ROOM, first)
    assert bot.room_keys.lacking(ROOM, frozenset({"@wg:one", "@ana:one", "@ben:one"})) == ([], {})
    ready, _ = bot.room_keys.lacking(ROOM, frozenset({"@wg:one", "@ana:one"}))
    assert ready == [("@ana:one", "ANA")]
    shared(bot, ana)
    second = said(bot)
    assert second["content"]["session_id"] != first["content"]["session_id"]
    assert ana.room_keys.decrypt(ROOM, second)
    assert refused(ben, second) == "no-key"
    bot.queried(["@ana:one"], {"device_keys": {"@ana:one": {}}})
    assert bot.room_keys.lacking(ROOM, frozenset({"@wg:one", "@ana:one"})) == ([], {})
    assert said(bot)["content"]["session_id"] != second["content"]["session_id"]


def test_who_comes_reads_from_then_on(bot: Machine, ana: Machine, make: Make) -> None:
    claimed(bot, ana)
    shared(bot, ana)
    first = said(bot)
    ben = make("@ben:one", "BEN")
    acquainted(bot, ana, ben)
    claimed(bot, ben)
    shared(bot, ana, ben)
    second = said(bot)
    assert second["content"]["session_id"] == first["content"]["session_id"]
    assert ben.room_keys.decrypt(ROOM, second)
    assert refused(ben, first) == "no-key"


def test_keys_are_uploaded_as_the_homeserver_runs_out(bot: Machine) -> None:
    first = bot.upload()
    assert first is not None
    assert "device_keys" in first
    bot.uploaded({"one_time_key_counts": {"signed_curve25519": 50}})
    assert bot.upload() is None
    bot.noted({"device_one_time_keys_count": {}, "device_unused_fallback_key_types": ["signed_curve25519"]})
    more = bot.upload()
    assert more is not None
    assert len(more["one_time_keys"]) == 50
    assert "fallback_keys" not in more
    bot.uploaded({"one_time_key_counts": {"signed_curve25519": 50}})
    bot.noted({"device_one_time_keys_count": {"signed_curve25519": 50}, "device_unused_fallback_key_types": []})
    assert list(bot.upload() or {}) == ["one_time_keys", "fallback_keys"]


def test_a_key_asked_for_is_taken_from_whose_session_it_is(bot: Machine, make: Make) -> None:
    ana, mallory = make("@ana:one", "ANA"), make("@mallory:one", "M")
    acquainted(bot, ana, mallory)
    claimed(ana, bot)
    claimed(mallory, bot)
    ana.room_keys.lacking(ROOM, frozenset({"@wg:one"}))
    session = ana.olm.outbound_group_sessions[ROOM]
    event = said(ana)
    assert refused(bot, event) == "no-key"
    bot.request(ROOM, event)
    own = next(iter(ana.olm.inbound_group_store[ROOM].values()))[session.id]
    content = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "forwarding_curve25519_key_chain": [],
        "room_id": ROOM,
        "sender_claimed_ed25519_key": ana.fingerprint,
        "sender_key": own.sender_key,
        "session_id": session.id,
        "session_key": own.export_session(0),
    }
    target = bot.olm.account.identity_keys["curve25519"]
    for giver, taken in ((mallory, False), (ana, True)):
        olm = giver.olm.session_store.get(target)
        device_ = giver.olm.device_store["@wg:one"]["BOT"]
        parcel = giver.olm._olm_encrypt(olm, device_, "m.forwarded_room_key", content)
        received = bot.receive([to_device(giver.user, "m.room.encrypted", parcel)])
        assert bool(received.sessions) is taken
    assert bot.room_keys.decrypt(ROOM, event)["content"]["body"] == "hello"
