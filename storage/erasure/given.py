"""Everything that is kept of a person, for the person: records, entries of the log, and what is under way to them.

A record is theirs when one of its own fields is the person or an account of theirs, and is given whole. What others wrote is
only named where it mentions them (`mentions`): it is not theirs to be given. A report under the Code of Conduct is given to
who made it, and never to whom it is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from bot.domain.conduct_reports import ConductReport
from bot.domain.ids import CommunityId, PersonId
from bot.domain.people import Person
from bot.domain.records import SHAPES
from storage.audit import codec
from storage.audit.chain import Unreadable
from storage.erasure.erasing import ErasingStore
from storage.erasure.traces import Traces, traces_of
from storage.reads import SqlReads
from storage.transfer.lines import tables


def kept_of(store: ErasingStore, community: CommunityId, person: PersonId) -> dict[str, Any]:
    """It, as JSON's kinds. Raises `LookupError` where there is no such person."""
    with store.reading() as reads:
        known = reads.get(Person, community, person)
        if known is None:
            raise LookupError(person)
        traces = traces_of(reads, known)
        mentions: list[str] = []
        records = dict(_records(reads, community, traces, mentions))
        log = list(_log(reads, community, traces, mentions))
    return {
        "community": community,
        "person": person,
        "called": sorted(traces.names),
        "accounts": sorted(traces.users),
        "records": records,
        "log": log,
        "mentions": mentions,
    }


def _records(
    reads: SqlReads, community: CommunityId, traces: Traces, mentions: list[str]
) -> Iterator[tuple[str, list[Any]]]:
    for table, kind in tables().items():
        theirs: list[Any] = []
        for record in reads.scan(kind, community):
            if isinstance(record, Unreadable):
                continue
            fields = {name: msgspec.to_builtins(getattr(record, name)) for name in kind.__slots__}
            own = [value for value in fields.values() if isinstance(value, str)]
            if traces.person in own or any(each.lstrip("@~") in traces.users for each in own):
                theirs.append(fields)
            elif kind is not ConductReport and (_names(fields, traces.person) or traces.within(fields)):
                mentions.append(" ".join(map(str, (table, *(getattr(record, name) for name in SHAPES[kind].key[1:])))))
        if theirs:
            yield table, theirs


def _log(reads: SqlReads, community: CommunityId, traces: Traces, mentions: list[str]) -> Iterator[dict[str, Any]]:
    for entry in reads.entries(community):
        said = msgspec.json.decode(entry.body)
        private = {} if entry.private is None else codec.private_in(entry.private)
        said |= {field: msgspec.json.decode(text) for field, text in private.items()}
        about = [value for value in said.values() if isinstance(value, str)]
        if entry.by == traces.person or traces.person in about:
            yield {"entry": entry.sequence, "at": entry.at.isoformat(), "event": entry.name, "said": said}
        elif _names(said, traces.person) or traces.within(said):
            mentions.append(f"log {entry.sequence} {entry.name}")


def _names(value: Any, person: PersonId) -> bool:
    match value:
        case str():
            return value == person
        case dict():
            return any(_names(each, person) for each in value.values())
        case list() | tuple():
            return any(_names(each, person) for each in value)
    return False
