"""Taking a position in a consensus check: one line or one tap, changed at will until the close.

This is the hot path: what it needs is named beforehand (`needs`), so that a batch loads it in one go.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from bot.command import Arguments, Need, ask, command
from bot.context import Context
from bot.domain.consensus.acts import take_position
from bot.domain.consensus.checks import Asked, Check, Form, Held, TallyCell
from bot.domain.consensus.positions import Position
from bot.lookup import find_person
from bot.open_checks import find_check
from bot.outgoing import Placement, home_of
from bot.policy import CHAIR, KNOWN, SECRETARIAT
from bot.present.names import POSITIONS, QUICK_POSITIONS
from bot.standing import CONCLUDER
from bot.text import Moment, T, Text
from bot.view import Named, Notice, Tone, View

REASON = 5000
"""Characters of a reason."""


class TakePosition(Arguments):
    """In which check, and why."""

    check: Annotated[int, ask("Which check?", "The number on its card; with only one open it may be left out.")] = 0
    reason: Annotated[str, ask("Why?", "May be left out.", rest=True, multiline=True, limit=REASON, advanced=True)] = ""


class TakeObjection(Arguments):
    """In which check, and why: an objection has its reason."""

    check: Annotated[int, ask("Which check?", "The number on its card; with only one open it may be left out.")] = 0
    reason: Annotated[
        str,
        ask(
            "What do you object to?",
            "So that it can be met. It is shown to the members with your name.",
            rest=True,
            multiline=True,
            limit=REASON,
        ),
    ]
    public: Annotated[
        bool, ask("May your name be public with it?", "Otherwise the public sees only that there was an objection.")
    ] = False


def _needs(context: Context, arguments: TakePosition) -> Iterable[Need]:
    community, check, person = context.id, arguments.check, context.actor.person
    if not check or person is None:
        return
    yield Check, (community, check)
    yield Asked, (community, check, person)
    yield Held, (community, check, person)
    position = Position(context.request.command.removeprefix("consensus "))
    for group in context.community.stakeholder_groups:  # whichever the member's is
        yield TallyCell, (community, check, group, position)
    yield Placement, (("community", community), ("subject", home_of(person)))


def _take(context: Context, position: Position, number: int, reason: str, in_public: bool = False) -> View:
    reads, person = context.reads, context.person
    check = find_check(context, number)
    held = reads.get(Held, context.id, check.number, person)
    context.all_happen(
        take_position(
            reads,
            check,
            reads.get(Asked, context.id, check.number, person),
            held,
            position,
            reason,
            in_public,
            context.now,
            sent=context.sent,
        )
    )
    return Notice(_taken(check, position, held), Tone.DONE)


def _taken(check: Check, position: Position, held: Held | None) -> Text:
    until = Moment(check.closes_at, check.zone)
    names = POSITIONS | QUICK_POSITIONS if check.form is Form.QUICK else POSITIONS
    if held is None or held.position is position:
        return T(
            "Check {number}: your position is {position}. You may change it until {when}.",
            number=check.number,
            position=names[position],
            when=until,
        )
    return T(
        "Check {number}: your position is now {position}; it was {before}. You may change it until {when}.",
        number=check.number,
        position=names[position],
        before=names[held.position],
        when=until,
    )


@command(
    "consensus support",
    "Support what is asked",
    who=KNOWN,
    arguments=TakePosition,
    examples=("consensus support 3", "consensus support"),
    repeatable=True,
    needs=_needs,
)
def support(context: Context, arguments: TakePosition) -> View:
    """*Support*."""
    return _take(context, Position.SUPPORT, arguments.check, arguments.reason)


@command(
    "consensus live-with",
    "Say that you can live with it",
    who=KNOWN,
    arguments=TakePosition,
    examples=("consensus live-with 3",),
    repeatable=True,
    needs=_needs,
)
def live_with(context: Context, arguments: TakePosition) -> View:
    """*Can live with it*."""
    return _take(context, Position.LIVE_WITH, arguments.check, arguments.reason)


@command(
    "consensus stand-aside",
    "Stand aside: you do not agree, and do not hold it up",
    who=KNOWN,
    arguments=TakePosition,
    examples=("consensus stand-aside 3 We have no mandate on this",),
    repeatable=True,
    needs=_needs,
)
def stand_aside(context: Context, arguments: TakePosition) -> View:
    """*Stand aside*."""
    return _take(context, Position.STAND_ASIDE, arguments.check, arguments.reason)


@command(
    "consensus object",
    "Object, and say why",
    who=KNOWN,
    arguments=TakeObjection,
    examples=('consensus object 3 "The output duplicates the NRI toolkit"',),
    repeatable=True,
    needs=_needs,
    keeps=True,
)
def objecting(context: Context, arguments: TakeObjection) -> View:
    """*Object*: named and reasoned, with a life of its own."""
    return _take(context, Position.OBJECT, arguments.check, arguments.reason, arguments.public)


@command(
    "consensus abstain",
    "Abstain",
    who=KNOWN,
    arguments=TakePosition,
    examples=("consensus abstain 3",),
    repeatable=True,
    needs=_needs,
)
def abstain(context: Context, arguments: TakePosition) -> View:
    """*Abstain*."""
    return _take(context, Position.ABSTAIN, arguments.check, arguments.reason)


@command(
    "consensus need-time",
    "Ask for time: the close moves by 48 hours, once a check",
    who=KNOWN,
    arguments=TakePosition,
    examples=("consensus need-time 3",),
    repeatable=True,
    needs=_needs,
)
def need_time(context: Context, arguments: TakePosition) -> View:
    """*Need time*."""
    return _take(context, Position.NEED_TIME, arguments.check, arguments.reason)


class State(Arguments):
    """Whose position was stated in a meeting."""

    check: Annotated[int, ask("Which check?", "The number on its card.")]
    person: Annotated[str, ask("Who said it?", "The member's name.", named=Named.PERSON)]
    position: Annotated[Position, ask("What did they say?")]
    reason: Annotated[
        str, ask("Why, in their words?", "Needed for an objection.", rest=True, multiline=True, limit=REASON)
    ] = ""


@command(
    "consensus state",
    "Enter a position a member stated in a meeting; they are told, and may correct it",
    who=SECRETARIAT | CHAIR | CONCLUDER,
    arguments=State,
    examples=('consensus state 3 "Rosa S." support',),
)
def state(context: Context, arguments: State) -> View:
    """Never over a position the member took themselves."""
    check = find_check(context, arguments.check)
    person = find_person(context, arguments.person)
    reads = context.reads
    context.all_happen(
        take_position(
            reads,
            check,
            reads.get(Asked, context.id, check.number, person.id),
            reads.get(Held, context.id, check.number, person.id),
            arguments.position,
            arguments.reason,
            False,
            context.now,
            context.person,
        )
    )
    return Notice(
        T(
            "Entered for {person} in check {number}, as stated in the meeting: {position}. They are told and may correct it.",
            person=context.name_of(person.id),
            number=check.number,
            position=POSITIONS[arguments.position],
        ),
        Tone.DONE,
    )
