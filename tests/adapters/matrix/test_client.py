from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.matrix import contents
from adapters.matrix.arriving import Edit, Message, PollEnd, PollResponse, PollStart, Reaction, Redaction, Upgraded
from adapters.matrix.client import BadFile
from adapters.shared.sending import RateLimited, Rejected, Shut, Unreachable
from bot.troubles import Reason
from tests.adapters.matrix.conftest import Robots
from tests.adapters.matrix.robot import Robot
from tests.support.matrix.crowd import Elements, Plains
from tests.support.matrix.element import Element
from tests.support.matrix.proxy import Proxy
from tests.support.matrix.synapse import Homeserver

pytestmark = pytest.mark.slow

encrypted_or_not = pytest.mark.parametrize("encrypted", [False, True], ids=["clear", "encrypted"])
SENDS = "PUT */send/*"


def together(person: Element, robot: Robot, *, encrypted: bool) -> str:
    room = person.create(encrypted=encrypted, invite=[robot])
    robot.join(room)
    person.send(room, "hello")
    robot.sees(Message, lambda each: each.room == room)
    return room


@encrypted_or_not
def test_messages_edits_threads_and_mentions(element: Elements, robot: Robot, *, encrypted: bool) -> None:
    ana = element("ana")
    room = together(ana, robot, encrypted=encrypted)
    content = contents.message("Is it so?", "Is it <b>so</b>?", mentions=[ana.id])
    first = robot.send(room, content)
    seen = ana.sees(room, "Is it so?")
    assert (seen.id, seen.msgtype, seen.html, seen.mentions) == (first, "m.notice", "Is it <b>so</b>?", [ana.id])
    assert (seen.encrypted, seen.shield) == (encrypted, "NONE" if encrypted else "")
    robot.send(room, contents.message("Under it", thread=first))
    assert ana.sees(room, "Under it", thread=first).answers == ""
    robot.send(room, contents.message("Back to it", reply_to=first))
    assert ana.sees(room, "Back to it").answers == first
    robot.send(room, contents.edited(first, contents.message("It is so", "It <b>is</b> so", mentions=[ana.id])))
    edited = ana.sees(room, "It is so", when=lambda each: each.edited)
    assert (edited.id, edited.html) == (first, "It <b>is</b> so")


@encrypted_or_not
def test_what_people_do_arrives(element: Elements, robot: Robot, *, encrypted: bool) -> None:
    ana = element("ana")
    room = together(ana, robot, encrypted=encrypted)
    ana.send(room, "a message", html="a <i>message</i>", mentions=[robot])
    heard = robot.sees(Message, lambda each: each.body == "a message")
    assert (heard.html, heard.mentions, heard.encrypted) == ("a <i>message</i>", (robot.id,), encrypted)
    said = ana.message(room, heard.event)
    ana.send(room, "below", thread=heard.event)
    assert robot.sees(Message, lambda each: each.body == "below").thread == heard.event
    ana.edit(said, "another message")
    edit = robot.sees(Edit)
    assert (edit.target, edit.body, edit.sender) == (heard.event, "another message", ana.id)
    ana.react(said, "👍")
    reaction = robot.sees(Reaction)
    assert (reaction.target, reaction.key) == (heard.event, "👍")
    ana.redact(room, heard.event, "no")
    redaction = robot.sees(Redaction)
    assert (redaction.target, redaction.reason) == (heard.event, "no")


@encrypted_or_not
def test_a_poll_of_the_bots_is_answered_and_ended(element: Elements, robot: Robot, *, encrypted: bool) -> None:
    ana = element("ana")
    room = together(ana, robot, encrypted=encrypted)
    content = contents.poll("Agree?", [("agree", "Yes"), ("object", "No"), ("abstain", "Abstain")])
    poll = robot.send(room, content, "org.matrix.msc3381.poll.start")
    assert ana.sees_poll(room, poll).answers == ("Yes", "No", "Abstain")
    ana.vote(room, poll, "No")
    vote = robot.sees(PollResponse)
    assert (vote.poll, vote.answers, vote.sender, vote.encrypted) == (poll, ("object",), ana.id, encrypted)
    ana.vote(room, poll, "Yes")
    robot.sees(PollResponse, lambda each: each.answers == ("agree",))
    robot.send(room, contents.poll_ended(poll, "It is over."), "org.matrix.msc3381.poll.end")
    ended = ana.sees_poll(room, poll, lambda each: each.ended)
    assert ended.counts["Yes"] == 1


def test_a_poll_of_somebody_elses_is_seen(element: Elements, robot: Robot) -> None:
    ana = element("ana")
    room = together(ana, robot, encrypted=True)
    poll = ana.start_poll(room, "Lunch?", ["Soup", "Salad"], most=2)
    found = robot.sees(PollStart)
    assert (found.event, found.question, found.most, found.disclosed) == (poll, "Lunch?", 2, True)
    assert [text for _, text in found.answers] == ["Soup", "Salad"]
    ana.end_poll(room, poll)
    assert robot.sees(PollEnd).poll == poll


@encrypted_or_not
def test_reactions_and_redactions_of_the_bots(element: Elements, robot: Robot, *, encrypted: bool) -> None:
    ana = element("ana")
    room = together(ana, robot, encrypted=encrypted)
    said = ana.sees(room, "hello")
    robot.send(room, contents.reaction(said.id, "✅"), "m.reaction")
    ana.sees(room, "hello", when=lambda each: each.reactions.get("✅") == [robot.id])
    mine = robot.send(room, contents.message("a slip"))
    ana.sees(room, "a slip")
    robot.run(robot.client.redact(room, mine, "t1", "a slip"))
    ana.sees(room, when=lambda each: each.id == mine and each.redacted, readable=False)


@encrypted_or_not
def test_files_both_ways(element: Elements, robot: Robot, *, encrypted: bool) -> None:
    ana = element("ana")
    room = together(ana, robot, encrypted=encrypted)
    data = b"# Plan\n" * 1000
    uploaded = robot.run(robot.client.upload(room, data, "plan.md", "text/markdown"))
    assert ("file" in uploaded) is encrypted
    sent = robot.send(room, contents.file(uploaded, "plan.md", "text/markdown", len(data), caption="The plan"))
    seen = ana.message(room, sent)
    assert ana.download(seen) == data
    ana.upload(room, "own.md", b"# Mine", "text/markdown")
    heard = robot.sees(Message, lambda each: each.file is not None)
    assert heard.file is not None
    assert (heard.file.name, heard.file.mime, bool(heard.file.keys)) == ("own.md", "text/markdown", encrypted)
    assert robot.run(robot.client.download(heard.file)) == b"# Mine"
    with pytest.raises(BadFile, match="too-large"):
        robot.run(robot.client.download(heard.file, largest=5))
    with pytest.raises(BadFile, match="gone"):
        robot.run(robot.client.download(replace(heard.file, uri=f"{heard.file.uri}x")))
    if encrypted:
        other = {**heard.file.keys, "hashes": {"sha256": "x"}}
        with pytest.raises(BadFile, match="broken"):
            robot.run(robot.client.download(replace(heard.file, keys=other)))


@encrypted_or_not
def test_an_answer_that_was_lost_leaves_one_message(
    element: Elements, robots: Robots, faulty: Proxy, *, encrypted: bool
) -> None:
    ana, robot = element("ana"), robots(url=faulty.url).started()
    room = together(ana, robot, encrypted=encrypted)
    faulty.trouble(SENDS, after=True, times=2)  # aiohttp tries once more by itself
    with pytest.raises(Unreachable):
        robot.send(room, contents.message("once"), txn="row1")
    first = robot.send(room, contents.message("once"), txn="row1")
    assert robot.send(room, contents.message("once"), txn="row1") == first
    robot.send(room, contents.message("then"))
    ana.sees(room, "then")
    assert [each.body for each in ana.messages(room)].count("once") == 1


@encrypted_or_not
def test_what_was_sent_long_ago_is_found(element: Elements, robots: Robots, *, encrypted: bool) -> None:
    ana, robot = element("ana"), robots(folder="home").started()
    room = together(ana, robot, encrypted=encrypted)
    sent = robot.send(room, contents.message("once"), txn="row1")
    for number in range(3):
        robot.send(room, contents.message(f"later {number}"))
    robot.close()
    again = robots(user=robot.id, folder="home").started()
    now = datetime.now(UTC)
    assert again.run(again.client.find(room, "row1", now - timedelta(minutes=5))) == sent
    assert again.run(again.client.find(room, "row2", now - timedelta(days=5))) is None


@pytest.mark.parametrize("where", ["keys/query", "keys/claim", "sendToDevice/*", "send/*"])
@pytest.mark.parametrize("after", [False, True], ids=["refused", "lost"])
def test_a_failure_on_the_way_leaves_no_room_mute(
    element: Elements, robots: Robots, faulty: Proxy, where: str, *, after: bool
) -> None:
    ana, robot = element("ana"), robots(url=faulty.url).started()
    room = together(ana, robot, encrypted=True)
    ben = element("ben")
    ana.invite(room, ben)
    ben.join(room)
    robot.sees(Message)
    faulty.trouble(f"* */{where}", **({"after": True} if after else {"status": 502}))
    try:
        robot.send(room, contents.message("first"), txn="row1")
    except Unreachable:
        robot.send(room, contents.message("first"), txn="row1")
    for each in (ana, ben):
        assert each.sees(room, "first", sender=robot).readable


def test_who_comes_and_goes(element: Elements, robot: Robot) -> None:
    ana, ben = element("ana"), element("ben")
    room = together(ana, robot, encrypted=True)
    robot.send(room, contents.message("for ana"))
    ana.invite(room, ben)
    ben.join(room)
    ana.send(room, "ben is here")
    robot.sees(Message, lambda each: each.body == "ben is here")
    robot.send(room, contents.message("for both"))
    assert ben.sees(room, "for both").readable
    ben.leave(room)
    ana.send(room, "ben left")
    robot.sees(Message, lambda each: each.body == "ben left")
    robot.send(room, contents.message("for ana again"))
    assert ana.sees(room, "for ana again").readable
    phone = ana.another_device()
    phone.sees_room(room, lambda each: each.encrypted)
    ana.send(room, "two devices")
    robot.sees(Message, lambda each: each.body == "two devices")
    robot.send(room, contents.message("for both devices"))
    assert phone.sees(room, "for both devices").readable


def test_what_homeservers_refuse(element: Elements, plain: Plains, robot: Robot) -> None:
    ana = element("ana")
    room = together(ana, robot, encrypted=False)
    elsewhere = plain("ben").create()
    quiet = ana.create(invite=[robot], power_level_content_override={"events_default": 50})
    robot.join(quiet)
    for place, content, reason in (
        (room, contents.message("x" * 70_000), Reason.TOO_LONG),
        (elsewhere, contents.message("hi"), Reason.NOT_IN_ROOM),
        ("!nowhere:wg.test", contents.message("hi"), Reason.NOT_IN_ROOM),
        (quiet, contents.message("hi"), Reason.NOT_ALLOWED),
    ):
        with pytest.raises(Rejected) as error:
            robot.send(place, content)
        assert error.value.reason == reason
    with pytest.raises(Rejected) as error:
        robot.run(robot.client.redact(room, "$nothing", "t"))
    assert error.value.reason == Reason.MESSAGE_GONE


def test_the_largest_texts_that_fit(element: Elements, robot: Robot) -> None:
    ana = element("ana")
    for encrypted, size in ((False, contents.LARGEST_EVENT), (True, contents.LARGEST_ENCRYPTED)):
        room = together(ana, robot, encrypted=encrypted)
        empty = contents.message("")
        text = "x" * (size - len(str(empty)) + 2)
        while not contents.fits(contents.message(text), encrypted=encrypted):
            text = text[:-1]
        robot.send(room, contents.message(text))
        assert len(ana.sees(room, "xxx").body) == len(text) > size - 200


def test_a_replaced_room_takes_nothing(element: Elements, robot: Robot) -> None:
    ana = element("ana")
    room = together(ana, robot, encrypted=False)
    ana.upgrade(room)
    robot.sees(Upgraded)
    with pytest.raises(Rejected) as error:
        robot.send(room, contents.message("hi"))
    assert error.value.reason == Reason.ROOM_ARCHIVED


def test_limits_are_told(robots: Robots, limited_synapse: Homeserver, plain: Plains) -> None:
    ana = plain("ana", homeserver=limited_synapse)
    robot = robots(user=limited_synapse.register("wg").user_id, url=limited_synapse.url).started()
    room = ana.create(invite=[robot])
    robot.join(room)

    def told() -> float:
        for number in range(30):
            try:
                robot.send(room, contents.message(f"{number}"))
            except RateLimited as error:
                return error.retry_after_seconds
        return 0.0

    assert 0 < told() < 60


def test_a_bot_without_its_token_is_shut_out(plain: Plains, robot: Robot) -> None:
    ana = plain("ana")
    room = ana.create(invite=[robot])
    robot.join(room)
    robot.stop()
    robot.run(robot.account.wire.call("POST", "logout", body={}))
    with pytest.raises(Shut) as error:
        robot.send(room, contents.message("hi"))
    assert error.value.reason == Reason.REVOKED


def test_before_the_first_sync_an_encrypted_room_is_known_as_one(element: Elements, robots: Robots) -> None:
    ana, robot = element("ana"), robots()
    room = ana.create(encrypted=True, invite=[robot])
    robot.run(robot.places.join(room))
    with pytest.raises(RateLimited):
        robot.send(room, contents.message("too early"))
    robot.run(robot.connection.prepare())
    robot.send(room, contents.message("secret"))
    assert ana.sees(room, "secret").encrypted
