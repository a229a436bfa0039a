"""The balance of a working group, and the outreach that is to better it."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.community import next_number
from bot.domain.errors import Invalid
from bot.domain.groups import find_group
from bot.domain.membership import takes_members
from bot.domain.names import fold
from bot.domain.outreach import OutreachNoted, counter_of
from bot.policy import ANYONE, SECRETARIAT
from bot.present.balance import balance_card, outreach_card
from bot.standing import FACILITATOR
from bot.text import T, UserText, joined, term
from bot.view import Button, File, Named, Notice, PictureFormat, Tone, View

NOTE = 2000
"""Characters of one entry of the outreach log."""

GroupArgument = Annotated[str, ask("Which working group?", "Its short name: WG-MWP", named=Named.GROUP)]


class Show(Arguments):
    """Of which group."""

    group: GroupArgument


@command(
    "balance show",
    "Show how a working group is balanced, by stakeholder and by regional group",
    who=ANYONE,
    arguments=Show,
    examples=("balance WG-MWP",),
    reads=True,
    family_default=True,
)
def show(context: Context, arguments: Show) -> View:
    """Counts by group, and which groups are to be reached; never who."""
    group = find_group(context.reads, context.id, arguments.group)
    return balance_card(context.reads, context.community, group)


class Chart(Arguments):
    """Of which group, and as what."""

    group: GroupArgument
    format: Annotated[
        PictureFormat, ask("As what kind of picture?", "PNG is seen everywhere; SVG can be enlarged.", option=True)
    ] = PictureFormat.PNG


@command(
    "balance chart",
    "Draw the balance of a working group, as a picture",
    who=ANYONE,
    arguments=Chart,
    examples=("balance chart WG-MWP", "balance chart WG-MWP --format svg"),
    reads=True,
)
def chart(context: Context, arguments: Chart) -> View:
    """The same counts as the table."""
    from bot.present.charts import group_balance_chart

    group = find_group(context.reads, context.id, arguments.group)
    return File(
        f"balance-{fold(group.short_name)}.{arguments.format.value}",
        f"group:{group.id}",
        "group-balance",
        arguments.format.value,
        T("The balance of {group}, by group.", group=group.short_name),
        group_balance_chart(context.reads, context.community, group.id, context.now).alt,
    )


class Add(Arguments):
    """For which group, whom it was to reach, what was done."""

    group: GroupArgument
    reached: Annotated[
        str, ask("Which stakeholder groups was it to reach?", "One or several, by commas: Civil Society, Government")
    ]
    text: Annotated[
        str,
        ask("What was done?", "A call on a list, an invitation to an event.", rest=True, multiline=True, limit=NOTE),
    ]


@command(
    "outreach add",
    "Note what was done to reach stakeholder groups",
    who=FACILITATOR | SECRETARIAT,
    arguments=Add,
    examples=('outreach add WG-MWP "Civil Society, Government" A call on both constituencies\' lists.',),
    keeps=True,
)
def add(context: Context, arguments: Add) -> View:
    """Public, as everything a group does. It names groups, never persons."""
    group = find_group(context.reads, context.id, arguments.group)
    takes_members(group)
    reached = tuple(dict.fromkeys(_group(context, each) for each in arguments.reached.split(",") if each.strip()))
    number = next_number(context.reads, context.id, counter_of(group.id))
    context.happen(OutreachNoted(group.id, number, context.person, reached, arguments.text))
    return Notice(
        T("Noted in the outreach log of {group}, as entry {number}.", group=group.short_name, number=number),
        Tone.DONE,
        buttons=(Button(T("The log"), "outreach show", {"group": group.short_name}),),
    )


def _group(context: Context, typed: str) -> str:
    names = {fold(name): name for name in context.community.stakeholder_groups}
    key = fold(typed)
    found = [name for folded, name in names.items() if key and folded.startswith(key)]
    if len(found) != 1:
        raise Invalid(
            T("{typed} is no stakeholder group here.", typed=UserText(typed.strip())),
            T("Name one or several of: {names}.", names=joined([term(name) for name in names.values()], " · ")),
            field="reached",
        )
    return found[0]


@command(
    "outreach show",
    "Show what was done to reach which stakeholder groups",
    who=ANYONE,
    arguments=Show,
    examples=("outreach show WG-MWP",),
    reads=True,
    family_default=True,
)
def show_outreach(context: Context, arguments: Show) -> View:
    """The newest first."""
    group = find_group(context.reads, context.id, arguments.group)
    return outreach_card(context.reads, context.community, group)
