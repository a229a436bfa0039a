"""Working groups: their names, the stage of life each is in, and their homes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.cadence import waiting_for_update
from bot.domain.community import community_of
from bot.domain.dues import Due, DueKind
from bot.domain.errors import Invalid, NotFound, NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.ids import MAG, CommunityId, GroupId, PersonId
from bot.domain.lifetimes import over
from bot.domain.meetings import Meeting
from bot.domain.names import fold, nearest, short_name_problem
from bot.domain.records import Gone, Reads, record
from bot.text import Say, T, Text, UserText, joined, term


class Stage(StrEnum):
    """Where a working group is in its life."""

    PROPOSED = "proposed"
    IN_CONSULTATION = "in consultation"
    CONSENSUS_CHECK = "consensus check"
    CONCLUDED_UPON = "concluded upon"
    APPROVED = "approved"
    ACTIVE = "active"
    EXPIRED = "expired"
    COMPLETED = "completed"
    DISSOLVED = "dissolved"
    NOT_APPROVED = "not approved"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


PHRASES: dict[Stage, Text] = {
    Stage.PROPOSED: T("proposed"),
    Stage.IN_CONSULTATION: T("in consultation"),
    Stage.CONSENSUS_CHECK: T("in its consensus check"),
    Stage.CONCLUDED_UPON: T("concluded upon"),
    Stage.APPROVED: T("approved"),
    Stage.ACTIVE: T("active"),
    Stage.EXPIRED: T("expired"),
    Stage.COMPLETED: T("completed"),
    Stage.DISSOLVED: T("dissolved"),
    Stage.NOT_APPROVED: T("not approved"),
    Stage.WITHDRAWN: T("withdrawn"),
    Stage.LAPSED: T("lapsed"),
}
"""Each stage as it stands in a sentence: “WG-MWP is …”."""

FORMER = frozenset({Stage.EXPIRED, Stage.COMPLETED, Stage.DISSOLVED})
"""Stages of a group that was approved and is not at work any more: its members are former members."""

ENDED = frozenset({*FORMER, Stage.NOT_APPROVED, Stage.WITHDRAWN, Stage.LAPSED})
"""Stages a group does not leave again: what goes on after it is another group, its successor."""

HOMES_STAY = timedelta(days=7)
"""How long the rooms of a completed or dissolved group stay open, for last words."""

HOMES_STAY_EXPIRED = timedelta(days=180)
"""How long those of an expired one do: it may meet and draft, and its successor meets on in them."""

UNDECIDED = frozenset({Stage.PROPOSED, Stage.IN_CONSULTATION, Stage.CONSENSUS_CHECK, Stage.CONCLUDED_UPON})
"""Stages before the Chair's decision."""


@record(key="community id", lists=("community", "community stage", "community proposer"))
class Group:
    """A working group from its proposal on. `consultation` and `check` number the latest of each (0: none yet)."""

    community: CommunityId
    id: GroupId
    short_name: str
    full_name: str
    cycle: int
    stage: Stage
    proposer: PersonId
    version: int
    proposed_at: datetime
    posted_at: datetime | None = None
    consultation: int = 0
    check: int = 0
    decided_at: datetime | None = None
    decided_by: PersonId | None = None
    decision_note: str = ""
    active_since: datetime | None = None
    predecessor: GroupId | None = None


@record(key="community group")
class Ending:
    """That a group ended by itself or by a decision upon its work, when, by whom (None: the clock), and in what words."""

    community: CommunityId
    group: GroupId
    ended_at: datetime
    ended_by: PersonId | None
    note: str


@record(key="community group")
class Succession:
    """The group that was proposed last to go on where this one ended."""

    community: CommunityId
    group: GroupId
    successor: GroupId


@record(key="community folded", lists=("community", "community group"))
class GroupName:
    """A name a group goes by, as matched: short name, full name and aliases, whatever their case, dashes and spaces."""

    community: CommunityId
    folded: str
    group: GroupId
    name: str


@record(
    key="community platform team place", lists=("community body", "community", "platform team place", "platform team")
)
class Home:
    """A chat room or channel that belongs to a body: the MAG, or one working group. Always open to every MAG member."""

    community: CommunityId
    platform: str
    team: str
    place: str
    body: str
    name: str


@event("home.linked")
class HomeLinked:
    """A room became the home of a body."""

    platform: str
    team: str
    place: str
    body: str
    name: str


@event("home.unlinked")
class HomeUnlinked:
    """A room is no longer the home of a body."""

    platform: str
    team: str
    place: str


@event("group.named", private="name")
class GroupNamed:
    """A group goes by one more name."""

    group: GroupId
    name: str


@event("group.activated")
class GroupActivated:
    """An approved group has its co-facilitators and a home open to members: it is at work."""

    group: GroupId


@event("group.ended", private="note")
class GroupEnded:
    """A group ended: *Expired* or *Lapsed* with its time, *Completed* or *Dissolved* by the Chair. Never to be undone."""

    group: GroupId
    stage: Stage
    note: str


@event("group.end-near")
class GroupEndNear:
    """In so many weeks a group ends with its time: its co-facilitators are told."""

    group: GroupId
    weeks: int


@event("group.homes-closed")
class GroupHomesClosed:
    """The time after a group's end in which its rooms stayed open is over."""

    group: GroupId


@applies(HomeLinked)
def _home(reads: Reads, fact: Fact, event: HomeLinked) -> Iterable[Any]:
    yield Home(fact.community, event.platform, event.team, event.place, event.body, event.name)


@applies(HomeUnlinked)
def _no_home(reads: Reads, fact: Fact, event: HomeUnlinked) -> Iterable[Any]:
    home = reads.get(Home, fact.community, event.platform, event.team, event.place)
    if home is not None:
        yield Gone(home)


@applies(GroupNamed)
def _named(reads: Reads, fact: Fact, event: GroupNamed) -> Iterable[Any]:
    yield GroupName(fact.community, fold(event.name), event.group, event.name)


@applies(GroupActivated)
def _activated(reads: Reads, fact: Fact, event: GroupActivated) -> Iterable[Any]:
    yield replace(group_of(reads, fact.community, event.group), stage=Stage.ACTIVE, active_since=fact.at)
    zone = community_of(reads, fact).zone
    meetings = reads.all(Meeting, community=fact.community, body=MAG)
    yield from waiting_for_update(fact.community, event.group, fact.at, zone, meetings)


@applies(GroupEnded)
def _group_ended(reads: Reads, fact: Fact, event: GroupEnded) -> Iterable[Any]:
    yield replace(group_of(reads, fact.community, event.group), stage=event.stage)
    yield Ending(fact.community, event.group, fact.at, fact.by, event.note)
    yield Gone(Due(fact.community, DueKind.UPDATE_LATE, event.group, fact.at, ""))
    yield Gone(Due(fact.community, DueKind.UPDATES_MISSED, event.group, fact.at, ""))
    if event.stage in FORMER:
        zone = community_of(reads, fact).zone
        after = HOMES_STAY_EXPIRED if event.stage is Stage.EXPIRED else HOMES_STAY
        yield Due(fact.community, DueKind.HOMES_CLOSE, event.group, fact.at + after, zone)
    yield from over(reads, fact.community, event.group, fact.at)


@applies(GroupHomesClosed)
def _homes_closed(reads: Reads, fact: Fact, event: GroupHomesClosed) -> Iterable[Any]:
    yield Gone(Due(fact.community, DueKind.HOMES_CLOSE, event.group, fact.at, ""))


@applies(GroupEndNear)
def _end_near(reads: Reads, fact: Fact, event: GroupEndNear) -> Iterable[Any]:
    yield Gone(Due(fact.community, DueKind.GROUP_ENDING, f"{event.group}:{event.weeks}", fact.at, ""))


def group_of(reads: Reads, community: CommunityId, group: GroupId) -> Group:
    """The group with an id that is known to exist."""
    found = reads.get(Group, community, group)
    if found is None:
        raise LookupError(group)
    return found


def find_group(reads: Reads, community: CommunityId, name: str, *, field: str = "group") -> Group:
    """The group a person means: by alias, spelling and case. Raises `NotFound` with the nearest names."""
    known = reads.get(GroupName, community, fold(name))
    if known is not None:
        return group_of(reads, community, known.group)
    names = [found.name for found in reads.all(GroupName, community=community)]
    near = nearest(name, names)
    what = T("There is no working group called {name}.", name=UserText(name))
    if near:
        raise NotFound(
            what, T("Did you mean {names}?", names=joined([term(each) for each in near], " · ")), field=field
        )
    raise NotFound(what, T("See the groups there are: {command}.", command=Say("list")), field=field)


def must_not_have_ended(group: Group) -> None:
    """Raise `NotNow` for a group whose life is over: recommendations, conclusions and appointments wait for its successor."""
    if group.stage in ENDED:
        raise NotNow(
            T("{group} is {stage}: its life is over.", group=group.short_name, stage=PHRASES[group.stage]),
            T("See what came of it: {command}.", command=Say(f"show {group.short_name}")),
        )


def ending_of(reads: Reads, group: Group) -> Ending | None:
    """How a group ended; None where it has not, or was withdrawn or not approved."""
    return reads.get(Ending, group.community, group.id)


def successor_of(reads: Reads, group: Group) -> Group | None:
    """The group that goes on where this one ended: the last of those proposed in its place."""
    following = reads.get(Succession, group.community, group.id)
    if following is None:
        return None
    successor = group_of(reads, group.community, following.successor)
    return successor_of(reads, successor) or successor


def homes_of(reads: Reads, community: CommunityId, body: str) -> tuple[Home, ...]:
    """The rooms that are home to the MAG (`MAG`) or to a group (its id)."""
    return reads.all(Home, community=community, body=body)


def body_name(reads: Reads, community: CommunityId, body: str, mag: str) -> Text:
    """What to call a body in a sentence: “the MAG” by the community's own word, or the group's short name."""
    if body == MAG:
        return T("the {body}", body=mag)
    return term(group_of(reads, community, GroupId(body)).short_name)


def free_name(
    reads: Reads, community: CommunityId, name: str, *, field: str, except_for: GroupId | None = None
) -> None:
    """Raise `Invalid` when `name` cannot be a group's short name, or is taken by a group that has not ended."""
    problem = short_name_problem(name)
    if problem is not None:
        raise Invalid(problem, T("A good one: WG-MWP."), field=field)
    taken = reads.get(GroupName, community, fold(name))
    if taken is None or taken.group == except_for:
        return
    owner = group_of(reads, community, taken.group)
    if owner.stage not in ENDED:
        raise Invalid(
            T(
                "{name} is taken: {owner} ({full}) goes by that name.",
                name=UserText(name),
                owner=owner.short_name,
                full=UserText(owner.full_name),
            ),
            T("Choose another short name, or see that group: {command}.", command=Say(f"show {owner.short_name}")),
            field=field,
        )
