"""People: persons, their accounts on platforms, and their seats in a cycle. One person, several accounts, one position."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from bot.domain.community import Community
from bot.domain.events import Fact, applies, event
from bot.domain.ids import CommunityId, PersonId
from bot.domain.names import fold
from bot.domain.records import Gone, Reads, record


class Role(StrEnum):
    """What a seat is. Members asked hold `CHAIR` or `MEMBER`; the others comment only."""

    CHAIR = "chair"
    MEMBER = "member"
    HOST_CO_CHAIR = "host country co-chair"
    INCOMING_HOST = "incoming host country"
    PAST_HOST = "past host country"
    OBSERVER = "observer"
    SECRETARIAT = "secretariat"


MAIL: Final = "mail"
"""The platform, and the only team on it, of those who are written to by mail. An account's user there is the person's id."""

ASKED = frozenset({Role.CHAIR, Role.MEMBER})
"""Seats that take positions in a MAG consensus check."""


@record(key="community id", lists=("community", "community email", "community folded"))
class Person:
    """A person known to one community. `folded` is the name as matched, whatever its case, accents and spaces.

    `zone` (IANA) and `language` (BCP 47) are those of their platform; "" where none said: the community's are taken.
    """

    community: CommunityId
    id: PersonId
    name: str
    email: str
    folded: str
    zone: str = ""
    language: str = ""


@record(key="community platform team user", lists=("community", "community person", "platform team user"))
class Account:
    """A person's account on a platform; `team` is a workspace or server."""

    community: CommunityId
    platform: str
    team: str
    user: str
    person: PersonId
    since: datetime


@record(key="community cycle person", lists=("community cycle", "community cycle role"))
class Seat:
    """A person's place in one cycle. Stakeholder group belongs to the seat, not to the person."""

    community: CommunityId
    cycle: int
    person: PersonId
    role: Role
    stakeholder_group: str
    regional_group: str


@event("person.added", private="name email")
class PersonAdded:
    """A person became known to the community."""

    person: PersonId
    name: str
    email: str


@event("person.changed", private="name email")
class PersonChanged:
    """A person's name or e-mail address changed."""

    person: PersonId
    name: str
    email: str


@event("person.profile-noted", private="zone language")
class ProfileNoted:
    """The time zone and the language a person chose on their platform. "" is not known."""

    person: PersonId
    zone: str
    language: str


@event("seat.given")
class SeatGiven:
    """A person was seated in a cycle, or the seat's role or groups changed."""

    cycle: int
    person: PersonId
    role: Role
    stakeholder_group: str
    regional_group: str


@event("seat.ended")
class SeatEnded:
    """A person's seat in a cycle ended."""

    cycle: int
    person: PersonId


@event("account.linked", private="user")
class AccountLinked:
    """An account was recognised as a person's own; `how`: roster, code, verified e-mail or sample."""

    platform: str
    team: str
    user: str
    person: PersonId
    how: str


@event("account.unlinked", private="user")
class AccountUnlinked:
    """An account no longer speaks for a person."""

    platform: str
    team: str
    user: str
    person: PersonId


@applies(PersonAdded)
def _added(reads: Reads, fact: Fact, event: PersonAdded) -> Iterable[Any]:
    yield Person(fact.community, event.person, event.name, event.email, fold(event.name))


@applies(PersonChanged)
def _changed(reads: Reads, fact: Fact, event: PersonChanged) -> Iterable[Any]:
    person = reads.get(Person, fact.community, event.person)
    if person is not None:
        yield replace(person, name=event.name, email=event.email, folded=fold(event.name))


@applies(ProfileNoted)
def _noted(reads: Reads, fact: Fact, event: ProfileNoted) -> Iterable[Any]:
    person = reads.get(Person, fact.community, event.person)
    if person is not None:
        yield replace(person, zone=event.zone, language=event.language)


@applies(SeatGiven)
def _seated(reads: Reads, fact: Fact, event: SeatGiven) -> Iterable[Any]:
    yield Seat(fact.community, event.cycle, event.person, event.role, event.stakeholder_group, event.regional_group)


@applies(SeatEnded)
def _unseated(reads: Reads, fact: Fact, event: SeatEnded) -> Iterable[Any]:
    seat = reads.get(Seat, fact.community, event.cycle, event.person)
    if seat is not None:
        yield Gone(seat)


@applies(AccountLinked)
def _linked(reads: Reads, fact: Fact, event: AccountLinked) -> Iterable[Any]:
    yield Account(fact.community, event.platform, event.team, event.user, event.person, fact.at)


@applies(AccountUnlinked)
def _unlinked(reads: Reads, fact: Fact, event: AccountUnlinked) -> Iterable[Any]:
    account = reads.get(Account, fact.community, event.platform, event.team, event.user)
    if account is not None:
        yield Gone(account)


def account_of(reads: Reads, community: CommunityId, platform: str, team: str, user: str) -> Account | None:
    """The account, if it is somebody's. Whoever has an address on the roster has one in mail, which nobody has to link."""
    if platform != MAIL:
        return reads.get(Account, community, platform, team, user)
    person = reads.get(Person, community, PersonId(user))
    return mail_account(person) if person is not None else None


def mail_account(person: Person) -> Account | None:
    """Somebody's account in mail. It holds no address: that is the roster's to say, whenever it is written to."""
    if not person.email:
        return None
    return Account(person.community, MAIL, MAIL, person.id, person.id, datetime.min.replace(tzinfo=UTC))


def seat_of(reads: Reads, community: Community, person: PersonId | None) -> Seat | None:
    """The person's seat in the current cycle."""
    return reads.get(Seat, community.id, community.cycle, person) if person else None


def seated(reads: Reads, community: Community, *roles: Role) -> tuple[Seat, ...]:
    """The seats of the current cycle with one of the roles (all seats when none is named), in a stable order."""
    if not roles:
        return reads.all(Seat, community=community.id, cycle=community.cycle)
    return tuple(
        seat for role in roles for seat in reads.all(Seat, community=community.id, cycle=community.cycle, role=role)
    )


def chair_of(reads: Reads, community: Community) -> Seat | None:
    """The seated Chair, if there is one."""
    chairs = seated(reads, community, Role.CHAIR)
    return chairs[0] if chairs else None


def asked_seats(reads: Reads, community: Community) -> tuple[Seat, ...]:
    """The members asked in a check of the full MAG."""
    return seated(reads, community, *sorted(ASKED))
