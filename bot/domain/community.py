"""The community itself: names, groups, settings, its clock; and the counters that number what it makes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.events import Fact, applies, event
from bot.domain.ids import CommunityId
from bot.domain.names import fold
from bot.domain.records import Reads, record

STAKEHOLDER_GROUPS = ("Government", "Private Sector", "Civil Society", "Technical Community")
INTERGOVERNMENTAL = "Intergovernmental Organizations"
"""The group of observers."""

REGIONAL_GROUPS = ("African Group", "Asia-Pacific Group", "Eastern European Group", "GRULAC", "WEOG")


@dataclass(frozen=True, slots=True)
class Titles:
    """What the body calls its people and periods. The MAG's own words are the default."""

    body: str = "MAG"
    chair: str = "MAG Chair"
    member: str = "MAG member"
    secretariat: str = "Secretariat"
    co_facilitator: str = "MAG co-facilitator"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a community may choose. Lengths of time are in hours."""

    consultation_hours: int = 7 * 24
    consultation_minimum_hours: int = 72
    check_hours: int = 5 * 24
    check_minimum_hours: int = 24
    quick_check_hours: int = 24
    stages_by_clock: bool = True
    rule: str = "rough"
    participation_floor: str = "1/3"
    trust_verified_email: bool = False
    mail: bool = False
    code_hours: int = 48
    remind_hours: int = 24
    participants: bool = True
    code_of_conduct: str = "https://intgovforum.org/en/content/igf-code-of-conduct"
    holidays: tuple[date, ...] = ()


@record(key="id")
class Community:
    """One multistakeholder body. `sample` communities are for trying out: there one may move the clock and speak as others.

    `clock_moved` (seconds) is added to real time; `clock_frozen` replaces it (sample communities only).
    """

    id: CommunityId
    name: str
    zone: str
    language: str
    titles: Titles
    stakeholder_groups: tuple[str, ...]
    regional_groups: tuple[str, ...]
    settings: Settings
    sample: bool
    cycle: int
    clock_moved: int = 0
    clock_frozen: datetime | None = None

    def now(self, real: datetime) -> datetime:
        """This community's time (UTC) when real time is `real`."""
        start = self.clock_frozen if self.clock_frozen is not None else real
        return start + timedelta(seconds=self.clock_moved)


@record(key="community kind")
class Counter:
    """The last number given to something of a kind: checks, polls, consultations, cycles."""

    community: CommunityId
    kind: str
    last: int


@event("community.created")
class CommunityCreated:
    """A body came into being here."""

    name: str
    zone: str
    language: str
    titles: Titles
    stakeholder_groups: tuple[str, ...]
    regional_groups: tuple[str, ...]
    settings: Settings
    sample: bool
    clock_frozen: datetime | None = None


@event("community.settings-changed")
class SettingsChanged:
    """The settings as they are from now on; `changed` names those that differ."""

    settings: Settings
    changed: tuple[str, ...]


@event("community.changed")
class CommunityChanged:
    """What the community is called, where and how it lives, from now on; `changed` names what differs."""

    name: str
    zone: str
    language: str
    titles: Titles
    stakeholder_groups: tuple[str, ...]
    regional_groups: tuple[str, ...]
    changed: tuple[str, ...]


@event("community.clock-moved")
class ClockMoved:
    """A sample community's clock was moved forward by `seconds`."""

    seconds: int


@applies(CommunityCreated)
def _created(reads: Reads, fact: Fact, event: CommunityCreated) -> Iterable[Any]:
    yield Community(
        fact.community,
        event.name,
        event.zone,
        event.language,
        event.titles,
        event.stakeholder_groups,
        event.regional_groups,
        event.settings,
        event.sample,
        0,
        0,
        event.clock_frozen,
    )


def community_of(reads: Reads, fact: Fact) -> Community:
    """The community a fact belongs to."""
    found = reads.get(Community, fact.community)
    if found is None:
        raise LookupError(fact.community)
    return found


@applies(SettingsChanged)
def _settings(reads: Reads, fact: Fact, event: SettingsChanged) -> Iterable[Any]:
    yield replace(community_of(reads, fact), settings=event.settings)


@applies(CommunityChanged)
def _renamed(reads: Reads, fact: Fact, event: CommunityChanged) -> Iterable[Any]:
    yield replace(
        community_of(reads, fact),
        name=event.name,
        zone=event.zone,
        language=event.language,
        titles=event.titles,
        stakeholder_groups=event.stakeholder_groups,
        regional_groups=event.regional_groups,
    )


@applies(ClockMoved)
def _clock(reads: Reads, fact: Fact, event: ClockMoved) -> Iterable[Any]:
    found = community_of(reads, fact)
    yield replace(found, clock_moved=found.clock_moved + event.seconds)


def next_number(reads: Reads, community: CommunityId, kind: str) -> int:
    """The next number of a kind. The event that uses it counts it: see `counted`."""
    counter = reads.get(Counter, community, kind)
    return counter.last + 1 if counter else 1


def counted(community: CommunityId, kind: str, number: int) -> Counter:
    """The counter after `number` was given out."""
    return Counter(community, kind, number)


def named_so(community: Community, name: str) -> bool:
    """Whether a name, however it is spelled, means this community: its id, its name, or what the body is called for short."""
    return fold(name) in {fold(community.id), fold(community.name), fold(community.titles.body)}
