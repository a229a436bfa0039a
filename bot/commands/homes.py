"""Rooms that are homes: made so by command, and what platforms tell of them: renamed, closed, opened again.

A room that the bot opens itself for a group is `bot.commands.software`'s.
"""

from __future__ import annotations

from typing import Annotated

from bot.command import Arguments, ask, command
from bot.context import Context, Space
from bot.domain.errors import Invalid, NotFound, NotNow
from bot.domain.groups import Home, HomeLinked, HomeUnlinked, find_group, group_of, homes_of
from bot.domain.ids import MAG, GroupId
from bot.domain.names import fold
from bot.domain.people import Account, AccountLinked, AccountUnlinked
from bot.policy import CHAIR, SECRETARIAT, SYSTEM
from bot.stages import activate_if_ready
from bot.text import Say, T, UserText, joined, term
from bot.view import Notice, Tone, View

TERMINAL = "terminal"


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
    others = context.reads.all(Home, platform=space.platform, team=space.team, place=space.place)
    if any(each.community != context.id for each in others):
        raise Invalid(T("This room is the home of another body already."), T("Give the command in another room."))
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
    if body == MAG:
        _moved_in(context)
    if body != MAG:
        activate_if_ready(context, GroupId(body))
        return Notice(
            T("This room is home to {group}.", group=group_of(context.reads, context.id, GroupId(body)).short_name),
            Tone.DONE,
        )
    return Notice(T("This room is home to the full {body}.", body=context.community.titles.body), Tone.DONE)


def _moved_in(context: Context) -> None:
    """The full membership lives on a platform now: its accounts of the roster are of that workspace, and the room in
    the terminal, which the community was founded with, is no home any more: nobody would see what is posted there.
    """
    space = context.request.space
    if space.platform != TERMINAL and not context.community.sample:
        for home in homes_of(context.reads, context.id, MAG):
            if home.platform == TERMINAL:
                context.happen(HomeUnlinked(home.platform, home.team, home.place))
    place_accounts(context, space.platform)


def place_accounts(context: Context, platform: str) -> None:
    """Put accounts that the roster names without their workspace into the one the full membership lives in.

    With several, or none, it cannot be known which is meant, and they stay as they are.
    """
    teams = {home.team for home in homes_of(context.reads, context.id, MAG) if home.platform == platform}
    if len(teams) != 1 or teams == {""}:
        return
    (team,) = teams
    for account in context.reads.all(Account, community=context.id):
        if account.platform != platform or account.team:
            continue
        context.happen(AccountUnlinked(platform, "", account.user, account.person))
        if context.reads.get(Account, context.id, platform, team, account.user) is None:
            context.happen(AccountLinked(platform, team, account.user, account.person, "roster"))


class LeaveHome(Arguments):
    """Which room."""

    room: Annotated[
        str, ask("Which room?", "As the group's card names it: #wg-mwp. Left out: the one you are in.", rest=True)
    ] = ""


@command(
    "home leave",
    "Let a room be nobody's home any more: one that was archived, or that moved elsewhere",
    who=CHAIR | SECRETARIAT,
    arguments=LeaveHome,
    examples=("home leave", "home leave #wg-mwp"),
)
def leave_home(context: Context, arguments: LeaveHome) -> View:
    """Nothing is posted there from then on. The full membership keeps one: what concerns all of it has to be posted."""
    home = _home_called(context, arguments.room)
    if home.body == MAG and len(homes_of(context.reads, context.id, MAG)) == 1:
        raise NotNow(
            T("{room} is the only home of the full {body}.", room=home.name, body=context.community.titles.body),
            T("Make another room its home first, there: {command}.", command=Say("home all")),
        )
    context.happen(HomeUnlinked(home.platform, home.team, home.place))
    return Notice(T("{room} is nobody's home any more.", room=home.name), Tone.DONE)


def _home_called(context: Context, name: str) -> Home:
    """The home a person means: by its name, or the room they are in."""
    space = context.request.space
    everywhere = context.reads.all(Home, community=context.id)
    if name:
        found = [home for home in everywhere if fold(name.lstrip("#")) == fold(home.name.lstrip("#"))]
        here = [home for home in found if (home.platform, home.team) == (space.platform, space.team)]
        found = here or found
    else:
        found = [each for each in everywhere if (each.platform, each.team, each.place) == _spot(space)]
    if len(found) == 1:
        return found[0]
    names = [home.name for home in everywhere]
    raise NotFound(
        T("{room} is nobody's home.", room=UserText(name)) if name else T("This room is nobody's home."),
        T("These are: {rooms}.", rooms=joined([term(each) for each in names], " · ")) if names else None,
        field="room",
    )


def _spot(space: Space) -> tuple[str, str, str]:
    return (space.platform, space.team, space.place)


class TheHome(Arguments):
    """Which room, and what became of it."""

    platform: Annotated[str, ask("On which platform?")]
    team: Annotated[str, ask("In which workspace or server?")] = ""
    place: Annotated[str, ask("Which room?")]
    name: Annotated[str, ask("Called what now?")] = ""


@command("home renamed", "Note that a room has another name", who=SYSTEM, arguments=TheHome, examples=(), hidden=True)
def renamed(context: Context, arguments: TheHome) -> View:
    """Cards name it so from now on."""
    home = context.reads.get(Home, context.id, arguments.platform, arguments.team, arguments.place)
    if home is not None and arguments.name and home.name != arguments.name:
        context.happen(HomeLinked(home.platform, home.team, home.place, home.body, arguments.name))
    return Notice(T("Done."))


@command("home deleted", "Note that a room is no more", who=SYSTEM, arguments=TheHome, examples=(), hidden=True)
def deleted(context: Context, arguments: TheHome) -> View:
    """It is nobody's home any more."""
    home = context.reads.get(Home, context.id, arguments.platform, arguments.team, arguments.place)
    if home is not None:
        context.happen(HomeUnlinked(home.platform, home.team, home.place))
    return Notice(T("Done."))


class Moved(TheHome):
    """Where it goes on."""

    to: Annotated[str, ask("In which room does it go on?")]


@command("home moved", "Note that a room goes on as another", who=SYSTEM, arguments=Moved, examples=(), hidden=True)
def moved(context: Context, arguments: Moved) -> View:
    """The successor is the home that the room was."""
    home = context.reads.get(Home, context.id, arguments.platform, arguments.team, arguments.place)
    if home is not None:
        context.happen(
            HomeUnlinked(home.platform, home.team, home.place),
            HomeLinked(home.platform, home.team, arguments.to, home.body, arguments.name or home.name),
        )
    return Notice(T("Done."))
