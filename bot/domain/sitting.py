"""A meeting while it takes place: opened and ended, who is there and who sent regrets, who wants to speak and who spoke."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.community import Counter as Numbers
from bot.domain.dues import Due, DueKind
from bot.domain.errors import NotFound, NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.ids import CommunityId, PersonId
from bot.domain.meetings import SOON, Meeting, MeetingState, meeting_of
from bot.domain.minutes import counter_of
from bot.domain.records import Gone, Reads, record
from bot.domain.reminders import planning
from bot.domain.scheduling import must_be_to_come, reminded
from bot.domain.speaking import Waiting, in_turn
from bot.text import Moment, Say, T


class Attending(StrEnum):
    """What is known of a person and a meeting."""

    PRESENT = "present"
    REGRETS = "regrets"


@record(key="community meeting person", lists=("community meeting",))
class Attendance:
    """A person who was in a meeting, or said they could not come; with the groups of the seat they held, and their turns."""

    community: CommunityId
    meeting: int
    person: PersonId
    state: Attending
    stakeholder_group: str
    regional_group: str
    turns: int
    noted_at: datetime


@record(key="community meeting person", lists=("community meeting",))
class Hand:
    """A person who wants to speak."""

    community: CommunityId
    meeting: int
    person: PersonId
    raised_at: datetime


@event("meeting.soon")
class MeetingSoon:
    """A meeting begins in an hour: its room is told."""

    meeting: int


@event("meeting.started")
class MeetingStarted:
    """A meeting was opened."""

    meeting: int


@event("meeting.ended")
class MeetingEnded:
    """A meeting is over."""

    meeting: int


@event("meeting.attended")
class Attended:
    """A person is in a meeting, or cannot come."""

    meeting: int
    person: PersonId
    state: Attending
    stakeholder_group: str
    regional_group: str


@event("meeting.hand-raised")
class HandRaised:
    """A person wants to speak."""

    meeting: int
    person: PersonId


@event("meeting.hand-lowered")
class HandLowered:
    """A person does not want to speak any more."""

    meeting: int
    person: PersonId


@event("meeting.turn-given")
class TurnGiven:
    """A person has the floor."""

    meeting: int
    person: PersonId


@applies(MeetingSoon)
def _soon(reads: Reads, fact: Fact, event: MeetingSoon) -> Iterable[Any]:
    due = reads.get(Due, fact.community, DueKind.MEETING_SOON, str(event.meeting))
    if due is not None:
        yield Gone(due)


@applies(MeetingStarted)
def _started(reads: Reads, fact: Fact, event: MeetingStarted) -> Iterable[Any]:
    before = meeting_of(reads, fact.community, event.meeting)
    noted = reads.get(Numbers, fact.community, counter_of(before.body))
    yield replace(
        before, state=MeetingState.RUNNING, started_at=fact.at, notes_from=(noted.last if noted is not None else 0) + 1
    )
    yield Gone(Due(fact.community, DueKind.MEETING_SOON, str(before.number), before.starts_at, before.zone))
    yield Gone(planning(fact.community, reminded(before), before.starts_at, before.zone))


@applies(MeetingEnded)
def _ended(reads: Reads, fact: Fact, event: MeetingEnded) -> Iterable[Any]:
    before = meeting_of(reads, fact.community, event.meeting)
    noted = reads.get(Numbers, fact.community, counter_of(before.body))
    meeting = replace(
        before,
        state=MeetingState.ENDED,
        ended_at=fact.at,
        notes_to=noted.last if noted is not None else 0,
        topic=0,
    )
    yield meeting
    yield Due(fact.community, DueKind.SUMMARY_LATE, str(meeting.number), meeting.summary_due(), meeting.zone)
    for hand in reads.all(Hand, community=fact.community, meeting=event.meeting):
        yield Gone(hand)


@applies(Attended)
def _attended(reads: Reads, fact: Fact, event: Attended) -> Iterable[Any]:
    before = reads.get(Attendance, fact.community, event.meeting, event.person)
    yield Attendance(
        fact.community,
        event.meeting,
        event.person,
        event.state,
        event.stakeholder_group,
        event.regional_group,
        before.turns if before is not None else 0,
        fact.at,
    )


@applies(HandRaised)
def _raised(reads: Reads, fact: Fact, event: HandRaised) -> Iterable[Any]:
    yield Hand(fact.community, event.meeting, event.person, fact.at)


@applies(HandLowered)
def _lowered(reads: Reads, fact: Fact, event: HandLowered) -> Iterable[Any]:
    hand = reads.get(Hand, fact.community, event.meeting, event.person)
    if hand is not None:
        yield Gone(hand)


@applies(TurnGiven)
def _given(reads: Reads, fact: Fact, event: TurnGiven) -> Iterable[Any]:
    hand = reads.get(Hand, fact.community, event.meeting, event.person)
    if hand is not None:
        yield Gone(hand)
    there = reads.get(Attendance, fact.community, event.meeting, event.person)
    if there is not None:
        yield replace(there, turns=there.turns + 1)


def starting(meeting: Meeting, now: datetime) -> MeetingStarted:
    """Open a meeting, from an hour before its time. Raises `NotNow`."""
    must_be_to_come(meeting)
    if now < meeting.starts_at - SOON:
        when = Moment(meeting.starts_at, meeting.zone)
        raise NotNow(
            T(
                "Meeting {number} begins {when}; it can be opened from an hour before.",
                number=meeting.number,
                when=when,
            ),
            T("Move it, if you meet earlier: {command}.", command=Say(f"meeting move {meeting.number} 1h")),
        )
    return MeetingStarted(meeting.number)


def ending(meeting: Meeting) -> MeetingEnded:
    """End a meeting. Raises `NotNow` where it does not take place."""
    must_be_running(meeting)
    return MeetingEnded(meeting.number)


def must_be_running(meeting: Meeting) -> None:
    """Raise `NotNow` for a meeting that was not opened, or is over."""
    if meeting.state is not MeetingState.RUNNING:
        raise NotNow(
            T("Meeting {number} does not take place now.", number=meeting.number),
            T("See how it stands: {command}.", command=Say(f"meeting show {meeting.number}")),
        )


def attendance_of(reads: Reads, meeting: Meeting) -> tuple[Attendance, ...]:
    """Whoever was there, or sent regrets."""
    return reads.all(Attendance, community=meeting.community, meeting=meeting.number)


def queue_of(reads: Reads, meeting: Meeting) -> tuple[Waiting, ...]:
    """Who waits to speak, in the order in which they will."""
    there = {each.person: each for each in attendance_of(reads, meeting)}
    turns: Counter[str] = Counter()
    for each in there.values():
        turns[each.stakeholder_group] += each.turns
    hands = reads.all(Hand, community=meeting.community, meeting=meeting.number)
    waiting = (
        Waiting(each.person, there[each.person].stakeholder_group if each.person in there else "", each.raised_at)
        for each in hands
    )
    return in_turn(waiting, turns, {person: each.turns for person, each in there.items()})


def calling_next(meeting: Meeting, queue: Sequence[Waiting]) -> TurnGiven:
    """The next speaker has the floor. Raises `NotFound` when nobody wants to speak."""
    if not queue:
        raise NotFound(
            T("Nobody waits to speak in meeting {number}.", number=meeting.number),
            T("Whoever wants to types {command}.", command=Say("q+")),
        )
    return TurnGiven(meeting.number, queue[0].person)
