"""Reminders: one direct message with all that is left to do; and what waited until a person wants to be written to."""

from __future__ import annotations

from collections.abc import Iterable

from bot.context import Context
from bot.domain.events import Fact
from bot.domain.people import Role, seated
from bot.domain.preferences import MessagesReleased
from bot.domain.reminders import ReminderSettled
from bot.letters import Unreached
from bot.reactions import Effect, Release, Tell, reacts
from bot.reminding import reminder
from bot.text import Say, T
from bot.view import Notice, Tone


@reacts(ReminderSettled)
def settled(context: Context, fact: Fact, event: ReminderSettled) -> Iterable[Effect]:
    """Nobody is written to who has nothing left to do."""
    if event.things:
        yield Tell(event.person, reminder(context, event.person), urgent=True)  # it comes when they want it to


@reacts(Unreached)
def unreached(context: Context, fact: Fact, event: Unreached) -> Iterable[Effect]:
    """The Secretariat hears it: silence is assent only where a notice was delivered."""
    notice = Notice(
        T(
            "{person} wants no more mail, and has no account where this body meets: wgbot reaches them by nothing now.",
            person=context.name_of(event.person),
        ),
        Tone.ATTENTION,
        T(
            "Speak with them. To be written to again, they reply to an earlier letter, or link an account: {command}.",
            command=Say("link invite"),
        ),
    )
    for seat in seated(context.reads, context.community, Role.SECRETARIAT):
        if seat.person != event.person:
            yield Tell(seat.person, notice)


@reacts(MessagesReleased)
def released(context: Context, fact: Fact, event: MessagesReleased) -> Iterable[Effect]:
    """All of it, in the order it came."""
    yield Release(event.person)
