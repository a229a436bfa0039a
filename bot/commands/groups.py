"""Finding one's way: the list of working groups, one of them, and the room that is its home."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.errors import Invalid
from bot.domain.groups import (
    Group,
    GroupNamed,
    Home,
    HomeLinked,
    Stage,
    find_group,
    free_name,
    group_of,
)
from bot.domain.ids import MAG, GroupId
from bot.domain.names import fold
from bot.policy import ANYONE, CHAIR, SECRETARIAT
from bot.present import shown
from bot.present.groups import group_card, next_step
from bot.present.names import STAGES, full_name
from bot.stages import activate_if_ready
from bot.standing import FACILITATOR, PROPOSER
from bot.text import Say, T, UserText, term
from bot.view import Button, Card, Notice, Table, Tone, View


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
            next_step(context.reads, context.community, group),
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

    group: Annotated[str, ask("Which working group?", "Its short name, in any spelling: WG-MWP, wgmwp")]


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


class LinkHome(Arguments):
    """Whose home this room is."""

    group: Annotated[
        str, ask("Whose home is this room?", "A working group's short name; “all” for the full membership.")
    ]


@command(
    "home",
    "Make this room the home of a working group; it must be open to every member",
    who=CHAIR | SECRETARIAT,
    arguments=LinkHome,
    examples=("home WG-MWP",),
)
def link_home(context: Context, arguments: LinkHome) -> View:
    """A room closed to members is no home: lists and meetings are open to all of them."""
    space = context.request.space
    if space.closed:
        raise Invalid(
            T("This room is closed; a home is open to every member."),
            T("Give the command in a public room, or open this one first."),
        )
    if space.private:
        raise Invalid(
            T("This is a private conversation; a home is open to every member."),
            T("Give the command in the room that is to be the home."),
        )
    body = MAG if fold(arguments.group) == "all" else find_group(context.reads, context.id, arguments.group).id
    taken = context.reads.get(Home, context.id, space.platform, space.team, space.place)
    if taken is not None and taken.body != body:
        owner = (
            context.community.titles.body
            if taken.body == MAG
            else group_of(context.reads, context.id, GroupId(taken.body)).short_name
        )
        raise Invalid(
            T("This room is the home of {owner} already.", owner=owner),
            T("Give the command in another room."),
        )
    if taken is None:
        context.happen(HomeLinked(space.platform, space.team, space.place, body, space.name or space.place))
    if body != MAG:
        activate_if_ready(context, GroupId(body))
        return Notice(
            T("This room is home to {group}.", group=group_of(context.reads, context.id, GroupId(body)).short_name),
            Tone.DONE,
        )
    return Notice(T("This room is home to the full {body}.", body=context.community.titles.body), Tone.DONE)


class Alias(Arguments):
    """One more name."""

    group: Annotated[str, ask("Which working group?", "Its short name.")]
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
