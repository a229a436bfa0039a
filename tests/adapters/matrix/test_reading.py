from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.matrix import contents
from adapters.matrix.arriving import (
    Attachment,
    Edit,
    Invitation,
    Member,
    Membership,
    Message,
    PollEnd,
    PollResponse,
    PollStart,
    Reaction,
    Redaction,
    Removed,
    StateChange,
    Upgraded,
)
from adapters.matrix.reading import invitation, read, removal

Json = dict[str, Any]
AT = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)


def event(kind: str, content: Any, **more: Any) -> Json:
    stamp = int(AT.timestamp() * 1000)
    return {
        "type": kind,
        "content": content,
        "event_id": "$e",
        "sender": "@ana:one",
        "origin_server_ts": stamp,
    } | more


def happened(**more: Any) -> Json:
    return {"room": "!r", "event": "$e", "sender": "@ana:one", "at": AT} | more


def test_a_message() -> None:
    content = contents.message("hi", "<b>hi</b>", kind="m.text", mentions=["@wg:one", "@wg:one"])
    expected = Message(**happened(kind="m.text", body="hi", html="<b>hi</b>", mentions=("@wg:one",)))
    assert read("!r", event("m.room.message", content)) == expected


def test_a_message_that_mentions_the_room() -> None:
    content = {"msgtype": "m.text", "body": "hi", "m.mentions": {"room": True}}
    found = read("!r", event("m.room.message", content), encrypted=True, early=True)
    assert found == Message(**happened(kind="m.text", body="hi", mentions_room=True, encrypted=True, early=True))


@pytest.mark.parametrize(
    ("thread", "reply", "expected"),
    [("", "", ("", "")), ("$t", "", ("$t", "")), ("", "$m", ("", "$m")), ("$t", "$m", ("$t", "$m"))],
)
def test_threads_and_replies(thread: str, reply: str, expected: tuple[str, str]) -> None:
    found = read("!r", event("m.room.message", contents.message("hi", thread=thread, reply_to=reply)))
    assert isinstance(found, Message)
    assert (found.thread, found.reply_to) == expected


def test_an_edit() -> None:
    content = contents.edited("$old", contents.message("new", "<i>new</i>", thread="$t", mentions=["@wg:one"]))
    assert content["body"] == "* new"
    assert content["m.mentions"] == {}
    expected = Edit(**happened(target="$old", kind="m.notice", body="new", html="<i>new</i>"))
    assert read("!r", event("m.room.message", content)) == expected


def test_a_file() -> None:
    content = contents.file({"url": "mxc://one/f"}, "plan.md", "text/markdown", 12, caption="Our plan", thread="$t")
    found = read("!r", event("m.room.message", content))
    assert isinstance(found, Message)
    assert (found.body, found.thread) == ("Our plan", "$t")
    assert found.file == Attachment("mxc://one/f", "plan.md", "text/markdown", 12, {})


def test_a_file_in_an_encrypted_room_has_its_keys() -> None:
    keys = {"url": "mxc://one/f", "key": {"k": "…"}, "iv": "…", "hashes": {}}
    found = read("!r", event("m.room.message", contents.file({"file": keys}, "a.png", "image/png", 1, kind="m.image")))
    assert isinstance(found, Message)
    assert found.file is not None
    assert (found.file.uri, found.file.keys) == ("mxc://one/f", keys)


def test_a_redaction_in_old_and_new_rooms() -> None:
    expected = Redaction(**happened(target="$x", reason="wrong"))
    assert read("!r", event("m.room.redaction", {"reason": "wrong"}, redacts="$x")) == expected
    assert read("!r", event("m.room.redaction", {"reason": "wrong", "redacts": "$x"})) == expected


def test_what_was_redacted_says_nothing() -> None:
    assert read("!r", event("m.room.message", {})) is None
    assert read("!r", event("m.reaction", {})) is None
    assert read("!r", event("org.matrix.msc3381.poll.response", {})) is None


def test_a_reaction() -> None:
    expected = Reaction(**happened(target="$x", key="👍"))
    assert read("!r", event("m.reaction", contents.reaction("$x", "👍"))) == expected


def test_a_poll_as_element_sends_it() -> None:
    content = contents.poll("Agree?", [("a", "Yes"), ("b", "No")], disclosed=False, most=2)
    expected = PollStart(
        **happened(question="Agree?", answers=(("a", "Yes"), ("b", "No")), disclosed=False, most=2, encrypted=True)
    )
    assert read("!r", event("org.matrix.msc3381.poll.start", content), encrypted=True) == expected


def test_a_poll_as_it_is_specified() -> None:
    text = [{"body": "Agree?"}]
    answers = [{"m.id": "a", "m.text": [{"body": "Yes"}]}, {"m.id": 3}, "what"]
    inner = {"question": {"m.text": text}, "kind": "m.disclosed", "answers": answers}
    found = read("!r", event("m.poll.start", {"m.poll": inner}))
    assert found == PollStart(**happened(question="Agree?", answers=(("a", "Yes"),), disclosed=True, most=1))


def test_a_poll_of_none_or_too_many_answers_is_not_made() -> None:
    for count in (0, 21):
        with pytest.raises(ValueError, match="1 to 20"):
            contents.poll("?", [(str(number), "x") for number in range(count)])


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("org.matrix.msc3381.poll.response", {"org.matrix.msc3381.poll.response": {"answers": ["b", 3, "a"]}}),
        ("m.poll.response", {"m.selections": ["b", "a"]}),
    ],
)
def test_votes_by_both_names(kind: str, content: Json) -> None:
    relation = {"m.relates_to": {"rel_type": "m.reference", "event_id": "$poll"}}
    assert read("!r", event(kind, content | relation)) == PollResponse(**happened(poll="$poll", answers=("b", "a")))


def test_a_vote_taken_back() -> None:
    content = {"m.relates_to": {"rel_type": "m.reference", "event_id": "$poll"}}
    found = read("!r", event("org.matrix.msc3381.poll.response", content))
    assert found == PollResponse(**happened(poll="$poll", answers=()))


def test_the_end_of_a_poll() -> None:
    content = contents.poll_ended("$poll", "It is over")
    assert read("!r", event("org.matrix.msc3381.poll.end", content)) == PollEnd(**happened(poll="$poll"))


def test_memberships() -> None:
    content = {"membership": "join", "displayname": "Ben"}
    joined = event("m.room.member", content, state_key="@ben:one")
    expected = Membership(**happened(user="@ben:one", now=Member.JOIN, before=Member.LEAVE, name="Ben"))
    assert read("!r", joined) == expected
    renamed = joined | {"unsigned": {"prev_content": {"membership": "join"}}}
    assert read("!r", renamed) is None
    kicked = event(
        "m.room.member",
        {"membership": "leave", "reason": "rude"},
        state_key="@ben:one",
        unsigned={"prev_content": {"membership": "join"}},
    )
    found = read("!r", kicked)
    assert found == Membership(**happened(user="@ben:one", now=Member.LEAVE, before=Member.JOIN, reason="rude"))


def test_a_room_that_was_replaced() -> None:
    content = {"body": "moved", "replacement_room": "!new"}
    found = read("!r", event("m.room.tombstone", content, state_key=""))
    assert found == Upgraded(**happened(replacement="!new", body="moved"))


def test_other_state() -> None:
    found = read("!r", event("m.room.name", {"name": "x"}, state_key=""))
    assert found == StateChange(**happened(type="m.room.name", key="", content={"name": "x"}))


def test_state_cannot_be_set_under_encryption() -> None:
    assert read("!r", event("m.room.name", {"name": "x"}, state_key=""), encrypted=True) is None


@pytest.mark.parametrize("stamp", [None, -1, 10**18, "now", 1.5])
def test_a_time_that_is_none_is_the_epoch(stamp: Any) -> None:
    found = read("!r", event("m.room.message", contents.message("hi"), origin_server_ts=stamp))
    assert isinstance(found, Message)
    assert found.at == datetime(1970, 1, 1, tzinfo=UTC)


def test_an_invitation() -> None:
    state = [
        {"type": "m.room.create", "sender": "@ana:one", "state_key": "", "content": {"type": "m.space"}},
        {"type": "m.room.name", "sender": "@ana:one", "state_key": "", "content": {"name": "Plans"}},
        {"type": "m.room.encryption", "sender": "@ana:one", "state_key": "", "content": {}},
        {"type": "m.room.canonical_alias", "sender": "@ana:one", "state_key": "", "content": {"alias": "#p:one"}},
        {
            "type": "m.room.member",
            "sender": "@ana:one",
            "state_key": "@wg:one",
            "content": {"membership": "invite", "is_direct": True},
        },
    ]
    expected = Invitation(
        room="!r", inviter="@ana:one", direct=True, name="Plans", alias="#p:one", encrypted=True, space=True
    )
    assert invitation("!r", "@wg:one", state) == expected
    assert invitation("!r", "@wg:one", [*state[:4], None, {}]) is None


def test_how_the_bot_came_to_be_out() -> None:
    ban = event("m.room.member", {"membership": "ban", "reason": "noise"}, state_key="@wg:one")
    assert removal("!r", "@wg:one", [ban]) == Removed(room="!r", by="@ana:one", now=Member.BAN, reason="noise")
    assert removal("!r", "@wg:one", [None, {}]) == Removed(room="!r", by="", now=Member.LEAVE)


KINDS = st.sampled_from(
    ["m.room.message", "m.reaction", "m.room.redaction", "m.room.member", "m.room.tombstone", "m.poll.start"]
    + [f"org.matrix.msc3381.poll.{each}" for each in ("start", "response", "end")]
)
NAMES = st.sampled_from(
    [
        "msgtype",
        "body",
        "m.relates_to",
        "rel_type",
        "event_id",
        "key",
        "m.new_content",
        "file",
        "url",
        "info",
        "size",
        "m.mentions",
        "user_ids",
        "answers",
        "question",
        "m.text",
        "id",
        "org.matrix.msc3381.poll.start",
        "org.matrix.msc3381.poll.response",
        "m.in_reply_to",
        "membership",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["m.replace", "m.annotation", "m.thread", "x", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(KINDS, st.dictionaries(NAMES, VALUES, max_size=6), st.none() | st.just("") | st.just("@ben:one"), VALUES)
def test_nothing_that_anybody_sends_raises(kind: str, content: Json, key: str | None, unsigned: Any) -> None:
    more = {} if key is None else {"state_key": key}
    read("!r", event(kind, content, unsigned=unsigned, **more))
    invitation("!r", "@ben:one", [event(kind, content, state_key=key)])
    removal("!r", "@ben:one", [event(kind, content, state_key=key)])
