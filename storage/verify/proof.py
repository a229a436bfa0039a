"""Proving a community's audit log, and its state from it. `wgbot audit verify` shows what this finds.

In one snapshot, reading the log once from its beginning: is every entry where and as the chain says, is every private
value the one committed to (or the one that an erasure says it put there), is the head the last entry's; does replaying it
all give every record that is stored (rule 6 of the architecture); do the tallies kept agree with a recount of positions and
choices.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from bot.domain.ids import CommunityId
from bot.domain.records import SHAPES, Reads
from bot.text import T, Text
from storage.audit.chain import Entry, Head, Unreadable, genesis
from storage.audit.replacements import Replacements
from storage.shapes import values_of
from storage.verify.recount import Recount
from storage.verify.replay import Replay


class Flaw(StrEnum):
    """What kind of thing is wrong."""

    CHAIN = "chain"
    HEAD = "head"
    PRIVATE = "private value"
    UNREADABLE = "unreadable"
    REPLAY = "replay"
    TALLY = "tally"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong, and where: an entry of the log by its `sequence`, or a record by its type and key in `place`."""

    community: CommunityId
    flaw: Flaw
    sequence: int | None
    place: str
    text: Text


class Audited(Reads, Protocol):
    """A snapshot that can be audited."""

    def entries(self, community: CommunityId) -> Iterator[Entry]: ...

    def head(self, community: CommunityId) -> Head | None: ...

    def scan(self, kind: type[Any], community: CommunityId) -> Iterator[Any]: ...


class AuditedStore(Protocol):
    """A store whose snapshots can be audited: both of them are."""

    def reading(self) -> AbstractContextManager[Audited]: ...


def verify(store: AuditedStore, community: CommunityId) -> list[Problem]:
    """Everything that is wrong with a community's log and state; an empty list when nothing is."""
    with store.reading() as reads:
        replay = Replay()
        return [
            *_log(reads, community, replay),
            *_state(reads, community, replay),
        ]


def _log(reads: Audited, community: CommunityId, replay: Replay) -> Iterator[Problem]:
    end, broken = genesis(community), False
    private = Replacements()
    for entry in reads.entries(community):
        expected = Head(end.sequence + 1, entry.follows(end.hash))
        end = Head(entry.sequence, entry.hash)
        if not broken and end != expected:
            broken = True
            number = expected.sequence
            what = (
                T("The chain is broken at entry {number}: it is not what was logged.", number=number)
                if end.sequence == number
                else T("The chain is broken at entry {number}: it is missing.", number=number)
            )
            yield Problem(community, Flaw.CHAIN, number, f"audit {number}", what)
        try:
            private.add(entry)
        except (ValueError, LookupError, TypeError):
            yield _changed(community, entry.sequence, "?")
        yield from _entry(community, entry, replay)
    for number, field in private.unexplained():
        yield _changed(community, number, field)
    head = reads.head(community) or genesis(community)
    if head != end:
        yield Problem(
            community,
            Flaw.HEAD,
            end.sequence,
            "chain_head",
            T("The log ends with entry {last}, but its head says {head}.", last=end.sequence, head=head.sequence),
        )


def _entry(community: CommunityId, entry: Entry, replay: Replay) -> Iterator[Problem]:
    place = f"audit {entry.sequence}"
    try:
        fact = entry.fact(community)
    except (LookupError, ValueError, TypeError) as error:
        what = T("Entry {number} cannot be read: {why}.", number=entry.sequence, why=str(error))
        yield Problem(community, Flaw.UNREADABLE, entry.sequence, place, what)
        return
    if fact is None:
        return
    try:
        replay.add(fact)
    except Exception as error:
        what = T("Entry {number} cannot be replayed: {why}.", number=entry.sequence, why=repr(error))
        yield Problem(community, Flaw.REPLAY, entry.sequence, place, what)


def _changed(community: CommunityId, number: int, field: str) -> Problem:
    what = T("A private value of entry {number} was changed: {field}.", number=number, field=field)
    return Problem(community, Flaw.PRIVATE, number, f"audit {number}", what)


def _state(reads: Audited, community: CommunityId, replay: Replay) -> Iterator[Problem]:
    recount = Recount()
    for kind, shape in SHAPES.items():
        if not shape.logged:
            continue
        expected = replay.by_key(kind, community)
        key_of = values_of(shape.key)
        for record in reads.scan(kind, community):
            if isinstance(record, Unreadable):
                place = f"{kind.__name__} {record.key}"
                what = T("{place} cannot be read: {why}.", place=place, why=record.why)
                yield Problem(community, Flaw.UNREADABLE, None, place, what)
                continue
            recount.add(record)
            key = key_of(record)
            if expected.pop(key, None) != record:
                yield _differs(community, f"{kind.__name__} {key}")
        for key in expected:
            yield _differs(community, f"{kind.__name__} {key}")
    for place in recount.disagreements():
        what = T("{place} is not what a recount gives.", place=place)
        yield Problem(community, Flaw.TALLY, None, place, what)


def _differs(community: CommunityId, place: str) -> Problem:
    what = T("{place} is not what replaying the log gives.", place=place)
    return Problem(community, Flaw.REPLAY, None, place, what)
