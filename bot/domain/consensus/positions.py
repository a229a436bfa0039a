"""Positions, and how many there are of each by stakeholder group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Position(StrEnum):
    """What a member says to the question of a consensus check. The order is the order shown."""

    SUPPORT = "support"
    LIVE_WITH = "live-with"
    STAND_ASIDE = "stand-aside"
    OBJECT = "object"
    ABSTAIN = "abstain"
    NEED_TIME = "need-time"


AGREEING = frozenset({Position.SUPPORT, Position.LIVE_WITH})


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of positions by stakeholder group. `asked` counts the members asked of each group.

    A group without a name ("") holds members whose seat names none.
    """

    asked: Mapping[str, int]
    counts: Mapping[tuple[str, Position], int]

    def of(self, position: Position, group: str | None = None) -> int:
        """How many hold `position`, in one group or in all."""
        if group is not None:
            return self.counts.get((group, position), 0)
        return sum(count for (_, held), count in self.counts.items() if held is position)

    def taken(self, group: str | None = None) -> int:
        """How many have taken any position (*Need time* included: it is an answer)."""
        return sum(count for (name, _), count in self.counts.items() if group is None or name == group)

    def asked_in_all(self) -> int:
        """How many members were asked."""
        return sum(self.asked.values())

    def groups(self) -> tuple[str, ...]:
        """Every group that was asked, in the order given."""
        return tuple(self.asked)


def recount(asked: Mapping[str, int], positions: Iterable[tuple[str, Position]]) -> Tally:
    """The tally counted anew from (stakeholder group, position) of every member who took one."""
    counts: dict[tuple[str, Position], int] = {}
    for group, position in positions:
        counts[group, position] = counts.get((group, position), 0) + 1
    return Tally(dict(asked), counts)
