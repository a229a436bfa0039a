"""Who sits at the terminal: a person of the community by their account here, or a guest.

Accounts in the terminal are named after their people (`bot.founding.open_terminal`); a person who has none yet speaks as
a guest under that name until it is linked.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from adapters.shared.words import Words
from adapters.terminal.paper import words_for
from bot.context import Context, Request
from bot.domain.community import Community
from bot.domain.errors import NotAllowed, NotFound, Refusal
from bot.domain.groups import Group
from bot.domain.people import Account, Person, seat_of
from bot.domain.records import Reads
from bot.lookup import find_person
from bot.text import T, Text

GUEST: Final = "guest"
"""A name that is nobody's, to see what a stranger sees."""


class Speaker(msgspec.Struct, frozen=True):
    """Who speaks: the account's name, what they are called, and in which language and zone they read."""

    user: str
    name: str
    language: str = "en"
    zone: str = ""
    role: Text | None = None

    def words(self) -> Words:
        """Their words."""
        return words_for(self.language, self.zone)


def speaker_of(reads: Reads, community: Community, platform: str, team: str, user: str) -> Speaker:
    """The speaker behind an account; a guest if it is nobody's."""
    account = reads.get(Account, community.id, platform, team, user)
    person = reads.get(Person, community.id, account.person) if account is not None else None
    if person is None:
        return Speaker(user, user, community.language, community.zone, T("a guest"))
    seat = seat_of(reads, community, person.id)
    role: Text | None = None
    if seat is not None:
        role = T(seat.role.value)
        if seat.stakeholder_group:
            role = T("{role}, {group}", role=role, group=T(seat.stakeholder_group))
    return Speaker(user, person.name, person.language or community.language, person.zone or community.zone, role)


def speaker_called(reads: Reads, community: Community, request: Request, name: str) -> Speaker:
    """The speaker somebody means by a name, in a sample community. Raises `NotAllowed`, `NotFound` or `Invalid`."""
    if not community.sample:
        raise NotAllowed(
            T("Speaking as another person works only in a sample community; here everyone speaks for themselves."),
            T("Try things out in a sample: wgbot terminal."),
        )
    platform, team = request.space.platform, request.space.team
    if not name.strip():
        raise NotFound(T("Nobody is named."), T("Name a person of the roster: /as Bao B."), field="name")
    context = Context(reads, community, request, request.at)
    try:
        person = find_person(context, name, field="name")
    except Refusal:
        if name.strip().lower() == GUEST:
            return speaker_of(reads, community, platform, team, GUEST)
        raise
    accounts = reads.all(Account, community=community.id, person=person.id)
    here = [each.user for each in accounts if (each.platform, each.team) == (platform, team)]
    return speaker_of(reads, community, platform, team, here[-1] if here else person.name)


class Surroundings(msgspec.Struct, frozen=True):
    """What is around somebody: everybody's names, the groups, the body's time, and how much waits for them."""

    names: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    now: datetime | None = None
    waiting: int = 0
    sample: bool = False


def surroundings(reads: Reads, request: Request) -> Surroundings:
    """What is around who asks."""
    from bot.waiting import tasks  # late: only somebody who sits there is shown how much waits

    community = reads.get(Community, request.community)
    if community is None:
        return Surroundings()
    now = community.now(request.at)
    return Surroundings(
        tuple(sorted(person.name for person in reads.all(Person, community=community.id))),
        tuple(group.short_name for group in reads.all(Group, community=community.id)),
        now,
        sum(1 for _ in tasks(Context(reads, community, request, now))),
        community.sample,
    )
