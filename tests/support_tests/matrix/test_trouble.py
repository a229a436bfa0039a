"""Everything that can be wrong with a homeserver, with the way to it, and with what others send."""

from __future__ import annotations

import json
import time

import pytest
from aiohttp import ClientConnectionError

from tests.support.matrix.api import Json, MatrixError
from tests.support.matrix.crowd import Elements, Plains
from tests.support.matrix.process import ElementProcess
from tests.support.matrix.proxy import Proxy, events
from tests.support.matrix.synapse import Homeserver

pytestmark = pytest.mark.slow

LATEST = json.dumps({"room": {"timeline": {"limit": 10}}})


def timeline(synced: Json, room: str) -> Json:
    found: Json = synced["rooms"]["join"][room]["timeline"]
    return found


def test_a_homeserver_that_is_killed_keeps_what_it_accepted(element_process: ElementProcess) -> None:
    with Homeserver() as homeserver, Elements(element_process, homeserver) as element:
        plain, ana = Plains(homeserver)("bob"), element("ana")
        room = plain.create(public=True)
        ana.join(room)
        event = plain.send(room, "before")
        homeserver.kill()
        homeserver.start()
        ana.reconnect()
        assert plain.raw(room, event)["content"]["body"] == "before"
        assert ana.message(room, plain.send(room, "after")).body == "after"
        homeserver.shut()
        homeserver.start()
        ana.reconnect()
        assert ana.message(room, plain.send(room, "once more")).body == "once more"


def test_limits(limited_synapse: Homeserver) -> None:
    bob = Plains(limited_synapse)("bob")
    room = bob.create()
    with pytest.raises(MatrixError) as refused:
        bob.flood(room, [f"{number}" for number in range(20)], at_once=1)
    assert refused.value.errcode == "M_LIMIT_EXCEEDED"
    assert refused.value.answer["retry_after_ms"] > 1000
    limited_synapse.override_ratelimit(bob.id)
    assert len(bob.flood(room, [f"{number}" for number in range(20)])) == 20


def test_a_gap_in_the_timeline(element: Elements, plain: Plains) -> None:
    ana, bob = plain("ana"), plain("bob")
    room = ana.create(public=True)
    bob.join(room)
    since = bob.sync(filter=LATEST)["next_batch"]
    ids = ana.flood(room, [f"command {number}" for number in range(30)])
    found = timeline(bob.sync(since, filter=LATEST), room)
    assert found["limited"]
    assert len(found["events"]) == 10
    assert {event["event_id"] for event in bob.history(room)} >= set(ids)
    late = element("carl")
    late.join(room)
    assert len(late.messages(room)) < 30
    late.scroll_back(room)
    assert {message.id for message in late.messages(room)} == set(ids)


def test_malformed_events(element: Elements, plain: Plains, faulty: Proxy) -> None:
    ana, bob = element("ana", url=faulty.url), plain("bob")
    room = ana.create(public=True)
    bob.join(room)
    bob.event(
        room, "m.room.message", {"msgtype": "m.text", "body": "odd", "format": 3, "m.relates_to": {"rel_type": 7}}
    )
    bob.event(room, "org.matrix.msc3381.poll.start", {"org.matrix.msc3381.poll.start": {"answers": {}}})
    bob.event(room, "m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": []}})
    bob.event(room, "m.room.encrypted", {"algorithm": "rot13", "ciphertext": "uryyb"})
    for content, errcode in ((b"{", "M_NOT_JSON"), ({"body": 7, "msgtype": "m.text"}, "M_UNKNOWN")):
        with pytest.raises(MatrixError) as refused:
            bob.event(room, "m.room.message", content)
        assert refused.value.errcode == errcode
    with pytest.raises(MatrixError) as too_large:
        bob.send(room, "x" * 70_000)
    assert too_large.value.errcode == "M_TOO_LARGE"

    def spoil(answer: Json) -> None:
        for event in events(answer):
            if event["content"].get("body") == "well-formed":
                event["content"] = {"body": 7}

    faulty.rewrite("GET */sync", spoil)  # what Synapse lets nobody send, another homeserver may
    spoiled = bob.send(room, "well-formed")
    assert ana.message(room, bob.send(room, "sorry")).body == "sorry"
    assert ana.message(room, spoiled).content == {"body": 7}


def test_votes_that_are_not_whose_they_seem(element: Elements, plain: Plains, faulty: Proxy) -> None:
    ana, bob, mallory = element("ana"), element("bob", url=faulty.url), plain("mallory")
    room = ana.create(encrypted=True, invite=[bob, mallory])
    for each in (bob, mallory):
        each.join(room)
    poll = ana.start_poll(room, "Agreed?", ["yes", "no"])
    vote = ana.vote(room, poll, "yes")
    bob.sees_poll(room, poll, lambda poll: poll.votes == {ana.id: ("yes",)})
    mallory.repeat(room, vote)  # her name on ana's ciphertext
    bob.message(room, ana.send(room, "voted"))
    assert bob.sees_poll(room, poll).votes == {ana.id: ("yes",)}

    def relabel(answer: Json) -> None:
        for event in events(answer):
            if event["sender"] == ana.id and event["type"] == "m.room.encrypted":
                event["sender"] = mallory.id

    faulty.rewrite("GET */sync", relabel)  # a homeserver that lies
    seen = bob.message(room, ana.send(room, "as I said"))
    assert seen.sender == mallory.id
    assert seen.failure or seen.doubt == "MISMATCHED_SENDER"


def test_garbage_for_devices_and_keys(element: Elements, plain: Plains) -> None:
    ana, mallory = element("ana"), plain("mallory")
    room = ana.create(encrypted=True, invite=[mallory])
    mallory.join(room)
    for content in ({}, {"algorithm": "m.olm.v1.curve25519-aes-sha2", "ciphertext": {"x": 1}, "sender_key": None}):
        mallory.to_device(ana, "*", "m.room.encrypted", content)
    mallory.to_device(ana, ana.account.device_id, "m.room_key", {"room_id": 7})
    keys = {
        "user_id": mallory.id,
        "device_id": mallory.account.device_id,
        "algorithms": ["m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2"],
        "keys": {
            f"ed25519:{mallory.account.device_id}": "no key",
            f"curve25519:{mallory.account.device_id}": "neither",
        },
        "signatures": {mallory.id: {f"ed25519:{mallory.account.device_id}": "no signature"}},
    }
    mallory.upload_keys({"device_keys": keys})
    assert mallory.keys_of(mallory)["device_keys"][mallory.id][mallory.account.device_id]["keys"] == keys["keys"]
    assert ana.message(room, ana.send(room, "all the same")).readable


def test_a_device_without_one_time_keys(element: Elements, plain: Plains, faulty: Proxy) -> None:
    ana, mallory = element("ana", url=faulty.url), plain("mallory")
    faulty.sees("POST */keys/upload")
    faulty.trouble("POST */keys/upload", times=1000, status=500)
    claimed = mallory.claim(ana, ana.account.device_id, 60)
    names = [name for keys in claimed for name in keys[ana.id][ana.account.device_id]]
    assert len(set(names)) == 50
    assert len(set(names[50:])) == 1  # the fallback key, again and again


def test_troubles_on_the_way(plain: Plains, faulty: Proxy) -> None:
    ana = plain("ana", url=faulty.url)
    room = ana.create()
    sending = "PUT */send/*"
    faulty.trouble(sending, times=2, status=429)
    for _ in range(2):
        with pytest.raises(MatrixError) as refused:
            ana.send(room, "too much")
        assert refused.value.errcode == "M_LIMIT_EXCEEDED"

    faulty.trouble(sending, after=True)
    with pytest.raises(ClientConnectionError):
        ana.event(room, "m.room.message", {"msgtype": "m.text", "body": "once"}, "transaction")
    event = ana.event(room, "m.room.message", {"msgtype": "m.text", "body": "once"}, "transaction")
    sent = [each["event_id"] for each in ana.history(room) if each["content"].get("body") == "once"]
    assert sent == [event]
    assert [call.status for call in faulty.calls(sending)] == [429, 429, 0, 200]

    faulty.trouble(sending, before=True)
    with pytest.raises(ClientConnectionError):
        ana.send(room, "never")
    faulty.trouble("*", status=502)
    with pytest.raises(MatrixError, match="502"):
        ana.send(room, "nor this")
    faulty.trouble(sending, delay=0.3)
    begun = time.monotonic()
    ana.send(room, "slowly")
    assert time.monotonic() - begun >= 0.3

    faulty.down()
    with pytest.raises(ClientConnectionError):
        ana.send(room, "not there")
    faulty.up()
    ana.send(room, "there")
    bodies = [each["content"].get("body") for each in ana.history(room) if each["type"] == "m.room.message"]
    assert bodies == ["there", "slowly", "once"]


def test_an_element_gets_over_troubles(element: Elements, plain: Plains, faulty: Proxy) -> None:
    ana, bob = element("ana", url=faulty.url), plain("bob")
    room = bob.create(public=True)
    ana.join(room)
    faulty.trouble("PUT */send/*", status=429)
    assert ana.send(room, "in spite of it")
    assert ana.message(room, bob.send(room, "and back")).body == "and back"
