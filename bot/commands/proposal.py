"""A proposal once it is written: revise, show, withdraw; co-proposers confirm."""

from __future__ import annotations

from dataclasses import fields, replace
from enum import StrEnum
from typing import Annotated

from bot.command import Arguments, YesNo, ask, command
from bot.commands.propose import received
from bot.context import Context
from bot.domain.errors import Invalid, NotAllowed
from bot.domain.groups import find_group
from bot.domain.proposals import CoProposer, CoProposerAnswered, CoProposing, Sections, latest, revise, withdraw
from bot.policy import ANYONE, KNOWN
from bot.present import shown
from bot.present.groups import proposal_card
from bot.sections import (
    SECTION,
    EndsOn,
    KeptObjectives,
    KeptOutputs,
    KeptPlan,
    KeptPurpose,
    KeptTimeframe,
    own_last_day,
)
from bot.stages import call_off
from bot.standing import PROPOSER
from bot.text import Say, T
from bot.view import File, Named, Notice, Tone, View


class Revise(Arguments):
    """Sections to change; those left out stay as they are."""

    group: Annotated[str, ask("Which proposal?", "Its short name.", named=Named.GROUP)]
    purpose: KeptPurpose = ""
    objectives: KeptObjectives = ""
    outputs: KeptOutputs = ""
    plan: KeptPlan = ""
    timeframe: KeptTimeframe = ""
    why: Annotated[
        str,
        ask(
            "Why a smaller group, and not all members?",
            "Leave empty to keep it.",
            option=True,
            multiline=True,
            limit=SECTION,
        ),
    ] = ""
    responsibility: Annotated[
        str,
        ask(
            "Which of the body's primary responsibilities does it serve?",
            "Leave empty to keep it.",
            option=True,
            multiline=True,
            limit=SECTION,
        ),
    ] = ""
    ends_on: EndsOn = ""


@command(
    "propose revise",
    "Write a new version of a proposal",
    who=PROPOSER,
    arguments=Revise,
    examples=('propose revise WG-MWP --timeframe "First version by October 2027."',),
    keeps=True,
)
def revise_proposal(context: Context, arguments: Revise) -> View:
    """Keep every earlier version; after *No consensus yet*, a revision starts another round."""
    group = find_group(context.reads, context.id, arguments.group)
    before = latest(context.reads, group).sections
    given = {each.name: getattr(arguments, each.name) for each in fields(Sections)}
    given["ends_on"] = own_last_day(context, arguments.ends_on)
    changed = {name: text for name, text in given.items() if text and text != getattr(before, name)}
    if not changed:
        raise Invalid(
            T("That changes nothing in the proposal of {group}.", group=group.short_name),
            T(
                "Name a section and give its new text: {command}.",
                command=Say(f'propose revise {group.short_name} --objectives "…"'),
            ),
        )
    sections = replace(before, **changed)
    context.happen(revise(group, context.person, sections))
    return received(
        context,
        T(
            "Version {version} of {group} is kept and goes to the members.",
            version=group.version + 1,
            group=group.short_name,
        ),
        group.short_name,
        sections,
    )


class Format(StrEnum):
    """In what form a proposal is handed over."""

    CARD = "card"
    MD = "md"
    DOCX = "docx"
    PDF = "pdf"


class ShowProposal(Arguments):
    """Which one, and how."""

    group: Annotated[str, ask("Which proposal?", "Its short name.", named=Named.GROUP)]
    format: Annotated[
        Format, ask("In what form?", "Here as a card, or as a Markdown, Word or PDF file.", option=True)
    ] = Format.CARD


@command(
    "propose show",
    "Show a proposal, or hand it over as Markdown, Word or PDF in the document's template",
    who=ANYONE,
    arguments=ShowProposal,
    examples=("propose show WG-MWP", "propose show WG-MWP --format pdf"),
    reads=True,
)
def show_proposal(context: Context, arguments: ShowProposal) -> View:
    """The newest version, whole."""
    group = find_group(context.reads, context.id, arguments.group)
    if arguments.format is Format.CARD:
        return shown(proposal_card(context.reads, context.community, group.id, context.now))
    version = group.version
    return File(
        f"{group.short_name}-v{version}.{arguments.format.value}",
        f"proposal:{group.id}",
        "proposal",
        arguments.format.value,
        T("The proposal of {group}, version {version}.", group=group.short_name, version=version),
    )


class Withdraw(Arguments):
    """Which one, and why."""

    group: Annotated[str, ask("Which proposal?", "Its short name.", named=Named.GROUP)]
    reason: Annotated[str, ask("Why?", "Shown to the members. May be left out.", rest=True, limit=2000)] = ""


@command(
    "propose withdraw",
    "Take a proposal back before the Chair's decision",
    who=PROPOSER,
    arguments=Withdraw,
    examples=('propose withdraw WG-MWP "Merged into WG-OC"',),
)
def withdraw_proposal(context: Context, arguments: Withdraw) -> View:
    """Close what is open for it, and say so."""
    group = find_group(context.reads, context.id, arguments.group)
    event = withdraw(group, arguments.reason)
    call_off(context, group)
    context.happen(event)
    return Notice(
        T("The proposal of {group} is withdrawn; its text stays on record.", group=group.short_name), Tone.DONE
    )


class Confirm(Arguments):
    """Whether one co-proposes."""

    group: Annotated[str, ask("Which proposal?", "Its short name.", named=Named.GROUP)]
    answer: Annotated[YesNo, ask("Do you propose it too?")] = YesNo.YES


@command(
    "propose confirm",
    "Confirm, or decline, that you propose a group together with its proposer",
    who=KNOWN,
    arguments=Confirm,
    examples=("propose confirm WG-MWP", "propose confirm WG-MWP no"),
)
def confirm_proposal(context: Context, arguments: Confirm) -> View:
    """Answer an invitation; an answer can be changed until the decision."""
    group = find_group(context.reads, context.id, arguments.group)
    invitation = context.reads.get(CoProposer, context.id, group.id, context.person)
    if invitation is None:
        raise NotAllowed(
            T("You were not invited to co-propose {group}.", group=group.short_name),
            T("Its proposer can name you; or support it in its consensus check."),
        )
    state = CoProposing.CONFIRMED if arguments.answer is YesNo.YES else CoProposing.DECLINED
    if invitation.state is not state:
        context.happen(CoProposerAnswered(group.id, context.person, state))
    if state is CoProposing.CONFIRMED:
        return Notice(T("You co-propose {group}.", group=group.short_name), Tone.DONE)
    return Notice(T("Noted: you do not co-propose {group}.", group=group.short_name), Tone.DONE)
