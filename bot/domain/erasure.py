"""Erasing a person: what may be erased and when, and what is left of them in the state.

A person keeps an id that means nothing by itself, and a pseudonym made of it. What the body did with them (positions, seats,
appointments, words that were part of its proceedings) stays, under the pseudonym; what only concerns them (address, accounts,
language, wishes, codes) goes. What this does to the log, to drafts and to messages is `storage.erasure`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.community import Community
from bot.domain.dues import Due, DueKind
from bot.domain.errors import NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.facilitators import Facilitator, Membership
from bot.domain.groups import ENDED, Group
from bot.domain.ids import CommunityId, PersonId
from bot.domain.linking import LinkCode
from bot.domain.meetings import Delegate
from bot.domain.membership import Invitation, MemberLeft, Participant
from bot.domain.names import fold
from bot.domain.people import Account, Person, seat_of
from bot.domain.preferences import Preferences
from bot.domain.records import Gone, Reads
from bot.domain.reminders import Reminded
from bot.domain.scheduling import DelegateEnded
from bot.domain.volunteers import Volunteer, VolunteerWithdrawn
from bot.text import PersonName, Say, T

EMPTIED: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "person.profile-noted": ("person", {"zone": "", "language": ""}),
    "preferences.changed": ("person", {"wishes": {}}),
    "messages.held": ("person", {"zone": "UTC"}),
}
"""Events that only concern a person: which field says whom, and what takes the place of their private values."""


@event("person.erased")
class PersonErased:
    """A person was erased. `replaced` are (entry of the log, field, commitment) of the private values that read otherwise now."""

    person: PersonId
    replaced: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True)
class ErasureAsked:
    """Somebody asks to be erased, of `readers`, the Secretariat. Not logged."""

    person: PersonId
    readers: tuple[PersonId, ...]


@applies(PersonErased)
def _erased(reads: Reads, fact: Fact, event: PersonErased) -> Iterable[Any]:
    found = reads.get(Person, fact.community, event.person)
    if found is not None:
        name = pseudonym(found.id)
        yield replace(found, name=name, email="", folded=fold(name), zone="", language="")
    of_theirs = {"community": fact.community, "person": event.person}
    for kind in (Account, LinkCode, Invitation):
        yield from map(Gone, reads.all(kind, **of_theirs))
    for one in (Preferences, Reminded):
        kept: Any = reads.get(one, fact.community, event.person)
        if kept is not None:
            yield Gone(kept)
    waiting = reads.get(Due, fact.community, DueKind.HELD, event.person)
    if waiting is not None:
        yield Gone(waiting)


def pseudonym(person: PersonId) -> str:
    """What an erased person is called. It tells two of them apart, and says nothing else."""
    return f"[erased {person[:4]}]"


def must_be_erasable(reads: Reads, community: Community, person: Person, held: Iterable[Facilitator]) -> None:
    """Raise `NotNow` for who is erased already, has a seat in the current cycle, or co-facilitates one of the groups `held`."""
    name = PersonName(str(person.id), person.name)
    if person.name == pseudonym(person.id):
        raise NotNow(T("{name} is erased already.", name=name))
    if seat_of(reads, community, person.id) is not None:
        raise NotNow(
            T("{name} has a seat in the current cycle: who decides for others does it under their name.", name=name),
            T("End the seat first: {command}.", command=Say(f'roster unseat "{person.name}"')),
        )
    for each in held:
        group = reads.get(Group, community.id, each.group)
        if each.until is None and group is not None and group.stage not in ENDED:
            raise NotNow(
                T("{name} co-facilitates {group}.", name=name, group=group.short_name),
                T(
                    "They give it up, or the Chair appoints another: {command}.",
                    command=Say(f"facilitator show {group.short_name}"),
                ),
            )


def departures(reads: Reads, records: Iterable[Any], community: CommunityId, person: PersonId) -> Iterator[Any]:
    """What a person leaves before they are erased: groups that are not over, offers, and meetings they organise."""
    for each in records:
        if getattr(each, "person", None) != person:
            continue
        match each:
            case Membership() | Participant():
                group = reads.get(Group, community, each.group)
                if group is not None and group.stage not in ENDED:
                    yield MemberLeft(each.group, person)
            case Volunteer():
                yield VolunteerWithdrawn(each.group, person)
            case Delegate():
                yield DelegateEnded(each.body, person)


LEAVES = (Membership, Participant, Volunteer, Delegate)
"""The records `departures` is to be given."""
