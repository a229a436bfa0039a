"""In a meeting: opening and ending it, who is there, who speaks next, and what is talked about."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from bot.command import Arguments, ask, command
from bot.commands.poll import listed
from bot.context import Context
from bot.domain.agenda import MOST_ITEMS, agenda_of, not_yet_on, proposing, taking
from bot.domain.errors import NotAllowed, NotNow
from bot.domain.groups import group_of
from bot.domain.ids import MAG, GroupId, PersonId
from bot.domain.matters import taken_up
from bot.domain.meetings import Meeting, MeetingState, meeting_of
from bot.domain.membership import takes_part
from bot.domain.people import Person, seat_of
from bot.domain.scheduling import must_be_to_come
from bot.domain.sitting import (
    Attendance,
    Attended,
    Attending,
    Hand,
    HandLowered,
    HandRaised,
    calling_next,
    ending,
    queue_of,
    starting,
)
from bot.domain.summaries import SummaryWritten, drafted, notes_of, summary_of
from bot.lookup import find_person
from bot.policy import KNOWN
from bot.present.meetings import body_of, item_text, matter_of
from bot.present.people import with_group
from bot.standing import NEXT_ORGANISER, RUNNING_ORGANISER, next_here, organises, running_here
from bot.text import Moment, Say, T, Text, Tn
from bot.view import Button, Named, Notice, Tone, View

Here = Annotated[int, ask("Which meeting?", "Left out: the one of this room.")]
HereOption = Annotated[int, ask("Which meeting?", "Left out: the one of this room.", option=True)]


class Next(Arguments):
    """Which meeting."""

    meeting: Here = 0


@command(
    "meeting start",
    "Open a meeting",
    who=NEXT_ORGANISER,
    arguments=Next,
    examples=("meeting start", "meeting start 3"),
)
def start(context: Context, arguments: Next) -> View:
    """From then on notes for the minutes are the meeting's. That of the full membership takes up what is due."""
    meeting = next_here(context, arguments.meeting)
    context.happen(starting(meeting, context.now))
    meeting = meeting_of(context.reads, context.id, meeting.number)
    if meeting.body == MAG:
        _take_up(context, meeting)
    context.happen(_attended(context, meeting, context.person, Attending.PRESENT))
    return Notice(
        T("Meeting {number} of {body} is open.", number=meeting.number, body=_body(context, meeting)),
        Tone.DONE,
        T("Notes are taken with {command}.", command=Say("minutes add …")),
        (
            Button(T("The meeting"), "meeting show", {"meeting": str(meeting.number)}),
            Button(T("First topic"), "meeting topic", {"meeting": str(meeting.number)}),
        ),
    )


def _take_up(context: Context, meeting: Meeting) -> None:
    matters = map(matter_of, taken_up(context.reads, context.community, context.now))
    agenda = agenda_of(context.reads, meeting)
    for matter, words in list(not_yet_on(agenda, matters))[: MOST_ITEMS - len(agenda)]:
        context.happen(proposing(meeting, agenda_of(context.reads, meeting), words, None, matter))


@command(
    "meeting end",
    "End a meeting: a draft of its summary is made of the notes",
    who=RUNNING_ORGANISER,
    arguments=Next,
    examples=("meeting end", "meeting end 3"),
)
def end(context: Context, arguments: Next) -> View:
    """The draft is for who organises the meetings to edit and approve; it is due a week later."""
    meeting = running_here(context, arguments.meeting)
    context.happen(ending(meeting))
    meeting = meeting_of(context.reads, context.id, meeting.number)
    if summary_of(context.reads, meeting) is None:
        text = drafted(agenda_of(context.reads, meeting), notes_of(context.reads, meeting))
        context.happen(SummaryWritten(meeting.number, text))
    return Notice(
        T("Meeting {number} of {body} is over.", number=meeting.number, body=_body(context, meeting)),
        Tone.DONE,
        T("Its summary is drafted, and due {when}.", when=Moment(meeting.summary_due(), context.zone)),
        (Button(T("The draft"), "summary show", {"meeting": str(meeting.number)}),),
    )


class Present(Arguments):
    """Who, in which meeting."""

    people: Annotated[
        tuple[str, ...],
        BeforeValidator(listed),
        ask("Who is here?", "Left out: you. Names, separated by commas.", listed=True, limit=3000, named=Named.PEOPLE),
    ] = ()
    meeting: HereOption = 0


@command(
    "meeting present",
    "Say that you are in the meeting, or who else is",
    who=KNOWN,
    arguments=Present,
    examples=("meeting present", 'meeting present "Qiang R.", "Gift I."'),
)
def present(context: Context, arguments: Present) -> View:
    """Everybody seated may attend, and the group's own people. Others are noted by who organises the meeting."""
    meeting = running_here(context, arguments.meeting)
    people = [find_person(context, each, field="people") for each in arguments.people]
    if not people:
        person = context.reads.get(Person, context.id, context.person)
        people = [person] if person is not None else []
    elif {each.id for each in people} != {context.person} and not organises(context, meeting.body):
        raise NotAllowed(
            T("Noting that others are here is for who organises the meeting."),
            T("For yourself, type {command}.", command=Say("meeting present")),
        )
    for each in people:
        _must_be_open_to(context, meeting, each.id)
        context.happen(_attended(context, meeting, each.id, Attending.PRESENT))
    return Notice(Tn("{count} person is noted as here.", "{count} people are noted as here.", len(people)), Tone.DONE)


@command(
    "meeting regrets",
    "Say that you cannot come to a meeting",
    who=KNOWN,
    arguments=Next,
    examples=("meeting regrets 3",),
)
def regrets(context: Context, arguments: Next) -> View:
    """You are not reminded of it any more. `meeting present` takes it back when you come after all."""
    meeting = next_here(context, arguments.meeting)
    if meeting.state is not MeetingState.RUNNING:
        must_be_to_come(meeting)
    _must_be_open_to(context, meeting, context.person)
    context.happen(_attended(context, meeting, context.person, Attending.REGRETS))
    return Notice(T("Your regrets for meeting {number} are noted.", number=meeting.number), Tone.DONE)


@command("q+", "Ask to speak in a meeting", who=KNOWN, arguments=Next, examples=("q+",))
def raise_hand(context: Context, arguments: Next) -> View:
    """You are in the queue, which favours the stakeholder groups heard least."""
    meeting = running_here(context, arguments.meeting)
    _must_be_open_to(context, meeting, context.person)
    there = context.reads.get(Attendance, context.id, meeting.number, context.person)
    if there is None or there.state is not Attending.PRESENT:
        context.happen(_attended(context, meeting, context.person, Attending.PRESENT))
    if context.reads.get(Hand, context.id, meeting.number, context.person) is None:
        context.happen(HandRaised(meeting.number, context.person))
    place = [each.person for each in queue_of(context.reads, meeting)].index(context.person) + 1
    return Notice(T("You are number {place} in the queue.", place=place), Tone.DONE)


@command("q-", "Take back that you want to speak", who=KNOWN, arguments=Next, examples=("q-",))
def lower_hand(context: Context, arguments: Next) -> View:
    """You are not in the queue any more."""
    meeting = running_here(context, arguments.meeting)
    if context.reads.get(Hand, context.id, meeting.number, context.person) is None:
        raise NotNow(T("You are not in the queue."), T("To speak, type {command}.", command=Say("q+")))
    context.happen(HandLowered(meeting.number, context.person))
    return Notice(T("You are not in the queue any more."), Tone.DONE)


@command("next", "Give the floor to the next speaker", who=RUNNING_ORGANISER, arguments=Next, examples=("next",))
def following(context: Context, arguments: Next) -> View:
    """The queue favours the stakeholder groups heard least, then whoever spoke least, then who has waited longest."""
    meeting = running_here(context, arguments.meeting)
    turn = calling_next(meeting, queue_of(context.reads, meeting))
    context.happen(turn)
    waiting = queue_of(context.reads, meeting)
    return Notice(
        T("{person} has the floor.", person=_named(context, turn.person)),
        Tone.DONE,
        T("Then: {person}.", person=_named(context, waiting[0].person)) if waiting else None,
        (Button(T("Next speaker"), "next", {"meeting": str(meeting.number)}),) if waiting else (),
    )


class Topic(Arguments):
    """Which item."""

    item: Annotated[int, ask("Which item?", "Its number on the agenda. Left out: the next one.")] = 0
    meeting: HereOption = 0


@command(
    "meeting topic",
    "Go on to the next item of the agenda, or to another",
    who=RUNNING_ORGANISER,
    arguments=Topic,
    examples=("meeting topic", "meeting topic 4"),
)
def topic(context: Context, arguments: Topic) -> View:
    """Notes taken from then on stand under it in the summary."""
    meeting = running_here(context, arguments.meeting)
    agenda = agenda_of(context.reads, meeting)
    taken = taking(meeting, agenda, arguments.item)
    context.happen(taken)
    item = next(each for each in agenda if each.number == taken.number)
    return Notice(
        T("Now: {item}", item=item_text(context.reads, context.community, item)),
        Tone.DONE,
        buttons=(Button(T("Next topic"), "meeting topic", {"meeting": str(meeting.number)}),),
    )


def _must_be_open_to(context: Context, meeting: Meeting, person: PersonId) -> None:
    """Raise `NotAllowed` for somebody who is neither seated nor of the group."""
    if seat_of(context.reads, context.community, person) is not None:
        return
    if meeting.body != MAG and takes_part(
        context.reads, group_of(context.reads, context.id, GroupId(meeting.body)), person
    ):
        return
    raise NotAllowed(
        T("Meetings of {body} are open to everybody seated, and to its own people.", body=_body(context, meeting)),
        T("Its co-facilitators may invite others to take part."),
    )


def _attended(context: Context, meeting: Meeting, person: PersonId, state: Attending) -> Attended:
    seat = seat_of(context.reads, context.community, person)
    groups = (seat.stakeholder_group, seat.regional_group) if seat is not None else ("", "")
    return Attended(meeting.number, person, state, *groups)


def _body(context: Context, meeting: Meeting) -> Text:
    return body_of(context.reads, context.community, meeting)


def _named(context: Context, person: PersonId) -> Text:
    return with_group(context.reads, context.community, context.community.cycle, person)
