"""Seats given and ended by hand, one person at a time, and what holds however seats change.

One Chair is seated at most, and somebody who may change the roster always is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.domain.community import Community
from bot.domain.errors import Invalid, NotNow
from bot.domain.ids import PersonId
from bot.domain.names import fold
from bot.domain.people import Person, PersonChanged, Role, Seat, SeatEnded, SeatGiven, chair_of, seated
from bot.domain.records import Reads
from bot.domain.roster_fields import shown
from bot.text import PersonName, Say, T, UserText

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
