"""A community's state in memory, one type of record at a time, whole: a record is made of all of it, and asks for it often.

What is asked can be told apart by a print of the answer, so that the next one who asks the same sees whether it changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from operator import attrgetter
from typing import Any, Final, TypeVar

import msgspec

from adapters.web.inputs import Question
from bot.domain.community import Community
from bot.domain.ids import CommunityId
from bot.domain.records import SHAPES, Key
from bot.ports import Snapshot

R = TypeVar("R")

PRINT: Final = 12
"""Bytes of a print."""


class Held:
    """See `bot.domain.records.Reads`. Of one community; of others nothing is there."""

    def __init__(self, snapshot: Snapshot, community: CommunityId) -> None:
        self._snapshot = snapshot
        self._community = community
        self._rows: dict[type[Any], dict[Key, Any]] = {}
        self._lists: dict[tuple[type[Any], tuple[str, ...]], dict[Key, tuple[Any, ...]]] = {}
        self._prints: dict[tuple[type[Any], tuple[str, ...]], dict[Key, str]] = {}
        self._kinds = {kind.__name__: kind for kind in SHAPES}

    def get(self, kind: type[R], *key: Any) -> R | None:
        """The record with this key."""
        found: R | None = self._whole(kind).get(key)
        return found

    def all(self, kind: type[R], **by: Any) -> tuple[R, ...]:
        """The records with these field values, in key order."""
        return self._listed(kind, tuple(by), tuple(by.values()))

    def print_of(self, question: Question) -> str:
        """A print of what the answer to a question is; "" of one about what is not there any more."""
        name, fields, values = question
        kind = self._kinds.get(name)
        if kind is None:
            return ""
        prints = self._prints.get((kind, fields))
        if prints is None:
            prints = self._prints[kind, fields] = self._of_lists(kind, fields) if fields else self._of_records(kind)
        return prints.get(values, "")

    def print_of_all(self, name: str) -> str:
        """A print of every record of a type, by its name: as long as it stands, so does the answer to every question about it."""
        kind = self._kinds.get(name)
        if kind is None or kind is Community:
            return ""
        return print_of(list(self._whole(kind).values()))

    def _of_records(self, kind: type[Any]) -> dict[Key, str]:
        """A print of each record of a type, by its key."""
        if kind is Community:  # its clock is no part of what it says: see `inputs`
            still = {key: replace(each, clock_moved=0, clock_frozen=None) for key, each in self._whole(kind).items()}
            return {key: print_of(each) for key, each in still.items()}
        return {key: print_of(each) for key, each in self._whole(kind).items()}

    def _of_lists(self, kind: type[Any], fields: tuple[str, ...]) -> dict[Key, str]:
        """A print of each list of a type by some fields, by their values."""
        self._listed(kind, fields, ())
        return {values: print_of(found) for values, found in self._lists[kind, fields].items()}

    def _whole(self, kind: type[Any]) -> dict[Key, Any]:
        rows = self._rows.get(kind)
        if rows is None:
            if kind is Community:
                community = self._snapshot.get(Community, self._community)
                rows = {(self._community,): community} if community is not None else {}
            else:
                of = _values(SHAPES[kind].key)
                rows = {of(each): each for each in self._snapshot.scan(kind, self._community)}
            self._rows[kind] = rows
        return rows

    def _listed(self, kind: type[Any], fields: tuple[str, ...], values: tuple[Any, ...]) -> tuple[Any, ...]:
        lists = self._lists.get((kind, fields))
        if lists is None:
            if not any(set(fields) == set(each) for each in SHAPES[kind].lists):
                raise LookupError(f"{kind.__name__} is not listed by {' '.join(fields)}")
            of = _values(fields)
            gathered: defaultdict[Key, list[Any]] = defaultdict(list)
            for each in self._whole(kind).values():
                gathered[of(each)].append(each)
            lists = self._lists[kind, fields] = {key: tuple(found) for key, found in gathered.items()}
        return lists.get(values, ())


def _stored(value: Any) -> Any:
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise NotImplementedError(type(value))


_plain = msgspec.msgpack.Encoder(enc_hook=_stored).encode


def print_of(value: Any) -> str:
    """A print of a plain value: equal values have equal ones, in every process."""
    return blake2b(_plain(value), digest_size=PRINT).hexdigest()


@cache
def _values(fields: tuple[str, ...]) -> Callable[[Any], Key]:
    if len(fields) > 1:
        return attrgetter(*fields)
    single = attrgetter(fields[0])
    return lambda record: (single(record),)
