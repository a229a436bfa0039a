"""State for who asks the same of every group: types that are read whole at once, and looked up by whatever is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from operator import attrgetter
from typing import Any, Final, TypeVar

from bot.domain.ids import CommunityId
from bot.domain.records import SHAPES, Key
from bot.ports import Parts

R = TypeVar("R")

WHOLE: Final = 2**31 - 1
"""The size of a part that nothing is left out of."""


class Gathered:
    """See `bot.ports.Parts`. Of a community, records of some `kinds` are read in one go each, when the first is asked for."""

    def __init__(self, reads: Parts, community: CommunityId, kinds: Iterable[type[Any]]) -> None:
        self._reads = reads
        self._community = community
        self._kinds = frozenset(kinds)
        self._records: dict[type[Any], tuple[Any, ...]] = {}
        self._found: dict[tuple[type[Any], tuple[str, ...]], dict[Key, tuple[Any, ...]]] = {}

    def get(self, kind: type[R], *key: Any) -> R | None:
        """The record with this key."""
        if kind not in self._kinds or key[0] != self._community:
            return self._reads.get(kind, *key)
        found = self._by(kind, SHAPES[kind].key).get(key)
        return found[0] if found else None

    def all(self, kind: type[R], **by: Any) -> tuple[R, ...]:
        """The records with these field values, in key order."""
        if kind not in self._kinds or by["community"] != self._community:
            return self._reads.all(kind, **by)
        return self._by(kind, tuple(by)).get(tuple(by.values()), ())

    def count(self, kind: type[Any], community: CommunityId) -> int:
        """How many records of a type there are."""
        return self._reads.count(kind, community)

    def part(self, kind: type[R], community: CommunityId, number: int, size: int) -> tuple[R, ...]:
        """The records of a part in key order."""
        return self._reads.part(kind, community, number, size)

    def _by(self, kind: type[Any], fields: tuple[str, ...]) -> dict[Key, tuple[Any, ...]]:
        found = self._found.get((kind, fields))
        if found is None:
            gathered: defaultdict[Key, list[Any]] = defaultdict(list)
            of = attrgetter(*fields)
            for each in self._every(kind):
                gathered[of(each) if len(fields) > 1 else (of(each),)].append(each)
            found = self._found[kind, fields] = {values: tuple(records) for values, records in gathered.items()}
        return found

    def _every(self, kind: type[Any]) -> tuple[Any, ...]:
        found = self._records.get(kind)
        if found is None:
            found = self._records[kind] = self._reads.part(kind, self._community, 1, WHOLE)
        return found
