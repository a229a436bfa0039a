"""What follows from what happened: for each event, what is announced, told, refreshed or asked of a platform.

Reactions send nothing; `bot.dispatch` makes outbox rows of what they say.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from bot.context import Context
from bot.domain.events import Fact
from bot.domain.ids import GroupId, PersonId
from bot.outgoing import home_of
from bot.view import Single


@dataclass(frozen=True, slots=True)
class Announce:
    """Post to every home of a body: a live card (`subject`) or a fixed `view`. `tag` comes back when it was delivered."""

    body: str
    subject: str = ""
    view: Single | None = None
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Tell:
    """Send one person a direct message: a live card or a fixed view. `tag` as in `Announce`.

    `around` are workspaces and servers not to be used when the person can be reached elsewhere. It waits until the person
    wants to be written to, unless it is `urgent` or its delivery is waited for (`tag`).
    """

    person: PersonId
    view: Single | None = None
    subject: str = ""
    tag: str = ""
    around: frozenset[tuple[str, str]] = frozenset()
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """Send a person what waited until they want to be written to."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class Refresh:
    """Bring every posted card of a subject up to date."""

    subject: str


@dataclass(frozen=True, slots=True)
class Recall:
    """Write to a body's list, and to its people who read mail, what a card shows in the end. In chat it was edited, and is seen."""

    body: str
    subject: str


@dataclass(frozen=True, slots=True)
class OpenRoom:
    """Ask every platform the body lives on for a room of the group's own, made right: the one it has, if it has one.

    Of a group that has ended, the room it has is closed: readable, and silent.
    """

    group: GroupId


@dataclass(frozen=True, slots=True)
class TakeDown:
    """Keep a start page up to date no longer: the account it was shown to is not the person's any more."""

    person: PersonId
    platform: str
    team: str
    user: str


Effect = Announce | Tell | Release | Refresh | Recall | OpenRoom | TakeDown
Reaction = Callable[[Context, Fact, Any], Iterable[Effect]]
Concern = Callable[[Context, Fact, Any], Iterable[PersonId]]

REACTIONS: dict[type[Any], Reaction] = {}
CONCERNS: dict[type[Any], Concern] = {}
"""Whose start page an event changes."""
MODULES = (
    "formation",
    "bouncing",
    "checks",
    "conduct",
    "charters",
    "documents",
    "endings",
    "erasure",
    "homes",
    "meetings",
    "modalities",
    "people",
    "recommendations",
    "reminders",
    "reviews",
    "troubles",
    "updates",
    "vacancies",
)
"""Where reactions are declared; imported when something first happens."""
R = TypeVar("R", bound=Callable[..., Iterable[Effect]])
C = TypeVar("C", bound=Callable[..., Iterable[PersonId]])


def reacts(*kinds: type[Any]) -> Callable[[R], R]:
    """Declare the reaction to event types; each has at most one."""

    def declare(function: R) -> R:
        for kind in kinds:
            if kind in REACTIONS:
                raise ValueError(f"two reactions to {kind.__name__}")
            REACTIONS[kind] = function
        return function

    return declare


def concerns(*kinds: type[Any]) -> Callable[[C], C]:
    """Declare whose start page events of these types change; each type once."""

    def declare(function: C) -> C:
        for kind in kinds:
            if kind in CONCERNS:
                raise ValueError(f"two concerns of {kind.__name__}")
            CONCERNS[kind] = function
        return function

    return declare


@cache
def load_reactions() -> None:
    """Import every reaction."""
    for module in MODULES:
        importlib.import_module(f"bot.reactions.{module}")


def reactions_to(context: Context, fact: Fact) -> Iterable[Effect]:
    """What follows from a fact."""
    load_reactions()
    kind = type(fact.event)
    if kind in REACTIONS:
        yield from REACTIONS[kind](context, fact, fact.event)
    if kind in CONCERNS:
        for person in dict.fromkeys(CONCERNS[kind](context, fact, fact.event)):
            yield Refresh(home_of(person))
