"""Changing a charter in mid-cycle: changed goals, outputs or a later end take the members' consensus again, the rest a notice.

Where the guidelines are silent: what the members agreed to are the goals, the outputs and how long the group lives. Those
change as they came about: feedback, a consensus check, the Chair. Purpose, plan, the wording of the timeframe and the
answers beside the template may be put better by the co-facilitators, which everybody is told with what changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.community import counted
from bot.domain.consensus.checks import Check, Outcome
from bot.domain.errors import Invalid, NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.groups import PHRASES, Group, Stage
from bot.domain.ids import MAG, CommunityId, GroupId, PersonId
from bot.domain.proposals import ProposalWritten, Sections, complete, latest, written
from bot.domain.records import Reads, record
from bot.text import Say, T

SUBSTANTIAL = frozenset({"objectives", "outputs", "ends_on"})
"""The sections the members' consensus was about: to change them takes a new one."""


class ChangeState(StrEnum):
    """Where a change stands."""

    PROPOSED = "proposed"
    ADOPTED = "adopted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@record(key="community group number", lists=("community group", "community state"))
class CharterChange:
    """A change of a charter that is put to the members: the whole text as it would be. `check`: 0 until they are asked."""

    community: CommunityId
    group: GroupId
    number: int
    proposed_by: PersonId
    proposed_at: datetime
    sections: Sections
    why: str
    consultation: int
    state: ChangeState
    check: int = 0
    note: str = ""


@event("charter.change-proposed", private="purpose objectives outputs plan timeframe responsibility why reasons")
class ChangeProposed:
    """The co-facilitators propose a change that takes the members' consensus; their feedback is sought."""

    group: GroupId
    number: int
    proposed_by: PersonId
    consultation: int
    reasons: str
    purpose: str
    objectives: str
    outputs: str
    plan: str
    timeframe: str
    why: str
    responsibility: str
    ends_on: str


@event("charter.change-asked")
class ChangeAsked:
    """The members are asked in a check."""

    group: GroupId
    number: int
    check: int


@event("charter.change-settled", private="note")
class ChangeSettled:
    """The Chair adopted or declined it, or the co-facilitators withdrew it."""

    group: GroupId
    number: int
    state: ChangeState
    note: str


@applies(ChangeProposed)
def _proposed(reads: Reads, fact: Fact, event: ChangeProposed) -> Iterable[Any]:
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
    yield CharterChange(
        fact.community,
        event.group,
        event.number,
        event.proposed_by,
        fact.at,
        sections,
        event.reasons,
        event.consultation,
        ChangeState.PROPOSED,
    )
    yield counted(fact.community, counter_of(event.group), event.number)


@applies(ChangeAsked)
def _asked(reads: Reads, fact: Fact, event: ChangeAsked) -> Iterable[Any]:
    yield replace(change_of(reads, fact.community, event.group, event.number), check=event.check)


@applies(ChangeSettled)
def _settled(reads: Reads, fact: Fact, event: ChangeSettled) -> Iterable[Any]:
    found = change_of(reads, fact.community, event.group, event.number)
    yield replace(found, state=event.state, note=event.note)


def counter_of(group: GroupId) -> str:
    """The kind under which a group's changes are counted."""
    return f"charter-change:{group}"


def change_of(reads: Reads, community: CommunityId, group: GroupId, number: int) -> CharterChange:
    """The change with a number that is known to exist."""
    found = reads.get(CharterChange, community, group, number)
    if found is None:
        raise LookupError(number)
    return found


def pending_change(reads: Reads, group: Group) -> CharterChange | None:
    """The change that is before the members; None once the group itself has ended."""
    if group.stage is not Stage.ACTIVE:
        return None
    changes = reads.all(CharterChange, community=group.community, group=group.id)
    return next((each for each in changes if each.state is ChangeState.PROPOSED), None)


def the_change(reads: Reads, group: Group) -> CharterChange:
    """The same. Raises `NotNow` where there is none."""
    found = pending_change(reads, group)
    if found is None:
        raise NotNow(
            T("No change of the charter of {group} is before the members.", group=group.short_name),
            T("Its co-facilitators propose one: {command}.", command=Say(f"charter change {group.short_name}")),
        )
    return found


def change_upon(reads: Reads, check: Check) -> CharterChange | None:
    """The change that is before the members in a check, if it is about one."""
    if check.body != MAG or check.group:
        return None
    pending = reads.all(CharterChange, community=check.community, state=ChangeState.PROPOSED)
    return next((each for each in pending if each.check == check.number), None)


def changed_by(before: Sections, after: Sections) -> frozenset[str]:
    """The keys of the sections that differ."""
    old, new = asdict(before), asdict(after)
    return frozenset(key for key in old if old[key] != new[key])


def change(reads: Reads, group: Group, author: PersonId, after: Sections) -> ProposalWritten | None:
    """The new version where the change is editorial; None where it takes the members' consensus.

    Raises `NotNow` for a group that is not at work, or whose charter is being changed; `Invalid` for no change.
    """
    if group.stage is not Stage.ACTIVE:
        raise NotNow(
            T(
                "{group} is {stage}: only the charter of an active group is changed.",
                group=group.short_name,
                stage=PHRASES[group.stage],
            ),
            T("See where it stands: {command}.", command=Say(f"show {group.short_name}")),
        )
    changed = changed_by(latest(reads, group).sections, after)
    if not changed:
        raise Invalid(
            T("That changes nothing in the charter of {group}.", group=group.short_name),
            T(
                "Name a section and give its new text: {command}.",
                command=Say(f'charter change {group.short_name} --plan "…"'),
            ),
        )
    if pending_change(reads, group) is not None:
        raise NotNow(
            T("A change of the charter of {group} is before the members already.", group=group.short_name),
            T("See it, or withdraw it first: {command}.", command=Say(f"charter pending {group.short_name}")),
        )
    complete(after)
    return None if changed & SUBSTANTIAL else written(group.id, group.version + 1, author, after)


def change_question(group: Group) -> str:
    """What the check upon a change asks."""
    return f"Should the charter of {group.short_name} ({group.full_name}) be changed as proposed?"


def ready_for_check(change: CharterChange, group: Group, consultation_closed: bool, waiting: int) -> None:
    """Raise `NotNow` unless feedback was sought, every concern has its response, and the members were not asked yet.

    Source: "must seek and receive feedback from the full MAG when defining goals and objectives".
    """
    if change.check or not consultation_closed or waiting:
        raise NotNow(
            T(
                "The members are asked about the charter of {group} once, after their feedback was sought and answered.",
                group=group.short_name,
            ),
            T("See where it stands: {command}.", command=Say(f"charter pending {group.short_name}")),
        )


def adopt(
    change: CharterChange, check: Check | None, group: Group, author: PersonId
) -> tuple[ChangeSettled, ProposalWritten]:
    """The Chair adopts a change upon a consensus that was concluded: it is the next version of the charter."""
    if check is None or check.outcome is None:
        raise NotNow(
            T(
                "The Chair adopts a change of the charter of {group} upon a consensus of the members.",
                group=group.short_name,
            ),
            T("See where it stands: {command}.", command=Say(f"charter pending {group.short_name}")),
        )
    if check.outcome is not Outcome.CONSENSUS:
        raise NotNow(
            T(
                "Check {number} found no consensus on the change of the charter of {group}.",
                number=check.number,
                group=group.short_name,
            ),
            T(
                "Decline it, so that another can be proposed: {command}.",
                command=Say(f'charter decline {group.short_name} "…"'),
            ),
        )
    settled = ChangeSettled(group.id, change.number, ChangeState.ADOPTED, "")
    return settled, written(group.id, group.version + 1, author, change.sections)
