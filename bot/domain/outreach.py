"""The outreach log: what was done to reach which stakeholder groups. Of groups, never of persons.

Source: facilitators carry "out outreach as appropriate to encourage participation".
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.domain.community import counted
from bot.domain.events import Fact, applies, event
from bot.domain.groups import Group
from bot.domain.ids import CommunityId, GroupId, PersonId
from bot.domain.records import Reads, record


@record(key="community group number", lists=("community group",))
class Outreach:
    """One thing that was done; `reached` are the stakeholder groups it was for."""

    community: CommunityId
    group: GroupId
    number: int
    author: PersonId
    reached: tuple[str, ...]
    text: str
    noted_at: datetime


@event("outreach.noted", private="text")
class OutreachNoted:
    """Something was done to reach stakeholder groups."""

    group: GroupId
    number: int
    author: PersonId
    reached: tuple[str, ...]
    text: str


def counter_of(group: GroupId) -> str:
    """The kind under which a group's outreach is counted."""
    return f"outreach:{group}"


@applies(OutreachNoted)
def _noted(reads: Reads, fact: Fact, event: OutreachNoted) -> Iterable[Any]:
    yield Outreach(fact.community, event.group, event.number, event.author, event.reached, event.text, fact.at)
    yield counted(fact.community, counter_of(event.group), event.number)


def outreach_of(reads: Reads, group: Group) -> tuple[Outreach, ...]:
    """Everything done for a group, the oldest first."""
    return reads.all(Outreach, community=group.community, group=group.id)
