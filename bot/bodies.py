"""Bodies: the full MAG, or one working group. Whose room a room is, and who is asked when the body is."""

from __future__ import annotations

from bot.context import Context
from bot.domain.consensus.acts import asked_of
from bot.domain.groups import Home, group_of
from bot.domain.ids import MAG, GroupId, PersonId
from bot.domain.membership import asked_in, takes_part
from bot.domain.people import ASKED, asked_seats


def body_here(context: Context) -> str:
    """Whose room this is: a working group's, else the full MAG."""
    space = context.request.space
    home = context.reads.get(Home, context.id, space.platform, space.team, space.place)
    return home.body if home is not None else MAG


def belongs(context: Context, body: str) -> bool:
    """Whether the speaker takes part in a body: as its member, in a working group also as a participant."""
    if body == MAG:
        return context.actor.has_role(*ASKED)
    person = context.actor.person
    return person is not None and takes_part(context.reads, group_of(context.reads, context.id, GroupId(body)), person)


def asks(context: Context, body: str) -> bool:
    """Whether a check of the body would ask the speaker: its members whose seat takes positions, no participants."""
    return belongs(context, body) and context.actor.person in {person for person, _ in members_of(context, body)}


def members_of(context: Context, body: str) -> tuple[tuple[PersonId, str], ...]:
    """(person, stakeholder group) of everybody a check of the body asks."""
    if body == MAG:
        return asked_of(asked_seats(context.reads, context.community))
    return asked_in(context.reads, context.community, group_of(context.reads, context.id, GroupId(body)))
