"""How records are found, worked out once from what they declare: their keys, and the lists they stand in.

Both stores use these, so that both refuse the same things: a list that was not declared has no index, and is refused
rather than scanned for.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from bot.domain.records import SHAPES, Key, Shape

Values = Callable[[Any], tuple[Any, ...]]


def values_of(fields: tuple[str, ...]) -> Values:
    """A function from a record to the values of some of its fields."""
    if len(fields) > 1:
        return attrgetter(*fields)
    single = attrgetter(fields[0])
    return lambda record: (single(record),)


def shape_of(kind: type[Any]) -> Shape:
    """What a record type declared. Raises `LookupError` for a class that is no record."""
    try:
        return SHAPES[kind]
    except KeyError:
        raise LookupError(f"{kind.__name__} is not declared as a record") from None


def check_key(kind: type[Any], key: Key) -> None:
    """Raise `TypeError` unless a key has as many parts as the type's keys have."""
    names = shape_of(kind).key
    if len(key) != len(names):
        raise TypeError(f"{kind.__name__} is found by {' '.join(names)}, not by {len(key)} values")


def listed(kind: type[Any], names: tuple[str, ...]) -> tuple[str, ...]:
    """The declared list with these field names, in its own order. Raises `LookupError` when there is none."""
    known = _LISTED.get((kind, names))
    if known is not None:
        return known
    for fields in shape_of(kind).lists:
        if len(fields) == len(names) and set(fields) == set(names):
            _LISTED[kind, names] = fields
            return fields
    raise LookupError(f"{kind.__name__} is not listed by {' '.join(names) or 'nothing'}: declare it in `lists`")


_LISTED: dict[tuple[type[Any], tuple[str, ...]], tuple[str, ...]] = {}
