"""Reminding people of what they have not done: planning it, and doing it when the time has come.

Whoever has done everything by then is not written to. When a person is reminded of something is told in
`bot.domain.reminders`; what is theirs to do in `bot.waiting`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import assert_never

from bot.bodies import members_of
from bot.command import Need
from bot.context import Context, seen_by
from bot.domain.consensus.checks import Asked, Check, Held
from bot.domain.consultations import Consultation, comments_on
from bot.domain.consulted import consulted_in, within
from bot.domain.dues import Due, DueKind
from bot.domain.facilitators import facilitators
from bot.domain.groups import group_of
from bot.domain.ids import GroupId, PersonId
from bot.domain.people import Person, Role, Seat, seated
from bot.domain.polls import Choice, Poll
from bot.domain.proposals import CoProposer
from bot.domain.reminders import Reminded, ReminderSettled, RemindersPlanned, planned_at, reminder_at
from bot.domain.updates import Awaited, awaited
from bot.domain.working_hours import WorkingHours
from bot.open_checks import open_checks
from bot.text import T
from bot.view import Card, Items, Tone
from bot.waiting import duties

Thing = Check | Consultation | Poll | Awaited
"""What people are reminded of: it is open until a time."""


def plan_reminders(context: Context, subject: str) -> None:
    """Plan reminders of something for everybody who has not done it yet; those planned earlier stay."""
    thing = thing_called(context, subject)
    planned = []
    windows = thing.windows if isinstance(thing, Awaited) else [(thing.opened_at, thing.closes_at)] if thing else ()
    if thing is not None and not thing.closed and context.now < thing.closes_at:
        for person in waited_for(context, thing):
            at = _when(context, person, windows)
            standing = context.reads.get(Due, context.id, DueKind.REMINDER, person)
            if at is not None and (standing is None or at < standing.due_at):
                planned.append((person, at, hours_of(context, person).zone))
    context.happen(RemindersPlanned(subject, tuple(planned)))


def planning_needs(context: Context, subject: str) -> Iterable[Need]:
    """What planning reads of each person."""
    thing = thing_called(context, subject)
    for person in waited_for(context, thing) if thing is not None else ():
        yield Person, (context.id, person)
        yield Reminded, (context.id, person)
        yield Due, (context.id, DueKind.REMINDER, person)


def thing_called(context: Context, subject: str) -> Thing | None:
    """The check, consultation or poll that the subject of a deadline names, or the update awaited of the group it does."""
    kind, number, *_ = subject.split(":")
    if kind == "update":
        group = group_of(context.reads, context.id, GroupId(number))
        return awaited(context.reads, context.community, group, context.now)
    kinds: dict[str, type[Check] | type[Consultation] | type[Poll]] = {
        "check": Check,
        "consultation": Consultation,
        "poll": Poll,
    }
    return context.reads.get(kinds[kind], context.id, int(number))


def waited_for(context: Context, thing: Thing) -> list[PersonId]:
    """Who was asked and has not answered."""
    asked, answered = _asked(context, thing)
    return [person for person in asked if person not in answered]


def _asked(context: Context, thing: Thing) -> tuple[list[PersonId], set[PersonId]]:
    reads = context.reads
    match thing:
        case Check():
            asked = reads.all(Asked, community=context.id, check=thing.number)
            held = reads.all(Held, community=context.id, check=thing.number)
            return [each.person for each in asked], {each.person for each in held}
        case Consultation():
            seats = (each for each in seated(reads, context.community) if each.role is not Role.SECRETARIAT)
            commented = {each.author for each in comments_on(reads, thing)}
            own = within(reads, consulted_in(reads, thing))
            return [each.person for each in seats], commented | own
        case Poll():
            choices = reads.all(Choice, community=context.id, poll=thing.number)
            return [person for person, _ in members_of(context, thing.body)], {each.person for each in choices}
        case Awaited():
            return [each.person for each in facilitators(reads, group_of(reads, context.id, thing.group))], set()
        case _:
            assert_never(thing)


def hours_of(context: Context, person: PersonId) -> WorkingHours:
    """A person's working hours: in their own zone, else the community's."""
    found = context.reads.get(Person, context.id, person)
    zone = (found.zone if found is not None else "") or context.community.zone
    return WorkingHours(zone, frozenset(context.community.settings.holidays))


def remind(context: Context, person: PersonId) -> None:
    """Remind a person, if something of theirs has begun to remind and they work now; look again when more will."""
    standing = context.reads.get(Due, context.id, DueKind.REMINDER, person)
    if standing is None or context.now < standing.due_at:
        return
    hours = hours_of(context, person)
    waiting = list(duties(seen_by(context.reads, context.community, person, context.now)))
    windows = [window for task in waiting for window in task.windows]
    begun = any(at <= context.now for at in _times(context, person, windows))
    context.happen(ReminderSettled(person, len(waiting) if begun and hours.has(context.now) else 0))
    later = _when(context, person, windows)
    if later is not None:
        context.happen(RemindersPlanned("", ((person, later, hours.zone),)))


def reminder_needs(context: Context, person: PersonId) -> Iterable[Need]:
    """What reminding reads of the person."""
    yield Due, (context.id, DueKind.REMINDER, person)
    yield Person, (context.id, person)
    yield Reminded, (context.id, person)
    yield Seat, (context.id, context.community.cycle, person)
    yield CoProposer, (("community", context.id), ("person", person))
    for check in open_checks(context):
        yield Asked, (context.id, check.number, person)
        yield Held, (context.id, check.number, person)


def _times(context: Context, person: PersonId, windows: Iterable[tuple[datetime, datetime]]) -> Iterator[datetime]:
    """When a person is reminded of each thing, if ever; possibly in the past."""
    reminded = context.reads.get(Reminded, context.id, person)
    hours, before = hours_of(context, person), context.community.settings.remind_hours
    for opened_at, closes_at in windows:
        at = reminder_at(opened_at, closes_at, before, hours, reminded.at if reminded is not None else None)
        if at is not None:
            yield at


def _when(context: Context, person: PersonId, windows: Iterable[tuple[datetime, datetime]]) -> datetime | None:
    """When to look at a person next."""
    hours = hours_of(context, person)
    times = (
        planned_at(at, window[1], hours, context.now) for window in windows for at in _times(context, person, [window])
    )
    return min((at for at in times if at is not None), default=None)


def reminder(context: Context, person: PersonId) -> Card:
    """All a person has to do, what closes first above."""
    waiting = sorted(
        duties(seen_by(context.reads, context.community, person, context.now)),
        key=lambda task: (task.closes_at is None, task.closes_at or context.now),
    )
    return Card(
        T("Before it closes: what needs you"),
        (Items(tuple(task.item for task in waiting)),),
        tone=Tone.ATTENTION,
        footer=T("One such message a day at most, in your working hours, and none when nothing is left to do."),
    )
