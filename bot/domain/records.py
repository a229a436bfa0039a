"""What a record is: a frozen dataclass with a key that starts with its community, stored one row each.

`key` names the fields that identify it; `lists` the field combinations it is looked up by in sets (each has an index).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, dataclass_transform

from bot.domain.values import value

Key = tuple[Any, ...]
By = tuple[tuple[str, Any], ...]
"""Which list of records is meant: the fields it is looked up by, each with its value."""
C = TypeVar("C")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Shape:
    """How records of one type are found."""

    key: tuple[str, ...]
    lists: tuple[tuple[str, ...], ...]
    logged: bool


SHAPES: dict[type[Any], Shape] = {}
"""Every record type there is."""


@dataclass_transform(frozen_default=True)
def record(*, key: str, lists: tuple[str, ...] = (), logged: bool = True) -> Callable[[type[C]], type[C]]:
    """Declare a record. Field names are given space-separated: `key="community number"`.

    Records that are `logged` come about by events only; the others (drafts, placements) are kept beside the log.
    """

    def declare(cls: type[C]) -> type[C]:
        made = value(cls)
        SHAPES[made] = Shape(tuple(key.split()), tuple(tuple(names.split()) for names in lists), logged)
        return made

    return declare


@dataclass(frozen=True, slots=True)
class Gone:
    """A record that is no more."""

    record: Any


class Reads(Protocol):
    """State as it stands, to be read: by key, or every record with the given field values (in key order)."""

    def get(self, kind: type[R], *key: Any) -> R | None: ...

    def all(self, kind: type[R], **by: Any) -> tuple[R, ...]: ...
