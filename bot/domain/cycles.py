"""Cycles: one IGF cycle after the other, and the interregnum between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.domain.community import Community, community_of, counted
from bot.domain.errors import Invalid, NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.ids import CommunityId
from bot.domain.lifetimes import Life, Lifetime, day_over, living
from bot.domain.records import Reads, record
from bot.text import T, UserText


@record(key="community number", lists=("community",))
class Cycle:
    """One cycle: its name (`IGF 2027`), first and last day in the community's zone; not a calendar year."""

    community: CommunityId
    number: int
    name: str
    first_day: date
    last_day: date

    def ends(self, zone: str) -> datetime:
        """The instant (UTC) its last day is over."""
        return day_over(self.last_day, zone)


@event("cycle.opened")
class CycleOpened:
    """A cycle was set and is the current one from now on."""

    number: int
    name: str
    first_day: date
    last_day: date


@event("cycle.moved")
class CycleMoved:
    """The days of a cycle changed; charters that end with it move with it."""

    number: int
    first_day: date
    last_day: date


@applies(CycleOpened)
def _opened(reads: Reads, fact: Fact, event: CycleOpened) -> Iterable[Any]:
    yield Cycle(fact.community, event.number, event.name, event.first_day, event.last_day)
    yield counted(fact.community, "cycle", event.number)
    community = community_of(reads, fact)
    yield replace(community, cycle=event.number)
    for lifetime in reads.all(Lifetime, community=fact.community, cycle=event.number - 1):
        yield from living(lifetime, Life(fact.at, community.zone), fact.at)


@applies(CycleMoved)
def _moved(reads: Reads, fact: Fact, event: CycleMoved) -> Iterable[Any]:
    cycle = reads.get(Cycle, fact.community, event.number)
    if cycle is not None:
        moved = replace(cycle, first_day=event.first_day, last_day=event.last_day)
        yield moved
        zone = community_of(reads, fact).zone
        for lifetime in reads.all(Lifetime, community=fact.community, cycle=event.number):
            yield from living(lifetime, Life(moved.ends(zone), zone), fact.at)


def current_cycle(reads: Reads, community: Community) -> Cycle | None:
    """The cycle that was opened last; None before the first."""
    return reads.get(Cycle, community.id, community.cycle) if community.cycle else None


def in_interregnum(cycle: Cycle | None, community: Community, now: datetime) -> bool:
    """Whether no cycle is under way: conclusions and appointments wait."""
    return cycle is None or now >= cycle.ends(community.zone)


def life_in(reads: Reads, community: Community, cycle: int) -> Life:
    """What the deadlines of a group of a cycle follow from. Raises `LookupError` for a cycle there is not."""
    found = reads.get(Cycle, community.id, cycle)
    if found is None:
        raise LookupError(cycle)
    return Life(found.ends(community.zone), community.zone)


def open_cycle(
    reads: Reads, community: Community, number: int, name: str, first_day: date, last_day: date, today: date
) -> CycleOpened | CycleMoved:
    """Open a cycle, or move the days of the current one when the name is the same.

    Raises `Invalid` when the days are in the wrong order or the cycle would start before the current one, and `NotNow`
    while the current one is under way and the new one yet to begin.
    """
    if last_day <= first_day:
        raise Invalid(
            T(
                "The cycle {name} would end on {last}, before it begins on {first}.",
                name=UserText(name),
                last=str(last_day),
                first=str(first_day),
            ),
            T("Give the first day, then the last day: 2026-12-01 2027-11-30."),
            field="last_day",
        )
    current = current_cycle(reads, community)
    if current is not None and current.name == name:
        return CycleMoved(current.number, first_day, last_day)
    if current is not None and first_day < current.first_day:
        raise Invalid(
            T(
                "{name} would begin on {first}, before {current}, which began on {began}.",
                name=UserText(name),
                first=str(first_day),
                current=current.name,
                began=str(current.first_day),
            ),
            T("Give a later first day, or the name of the current cycle to move its days."),
            field="first_day",
        )
    if current is not None and today < first_day and today <= current.last_day:
        raise NotNow(
            T(
                "{current} is under way until {last}; opening {name} now would end everybody's seat at once.",
                current=current.name,
                last=str(current.last_day),
                name=UserText(name),
            ),
            T("Open it on its first day, {first}.", first=str(first_day)),
            field="first_day",
        )
    return CycleOpened(number, name, first_day, last_day)
