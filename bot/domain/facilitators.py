"""The MAG Chair's acts: approving or declining a working group, and appointing its two MAG co-facilitators.

Source: "If a consensus of the MAG feels the working group should be formed, then the MAG Chair can approve such a
Working Group", and "two MAG co-facilitators from different stakeholder groups appointed by the MAG Chair".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.domain.community import community_of
from bot.domain.consensus.checks import Check, Outcome
from bot.domain.cycles import life_in
from bot.domain.errors import Invalid, NeedsException, NotAllowed, NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.groups import PHRASES, UNDECIDED, Group, GroupActivated, Stage, group_of, homes_of
from bot.domain.ids import CommunityId, GroupId, PersonId
from bot.domain.lifetimes import Lifetime, living, over
from bot.domain.lists import list_of
from bot.domain.people import ASKED, Seat
from bot.domain.proposals import latest
from bot.domain.records import Reads, record
from bot.text import Say, T, UserText

NUMBER_OF_CO_FACILITATORS = 2

LENGTH = "consultation length"
TWO = "two co-facilitators"
DIFFERENT = "different stakeholder groups"
"""The gates that the Chair may lift, as an exception names them; the last two are of an appointment."""


class Departure(StrEnum):
    """How a co-facilitator's time in office ended."""

    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    RESIGNED = "resigned"
    UNSEATED = "no longer seated"


@record(key="community group person", lists=("community group", "community person"))
class Facilitator:
    """A MAG co-facilitator, with the stakeholder group of their seat when appointed."""

    community: CommunityId
    group: GroupId
    person: PersonId
    stakeholder_group: str
    since: datetime
    until: datetime | None = None
    why_ended: str = ""


@record(key="community group person", lists=("community group", "community person"))
class Membership:
    """A member of a working group: its proposers and co-facilitators are from the first day."""

    community: CommunityId
    group: GroupId
    person: PersonId
    since: datetime


@record(key="community group gate number", lists=("community group",))
class ChairException:
    """A gate the Chair lifted for a group, with the reason, which is published; one of co-facilitators, for whom."""

    community: CommunityId
    group: GroupId
    gate: str
    number: int
    reason: str
    given_at: datetime
    given_by: PersonId | None
    people: tuple[PersonId, ...] | None = None


@event("group.approved", private="note")
class GroupApproved:
    """The Chair approved the group. `chair_proposed`: the Chair is one of its proposers, which is noted."""

    group: GroupId
    note: str
    chair_proposed: bool
    members: tuple[PersonId, ...]


@event("group.declined", private="reason")
class GroupDeclined:
    """The Chair did not approve the group, and said why."""

    group: GroupId
    reason: str


@event("facilitator.appointed")
class FacilitatorAppointed:
    """The Chair appointed a co-facilitator."""

    group: GroupId
    person: PersonId
    stakeholder_group: str


@event("facilitator.ended", private="why")
class FacilitatorEnded:
    """A co-facilitator was succeeded, declined or resigned (`why`: in their words), or is no longer a seated member."""

    group: GroupId
    person: PersonId
    why: str
    how: Departure = Departure.SUCCEEDED


@event("facilitator.regrouped")
class FacilitatorRegrouped:
    """The seat of a co-facilitator is of another stakeholder group than before."""

    group: GroupId
    person: PersonId
    stakeholder_group: str


@event("exception.recorded", private="reason")
class ExceptionRecorded:
    """The Chair lifted a gate and gave the reason."""

    group: GroupId
    gate: str
    number: int
    reason: str
    people: tuple[PersonId, ...] | None = None


@applies(GroupApproved)
def _approved(reads: Reads, fact: Fact, event: GroupApproved) -> Iterable[Any]:
    group = group_of(reads, fact.community, event.group)
    yield replace(group, stage=Stage.APPROVED, decided_at=fact.at, decided_by=fact.by, decision_note=event.note)
    ends_on = latest(reads, group).sections.ends_on
    lifetime = Lifetime(
        fact.community,
        event.group,
        group.cycle,
        approved=True,
        ends_on=date.fromisoformat(ends_on) if ends_on else None,
    )
    yield from living(lifetime, life_in(reads, community_of(reads, fact), group.cycle), fact.at)
    for person in event.members:
        yield Membership(fact.community, event.group, person, fact.at)


@applies(GroupDeclined)
def _declined(reads: Reads, fact: Fact, event: GroupDeclined) -> Iterable[Any]:
    group = group_of(reads, fact.community, event.group)
    yield replace(group, stage=Stage.NOT_APPROVED, decided_at=fact.at, decided_by=fact.by, decision_note=event.reason)
    yield from over(reads, fact.community, event.group, fact.at)


@applies(FacilitatorAppointed)
def _appointed(reads: Reads, fact: Fact, event: FacilitatorAppointed) -> Iterable[Any]:
    yield Facilitator(fact.community, event.group, event.person, event.stakeholder_group, fact.at)
    if reads.get(Membership, fact.community, event.group, event.person) is None:
        yield Membership(fact.community, event.group, event.person, fact.at)


@applies(FacilitatorEnded)
def _ended(reads: Reads, fact: Fact, event: FacilitatorEnded) -> Iterable[Any]:
    found = reads.get(Facilitator, fact.community, event.group, event.person)
    if found is not None:
        yield replace(found, until=fact.at, why_ended=event.why or event.how.value)


@applies(FacilitatorRegrouped)
def _regrouped(reads: Reads, fact: Fact, event: FacilitatorRegrouped) -> Iterable[Any]:
    found = reads.get(Facilitator, fact.community, event.group, event.person)
    if found is not None:
        yield replace(found, stakeholder_group=event.stakeholder_group)


@applies(ExceptionRecorded)
def _exception(reads: Reads, fact: Fact, event: ExceptionRecorded) -> Iterable[Any]:
    given = (event.reason, fact.at, fact.by, event.people)
    yield ChairException(fact.community, event.group, event.gate, event.number, *given)


def facilitators(reads: Reads, group: Group) -> tuple[Facilitator, ...]:
    """The co-facilitators in office."""
    everyone = reads.all(Facilitator, community=group.community, group=group.id)
    return tuple(each for each in everyone if each.until is None)


def exceptions(reads: Reads, group: Group) -> tuple[ChairException, ...]:
    """The gates the Chair lifted for this group."""
    return reads.all(ChairException, community=group.community, group=group.id)


def exception(
    reads: Reads, group: Group, gate: str, reason: str, people: Iterable[PersonId] | None = None
) -> ExceptionRecorded:
    """Record that a gate is lifted; one of co-facilitators, for those `people`."""
    same = [each for each in exceptions(reads, group) if each.gate == gate]
    whose = tuple(sorted(people)) if people is not None else None
    return ExceptionRecorded(group.id, gate, len(same) + 1, reason, whose)


def approve(
    group: Group, check: Check | None, proposers: frozenset[PersonId], chair: PersonId, note: str
) -> GroupApproved:
    """Approve a group upon which consensus was concluded. A separate act from concluding, and only the Chair's."""
    _decidable(group)
    if group.stage is not Stage.CONCLUDED_UPON or check is None or check.outcome is None:
        raise NotNow(
            T(
                "{group} is {stage}: the Chair approves upon a consensus of the members.",
                group=group.short_name,
                stage=PHRASES[group.stage],
            ),
            T("See what comes before: {command}.", command=Say(f"show {group.short_name}")),
        )
    if check.outcome is not Outcome.CONSENSUS:
        raise NotNow(
            T("Check {number} found no consensus yet on forming {group}.", number=check.number, group=group.short_name),
            T(
                "Its proposers may revise it for another round, or decline it: {command}.",
                command=Say(f'decline {group.short_name} "…"'),
            ),
        )
    return GroupApproved(group.id, note, chair in proposers, tuple(sorted(proposers)))


def decline(group: Group, reason: str) -> GroupDeclined:
    """Decline a group at any time before it is approved; the reason is asked for and published."""
    _decidable(group)
    if not reason:
        raise Invalid(
            T("Declining asks for a reason."),
            T("Add it: {command}.", command=Say(f'decline {group.short_name} "…"')),
            field="reason",
        )
    return GroupDeclined(group.id, reason)


def _decidable(group: Group) -> None:
    if group.stage not in UNDECIDED:
        raise NotNow(
            T("{group} is {stage}: it was decided upon already.", group=group.short_name, stage=PHRASES[group.stage]),
            T("See it: {command}.", command=Say(f"show {group.short_name}")),
        )


def appoint(
    reads: Reads, group: Group, seats: Sequence[tuple[str, Seat | None]], reason: str
) -> Iterator[FacilitatorAppointed | FacilitatorEnded | ExceptionRecorded]:
    """Appoint co-facilitators: (name, seat) of each. They replace those in office.

    Hard: members seated in this cycle. By exception (`reason`): one only, or two from the same stakeholder group.
    """
    if group.stage not in (Stage.APPROVED, Stage.ACTIVE):
        raise NotNow(
            T(
                "{group} is {stage}: co-facilitators are appointed when it is approved.",
                group=group.short_name,
                stage=PHRASES[group.stage],
            ),
            T("See where it stands: {command}.", command=Say(f"show {group.short_name}")),
        )
    chosen: list[Seat] = []
    for name, seat in seats:
        if seat is None or seat.role not in ASKED:
            raise Invalid(
                T("{name} is not a member seated in this cycle.", name=UserText(name)),
                T("Name two seated members: {command} shows them.", command=Say("roster show")),
                field="facilitators",
            )
        chosen.append(seat)
    yield from _gates(reads, group, chosen, reason)
    kept = {seat.person for seat in chosen}
    for former in facilitators(reads, group):
        if former.person not in kept:
            yield FacilitatorEnded(group.id, former.person, "")
    in_office = {each.person for each in facilitators(reads, group)}
    for seat in chosen:
        if seat.person not in in_office:
            yield FacilitatorAppointed(group.id, seat.person, seat.stakeholder_group)


def _gates(reads: Reads, group: Group, chosen: list[Seat], reason: str) -> Iterator[ExceptionRecorded]:
    if not chosen or len(chosen) > NUMBER_OF_CO_FACILITATORS:
        raise Invalid(
            T("A working group has two co-facilitators; {count} were named.", count=len(chosen)),
            T("Name two members of different stakeholder groups."),
            field="facilitators",
        )
    if len(chosen) < NUMBER_OF_CO_FACILITATORS:
        if not reason:
            raise NeedsException(
                T("One co-facilitator was named; there should be two, from different stakeholder groups."),
                T("Name a second one, or record why not with --exception and the reason, which is published."),
                field="facilitators",
            )
        yield exception(reads, group, TWO, reason, (seat.person for seat in chosen))
        return
    groups = {seat.stakeholder_group for seat in chosen}
    if len(groups) < NUMBER_OF_CO_FACILITATORS or "" in groups:
        if not reason:
            raise NeedsException(
                T(
                    "Both are of {group}; co-facilitators come from different stakeholder groups.",
                    group=T(chosen[0].stakeholder_group or "no stakeholder group"),
                ),
                T(
                    "Name somebody of another stakeholder group, or record why with --exception and the reason, which is published."
                ),
                field="facilitators",
            )
        yield exception(reads, group, DIFFERENT, reason, (seat.person for seat in chosen))


def give_up(reads: Reads, group: Group, person: PersonId, why: str, how: Departure) -> FacilitatorEnded:
    """Decline an appointment one was given, or resign from it later."""
    if person not in {each.person for each in facilitators(reads, group)}:
        raise NotAllowed(
            T("You are not a co-facilitator of {group}.", group=group.short_name),
            T("See who is: {command}.", command=Say(f"show {group.short_name}")),
        )
    return FacilitatorEnded(group.id, person, why, how)


def becomes_active(reads: Reads, group: Group) -> GroupActivated | None:
    """Approved -> Active by itself: two co-facilitators (or the Chair's exception) and one home open to members."""
    at_home = homes_of(reads, group.community, group.id) or list_of(reads, group.community, group.id)
    if group.stage is not Stage.APPROVED or not at_home:
        return None
    in_office = len(facilitators(reads, group))
    excepted = any(each.gate == TWO for each in exceptions(reads, group))
    if in_office >= NUMBER_OF_CO_FACILITATORS or (in_office and excepted):
        return GroupActivated(group.id)
    return None
