"""Whom people mean by a name. Every miss says who is near."""

from __future__ import annotations

from bot.context import Context
from bot.domain.errors import Invalid, NotFound
from bot.domain.ids import CommunityId, PersonId
from bot.domain.names import fold, nearest
from bot.domain.people import Person
from bot.domain.records import Reads
from bot.text import Say, T, UserText, joined, term


def find_person(context: Context, name: str, *, field: str = "person") -> Person:
    """The person with a name (whatever its case and accents) or e-mail address. Raises `NotFound` or `Invalid`."""
    return person_called(context.reads, context.id, name, field=field)


def person_called(reads: Reads, community: CommunityId, name: str, *, field: str = "person") -> Person:
    """The same where nobody speaks. An id will do too, where nobody is called so."""
    wanted = name.strip().lstrip("@")
    if "@" in wanted:
        found = reads.all(Person, community=community, email=wanted.lower())
    else:
        found = reads.all(Person, community=community, folded=fold(wanted))
    if len(found) == 1:
        return found[0]
    if found:
        raise Invalid(
            T("{count} people are called {name}.", count=len(found), name=UserText(name)),
            T("Give the e-mail address instead: {which}.", which=joined([term(each.email) for each in found], " · ")),
            field=field,
        )
    known = reads.get(Person, community, PersonId(wanted))
    if known is None:
        raise _nobody(reads, community, name, field)
    return known


def _nobody(reads: Reads, community: CommunityId, name: str, field: str) -> NotFound:
    everyone = {each.name: each for each in reads.all(Person, community=community)}
    starting = [each for each in everyone if fold(each).startswith(fold(name))] if fold(name) else []
    near = tuple(starting[:3]) or nearest(name, list(everyone))
    what = T("Nobody on the roster is called {name}.", name=UserText(name))
    if near:
        return NotFound(
            what, T("Did you mean {names}?", names=joined([term(each) for each in near], " · ")), field=field
        )
    return NotFound(what, T("See who is on it: {command}.", command=Say("roster show")), field=field)
