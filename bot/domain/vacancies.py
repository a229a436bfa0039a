"""A co-facilitator too few, or both of one stakeholder group: flags on a working group, while its work goes on.

Source: "two MAG co-facilitators from different stakeholder groups". Where the guidelines are silent: a co-facilitator who
resigns, loses the seat or changes to the other's group leaves a flag; a vacancy is on the agenda of the full membership
after four weeks. Appointing is `facilitators`; here is what every change of the roster and of who is in office comes to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.community import Community, community_of
from bot.domain.dues import Due, DueKind
from bot.domain.errors import NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.facilitators import (
    DIFFERENT,
    NUMBER_OF_CO_FACILITATORS,
    TWO,
    Departure,
    ExceptionRecorded,
    FacilitatorEnded,
    FacilitatorRegrouped,
    exception,
    exceptions,
    facilitators,
)
from bot.domain.groups import Group, Stage, group_of
from bot.domain.ids import CommunityId, GroupId
from bot.domain.people import ASKED, seat_of
from bot.domain.records import Gone, Reads, record
from bot.text import Say, T

NOTICE = timedelta(weeks=4)
"""How long a vacancy lasts before the full membership takes it up."""

STEWARDED = frozenset({Stage.APPROVED, Stage.ACTIVE})
"""Stages in which a group is to have its co-facilitators."""


class FlagKind(StrEnum):
    """What is amiss with a group's co-facilitators."""

    VACANCY = "co-facilitator vacancy"
    IMBALANCE = "imbalance"


@record(key="community group flag", lists=("community flag", "community group"))
class FacilitatorFlag:
    """A flag that is up: since when, and for a vacancy, when its four weeks were over."""

    community: CommunityId
    group: GroupId
    flag: FlagKind
    since: datetime
    noticed_at: datetime | None = None


@event("facilitator.flag-raised")
class FlagRaised:
    """A group lacks a co-facilitator, or both are of one stakeholder group."""

    group: GroupId
    kind: FlagKind


@event("facilitator.flag-lowered")
class FlagLowered:
    """That is over: by an appointment, a change of seat, the Chair's exception, or the group's end."""

    group: GroupId
    kind: FlagKind


@event("facilitator.vacancy-noticed")
class VacancyNoticed:
    """A vacancy has lasted four weeks: it is for the full membership to take up."""

    group: GroupId


@applies(FlagRaised)
def _raised(reads: Reads, fact: Fact, event: FlagRaised) -> Iterable[Any]:
    yield FacilitatorFlag(fact.community, event.group, event.kind, fact.at)
    if event.kind is FlagKind.VACANCY:
        zone = community_of(reads, fact).zone
        yield Due(fact.community, DueKind.VACANCY_NOTICED, event.group, fact.at + NOTICE, zone)


@applies(FlagLowered)
def _lowered(reads: Reads, fact: Fact, event: FlagLowered) -> Iterable[Any]:
    yield Gone(FacilitatorFlag(fact.community, event.group, event.kind, fact.at))
    if event.kind is FlagKind.VACANCY:
        yield Gone(Due(fact.community, DueKind.VACANCY_NOTICED, event.group, fact.at, ""))


@applies(VacancyNoticed)
def _noticed(reads: Reads, fact: Fact, event: VacancyNoticed) -> Iterable[Any]:
    yield Gone(Due(fact.community, DueKind.VACANCY_NOTICED, event.group, fact.at, ""))
    flag = reads.get(FacilitatorFlag, fact.community, event.group, FlagKind.VACANCY)
    if flag is not None:
        yield replace(flag, noticed_at=fact.at)


def stewarded(community: Community, group: Group) -> bool:
    """Whether a group is to have its co-facilitators: from its approval, until its cycle is followed by another."""
    return group.stage in STEWARDED and group.cycle == community.cycle


def retested(
    reads: Reads, community: Community, group: Group
) -> Iterator[FacilitatorEnded | FacilitatorRegrouped | FlagRaised | FlagLowered]:
    """What the roster as it stands makes of a group's co-facilitators: each decision sees the state the ones before left.

    Who is no longer a seated member is no co-facilitator any more; who changed stakeholder group stays one. A group of an
    earlier cycle keeps those it had: its seats are over, and it is approved anew or not at all.
    """
    if stewarded(community, group):
        for each in facilitators(reads, group):
            seat = seat_of(reads, community, each.person)
            if seat is None or seat.role not in ASKED:
                yield FacilitatorEnded(group.id, each.person, "", Departure.UNSEATED)
            elif seat.stakeholder_group != each.stakeholder_group:
                yield FacilitatorRegrouped(group.id, each.person, seat.stakeholder_group)
    up = {each.flag for each in flags_up(reads, group)}
    amiss = _amiss(reads, group) if stewarded(community, group) else None
    for kind in FlagKind:
        if kind is amiss and kind not in up:
            yield FlagRaised(group.id, kind)
        elif kind is not amiss and kind in up:
            yield FlagLowered(group.id, kind)


def _amiss(reads: Reads, group: Group) -> FlagKind | None:
    """What is amiss and not excepted: too few of them, else both of one stakeholder group."""
    in_office = facilitators(reads, group)
    if len(in_office) < NUMBER_OF_CO_FACILITATORS:
        return None if in_office and _excepted(reads, group, TWO) else FlagKind.VACANCY
    groups = {each.stakeholder_group for each in in_office}
    if len(groups) < NUMBER_OF_CO_FACILITATORS or "" in groups:
        return None if _excepted(reads, group, DIFFERENT) else FlagKind.IMBALANCE
    return None


def _excepted(reads: Reads, group: Group, gate: str) -> bool:
    """Whether the Chair lifted a gate for just those who are in office."""
    people = tuple(sorted(each.person for each in facilitators(reads, group)))
    return any(each.gate == gate and each.people == people for each in exceptions(reads, group))


def flags_up(reads: Reads, group: Group) -> tuple[FacilitatorFlag, ...]:
    """The flags of a group."""
    return reads.all(FacilitatorFlag, community=group.community, group=group.id)


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A group that lacks a co-facilitator, since when (UTC); `noticed`: for four weeks or more. `left`: how many it has."""

    group: Group
    since: datetime
    noticed: bool
    left: int


def vacancies(reads: Reads, community: Community, now: datetime) -> tuple[Vacancy, ...]:
    """The vacancies there are, the oldest first. Those noticed are on the agenda of the full membership."""
    found = []
    for flag in reads.all(FacilitatorFlag, community=community.id, flag=FlagKind.VACANCY):
        group = group_of(reads, community.id, flag.group)
        if stewarded(community, group):
            noticed = now >= flag.since + NOTICE
            found.append(Vacancy(group, flag.since, noticed, len(facilitators(reads, group))))
    return tuple(sorted(found, key=lambda each: (each.since, each.group.short_name)))


def excepting(reads: Reads, group: Group, reason: str) -> ExceptionRecorded:
    """The Chair lifts the gate that a group's flag stands for. Raises `NotNow` where none is up, or nobody is left."""
    up = {each.flag for each in flags_up(reads, group)}
    in_office = [each.person for each in facilitators(reads, group)]
    if FlagKind.IMBALANCE in up:
        return exception(reads, group, DIFFERENT, reason, in_office)
    if FlagKind.VACANCY in up and in_office:
        return exception(reads, group, TWO, reason, in_office)
    if FlagKind.VACANCY in up:
        raise NotNow(
            T("{group} has no co-facilitator left: one at least is to be appointed.", group=group.short_name),
            T("Appoint: {command}.", command=Say(f"appoint {group.short_name} NAME, NAME")),
        )
    raise NotNow(
        T("Nothing is amiss with the co-facilitators of {group}.", group=group.short_name),
        T("See who they are: {command}.", command=Say(f"facilitator show {group.short_name}")),
    )
