"""Co-facilitators: who they are and were, and resigning. Appointing them is the Chair's, in `conclude`."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.facilitators import Departure, give_up
from bot.domain.groups import find_group
from bot.policy import ANYONE
from bot.present.facilitators import facilitators_card
from bot.standing import FACILITATOR
from bot.text import T
from bot.view import Named, Notice, Tone, View

GroupArgument = Annotated[str, ask("Which working group?", "Its short name: WG-MWP", named=Named.GROUP)]


class Show(Arguments):
    """Whose."""

    group: GroupArgument


@command(
    "facilitator show",
    "Show who co-facilitates a working group, and who did before",
    who=ANYONE,
    arguments=Show,
    examples=("facilitator show WG-MWP",),
    reads=True,
    family_default=True,
)
def show(context: Context, arguments: Show) -> View:
    """With what is amiss: a vacancy, or two of one stakeholder group."""
    group = find_group(context.reads, context.id, arguments.group)
    return facilitators_card(context.reads, context.community, group, context.now)


class Resign(Arguments):
    """From what, and why."""

    group: GroupArgument
    reason: Annotated[str, ask("Why?", "Shown to the members. May be left out.", rest=True, limit=1000)] = ""


@command(
    "facilitator resign",
    "Resign as co-facilitator of a working group; its work goes on",
    who=FACILITATOR,
    arguments=Resign,
    examples=("facilitator resign WG-MWP", 'facilitator resign WG-MWP "I change employer in May"'),
)
def resign(context: Context, arguments: Resign) -> View:
    """The Chair is told and names somebody else; one stays a member of the group."""
    group = find_group(context.reads, context.id, arguments.group)
    context.happen(give_up(context.reads, group, context.person, arguments.reason, Departure.RESIGNED))
    return Notice(
        T(
            "You are no longer co-facilitator of {group}, and still a member. The {chair} names somebody else.",
            group=group.short_name,
            chair=context.community.titles.chair,
        ),
        Tone.DONE,
    )
