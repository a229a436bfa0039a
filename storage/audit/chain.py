"""The hash chain of one community's audit log: what an entry is, and how the next hash follows from the last.

hash = SHA-256(previous hash || canonical JSON of [sequence, at, name, by, origin, body]). The first entry's previous
hash is derived from the community's id, so that a chain cannot be passed off as another community's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec

from bot.domain.events import Fact
from bot.domain.ids import CommunityId, PersonId
from storage.audit import codec


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends: the number and hash of its last entry."""

    sequence: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is kept. `private` is None when there was nothing private, or when it was erased."""

    sequence: int
    at: datetime
    name: str
    by: PersonId | None
    origin: str
    body: bytes
    hash: bytes
    private: bytes | None

    def follows(self, previous: bytes) -> bytes:
        """The hash it should have after an entry with the hash `previous`."""
        return next_hash(previous, self.sequence, self.at, self.name, self.by, self.origin, self.body)

    def fact(self, community: CommunityId) -> Fact | None:
        """What it records; None when private values of it were erased."""
        event = codec.decode(self.name, self.body, self.private)
        return None if event is None else Fact(community, self.at, self.by, event)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that is no record any more, and why."""

    key: tuple[Any, ...]
    why: str


def genesis(community: CommunityId) -> Head:
    """The head of a chain that has no entry yet."""
    return Head(0, sha256(f"audit log of {community}".encode()).digest())


def secret_of(entries: Iterable[Entry]) -> bytes:
    """What nobody knows who cannot read private values: it follows from the first, and its salt. Empty where there is none."""
    oldest = next((each.private for each in entries if each.private is not None), None)
    return sha256(b"what only who reads this knows" + oldest).digest() if oldest is not None else b""


def next_hash(
    previous: bytes, sequence: int, at: datetime, name: str, by: PersonId | None, origin: str, body: bytes
) -> bytes:
    """The hash of the entry that follows `previous`."""
    text = codec.canonical((sequence, at, name, by, origin, msgspec.Raw(body)))
    return sha256(previous + text).digest()


@dataclass(frozen=True, slots=True)
class Appended:
    """A fact to be logged when the transaction commits."""

    fact: Fact
    origin: str
    encoded: codec.Encoded

    def sealed(self, head: Head) -> Entry:
        """The entry it becomes after `head`."""
        fact, encoded = self.fact, self.encoded
        number, at = head.sequence + 1, fact.at.astimezone(UTC)
        made = next_hash(head.hash, number, at, encoded.name, fact.by, self.origin, encoded.body)
        return Entry(number, at, encoded.name, fact.by, self.origin, encoded.body, made, encoded.private)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Private values to be erased: of the events called `name` whose `field` has `value`, logged until then."""

    community: CommunityId
    name: str
    field: str
    value: Any

    def concerns(self, entry: Entry) -> bool:
        """Whether an entry is among them."""
        return entry.name == self.name and self.names(entry.body)

    def names(self, body: bytes) -> bool:
        """Whether an event of the type, as it is kept, is about the subject."""
        return bool(codec.value_in(body, self.field) == self.value)


Step = Appended | Forgotten
"""What a transaction does to the log, in order."""
