"""Reminders: when a person is told once more of what they have not done, and that they were.

Source: "one digest a day and person, in their working hours, only for what they have not done". Something that closes
begins to remind some hours before; planning looks ahead some days, since the last working hour before a close may lie
before a weekend. A plan says only when to look again: what is told is what is still to be done by then.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from bot.domain.community import Community
from bot.domain.dues import Due, DueKind
from bot.domain.events import Fact, applies, event
from bot.domain.ids import CommunityId, PersonId
from bot.domain.preferences import Digest
from bot.domain.records import Gone, Reads, record
from bot.domain.working_hours import WorkingHours

AHEAD = timedelta(days=4)
"""How long before something begins to remind that is planned: a weekend with a holiday on either side."""


@record(key="community person")
class Reminded:
    """When a person was last reminded."""

    community: CommunityId
    person: PersonId
    at: datetime


@event("reminders.planned", private="planned")
class RemindersPlanned:
    """Of `subject` (as its deadline has it; "": of what is left), who is to be reminded when: (person, time, their zone)."""

    subject: str
    planned: tuple[tuple[PersonId, datetime, str], ...]


@event("reminder.settled")
class ReminderSettled:
    """A person was reminded of so many things; of none, they were not written to: nothing was left, or not yet the time."""

    person: PersonId
    things: int


@applies(RemindersPlanned)
def _planned(reads: Reads, fact: Fact, event: RemindersPlanned) -> Iterable[Any]:
    if event.subject:
        yield Gone(Due(fact.community, DueKind.REMINDING, event.subject, fact.at, ""))
    for person, at, zone in event.planned:
        yield Due(fact.community, DueKind.REMINDER, person, at, zone)


@applies(ReminderSettled)
def _settled(reads: Reads, fact: Fact, event: ReminderSettled) -> Iterable[Any]:
    yield Gone(Due(fact.community, DueKind.REMINDER, event.person, fact.at, ""))
    if event.things:
        yield Reminded(fact.community, event.person, fact.at)


def begins_at(opened_at: datetime, closes_at: datetime, remind_hours: int) -> datetime | None:
    """When something begins to remind. None: never. It is too short where that would be before half of its time."""
    before = timedelta(hours=remind_hours)
    if not remind_hours or closes_at - opened_at < 2 * before:
        return None
    return closes_at - before


def planning(community: CommunityId, subject: str, closes_at: datetime, zone: str, at: datetime | None = None) -> Due:
    """The deadline at which reminders of something are planned. When its close moves, that is another deadline."""
    return Due(community, DueKind.REMINDING, f"{subject}:{int(closes_at.timestamp())}", at or closes_at, zone)


def to_plan(
    reads: Reads, community: CommunityId, subject: str, opened_at: datetime, closes_at: datetime, zone: str
) -> Iterable[Due]:
    """The same, of something that opened or whose close moved; none where nobody will be reminded of it."""
    found = reads.get(Community, community)
    begins = begins_at(opened_at, closes_at, found.settings.remind_hours) if found is not None else None
    if begins is not None:
        yield planning(community, subject, closes_at, zone, max(opened_at, begins - AHEAD))


def reminder_at(
    opened_at: datetime, closes_at: datetime, remind_hours: int, hours: WorkingHours, reminded_at: datetime | None
) -> datetime | None:
    """When a person who has not done something is reminded of it. None: never (again).

    In the first working moment after it began to remind. Where it would be closed by then, in the last working hour
    before, if it was open. Not on a day on which they were reminded earlier, but the next working day if that is in time.
    """
    begins = begins_at(opened_at, closes_at, remind_hours)
    if begins is None:
        return None
    at = hours.following(begins)
    if at >= closes_at:
        at = hours.last_hour(begins)
        if at < opened_at:
            return None
    if reminded_at is None or hours.day(reminded_at) < hours.day(at):
        return at
    if reminded_at >= at:
        return None
    at = hours.after_day(hours.day(reminded_at))
    return at if at < closes_at else None


def digest_at(
    opened_at: datetime,
    closes_at: datetime,
    remind_hours: int,
    hours: WorkingHours,
    reminded_at: datetime | None,
    digest: Digest,
) -> datetime | None:
    """The same as `reminder_at`, for a person who is written to so often. None: never (again).

    Daily: when the working day begins. Weekly: when the week of the close does; where that is too late or too early, as daily.
    """
    at = reminder_at(opened_at, closes_at, remind_hours, hours, reminded_at)
    if digest is Digest.AT_ONCE:
        return at
    begins = begins_at(opened_at, closes_at, remind_hours)
    week = hours.opening_of_week(closes_at)
    if digest is Digest.WEEKLY and begins is not None and max(opened_at, begins - AHEAD) <= week < closes_at:
        return week if reminded_at is None or hours.day(reminded_at) < hours.day(week) else None
    return None if at is None else max(opened_at, min(at, hours.opening(at)))


def planned_at(at: datetime | None, closes_at: datetime, hours: WorkingHours, now: datetime) -> datetime | None:
    """A time to remind of something, or where that has passed the next working moment before the close."""
    if at is None or at >= now:
        return at
    at = hours.following(now)
    return at if at < closes_at else None
