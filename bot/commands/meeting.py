"""Meetings: scheduled, moved, cancelled, shown, and handed over for one's own calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from bot.bodies import belongs
from bot.coming import meeting_coming
from bot.command import Arguments, YesNo, ask, command
from bot.context import Context
from bot.domain.community import next_number
from bot.domain.errors import NotFound
from bot.domain.finding import TimesClosed, TimeSearch, find_search
from bot.domain.groups import group_of
from bot.domain.ids import MAG, GroupId
from bot.domain.meetings import Delegate, Meeting, MeetingState, find_meeting, meeting_of
from bot.domain.scheduling import DelegateEnded, DelegateNamed, cancelling, changing, must_meet, scheduling
from bot.domain.spans import parse_span
from bot.domain.when import parse_when
from bot.domain.zones import known_zone
from bot.lookup import find_person
from bot.policy import ANYONE
from bot.present.meetings import body_of, card_of, when_of
from bot.standing import MEETING_ORGANISER, ORGANISER, body_named
from bot.text import Moment, Say, T, UserText, joined
from bot.view import Button, Card, File, Item, Items, Named, Notice, Tone, View

USUAL = timedelta(hours=1)
"""How long a meeting is if nobody says."""

LINK = 1000
MOST_MEETINGS = 10
"""Meetings to come on one card; the rest is counted."""

GroupOption = Annotated[
    str,
    ask(
        "Of which working group?",
        "Left out: the one whose room this is, else the full membership.",
        option=True,
        named=Named.GROUP,
    ),
]
MeetingNumber = Annotated[int, ask("Which meeting?", "Its number, as the list of meetings shows it.")]
Length = Annotated[str, ask("How long?", "90m or 2h.", option=True)]
Zone = Annotated[str, ask("In which time zone?", "Europe/Zurich. Left out: your own.", option=True)]
Venue = Annotated[str, ask("Where?", "Left out where people meet online only.", option=True, limit=300)]
Link = Annotated[str, ask("The link to join?", "https://… May follow later.", option=True, limit=LINK)]


class Schedule(Arguments):
    """What for, when and where."""

    title: Annotated[str, ask("What is the meeting called?", "Third call", limit=120)]
    when: Annotated[str, ask("When does it begin?", "tomorrow 15:00, 2027-02-03 15:00", rest=True)]
    group: GroupOption = ""
    length: Length = ""
    venue: Venue = ""
    link: Link = ""
    zone: Zone = ""
    search: Annotated[int, ask("From which search for a time?", option=True, advanced=True)] = 0


@command(
    "meeting schedule",
    "Schedule a meeting of a working group, or of the full membership",
    who=ORGANISER,
    arguments=Schedule,
    examples=(
        'meeting schedule "Third call" friday 15:00 --group WG-MWP --link https://example.org/call',
        'meeting schedule "First meeting" 2027-02-23 09:30 --length 6h --venue "Palais, Geneva" --zone Europe/Zurich',
    ),
    keeps=True,
)
def schedule(context: Context, arguments: Schedule) -> View:
    """In person (a venue), online (a link), or both. Its room and its people are told, with an entry for their calendars."""
    search = find_search(context.reads, context.id, arguments.search) if arguments.search else None
    body = search.body if search is not None else body_named(context, arguments.group)
    if body != MAG:
        must_meet(group_of(context.reads, context.id, GroupId(body)))
    zone = known_zone(arguments.zone, field="zone") if arguments.zone else context.zone
    number = next_number(context.reads, context.id, "meeting")
    length = parse_span(arguments.length, field="length") if arguments.length else _usual(search)
    starts_at = parse_when(arguments.when, context.now, zone, field="when")
    context.happen(
        scheduling(
            number, body, arguments.title, arguments.venue, arguments.link, starts_at, length, zone, context.person
        )
    )
    if search is not None and not search.meeting:
        context.happen(TimesClosed(search.number, number))
    meeting = meeting_of(context.reads, context.id, number)
    return Notice(
        T(
            "Scheduled: meeting {number} of {body}, {when}.",
            number=number,
            body=body_of(context.reads, context.community, meeting),
            when=Moment(meeting.starts_at, context.zone),
        ),
        Tone.DONE,
        T("Its room and its people are told."),
        (*_calendar(meeting), Button(T("Propose an item…"), "agenda propose", {"meeting": str(number)})),
    )


def _usual(search: TimeSearch | None) -> timedelta:
    return timedelta(minutes=search.minutes) if search is not None else USUAL


def _calendar(meeting: Meeting) -> tuple[Button, ...]:
    return (Button(T("Into my calendar"), "meeting file", {"meeting": str(meeting.number)}),)


class Move(Arguments):
    """Which, to when and where; what is left out stays."""

    meeting: MeetingNumber
    when: Annotated[str, ask("When does it begin?", "Left out: as before.", rest=True)] = ""
    length: Length = ""
    venue: Annotated[str, ask("Where?", "“none” for nowhere but online.", option=True, limit=300)] = ""
    link: Annotated[str, ask("The link to join?", "“none” for no link.", option=True, limit=LINK)] = ""
    title: Annotated[str, ask("What is it called?", "Left out: as before.", option=True, limit=120)] = ""
    zone: Zone = ""
    why: Annotated[str, ask("Why?", "People are told. May be left out.", option=True, limit=500)] = ""


@command(
    "meeting move",
    "Move a meeting to another time or place",
    who=MEETING_ORGANISER,
    arguments=Move,
    examples=("meeting move 3 friday 16:00", 'meeting move 3 --venue "Room XX" --why "The first room is too small."'),
)
def move(context: Context, arguments: Move) -> View:
    """Calendars that have it move it; everybody is told."""
    meeting = find_meeting(context.reads, context.id, arguments.meeting)
    zone = known_zone(arguments.zone, field="zone") if arguments.zone else ""
    context.happen(
        changing(
            meeting,
            parse_when(arguments.when, context.now, zone or context.zone, field="when") if arguments.when else None,
            parse_span(arguments.length, field="length") if arguments.length else None,
            zone,
            (arguments.title, arguments.venue, arguments.link, arguments.why),
        )
    )
    meeting = meeting_of(context.reads, context.id, meeting.number)
    return Notice(
        T(
            "Meeting {number} of {body} is now: {when}.",
            number=meeting.number,
            body=body_of(context.reads, context.community, meeting),
            when=when_of(meeting, context.zone),
        ),
        Tone.DONE,
        T("Everybody is told; an entry taken in again moves."),
        _calendar(meeting),
    )


class Cancel(Arguments):
    """Which, and why."""

    meeting: MeetingNumber
    why: Annotated[str, ask("Why?", "People are told. May be left out.", rest=True, limit=500)] = ""


@command(
    "meeting cancel",
    "Cancel a meeting",
    who=MEETING_ORGANISER,
    arguments=Cancel,
    examples=("meeting cancel 3", "meeting cancel 3 Too few of us can come."),
)
def cancel(context: Context, arguments: Cancel) -> View:
    """Everybody is told; an entry taken in again is cancelled."""
    meeting = find_meeting(context.reads, context.id, arguments.meeting)
    context.happen(cancelling(meeting, arguments.why))
    return Notice(
        T(
            "Meeting {number} of {body} is cancelled. Everybody is told.",
            number=meeting.number,
            body=body_of(context.reads, context.community, meeting),
        ),
        Tone.DONE,
        buttons=_calendar(meeting),
    )


class TheMeeting(Arguments):
    """Which meeting."""

    meeting: MeetingNumber


@command(
    "meeting show",
    "Show a meeting: when, where, its agenda and how it stands",
    who=ANYONE,
    arguments=TheMeeting,
    examples=("meeting show 3",),
    reads=True,
)
def show(context: Context, arguments: TheMeeting) -> View:
    """To everybody; the link to join to everybody seated, and to the group's own people."""
    meeting = find_meeting(context.reads, context.id, arguments.meeting)
    return card_of(
        context.reads, context.community, meeting, context.now, zone=context.zone, linked=may_attend(context, meeting)
    )


@command(
    "meeting file",
    "Take a meeting into your own calendar (iCalendar)",
    who=ANYONE,
    arguments=TheMeeting,
    examples=("meeting file 3",),
    reads=True,
)
def file(context: Context, arguments: TheMeeting) -> View:
    """Taken in again it moves what has moved, and cancels what was cancelled. To whoever may attend, with the link."""
    meeting = find_meeting(context.reads, context.id, arguments.meeting)
    linked = may_attend(context, meeting)
    return File(
        f"{context.id}-meeting-{meeting.number}.ics",
        f"meeting:{meeting.number}",
        "invitation" if linked else "meeting",
        "ics",
        T(
            "{what}, for your calendar. Taken in again later, it moves what has moved.",
            what=meeting_coming(context.reads, context.community, meeting).text,
        ),
    )


def may_attend(context: Context, meeting: Meeting) -> bool:
    """Whether the speaker may come: everybody seated, and the group's own people."""
    return context.actor.seat is not None or belongs(context, meeting.body)


class Listing(Arguments):
    """Whose."""

    group: Annotated[
        str, ask("Of which working group?", "Left out: of all, and of the full membership.", named=Named.GROUP)
    ] = ""


@command(
    "meetings",
    "Show the meetings to come, and the last ones",
    who=ANYONE,
    arguments=Listing,
    examples=("meetings", "meetings WG-MWP"),
    reads=True,
)
def list_(context: Context, arguments: Listing) -> View:
    """Soonest first; each time in the reader's own zone."""
    body = body_named(context, arguments.group) if arguments.group else ""
    found = [
        each
        for each in context.reads.all(Meeting, community=context.id)
        if (not body or each.body == body) and each.state is not MeetingState.CANCELLED
    ]
    coming = sorted(
        (each for each in found if not _over(context, each)), key=lambda each: (each.starts_at, each.number)
    )
    before = sorted((each for each in found if _over(context, each)), key=lambda each: (each.starts_at, each.number))
    if not found:
        return Notice(
            T("No meeting is scheduled."),
            next_step=T("Schedule one: {command}.", command=Say("meeting schedule")),
        )
    blocks = []
    if coming:
        blocks.append(Items(tuple(_item(context, each) for each in coming[:MOST_MEETINGS]), T("To come")))
    if before:
        blocks.append(Items(tuple(_item(context, each) for each in before[: -MOST_MEETINGS - 1 : -1]), T("Held")))
    footer = T("Times are yours: {zone}.", zone=context.zone)
    return Card(T("Meetings"), tuple(blocks), (), footer=footer)


def _over(context: Context, meeting: Meeting) -> bool:
    return meeting.state is MeetingState.ENDED or (
        meeting.state is MeetingState.SCHEDULED and context.now >= meeting.ends_at
    )


def _item(context: Context, meeting: Meeting) -> Item:
    what = T(
        "{when}: {body}, {title}",
        when=Moment(meeting.starts_at, context.zone),
        body=body_of(context.reads, context.community, meeting),
        title=UserText(meeting.title),
    )
    notes = [T("It is taking place.")] if meeting.state is MeetingState.RUNNING else []
    if meeting.summary_late(context.now):
        notes.append(T("Its summary is late."))
    return Item(
        what,
        Button(T("Meeting {number}", number=meeting.number), "meeting show", {"meeting": str(meeting.number)}),
        joined(notes) if notes else None,
    )


class Name(Arguments):
    """Whom, for which body, and whether no longer."""

    person: Annotated[str, ask("Whom?", "Their name.", named=Named.PERSON)]
    group: GroupOption = ""
    end: Annotated[YesNo, ask("Are they to organise its meetings no longer?", option=True)] = YesNo.NO


@command(
    "meeting delegate",
    "Name somebody who organises the meetings of a body with you",
    who=ORGANISER,
    arguments=Name,
    examples=('meeting delegate "Gift I." --group WG-MWP', 'meeting delegate "Gift I." --end yes'),
)
def delegate(context: Context, arguments: Name) -> View:
    """They may do all that organisers do with its meetings: schedule, open, end, edit and approve summaries."""
    body = body_named(context, arguments.group)
    person = find_person(context, arguments.person)
    named = context.reads.get(Delegate, context.id, body, person.id)
    name = context.name_of(person.id)
    if arguments.end is YesNo.YES:
        if named is None:
            raise NotFound(
                T("{person} was not named to organise these meetings.", person=name),
                T("See the meetings: {command}.", command=Say("meetings")),
                field="person",
            )
        context.happen(DelegateEnded(body, person.id))
        return Notice(T("{person} organises these meetings no longer.", person=name), Tone.DONE)
    if named is None:
        context.happen(DelegateNamed(body, person.id))
    return Notice(T("{person} organises these meetings with you from now on, and is told.", person=name), Tone.DONE)
