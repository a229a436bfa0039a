"""Seats: given and ended by hand, one person at a time; found and put in order; and what holds however they change.

One Chair is seated at most, and somebody who may change the roster always is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.community import Community
from bot.domain.errors import Invalid, NotFound, NotNow
from bot.domain.ids import PersonId
from bot.domain.names import fold, nearest
from bot.domain.people import Person, PersonChanged, Role, Seat, SeatEnded, SeatGiven, chair_of, seated
from bot.domain.records import Reads
from bot.domain.roster_fields import group_called, region_called, role_called, shown
from bot.text import PersonName, Say, T, UserText, joined, term

KEEPERS: Final = frozenset({Role.CHAIR, Role.SECRETARIAT})
"""Who may change the roster; someone always can."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a seat is, whoever has it."""

    role: Role
    stakeholder_group: str
    regional_group: str


def place_of(seat: Seat) -> Place:
    """What a seat is."""
    return Place(seat.role, seat.stakeholder_group, seat.regional_group)


def typed_name(person: Person | None) -> str:
    """How a person is named in a command: the name in quotes, or the address where the name has some itself."""
    if person is None:
        return "NAME"
    return person.email if '"' in person.name else f'"{person.name}"'


def nobody_left() -> NotNow:
    """The refusal of what would lock everybody out."""
    return NotNow(
        T("Then nobody could change the roster any more: no Chair and nobody of the Secretariat would be seated."),
        T("Seat somebody first: {command}.", command=Say('roster seat "NAME" secretariat --email name@example.org')),
    )


def given(cycle: int, person: PersonId, place: Place) -> SeatGiven:
    """A place given to a person."""
    return SeatGiven(cycle, person, place.role, place.stakeholder_group, place.regional_group)


def give_seat(reads: Reads, community: Community, person: Person, place: Place) -> SeatGiven:
    """Seat one person in the current cycle, or give them another seat.

    Raises `NotNow` for a second Chair, and when nobody would be left who may change the roster.
    """
    chair = chair_of(reads, community)
    if place.role is Role.CHAIR and chair is not None and chair.person != person.id:
        now = reads.get(Person, community.id, chair.person)
        raise NotNow(
            T(
                "{name} is the Chair, and there is one at a time.",
                name=PersonName(str(chair.person), now.name if now else "—"),
            ),
            T("Hand over: first {command}, then this again.", command=Say(f"roster role {typed_name(now)} member")),
            field="role",
        )
    if place.role not in KEEPERS:
        _keeper_left(reads, community, person)
    return given(community.cycle, person.id, place)


def end_seat(reads: Reads, community: Community, person: Person) -> SeatEnded:
    """End one person's seat. Raises `NotNow` when they have none, or nobody would be left to change the roster."""
    if reads.get(Seat, community.id, community.cycle, person.id) is None:
        raise NotNow(
            T("{name} has no seat in the current cycle.", name=UserText(person.name)),
            T("See who has: {command}.", command=Say("roster show")),
            field="name",
        )
    _keeper_left(reads, community, person)
    return SeatEnded(community.cycle, person.id)


def _keeper_left(reads: Reads, community: Community, leaving: Person) -> None:
    keepers = {each.person for each in seated(reads, community, *sorted(KEEPERS))}
    if keepers == {leaving.id}:
        raise nobody_left()


def change_email(reads: Reads, community: Community, person: Person, email: str) -> PersonChanged:
    """Another e-mail address for a person. Raises `Invalid` when it is somebody's already."""
    for other in reads.all(Person, community=community.id, email=email):
        raise Invalid(
            T("{name} has this address already.", name=PersonName(str(other.id), other.name)),
            T("Check the address: {typed}.", typed=shown(email)),
            field="email",
        )
    return PersonChanged(person.id, person.name, email)


def namesakes(reads: Reads, community: Community, name: str) -> Iterable[Person]:
    """The people on the roster whose name is that, however spelled."""
    return reads.all(Person, community=community.id, folded=fold(name))


@dataclass(frozen=True, slots=True)
class Seated:
    """A person with their seat."""

    person: Person
    seat: Seat


def in_order(community: Community, everyone: Iterable[Seated]) -> list[Seated]:
    """By role, stakeholder group and name."""
    roles = {role: number for number, role in enumerate(Role)}
    groups = {group: number for number, group in enumerate(community.stakeholder_groups)}

    def place(each: Seated) -> tuple[int, int, str, str]:
        seat = each.seat
        return roles[seat.role], groups.get(seat.stakeholder_group, len(groups)), each.person.folded, str(seat.person)

    return sorted(everyone, key=place)


def chosen(community: Community, everyone: Sequence[Seated], typed: str, *, addresses: bool) -> list[Seated]:
    """Those of a role, a group or a region, or with these letters in their names; all when nothing is typed.

    With `addresses`, an e-mail address finds its person. Raises `NotFound` when nobody is found.
    """
    if not typed:
        return list(everyone)
    key = fold(typed)
    role, group, region = role_called(typed, community), group_called(typed, community), region_called(typed, community)
    if role is not None:
        found = [each for each in everyone if each.seat.role is role]
    elif group:
        found = [each for each in everyone if each.seat.stakeholder_group == group]
    elif region:
        found = [each for each in everyone if each.seat.regional_group == region]
    else:
        found = [
            each
            for each in everyone
            if (key and key in each.person.folded) or (addresses and each.person.email == typed.lower())
        ]
    if found:
        return found
    what = T("Nobody seated is {typed}.", typed=shown(typed))
    names = [*Role, *community.stakeholder_groups, *community.regional_groups, *(each.person.name for each in everyone)]
    near = () if role or group or region else nearest(typed, names)
    if near:
        raise NotFound(
            what, T("Did you mean {names}?", names=joined([term(str(each)) for each in near], " · ")), field="filter"
        )
    raise NotFound(what, T("See everybody: {command}.", command=Say("roster show")), field="filter")
