"""What an event is, and how state follows from it.

An event is a frozen dataclass declared with a stable name. `private` fields hold personal values and free text: the
audit chain holds only a salted commitment to them, so that they can be erased without breaking it. Every event type
has exactly one *applier*: (state, fact) -> the records it changes. All stored state comes about this way and no other,
so replaying the log gives the state again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, dataclass_transform

from bot.domain.ids import CommunityId, PersonId
from bot.domain.records import Gone, Reads
from bot.domain.values import value

E = TypeVar("E")
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Fact:
    """An event with where, when and by whom: `by` is None for what the clock or the software itself did."""

    community: CommunityId
    at: datetime
    by: PersonId | None
    event: Any


@dataclass(frozen=True, slots=True)
class EventType:
    """An event's stable name, and which of its fields are private."""

    name: str
    cls: type[Any]
    private: tuple[str, ...]


Applier = Callable[[Reads, Fact, Any], Iterable[Any]]

EVENTS: dict[str, EventType] = {}
"""Every event type by its stable name."""

NAMES: dict[type[Any], EventType] = {}
"""Every event type by its class."""

APPLIERS: dict[type[Any], Applier] = {}
"""The one applier of every event type."""


@dataclass_transform(frozen_default=True)
def event(name: str, *, private: str = "") -> Callable[[type[E]], type[E]]:
    """Declare an event under a name that never changes once released."""

    def declare(cls: type[E]) -> type[E]:
        made = value(cls)
        kind = EventType(name, made, tuple(private.split()))
        EVENTS[name] = NAMES[made] = kind
        return made

    return declare


def applies(kind: type[Any]) -> Callable[[F], F]:
    """Declare the applier of an event type. It yields the records as they now are, and `Gone(record)` for the rest."""

    def declare(function: F) -> F:
        APPLIERS[kind] = function
        return function

    return declare


Forgets = Callable[[Reads, Fact, Any], tuple[str, str, Any] | None]

FORGETS: dict[type[Any], Forgets] = {}
"""Events upon which private values of earlier events are destroyed."""


def forgets(kind: type[Any]) -> Callable[[F], F]:
    """Declare that an event destroys private values: (event name, field, value) of those that lose theirs, or None."""

    def declare(function: F) -> F:
        FORGETS[kind] = function
        return function

    return declare


def apply(reads: Reads, fact: Fact) -> Iterable[Any | Gone]:
    """The records that `fact` changes."""
    return APPLIERS[type(fact.event)](reads, fact, fact.event)
