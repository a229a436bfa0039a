"""What the full MAG is consulted on: the forming of a working group, a change of its charter, or a recommendation that it drafted.

All take the same consultation; they differ in what it is called, who answers comments, and whose feedback counts.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.charter_changes import CharterChange, change_of, pending_change
from bot.domain.consultations import Consultation
from bot.domain.facilitators import Membership, facilitators
from bot.domain.groups import Group, GroupName, find_group, group_of
from bot.domain.ids import CommunityId, PersonId
from bot.domain.names import fold
from bot.domain.proposals import proposers
from bot.domain.recommendations import Recommendation, labelled, recommendation_of
from bot.domain.records import Reads
from bot.text import T, Text, term


@dataclass(frozen=True, slots=True)
class Consulted:
    """A group whose proposal is consulted on, or one of its recommendations, or a change of its charter."""

    group: Group
    recommendation: Recommendation | None = None
    change: CharterChange | None = None

    @property
    def formation(self) -> bool:
        """Whether it is on the forming of the group."""
        return self.recommendation is None and self.change is None

    @property
    def name(self) -> str:
        """What one types to mean it."""
        return self.recommendation.label if self.recommendation else self.group.short_name

    @property
    def text(self) -> Text:
        """What it is called in a sentence."""
        if self.change is not None:
            return T("the charter of {group}", group=self.group.short_name)
        if self.recommendation is None:
            return term(self.group.short_name)
        return T("recommendation {label} of {group}", label=self.recommendation.label, group=self.group.short_name)

    @property
    def show(self) -> str:
        """The command that shows it."""
        if self.change is not None:
            return f"charter pending {self.name}"
        return f"recommendation show {self.name}" if self.recommendation else f"show {self.name}"

    @property
    def consultation(self) -> int:
        """The number of its latest consultation (0: none yet)."""
        return (self.recommendation or self.change or self.group).consultation

    @property
    def version(self) -> int:
        """The version of its text that comments are on."""
        if self.change is not None:
            return self.change.number
        return (self.recommendation or self.group).version


def consulted_called(reads: Reads, community: CommunityId, name: str) -> Consulted:
    """What a person means: a group by any of its names, or a recommendation as `R3`. Raises `NotFound`."""
    if reads.get(GroupName, community, fold(name)) is None:
        found = labelled(reads, community, name)
        if found is not None:
            return Consulted(group_of(reads, community, found.group), found)
    group = find_group(reads, community, name)
    return Consulted(group, change=pending_change(reads, group))


def consulted_in(reads: Reads, consultation: Consultation) -> Consulted:
    """What a consultation is on."""
    group = group_of(reads, consultation.community, consultation.group)
    kind, _, number = consultation.about.partition(":")
    if kind == "charter-change":
        change = change_of(reads, group.community, group.id, int(number.rpartition(":")[2]))
        return Consulted(group, change=change)
    if kind != "recommendation":
        return Consulted(group)
    return Consulted(group, recommendation_of(reads, consultation.community, int(number)))


def answering(reads: Reads, consulted: Consulted) -> frozenset[PersonId]:
    """Who answers comments: the proposers, or for a recommendation the group's co-facilitators."""
    if consulted.formation:
        return proposers(reads, consulted.group)
    return frozenset(each.person for each in facilitators(reads, consulted.group))


def within(reads: Reads, consulted: Consulted) -> frozenset[PersonId]:
    """Whose own comments are no feedback from the full MAG: the proposers', or those of the group's members."""
    if consulted.formation:
        return proposers(reads, consulted.group)
    group = consulted.group
    members = reads.all(Membership, community=group.community, group=group.id)
    return answering(reads, consulted) | {each.person for each in members}
