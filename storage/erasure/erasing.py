"""Erasing a person from a community's database, in one transaction.

In the log, names, addresses and accounts are replaced by the pseudonym in every private value, under new salts; the event
`person.erased` that is appended says which values read otherwise and commits to what they became, so that the log can be
verified after as before. State is what replaying the log then gives. What is not logged is gone through row by row: what
belonged to the person alone is deleted, and elsewhere the pseudonym is put.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import msgspec

from bot.domain.community import Community
from bot.domain.erasure import EMPTIED, LEAVES, PersonErased, departures, must_be_erasable
from bot.domain.events import Fact
from bot.domain.facilitators import Facilitator
from bot.domain.ids import CommunityId, PersonId
from bot.domain.people import Person
from bot.domain.records import SHAPES
from bot.letters import own_lane
from bot.outgoing import home_of
from storage.audit import codec
from storage.audit.chain import Entry, Unreadable
from storage.erasure.session import SqlErasing
from storage.erasure.traces import Traces, traces_of
from storage.reads import SqlReads
from storage.shapes import values_of
from storage.verify import verify
from storage.verify.replay import Replay


class ErasingStore(Protocol):
    """A store on a database."""

    def reading(self) -> AbstractContextManager[SqlReads]: ...

    def erasing(self, community: CommunityId) -> AbstractContextManager[SqlErasing]: ...


class NotErased(Exception):
    """The log or the state is damaged: nothing was erased, for replaying it would make that worse."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done: private values of the log, records and messages changed or deleted; and what could not be.

    `public` are the entries whose hashed part gives the person away. It is free of personal values by construction, unless
    somebody put them where they do not belong (a person's name as the name of a room).
    """

    traces: Traces
    values: int
    records: int
    messages: int
    public: tuple[int, ...]


def erase(store: ErasingStore, community: CommunityId, person: PersonId, now: datetime, origin: str) -> Erased:
    """Erase. Raises `Refusal` for whom it may not be done to yet, and `NotErased` where the log or the state is damaged."""
    if verify(store, community):
        raise NotErased(community)
    with store.erasing(community) as work:
        return _Erasure(work, community, person, now, origin).all()


class _Erasure:
    """One person being erased."""

    def __init__(self, work: SqlErasing, community: CommunityId, person: PersonId, now: datetime, origin: str) -> None:
        self._work = work
        self._community = community
        self._person = person
        self._now = now
        self._origin = origin
        known = work.get(Person, community, person)
        found = work.get(Community, community)
        if found is None or known is None:
            raise LookupError(person)
        held = work.all(Facilitator, community=community, person=person)
        must_be_erasable(work, found, known, held)
        self._traces = traces_of(work, known)
        self._by_mail = own_lane(person).place

    def all(self) -> Erased:
        """Everything, in order: what they leave, the log, the state, what is beside it, what is under way."""
        leaving = list(departures(self._work, self._leaving(), self._community, self._person))
        replay = Replay()
        public: list[int] = []
        replaced: list[tuple[int, str, str]] = []
        written: list[tuple[Entry, bytes]] = []
        for entry in self._work.entries(self._community):
            if self._traces.within(msgspec.json.decode(entry.body)):
                public.append(entry.sequence)
            private, commitments = self._anew(entry)
            if commitments:
                written.append((entry, private))
                replaced += ((entry.sequence, field, made) for field, made in commitments.items())
            event = codec.decode(entry.name, entry.body, private or None)
            if event is not None:
                replay.add(Fact(self._community, entry.at, entry.by, event))
        for event in (*leaving, PersonErased(self._person, tuple(replaced))):
            fact = Fact(self._community, self._now, None, event)
            self._work.append(fact, self._origin)
            replay.add(fact)
        for entry, private in written:
            self._work.write_private(self._community, entry, private)
        records = self._state(replay) + sum(self._beside(kind) for kind in _unlogged())
        messages = sum(self._work.sift(table, self._community, self._message) for table in ("outbox", "inbox", "lane"))
        return Erased(self._traces, len(replaced), records, messages, tuple(public))

    def _leaving(self) -> Iterator[Any]:
        for kind in LEAVES:
            yield from list(self._work.scan(kind, self._community))

    def _anew(self, entry: Entry) -> tuple[bytes, dict[str, str]]:
        """An entry's private values as they are to be, and the commitments to those that read otherwise."""
        if entry.private is None:
            return b"", {}
        values = codec.private_in(entry.private)
        other = {field: made for field, text in values.items() if (made := self._traces.taken_out_of(text)) is not None}
        whose, emptied = EMPTIED.get(entry.name, ("", {}))
        if whose and codec.value_in(entry.body, whose) == self._person:
            other |= {field: codec.canonical(value) for field, value in emptied.items() if field in values}
        return codec.replaced(entry.private, other) if other else (entry.private, {})

    def _state(self, replay: Replay) -> int:
        """Make every logged record what the log gives now."""
        count = 0
        for kind, shape in SHAPES.items():
            if not shape.logged:
                continue
            expected = replay.by_key(kind, self._community)
            key_of = values_of(shape.key)
            for record in list(self._work.scan(kind, self._community)):
                after = expected.pop(key_of(record), None)
                if after != record:
                    count += 1
                    if after is None:
                        self._work.drop(record)
                    else:
                        self._work.put(after)
            for record in expected.values():
                count += 1
                self._work.put(record)
        return count

    def _beside(self, kind: type[Any]) -> int:
        """What is kept beside the log: deleted where it is theirs alone, else without them."""
        count = 0
        key = SHAPES[kind].key
        for record in list(self._work.scan(kind, self._community)):
            if isinstance(record, Unreadable):
                continue
            theirs = [getattr(record, name) for name in key[1:]]
            whose = {self._person, home_of(self._person), self._by_mail}
            if not whose.isdisjoint(theirs) or self._traces.within(theirs):
                self._work.drop(record)
                count += 1
                continue
            text = self._traces.taken_out_of(msgspec.json.encode(record))
            if text is not None:
                self._work.put(msgspec.json.decode(text, type=kind))
                count += 1
        return count

    def _message(self, row: dict[str, Any]) -> dict[str, Any] | None:
        """A row of what is under way. Theirs alone is what goes to them, and what they were answered under their account."""
        where = [row.get("place"), row.get("origin"), row.get("id")]
        if self._traces.within(where) or self._by_mail in where or row.get("subject") == home_of(self._person):
            return None
        after = dict(row)
        for name in ("view", "rendered", "reply", "error"):
            value = row.get(name)
            if isinstance(value, str):
                text = self._traces.taken_out_of(value.encode())
                after[name] = value if text is None else text.decode()
            elif value is not None:
                text = self._traces.taken_out_of(bytes(value))
                after[name] = value if text is None else text
        return after


def _unlogged() -> Iterator[type[Any]]:
    return (kind for kind, shape in SHAPES.items() if not shape.logged)
