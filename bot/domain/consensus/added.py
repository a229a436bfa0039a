"""Members added to a check that runs: those seated, or in the group, only after it opened. Who was asked stays asked.

"Members asked are fixed at opening": nobody is added by themselves, and each addition is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.domain.consensus.checks import Asked, Check, check_of
from bot.domain.errors import Invalid
from bot.domain.events import Fact, applies, event
from bot.domain.ids import PersonId
from bot.domain.records import Reads
from bot.text import Say, T, UserText


@event("check.member-added")
class MemberAdded:
    """A member of the body is asked too, from now on."""

    check: int
    person: PersonId
    stakeholder_group: str


@applies(MemberAdded)
def _added(reads: Reads, fact: Fact, event: MemberAdded) -> Iterable[Any]:
    check = check_of(reads, fact.community, event.check)
    group = event.stakeholder_group
    yield replace(check, asked={**check.asked, group: check.asked.get(group, 0) + 1})
    yield Asked(fact.community, event.check, event.person, group)


def add_member(
    reads: Reads, check: Check, person: PersonId, name: str, members: tuple[tuple[PersonId, str], ...]
) -> MemberAdded:
    """Ask one more of the body's `members`: (person, stakeholder group). Raises `Invalid` for others, and those asked."""
    if reads.get(Asked, check.community, check.number, person) is not None:
        raise Invalid(
            T("{name} is asked in check {number} already.", name=UserText(name), number=check.number),
            T("See it: {command}.", command=Say(f"consensus show {check.number}")),
            field="person",
        )
    for member, group in members:
        if member == person:
            return MemberAdded(check.number, person, group)
    raise Invalid(
        T("{name} is not a member of the body that check {number} asks.", name=UserText(name), number=check.number),
        T("Only its members, whose seats take positions, can be added."),
        field="person",
    )
