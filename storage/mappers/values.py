"""How one value is kept, found from its field's type hint: as it is, as a word, an instant, a day, or JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin

import msgspec

from storage.instants import from_microseconds, to_microseconds

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """How a field's value is kept in its column. None for `to_row` or `from_row`: as it is."""

    python: type[Any]
    to_row: Convert | None = None
    from_row: Convert | None = None
    optional: bool = False


def conversion(hint: Any, *, native: bool) -> Kept:
    """How values of this type are kept. `native`: the database has types for instants, days and truth."""
    if get_origin(hint) in (Union, UnionType):
        inner = [each for each in get_args(hint) if each is not NoneType]
        if len(inner) == 1:
            kept = conversion(inner[0], native=native)
            return Kept(kept.python, kept.to_row, kept.from_row, optional=True)
    if isinstance(hint, NewType):
        return conversion(hint.__supertype__, native=native)
    if hint in (str, int):
        return Kept(hint)
    if hint is bool:
        return Kept(bool) if native else Kept(bool, int, bool)
    if hint is datetime:
        return Kept(datetime, *instants(native=native))
    if hint is date:
        return Kept(date) if native else Kept(date, date.isoformat, date.fromisoformat)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return Kept(hint, _value, {word.value: word for word in hint}.__getitem__)
    return Kept(object, _to_json, msgspec.json.Decoder(hint).decode)


def instants(*, native: bool) -> tuple[Callable[[datetime], Any], Callable[[Any], datetime]]:
    """How an instant is kept, and how it is read again: in UTC."""
    return (_utc, _utc) if native else (to_microseconds, from_microseconds)


_json = msgspec.json.Encoder().encode


def _to_json(value: Any) -> str:
    return _json(value).decode()


def _value(word: Enum) -> Any:
    return word._value_


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
