"""Addresses whose mail comes back: counted beside the log, and flagged to the Secretariat when it is plain that nothing arrives there.

A mailbox that does not exist is flagged by its first bounce, one that is full or refuses by its third within two weeks. The flag
goes when the address is another one, or when mail comes from it. Writing there goes on: a bounce may be wrong, and who is not
written to does not take part. It holds no address.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from bot.domain.ids import CommunityId, PersonId
from bot.domain.people import Person
from bot.domain.records import Reads, record
from bot.text import PersonName, Say, T, Text, term

ENOUGH: Final = 3
"""Bounces of a mailbox that is there."""

WITHIN: Final = timedelta(days=14)
"""After which they are counted anew."""


@record(key="community place", lists=("community",), logged=False)
class Bouncing:
    """Mail to a place (`@PERSON`, or a list's address) came back, how often and when last (real time).

    `address` is a digest of what the address was then, `flagged_at` when people were told (None: not yet).
    """

    community: CommunityId
    place: str
    address: str
    status: str
    count: int
    last_at: datetime
    flagged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AddressFails:
    """People are to be told of an address at which nothing arrives."""

    bouncing: Bouncing


def came_back(reads: Reads, community: CommunityId, place: str, status: str, at: datetime, *, gone: bool) -> Bouncing:
    """What is known of a place, with one more bounce. `gone`: there is no such mailbox."""
    now = _address_of(reads, community, place)
    known = reads.get(Bouncing, community, place)
    if known is None or known.address != now or (known.flagged_at is None and at - known.last_at > WITHIN):
        known = Bouncing(community, place, now, status, 0, at)
    counted = replace(known, status=status or known.status, count=known.count + 1, last_at=at)
    if counted.flagged_at is None and (gone or counted.count >= ENOUGH):
        return replace(counted, flagged_at=at)
    return counted


def failing(reads: Reads, community: CommunityId, place: str) -> Bouncing | None:
    """What is known of a place where nothing arrives; None where mail arrives, as far as anybody knows."""
    known = reads.get(Bouncing, community, place)
    flagged = (
        known is not None and known.flagged_at is not None and known.address == _address_of(reads, community, place)
    )
    return known if flagged else None


def all_failing(reads: Reads, community: CommunityId) -> tuple[Bouncing, ...]:
    """Every place where nothing arrives."""
    known = reads.all(Bouncing, community=community)
    return tuple(each for each in known if failing(reads, community, each.place) is not None)


def person_at(place: str) -> PersonId | None:
    """Whose place it is; None for a list's."""
    return PersonId(place[1:]) if place.startswith("@") else None


def what_fails(reads: Reads, bouncing: Bouncing) -> Text:
    """Whose mail comes back, and what the other side says why."""
    why = term(bouncing.status or "—")
    if person_at(bouncing.place) is None:
        return T("Mail to the list {address} comes back (status {why}).", address=bouncing.place, why=why)
    return T(
        "Mail to {person} comes back (status {why}): they are not reached by it.",
        person=_name(reads, bouncing),
        why=why,
    )


def what_to_do(reads: Reads, bouncing: Bouncing) -> Text:
    """What ends it."""
    name = _name(reads, bouncing)
    if not name.person:
        return T("Ask who manages the list, or link another: {command}.", command=Say("mailing"))
    return T(
        "Ask {person} in another way, and correct the address: {command}.",
        person=name,
        command=Say(f'roster email "{name.name}" ADDRESS'),
    )


def _name(reads: Reads, bouncing: Bouncing) -> PersonName:
    person = person_at(bouncing.place)
    found = reads.get(Person, bouncing.community, person) if person is not None else None
    return PersonName(found.id, found.name) if found is not None else PersonName("", bouncing.place)


def _address_of(reads: Reads, community: CommunityId, place: str) -> str:
    """A digest of the address a place has now: another one has not failed."""
    person = person_at(place)
    found = reads.get(Person, community, person) if person is not None else None
    address = (found.email if found is not None else "") if person is not None else place
    return sha256(f"{community}|{address.lower()}".encode()).hexdigest()[:16]
