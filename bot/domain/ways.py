"""What a working group chose of its working methods, kept by version: what holds now, and what held at a time.

How a version comes to be adopted is `modalities`; what each choice does is where it is asked for (`ways_of`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from bot.domain.cadence import waiting_for_update
from bot.domain.community import Community, community_of
from bot.domain.events import Fact, applies, event
from bot.domain.groups import Group
from bot.domain.ids import MAG, CommunityId, GroupId, PersonId
from bot.domain.meetings import Meeting
from bot.domain.records import Reads, record


@dataclass(frozen=True, slots=True)
class Ways:
    """What a group may choose. Lengths of time are in hours; `update_weeks` 0: by the community's own cadence.

    `participants`: whether its co-facilitators may invite people without a seat. `world_readable`: whether its room may be
    read by anybody, without entering.
    """

    rule: str
    check_hours: int
    quick_check_hours: int
    participation_floor: str
    update_weeks: int = 0
    participants: bool = True
    world_readable: bool = False

    def changes(self, before: Ways) -> tuple[str, ...]:
        """The names of what is otherwise than before."""
        return tuple(each.name for each in fields(Ways) if getattr(self, each.name) != getattr(before, each.name))


@record(key="community group version", lists=("community group", "community check"))
class Modalities:
    """One version, as it was proposed; adopted or not by the check of that number."""

    community: CommunityId
    group: GroupId
    version: int
    text: str
    ways: Ways
    proposed_by: PersonId
    proposed_at: datetime
    check: int
    adopted_at: datetime | None = None


@event("modalities.proposed", private="text")
class ModalitiesProposed:
    """A member proposed other modalities; the check of that number asks the group."""

    group: GroupId
    version: int
    text: str
    ways: Ways
    proposed_by: PersonId
    check: int


@event("modalities.adopted")
class ModalitiesAdopted:
    """The group's consensus on a version was concluded: it holds from now on."""

    group: GroupId
    version: int


@applies(ModalitiesProposed)
def _proposed(reads: Reads, fact: Fact, event: ModalitiesProposed) -> Iterable[Any]:
    what = (event.text, event.ways, event.proposed_by, fact.at, event.check)
    yield Modalities(fact.community, event.group, event.version, *what)


@applies(ModalitiesAdopted)
def _adopted(reads: Reads, fact: Fact, event: ModalitiesAdopted) -> Iterable[Any]:
    found = reads.get(Modalities, fact.community, event.group, event.version)
    if found is None:
        return
    community = community_of(reads, fact)
    before = ways_of(reads, community, event.group)
    yield replace(found, adopted_at=fact.at)
    if found.ways.update_weeks != before.update_weeks:
        meetings = reads.all(Meeting, community=fact.community, body=MAG)
        weeks = found.ways.update_weeks
        yield from waiting_for_update(fact.community, event.group, fact.at, community.zone, meetings, weeks)


def versions(reads: Reads, community: CommunityId, group: GroupId) -> tuple[Modalities, ...]:
    """Every version ever proposed in a group, in order; the default ones are none of them."""
    return reads.all(Modalities, community=community, group=group)


def in_force(reads: Reads, community: CommunityId, group: GroupId, at: datetime | None = None) -> Modalities | None:
    """The version that holds, or held at a time (UTC); None for the default ones."""
    adopted = [
        each
        for each in versions(reads, community, group)
        if each.adopted_at is not None and (at is None or each.adopted_at <= at)
    ]
    return max(adopted, key=lambda each: each.version, default=None)


def default_ways(community: Community) -> Ways:
    """What holds where a group chose nothing, and always for the full membership: the community's own settings."""
    settings = community.settings
    windows = (settings.check_hours, settings.quick_check_hours)
    return Ways(settings.rule, *windows, settings.participation_floor, participants=settings.participants)


def ways_of(reads: Reads, community: Community, body: str, at: datetime | None = None) -> Ways:
    """What holds, or held at a time (UTC), in a body: a group's own modalities, or the community's settings."""
    own = in_force(reads, community.id, GroupId(body), at) if body != MAG else None
    return own.ways if own is not None else default_ways(community)


def cadence_since(reads: Reads, group: Group) -> tuple[int, datetime | None]:
    """In how many weeks a group reports (0: by the community's cadence), and since when it chose that (UTC)."""
    weeks, since = 0, None
    for each in versions(reads, group.community, group.id):
        if each.adopted_at is not None and each.ways.update_weeks != weeks:
            weeks, since = each.ways.update_weeks, each.adopted_at
    return weeks, since
