"""Whose turn it is to speak: an order that favours the stakeholder groups heard least.

Source: "inclusive of all views and have balanced participation from all stakeholder groups". Pure: who waits, and how
often each was heard. The next is of the group that was heard least among those waiting; within it, whoever spoke least,
then whoever has waited longest. So no group gets further than one turn ahead of another that waits too, and nobody who
has spoken already keeps another of the same group from a first word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import PersonId


@dataclass(frozen=True, slots=True)
class Waiting:
    """A person who wants to speak, with their stakeholder group ("" for who has none), since when (UTC)."""

    person: PersonId
    group: str
    since: datetime


def in_turn(
    waiting: Iterable[Waiting], by_group: Mapping[str, int], by_person: Mapping[PersonId, int]
) -> tuple[Waiting, ...]:
    """Who speaks after whom, given how often groups and persons were heard."""
    groups, persons = Counter(by_group), Counter(by_person)
    left = list(waiting)
    order = []
    while left:
        following = min(left, key=lambda each: (groups[each.group], persons[each.person], each.since, each.person))
        left.remove(following)
        groups[following.group] += 1
        persons[following.person] += 1
        order.append(following)
    return tuple(order)
