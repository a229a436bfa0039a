"""A community's state in memory, one type of record at a time, whole: a record is made of all of it, and asks for it often.

What is asked can be told apart by a print of the answer, so that the next one who asks the same sees whether it changed.
Prints are of rows as they are kept: most of them nobody needs to make records of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from operator import itemgetter
from typing import Any, Final, TypeVar

import msgspec

from adapters.web.inputs import COUNTED, PARTED, Question
from bot.domain.community import Community
from bot.domain.ids import CommunityId
from bot.domain.records import SHAPES, Key
from bot.ports import Rows, Snapshot

R = TypeVar("R")

PRINT: Final = 12
"""Bytes of a print."""

SHORT: Final = 8
"""Bytes of a short print: of rows and questions, of which there are many."""

UNTOLD: Final = "?"
"""The print of an answer that nobody can tell from another: it counts as changed."""

_LASTING: Final = (str, int, bool)
"""What values of a question are as they were when they are read from a file."""


class _Table:
    """The records of one type, each made when it is first asked for."""

    def __init__(self, kind: type[Any], kept: Rows) -> None:
        self.kind = kind
        self.kept = kept
        self._made: dict[int, Any] = {}
        self._places: dict[tuple[str, ...], dict[Key, list[int]]] = {}
        self._answers: dict[tuple[tuple[str, ...], Key], tuple[Any, ...]] = {}

    def records(self, fields: tuple[str, ...], values: Key) -> tuple[Any, ...]:
        """Those with these values of some fields."""
        found = self._answers.get((fields, values))
        if found is None:
            places = self._at(fields).get(self.kept.values(fields, values), ())
            found = self._answers[fields, values] = tuple(self._record(each) for each in places)
        return found

    def rows(self, fields: tuple[str, ...], values: Key) -> list[Key]:
        """Their rows; `values` are as rows have them."""
        return [self.kept.rows[each] for each in self.places(fields, values)]

    def places(self, fields: tuple[str, ...], values: Key) -> list[int]:
        """Where they are among all rows."""
        return self._at(fields).get(values, [])

    def values(self, fields: tuple[str, ...]) -> Callable[[Key], Key]:
        """What takes a row's values of some fields out of it."""
        return _values(tuple(self.kept.names.index(each) for each in fields))

    def part(self, number: int, size: int) -> tuple[Any, ...]:
        """The records of a part of this size, counted from 1."""
        places = range(len(self.kept.rows))[(number - 1) * size : number * size]
        return tuple(self._record(each) for each in places)

    def _record(self, place: int) -> Any:
        found = self._made.get(place)
        if found is None:
            found = self._made[place] = self.kept.record(self.kept.rows[place])
        return found

    def _at(self, fields: tuple[str, ...]) -> dict[Key, list[int]]:
        """Where the rows with the same values of some fields are."""
        found = self._places.get(fields)
        if found is None:
            shape = SHAPES[self.kind]
            if fields != shape.key and not any(set(fields) == set(each) for each in shape.lists):
                raise LookupError(f"{self.kind.__name__} is not listed by {' '.join(fields)}")
            of = self.values(fields)
            gathered: defaultdict[Key, list[int]] = defaultdict(list)
            for place, row in enumerate(self.kept.rows):
                gathered[of(row)].append(place)
            found = self._places[fields] = dict(gathered)
        return found


class Held:
    """See `bot.ports.Parts`. Of one community; of others nothing is there."""

    def __init__(self, snapshot: Snapshot, community: CommunityId) -> None:
        self._snapshot = snapshot
        self._community = community
        self._itself = snapshot.get(Community, community)
        self.prints = Prints(snapshot.secret(community))
        self._tables: dict[type[Any], _Table] = {}
        self._rows: dict[str, bytes] = {}
        self._kinds = {kind.__name__: kind for kind in SHAPES}

    def get(self, kind: type[R], *key: Any) -> R | None:
        """The record with this key."""
        if kind is Community:
            return self._itself if key == (self._community,) else None  # type: ignore[return-value]  # of this kind
        found: tuple[R, ...] = self._table(kind).records(SHAPES[kind].key, key)
        return found[0] if found else None

    def all(self, kind: type[R], **by: Any) -> tuple[R, ...]:
        """The records with these field values, in key order."""
        return self._table(kind).records(tuple(by), tuple(by.values()))

    def count(self, kind: type[Any], community: CommunityId) -> int:
        """How many records of a type there are."""
        return len(self._table(kind).kept.rows) if community == self._community else 0

    def part(self, kind: type[R], community: CommunityId, number: int, size: int) -> tuple[R, ...]:
        """The records of a part in key order."""
        return self._table(kind).part(number, size) if community == self._community else ()

    def question(self, kind: str, fields: tuple[str, ...], values: Key) -> Question:
        """A question in the words its answer can be looked up by at any time."""
        known = self._kinds.get(kind)
        if known is None or known is Community or not values or _by_place(fields):
            return kind, fields, values
        return kind, fields, self._table(known).kept.values(fields or SHAPES[known].key, values)

    def print_of(self, question: Question) -> str:
        """A print of what the answer to a `question` is; "" of one about what is not there."""
        kind, fields, values = question
        if not _lasting(values):
            return UNTOLD
        known = self._kinds.get(kind)
        if known is None:
            return ""
        if known is Community:  # its clock is no part of what it says: see `inputs`
            still = replace(self._itself, clock_moved=0, clock_frozen=None) if self._itself else None
            return self.prints.of(still) if values == (self._community,) else ""
        if fields == (COUNTED,):
            return str(self.count(known, values[0]))
        if fields[:1] == (PARTED,):
            size, number = int(fields[1]) * SHORT, int(values[1])
            rows = self.row_prints(kind)[(number - 1) * size : number * size]
            return self.prints.of(rows) if rows and values[0] == self._community else ""
        found = self._table(known).rows(fields or SHAPES[known].key, values)
        return self.prints.of(found) if found else ""

    def print_of_all(self, name: str) -> str:
        """A print of every record of a type, by its name: as long as it stands, so does the answer to every question about it."""
        return self.prints.of(self.row_prints(name))

    def row_prints(self, name: str) -> bytes:
        """Short prints of every record of a type, by its name, in key order, one after the other."""
        found = self._rows.get(name)
        if found is None:
            found = self._rows[name] = self.prints.short(self._table(self._kinds[name]).kept.rows)
        return found

    def by_rows(self, question: Question) -> bool:
        """Whether rows of a type answer a `question`, and those with these values only."""
        kind, fields, values = question
        known = self._kinds.get(kind)
        return known not in (None, Community) and bool(values) and _lasting(values) and not _by_place(fields)

    def answers(self, question: Question) -> list[bytes]:
        """Short prints of the rows that answer a `question`."""
        kind, fields, values = question
        known = self._kinds[kind]
        every = self.row_prints(kind)
        places = self._table(known).places(fields or SHAPES[known].key, values)
        return [every[each * SHORT : (each + 1) * SHORT] for each in places]

    def asking(self, name: str, fields: tuple[str, ...], rows: set[int]) -> set[Question]:
        """The questions by some fields of a type that any of some rows answers; the rows by their short prints."""
        known = self._kinds[name]
        table = self._table(known)
        of = table.values(fields or SHAPES[known].key)
        found = zip(table.kept.rows, each_of(self.row_prints(name)), strict=True)
        return {(name, fields, of(row)) for row, print_ in found if print_ in rows}

    def read_all(self) -> None:
        """Read what was not read yet: nothing more is asked of the snapshot."""
        for kind in self._kinds.values():
            if kind is not Community:
                self._table(kind)

    def _table(self, kind: type[Any]) -> _Table:
        found = self._tables.get(kind)
        if found is None:
            found = self._tables[kind] = _Table(kind, self._snapshot.rows(kind, self._community))
        return found


def _lasting(values: Key) -> bool:
    return all(isinstance(each, _LASTING) for each in values)


def _by_place(fields: tuple[str, ...]) -> bool:
    return fields[:1] in ((COUNTED,), (PARTED,))


def _stored(value: Any) -> Any:
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise NotImplementedError(type(value))


_plain = msgspec.msgpack.Encoder(enc_hook=_stored).encode


class Prints:
    """Prints of plain values: equal values have equal ones, in every process.

    Whoever has not the `secret` cannot tell from a print whether a guess is right: prints lie where everybody may read them,
    and what is kept of a person is soon guessed.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def of(self, value: Any) -> str:
        """One print."""
        return blake2b(_plain(value), digest_size=PRINT, key=self._secret).hexdigest()

    def short(self, values: Iterable[Any]) -> bytes:
        """Short ones, one after the other."""
        plain, length, secret = _plain, SHORT, self._secret
        return b"".join([blake2b(plain(each), digest_size=length, key=secret).digest() for each in values])


def each_of(prints: bytes) -> Sequence[int]:
    """Short prints as numbers, to be compared."""
    return memoryview(prints).cast("Q")


@cache
def _values(places: tuple[int, ...]) -> Callable[[Key], Key]:
    if len(places) > 1:
        return itemgetter(*places)
    single = itemgetter(places[0])
    return lambda row: (single(row),)
