"""Charters: what a working group was approved for, its versions, and what changed."""

from __future__ import annotations

from dataclasses import asdict, replace
from enum import StrEnum
from typing import Annotated

from bot.chartering import ask_about_change, call_off_change
from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.charter_changes import (
    ChangeProposed,
    ChangeSettled,
    ChangeState,
    adopt,
    change,
    counter_of,
    the_change,
)
from bot.domain.charters import changes_in, version_of
from bot.domain.community import next_number
from bot.domain.consensus.checks import Check
from bot.domain.consultations import ConsultationOpened
from bot.domain.errors import NotFound, NotNow
from bot.domain.groups import Group, find_group
from bot.domain.proposals import Sections, latest
from bot.policy import ANYONE, CHAIR, SECRETARIAT
from bot.present import shown
from bot.present.charters import change_card, changes_card, charter_card, history_card
from bot.sections import KeptObjectives, KeptOutputs, KeptPlan, KeptPurpose, KeptTimeframe, own_last_day
from bot.stages import default_close, must_be_in_cycle
from bot.standing import FACILITATOR
from bot.text import Moment, Say, T
from bot.view import Button, File, Named, Notice, Tone, View

LONG = 10_000
"""Characters of reasons."""

GroupArgument = Annotated[str, ask("Which working group?", "Its short name: WG-MWP", named=Named.GROUP)]


class ShowCharter(Arguments):
    """Whose, and which version."""

    group: GroupArgument
    version: Annotated[int, ask("Which version?", "Its number. Left out: the newest.")] = 0


@command(
    "charter show",
    "Show the charter of a working group, or an earlier version of it",
    who=ANYONE,
    arguments=ShowCharter,
    examples=("charter show WG-MWP", "charter show WG-MWP 1"),
    reads=True,
    family_default=True,
)
def show(context: Context, arguments: ShowCharter) -> View:
    """Until the Chair approves it, it is a proposal."""
    group = find_group(context.reads, context.id, arguments.group)
    return charter_card(context.reads, context.community, group, _version(context, group, arguments.version))


class History(Arguments):
    """Whose."""

    group: GroupArgument


@command(
    "charter history",
    "Show every version of a working group's charter, and the groups it goes on from",
    who=ANYONE,
    arguments=History,
    examples=("charter history WG-MWP",),
    reads=True,
)
def history(context: Context, arguments: History) -> View:
    """The newest first; each can be looked at and compared with the one before."""
    group = find_group(context.reads, context.id, arguments.group)
    return history_card(context.reads, context.community, group)


class Form(StrEnum):
    """In what form changes are handed over."""

    CARD = "card"
    MD = "md"


class Diff(Arguments):
    """Whose, of which version, and how."""

    group: GroupArgument
    version: Annotated[
        int,
        ask("Which version?", "Compared with the one before it. Left out: the newest; a renewal with the old charter."),
    ] = 0
    format: Annotated[Form, ask("In what form?", "Here as a card, or as a Markdown file.", option=True)] = Form.CARD


@command(
    "charter diff",
    "Show what a version of a charter changed, or a renewal against the old charter",
    who=ANYONE,
    arguments=Diff,
    examples=("charter diff WG-MWP", "charter diff WG-MWP 2 --format md"),
    reads=True,
)
def diff(context: Context, arguments: Diff) -> View:
    """Section by section, the lines taken out and put in."""
    group = find_group(context.reads, context.id, arguments.group)
    version = arguments.version and _version(context, group, arguments.version)
    if changes_in(context.reads, group, version, context.community.titles.body) is None:
        raise NotNow(
            T(
                "There is nothing to compare {group} with: it is the first of its kind, in its first version.",
                group=group.short_name,
            ),
            T("See it: {command}.", command=Say(f"charter show {group.short_name}")),
        )
    if arguments.format is Form.CARD:
        return changes_card(context.reads, context.community, group, version)
    return File(
        f"{group.short_name}-v{version or group.version}-changes.md",
        f"changes:{group.id}:{version}",
        "changes",
        "md",
        T("What changed in {group}, version {version}.", group=group.short_name, version=version or group.version),
    )


def _version(context: Context, group: Group, typed: int) -> int:
    version = typed or group.version
    if version_of(context.reads, group, version) is None:
        raise NotFound(
            T(
                "{group} has {count} versions; there is no number {number}.",
                group=group.short_name,
                count=group.version,
                number=version,
            ),
            T("See them: {command}.", command=Say(f"charter history {group.short_name}")),
            field="version",
        )
    return version


class ChangeCharter(Arguments):
    """Sections to change; those left out stay as they are."""

    group: GroupArgument
    reasons: Annotated[
        str, ask("Why is it changed?", "Shown with the change. May be left out.", rest=True, multiline=True, limit=LONG)
    ] = ""
    purpose: KeptPurpose = ""
    objectives: KeptObjectives = ""
    outputs: KeptOutputs = ""
    plan: KeptPlan = ""
    timeframe: KeptTimeframe = ""
    ends_on: Annotated[str, ask("Its own last day?", "2027-06-30. Leave empty to keep it.", option=True)] = ""


@command(
    "charter change",
    "Change your working group's charter: goals, outputs and its last day by the members' consensus, the rest with a notice",
    who=FACILITATOR,
    arguments=ChangeCharter,
    examples=(
        'charter change WG-MWP --plan "A call every second Monday."',
        'charter change WG-MWP "The data came late" --outputs "A first report to the MAG"',
    ),
    keeps=True,
)
def change_charter(context: Context, arguments: ChangeCharter) -> View:
    """An editorial change is the next version at once. Any other opens a consultation of the full membership."""
    group = find_group(context.reads, context.id, arguments.group)
    must_be_in_cycle(context)
    given = {
        "purpose": arguments.purpose,
        "objectives": arguments.objectives,
        "outputs": arguments.outputs,
        "plan": arguments.plan,
        "timeframe": arguments.timeframe,
        "ends_on": own_last_day(context, arguments.ends_on),
    }
    sections = replace(latest(context.reads, group).sections, **{key: text for key, text in given.items() if text})
    new_version = change(context.reads, group, context.person, sections)
    if new_version is not None:
        context.happen(new_version)
        return Notice(
            T(
                "Version {version} of the charter of {group} holds from now on; the members read what changed.",
                version=new_version.version,
                group=group.short_name,
            ),
            Tone.DONE,
            buttons=(Button(T("What changed"), "charter diff", {"group": group.short_name}),),
        )
    return _put_to_the_members(context, group, sections, arguments.reasons)


def _put_to_the_members(context: Context, group: Group, sections: Sections, reasons: str) -> View:
    consultation = next_number(context.reads, context.id, "consultation")
    number = next_number(context.reads, context.id, counter_of(group.id))
    closes_at = default_close(context, context.community.settings.consultation_hours)
    about = f"charter-change:{group.id}:{number}"
    context.happen(
        ChangeProposed(group.id, number, context.person, consultation, reasons, **asdict(sections)),
        ConsultationOpened(consultation, group.id, closes_at, context.community.zone, "", about),
    )
    return Notice(
        T(
            "The change is before the full {body}: it takes feedback until {when}, then a consensus check and the {chair}.",
            body=context.community.titles.body,
            when=Moment(closes_at, context.zone),
            chair=context.community.titles.chair,
        ),
        Tone.DONE,
        T("Until then the charter holds as it is."),
        (Button(T("The change"), "charter pending", {"group": group.short_name}),),
    )


class OfGroup(Arguments):
    """Whose."""

    group: GroupArgument


@command(
    "charter pending",
    "Show the change of a charter that is before the members",
    who=ANYONE,
    arguments=OfGroup,
    examples=("charter pending WG-MWP",),
    reads=True,
)
def pending(context: Context, arguments: OfGroup) -> View:
    """What would change, why, and where it stands."""
    group = find_group(context.reads, context.id, arguments.group)
    found = the_change(context.reads, group)
    return shown(change_card(context.reads, context.community, f"{group.id}:{found.number}", context.now))


@command(
    "charter ask",
    "Open the consensus check of the members on a change of a charter",
    who=FACILITATOR | CHAIR | SECRETARIAT,
    arguments=OfGroup,
    examples=("charter ask WG-MWP",),
)
def ask_members(context: Context, arguments: OfGroup) -> View:
    """By the clock it opens by itself; this is for communities that drive their stages by hand."""
    group = find_group(context.reads, context.id, arguments.group)
    must_be_in_cycle(context)
    closes_at = default_close(context, context.community.settings.check_hours)
    number = ask_about_change(context, the_change(context.reads, group), closes_at)
    return Notice(
        T("Check {number} is open until {when}.", number=number, when=Moment(closes_at, context.zone)), Tone.DONE
    )


@command(
    "charter approve",
    "Adopt a change of a charter upon the members' consensus",
    who=CHAIR,
    arguments=OfGroup,
    examples=("charter approve WG-MWP",),
    prepares=True,
)
def approve(context: Context, arguments: OfGroup) -> View:
    """It is the next version of the charter."""
    group = find_group(context.reads, context.id, arguments.group)
    must_be_in_cycle(context)
    found = the_change(context.reads, group)
    check = context.reads.get(Check, context.id, found.check)
    context.happen(*adopt(found, check, group, found.proposed_by))
    return Notice(
        T("The charter of {group} is changed; the members read what changed.", group=group.short_name), Tone.DONE
    )


class DeclineChange(Arguments):
    """Whose, and why."""

    group: GroupArgument
    reason: Annotated[str, ask("Why?", "Published.", rest=True, multiline=True, limit=LONG)]


@command(
    "charter decline",
    "Do not adopt a change of a charter, and say why",
    who=CHAIR,
    arguments=DeclineChange,
    examples=('charter decline WG-MWP "The first report is needed."',),
    prepares=True,
    keeps=True,
)
def decline(context: Context, arguments: DeclineChange) -> View:
    """The charter holds as it is; what is open for the change closes."""
    return _ended(context, arguments, ChangeState.DECLINED)


class WithdrawChange(Arguments):
    """Whose, and why."""

    group: GroupArgument
    reason: Annotated[str, ask("Why?", "Shown to the members. May be left out.", rest=True, limit=LONG)] = ""


@command(
    "charter withdraw",
    "Take back a change of your working group's charter",
    who=FACILITATOR,
    arguments=WithdrawChange,
    examples=("charter withdraw WG-MWP",),
)
def withdraw(context: Context, arguments: WithdrawChange) -> View:
    """At any time before the Chair's decision."""
    return _ended(context, arguments, ChangeState.WITHDRAWN)


def _ended(context: Context, arguments: DeclineChange | WithdrawChange, state: ChangeState) -> View:
    group = find_group(context.reads, context.id, arguments.group)
    must_be_in_cycle(context)
    found = the_change(context.reads, group)
    call_off_change(context, found)
    context.happen(ChangeSettled(group.id, found.number, state, arguments.reason))
    return Notice(T("The charter of {group} holds as it is; the members are told.", group=group.short_name), Tone.DONE)
