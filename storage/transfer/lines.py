"""The lines of an export: what each kind holds, and how one is read again.

In this order: what it is of and by which version; the audit log; every record; what requests were answered; what is
still to be sent; and that it ends. There is no time of export in it: the same state gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Protocol

import msgspec

from bot.domain.ids import CommunityId
from bot.domain.records import SHAPES
from bot.outgoing import Outgoing
from storage.audit.chain import Entry, Head
from storage.mappers import mapper_of
from storage.names import table_of
from storage.shapes import values_of

FORMAT = 1
"""Counts up when an older wgbot could not read it any more."""


NOTHING = msgspec.Raw()
"""Stands for JSON that is not there: its field is left out."""


class Line(msgspec.Struct, frozen=True, tag_field="line", forbid_unknown_fields=True, omit_defaults=True):
    """A line of an export."""


class Opening(Line, frozen=True, tag="community"):
    """The first line: whose state this is, of which format and revision of the tables, and where the audit log ends."""

    format: int
    revision: str
    id: CommunityId
    sequence: int
    hash: str


class Logged(Line, frozen=True, tag="entry"):
    """An entry of the audit log: `body` is the event as it was hashed, `private` {field: [salt, value]} beside it."""

    sequence: int
    at: datetime
    name: str
    by: str | None
    origin: str
    body: msgspec.Raw
    hash: str
    private: msgspec.Raw = NOTHING


class Kept(Line, frozen=True, tag="record"):
    """A record as it stands: `of` names its table, `value` has its fields."""

    of: str
    value: msgspec.Raw


class Answer(Line, frozen=True, tag="answer"):
    """What a request was answered within the last day, so that a retry is not done twice. No `reply`: it was confidential."""

    origin: str
    at: datetime
    reply: msgspec.Raw = NOTHING


class Message(Line, frozen=True, tag="message"):
    """A message that was not delivered: it waits (`state` 0), may be on its way (1) or is a dead letter (3)."""

    sequence: int
    message: Outgoing
    state: int
    attempts: int
    rendered: bytes | None = None
    error: str = ""
    parked_at: datetime | None = None


class Ending(Line, frozen=True, tag="end"):
    """The last line: how many came before it."""

    lines: int


Any_ = Opening | Logged | Kept | Answer | Message | Ending

LINES: tuple[type[Line], ...] = (Opening, Logged, Kept, Answer, Message, Ending)
"""Every kind of line, in the order they come in."""

_json = msgspec.json.Encoder().encode
_line: Any = msgspec.json.Decoder(Any_).decode


class Refused(Exception):
    """What was to be read is no export, not a whole one, or not one for this store. The message says which."""


def encoded(line: Line) -> bytes:
    """A line, with its end."""
    return _json(line) + b"\n"


def decoded(number: int, text: bytes) -> Any_:
    """The line of this number. Raises `Refused` for one that is none."""
    try:
        found: Any_ = _line(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(f"line {number} is not as an export has it: {error}") from None
    return found


def logged(entry: Entry) -> Logged:
    """The line of an entry of the audit log."""
    private = NOTHING if entry.private is None else msgspec.Raw(entry.private)
    at = entry.at.astimezone(UTC)
    return Logged(
        entry.sequence, at, entry.name, entry.by, entry.origin, msgspec.Raw(entry.body), entry.hash.hex(), private
    )


def tables() -> dict[str, type[Any]]:
    """Every record type by the name of its table, in the order they come in."""
    return dict(sorted((table_of(kind), kind) for kind in SHAPES))


def kept(record: Any) -> Kept:
    """The line of a record. Its instants are in UTC, whichever store it comes from."""
    kind = type(record)
    fields = {name: getattr(record, name) for name in mapper_of(kind, native=True).names}
    same = {name: value.astimezone(UTC) if isinstance(value, datetime) else value for name, value in fields.items()}
    return Kept(table_of(kind), msgspec.Raw(_json(same)))


def record_in(line: Kept, known: dict[str, type[Any]]) -> Any:
    """The record of a line. Raises `Refused` for one this version does not know, or that is not as it has it."""
    kind = known.get(line.of)
    if kind is None:
        raise Refused(f"this wgbot knows no record called {line.of}")
    try:
        return msgspec.json.decode(line.value, type=kind)
    except msgspec.DecodeError as error:
        raise Refused(f"a record of {line.of} is not as this wgbot has it: {error}") from None


def community_in(record: Any) -> str:
    """The community a record belongs to; "" where it is the installation's."""
    return str(values_of(SHAPES[type(record)].key)(record)[0])


class Giving(Protocol):
    """A snapshot of a store, to be written out."""

    def head(self, community: CommunityId) -> Head | None: ...

    def entries(self, community: CommunityId) -> Iterator[Entry]: ...

    def scan(self, kind: type[Any], community: CommunityId) -> Iterator[Any]: ...

    def answers_of(self, community: CommunityId) -> Iterator[Answer]:
        """What requests were answered, by their origin."""
        ...

    def messages_of(self, community: CommunityId) -> Iterator[Message]:
        """What was not delivered, in order."""
        ...


class Taking(Protocol):
    """A transaction that takes a community in: nothing of it stays if it is left by an error."""

    def get(self, kind: type[Any], *key: Any) -> Any: ...

    def all(self, kind: type[Any], **by: Any) -> tuple[Any, ...]: ...

    def head(self, community: CommunityId) -> Head | None: ...

    def entry(self, community: CommunityId, entry: Entry) -> None: ...

    def record(self, record: Any) -> None: ...

    def answer(self, community: CommunityId, answer: Answer) -> None: ...

    def message(self, message: Message) -> None: ...
