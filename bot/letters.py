"""Who is written to by mail, and what a letter is about.

Where a community's setting `mail` is on: its bodies' mailing lists, and the people whom no chat reaches or who choose mail.
They do not sit in a body's room, so what is announced there is written to them, beside what they are told. Whoever is
reached in chat gets none of it. What comes of one act is one letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from bot.context import Context
from bot.domain.community import Community
from bot.domain.events import NAMES
from bot.domain.facilitators import Membership
from bot.domain.groups import Home
from bot.domain.ids import MAG, PersonId
from bot.domain.lists import list_of
from bot.domain.membership import Participant
from bot.domain.people import MAIL, Account, Person, Role, seat_of, seated
from bot.domain.preferences import Preferences
from bot.domain.records import Reads
from bot.outgoing import Lane
from bot.ports import UnitOfWork
from bot.view import Part

_FIELDS: Final = {
    "check": "check",
    "consultation": "consultation",
    "meeting": "meeting",
    "poll": "poll",
    "search": "times",
    "recommendation": "recommendation",
    "group": "group",
}
"""Fields of events that say what they are about, and what that is called as a subject."""

_NUMBERED: Final = frozenset({"check", "consultation", "meeting", "poll", "recommendation"})
"""Families of events whose `number` is their subject's own, where they name no other."""


def about(event: Any) -> str:
    """The subject an event belongs to, as cards are called: `check:3`, `group:…`; "" where it has none.

    Letters about the same subject make one conversation.
    """
    family = NAMES[type(event)].name.partition(".")[0] if type(event) in NAMES else ""
    number = getattr(event, "number", 0)
    if family in _NUMBERED and number and not getattr(event, family, 0):
        return f"{family}:{number}"
    return next((f"{kind}:{value}" for name, kind in _FIELDS.items() if (value := getattr(event, name, ""))), "")


def list_lane(reads: Reads, community: Community, body: str) -> Lane | None:
    """Where a body's mailing list is written to; None where it has none, or nobody is written to by mail."""
    found = list_of(reads, community.id, body) if community.settings.mail else None
    return Lane(MAIL, MAIL, found.address) if found is not None else None


def own_lane(person: PersonId) -> Lane:
    """Where a person is written to by mail. The address is looked up when that is done."""
    return Lane(MAIL, MAIL, f"@{person}")


class Readers:
    """Who is written to by mail, for as long as one request is decided: each is looked up once, those of a body together."""

    def __init__(self, work: UnitOfWork, context: Context) -> None:
        self._reads = work
        self._community = context.community
        self._known: dict[PersonId, bool] = {}
        self._lives: set[tuple[str, str]] | None = None

    def has(self, person: PersonId) -> bool:
        """Whether a person is."""
        if not self._community.settings.mail:
            return False
        if person not in self._known:
            self._known[person] = reads_mail(self._reads, self._community, person, self._where())
        return self._known[person]

    def of(self, body: str) -> list[PersonId]:
        """Those of a body: of everybody seated, or of a group's people with the Secretariat, in a stable order."""
        if not self._community.settings.mail:
            return []
        people = audience(self._reads, self._community, body)
        self._load([person for person in people if person not in self._known])
        return [person for person in people if self.has(person)]

    def _load(self, people: list[PersonId]) -> None:
        here = self._community.id
        keys = [(kind, (here, person)) for person in people for kind in (Person, Preferences)]
        self._reads.prefetch(keys, [(Account, (("community", here), ("person", person))) for person in people])

    def _where(self) -> set[tuple[str, str]]:
        if self._lives is None:
            self._lives = lives(self._reads, self._community)
        return self._lives


def lives(reads: Reads, community: Community) -> set[tuple[str, str]]:
    """The (platform, workspace or server) of every room of the community's."""
    return {(home.platform, home.team) for home in reads.all(Home, community=community.id)}


def reads_mail(reads: Reads, community: Community, person: PersonId, where: set[tuple[str, str]]) -> bool:
    """Whether a person is written to by mail, in a community that lives there: they have an address and did not turn it off,
    and they choose it, or have no account where the community lives."""
    found = reads.get(Person, community.id, person)
    said = reads.get(Preferences, community.id, person)
    if found is None or not found.email or (said is not None and not said.wishes.mail):
        return False
    if said is not None and said.wishes.platform == MAIL:
        return True
    return not in_chat(reads, community, person, where)


def in_chat(reads: Reads, community: Community, person: PersonId, where: set[tuple[str, str]]) -> bool:
    """Whether a person has an account where the community lives."""
    accounts = reads.all(Account, community=community.id, person=person)
    return any((each.platform, each.team) in where for each in accounts)


@dataclass(frozen=True, slots=True)
class Unreached:
    """Nothing reaches somebody seated any more: they turned mail off, and are in no chat of the body's."""

    person: PersonId


def left_alone(context: Context, person: PersonId) -> bool:
    """Whether somebody seated, who turned mail off, is reached by nothing else."""
    reads, community = context.reads, context.community
    seated_too = seat_of(reads, community, person) is not None
    return community.settings.mail and seated_too and not in_chat(reads, community, person, lives(reads, community))


def audience(reads: Reads, community: Community, body: str) -> tuple[PersonId, ...]:
    """Everybody whose body it is, as in a room of its own: not only those whom a check of it asks."""
    if body == MAG:
        return tuple(seat.person for seat in seated(reads, community))
    members = [each.person for each in reads.all(Membership, community=community.id, group=body)]
    participants = [each.person for each in reads.all(Participant, community=community.id, group=body)]
    secretariat = [seat.person for seat in seated(reads, community, Role.SECRETARIAT)]
    return tuple(dict.fromkeys((*members, *participants, *secretariat)))


def gathered(parts: list[Part]) -> tuple[Part, ...]:
    """The parts of one letter: nothing twice, and no notice beside the card that says it all."""
    cards = {part.about for part in parts if part.view is None}
    kept: list[Part] = []
    for part in parts:
        if (part.view is None or part.about not in cards) and part not in kept:
            kept.append(part)
    return tuple(kept)
