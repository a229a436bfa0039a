"""People on cards: their names, the order of these, and the stakeholder group they sit for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from bot.domain.community import Community
from bot.domain.facilitators import Facilitator
from bot.domain.ids import PersonId
from bot.domain.people import Person, Seat
from bot.domain.proposals import CoProposer
from bot.domain.records import Reads
from bot.present.names import group_label
from bot.text import PersonName, T, Text

P = TypeVar("P", CoProposer, Facilitator)


def person_name(reads: Reads, community: Community, person: PersonId | None) -> PersonName:
    """A person's name as a parameter."""
    found = reads.get(Person, community.id, person) if person else None
    return PersonName(str(person or ""), found.name if found else "—")


def by_name(reads: Reads, community: Community, records: Iterable[P]) -> list[P]:
    """Records of persons in the order of their names."""
    return sorted(records, key=lambda each: person_name(reads, community, each.person).name)


def with_group(reads: Reads, community: Community, cycle: int, person: PersonId) -> Text:
    """`Qiang R. (Private Sector)`."""
    seat = reads.get(Seat, community.id, cycle, person)
    name = person_name(reads, community, person)
    if seat is None or not seat.stakeholder_group:
        return T("{person}", person=name)
    return T("{person} ({group})", person=name, group=group_label(seat.stakeholder_group))
