"""What a person wishes, as it bears on what is sent to them: their hours, and what waits until they want to be written to."""

from __future__ import annotations

from datetime import datetime

import msgspec

from bot.context import Context
from bot.domain.dues import Due, DueKind
from bot.domain.ids import PersonId
from bot.domain.people import Person
from bot.domain.preferences import HeldBack, MessagesHeld, MessagesReleased, Preferences, Wishes, held_until
from bot.domain.working_hours import WorkingHours
from bot.view import View

NOTHING_SAID = Wishes()

_decoder = msgspec.json.Decoder(View)
_encoder = msgspec.json.Encoder()


def wishes_of(context: Context, person: PersonId) -> Wishes:
    """What a person wishes; what everybody does who said nothing."""
    found = context.reads.get(Preferences, context.id, person)
    return found.wishes if found is not None else NOTHING_SAID


def hours_of(context: Context, person: PersonId) -> WorkingHours:
    """The hours a person may be written to in: in their own zone, else the community's."""
    found = context.reads.get(Person, context.id, person)
    zone = (found.zone if found is not None else "") or context.community.zone
    return wishes_of(context, person).hours(zone, context.community.settings.holidays)


def waits_until(context: Context, person: PersonId) -> datetime | None:
    """Until when a direct message that nobody waits for is held back. None: it is sent."""
    wishes = wishes_of(context, person)
    if wishes == NOTHING_SAID:
        return None
    return held_until(wishes, hours_of(context, person), context.now)


def hold(context: Context, person: PersonId, view: View | None, subject: str, until: datetime) -> None:
    """Keep a message back; a live card is sent once, however often it was told of. What waits goes at the earliest time."""
    waiting = held_back(context, person)
    if subject and any(each.subject == subject for each in waiting):
        return
    number = max((each.number for each in waiting), default=0) + 1
    text = "" if view is None else _encoder.encode(view).decode()
    context.keep(HeldBack(context.id, person, number, text, subject, context.now))
    standing = context.reads.get(Due, context.id, DueKind.HELD, person)
    if standing is None or until < standing.due_at:
        context.happen(MessagesHeld(person, until, hours_of(context, person).zone))


def held_back(context: Context, person: PersonId) -> tuple[HeldBack, ...]:
    """What waits for a person, in the order it came."""
    return context.reads.all(HeldBack, community=context.id, person=person)


def unpacked(held: HeldBack) -> View | None:
    """The fixed view of a message that waited; None for a live card."""
    return _decoder.decode(held.view) if held.view else None


def release(context: Context, person: PersonId) -> None:
    """Send what waited, if its time has come."""
    standing = context.reads.get(Due, context.id, DueKind.HELD, person)
    if standing is not None and context.now >= standing.due_at:
        context.happen(MessagesReleased(person))
