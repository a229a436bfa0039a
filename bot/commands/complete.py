"""Completing a working group: its co-facilitators hand in what there is and ask, the Chair confirms or returns it."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.completions import CompletionReturned, accounts_in, ask_completion, expected_outputs, to_confirm
from bot.domain.errors import NotNow
from bot.domain.groups import Stage, find_group
from bot.domain.proposals import latest
from bot.ending import end_group
from bot.policy import ANYONE, CHAIR
from bot.present import shown
from bot.present.completions import completion_card
from bot.stages import must_be_in_cycle
from bot.standing import FACILITATOR
from bot.text import Say, T
from bot.view import Bullets, Button, Card, Named, Notice, Tone, View

LONG = 20_000
"""Characters of a final report, and of the accounts."""

GroupArgument = Annotated[str, ask("Which working group?", "Its short name: WG-MWP", named=Named.GROUP)]


class Complete(Arguments):
    """The final report, and what became of each expected output."""

    group: GroupArgument
    report: Annotated[
        str,
        ask(
            "The final report",
            "In words, or where it is: https://… May be left out, which is then shown.",
            rest=True,
            multiline=True,
            limit=LONG,
            file=True,
        ),
    ] = ""
    outputs: Annotated[
        str,
        ask(
            "What became of each expected output?",
            "One a line, by its number: “1: https://…”, “2: not delivered: why”.",
            option=True,
            multiline=True,
            limit=LONG,
        ),
    ] = ""


@command(
    "complete ask",
    "Hand in the final report of your working group, and ask the Chair to confirm that it is completed",
    who=FACILITATOR,
    arguments=Complete,
    examples=(
        'complete WG-MWP "https://example.org/final-report" --outputs "1: https://example.org/report"',
        'complete WG-MWP "Our final report: …" --outputs "1: https://example.org/list; 2: not delivered: no data came"',
    ),
    keeps=True,
    family_default=True,
)
def complete(context: Context, arguments: Complete) -> View:
    """What is missing is said and shown, and holds nothing up. Asked again, it takes the place of what was asked before."""
    group = find_group(context.reads, context.id, arguments.group)
    outputs = expected_outputs(latest(context.reads, group).sections.outputs)
    accounts = accounts_in(arguments.outputs, len(outputs))
    context.happen(ask_completion(group, context.person, arguments.report, accounts))
    card = shown(completion_card(context.reads, context.community, group.id, context.now))
    text = (
        T(
            "The {chair} is asked to confirm that {group} is completed.",
            chair=context.community.titles.chair,
            group=group.short_name,
        )
        if group.stage is Stage.ACTIVE
        else T("The final report of {group} is with the members.", group=group.short_name)
    )
    missing = [block for block in card.blocks if isinstance(block, Bullets)]
    buttons = (Button(T("Look at it"), "complete show", {"group": group.short_name}),)
    return Card(text, tuple(missing), buttons, Tone.DONE) if missing else Notice(text, Tone.DONE, buttons=buttons)


class Confirm(Arguments):
    """Which group, and a word with it."""

    group: GroupArgument
    note: Annotated[
        str, ask("A note with it", "Published. May be left out.", rest=True, multiline=True, limit=LONG)
    ] = ""


@command(
    "complete confirm",
    "Confirm that a working group is completed",
    who=CHAIR,
    arguments=Confirm,
    examples=("complete confirm WG-MWP", 'complete confirm WG-MWP "With thanks to all of its members"'),
    prepares=True,
    keeps=True,
)
def confirm(context: Context, arguments: Confirm) -> View:
    """It ends with that: its members become former members."""
    group = find_group(context.reads, context.id, arguments.group)
    to_confirm(context.reads, group)
    must_be_in_cycle(context)
    end_group(context, group, Stage.COMPLETED, arguments.note)
    return Notice(T("{group} is completed; the members are told.", group=group.short_name), Tone.DONE)


class Return(Arguments):
    """Which group, and why not."""

    group: GroupArgument
    why: Annotated[
        str, ask("What is missing?", "Told to its co-facilitators, and shown.", rest=True, multiline=True, limit=LONG)
    ]


@command(
    "complete return",
    "Do not confirm that a working group is completed, and say what is missing",
    who=CHAIR,
    arguments=Return,
    examples=('complete return WG-MWP "Where is the second report?"',),
    prepares=True,
    keeps=True,
)
def give_back(context: Context, arguments: Return) -> View:
    """It stays at work; its co-facilitators may ask again."""
    group = find_group(context.reads, context.id, arguments.group)
    to_confirm(context.reads, group)
    must_be_in_cycle(context)
    context.happen(CompletionReturned(group.id, arguments.why))
    return Notice(T("{group} stays active; its co-facilitators are told why.", group=group.short_name), Tone.DONE)


class Show(Arguments):
    """Whose."""

    group: GroupArgument


@command(
    "complete show",
    "Show the final report of a working group, and what became of its expected outputs",
    who=ANYONE,
    arguments=Show,
    examples=("complete show WG-MWP",),
    reads=True,
)
def show(context: Context, arguments: Show) -> View:
    """As its co-facilitators handed it in."""
    group = find_group(context.reads, context.id, arguments.group)
    card = completion_card(context.reads, context.community, group.id, context.now)
    if card is None:
        raise NotNow(
            T("{group} has not handed in a final report.", group=group.short_name),
            T("See its updates: {command}.", command=Say(f"update show {group.short_name}")),
        )
    return card
