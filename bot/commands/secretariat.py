"""The Secretariat's role in a working group: proposed by either side, confirmed by the other."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.groups import find_group
from bot.domain.people import Role
from bot.domain.secretariat import confirm, propose
from bot.policy import ANYONE, SECRETARIAT
from bot.present import shown
from bot.present.secretariat import role_card
from bot.standing import FACILITATOR
from bot.text import T
from bot.view import Button, Named, Notice, Tone, View

LONG = 5_000
"""Characters of the text."""

GroupArgument = Annotated[str, ask("Which working group?", "Its short name: WG-MWP", named=Named.GROUP)]


class Show(Arguments):
    """In which group."""

    group: GroupArgument


@command(
    "secretariat show",
    "Show the Secretariat's role in a working group, and every earlier text",
    who=ANYONE,
    arguments=Show,
    examples=("secretariat show WG-MWP",),
    reads=True,
    family_default=True,
)
def show(context: Context, arguments: Show) -> View:
    """What both sides agreed, and what waits for one of them."""
    group = find_group(context.reads, context.id, arguments.group)
    return shown(role_card(context.reads, context.community, group.id, context.now))


class Propose(Arguments):
    """In which group, and what."""

    group: GroupArgument
    text: Annotated[
        str,
        ask(
            "What does the Secretariat do in this group?",
            "Takes notes of the calls and publishes the summaries.",
            rest=True,
            multiline=True,
            limit=LONG,
        ),
    ]


@command(
    "secretariat propose",
    "Propose what the Secretariat does in a working group; the other side confirms it",
    who=FACILITATOR | SECRETARIAT,
    arguments=Propose,
    examples=('secretariat propose WG-MWP "Takes notes of the calls and publishes the summaries."',),
    keeps=True,
)
def propose_role(context: Context, arguments: Propose) -> View:
    """A change begins anew; what was agreed before holds until the new text is."""
    group = find_group(context.reads, context.id, arguments.group)
    own = context.actor.has_role(Role.SECRETARIAT)
    context.happen(propose(context.reads, group, context.person, arguments.text, by_secretariat=own))
    other = T("the co-facilitators of {group}", group=group.short_name) if own else T("the Secretariat")
    return Notice(
        T("Proposed. It is agreed when {other} confirms it.", other=other)
        if not own
        else T("Proposed. It is agreed when one of {other} confirms it.", other=other),
        Tone.DONE,
        buttons=(Button(T("The text"), "secretariat show", {"group": group.short_name}),),
    )


class Confirm(Arguments):
    """In which group, and which version."""

    group: GroupArgument
    version: Annotated[int, ask("Which version?", "The one you read; left out: the newest.")] = 0


@command(
    "secretariat confirm",
    "Confirm what the other side proposed as the Secretariat's role",
    who=FACILITATOR | SECRETARIAT,
    arguments=Confirm,
    examples=("secretariat confirm WG-MWP", "secretariat confirm WG-MWP 2"),
)
def confirm_role(context: Context, arguments: Confirm) -> View:
    """Either co-facilitator confirms for the group, anybody of the Secretariat for the Secretariat."""
    group = find_group(context.reads, context.id, arguments.group)
    own = context.actor.has_role(Role.SECRETARIAT)
    context.happen(confirm(context.reads, group, arguments.version, by_secretariat=own))
    return Notice(
        T("Agreed: this is the Secretariat's role in {group}.", group=group.short_name),
        Tone.DONE,
        buttons=(Button(T("The text"), "secretariat show", {"group": group.short_name}),),
    )
