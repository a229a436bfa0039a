"""Periodic updates: what a working group reports to the full membership and the Secretariat."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.community import next_number
from bot.domain.completions import expected_outputs
from bot.domain.groups import Group, find_group
from bot.domain.people import Role
from bot.domain.proposals import latest
from bot.domain.updates import awaited, counter_of, reporting, updates_of
from bot.policy import ANYONE
from bot.present import shown
from bot.present.updates import deliveries, update_card
from bot.standing import FACILITATOR, facilitates
from bot.text import Moment, Say, T
from bot.view import Button, Card, Item, Items, Named, Notice, Tone, View

SECTION = 10_000
"""Characters of one part of an update."""

MOST_EARLIER = 10
"""Earlier updates listed, the newest of them first; the rest is counted."""

GroupArgument = Annotated[str, ask("Which working group?", "Its short name: WG-MWP", named=Named.GROUP)]


class Post(Arguments):
    """What was done, what comes next, and what would help."""

    group: GroupArgument
    progress: Annotated[
        str,
        ask("What was achieved?", "Against each expected output.", rest=True, multiline=True, limit=SECTION),
    ]
    next_steps: Annotated[
        str, ask("What are the next steps?", "May be left out.", option=True, multiline=True, limit=SECTION)
    ] = ""
    help_needed: Annotated[
        str, ask("What help is needed?", "May be left out.", option=True, multiline=True, limit=SECTION)
    ] = ""


def _against_outputs(context: Context, answers: dict[str, str]) -> dict[str, str]:
    """The form begins with every expected output of the group, to say beside each what was achieved."""
    if not answers.get("group"):
        return {}
    group = find_group(context.reads, context.id, answers["group"])
    outputs = expected_outputs(latest(context.reads, group).sections.outputs)
    return {"progress": "\n".join(f"- {each}: " for each in outputs)} if outputs else {}


@command(
    "update post",
    "Post the update of your working group",
    who=FACILITATOR,
    arguments=Post,
    examples=(
        "update post WG-MWP The outline of the report is done.",
        'update post WG-MWP "The outline is done." --next-steps "A first draft in May" --help-needed "Two readers"',
    ),
    keeps=True,
    family_default=True,
    begins=_against_outputs,
)
def post(context: Context, arguments: Post) -> View:
    """To the full membership, the group and the Secretariat. The meetings held since the last one are listed by themselves."""
    group = find_group(context.reads, context.id, arguments.group)
    return _report(context, group, (arguments.progress, arguments.next_steps, arguments.help_needed))


class Nothing(Arguments):
    """Whose."""

    group: GroupArgument


@command(
    "update nothing",
    "Say that your working group has nothing to report",
    who=FACILITATOR,
    arguments=Nothing,
    examples=("update nothing WG-MWP",),
)
def nothing(context: Context, arguments: Nothing) -> View:
    """It is an update like any other."""
    return _report(context, find_group(context.reads, context.id, arguments.group), ("", "", ""))


def _report(context: Context, group: Group, texts: tuple[str, str, str]) -> View:
    number = next_number(context.reads, context.id, counter_of(group.id))
    context.happen(reporting(group, number, context.person, texts))
    coming = awaited(context.reads, context.community, group, context.now)
    return Notice(
        T(
            "Posted: update {number} of {group}, to the full {body} and the Secretariat.",
            number=number,
            group=group.short_name,
            body=context.community.titles.body,
        ),
        Tone.DONE,
        T("The next one is due {when}.", when=Moment(coming.closes_at, context.zone)) if coming else None,
    )


class Show(Arguments):
    """Whose, and which one."""

    group: GroupArgument
    number: Annotated[int, ask("Which update?", "Its number. Left out: the newest.")] = 0


@command(
    "update show",
    "Show the updates of a working group",
    who=ANYONE,
    arguments=Show,
    examples=("update show WG-MWP", "update show WG-MWP 1"),
    reads=True,
)
def show(context: Context, arguments: Show) -> View:
    """The newest, whole, and a way to the earlier ones."""
    group = find_group(context.reads, context.id, arguments.group)
    updates = updates_of(context.reads, group)
    if not updates:
        coming = awaited(context.reads, context.community, group, context.now)
        return Notice(
            T("{group} has not reported yet.", group=group.short_name),
            Tone.NEUTRAL,
            T("Its first update is due {when}.", when=Moment(coming.closes_at, context.zone)) if coming else None,
        )
    number = arguments.number or updates[-1].number
    if not 0 < number <= len(updates):
        return Notice(
            T(
                "{group} has {count} updates; there is no number {number}.",
                group=group.short_name,
                count=len(updates),
                number=number,
            ),
            Tone.NEUTRAL,
            T("See the newest: {command}.", command=Say(f"update show {group.short_name}")),
        )
    card: Card = shown(update_card(context.reads, context.community, f"{group.id}:{number}", context.now))
    earlier = [each for each in reversed(updates) if each.number < number]
    blocks = [*card.blocks]
    if facilitates(context, group.id) or context.actor.has_role(Role.SECRETARIAT):
        blocks.append(deliveries(context.reads, context.community, updates[number - 1]))
    listed = Items(
        tuple(
            Item(
                T("Update {number}, {when}", number=each.number, when=Moment(each.posted_at, context.zone)),
                Button(
                    T("Update {number}", number=each.number),
                    "update show",
                    {"group": group.short_name, "number": str(each.number)},
                ),
            )
            for each in earlier[:MOST_EARLIER]
        ),
        T("Earlier updates"),
    )
    if earlier:
        blocks.append(listed)
    return Card(card.title, tuple(blocks), card.buttons, card.tone, card.subject, card.footer)
