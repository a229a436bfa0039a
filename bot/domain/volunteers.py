"""Volunteers: members who offer to co-facilitate a working group. The Chair appoints; this only says who would.

Where the guidelines are silent; "two MAG co-facilitators from different stakeholder groups appointed by the MAG Chair".
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.domain.errors import NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.facilitators import facilitators
from bot.domain.groups import PHRASES, UNDECIDED, Group
from bot.domain.ids import CommunityId, GroupId, PersonId
from bot.domain.membership import OPEN_STAGES
from bot.domain.records import Gone, Reads, record
from bot.text import Say, T


@record(key="community group person", lists=("community group",))
class Volunteer:
    """A member who would co-facilitate a group. `note` is what they say to it ("": nothing)."""

    community: CommunityId
    group: GroupId
    person: PersonId
    note: str
    since: datetime


@event("volunteer.offered", private="note")
class VolunteerOffered:
    """A member volunteered to co-facilitate."""

    group: GroupId
    person: PersonId
    note: str


@event("volunteer.withdrawn")
class VolunteerWithdrawn:
    """A volunteer took the offer back."""

    group: GroupId
    person: PersonId


@applies(VolunteerOffered)
def _offered(reads: Reads, fact: Fact, event: VolunteerOffered) -> Iterable[Any]:
    yield Volunteer(fact.community, event.group, event.person, event.note, fact.at)


@applies(VolunteerWithdrawn)
def _withdrawn(reads: Reads, fact: Fact, event: VolunteerWithdrawn) -> Iterable[Any]:
    found = reads.get(Volunteer, fact.community, event.group, event.person)
    if found is not None:
        yield Gone(found)


def volunteers(reads: Reads, group: Group) -> tuple[Volunteer, ...]:
    """Who would co-facilitate a group and does not already."""
    in_office = {each.person for each in facilitators(reads, group)}
    offered = reads.all(Volunteer, community=group.community, group=group.id)
    return tuple(each for each in offered if each.person not in in_office)


def volunteer(reads: Reads, group: Group, person: PersonId, note: str) -> VolunteerOffered:
    """Offer to co-facilitate a group that is proposed, approved or at work."""
    if group.stage not in UNDECIDED | OPEN_STAGES:
        raise NotNow(
            T(
                "{group} is {stage}: it takes no co-facilitators any more.",
                group=group.short_name,
                stage=PHRASES[group.stage],
            ),
            T("See the groups there are: {command}.", command=Say("list")),
            field="group",
        )
    if person in {each.person for each in facilitators(reads, group)}:
        raise NotNow(
            T("You co-facilitate {group} already.", group=group.short_name),
            T("See it: {command}.", command=Say(f"show {group.short_name}")),
            field="group",
        )
    return VolunteerOffered(group.id, person, note)


def withdraw(reads: Reads, group: Group, person: PersonId) -> VolunteerWithdrawn:
    """Take the offer back."""
    if reads.get(Volunteer, group.community, group.id, person) is None:
        raise NotNow(
            T("You have not volunteered for {group}.", group=group.short_name),
            T("Volunteer: {command}.", command=Say(f"volunteer {group.short_name}")),
            field="group",
        )
    return VolunteerWithdrawn(group.id, person)
