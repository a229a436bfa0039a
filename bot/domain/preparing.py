"""Prepared acts: the Secretariat may prepare an act of the Chair; it takes effect on the Chair's own confirmation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.community import counted
from bot.domain.errors import NotFound, NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.ids import CommunityId, PersonId
from bot.domain.records import Reads, record
from bot.text import Say, T


class ActState(StrEnum):
    """Where a prepared act stands."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DROPPED = "dropped"


@record(key="community number", lists=("community state",))
class PreparedAct:
    """A command with its arguments, ready for the Chair to confirm or drop."""

    community: CommunityId
    number: int
    command: str
    arguments: dict[str, str]
    prepared_by: PersonId
    prepared_at: datetime
    state: ActState


@event("act.prepared", private="arguments")
class ActPrepared:
    """The Secretariat prepared an act of the Chair."""

    number: int
    command: str
    arguments: dict[str, str]
    prepared_by: PersonId


@event("act.settled")
class ActSettled:
    """The Chair confirmed or dropped it."""

    number: int
    state: ActState


@applies(ActPrepared)
def _prepared(reads: Reads, fact: Fact, event: ActPrepared) -> Iterable[Any]:
    yield PreparedAct(
        fact.community,
        event.number,
        event.command,
        event.arguments,
        event.prepared_by,
        fact.at,
        ActState.WAITING,
    )
    yield counted(fact.community, "act", event.number)


@applies(ActSettled)
def _settled(reads: Reads, fact: Fact, event: ActSettled) -> Iterable[Any]:
    found = reads.get(PreparedAct, fact.community, event.number)
    if found is not None:
        yield replace(found, state=event.state)


def waiting_act(reads: Reads, community: CommunityId, number: int) -> PreparedAct:
    """An act that waits for the Chair. Raises `NotFound`, or `NotNow` when it was settled."""
    found = reads.get(PreparedAct, community, number)
    if found is None:
        raise NotFound(
            T("There is no prepared act {number}.", number=number),
            T("See what waits for you: {command}.", command=Say("todo")),
            field="act",
        )
    if found.state is not ActState.WAITING:
        raise NotNow(
            T("Act {number} was {state} already.", number=number, state=T(found.state.value)),
            T("See what waits for you: {command}.", command=Say("todo")),
        )
    return found
