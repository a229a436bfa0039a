"""Adding to a consensus check a member who came after it had opened."""

from __future__ import annotations

from typing import Annotated

from bot.bodies import members_of
from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.consensus.acts import must_be_open
from bot.domain.consensus.added import add_member
from bot.lookup import find_person
from bot.open_checks import find_check
from bot.policy import SECRETARIAT
from bot.standing import CONCLUDER
from bot.text import T
from bot.view import Named, Notice, Tone, View


class Add(Arguments):
    """To which check, whom."""

    check: Annotated[int, ask("Which check?", "The number on its card.")]
    person: Annotated[
        str,
        ask("Whom?", "A member who was seated, or joined the group, after it opened.", rest=True, named=Named.PERSON),
    ]


@command(
    "consensus add",
    "Ask a member too who came after the check had opened",
    who=CONCLUDER | SECRETARIAT,
    arguments=Add,
    examples=('consensus add 3 "Rosa S."',),
)
def add(context: Context, arguments: Add) -> View:
    """Recorded. Whoever was asked at the opening stays asked, also who left since."""
    check = find_check(context, arguments.check)
    must_be_open(check, context.now)
    person = find_person(context, arguments.person)
    context.happen(add_member(context.reads, check, person.id, person.name, members_of(context, check.body)))
    return Notice(
        T("{name} is asked in check {number} too.", name=context.name_of(person.id), number=check.number), Tone.DONE
    )
