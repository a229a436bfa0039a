"""Reminders: one direct message with all that is left to do."""

from __future__ import annotations

from collections.abc import Iterable

from bot.context import Context
from bot.domain.events import Fact
from bot.domain.reminders import ReminderSettled
from bot.reactions import Effect, Tell, reacts
from bot.reminding import reminder


@reacts(ReminderSettled)
def settled(context: Context, fact: Fact, event: ReminderSettled) -> Iterable[Effect]:
    """Nobody is written to who has nothing left to do."""
    if event.things:
        yield Tell(event.person, reminder(context, event.person))
