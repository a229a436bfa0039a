"""How long a group lives: until its own last day or that of its cycle, whichever is first; and the deadlines of its end.

Source: "Working Groups have a lifetime of one IGF cycle and should be approved anew each year". A proposal lives with its
cycle only; the last day that its text names counts once it is approved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.dues import Due, DueKind
from bot.domain.ids import CommunityId, GroupId
from bot.domain.records import Gone, Reads, record

WEEKS_BEFORE = (6, 2)
"""When the co-facilitators are told that the end is near, in weeks before it."""


@record(key="community group", lists=("community cycle",))
class Lifetime:
    """A group that has not ended, and the cycle it ends with. `ends_on`: its own last day, if its charter names one."""

    community: CommunityId
    group: GroupId
    cycle: int
    approved: bool = False
    ends_on: date | None = None

    def ends_at(self, cycle_ends: datetime, zone: str) -> datetime:
        """The instant (UTC) it ends, where its cycle ends at `cycle_ends`."""
        return min(cycle_ends, day_over(self.ends_on, zone)) if self.ends_on is not None else cycle_ends


@dataclass(frozen=True, slots=True)
class Life:
    """What the deadlines of a lifetime follow from: when its cycle ends (UTC), and the zone days are meant in."""

    cycle_ends: datetime
    zone: str


def day_over(day: date, zone: str) -> datetime:
    """The instant (UTC) a day is over there."""
    return datetime.combine(day + timedelta(days=1), time(0), ZoneInfo(zone)).astimezone(UTC)


def living(lifetime: Lifetime, life: Life, now: datetime) -> Iterable[Any]:
    """A lifetime as it is now, with its deadlines: its end, and for a group that was approved when that is announced."""
    yield lifetime
    ends_at = lifetime.ends_at(life.cycle_ends, life.zone)
    yield Due(lifetime.community, DueKind.GROUP_ENDS, lifetime.group, ends_at, life.zone)
    for weeks in WEEKS_BEFORE if lifetime.approved else ():
        at = ends_at - timedelta(weeks=weeks)
        due = Due(lifetime.community, DueKind.GROUP_ENDING, f"{lifetime.group}:{weeks}", at, life.zone)
        yield due if at > now else Gone(due)


def over(reads: Reads, community: CommunityId, group: GroupId, now: datetime) -> Iterable[Gone]:
    """Nothing of a lifetime is left, nor any deadline of it."""
    lifetime = reads.get(Lifetime, community, group)
    if lifetime is None:
        return
    yield Gone(lifetime)
    yield Gone(Due(community, DueKind.GROUP_ENDS, group, now, ""))
    for weeks in WEEKS_BEFORE if lifetime.approved else ():
        yield Gone(Due(community, DueKind.GROUP_ENDING, f"{group}:{weeks}", now, ""))
