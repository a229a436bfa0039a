"""Actions: what somebody is to do until a day, mostly agreed in a meeting. They are chased until they are done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.community import counted
from bot.domain.errors import NotFound, NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.ids import CommunityId, PersonId
from bot.domain.records import Gone, Reads, record
from bot.domain.reminders import planning, to_plan
from bot.text import Moment, Say, T

CHASED = timedelta(days=7)
"""After it was due, one is reminded of an action once more; then it stays among what needs them, and in the list."""


@record(key="community number", lists=("community body", "community owner", "community meeting"))
class Action:
    """What `owner` is to do until `due_at` (UTC). `meeting` is the one in which it was agreed (0: none)."""

    community: CommunityId
    number: int
    body: str
    meeting: int
    text: str
    owner: PersonId
    due_at: datetime
    zone: str
    added_by: PersonId
    added_at: datetime
    done_at: datetime | None = None
    note: str = ""

    @property
    def opened_at(self) -> datetime:
        """Since when it is to be done."""
        return self.added_at

    @property
    def closes_at(self) -> datetime:
        """Until when one is reminded of it."""
        return self.due_at + CHASED

    @property
    def closed(self) -> bool:
        """Whether it is done."""
        return self.done_at is not None

    @property
    def windows(self) -> tuple[tuple[datetime, datetime], ...]:
        """To be done since, until: what its two reminders look to."""
        return ((self.added_at, self.due_at), (self.added_at, self.closes_at))


@event("action.added", private="text")
class ActionAdded:
    """Somebody is to do something."""

    number: int
    body: str
    meeting: int
    text: str
    owner: PersonId
    due_at: datetime
    zone: str
    added_by: PersonId


@event("action.done", private="note")
class ActionDone:
    """It is done, or is not to be done any more (the note says so)."""

    number: int
    note: str


@applies(ActionAdded)
def _added(reads: Reads, fact: Fact, event: ActionAdded) -> Iterable[Any]:
    action = Action(
        fact.community,
        event.number,
        event.body,
        event.meeting,
        event.text,
        event.owner,
        event.due_at,
        event.zone,
        event.added_by,
        fact.at,
    )
    yield action
    yield counted(fact.community, "action", event.number)
    yield from to_plan(reads, fact.community, _subject(action), fact.at, event.due_at, event.zone)


@applies(ActionDone)
def _done(reads: Reads, fact: Fact, event: ActionDone) -> Iterable[Any]:
    action = action_of(reads, fact.community, event.number)
    yield replace(action, done_at=fact.at, note=event.note)
    yield Gone(planning(fact.community, _subject(action), action.due_at, action.zone))


def _subject(action: Action) -> str:
    return f"action:{action.number}"


def action_of(reads: Reads, community: CommunityId, number: int) -> Action:
    """The action with a number that is known to exist."""
    found = reads.get(Action, community, number)
    if found is None:
        raise LookupError(number)
    return found


def find_action(reads: Reads, community: CommunityId, number: int) -> Action:
    """The action a person means. Raises `NotFound`."""
    found = reads.get(Action, community, number)
    if found is None:
        raise NotFound(
            T("There is no action {number}.", number=number),
            T("See what is to be done: {command}.", command=Say("action list")),
            field="action",
        )
    return found


def actions_of(reads: Reads, community: CommunityId, body: str) -> tuple[Action, ...]:
    """Every action of a body, in the order they were agreed."""
    return reads.all(Action, community=community, body=body)


def doing(action: Action, note: str) -> ActionDone:
    """It is done. Raises `NotNow` where it was already."""
    if action.done_at is not None:
        raise NotNow(
            T("Action {number} is done since {when}.", number=action.number, when=Moment(action.done_at, action.zone)),
            T("See what is to be done: {command}.", command=Say("action list")),
        )
    return ActionDone(action.number, note)
