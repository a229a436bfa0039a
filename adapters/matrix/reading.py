"""Events as a homeserver gives them, read into this adapter's own words. Pure: it decides nothing, and no event makes it raise.

Both names of polls are read: the one Element sends (`org.matrix.msc3381.poll.*`) and the later one (`m.poll.*`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from adapters.matrix.arriving import (
    Arrived,
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
from adapters.matrix.contents import POLL, TEXT
from adapters.matrix.joined import member

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST_MS: Final = 253_402_300_799_000
"""The end of the year 9999: more than that is no time."""

Json = Mapping[str, Any]


def read(room: str, event: Json, *, encrypted: bool = False, early: bool = False) -> Arrived | None:
    """What an event says; None for one that says nothing to us, or that is not as it should be.

    `event` is in the clear by now. `encrypted`: it was not.
    """
    content, kind = event.get("content"), event.get("type")
    if not isinstance(content, dict) or not isinstance(kind, str) or not is_event(event):
        return None
    happened: dict[str, Any] = {
        "room": room,
        "event": event["event_id"],
        "sender": event["sender"],
        "at": moment(event.get("origin_server_ts")),
        "encrypted": encrypted,
        "early": early,
    }
    if isinstance(event.get("state_key"), str):
        return None if encrypted else _state(event, kind, content, happened)
    match kind:
        case "m.room.message":
            return _message(content, happened)
        case "m.room.redaction":
            target = event.get("redacts") or content.get("redacts")
            return Redaction(**happened, target=_text(target), reason=_text(content.get("reason"))) if target else None
        case "m.reaction":
            relation = _relation(content)
            if relation.get("rel_type") != "m.annotation" or not relation.get("key"):
                return None
            return Reaction(**happened, target=_text(relation.get("event_id")), key=_text(relation.get("key")))
        case _ if kind.startswith((POLL, "m.poll.")):
            return _poll(kind, content, happened)
        case _:
            return None


def is_event(event: Json) -> bool:
    """Whether it has what every event has."""
    return isinstance(event.get("event_id"), str) and isinstance(event.get("sender"), str)


def invitation(room: str, user: str, state: list[Any]) -> Invitation | None:
    """The invitation of `user` that the stripped state of a room shows; None if it shows none."""
    by_type: dict[str, Json] = {}
    inviter, direct = "", False
    for event in state:
        if not isinstance(event, dict) or not isinstance(event.get("content"), dict):
            continue
        kind, content = event.get("type"), event["content"]
        if kind == "m.room.member" and event.get("state_key") == user and member(content) is Member.INVITE:
            inviter, direct = _text(event.get("sender")), content.get("is_direct") is True
        elif isinstance(kind, str):
            by_type[kind] = content
    if not inviter:
        return None
    return Invitation(
        room=room,
        inviter=inviter,
        direct=direct,
        name=_text(by_type.get("m.room.name", {}).get("name")),
        alias=_text(by_type.get("m.room.canonical_alias", {}).get("alias")),
        encrypted="m.room.encryption" in by_type,
        space=by_type.get("m.room.create", {}).get("type") == "m.space",
    )


def removal(room: str, user: str, events: list[Any]) -> Removed:
    """How `user` came to be in a room no longer, by its last events."""
    for event in reversed(events):
        if isinstance(event, dict) and event.get("type") == "m.room.member" and event.get("state_key") == user:
            content = event.get("content")
            content = content if isinstance(content, dict) else {}
            return Removed(
                room=room, by=_text(event.get("sender")), now=member(content), reason=_text(content.get("reason"))
            )
    return Removed(room=room, by="", now=Member.LEAVE)


def before(event: Json) -> Member:
    """How the person of a member event stood to the room until then."""
    unsigned = event.get("unsigned")
    content = unsigned.get("prev_content") if isinstance(unsigned, dict) else None
    return member(content if isinstance(content, dict) else None)


def moment(milliseconds: object) -> datetime:
    """A server's time stamp; what is none is the epoch."""
    sane = isinstance(milliseconds, int) and 0 <= milliseconds <= LATEST_MS
    return EPOCH + timedelta(milliseconds=milliseconds) if sane and isinstance(milliseconds, int) else EPOCH


def _state(event: Json, kind: str, content: dict[str, Any], happened: dict[str, Any]) -> Arrived | None:
    key = str(event["state_key"])
    if kind == "m.room.member":
        now, then = member(content), before(event)
        if now is then:
            return None
        name, reason = _text(content.get("displayname")), _text(content.get("reason"))
        return Membership(**happened, user=key, now=now, before=then, name=name, reason=reason)
    if kind == "m.room.tombstone" and not key:
        return Upgraded(**happened, replacement=_text(content.get("replacement_room")), body=_text(content.get("body")))
    return StateChange(**happened, type=kind, key=key, content=content)


def _message(content: dict[str, Any], happened: dict[str, Any]) -> Arrived | None:
    relation = _relation(content)
    if relation.get("rel_type") == "m.replace":
        new = content.get("m.new_content")
        if not isinstance(new, dict) or not isinstance(relation.get("event_id"), str):
            return None
        words = _words(new)
        return Edit(**happened, **words, target=relation["event_id"]) if words else None
    words = _words(content)
    if not words:
        return None  # a message that was redacted has no content
    thread = _text(relation.get("event_id")) if relation.get("rel_type") == "m.thread" else ""
    reply = relation.get("m.in_reply_to")
    replied = _text(reply.get("event_id")) if isinstance(reply, dict) else ""
    mentions = content.get("m.mentions")
    return Message(
        **happened,
        **words,
        mentions_room=isinstance(mentions, dict) and mentions.get("room") is True,
        thread=thread,
        reply_to="" if thread and relation.get("is_falling_back") is True else replied,
        file=_attachment(content),
    )


def _words(content: dict[str, Any]) -> dict[str, Any]:
    kind, body = content.get("msgtype"), content.get("body")
    if not isinstance(kind, str) or not isinstance(body, str):
        return {}
    mentions = content.get("m.mentions")
    users = mentions.get("user_ids") if isinstance(mentions, dict) else None
    return {
        "kind": kind,
        "body": body,
        "html": _text(content.get("formatted_body")) if content.get("format") == "org.matrix.custom.html" else "",
        "mentions": tuple(each for each in users if isinstance(each, str)) if isinstance(users, list) else (),
    }


def _attachment(content: dict[str, Any]) -> Attachment | None:
    file = content.get("file")
    keys = file if isinstance(file, dict) else {}
    uri = _text(keys.get("url")) or _text(content.get("url"))
    if not uri.startswith("mxc://"):
        return None
    info = content.get("info")
    info = info if isinstance(info, dict) else {}
    size = info.get("size")
    name = _text(content.get("filename")) or _text(content.get("body"))
    return Attachment(uri, name, _text(info.get("mimetype")), size if isinstance(size, int) else 0, keys)


def _poll(kind: str, content: dict[str, Any], happened: dict[str, Any]) -> Arrived | None:
    act = kind.rpartition(".")[2]
    relation = _relation(content)
    poll = _text(relation.get("event_id")) if relation.get("rel_type") == "m.reference" else ""
    if act == "start":
        return _poll_start(content, happened)
    if not poll:
        return None
    if act == "end":
        return PollEnd(**happened, poll=poll)
    if act != "response":
        return None
    inner = content.get(kind)
    answers = inner.get("answers") if isinstance(inner, dict) else content.get("m.selections")
    given = tuple(each for each in answers if isinstance(each, str)) if isinstance(answers, list) else ()
    return PollResponse(**happened, poll=poll, answers=given)


def _poll_start(content: dict[str, Any], happened: dict[str, Any]) -> PollStart | None:
    inner = content.get(POLL + "start") or content.get("m.poll")
    if not isinstance(inner, dict):
        return None
    answers = inner.get("answers")
    options = [
        (_text(each.get("id") or each.get("m.id")), _extensible(each))
        for each in (answers if isinstance(answers, list) else ())
        if isinstance(each, dict)
    ]
    question, most = inner.get("question"), inner.get("max_selections")
    return PollStart(
        **happened,
        question=_extensible(question) if isinstance(question, dict) else "",
        answers=tuple(option for option in options if option[0]),
        disclosed=_text(inner.get("kind")).endswith(".disclosed"),
        most=most if isinstance(most, int) and most >= 1 else 1,
    )


def _extensible(value: dict[str, Any]) -> str:
    """A text, in the older or the newer way of writing one."""
    parts = value.get("m.text")
    if isinstance(parts, list):
        return next((_text(each.get("body")) for each in parts if isinstance(each, dict)), "")
    return _text(value.get(TEXT)) or _text(value.get("body"))


def _relation(content: dict[str, Any]) -> dict[str, Any]:
    relation = content.get("m.relates_to")
    return relation if isinstance(relation, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
