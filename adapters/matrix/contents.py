"""What events of ours contain, as Element shows them: messages, edits, reactions, polls, files. Pure builders.

HTML and words are given; this only puts them into the shape. Nobody is mentioned but those named (`m.mentions`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

POLL: Final = "org.matrix.msc3381.poll."
"""Element neither sends nor shows `m.poll.*`."""

TEXT: Final = "org.matrix.msc1767.text"
MOST_ANSWERS: Final = 20
LARGEST_EVENT: Final = 63_000
"""Bytes of content in the clear that fit into an event (65,536 with what homeservers add, which differs)."""

LARGEST_ENCRYPTED: Final = 46_500
"""The same, of what is encrypted: Base64 makes it a third longer."""

Json = dict[str, Any]
Content = Mapping[str, Any]


def message(
    body: str,
    html: str = "",
    *,
    kind: str = "m.notice",
    mentions: Iterable[str] = (),
    thread: str = "",
    reply_to: str = "",
) -> Json:
    """`m.room.message`: to the room, in the thread under the event `thread`, or replying to an event."""
    content: Json = {"msgtype": kind, "body": body, "m.mentions": _mentions(mentions)}
    if html:
        content |= {"format": "org.matrix.custom.html", "formatted_body": html}
    relation = related(thread, reply_to)
    return content | {"m.relates_to": relation} if relation else content


def related(thread: str = "", reply_to: str = "") -> Json:
    """How something is related to a thread's first event, to an event it replies to, or both."""
    if not thread:
        return {"m.in_reply_to": {"event_id": reply_to}} if reply_to else {}
    # clients without threads show it as a reply to the thread's beginning
    return {
        "rel_type": "m.thread",
        "event_id": thread,
        "is_falling_back": not reply_to,
        "m.in_reply_to": {"event_id": reply_to or thread},
    }


def edited(target: str, content: Content) -> Json:
    """`m.room.message` that makes the message `target` read as `content`. Nobody is told of it anew."""
    new = {name: value for name, value in content.items() if name != "m.relates_to"}
    shown = {**new, "body": f"* {new['body']}"}
    if "formatted_body" in new:
        shown["formatted_body"] = f"* {new['formatted_body']}"
    relation = {"rel_type": "m.replace", "event_id": target}
    return {**shown, "m.mentions": {}, "m.new_content": {**new, "m.mentions": {}}, "m.relates_to": relation}


def reaction(target: str, key: str) -> Json:
    """`m.reaction`."""
    return {"m.relates_to": {"rel_type": "m.annotation", "event_id": target, "key": key}}


def poll(
    question: str,
    answers: Sequence[tuple[str, str]],
    *,
    disclosed: bool = True,
    most: int = 1,
    thread: str = "",
    mentions: Iterable[str] = (),
) -> Json:
    """`org.matrix.msc3381.poll.start`: at most `MOST_ANSWERS` pairs of id and text. Raises `ValueError`."""
    if not 1 <= len(answers) <= MOST_ANSWERS:
        raise ValueError(f"a poll has 1 to {MOST_ANSWERS} answers, not {len(answers)}")
    listed = "\n".join(f"{number}. {text}" for number, (_, text) in enumerate(answers, 1))
    content: Json = {
        TEXT: f"{question}\n{listed}",
        "m.mentions": _mentions(mentions),
        POLL + "start": {
            "question": {TEXT: question, "body": question, "msgtype": "m.text"},
            "kind": POLL + ("disclosed" if disclosed else "undisclosed"),
            "max_selections": most,
            "answers": [{"id": name, TEXT: text} for name, text in answers],
        },
    }
    relation = related(thread)
    return content | {"m.relates_to": relation} if relation else content


def poll_ended(poll: str, words: str) -> Json:
    """`org.matrix.msc3381.poll.end`; `words` for clients that show no polls."""
    relation = {"rel_type": "m.reference", "event_id": poll}
    return {TEXT: words, "body": words, POLL + "end": {}, "m.relates_to": relation}


def file(
    uploaded: Content,
    name: str,
    mime: str,
    size: int,
    *,
    kind: str = "m.file",
    caption: str = "",
    info: Content | None = None,
    thread: str = "",
) -> Json:
    """`m.room.message` with a file: `uploaded` is what `Client.upload` gave; `info` holds a picture's `w` and `h`."""
    content: Json = {
        "msgtype": kind,
        "body": caption or name,
        "filename": name,
        "info": {"mimetype": mime, "size": size, **(info or {})},
        "m.mentions": {},
        **uploaded,
    }
    relation = related(thread)
    return content | {"m.relates_to": relation} if relation else content


def fits(content: Content, *, encrypted: bool) -> bool:
    """Whether a content is small enough for an event."""
    size = len(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())
    return size <= (LARGEST_ENCRYPTED if encrypted else LARGEST_EVENT)


def _mentions(users: Iterable[str]) -> Json:
    named = list(dict.fromkeys(users))
    return {"user_ids": named} if named else {}
