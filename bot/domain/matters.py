"""What the next meeting of the full membership takes up by itself, read off how the groups stand. Pure.

Source: a vacancy is "after four weeks on the MAG's agenda"; late updates, renewals, and proposals awaiting a conclusion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.community import Community
from bot.domain.consensus.checks import Check
from bot.domain.groups import UNDECIDED, Group, Stage
from bot.domain.records import Reads
from bot.domain.updates import awaited
from bot.domain.vacancies import vacancies


class MatterKind(StrEnum):
    """Why a group is on the agenda."""

    CONCLUSION = "conclusion"
    RENEWAL = "renewal"
    VACANCY = "vacancy"
    UPDATE_LATE = "update late"


@dataclass(frozen=True, slots=True)
class Matter:
    """A group, and why it is on the agenda."""

    kind: MatterKind
    group: Group

    @property
    def key(self) -> str:
        """What tells it apart, on one agenda and from one meeting to the next."""
        return f"{self.kind.value}:{self.group.id}"


def taken_up(reads: Reads, community: Community, now: datetime) -> tuple[Matter, ...]:
    """What the full membership's next meeting takes up, in the order of `MatterKind`, then of the groups' names."""
    found = [
        Matter(kind, group)
        for group in reads.all(Group, community=community.id)
        for kind in _of_group(reads, community, group, now)
    ]
    found += [Matter(MatterKind.VACANCY, each.group) for each in vacancies(reads, community, now) if each.noticed]
    order = list(MatterKind)
    return tuple(sorted(found, key=lambda each: (order.index(each.kind), each.group.short_name)))


def _of_group(reads: Reads, community: Community, group: Group, now: datetime) -> Iterator[MatterKind]:
    if group.stage in UNDECIDED:
        if _awaits_conclusion(reads, group, now):
            yield MatterKind.CONCLUSION
        elif group.predecessor is not None:
            yield MatterKind.RENEWAL
    if group.stage is Stage.ACTIVE:
        update = awaited(reads, community, group, now)
        if update is not None and update.late(now):
            yield MatterKind.UPDATE_LATE


def _awaits_conclusion(reads: Reads, group: Group, now: datetime) -> bool:
    if group.stage is Stage.CONCLUDED_UPON:
        return True
    check = reads.get(Check, group.community, group.check) if group.stage is Stage.CONSENSUS_CHECK else None
    return check is not None and (check.closed_at is not None or now >= check.closes_at)
