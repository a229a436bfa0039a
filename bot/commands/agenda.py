"""Agendas: anybody proposes, who organises the meeting puts them in order."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from bot.command import Arguments, ask, command
from bot.commands.poll import listed
from bot.context import Context
from bot.domain.agenda import AgendaItem, agenda_of, dropping, ordering, proposing
from bot.domain.errors import NotAllowed
from bot.policy import ANYONE, KNOWN
from bot.present.meetings import agenda_blocks, title_of
from bot.standing import NEXT_ORGANISER, next_here, organises
from bot.text import Say, T
from bot.view import Button, Card, Notice, Tone, View

ITEM = 500
"""Characters of one item."""

Here = Annotated[int, ask("Of which meeting?", "Left out: the next one of this room.")]
HereOption = Annotated[int, ask("Of which meeting?", "Left out: the next one of this room.", option=True)]


class Propose(Arguments):
    """What is to be talked about, in which meeting."""

    text: Annotated[str, ask("What is to be talked about?", "In a line.", rest=True, limit=ITEM)]
    meeting: HereOption = 0


@command(
    "agenda propose",
    "Propose something for a meeting to talk about",
    who=KNOWN,
    arguments=Propose,
    examples=("agenda propose The outline of the report", 'agenda propose "Any other business" --meeting 3'),
)
def propose(context: Context, arguments: Propose) -> View:
    """By anybody known here; it stands on the agenda at once, at its end."""
    meeting = next_here(context, arguments.meeting)
    added = proposing(meeting, agenda_of(context.reads, meeting), arguments.text, context.person)
    context.happen(added)
    return Notice(
        T("On the agenda of meeting {meeting}, as item {number}.", meeting=meeting.number, number=added.number),
        Tone.DONE,
        buttons=(Button(T("The agenda"), "agenda show", {"meeting": str(meeting.number)}),),
    )


class TheMeeting(Arguments):
    """Of which meeting."""

    meeting: Here = 0


@command(
    "agenda show",
    "Show the agenda of a meeting",
    who=ANYONE,
    arguments=TheMeeting,
    examples=("agenda", "agenda show 3"),
    reads=True,
    family_default=True,
)
def show(context: Context, arguments: TheMeeting) -> View:
    """With what the full membership's takes up by itself."""
    meeting = next_here(context, arguments.meeting)
    blocks = tuple(agenda_blocks(context.reads, context.community, meeting, context.now))
    number = {"meeting": str(meeting.number)}
    propose_ = Button(T("Propose an item…"), "agenda propose", number)
    if not blocks:
        return Notice(
            T("Nothing is on the agenda of meeting {number} yet.", number=meeting.number),
            next_step=T("Propose something: {command}.", command=Say("agenda propose …")),
            buttons=(propose_,),
        )
    return Card(
        title_of(context.reads, context.community, meeting),
        blocks,
        (propose_, Button(T("The meeting"), "meeting show", number)),
    )


class Order(Arguments):
    """The items to come first, in their order."""

    items: Annotated[
        tuple[int, ...],
        BeforeValidator(listed),
        ask("Which items come first, in which order?", "Their numbers: 3, 1", listed=True),
    ]
    meeting: HereOption = 0


@command(
    "agenda order",
    "Put the agenda of a meeting in order",
    who=NEXT_ORGANISER,
    arguments=Order,
    examples=("agenda order 3, 1", "agenda order 2 --meeting 3"),
)
def order(context: Context, arguments: Order) -> View:
    """The items named come first; the others follow as they were."""
    meeting = next_here(context, arguments.meeting)
    context.happen(ordering(meeting, agenda_of(context.reads, meeting), arguments.items))
    return Card(
        title_of(context.reads, context.community, meeting),
        tuple(agenda_blocks(context.reads, context.community, meeting, context.now)),
        tone=Tone.DONE,
    )


class Drop(Arguments):
    """Which item."""

    item: Annotated[int, ask("Which item?", "Its number on the agenda.")]
    meeting: HereOption = 0


@command(
    "agenda drop",
    "Take an item off the agenda of a meeting",
    who=KNOWN,
    arguments=Drop,
    examples=("agenda drop 2",),
)
def drop(context: Context, arguments: Drop) -> View:
    """By who proposed it, and by who organises the meeting."""
    meeting = next_here(context, arguments.meeting)
    dropped = dropping(meeting, agenda_of(context.reads, meeting), arguments.item)
    item = context.reads.get(AgendaItem, context.id, meeting.number, dropped.number)
    if not organises(context, meeting.body) and (item is None or item.proposed_by != context.person):
        raise NotAllowed(
            T("Taking it off the agenda is for who proposed it, and for who organises the meeting."),
            T("Ask one of them."),
        )
    context.happen(dropped)
    return Notice(
        T("Item {number} is off the agenda of meeting {meeting}.", number=dropped.number, meeting=meeting.number),
        Tone.DONE,
    )
