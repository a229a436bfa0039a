"""Modalities: a working group's own working methods. Default ones hold from its first day; its consensus adopts others.

Source: "Working groups have the freedom to define their own working methodologies and can include non-MAG members in the
work if appropriate", and "Decisions on these working modalities should be made by consensus of the Working Group".
A proposal is asked of the group in a consensus check; concluding *Consensus* upon it adopts the version. A check keeps the
rule, the times and the participation floor it began with.
"""

from __future__ import annotations

from enum import StrEnum

from bot.domain.community import Community
from bot.domain.consensus.checks import Check, Outcome
from bot.domain.consensus.rules import Rule, RuleKind
from bot.domain.consensus.windows import MINIMUM_LAZY
from bot.domain.errors import Invalid, NotNow
from bot.domain.groups import PHRASES, Group, Stage
from bot.domain.ids import PersonId
from bot.domain.records import Reads
from bot.domain.ways import Modalities, ModalitiesAdopted, ModalitiesProposed, Ways, in_force, versions, ways_of
from bot.text import Say, T

DEFAULT_VERSION = 1
"""The number of the default modalities; those a group adopts follow."""

MOST_WEEKS = 13
"""The longest time between two updates that a group may choose: a quarter of a year."""


class State(StrEnum):
    """Where a version stands."""

    ASKED = "asked"
    ADOPTED = "adopted"
    NOT_ADOPTED = "not adopted"


def state_of(reads: Reads, modalities: Modalities) -> State:
    """Where a version stands."""
    if modalities.adopted_at is not None:
        return State.ADOPTED
    check = reads.get(Check, modalities.community, modalities.check)
    if check is None or check.called_off or check.outcome is Outcome.NO_CONSENSUS:
        return State.NOT_ADOPTED
    return State.ASKED


def rule_of_adoption(ways: Ways) -> Rule:
    """The rule by which modalities are decided: the group's own where that is consensus, rough consensus otherwise.

    Source: "by consensus of the Working Group": whoever chose to decide by counting does not undo that by counting.
    """
    rule = Rule.parse(ways.rule)
    return Rule(RuleKind.ROUGH) if rule.kind in (RuleKind.SUPERMAJORITY, RuleKind.MINUS) else rule


def propose(
    reads: Reads, community: Community, group: Group, text: str, ways: Ways, person: PersonId, check: int
) -> ModalitiesProposed:
    """Propose other modalities, to be decided by the check of that number.

    Raises `NotNow` where the group is not at work or decides on others already, `Invalid` where nothing would change or
    what is chosen cannot be.
    """
    if group.stage is not Stage.ACTIVE:
        raise NotNow(
            T(
                "{group} is {stage}: it decides on its modalities when it is active.",
                group=group.short_name,
                stage=PHRASES[group.stage],
            ),
            T("See those that hold until then: {command}.", command=Say(f"modalities {group.short_name}")),
        )
    before = versions(reads, community.id, group.id)
    asked = next((each for each in before if state_of(reads, each) is State.ASKED), None)
    if asked is not None:
        raise NotNow(
            T(
                "{group} decides on version {version} of its modalities already, in check {number}.",
                group=group.short_name,
                version=asked.version,
                number=asked.check,
            ),
            T("Propose another when that is concluded upon: {command}.", command=Say(f"consensus show {asked.check}")),
        )
    now = in_force(reads, community.id, group.id)
    if not ways.changes(ways_of(reads, community, group.id)) and text == (now.text if now is not None else ""):
        raise Invalid(
            T("Nothing would change in the modalities of {group}.", group=group.short_name),
            T("See them: {command}.", command=Say(f"modalities {group.short_name}")),
        )
    _can_be(ways, community)
    version = max((each.version for each in before), default=DEFAULT_VERSION) + 1
    return ModalitiesProposed(group.id, version, text, ways, person, check)


def _can_be(ways: Ways, community: Community) -> None:
    """Raise `Invalid` where what is chosen could never hold, or would end what every group owes the others."""
    least = community.settings.check_minimum_hours
    if Rule.parse(ways.rule).kind is RuleKind.LAZY:
        least = max(least, int(MINIMUM_LAZY.total_seconds()) // 3600)
    if ways.check_hours < least:
        raise Invalid(
            T(
                "{hours} hours is too short for a formal check by this rule: it takes at least {least}.",
                hours=ways.check_hours,
                least=least,
            ),
            T("Give it longer: {command}.", command=Say(f"--check-hours {least}")),
            field="check_hours",
        )
    if not 0 <= ways.update_weeks <= MOST_WEEKS:
        raise Invalid(
            T("A working group reports every {most} weeks at least.", most=MOST_WEEKS),
            T("Give a number of weeks from 1 to {most}, or 0 for the usual cadence.", most=MOST_WEEKS),
            field="update_weeks",
        )


def adoption(reads: Reads, check: Check) -> ModalitiesAdopted | None:
    """What follows where consensus was concluded upon a check: the version it asked about is adopted."""
    if check.outcome is not Outcome.CONSENSUS:
        return None
    for each in reads.all(Modalities, community=check.community, check=check.number):
        return ModalitiesAdopted(each.group, each.version)
    return None
