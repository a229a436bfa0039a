"""Consulting the full membership: open, comment, respond, extend, close, show."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.consultations import (
    NEEDS_RESPONSE,
    CommentKind,
    CommentMade,
    Consultation,
    consultation_of,
    extend,
    respond,
    running,
    unanswered,
)
from bot.domain.consulted import Consulted, consulted_called
from bot.domain.errors import NotNow
from bot.domain.groups import find_group
from bot.domain.when import parse_when
from bot.policy import ANYONE, CHAIR, SEATED, SECRETARIAT, demand
from bot.present import shown
from bot.present.consultations import consultation_card
from bot.stages import closing, end_consultation, go_on_to_check, start_consultation
from bot.standing import ANSWERING, PROPOSER
from bot.text import Moment, Say, T, Tn, joined, term
from bot.view import Named, Notice, Tone, View

COMMENT = 10_000
"""Characters of one comment or response."""

GroupArgument = Annotated[str, ask("Which working group?", "Its short name: WG-MWP", named=Named.GROUP)]
WhatArgument = Annotated[
    str,
    ask("On what?", "A working group's short name: WG-MWP; or a recommendation: R3", named=Named.GROUP),
]
Exception_ = Annotated[
    str,
    ask(
        "The Chair's reason for an exception",
        "Only the Chair; it is published.",
        option=True,
        limit=1000,
        advanced=True,
    ),
]


class Open(Arguments):
    """On which proposal, until when."""

    group: GroupArgument
    until: Annotated[str, ask("Until when?", "7d, or 2026-12-01 15:00. Usually left out.", option=True)] = ""
    exception: Exception_ = ""


@command(
    "consult open",
    "Open the consultation on a proposal by hand",
    who=PROPOSER | CHAIR | SECRETARIAT,
    arguments=Open,
    examples=("consult open WG-MWP", "consult open WG-MWP --until 10d"),
)
def consult_open(context: Context, arguments: Open) -> View:
    """By the clock it opens by itself; this is for communities that drive their stages by hand."""
    group = find_group(context.reads, context.id, arguments.group)
    closes_at = closing(context, arguments.until, context.community.settings.consultation_hours, field="until")
    start_consultation(context, group, closes_at, _excepted(context, arguments))
    return Notice(
        T(
            "The consultation on {group} is open until {when}.",
            group=group.short_name,
            when=Moment(closes_at, context.zone),
        ),
        Tone.DONE,
    )


def _excepted(context: Context, arguments: Open | Close) -> str:
    """The Chair's reason; from anybody else it is refused."""
    if arguments.exception:
        demand(CHAIR, context, arguments)
    return arguments.exception


class CommentOn(Arguments):
    """What is said, and as what it is meant."""

    group: WhatArgument
    kind: Annotated[
        CommentKind, ask("What is it?", "A concern or a requested change must be answered before the check.")
    ] = CommentKind.COMMENT
    text: Annotated[str, ask("Your comment", "It is shown with your name.", rest=True, multiline=True, limit=COMMENT)]


@command(
    "consult comment",
    "Comment on a proposal or recommendation, raise a concern, or ask for a change",
    who=SEATED,
    arguments=CommentOn,
    examples=(
        'consult comment WG-MWP "Good idea."',
        "consult comment WG-MWP concern The timetable ends after the annual meeting",
    ),
    keeps=True,
)
def consult_comment(context: Context, arguments: CommentOn) -> View:
    """Anybody seated may comment, observers and host countries too."""
    on = consulted_called(context.reads, context.id, arguments.group)
    consultation = _running(context, on)
    number = consultation.comments + 1
    context.happen(CommentMade(consultation.number, number, context.person, arguments.kind, arguments.text, on.version))
    if arguments.kind not in NEEDS_RESPONSE:
        text = T("Comment {number} on {group} is noted.", number=number, group=on.text)
    elif on.formation:
        text = T(
            "Comment {number} on {group} is noted. Its proposers must answer it before the consensus check.",
            number=number,
            group=on.text,
        )
    else:
        text = T(
            "Comment {number} on {group} is noted. Its co-facilitators must answer it before the consensus check.",
            number=number,
            group=on.text,
        )
    return Notice(text, Tone.DONE)


def _numbers(value: object) -> object:
    if isinstance(value, str):
        return tuple(
            part.strip(" #") for part in value.replace(";", ",").replace(" ", ",").split(",") if part.strip(" #")
        )
    return value


class Respond(Arguments):
    """To which comments, with what."""

    group: WhatArgument
    comments: Annotated[tuple[int, ...], BeforeValidator(_numbers), ask("To which comments?", "Their numbers: 1,3")]
    text: Annotated[
        str, ask("Your response", "One response may cover several comments.", rest=True, multiline=True, limit=COMMENT)
    ]


@command(
    "consult respond",
    "Respond to comments on your proposal, or on your group's recommendation",
    who=ANSWERING,
    arguments=Respond,
    examples=('consult respond WG-MWP 1,3 "The timetable now ends in October."',),
    keeps=True,
)
def consult_respond(context: Context, arguments: Respond) -> View:
    """The last response that was waited for lets the consensus check open."""
    on = consulted_called(context.reads, context.id, arguments.group)
    consultation = _latest(context, on)
    numbers = tuple(dict.fromkeys(arguments.comments))
    context.happen(respond(context.reads, consultation, numbers, context.person, arguments.text))
    waiting = unanswered(context.reads, consultation)
    if waiting:
        rest = joined([term(str(each.number)) for each in waiting], ", ")
        return Notice(T("Answered. Still to answer: {rest}.", rest=rest), Tone.DONE)
    if go_on_to_check(context, consultation.number):
        return Notice(
            T("Answered, and nothing is left to answer: the consensus check on {group} opens.", group=on.text),
            Tone.DONE,
        )
    return Notice(Tn("Answered.", "Answered, {count} comments at once.", len(numbers)), Tone.DONE)


def _latest(context: Context, on: Consulted) -> Consultation:
    if not on.consultation:
        raise NotNow(
            T("The consultation on {group} has not opened yet.", group=on.text),
            T("See where it stands: {command}.", command=Say(on.show)),
        )
    return consultation_of(context.reads, context.id, on.consultation)


def _running(context: Context, on: Consulted) -> Consultation:
    found = context.reads.get(Consultation, context.id, on.consultation) if on.consultation else None
    return running(found, on.text, on.show, context.now)


class Close(Arguments):
    """Which one; before its minimum length, with the Chair's reason."""

    group: WhatArgument
    exception: Exception_ = ""


@command(
    "consult close",
    "Close a consultation by hand",
    who=ANSWERING | CHAIR | SECRETARIAT,
    arguments=Close,
    examples=("consult close WG-MWP",),
)
def consult_close(context: Context, arguments: Close) -> View:
    """Not before 72 hours, save by exception; with no feedback it is extended once."""
    on = consulted_called(context.reads, context.id, arguments.group)
    consultation = _running(context, on)
    closed = end_consultation(context, consultation, _excepted(context, arguments))
    if not closed:
        until = consultation_of(context.reads, context.id, consultation.number).closes_at
        return Notice(
            T(
                "No feedback has come yet: the consultation on {group} stays open until {when}.",
                group=on.text,
                when=Moment(until, context.zone),
            ),
            Tone.ATTENTION,
        )
    return Notice(T("The consultation on {group} is closed.", group=on.text), Tone.DONE)


class Extend(Arguments):
    """Which one, until when."""

    group: WhatArgument
    until: Annotated[str, ask("Until when?", "A time, or a length from now: 3d")]


@command(
    "consult extend",
    "Give a consultation more time",
    who=ANSWERING | CHAIR | SECRETARIAT,
    arguments=Extend,
    examples=("consult extend WG-MWP 10d",),
)
def consult_extend(context: Context, arguments: Extend) -> View:
    """A close only ever moves later."""
    on = consulted_called(context.reads, context.id, arguments.group)
    consultation = _running(context, on)
    event = extend(consultation, parse_when(arguments.until, context.now, context.zone, field="until"))
    context.happen(event)
    return Notice(
        T(
            "The consultation on {group} is open until {when}.",
            group=on.text,
            when=Moment(event.closes_at, context.zone),
        ),
        Tone.DONE,
    )


class Show(Arguments):
    """Which one."""

    group: WhatArgument


@command(
    "consult show",
    "Show the comments on a proposal or recommendation, and their responses",
    who=ANYONE,
    arguments=Show,
    examples=("consult show WG-MWP", "consult show R1"),
    reads=True,
)
def consult_show(context: Context, arguments: Show) -> View:
    """The latest consultation on it."""
    consultation = _latest(context, consulted_called(context.reads, context.id, arguments.group))
    return shown(consultation_card(context.reads, context.community, str(consultation.number), context.now))
