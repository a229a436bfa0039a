"""Volunteering to co-facilitate a working group. The Chair appoints; volunteers are shown with the decision."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.groups import find_group
from bot.domain.volunteers import volunteer, withdraw
from bot.policy import KNOWN, MEMBER
from bot.text import Say, T
from bot.view import Named, Notice, Tone, View

GroupArgument = Annotated[str, ask("Which working group?", "Its short name: WG-MWP", named=Named.GROUP)]


class Offer(Arguments):
    """For which one."""

    group: GroupArgument
    note: Annotated[
        str, ask("What would you bring?", "Shown to the Chair and the members. May be left out.", rest=True, limit=500)
    ] = ""


@command(
    "volunteer offer",
    "Volunteer to co-facilitate a working group",
    who=MEMBER,
    arguments=Offer,
    examples=("volunteer WG-MWP", "volunteer WG-MWP I chaired the group before."),
    family_default=True,
)
def offer(context: Context, arguments: Offer) -> View:
    """The Chair sees it, with the stakeholder group, when appointing."""
    group = find_group(context.reads, context.id, arguments.group)
    context.happen(volunteer(context.reads, group, context.person, arguments.note))
    return Notice(
        T(
            "Noted: you would co-facilitate {group}. The {chair} sees it when appointing.",
            group=group.short_name,
            chair=context.community.titles.chair,
        ),
        Tone.DONE,
        T("Take it back at any time: {command}.", command=Say(f"volunteer withdraw {group.short_name}")),
    )


class Withdraw(Arguments):
    """For which one no more."""

    group: GroupArgument


@command(
    "volunteer withdraw",
    "Take back that you would co-facilitate a working group",
    who=KNOWN,
    arguments=Withdraw,
    examples=("volunteer withdraw WG-MWP",),
)
def take_back(context: Context, arguments: Withdraw) -> View:
    """An appointment that was made already is declined by its own command."""
    group = find_group(context.reads, context.id, arguments.group)
    context.happen(withdraw(context.reads, group, context.person))
    return Notice(T("You are no longer among the volunteers for {group}.", group=group.short_name), Tone.DONE)
