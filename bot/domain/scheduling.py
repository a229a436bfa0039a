"""What happens to a meeting before it begins: scheduled, moved, cancelled; who may organise a body's meetings.

Every change that a calendar has to be told counts the meeting's revision up (iCalendar's SEQUENCE, RFC 5545 §3.8.7.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.cadence import waiting_for_update
from bot.domain.community import community_of, counted
from bot.domain.dues import Due, DueKind
from bot.domain.errors import Invalid, NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.groups import PHRASES, Group, Stage
from bot.domain.ids import MAG, CommunityId, PersonId
from bot.domain.meetings import SOON, Delegate, Meeting, MeetingState, meeting_of
from bot.domain.records import Gone, Reads
from bot.domain.reminders import planning, to_plan
from bot.domain.updates import since_of
from bot.domain.ways import cadence_since
from bot.text import Moment, Say, T

MEETING = frozenset({Stage.APPROVED, Stage.ACTIVE, Stage.EXPIRED})
"""Stages in which a group meets; one whose time is over may still meet and draft."""

LONGEST = timedelta(days=5)
"""Of one meeting: an open consultation with its days of meetings."""


@event("meeting.scheduled", private="title venue link")
class MeetingScheduled:
    """A meeting of a body was scheduled."""

    number: int
    body: str
    title: str
    venue: str
    link: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    scheduled_by: PersonId


@event("meeting.changed", private="title venue link why")
class MeetingChanged:
    """A meeting is at another time or place from now on: all of it, as it now is."""

    meeting: int
    title: str
    venue: str
    link: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    why: str


@event("meeting.cancelled", private="why")
class MeetingCancelled:
    """A meeting does not take place."""

    meeting: int
    why: str


@event("meeting.delegate-named")
class DelegateNamed:
    """Somebody may organise a body's meetings from now on."""

    body: str
    person: PersonId


@event("meeting.delegate-ended")
class DelegateEnded:
    """Somebody organises a body's meetings no longer."""

    body: str
    person: PersonId


@applies(MeetingScheduled)
def _scheduled(reads: Reads, fact: Fact, event: MeetingScheduled) -> Iterable[Any]:
    meeting = Meeting(
        fact.community,
        event.number,
        event.body,
        event.title,
        event.venue,
        event.link,
        event.starts_at,
        event.ends_at,
        event.zone,
        event.scheduled_by,
        fact.at,
        fact.at,
    )
    yield meeting
    yield counted(fact.community, "meeting", event.number)
    yield from _awaiting(reads, fact, meeting)


@applies(MeetingChanged)
def _changed(reads: Reads, fact: Fact, event: MeetingChanged) -> Iterable[Any]:
    before = meeting_of(reads, fact.community, event.meeting)
    meeting = replace(
        before,
        title=event.title,
        venue=event.venue,
        link=event.link,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        zone=event.zone,
        why=event.why,
        changed_at=fact.at,
        revision=before.revision + 1,
    )
    yield meeting
    if (before.starts_at, before.ends_at) != (meeting.starts_at, meeting.ends_at):
        yield from _no_longer(before)
        yield from _awaiting(reads, fact, meeting)


@applies(MeetingCancelled)
def _cancelled(reads: Reads, fact: Fact, event: MeetingCancelled) -> Iterable[Any]:
    before = meeting_of(reads, fact.community, event.meeting)
    meeting = replace(
        before, state=MeetingState.CANCELLED, why=event.why, changed_at=fact.at, revision=before.revision + 1
    )
    yield meeting
    yield from _no_longer(before)
    if before.body == MAG:
        yield from _updates_awaited(reads, fact, meeting)


@applies(DelegateNamed)
def _named(reads: Reads, fact: Fact, event: DelegateNamed) -> Iterable[Any]:
    yield Delegate(fact.community, event.body, event.person, fact.by, fact.at)


@applies(DelegateEnded)
def _ended(reads: Reads, fact: Fact, event: DelegateEnded) -> Iterable[Any]:
    found = reads.get(Delegate, fact.community, event.body, event.person)
    if found is not None:
        yield Gone(found)


def _awaiting(reads: Reads, fact: Fact, meeting: Meeting) -> Iterator[Any]:
    """The deadlines of a meeting to come: its room is told an hour before, people the day before; its summary is due."""
    number = str(meeting.number)
    if meeting.starts_at - SOON > fact.at:
        yield Due(fact.community, DueKind.MEETING_SOON, number, meeting.starts_at - SOON, meeting.zone)
    yield Due(fact.community, DueKind.SUMMARY_LATE, number, meeting.summary_due(), meeting.zone)
    yield from to_plan(reads, fact.community, reminded(meeting), fact.at, meeting.starts_at, meeting.zone)
    if meeting.body == MAG:
        yield from _updates_awaited(reads, fact, meeting)


def reminded(meeting: Meeting) -> str:
    """The subject under which reminders of a meeting are planned, as it now stands."""
    return f"meeting:{meeting.number}:{meeting.revision}"


def _no_longer(before: Meeting) -> Iterator[Any]:
    number = str(before.number)
    yield Gone(Due(before.community, DueKind.MEETING_SOON, number, before.starts_at, before.zone))
    yield Gone(Due(before.community, DueKind.SUMMARY_LATE, number, before.summary_due(), before.zone))
    yield Gone(planning(before.community, reminded(before), before.starts_at, before.zone))


def _updates_awaited(reads: Reads, fact: Fact, changed: Meeting) -> Iterator[Any]:
    """Groups report before the MAG meets: when that moves, so does what is awaited of each."""
    zone = community_of(reads, fact).zone
    others = [each for each in reads.all(Meeting, community=fact.community, body=MAG) if each.number != changed.number]
    for group in reads.all(Group, community=fact.community, stage=Stage.ACTIVE):
        since, (weeks, _) = since_of(reads, group), cadence_since(reads, group)
        if since is not None and not weeks:
            moved = (fact.at, f":{changed.number}.{changed.revision}")
            yield from waiting_for_update(fact.community, group.id, since, zone, (*others, changed), moved=moved)


def scheduling(
    number: int,
    body: str,
    title: str,
    venue: str,
    link: str,
    starts_at: datetime,
    length: timedelta,
    zone: str,
    person: PersonId,
) -> MeetingScheduled:
    """A meeting is to come. Raises `Invalid`."""
    return MeetingScheduled(
        number, body, title, venue, link_of(link), starts_at, lasting(starts_at, length), zone, person
    )


def must_meet(group: Group) -> None:
    """Raise `NotNow` for a group that is not there yet, or not any more."""
    if group.stage not in MEETING:
        raise NotNow(
            T("{group} is {stage}: it holds no meetings.", group=group.short_name, stage=PHRASES[group.stage]),
            T("See where it stands: {command}.", command=Say(f"show {group.short_name}")),
        )


def lasting(starts_at: datetime, length: timedelta) -> datetime:
    """When a meeting of that length ends. Raises `Invalid` for one longer than there are."""
    if length > LONGEST:
        raise Invalid(
            T("A meeting takes five days at most."),
            T("Schedule one meeting for each part, or give its length, such as 90m or 2h."),
            field="length",
        )
    return starts_at + length


NOWHERE = "none"
"""Said for a venue or a join link that there is not any more."""


def link_of(typed: str) -> str:
    """A join link as typed. Raises `Invalid` for what is none."""
    if typed and not typed.startswith(("https://", "http://")):
        raise Invalid(
            T("The join link is not a link."), T("Give it whole, such as https://example.org/meet."), field="link"
        )
    return typed


def changing(
    meeting: Meeting, starts_at: datetime | None, length: timedelta | None, zone: str, texts: tuple[str, str, str, str]
) -> MeetingChanged:
    """A meeting to come is to be otherwise: what is not given stays. Raises `NotNow` or `Invalid`.

    `texts` are its title, venue, join link, and why; `NOWHERE` takes a venue or a link away.
    """
    must_be_to_come(meeting)
    starts = starts_at or meeting.starts_at
    title, venue, link, why = texts
    changed = MeetingChanged(
        meeting.number,
        title or meeting.title,
        _instead(meeting.venue, venue),
        link_of(_instead(meeting.link, link)),
        starts,
        lasting(starts, length or meeting.ends_at - meeting.starts_at),
        zone or meeting.zone,
        why,
    )
    before = (meeting.title, meeting.venue, meeting.link, meeting.starts_at, meeting.ends_at)
    if before == (changed.title, changed.venue, changed.link, changed.starts_at, changed.ends_at):
        raise Invalid(
            T("So it is already: nothing of meeting {number} would change.", number=meeting.number),
            T(
                "Say what changes: {command}.",
                command=Say(f'meeting move {meeting.number} friday 15:00 --venue "Room 3"'),
            ),
        )
    return changed


def _instead(before: str, typed: str) -> str:
    return "" if typed.lower() == NOWHERE else typed or before


def must_be_to_come(meeting: Meeting) -> None:
    """Raise `NotNow` for a meeting that has begun, is over or was cancelled."""
    if meeting.state is MeetingState.SCHEDULED:
        return
    when = Moment(meeting.over_at if meeting.state is MeetingState.ENDED else meeting.changed_at, meeting.zone)
    match meeting.state:
        case MeetingState.CANCELLED:
            what = T("Meeting {number} was cancelled on {when}.", number=meeting.number, when=when)
        case MeetingState.ENDED:
            what = T("Meeting {number} is over since {when}.", number=meeting.number, when=when)
        case _:
            what = T("Meeting {number} is taking place.", number=meeting.number)
    raise NotNow(what, T("See how it stands: {command}.", command=Say(f"meeting show {meeting.number}")))


def cancelling(meeting: Meeting, why: str) -> MeetingCancelled:
    """A meeting to come does not take place. Raises `NotNow` where it is not to come."""
    must_be_to_come(meeting)
    return MeetingCancelled(meeting.number, why)


def cancelling_all(reads: Reads, community: CommunityId, body: str) -> Iterator[MeetingCancelled]:
    """Every meeting of a body that is to come is cancelled: for a group that has ended."""
    for each in reads.all(Meeting, community=community, body=body):
        if each.state is MeetingState.SCHEDULED:
            yield MeetingCancelled(each.number, "")
