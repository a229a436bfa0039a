"""Proposals: written by seated members in the document's template, revised, withdrawn, with co-proposers who confirm.

Source: "the individual or group of MAG members should propose the formation of a working group to the full MAG and MAG
Chair … A written proposal should be presented which states clear objectives and a timetable (if applicable)".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.domain.community import community_of
from bot.domain.cycles import Cycle, life_in
from bot.domain.errors import Invalid, NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.groups import PHRASES, UNDECIDED, Group, GroupName, Stage, Succession, group_of
from bot.domain.ids import CommunityId, GroupId, PersonId
from bot.domain.lifetimes import Lifetime, living, over
from bot.domain.names import fold
from bot.domain.records import Reads, record
from bot.text import Say, T


@dataclass(frozen=True, slots=True)
class Sections:
    """A proposal's text: the template's five sections, and the two questions the Background asks."""

    purpose: str
    objectives: str
    outputs: str
    plan: str
    timeframe: str
    why: str = ""
    responsibility: str = ""
    ends_on: str = ""
    """Its own last day (`2027-06-30`), where it ends before its cycle does."""


class CoProposing(StrEnum):
    """Where an invitation to co-propose stands."""

    INVITED = "invited"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


@record(key="community group version", lists=("community group",))
class Proposal:
    """One version of a proposal; earlier ones stay."""

    community: CommunityId
    group: GroupId
    version: int
    author: PersonId
    written_at: datetime
    sections: Sections


@record(key="community group person", lists=("community group", "community person"))
class CoProposer:
    """A member named as co-proposer. Invited until they answer, which never blocks."""

    community: CommunityId
    group: GroupId
    person: PersonId
    state: CoProposing


@event("group.proposed", private="short_name full_name")
class GroupProposed:
    """A working group was proposed to the full MAG and the Chair."""

    group: GroupId
    short_name: str
    full_name: str
    cycle: int
    proposer: PersonId
    predecessor: GroupId | None = None


@event("proposal.written", private="purpose objectives outputs plan timeframe why responsibility")
class ProposalWritten:
    """A version of the proposal's text. A later one takes an undecided group back to *Proposed*."""

    group: GroupId
    version: int
    author: PersonId
    purpose: str
    objectives: str
    outputs: str
    plan: str
    timeframe: str
    why: str
    responsibility: str
    ends_on: str = ""


@event("proposal.posted")
class ProposalPosted:
    """The proposal reached a home of the full MAG: it has been presented."""

    group: GroupId


@event("proposal.withdrawn", private="reason")
class ProposalWithdrawn:
    """Its proposers took it back."""

    group: GroupId
    reason: str


@event("co-proposer.invited")
class CoProposerInvited:
    """A member was named as co-proposer and asked to confirm."""

    group: GroupId
    person: PersonId


@event("co-proposer.answered")
class CoProposerAnswered:
    """A member confirmed, or declined, to co-propose."""

    group: GroupId
    person: PersonId
    state: CoProposing


@applies(GroupProposed)
def _proposed(reads: Reads, fact: Fact, event: GroupProposed) -> Iterable[Any]:
    yield Group(
        fact.community,
        event.group,
        event.short_name,
        event.full_name,
        event.cycle,
        Stage.PROPOSED,
        event.proposer,
        0,
        fact.at,
        predecessor=event.predecessor,
    )
    lifetime = Lifetime(fact.community, event.group, event.cycle)
    yield from living(lifetime, life_in(reads, community_of(reads, fact), event.cycle), fact.at)
    if event.predecessor is not None:
        yield Succession(fact.community, event.predecessor, event.group)
        yield from _also_called(reads, fact, event)
    for name in dict.fromkeys((event.short_name, event.full_name)):
        yield GroupName(fact.community, fold(name), event.group, name)


def _also_called(reads: Reads, fact: Fact, event: GroupProposed) -> Iterable[GroupName]:
    """A predecessor whose name is taken over is found from then on by that name with its cycle: `WG-MWP IGF 2027`."""
    before = group_of(reads, fact.community, event.predecessor or GroupId(""))
    if fold(before.short_name) not in (fold(event.short_name), fold(event.full_name)):
        return
    cycle = reads.get(Cycle, fact.community, before.cycle)
    name = f"{before.short_name} {cycle.name if cycle else before.cycle}"
    number = 1
    while reads.get(GroupName, fact.community, fold(name if number == 1 else f"{name} {number}")) is not None:
        number += 1
    name = name if number == 1 else f"{name} {number}"
    yield GroupName(fact.community, fold(name), before.id, name)


@applies(ProposalWritten)
def _written(reads: Reads, fact: Fact, event: ProposalWritten) -> Iterable[Any]:
    sections = Sections(
        event.purpose,
        event.objectives,
        event.outputs,
        event.plan,
        event.timeframe,
        event.why,
        event.responsibility,
        event.ends_on,
    )
    yield Proposal(fact.community, event.group, event.version, event.author, fact.at, sections)
    group = group_of(reads, fact.community, event.group)
    stage = Stage.PROPOSED if group.stage is Stage.CONCLUDED_UPON else group.stage
    yield replace(group, version=event.version, stage=stage)
    lifetime = reads.get(Lifetime, fact.community, event.group)
    if lifetime is not None and lifetime.approved:
        ends_on = date.fromisoformat(event.ends_on) if event.ends_on else None
        life = life_in(reads, community_of(reads, fact), lifetime.cycle)
        yield from living(replace(lifetime, ends_on=ends_on), life, fact.at)


@applies(ProposalPosted)
def _posted(reads: Reads, fact: Fact, event: ProposalPosted) -> Iterable[Any]:
    yield replace(group_of(reads, fact.community, event.group), posted_at=fact.at)


@applies(ProposalWithdrawn)
def _withdrawn(reads: Reads, fact: Fact, event: ProposalWithdrawn) -> Iterable[Any]:
    group = group_of(reads, fact.community, event.group)
    yield replace(group, stage=Stage.WITHDRAWN, decided_at=fact.at, decided_by=fact.by, decision_note=event.reason)
    yield from over(reads, fact.community, event.group, fact.at)


@applies(CoProposerInvited)
def _invited(reads: Reads, fact: Fact, event: CoProposerInvited) -> Iterable[Any]:
    yield CoProposer(fact.community, event.group, event.person, CoProposing.INVITED)


@applies(CoProposerAnswered)
def _answered(reads: Reads, fact: Fact, event: CoProposerAnswered) -> Iterable[Any]:
    yield CoProposer(fact.community, event.group, event.person, event.state)


def latest(reads: Reads, group: Group) -> Proposal:
    """The newest version of a group's proposal."""
    found = reads.get(Proposal, group.community, group.id, group.version)
    if found is None:
        raise LookupError(group.id)
    return found


def co_proposers(reads: Reads, group: Group) -> tuple[CoProposer, ...]:
    """Everybody named as co-proposer, whatever they answered."""
    return reads.all(CoProposer, community=group.community, group=group.id)


def proposers(reads: Reads, group: Group) -> frozenset[PersonId]:
    """The proposer and the co-proposers who confirmed."""
    confirmed = (each.person for each in co_proposers(reads, group) if each.state is CoProposing.CONFIRMED)
    return frozenset({group.proposer, *confirmed})


def complete(sections: Sections) -> None:
    """Raise `Invalid` unless Purpose, Objectives, Outputs and Timeframe say something.

    Source: "states clear objectives and a timetable (if applicable)": *not applicable* is an answer.
    """
    for field, said, heading in (
        ("purpose", sections.purpose, "Purpose of the WG"),
        ("objectives", sections.objectives, "Objectives/Goals of the WG"),
        ("outputs", sections.outputs, "Expected Output(s)"),
        ("timeframe", sections.timeframe, "Timeframe for the work"),
    ):
        if not said.strip():
            raise Invalid(
                T("The section {heading} is empty.", heading=heading),
                T("Write it, then submit again. For the timeframe, “not applicable” is an answer."),
                field=field,
            )


def written(group: GroupId, version: int, author: PersonId, sections: Sections) -> ProposalWritten:
    """The event of writing a version."""
    complete(sections)
    return ProposalWritten(
        group,
        version,
        author,
        sections.purpose,
        sections.objectives,
        sections.outputs,
        sections.plan,
        sections.timeframe,
        sections.why,
        sections.responsibility,
        sections.ends_on,
    )


def revise(group: Group, author: PersonId, sections: Sections) -> ProposalWritten:
    """A new version. Not while members take positions on the text, and not after the Chair's decision."""
    if group.stage is Stage.CONSENSUS_CHECK:
        raise NotNow(
            T(
                "{group} is in its consensus check: members are taking positions on this very text.",
                group=group.short_name,
            ),
            T("Wait for the check to close. If it finds no consensus yet, revise then and consult anew."),
        )
    if group.stage not in UNDECIDED:
        raise NotNow(
            T(
                "{group} is {stage}; its proposal is no longer revised.",
                group=group.short_name,
                stage=PHRASES[group.stage],
            ),
            T("See where it stands: {command}.", command=Say(f"show {group.short_name}")),
        )
    return written(group.id, group.version + 1, author, sections)


def withdraw(group: Group, reason: str) -> ProposalWithdrawn:
    """Take a proposal back, at any time before the Chair's decision."""
    if group.stage not in UNDECIDED:
        raise NotNow(
            T(
                "{group} is {stage}: there is nothing left to withdraw.",
                group=group.short_name,
                stage=PHRASES[group.stage],
            ),
            T("See where it stands: {command}.", command=Say(f"show {group.short_name}")),
        )
    return ProposalWithdrawn(group.id, reason)
