"""Meeting summaries: what a meeting leaves. Drafted from its notes, edited and approved by who organises it, then published.

Source: "Proceedings from any Working Group activity/meeting should be publically available". A summary is due seven days
after the meeting; from then on its being late is shown to everybody. The text is the organisers' own; attendance,
decisions and actions are shown beside it from what was recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from bot.domain.agenda import AgendaItem
from bot.domain.consensus.checks import Check
from bot.domain.dues import Due, DueKind
from bot.domain.errors import NotFound, NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.ids import CommunityId, PersonId
from bot.domain.meetings import Meeting, MeetingState, meeting_of
from bot.domain.minutes import Minute, minutes_of
from bot.domain.records import Gone, Reads, record
from bot.text import Say, T


@record(key="community meeting")
class Summary:
    """The summary of a meeting: a draft until it was approved."""

    community: CommunityId
    meeting: int
    text: str
    edited_by: PersonId | None
    edited_at: datetime
    approved_by: PersonId | None = None
    approved_at: datetime | None = None


@event("summary.written", private="text")
class SummaryWritten:
    """The summary of a meeting was drafted or edited: its text from now on."""

    meeting: int
    text: str


@event("summary.approved")
class SummaryApproved:
    """The summary of a meeting was approved, and is published."""

    meeting: int


@event("summary.late")
class SummaryLate:
    """A week has gone by since a meeting, and its summary is not there."""

    meeting: int


@applies(SummaryWritten)
def _written(reads: Reads, fact: Fact, event: SummaryWritten) -> Iterable[Any]:
    yield Summary(fact.community, event.meeting, event.text, fact.by, fact.at)


@applies(SummaryApproved)
def _approved(reads: Reads, fact: Fact, event: SummaryApproved) -> Iterable[Any]:
    summary = reads.get(Summary, fact.community, event.meeting)
    if summary is not None:
        yield replace(summary, approved_by=fact.by, approved_at=fact.at)
    meeting = meeting_of(reads, fact.community, event.meeting)
    yield replace(meeting, summarised_at=fact.at)
    yield Gone(Due(fact.community, DueKind.SUMMARY_LATE, str(event.meeting), meeting.summary_due(), meeting.zone))


@applies(SummaryLate)
def _late(reads: Reads, fact: Fact, event: SummaryLate) -> Iterable[Any]:
    due = reads.get(Due, fact.community, DueKind.SUMMARY_LATE, str(event.meeting))
    if due is not None:
        yield Gone(due)


def summary_of(reads: Reads, meeting: Meeting) -> Summary | None:
    """The summary of a meeting, if there is one yet."""
    return reads.get(Summary, meeting.community, meeting.number)


def notes_of(reads: Reads, meeting: Meeting) -> tuple[Minute, ...]:
    """The notes for the minutes that were taken in a meeting."""
    if not meeting.notes_from:
        return ()
    last = meeting.notes_to if meeting.state is MeetingState.ENDED else None
    return tuple(
        each
        for each in minutes_of(reads, meeting.community, meeting.body)
        if each.number >= meeting.notes_from and (last is None or each.number <= last)
    )


def decided_in(reads: Reads, meeting: Meeting) -> tuple[Check, ...]:
    """The consensus checks of its body that were recorded or concluded upon while a meeting took place."""
    if meeting.started_at is None:
        return ()
    since, until = meeting.started_at, meeting.ended_at
    return tuple(
        each
        for each in reads.all(Check, community=meeting.community, body=meeting.body)
        if each.closed
        and any(
            at is not None and since <= at and (until is None or at <= until)
            for at in (each.concluded_at, each.closed_at if each.met_on is not None else None)
        )
    )


def drafted(agenda: Sequence[AgendaItem], notes: Sequence[Minute]) -> str:
    """The first draft of a summary, in Markdown: the notes, under the agenda items that were being talked about."""
    taken = sorted(
        ((each.taken_at, each) for each in agenda if each.taken_at is not None),
        key=lambda pair: (pair[0], pair[1].number),
    )

    def topic(note: Minute) -> int:
        before = [item.number for at, item in taken if at <= note.noted_at]
        return before[-1] if before else 0

    texts = {each.number: each.text for each in agenda}
    noted = {number: list(under) for number, under in groupby(sorted(notes, key=topic), key=topic)}
    parts = []
    for number in (0, *(item.number for _, item in taken)):
        lines = [f"## {texts[number]}"] if number else []
        lines += [f"- {each.text}" for each in noted.get(number, ())]
        if lines:
            parts.append("\n".join(lines))
    return "\n\n".join(parts)


def writing(meeting: Meeting, text: str, now: datetime) -> SummaryWritten:
    """Write, or write anew, the summary of a meeting that was held. Raises `NotNow`."""
    if not meeting.held(now):
        raise NotNow(
            T("Meeting {number} has not been held: there is nothing to sum up.", number=meeting.number),
            T("See how it stands: {command}.", command=Say(f"meeting show {meeting.number}")),
        )
    return SummaryWritten(meeting.number, text)


def approving(meeting: Meeting, summary: Summary | None) -> SummaryApproved:
    """Approve a summary. Raises `NotFound` where there is no text yet, and `NotNow` where it was approved as it is."""
    if summary is None or not summary.text:
        raise NotFound(
            T("Nothing is written yet for the summary of meeting {number}.", number=meeting.number),
            T("Write it: {command}.", command=Say(f"summary edit {meeting.number} …")),
        )
    if summary.approved_at is not None:
        raise NotNow(
            T("The summary of meeting {number} was approved already.", number=meeting.number),
            T("See it: {command}.", command=Say(f"summary show {meeting.number}")),
        )
    return SummaryApproved(meeting.number)
