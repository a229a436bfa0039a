"""Actions: who does what until when. Their owners are reminded, and everybody can see them."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from bot.bodies import belongs
from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.actions import ActionAdded, actions_of, doing, find_action
from bot.domain.community import next_number
from bot.domain.errors import NotAllowed
from bot.domain.groups import body_name
from bot.domain.meetings import running
from bot.domain.when import parse_when
from bot.lookup import find_person
from bot.policy import ANYONE, KNOWN
from bot.present.meetings import action_text
from bot.standing import body_named, organises
from bot.text import Moment, Say, T, Text, Tn
from bot.view import Bullets, Button, Card, Named, Notice, Tone, View

USUAL = timedelta(days=14)
"""Until when something is to be done if nobody says."""

MOST_DONE = 10
"""Done actions on one card, the newest; the rest is counted."""


class Add(Arguments):
    """What, who, until when."""

    text: Annotated[str, ask("What is to be done?", "In a sentence.", rest=True, limit=1000)]
    owner: Annotated[str, ask("Who does it?", "Left out: you.", option=True, named=Named.PERSON)] = ""
    due: Annotated[str, ask("By when?", "friday, 2027-03-01. Left out: in two weeks.", option=True)] = ""
    group: Annotated[
        str,
        ask(
            "Of which working group?",
            "Left out: the one whose room this is, else the full membership.",
            option=True,
            named=Named.GROUP,
        ),
    ] = ""


@command(
    "action add",
    "Agree who does what until when",
    who=KNOWN,
    arguments=Add,
    examples=(
        "action add Write the outline",
        'action add "Ask the host about rooms" --owner "Gift I." --due 2027-03-01 --group WG-MWP',
    ),
)
def add(context: Context, arguments: Add) -> View:
    """By the members of a body, and who organises its meetings. Whoever is to do it is told."""
    body = body_named(context, arguments.group)
    if not (belongs(context, body) or organises(context, body)):
        raise NotAllowed(
            T("Actions of {body} are for its members to agree.", body=_name(context, body)),
            T("Ask one of them to add it."),
        )
    owner = find_person(context, arguments.owner, field="owner").id if arguments.owner else context.person
    due_at = parse_when(arguments.due, context.now, context.zone, field="due") if arguments.due else context.now + USUAL
    taking_place = running(context.reads, context.id, body)
    number = next_number(context.reads, context.id, "action")
    context.happen(
        ActionAdded(
            number,
            body,
            taking_place[0].number if taking_place else 0,
            arguments.text,
            owner,
            due_at,
            context.zone,
            context.person,
        )
    )
    return Notice(
        T(
            "Action {number}: {person}, by {when}.",
            number=number,
            person=context.name_of(owner),
            when=Moment(due_at, context.zone),
        ),
        Tone.DONE,
        T("They are reminded of it until it is done."),
    )


class Done(Arguments):
    """Which, and what to say of it."""

    action: Annotated[int, ask("Which action?", "Its number.")]
    note: Annotated[str, ask("What is to be said of it?", "May be left out.", rest=True, limit=1000)] = ""


@command(
    "action done",
    "Say that an action is done",
    who=KNOWN,
    arguments=Done,
    examples=("action done 2", "action done 2 The host offers two rooms."),
)
def done(context: Context, arguments: Done) -> View:
    """By who was to do it, and who organises the meetings. What is not to be done any more is done so too, with a note."""
    action = find_action(context.reads, context.id, arguments.action)
    if action.owner != context.person and not organises(context, action.body):
        raise NotAllowed(
            T("Action {number} is for {person} to do.", number=action.number, person=context.name_of(action.owner)),
            T("Tell them, or who organises the meetings."),
        )
    context.happen(doing(action, arguments.note))
    return Notice(T("Action {number} is done.", number=action.number), Tone.DONE)


class Listing(Arguments):
    """Whose."""

    group: Annotated[
        str,
        ask(
            "Of which working group?",
            "Left out: the one whose room this is, else the full membership.",
            named=Named.GROUP,
        ),
    ] = ""


@command(
    "action list",
    "Show who is to do what",
    who=ANYONE,
    arguments=Listing,
    examples=("action", "action list WG-MWP"),
    reads=True,
    family_default=True,
)
def list_(context: Context, arguments: Listing) -> View:
    """What is to be done, what is late first; then what is done."""
    body = body_named(context, arguments.group)
    actions = actions_of(context.reads, context.id, body)
    if not actions:
        return Notice(
            T("No actions are agreed in {body}.", body=_name(context, body)),
            next_step=T("Agree on one: {command}.", command=Say("action add …")),
        )
    left = sorted((each for each in actions if not each.closed), key=lambda each: (each.due_at, each.number))
    finished = [each for each in actions if each.closed]
    late = [each for each in left if each.due_at <= context.now]
    blocks = [
        Bullets(tuple(action_text(context.reads, context.community, found)), title)
        for found, title in (
            (late, T("Late")),
            ([each for each in left if each not in late], T("To be done")),
            (finished[-MOST_DONE:], T("Done")),
        )
        if found
    ]
    mine = [each for each in left if each.owner == context.actor.person]
    return Card(
        T("Actions of {body}", body=_name(context, body)),
        tuple(blocks),
        tuple(
            Button(T("{number} is done", number=each.number), "action done", {"action": str(each.number)})
            for each in mine[:5]
        ),
        footer=Tn("{count} is left to be done.", "{count} are left to be done.", len(left)),
    )


def _name(context: Context, body: str) -> Text:
    return body_name(context.reads, context.id, body, context.community.titles.body)
