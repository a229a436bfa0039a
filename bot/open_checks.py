"""Which consensus check is meant: by its number, or as the only one that is open."""

from __future__ import annotations

from bot.context import Context
from bot.domain.consensus.checks import Asked, Check
from bot.domain.errors import Invalid, NotFound
from bot.text import Say, T, joined, term


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
