"""Finding one's way: the list of working groups, one of them, and one more name for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.groups import (
    Group,
    GroupNamed,
    Stage,
    find_group,
    free_name,
)
from bot.policy import ANYONE, CHAIR, SECRETARIAT
from bot.present import shown
from bot.present.groups import group_card
from bot.present.names import STAGES, full_name
from bot.present.next_steps import next_step
from bot.standing import FACILITATOR, PROPOSER
from bot.text import Say, T, UserText, term
from bot.view import Button, Card, Named, Notice, Table, Tone, View


class ListGroups(Arguments):
    """In which stage."""

    stage: Annotated[Stage | None, ask("In which stage?", "Left out: all of them.")] = None


@command(
    "list",
    "List the working groups and where each stands",
    who=ANYONE,
    arguments=ListGroups,
    examples=("list", "list active"),
    reads=True,
)
def list_groups(context: Context, arguments: ListGroups) -> View:
    """Undecided ones first, then those at work, then the rest."""
    groups = sorted(_chosen(context, arguments.stage), key=lambda group: (_order(group.stage), group.short_name))
    if not groups:
        return Notice(
            T("There is no working group yet.") if arguments.stage is None else T("No working group is in that stage."),
            Tone.NEUTRAL,
            T("A member proposes one: {command}.", command=Say("propose")),
        )
    rows = tuple(
        (
            full_name(group.short_name, group.full_name),
            STAGES[group.stage],
            next_step(context.reads, context.community, group, context.now),
        )
        for group in groups
    )
    buttons = tuple(Button(term(group.short_name), "show", {"group": group.short_name}) for group in groups[:5])
    return Card(
        T("Working groups of the {body}", body=context.community.titles.body),
        (Table((T("Group"), T("Stage"), T("Next")), rows),),
        buttons,
    )


def _chosen(context: Context, stage: Stage | None) -> Iterable[Group]:
    if stage is None:
        return context.reads.all(Group, community=context.id)
    return context.reads.all(Group, community=context.id, stage=stage)


def _order(stage: Stage) -> int:
    return list(Stage).index(stage)


class ShowGroup(Arguments):
    """Which one."""

    group: Annotated[
        str, ask("Which working group?", "Its short name, in any spelling: WG-MWP, wgmwp", named=Named.GROUP)
    ]


@command(
    "show",
    "Show a working group: where it stands, what comes next, its charter",
    who=ANYONE,
    arguments=ShowGroup,
    examples=("show WG-MWP", "show wgmwp"),
    reads=True,
)
def show_group(context: Context, arguments: ShowGroup) -> View:
    """Found by alias, spelling and case."""
    group = find_group(context.reads, context.id, arguments.group)
    return shown(group_card(context.reads, context.community, group.id, context.now))


class Alias(Arguments):
    """One more name."""

    group: Annotated[str, ask("Which working group?", "Its short name.", named=Named.GROUP)]
    name: Annotated[str, ask("What else is it called?", "WGCO, WG-OE", limit=100)]


@command(
    "alias",
    "Let a working group be found by one more name",
    who=CHAIR | SECRETARIAT | PROPOSER | FACILITATOR,
    arguments=Alias,
    examples=("alias WG-OC WGCO",),
)
def alias(context: Context, arguments: Alias) -> View:
    """Case, dashes and spaces never matter; aliases are for truly other names."""
    group = find_group(context.reads, context.id, arguments.group)
    free_name(context.reads, context.id, arguments.name, field="name", except_for=group.id)
    context.happen(GroupNamed(group.id, arguments.name))
    return Notice(
        T("{group} is now found as {name} too.", group=group.short_name, name=UserText(arguments.name)), Tone.DONE
    )
