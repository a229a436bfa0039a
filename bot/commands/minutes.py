"""The minutes: notes of what was said or agreed, kept until a meeting's summary is written from them."""

from __future__ import annotations

from typing import Annotated

from bot.bodies import belongs, body_here
from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.community import next_number
from bot.domain.errors import NotAllowed
from bot.domain.groups import body_name, find_group
from bot.domain.minutes import Minute, MinuteNoted, counter_of, minutes_of
from bot.domain.people import Role
from bot.policy import KNOWN
from bot.standing import concludes
from bot.text import Moment, Say, T, Text, Tn, UserText
from bot.view import Button, Card, Notice, Quote, Tone, View

NOTE = 5000
"""Characters of one note."""

MOST_NOTES = 20
"""Notes on one card, the newest; the rest is counted."""


class Add(Arguments):
    """What, for whose minutes, and where it was said."""

    text: Annotated[str, ask("What is to be noted?", "What was said or agreed.", rest=True, multiline=True, limit=NOTE)]
    group: Annotated[
        str,
        ask("For which working group?", "Left out: the one whose room this is, else the full membership.", option=True),
    ] = ""
    link: Annotated[str, ask("Where was it said?", "A link to the message or document.", option=True, limit=500)] = ""


@command(
    "minutes add",
    "Note something for the minutes",
    who=KNOWN,
    arguments=Add,
    examples=(
        "minutes add The outline goes to the MAG in May.",
        'minutes add "Calls rotate from now on" --group WG-MWP --link https://example.org/call-3',
    ),
    keeps=True,
)
def add(context: Context, arguments: Add) -> View:
    """By the members of the body, who concludes for it, and the Secretariat. Nobody is notified."""
    body = _body(context, arguments.group)
    if not (belongs(context, body) or concludes(context, body) or context.actor.has_role(Role.SECRETARIAT)):
        raise NotAllowed(
            T("The minutes of {body} are for its members, and the Secretariat, to add to.", body=_name(context, body)),
            T("Ask one of them to note it."),
        )
    number = next_number(context.reads, context.id, counter_of(body))
    context.happen(MinuteNoted(body, number, context.person, arguments.text, arguments.link))
    return Notice(
        T("Noted for the minutes of {body}, as note {number}.", body=_name(context, body), number=number),
        Tone.DONE,
        buttons=(Button(T("The notes so far"), "minutes show", {"group": arguments.group} if arguments.group else {}),),
    )


class Show(Arguments):
    """Whose."""

    group: Annotated[
        str, ask("Of which working group?", "Left out: the one whose room this is, else the full membership.")
    ] = ""


@command(
    "minutes show",
    "Show the notes for the minutes",
    who=KNOWN,
    arguments=Show,
    examples=("minutes show", "minutes show WG-MWP"),
    reads=True,
    family_default=True,
)
def show(context: Context, arguments: Show) -> View:
    """To everybody on the roster: what is at work is open to every member. They are notes, not the published summary."""
    body = _body(context, arguments.group)
    notes = minutes_of(context.reads, context.id, body)
    if not notes:
        return Notice(
            T("Nothing is noted yet for the minutes of {body}.", body=_name(context, body)),
            Tone.NEUTRAL,
            T("Note something: {command}.", command=Say("minutes add …")),
        )
    earlier = len(notes) - MOST_NOTES
    return Card(
        T("Notes for the minutes of {body}", body=_name(context, body)),
        tuple(Quote(each.text, _by(context, each)) for each in notes[-MOST_NOTES:]),
        footer=Tn(
            "{count} earlier note is kept, and not shown here.",
            "{count} earlier notes are kept, and not shown here.",
            earlier,
        )
        if earlier > 0
        else None,
    )


def _by(context: Context, note: Minute) -> Text:
    said = T(
        "Note {number}, {person}, {when}",
        number=note.number,
        person=context.name_of(note.author),
        when=Moment(note.noted_at, context.zone),
    )
    return T("{note}, {link}", note=said, link=UserText(note.link)) if note.link else said


def _body(context: Context, group: str) -> str:
    return find_group(context.reads, context.id, group).id if group else body_here(context)


def _name(context: Context, body: str) -> Text:
    return body_name(context.reads, context.id, body, context.community.titles.body)
