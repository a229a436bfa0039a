"""A person's start page: what needs them first, then their groups, then what is coming up. For a guest, how to begin.

Slack shows it under the app's own tab, any platform by a command. `/wg` alone is its beginning.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.coming import coming_up
from bot.context import Context, Space, seen_by
from bot.domain.community import Community
from bot.domain.facilitators import Facilitator, Membership
from bot.domain.groups import ENDED, Group, Stage, group_of
from bot.domain.ids import GroupId, PersonId
from bot.domain.membership import Participant
from bot.domain.people import Person
from bot.domain.proposals import CoProposer, CoProposing
from bot.domain.records import Reads
from bot.outgoing import Placement, home_of
from bot.present import presents
from bot.present.names import STAGES, full_name
from bot.present.next_steps import next_step
from bot.text import Say, T, Text, joined
from bot.view import Block, Button, ButtonStyle, Card, Item, Items, Paragraph, Tone
from bot.waiting import Task, tasks

MOST_TASKS = 10
MOST_GROUPS = 10
MOST_COMING = 5
"""Shown on the page; the rest is counted, and one command away."""


@presents("home")
def home_card(reads: Reads, community: Community, key: str, now: datetime) -> Card | None:
    """The start page of a person, as it stands."""
    person = PersonId(key)
    if reads.get(Person, community.id, person) is None:
        return None
    placed = reads.all(Placement, community=community.id, subject=home_of(person))
    if not placed:
        return overview(seen_by(reads, community, person, now))
    page = max(placed, key=lambda each: each.posted_at)
    space = Space(page.platform, page.team, page.place, private=True)
    return overview(seen_by(reads, community, person, now, space, page.place.removeprefix("~")))


def overview(context: Context) -> Card:
    """The start page of whoever looks."""
    waiting = list(tasks(context))
    blocks: list[Block] = [greeting(context)]
    person = context.actor.person
    if person is not None:
        blocks.append(waiting_for(waiting, MOST_TASKS) if waiting else Paragraph(T("Nothing waits for you.")))
        blocks += _groups(context, person)
    blocks += _coming(context)
    return Card(
        title(context),
        tuple(blocks),
        first_steps(context),
        Tone.ATTENTION if waiting else Tone.NEUTRAL,
        home_of(person) if person is not None else None,
    )


def title(context: Context) -> Text:
    """What stands above."""
    return T("Working groups of the {body}", body=context.community.titles.body)


def greeting(context: Context) -> Paragraph:
    """A word to begin with; to guests, how to become known."""
    if context.actor.person is None:
        return Paragraph(
            T(
                "You are a guest here: you can read everything public. With a code from the Secretariat, {command} makes wgbot know you.",
                command=Say("link CODE"),
            )
        )
    return Paragraph(T("Hello {name}.", name=context.name_of(context.actor.person)))


def waiting_for(waiting: list[Task], most: int) -> Items:
    """What needs the person, each with its button."""
    return _cut([task.item for task in waiting], most, T("What needs you"), "todo")


def first_steps(context: Context) -> tuple[Button, ...]:
    """What one most often wants."""
    steps = (Button(T("Working groups"), "list"), Button(T("Help"), "help"))
    if context.actor.person is None:
        return steps
    return (Button(T("Propose a working group…"), "propose new", style=ButtonStyle.PLAIN), *steps)


def _cut(items: list[Item], most: int, title: Text, command: str) -> Items:
    shown = items[:most]
    if len(items) > most:
        shown.append(Item(T("and {count} more: {command}", count=len(items) - most, command=Say(command))))
    return Items(tuple(shown), title)


def _groups(context: Context, person: PersonId) -> Iterable[Items]:
    standings = _standings(context.reads, context.community, person)
    groups = [group_of(context.reads, context.id, group) for group in standings]
    mine = sorted(
        (each for each in groups if each.stage not in ENDED),
        key=lambda group: (list(Stage).index(group.stage), group.short_name),
    )
    if mine:
        yield _cut([_group(context, each, standings[each.id]) for each in mine], MOST_GROUPS, T("Your groups"), "list")


def _group(context: Context, group: Group, standing: Text) -> Item:
    return Item(
        T("{name}: {stage}", name=full_name(group.short_name, group.full_name), stage=STAGES[group.stage]),
        Button(T("Show {group}", group=group.short_name), "show", {"group": group.short_name}),
        joined([standing, next_step(context.reads, context.community, group, context.now)]),
    )


def _coming(context: Context) -> Iterable[Items]:
    coming = coming_up(context.reads, context.community, context.now)
    if coming:
        yield _cut([Item(each.text, each.button) for each in coming], MOST_COMING, T("Coming up"), "calendar")


def _standings(reads: Reads, community: Community, person: PersonId) -> dict[GroupId, Text]:
    """What the person is to each group that is theirs, by what says most."""
    found: dict[GroupId, Text] = {}
    for invitation in reads.all(CoProposer, community=community.id, person=person):
        if invitation.state is CoProposing.CONFIRMED:
            found[invitation.group] = T("You co-proposed it.")
    for group in reads.all(Group, community=community.id, proposer=person):
        found[group.id] = T("You proposed it.")
    for membership in reads.all(Membership, community=community.id, person=person):
        found[membership.group] = T("You are a member.")
    for participant in reads.all(Participant, community=community.id, person=person):
        found[participant.group] = T("You participate in it.")
    for facilitator in reads.all(Facilitator, community=community.id, person=person):
        if facilitator.until is None:
            found[facilitator.group] = T("You co-facilitate it.")
    return found
