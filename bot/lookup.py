"""What people mean by a name or a number: a person, a group, a check. Every miss says what is near."""

from __future__ import annotations

from bot.context import Context
from bot.domain.consensus.checks import Asked, Check
from bot.domain.errors import Invalid, NotFound
from bot.domain.names import fold, nearest
from bot.domain.people import Person, seated
from bot.text import Say, T, UserText, joined, term


def find_person(context: Context, name: str, *, field: str = "person") -> Person:
    """The person with a name (whatever its case and accents) or e-mail address. Raises `NotFound` or `Invalid`."""
    wanted = name.strip().lstrip("@")
    if "@" in wanted:
        found = context.reads.all(Person, community=context.id, email=wanted.lower())
    else:
        found = context.reads.all(Person, community=context.id, folded=fold(wanted))
    if len(found) == 1:
        return found[0]
    if found:
        raise Invalid(
            T("{count} people are called {name}.", count=len(found), name=UserText(name)),
            T("Give the e-mail address instead: {which}.", which=joined([term(each.email) for each in found], " · ")),
            field=field,
        )
    raise _nobody(context, name, field)


def _nobody(context: Context, name: str, field: str) -> NotFound:
    everyone = {each.name: each for each in context.reads.all(Person, community=context.id)}
    starting = [each for each in everyone if fold(each).startswith(fold(name))] if fold(name) else []
    near = tuple(starting[:3]) or nearest(name, list(everyone))
    what = T("Nobody on the roster is called {name}.", name=UserText(name))
    if near:
        return NotFound(
            what, T("Did you mean {names}?", names=joined([term(each) for each in near], " · ")), field=field
        )
    return NotFound(what, T("See who is on it: {command}.", command=Say("roster show")), field=field)


def find_check(context: Context, number: int, *, field: str = "check") -> Check:
    """The check with a number; 0 means the only one that is open and asks the speaker. Raises `NotFound`, `Invalid`."""
    if number:
        found = context.reads.get(Check, context.id, number)
        if found is not None:
            return found
        raise NotFound(
            T("There is no consensus check {number}.", number=number),
            T("See what is open: {command}.", command=Say("todo")),
            field=field,
        )
    mine = [
        check
        for check in open_checks(context)
        if context.actor.person and context.reads.get(Asked, context.id, check.number, context.actor.person)
    ]
    if len(mine) == 1:
        return mine[0]
    if not mine:
        raise NotFound(
            T("No consensus check that asks you is open."),
            T("See what there is: {command}.", command=Say("list")),
            field=field,
        )
    numbers = joined([term(str(each.number)) for each in mine], ", ")
    raise Invalid(
        T("{count} checks are open: {numbers}.", count=len(mine), numbers=numbers),
        T("Say which one: {command}.", command=Say(f"consensus support {mine[0].number}")),
        field=field,
    )


def open_checks(context: Context) -> tuple[Check, ...]:
    """The checks that take positions now."""
    return tuple(
        check for check in context.reads.all(Check, community=context.id, closed=False) if context.now < check.closes_at
    )


def name_seated(context: Context) -> list[str]:
    """The names of everybody seated in the current cycle."""
    return [str(context.name_of(seat.person).name) for seat in seated(context.reads, context.community)]
