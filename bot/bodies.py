"""Bodies: the full MAG, or one working group. Whose room a room is, and who is asked when the body is."""

from __future__ import annotations

from bot.context import Context
from bot.domain.community import Community
from bot.domain.consensus.acts import asked_of
from bot.domain.facilitators import Membership
from bot.domain.groups import Home, group_of
from bot.domain.ids import MAG, GroupId, PersonId
from bot.domain.people import ASKED, asked_seats, seat_of
from bot.domain.records import Reads


def body_here(context: Context) -> str:
    """Whose room this is: a working group's, else the full MAG."""
    space = context.request.space
    home = context.reads.get(Home, context.id, space.platform, space.team, space.place)
    return home.body if home is not None else MAG


def belongs(context: Context, body: str) -> bool:
    """Whether the speaker is a member of a body: asked in its checks, able to answer its polls."""
    if body == MAG:
        return context.actor.has_role(*ASKED)
    person = context.actor.person
    return person is not None and context.reads.get(Membership, context.id, GroupId(body), person) is not None


def members_of(context: Context, body: str) -> tuple[tuple[PersonId, str], ...]:
    """(person, stakeholder group) of everybody a check of the body asks."""
    return people_of(context.reads, context.community, body)


def people_of(reads: Reads, community: Community, body: str) -> tuple[tuple[PersonId, str], ...]:
    """The same, from state alone."""
    if body == MAG:
        return asked_of(asked_seats(reads, community))
    group = group_of(reads, community.id, GroupId(body))
    members = reads.all(Membership, community=community.id, group=group.id)
    seats = ((each.person, seat_of(reads, community, each.person)) for each in members)
    return tuple((person, seat.stakeholder_group if seat else "") for person, seat in seats)
