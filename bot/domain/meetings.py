"""Meetings, of a working group and of the full membership: when and where, who organises them, and how each stands.

Source: facilitators "assist in scheduling and chairing", and meetings are "open to all MAG members". What happens to a
meeting is `bot.domain.scheduling`; what is said in one, `bot.domain.sitting`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.errors import NotFound
from bot.domain.ids import CommunityId, PersonId
from bot.domain.records import Reads, record
from bot.text import Say, T

SUMMARY_WITHIN = timedelta(days=7)
"""After a meeting's end its summary is due; from then on it is flagged as late."""

SOON = timedelta(hours=1)
"""Before a meeting begins; then its room is told, and from then on it may be opened."""


class MeetingKind(StrEnum):
    """Where people meet."""

    ONLINE = "online"
    IN_PERSON = "in person"
    HYBRID = "hybrid"


class MeetingState(StrEnum):
    """How a meeting stands."""

    SCHEDULED = "scheduled"
    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"


@record(key="community number", lists=("community", "community body", "community state"))
class Meeting:
    """One meeting of a body (the MAG's, or a group's id). Times are UTC, meant in `zone`.

    `revision` grows with everything that a calendar has to be told, at `changed_at`. `topic` is the agenda item talked
    about (0: none). `notes_from` and `notes_to` are the first and last note of the body's minutes that are the
    meeting's (0: none yet). `why` it was moved or cancelled, as people were told.
    """

    community: CommunityId
    number: int
    body: str
    title: str
    venue: str
    link: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    scheduled_by: PersonId
    scheduled_at: datetime
    changed_at: datetime
    revision: int = 0
    state: MeetingState = MeetingState.SCHEDULED
    why: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    topic: int = 0
    notes_from: int = 0
    notes_to: int = 0
    summarised_at: datetime | None = None

    @property
    def kind(self) -> MeetingKind:
        """Where people meet: it follows from what there is to come to."""
        if self.venue:
            return MeetingKind.HYBRID if self.link else MeetingKind.IN_PERSON
        return MeetingKind.ONLINE

    @property
    def closes_at(self) -> datetime:
        """Until when one prepares for it: what reminders look to."""
        return self.starts_at

    @property
    def opened_at(self) -> datetime:
        """Since when it is known."""
        return self.scheduled_at

    @property
    def closed(self) -> bool:
        """Whether it is not to come any more."""
        return self.state is not MeetingState.SCHEDULED

    @property
    def over_at(self) -> datetime:
        """When it was over, or will be."""
        return self.ended_at or self.ends_at

    def held(self, now: datetime) -> bool:
        """Whether it took place: opened here, or its time is over and nobody called it off."""
        if self.state is MeetingState.CANCELLED:
            return False
        return self.state is MeetingState.ENDED or now >= self.ends_at

    def summary_due(self) -> datetime:
        """When its summary is due (UTC)."""
        return self.over_at + SUMMARY_WITHIN

    def summary_late(self, now: datetime) -> bool:
        """Whether its summary is flagged as late."""
        return self.held(now) and self.summarised_at is None and now >= self.summary_due()


@record(key="community body person", lists=("community body",))
class Delegate:
    """Somebody whom the co-facilitators of a group, the Chair or the Secretariat named to organise a body's meetings."""

    community: CommunityId
    body: str
    person: PersonId
    named_by: PersonId | None
    since: datetime


def meeting_of(reads: Reads, community: CommunityId, number: int) -> Meeting:
    """The meeting with a number that is known to exist."""
    found = reads.get(Meeting, community, number)
    if found is None:
        raise LookupError(number)
    return found


def find_meeting(reads: Reads, community: CommunityId, number: int) -> Meeting:
    """The meeting a person means. Raises `NotFound`."""
    found = reads.get(Meeting, community, number)
    if found is None:
        raise NotFound(
            T("There is no meeting {number}.", number=number),
            T("See which there are: {command}.", command=Say("meetings")),
            field="meeting",
        )
    return found


def meetings_of(reads: Reads, community: CommunityId, body: str) -> tuple[Meeting, ...]:
    """Every meeting of a body, the earliest first."""
    found = reads.all(Meeting, community=community, body=body)
    return tuple(sorted(found, key=lambda each: (each.starts_at, each.number)))


def to_come(reads: Reads, community: CommunityId, body: str, now: datetime) -> tuple[Meeting, ...]:
    """The meetings of a body that are still to begin, soonest first."""
    return tuple(
        each
        for each in meetings_of(reads, community, body)
        if each.state is MeetingState.SCHEDULED and now < each.starts_at
    )


def running(reads: Reads, community: CommunityId, body: str = "") -> tuple[Meeting, ...]:
    """The meetings that take place now; of one body, if it is named."""
    found = reads.all(Meeting, community=community, state=MeetingState.RUNNING)
    return tuple(each for each in found if not body or each.body == body)


def late_summaries(reads: Reads, community: CommunityId, body: str, now: datetime) -> tuple[Meeting, ...]:
    """The meetings of a body whose summary is flagged as late."""
    return tuple(each for each in meetings_of(reads, community, body) if each.summary_late(now))
