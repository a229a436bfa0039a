"""The cycle: opening the next one, moving its days, showing it."""

from __future__ import annotations

from typing import Annotated

from bot.chairing import waiting_acts
from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.community import next_number
from bot.domain.cycles import CycleMoved, current_cycle, in_interregnum, open_cycle
from bot.domain.days import parse_day
from bot.domain.people import SeatGiven, chair_of
from bot.policy import ANYONE, CHAIR, SECRETARIAT
from bot.text import Day, Say, T, Text, UserText, day, term
from bot.view import Card, Fact, Facts, Notice, Tone, View


class OpenCycle(Arguments):
    """Its name and days."""

    name: Annotated[str, ask("What is the cycle called?", "IGF 2027", limit=60)]
    first_day: Annotated[str, ask("Its first day?", "2026-12-01")]
    last_day: Annotated[str, ask("Its last day?", "2027-11-30; working groups end with it")]


@command(
    "cycle open",
    "Open a cycle, or move the days of the current one",
    who=CHAIR | SECRETARIAT,
    arguments=OpenCycle,
    examples=('cycle open "IGF 2027" 2026-12-01 2027-11-30',),
)
def open_(context: Context, arguments: OpenCycle) -> View:
    """Seats belong to a cycle: after opening one, its roster is imported."""
    event = open_cycle(
        context.reads,
        context.community,
        next_number(context.reads, context.id, "cycle"),
        arguments.name,
        parse_day(arguments.first_day, field="first_day"),
        parse_day(arguments.last_day, field="last_day"),
        context.now.date(),
    )
    speaker = context.actor.seat
    context.happen(event)
    if isinstance(event, CycleMoved):
        return Notice(
            T(
                "{cycle} now runs from {first} to {last}.",
                cycle=UserText(arguments.name),
                first=Day(event.first_day),
                last=Day(event.last_day),
            ),
            Tone.DONE,
        )
    if speaker is not None:
        context.happen(
            SeatGiven(event.number, speaker.person, speaker.role, speaker.stakeholder_group, speaker.regional_group)
        )
    return Notice(
        T(
            "{cycle} is the current cycle, from {first} to {last}. You keep your seat in it; nobody else is seated yet.",
            cycle=UserText(arguments.name),
            first=Day(event.first_day),
            last=Day(event.last_day),
        ),
        Tone.DONE,
        T("Import its roster: {command}.", command=Say("roster import")),
    )


@command("cycle show", "Show the current cycle", who=ANYONE, examples=("cycle show",), reads=True, family_default=True)
def show(context: Context, arguments: object) -> View:
    """Name, days, and whether it is under way."""
    cycle = current_cycle(context.reads, context.community)
    if cycle is None:
        return Notice(
            T("No cycle has been opened yet."),
            Tone.NEUTRAL,
            T("Open one: {command}.", command=Say('cycle open "IGF 2027" 2026-12-01 2027-11-30')),
        )
    over = in_interregnum(cycle, context.community, context.now)
    state = (
        T("over: until the next membership is seated, conclusions and appointments wait") if over else T("under way")
    )
    facts = (
        Fact(T("First day"), day(cycle.first_day)),
        Fact(T("Last day"), day(cycle.last_day)),
        Fact(T("State"), state),
        Fact(term(context.community.titles.chair), _chair(context)),
    )
    waiting = waiting_acts(context.reads, context.community, context.now)
    return Card(T("Cycle {name}", name=cycle.name), (Facts(facts), *waiting))


def _chair(context: Context) -> Text:
    seat = chair_of(context.reads, context.community)
    return T("{person}", person=context.name_of(seat.person)) if seat is not None else T("nobody is seated")
