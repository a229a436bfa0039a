"""Balance: how a working group's members, and what they do in it, spread over stakeholder groups and regional groups.

Source: "inclusive of all views and have balanced participation from all stakeholder groups". It warns and never blocks; it
names groups, never persons. Regional groups are our addition. Those whose seats take no positions, participants and the
Secretariat are not counted.

What is counted is a measure: members, positions, attendance and speaking turns here; whoever records something else that
people do in a group declares it with `measures`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.domain.community import Community
from bot.domain.consensus.checks import Check, Held
from bot.domain.groups import Group, Stage
from bot.domain.ids import PersonId
from bot.domain.meetings import meetings_of
from bot.domain.membership import members_in
from bot.domain.people import ASKED, Seat
from bot.domain.records import Reads
from bot.domain.sitting import Attendance, Attending, attendance_of
from bot.text import T, Text

Counting = Callable[[Reads, Group], Mapping[PersonId, int]]
"""How often each person did something in a group."""
C = TypeVar("C", bound=Counting)

FEWEST = 4
"""Members from which on it is pointed out that one stakeholder group has more than half of them."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is counted: its `key`, the word for it, and how."""

    key: str
    label: Text
    count: Counting


MEASURES: list[Measure] = []
"""Every measure, in the order of the balance's columns."""


def measures(key: str, label: Text) -> Callable[[C], C]:
    """Declare a measure on what counts it."""

    def declare(function: C) -> C:
        MEASURES.append(Measure(key, label, function))
        return function

    return declare


@measures("members", T("Members"))
def _members(reads: Reads, group: Group) -> Mapping[PersonId, int]:
    return {each.person: 1 for each in members_in(reads, group)}


@measures("positions", T("Positions taken"))
def _positions(reads: Reads, group: Group) -> Mapping[PersonId, int]:
    """In the checks of the group itself, not in the one on forming it."""
    taken: Counter[PersonId] = Counter()
    checks = reads.all(Check, community=group.community, body=group.id)
    for check in sorted(checks, key=lambda each: each.closed):
        taken.update(each.person for each in reads.all(Held, community=group.community, check=check.number))
    return taken


@measures("attendance", T("Meetings attended"))
def _attendance(reads: Reads, group: Group) -> Mapping[PersonId, int]:
    return Counter(each.person for each in _present(reads, group))


@measures("turns", T("Speaking turns"))
def _turns(reads: Reads, group: Group) -> Mapping[PersonId, int]:
    turns: Counter[PersonId] = Counter()
    for each in _present(reads, group):
        turns[each.person] += each.turns
    return turns


def _present(reads: Reads, group: Group) -> Iterator[Attendance]:
    for meeting in meetings_of(reads, group.community, group.id):
        yield from (each for each in attendance_of(reads, meeting) if each.state is Attending.PRESENT)


@dataclass(frozen=True, slots=True)
class Share:
    """One measure, by stakeholder group and by regional group."""

    measure: Measure
    by_group: Mapping[str, int]
    by_region: Mapping[str, int]

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.by_group.values())


@dataclass(frozen=True, slots=True)
class Balance:
    """How a group is balanced. `missing`: stakeholder groups without a member; `dominant`: one with more than half."""

    shares: tuple[Share, ...]
    missing: tuple[str, ...]
    dominant: str | None

    @property
    def members(self) -> Share:
        """The first measure."""
        return self.shares[0]

    @property
    def even(self) -> bool:
        """Whether there is nothing to point out."""
        return not self.missing and self.dominant is None


def balance_of(reads: Reads, community: Community, group: Group) -> Balance:
    """The balance of a group in every measure, by the seats of its cycle."""
    return _balance(reads, community, group, MEASURES)


def imbalance(reads: Reads, community: Community, group: Group) -> Balance | None:
    """The balance of the members of a group at work, where there is something to point out; None otherwise."""
    if group.stage is not Stage.ACTIVE:
        return None
    found = _balance(reads, community, group, MEASURES[:1])
    return None if found.even else found


def _balance(reads: Reads, community: Community, group: Group, counted: Sequence[Measure]) -> Balance:
    seats = {
        seat.person: seat
        for seat in reads.all(Seat, community=group.community, cycle=group.cycle)
        if seat.role in ASKED
    }
    shares = tuple(_share(each, each.count(reads, group), seats) for each in counted)
    members = shares[0]
    seated_groups = {seat.stakeholder_group for seat in seats.values()}
    missing = tuple(
        name for name in community.stakeholder_groups if name in seated_groups and not members.by_group.get(name)
    )
    dominant = next(
        (name for name, count in members.by_group.items() if members.total >= FEWEST and 2 * count > members.total),
        None,
    )
    return Balance(shares, missing, dominant)


def _share(measure: Measure, counts: Mapping[PersonId, int], seats: Mapping[PersonId, Seat]) -> Share:
    groups: Counter[str] = Counter()
    regions: Counter[str] = Counter()
    for person, count in counts.items():
        seat = seats.get(person)
        if seat is not None:
            groups[seat.stakeholder_group] += count
            regions[seat.regional_group] += count
    return Share(measure, groups, regions)
