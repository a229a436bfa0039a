"""What a group at work waits for: updates, meetings and times for them, actions, summaries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.bodies import belongs
from bot.context import Context
from bot.domain.actions import Action
from bot.domain.cadence import SOON
from bot.domain.facilitators import Facilitator
from bot.domain.finding import Availability, TimeSearch
from bot.domain.groups import body_name, group_of
from bot.domain.meetings import Meeting, MeetingState
from bot.domain.sitting import Attendance, Attending
from bot.domain.updates import REMINDED_FIRST, awaited
from bot.standing import concludes
from bot.text import Moment, T, UserText
from bot.view import Button, ButtonStyle
from bot.waiting.task import Task

NEAR = timedelta(days=2)
"""Before a meeting begins; from then on it is among what needs its people."""


def updates(context: Context) -> Iterator[Task]:
    for facilitator in context.reads.all(Facilitator, community=context.id, person=context.person):
        if facilitator.until is not None:
            continue
        group = group_of(context.reads, context.id, facilitator.group)
        update = awaited(context.reads, context.community, group, context.now)
        if update is None or context.now < update.closes_at - SOON:
            continue
        when = Moment(update.closes_at, context.zone)
        over = context.now >= update.closes_at
        yield Task(
            T("Post the update of {group}: it was due {when}.", group=group.short_name, when=when)
            if over
            else T("Post the update of {group} by {when}.", group=group.short_name, when=when),
            Button(
                T("Update of {group}…", group=group.short_name),
                "update post",
                {"group": group.short_name},
                ButtonStyle.PRIMARY,
            ),
            update.opened_at,
            update.closes_at,
            update.closes_at - REMINDED_FIRST,
        )


def meetings(context: Context) -> Iterator[Task]:
    """A meeting of theirs is near, and they have not sent regrets."""
    for meeting in context.reads.all(Meeting, community=context.id, state=MeetingState.SCHEDULED):
        if not meeting.starts_at - NEAR <= context.now < meeting.starts_at or not belongs(context, meeting.body):
            continue
        known = context.reads.get(Attendance, context.id, meeting.number, context.person)
        if known is None or known.state is not Attending.REGRETS:
            yield Task(
                T(
                    "Come to meeting {number} of {body}, or send regrets: {when}.",
                    number=meeting.number,
                    body=body_name(context.reads, context.id, meeting.body, context.community.titles.body),
                    when=Moment(meeting.starts_at, context.zone),
                ),
                Button(T("Meeting {number}", number=meeting.number), "meeting show", {"meeting": str(meeting.number)}),
                meeting.scheduled_at,
                meeting.starts_at,
            )


def times(context: Context) -> Iterator[Task]:
    """They have not said when they could meet; or everybody has, and they are to choose."""
    for search in context.reads.all(TimeSearch, community=context.id, closed=False):
        said = context.reads.get(Availability, context.id, search.number, context.person) is not None
        if not said and context.now < search.closes_at and belongs(context, search.body):
            yield Task(
                T(
                    "Say until {when} when you could meet: {title}",
                    when=Moment(search.closes_at, context.zone),
                    title=UserText(search.title),
                ),
                Button(T("The slots"), "meeting times", {"search": str(search.number)}),
                search.opened_at,
                search.closes_at,
            )
    for search in context.reads.all(TimeSearch, community=context.id, closed=True):
        if search.opened_by == context.person and not search.meeting and context.now < search.slots[-1]:
            yield Task(
                T("Schedule the meeting that a time was found for: {title}", title=UserText(search.title)),
                Button(T("The best slots"), "meeting times", {"search": str(search.number)}, ButtonStyle.PRIMARY),
            )


def actions(context: Context) -> Iterator[Task]:
    for action in context.reads.all(Action, community=context.id, owner=context.person):
        if action.closed:
            continue
        when, text = Moment(action.due_at, context.zone), UserText(action.text)
        yield Task(
            T("Do what was due {when}: {text}", when=when, text=text)
            if context.now >= action.due_at
            else T("Do by {when}: {text}", when=when, text=text),
            Button(T("{number} is done", number=action.number), "action done", {"action": str(action.number)}),
            action.added_at,
            action.closes_at,
            action.due_at,
        )


def summaries(context: Context) -> Iterator[Task]:
    """A meeting they organised has no summary yet."""
    for state in (MeetingState.ENDED, MeetingState.SCHEDULED):
        for meeting in context.reads.all(Meeting, community=context.id, state=state):
            if meeting.summarised_at is not None or not meeting.held(context.now):
                continue
            if concludes(context, meeting.body) or context.person == meeting.scheduled_by:
                yield Task(
                    T(
                        "Approve the summary of meeting {number} of {body} by {when}.",
                        number=meeting.number,
                        body=body_name(context.reads, context.id, meeting.body, context.community.titles.body),
                        when=Moment(meeting.summary_due(), context.zone),
                    ),
                    Button(
                        T("Summary of {number}", number=meeting.number),
                        "summary show" if state is MeetingState.ENDED else "summary edit",
                        {"meeting": str(meeting.number)},
                    ),
                )
