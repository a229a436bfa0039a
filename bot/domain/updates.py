"""Periodic updates: what a working group reports to the full membership and the Secretariat, and when the next is due.

Source: "periodic updates to the MAG and Secretariat". Where the guidelines are silent, and a group's own modalities too,
one is due before the next meeting of the full membership, or a month after the last one (the first: after the group became
active); "nothing to report" is an update; from a week after it was due, its being late is shown to everybody and told to the
Secretariat.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.cadence import GRACE, due_after, waiting_for_update
from bot.domain.community import Community, community_of, counted
from bot.domain.cycles import Cycle, in_interregnum
from bot.domain.dues import Due, DueKind
from bot.domain.errors import NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.groups import PHRASES, Group, Stage, group_of
from bot.domain.ids import MAG, CommunityId, GroupId, PersonId
from bot.domain.meetings import Meeting
from bot.domain.records import Gone, Reads, record
from bot.domain.ways import cadence_since
from bot.text import Say, T

REMINDED_FIRST = timedelta(days=2)
"""The first of two reminders looks to this long before it is due, the second to the time itself."""


@record(key="community group number", lists=("community group",))
class Update:
    """One report of a group. Nothing in it but its author and time: there was nothing to report."""

    community: CommunityId
    group: GroupId
    number: int
    author: PersonId
    progress: str
    next_steps: str
    help_needed: str
    posted_at: datetime

    @property
    def nothing(self) -> bool:
        """Whether there was nothing to report."""
        return not (self.progress or self.next_steps or self.help_needed)


@event("update.posted", private="progress next_steps help_needed")
class UpdatePosted:
    """A group reported."""

    group: GroupId
    number: int
    author: PersonId
    progress: str
    next_steps: str
    help_needed: str


@event("update.late")
class UpdateLate:
    """A week has gone by since an update was due."""

    group: GroupId


@event("updates.missed")
class UpdatesMissed:
    """Two updates in a row were not posted: a hint to the Chair and the Secretariat, and nothing else."""

    group: GroupId


@dataclass(frozen=True, slots=True)
class Awaited:
    """The update that is waited for from a group: since the last one, until it is due (UTC)."""

    group: GroupId
    opened_at: datetime
    closes_at: datetime

    @property
    def closed(self) -> bool:
        """What is waited for is open."""
        return False

    def late(self, now: datetime) -> bool:
        """Whether that is flagged."""
        return now >= self.closes_at + GRACE

    @property
    def windows(self) -> tuple[tuple[datetime, datetime], ...]:
        """Open since, to be done by: what its two reminders look to."""
        return ((self.opened_at, self.closes_at - REMINDED_FIRST), (self.opened_at, self.closes_at))


def counter_of(group: GroupId) -> str:
    """The kind under which a group's updates are counted."""
    return f"update:{group}"


@applies(UpdatePosted)
def _posted(reads: Reads, fact: Fact, event: UpdatePosted) -> Iterable[Any]:
    yield Update(
        fact.community,
        event.group,
        event.number,
        event.author,
        event.progress,
        event.next_steps,
        event.help_needed,
        fact.at,
    )
    yield counted(fact.community, counter_of(event.group), event.number)
    zone = community_of(reads, fact).zone
    meetings = reads.all(Meeting, community=fact.community, body=MAG)
    weeks, _ = cadence_since(reads, group_of(reads, fact.community, event.group))
    yield from waiting_for_update(fact.community, event.group, fact.at, zone, meetings, weeks)
    yield Gone(Due(fact.community, DueKind.UPDATES_MISSED, event.group, fact.at, zone))


@applies(UpdateLate)
def _late(reads: Reads, fact: Fact, event: UpdateLate) -> Iterable[Any]:
    due = reads.get(Due, fact.community, DueKind.UPDATE_LATE, event.group)
    if due is not None:
        yield Gone(due)
        weeks, _ = cadence_since(reads, group_of(reads, fact.community, event.group))
        missed_at = due_after(due.due_at, due.zone, (), weeks)
        yield Due(fact.community, DueKind.UPDATES_MISSED, event.group, missed_at, due.zone)


@applies(UpdatesMissed)
def _missed(reads: Reads, fact: Fact, event: UpdatesMissed) -> Iterable[Any]:
    yield Gone(Due(fact.community, DueKind.UPDATES_MISSED, event.group, fact.at, ""))


def updates_of(reads: Reads, group: Group) -> tuple[Update, ...]:
    """Every update of a group, the oldest first."""
    return reads.all(Update, community=group.community, group=group.id)


def since_of(reads: Reads, group: Group) -> datetime | None:
    """Since when the next update of a group is waited for: its last one, else when it became active, or chose how often."""
    before = updates_of(reads, group)
    since = before[-1].posted_at if before else group.active_since
    _, chosen = cadence_since(reads, group)
    return max(since, chosen) if since is not None and chosen is not None else since


def awaited(reads: Reads, community: Community, group: Group, now: datetime) -> Awaited | None:
    """The update waited for from a group; None where none is: before it is at work, and when its cycle is over."""
    if group.active_since is None or group.stage is not Stage.ACTIVE:
        return None
    cycle = reads.get(Cycle, community.id, group.cycle)
    if group.cycle != community.cycle or in_interregnum(cycle, community, now):
        return None
    since = since_of(reads, group) or group.active_since
    meetings = reads.all(Meeting, community=community.id, body=MAG)
    weeks, _ = cadence_since(reads, group)
    return Awaited(group.id, since, due_after(since, community.zone, meetings, weeks))


def reporting(group: Group, number: int, author: PersonId, texts: tuple[str, str, str]) -> UpdatePosted:
    """A group reports: its progress, next steps, and help needed. Raises `NotNow` where it is not at work."""
    if group.stage is not Stage.ACTIVE:
        raise NotNow(
            T("{group} is {stage}: it reports once it is active.", group=group.short_name, stage=PHRASES[group.stage]),
            T("See what comes next: {command}.", command=Say(f"show {group.short_name}")),
        )
    progress, next_steps, help_needed = texts
    return UpdatePosted(group.id, number, author, progress, next_steps, help_needed)
