"""The Code of Conduct: that people acknowledged it. What is reported under it is `bot.domain.conduct_reports`.

Source: "The IGF Code of Conduct should be followed at all times". It is acknowledged on joining a group, or by command.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.domain.community import Community
from bot.domain.events import Fact, applies, event
from bot.domain.ids import CommunityId, PersonId
from bot.domain.records import Reads, record


@record(key="community person")
class Acknowledgement:
    """A person acknowledged the Code of Conduct: `code` is the one of then, a link or a text."""

    community: CommunityId
    person: PersonId
    code: str
    at: datetime


@event("conduct.acknowledged", private="code")
class ConductAcknowledged:
    """A person acknowledged the Code of Conduct."""

    person: PersonId
    code: str


@applies(ConductAcknowledged)
def _acknowledged(reads: Reads, fact: Fact, event: ConductAcknowledged) -> Iterable[Any]:
    yield Acknowledgement(fact.community, event.person, event.code, fact.at)


def acknowledged(reads: Reads, community: Community, person: PersonId) -> Acknowledgement | None:
    """When a person acknowledged the Code of Conduct as it is now; None: not yet, or another one."""
    found = reads.get(Acknowledgement, community.id, person)
    return found if found is not None and found.code == community.settings.code_of_conduct else None


def acknowledging(reads: Reads, community: Community, person: PersonId) -> Iterable[ConductAcknowledged]:
    """Acknowledge it, once for each Code there is."""
    if acknowledged(reads, community, person) is None:
        yield ConductAcknowledged(person, community.settings.code_of_conduct)
