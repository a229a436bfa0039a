"""Summaries of meetings: edited and approved by who organises the meetings, then published to the group and the full membership."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.errors import NotNow
from bot.domain.meetings import find_meeting
from bot.domain.names import numbered
from bot.domain.summaries import approving, summary_of, writing
from bot.policy import ANYONE
from bot.present import shown
from bot.present.meetings import summary_card
from bot.standing import MEETING_ORGANISER
from bot.text import Say, T
from bot.view import Button, Notice, Tone, View

TEXT = 20_000
"""Characters of a summary."""

MeetingNumber = Annotated[int, ask("Of which meeting?", "Its number, as the list of meetings shows it.")]


class Edit(Arguments):
    """Of which meeting, and its text."""

    meeting: MeetingNumber
    text: Annotated[
        str,
        ask("What is the summary?", "In Markdown; it begins with the notes.", rest=True, multiline=True, limit=TEXT),
    ]


def _draft(context: Context, answers: dict[str, str]) -> dict[str, str]:
    """The form begins with the text as it stands."""
    number = numbered(answers.get("meeting", ""))
    if number is None:
        return {}
    summary = summary_of(context.reads, find_meeting(context.reads, context.id, number))
    return {"text": summary.text} if summary is not None and summary.text else {}


@command(
    "summary edit",
    "Edit the summary of a meeting",
    who=MEETING_ORGANISER,
    arguments=Edit,
    examples=("summary edit 3 We agreed on the outline.",),
    keeps=True,
    begins=_draft,
)
def edit(context: Context, arguments: Edit) -> View:
    """Attendance, decisions and actions stand beside it by themselves. What was approved is approved anew after an edit."""
    meeting = find_meeting(context.reads, context.id, arguments.meeting)
    context.happen(writing(meeting, arguments.text, context.now))
    return Notice(
        T("The summary of meeting {number} is kept as a draft.", number=meeting.number),
        Tone.DONE,
        T("Nobody else is told before it is approved."),
        (
            Button(T("Approve and publish"), "summary approve", {"meeting": str(meeting.number)}),
            Button(T("See it"), "summary show", {"meeting": str(meeting.number)}),
        ),
    )


class TheMeeting(Arguments):
    """Of which meeting."""

    meeting: MeetingNumber


@command(
    "summary approve",
    "Approve the summary of a meeting: it is published",
    who=MEETING_ORGANISER,
    arguments=TheMeeting,
    examples=("summary approve 3",),
)
def approve(context: Context, arguments: TheMeeting) -> View:
    """To the group's room and to the full membership's."""
    meeting = find_meeting(context.reads, context.id, arguments.meeting)
    context.happen(approving(meeting, summary_of(context.reads, meeting)))
    return Notice(
        T(
            "The summary of meeting {number} is approved and published, to the full {body} too.",
            number=meeting.number,
            body=context.community.titles.body,
        ),
        Tone.DONE,
    )


@command(
    "summary show",
    "Show the summary of a meeting",
    who=ANYONE,
    arguments=TheMeeting,
    examples=("summary show 3",),
    reads=True,
    family_default=True,
)
def show(context: Context, arguments: TheMeeting) -> View:
    """To everybody once it is approved; before, as a draft, to everybody known here."""
    meeting = find_meeting(context.reads, context.id, arguments.meeting)
    summary = summary_of(context.reads, meeting)
    if summary is None or (summary.approved_at is None and context.actor.person is None):
        raise NotNow(
            T("There is no summary of meeting {number} yet.", number=meeting.number),
            T("See the meeting: {command}.", command=Say(f"meeting show {meeting.number}")),
        )
    return shown(summary_card(context.reads, context.community, str(meeting.number), context.now))
