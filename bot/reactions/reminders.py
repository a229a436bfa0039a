"""Reminders: one direct message with all that is left to do; and what waited until a person wants to be written to."""

from __future__ import annotations

from collections.abc import Iterable

from bot.context import Context
from bot.domain.events import Fact
from bot.domain.preferences import MessagesReleased
from bot.domain.reminders import ReminderSettled
from bot.reactions import Effect, Release, Tell, reacts
from bot.reminding import reminder


@reacts(ReminderSettled)
def settled(context: Context, fact: Fact, event: ReminderSettled) -> Iterable[Effect]:
    """Nobody is written to who has nothing left to do."""
    if event.things:
        yield Tell(event.person, reminder(context, event.person), urgent=True)  # it comes when they want it to


@reacts(MessagesReleased)
def released(context: Context, fact: Fact, event: MessagesReleased) -> Iterable[Effect]:
    """All of it, in the order it came."""
    yield Release(event.person)
