"""What people with an Element do, others see, in clear and in encrypted rooms."""

from __future__ import annotations

import math

import pytest

from tests.support.matrix.crowd import Elements
from tests.support.matrix.element import Element
from tests.support.matrix.process import Impossible
from tests.support.matrix.synapse import ROOM_VERSION, SERVER_NAME

pytestmark = pytest.mark.slow

both_kinds = pytest.mark.parametrize("encrypted", [False, True], ids=["clear", "encrypted"])


@pytest.fixture
def ana(element: Elements) -> Element:
    return element("ana")


@pytest.fixture
def bob(element: Elements) -> Element:
    return element("bob")


def meet(ana: Element, bob: Element, *, encrypted: bool) -> str:
    room = ana.create("Meeting", encrypted=encrypted, invite=[bob])
    invitation = bob.invited(room)
    assert (invitation.name, invitation.inviter) == ("Meeting", ana.id)
    assert bob.join(room) == room
    return room


@both_kinds
def test_a_conversation(ana: Element, bob: Element, *, encrypted: bool) -> None:
    room = meet(ana, bob, encrypted=encrypted)
    first = ana.send(room, "good *morning*", html="good <em>morning</em>", mentions=[bob])
    seen = bob.sees(room, "good", sender=ana)
    assert (seen.id, seen.msgtype, seen.html) == (first, "m.text", "good <em>morning</em>")
    assert seen.mentions == [bob.id]
    assert seen.encrypted == encrypted
    assert not seen.doubt

    bob.react(seen, "👋")
    assert ana.sees(room, when=lambda message: bool(message.reactions)).reactions == {"👋": [bob.id]}
    bob.send(room, "in a thread", thread=first)
    bob.send(room, "and another", thread=first)
    ana.send(room, "answering you", answering=ana.sees(room, "in a thread"))
    last = bob.sees(room, "answering", thread=first)
    assert last.answers == bob.sees(room, "in a thread").id
    assert last.mentions == [bob.id]
    assert [message.body for message in bob.messages(room, first)] == ["in a thread", "and another", "answering you"]
    assert not bob.sees(room, "and another").answers  # what a thread falls back to is no answer
    assert [message.id for message in bob.messages(room, "")] == [first]

    ana.edit(ana.message(room, first), "good evening")
    changed = bob.sees(room, "evening", when=lambda message: message.edited)
    assert (changed.id, changed.body, changed.html) == (first, "good evening", "")
    ana.redact(room, first)
    gone = bob.sees(room, when=lambda message: message.redacted)
    assert (gone.id, gone.body) == (first, "")
    assert "evening" not in " ".join(message.body for message in bob.messages(room))


@both_kinds
def test_a_file(ana: Element, bob: Element, *, encrypted: bool) -> None:
    room = meet(ana, bob, encrypted=encrypted)
    event = ana.upload(room, "minutes.txt", b"we agreed", "text/plain", caption="The minutes")
    seen = bob.message(room, event)
    assert (seen.msgtype, seen.body, seen.content["filename"]) == ("m.file", "The minutes", "minutes.txt")
    assert ("file" in seen.content) == encrypted
    assert bob.download(seen) == b"we agreed"


@both_kinds
def test_a_poll(element: Elements, ana: Element, bob: Element, *, encrypted: bool) -> None:
    room = meet(ana, bob, encrypted=encrypted)
    carl = element("carl")
    ana.invite(room, carl)
    carl.invited(room)
    carl.join(room)
    poll = ana.start_poll(room, "Which days?", ["Monday", "Tuesday", "Friday"], most=2)
    bob.vote(room, poll, "Monday")
    bob.vote(room, poll, "Tuesday", "Friday")
    carl.vote(room, poll, "Friday")
    so_far = ana.sees_poll(room, poll, lambda poll: poll.counts == {"Monday": 0, "Tuesday": 1, "Friday": 2})
    assert (so_far.question, so_far.most, so_far.disclosed, so_far.ended) == ("Which days?", 2, True, False)
    assert so_far.votes[bob.id] == ("Tuesday", "Friday")
    assert poll in [message.id for message in bob.messages(room)]

    carl.vote(room, poll)  # takes it back
    ana.sees_poll(room, poll, lambda poll: set(poll.votes) == {bob.id})
    spoiled = {"answers": [so_far.ids["Monday"], "nothing of the kind"]}
    about = {"rel_type": "m.reference", "event_id": poll}
    response = "org.matrix.msc3381.poll.response"
    bob.event(room, response, {response: spoiled, "m.relates_to": about})
    ana.sees_poll(room, poll, lambda poll: not poll.votes)
    carl.vote(room, poll, "Monday", "Tuesday", "Friday")  # one too many
    ana.sees_poll(room, poll, lambda poll: poll.votes == {carl.id: ("Monday", "Tuesday")})

    with pytest.raises(Impossible, match="has no"):
        carl.vote(room, poll, "Sunday")
    ana.end_poll(room, poll)
    bob.sees_poll(room, poll, lambda poll: poll.ended)
    bob.vote(room, poll, "Friday")  # too late
    mark = bob.send(room, "voted")
    carl.message(room, mark)
    final = carl.sees_poll(room, poll)
    assert final.counts == {"Monday": 1, "Tuesday": 1, "Friday": 0}


def test_only_who_asked_ends_a_poll(ana: Element, bob: Element) -> None:
    room = meet(ana, bob, encrypted=False)
    poll = ana.start_poll(room, "Now?", ["yes", "no"], disclosed=False)
    bob.end_poll(room, poll)
    ana.message(room, bob.send(room, "ended it"))
    found = ana.sees_poll(room, poll)
    assert not found.ended
    assert not found.disclosed


def test_rooms(ana: Element, bob: Element) -> None:
    alias = f"open-{ana.account.device_id.lower()}"
    room = ana.create("Open room", public=True, room_alias_name=alias, topic="Anything")
    space = ana.create_space("Everything", [room], public=True)
    assert bob.join(f"#{alias}:{SERVER_NAME}") == room
    seen = bob.sees_room(room, lambda room: room.parents == [space])
    assert (seen.name, seen.topic, seen.version) == ("Open room", "Anything", ROOM_VERSION)
    assert (seen.join_rule, seen.history, seen.encrypted) == ("public", "shared", False)
    assert seen.alias == f"#{alias}:{SERVER_NAME}"
    assert (seen.power(ana.id), seen.power(bob.id)) == (math.inf, 0)
    assert seen.members == {ana.id: "join", bob.id: "join"}
    bob.join(space)
    assert bob.sees_room(space, lambda space: space.children == [room]).type == "m.space"

    ana.set_power(room, bob, 50)
    bob.sees_room(room, lambda room: room.power(bob.id) == 50)
    ana.rename("Ana A.")
    bob.sees_room(room, lambda room: room.names[ana.id] == "Ana A.")
    ana.encrypt(room)
    bob.sees_room(room, lambda room: room.encrypted)
    newer = ana.upgrade(room)
    assert bob.sees_room(room, lambda room: bool(room.successor)).successor == newer
    ana.kick(room, bob, "moved")
    bob.sees_room(room, lambda room: room.membership == "leave")
    older = ana.create("Old", version="10")
    assert ana.room(older).power(ana.id) == 100


def test_verifying(ana: Element, bob: Element) -> None:
    room = ana.message_directly(bob)
    assert bob.invited(room).direct
    bob.join(room)
    assert not ana.sees_trust(bob, lambda trust: trust.known).verified
    asks = ana.ask_to_verify(bob, room)
    asked = bob.asked_to_verify(ana)
    asked.accept()
    asks.start()
    assert len(asks.shown()) == 7
    assert asks.shown() == asked.shown()
    asks.confirm()
    asked.confirm()
    asks.reaches("Done")
    asked.reaches("Done")
    ana.sees_trust(bob, lambda trust: trust.verified)
    bob.sees_trust(ana, lambda trust: trust.verified)

    again = bob.ask_to_verify(ana, device=ana.account.device_id)
    refused = ana.asked_to_verify(bob)
    refused.accept()
    again.start()
    assert again.shown() == refused.shown()
    refused.mismatch()
    assert again.reaches("Cancelled").cancelled == "m.mismatched_sas"

    bob.reset_identity()
    ana.sees_trust(bob, lambda trust: trust.changed)
    with pytest.raises(Impossible, match="changed their identity"):
        ana.send(room, "is that you?")


def test_an_identity_that_changes(ana: Element, bob: Element) -> None:
    room = meet(ana, bob, encrypted=True)
    bob.message(room, ana.send(room, "hello"))
    bob.reset_identity()
    ana.sees_trust(bob, lambda trust: trust.changed)
    ana.accept_identity(bob)
    ana.sees_trust(bob, lambda trust: not trust.changed)
    assert bob.message(room, ana.send(room, "still you")).readable


def test_devices_not_signed_by_their_owner_are_left_out(ana: Element, bob: Element) -> None:
    room = meet(ana, bob, encrypted=True)
    signed, unsigned = ana.another_device(), ana.another_device(trusted=False)
    devices = (signed.account.device_id, unsigned.account.device_id)
    bob.sees_trust(
        ana, lambda trust: [trust.devices[it].signed for it in devices if it in trust.devices] == [True, False]
    )
    event = bob.send(room, "between us")
    assert signed.message(room, event).body == "between us"
    assert ana.message(room, event).readable
    assert unsigned.message(room, event).failure
    with pytest.raises(Impossible, match="not verified"):
        unsigned.send(room, "let me in")
    assert bob.message(room, signed.send(room, "me, too")).body == "me, too"


def test_what_does_not_happen(ana: Element) -> None:
    room = ana.create("Alone")
    ana.send(room, "hello")
    with pytest.raises(AssertionError, match="hello"):
        ana.sees(room, "goodbye", within=0.1)
    with pytest.raises(Impossible, match="command"):
        ana.send(room, "/wg help")
    assert ana.message(room, ana.send(room, "//wg help")).body == "/wg help"
    with pytest.raises(Impossible) as refused:
        ana.join(f"#nowhere:{SERVER_NAME}")
    assert refused.value.status == 404
