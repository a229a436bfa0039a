"""Modalities: a working group's own working methods, proposed by its members and adopted by its consensus."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.bodies import asks, members_of
from bot.command import Arguments, YesNo, ask, command
from bot.context import Context
from bot.domain.community import next_number
from bot.domain.consensus.acts import open_check
from bot.domain.consensus.checks import Form
from bot.domain.consensus.rules import Rule, read_share
from bot.domain.errors import NotAllowed, NotFound
from bot.domain.groups import Group, find_group
from bot.domain.ids import GroupId
from bot.domain.modalities import DEFAULT_VERSION, propose, rule_of_adoption
from bot.domain.ways import Ways, in_force, ways_of
from bot.policy import ANYONE, KNOWN
from bot.present.modalities import changes_text, history_card, modalities_card
from bot.stages import closing, must_be_in_cycle
from bot.text import Moment, Say, T
from bot.view import Button, Named, Notice, Tone, View

LONG = 10_000
"""Characters of the text."""

QUESTION = 900
"""Characters of the question a check asks; the whole is on the card of the version."""

GroupArgument = Annotated[str, ask("Which working group?", "Its short name: WG-MWP", named=Named.GROUP)]
Version = Annotated[int, ask("Which version?", "Left out: the one that holds.")]


class Show(Arguments):
    """Whose, and which version."""

    group: GroupArgument
    version: Version = 0


@command(
    "modalities show",
    "Show the working methods of a working group: those that hold, or any version",
    who=ANYONE,
    arguments=Show,
    examples=("modalities show WG-MWP", "modalities WG-MWP 2"),
    reads=True,
    family_default=True,
)
def show(context: Context, arguments: Show) -> View:
    """The default ones hold from a group's first day."""
    group = find_group(context.reads, context.id, arguments.group)
    own = in_force(context.reads, context.id, group.id)
    version = arguments.version or (own.version if own is not None else DEFAULT_VERSION)
    found = modalities_card(context.reads, context.community, f"{group.id}:{version}", context.now)
    if found is None:
        raise NotFound(
            T("{group} has no version {version} of its modalities.", group=group.short_name, version=version),
            T("See them all: {command}.", command=Say(f"modalities history {group.short_name}")),
            field="version",
        )
    return found


class History(Arguments):
    """Whose."""

    group: GroupArgument


@command(
    "modalities history",
    "Show every version of a working group's methods, and what became of it",
    who=ANYONE,
    arguments=History,
    examples=("modalities history WG-MWP",),
    reads=True,
)
def history(context: Context, arguments: History) -> View:
    """What was proposed by whom, and by which check it was adopted or not."""
    group = find_group(context.reads, context.id, arguments.group)
    return history_card(context.reads, context.community, group)


class Propose(Arguments):
    """Whose, and what is to be otherwise; what is left out stays."""

    group: GroupArgument
    text: Annotated[
        str, ask("How will you work?", "In your own words. Left out: as it is.", rest=True, multiline=True, limit=LONG)
    ] = ""
    rule: Annotated[
        str, ask("By which rule will you decide?", "rough, full, consent, lazy, minus-1, supermajority-66", option=True)
    ] = ""
    check_hours: Annotated[int, ask("How many hours is a formal check open?", "0: as it is.", option=True)] = 0
    quick_check_hours: Annotated[int, ask("How many hours is a quick check open?", "0: as it is.", option=True)] = 0
    floor: Annotated[
        str, ask("Below which share of members is participation low?", "A fraction or percentage: 1/2.", option=True)
    ] = ""
    update_weeks: Annotated[
        int | None, ask("How many weeks from one update to the next?", "0: the usual cadence.", option=True)
    ] = None
    participants: Annotated[
        YesNo | None, ask("May the co-facilitators invite people without a seat?", "Left out: as it is.", option=True)
    ] = None
    world_readable: Annotated[
        YesNo | None,
        ask("May anybody read your room without entering it?", "Where the platform has that (Matrix).", option=True),
    ] = None
    closes: Annotated[str, ask("Until when is it asked?", "5d, or a time. Usually left out.", option=True)] = ""


@command(
    "modalities propose",
    "Propose other working methods to your working group; its consensus adopts them",
    who=KNOWN,
    arguments=Propose,
    examples=(
        'modalities propose WG-MWP "Drafts are circulated a week before each call."',
        "modalities propose WG-MWP --rule supermajority-66 --world-readable yes",
    ),
    keeps=True,
)
def propose_modalities(context: Context, arguments: Propose) -> View:
    """A consensus check of the group opens. Nothing changes until consensus is concluded upon it."""
    reads, community = context.reads, context.community
    group = find_group(reads, context.id, arguments.group)
    if not asks(context, group.id):
        raise NotAllowed(
            T("The modalities of {group} are for its members to propose and decide upon.", group=group.short_name),
            T("See them: {command}.", command=Say(f"modalities {group.short_name}")),
        )
    must_be_in_cycle(context)
    before = ways_of(reads, community, group.id)
    ways = _chosen(before, arguments)
    number = next_number(reads, context.id, "check")
    own = in_force(reads, context.id, group.id)
    text = arguments.text or (own.text if own is not None else "")
    proposed = propose(reads, community, group, text, ways, context.person, number)
    closes_at = closing(context, arguments.closes, before.check_hours)
    context.happen(
        proposed,
        open_check(
            number,
            group.id,
            GroupId(""),
            Form.FORMAL,
            _question(group, proposed.version, before, ways, text if arguments.text else ""),
            rule_of_adoption(before),
            context.now,
            closes_at,
            context.zone,
            community.settings.check_minimum_hours,
            members_of(context, group.id),
        ),
    )
    return Notice(
        T(
            "Version {version} is asked of {group} in check {number}, until {when}. Nothing changes before consensus.",
            version=proposed.version,
            group=group.short_name,
            number=number,
            when=Moment(closes_at, context.zone),
        ),
        Tone.DONE,
        buttons=(Button(T("Check {number}", number=number), "consensus show", {"check": str(number)}),),
    )


def _chosen(before: Ways, arguments: Propose) -> Ways:
    return replace(
        before,
        rule=str(Rule.parse(arguments.rule)) if arguments.rule else before.rule,
        check_hours=arguments.check_hours or before.check_hours,
        quick_check_hours=arguments.quick_check_hours or before.quick_check_hours,
        participation_floor=read_share(arguments.floor, field="floor")
        if arguments.floor
        else before.participation_floor,
        update_weeks=before.update_weeks if arguments.update_weeks is None else arguments.update_weeks,
        participants=_yes(arguments.participants, before=before.participants),
        world_readable=_yes(arguments.world_readable, before=before.world_readable),
    )


def _yes(answer: YesNo | None, *, before: bool) -> bool:
    return before if answer is None else answer is YesNo.YES


def _question(group: Group, version: int, before: Ways, ways: Ways, text: str) -> str:
    """What the check asks, in the stored words of a question: which version, and what it changes."""
    changed = changes_text(before, ways)
    parts = [f"Adopt version {version} of the modalities of {group.short_name}?", *changed]
    return " ".join([*parts, *([text] if text else [])])[:QUESTION]
