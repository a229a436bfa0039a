"""Frozen dataclasses by the hundred: what compares and shows them is the same for all, so that a start is short.

`dataclass` writes and compiles six methods for every class. Three of them need not be written: they follow from its values.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, TypeVar

C = TypeVar("C")


def value(cls: type[C]) -> type[C]:
    """As `dataclass(frozen=True, slots=True)`: equal where all fields are, hashable, and shown as it would be written."""
    made = dataclass(frozen=True, slots=True, eq=False, repr=False)(cls)
    names = tuple(each.name for each in fields(made))  # type: ignore[arg-type]  # it is a dataclass
    for name, method in _methods(names).items():
        setattr(made, name, method)
    return made


def _methods(names: tuple[str, ...]) -> dict[str, Callable[..., Any]]:
    values: Callable[[Any], Any] = attrgetter(*names) if names else lambda _: ()

    def equal(self: Any, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: Any) -> int:
        return hash(values(self))

    def shown(self: Any) -> str:
        each = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({each})"

    return {"__eq__": equal, "__hash__": hashed, "__repr__": shown}
