"""Proposing a working group: write, revise, show, withdraw; co-proposers confirm."""

from __future__ import annotations

from dataclasses import fields, replace
from enum import StrEnum
from typing import Annotated, cast

from bot.command import COMMANDS, Arguments, YesNo, ask, bind, command
from bot.context import Context
from bot.domain.cycles import current_cycle
from bot.domain.days import parse_day
from bot.domain.errors import Invalid, NotAllowed
from bot.domain.groups import ENDED, Group, GroupName, find_group, free_name, group_of
from bot.domain.ids import GroupId
from bot.domain.lifetimes import day_over
from bot.domain.names import duplicates, fold, split_names
from bot.domain.people import ASKED, Person, seat_of
from bot.domain.proposals import (
    CoProposer,
    CoProposerAnswered,
    CoProposerInvited,
    CoProposing,
    GroupProposed,
    Sections,
    complete,
    latest,
    revise,
    withdraw,
    written,
)
from bot.domain.renewals import may_renew
from bot.domain.template import from_markdown
from bot.lookup import find_person
from bot.policy import ANYONE, KNOWN, MEMBER
from bot.present import shown
from bot.present.groups import advice, proposal_card
from bot.sections import SECTION, KeptObjectives, KeptOutputs, KeptPlan, KeptPurpose, KeptTimeframe
from bot.stages import call_off, must_be_in_cycle
from bot.standing import PROPOSER
from bot.text import Say, T, Text, UserText
from bot.view import Bullets, Button, Card, File, Named, Notice, Tone, View

Objectives = Annotated[
    str,
    ask(
        "Objectives/Goals of the WG",
        "Clear ones, best as a list: what will be different at the end?",
        multiline=True,
        limit=SECTION,
    ),
]

EndsOn = Annotated[
    str,
    ask("Its own last day?", "Where it ends before its cycle does: --ends-on 2027-06-30", option=True, advanced=True),
]


class Propose(Arguments):
    """The document's template, and the two questions its Background asks."""

    name: Annotated[str, ask("What is the working group called?", "Its full name: Multi-year Strategic Work Programme")]
    short_name: Annotated[str, ask("Its short name?", "As people will say it: WG-MWP", limit=40)]
    purpose: Annotated[
        str, ask("Purpose of the WG", "Why it is needed, in a paragraph.", multiline=True, limit=SECTION)
    ]
    objectives: Objectives
    outputs: Annotated[
        str,
        ask(
            "Expected Output(s)",
            "What it will hand over: a report, a list, recommendations…",
            multiline=True,
            limit=SECTION,
        ),
    ]
    plan: Annotated[
        str,
        ask("Implementation Plan (if appropriate)", "How it will work. May be skipped.", multiline=True, limit=SECTION),
    ] = ""
    timeframe: Annotated[
        str, ask("Timeframe for the work", "Dates, or “not applicable”.", multiline=True, limit=SECTION)
    ]
    why: Annotated[
        str, ask("Why a smaller group, and not all members?", "May be skipped.", multiline=True, limit=SECTION)
    ] = ""
    responsibility: Annotated[
        str,
        ask(
            "Which of the body's primary responsibilities does it serve?",
            "See the Terms of Reference. May be skipped.",
            multiline=True,
            limit=SECTION,
        ),
    ] = ""
    co_proposers: Annotated[
        str,
        ask(
            "Who proposes it with you?",
            "Names, separated by commas; they are asked to confirm. May be skipped.",
            limit=1000,
            named=Named.PEOPLE,
        ),
    ] = ""
    ends_on: EndsOn = ""
    renews: Annotated[
        str,
        ask(
            "Which ended group goes on as this one?",
            "Left out: the one of the same name, if there is one.",
            option=True,
            advanced=True,
            named=Named.GROUP,
        ),
    ] = ""


@command(
    "propose new",
    "Propose a working group to the full membership and the Chair",
    who=MEMBER,
    arguments=Propose,
    examples=(
        'propose new "Outreach and Communication" WG-OC --purpose "…" --objectives "…" --outputs "…" --timeframe "…"',
        "propose",
    ),
    family_default=True,
    keeps=True,
)
def propose(context: Context, arguments: Propose) -> View:
    """Post a proposal; its consultation opens by itself once it has reached the members."""
    must_be_in_cycle(context)
    before = _predecessor(context, arguments)
    free_name(context.reads, context.id, arguments.short_name, field="short_name")
    if fold(arguments.name) != fold(arguments.short_name):
        _full_name_free(context, arguments.name)
    sections = _sections(context, arguments)
    complete(sections)
    invited = _invited(context, arguments.co_proposers)
    group = GroupId(context.new_id())
    context.happen(
        GroupProposed(
            group,
            arguments.short_name,
            arguments.name,
            context.community.cycle,
            context.person,
            before.id if before is not None else None,
        ),
        written(group, 1, context.person, sections),
        *(CoProposerInvited(group, person.id) for person in invited),
    )
    hours = context.community.settings.consultation_hours
    return _received(
        context,
        T(
            "{group} is proposed. The full {body} gets it now; once it has arrived, the consultation opens for {days} days.",
            group=arguments.short_name,
            body=context.community.titles.body,
            days=hours // 24,
        ),
        arguments.short_name,
        sections,
    )


def _received(context: Context, text: Text, name: str, sections: Sections) -> View:
    hints = advice(sections, context.community.titles.body)
    buttons = (
        Button(T("Where it stands"), "show", {"group": name}),
        Button(T("Revise…"), "propose revise", {"group": name}),
    )
    if not hints:
        return Notice(text, Tone.DONE, buttons=buttons)
    return Card(text, (Bullets(hints, T("To make it stronger (nothing is held up by this)")),), buttons, Tone.DONE)


def _sections(context: Context, arguments: Propose) -> Sections:
    return Sections(
        arguments.purpose,
        arguments.objectives,
        arguments.outputs,
        arguments.plan,
        arguments.timeframe,
        arguments.why,
        arguments.responsibility,
        own_last_day(context, arguments.ends_on),
    )


def own_last_day(context: Context, typed: str) -> str:
    """A group's own last day as it is kept. Raises `Invalid` unless it is to come, and within the current cycle."""
    cycle = current_cycle(context.reads, context.community)
    if not typed or cycle is None:
        return ""
    day = parse_day(typed, field="ends_on")
    if day_over(day, context.community.zone) <= context.now:
        raise Invalid(
            T("{day} is over; a group ends on a day to come.", day=str(day)),
            T("Name a later day, or leave it out: the group then ends with {cycle}.", cycle=cycle.name),
            field="ends_on",
        )
    if day > cycle.last_day:
        raise Invalid(
            T(
                "{day} is after the last day of {cycle}, {last}; every group ends with its cycle.",
                day=str(day),
                cycle=cycle.name,
                last=str(cycle.last_day),
            ),
            T("Leave it out, and propose its renewal in the next cycle."),
            field="ends_on",
        )
    return day.isoformat()


def _full_name_free(context: Context, name: str) -> None:
    taken = context.reads.get(GroupName, context.id, fold(name))
    if taken is not None and group_of(context.reads, context.id, taken.group).stage not in ENDED:
        owner = group_of(context.reads, context.id, taken.group)
        raise Invalid(
            T("{name} is taken: {owner} goes by that name.", name=UserText(name), owner=owner.short_name),
            T("Choose another name, or see that group: {command}.", command=Say(f"show {owner.short_name}")),
            field="name",
        )


def _predecessor(context: Context, arguments: Propose) -> Group | None:
    """The ended group that this one goes on from: the one named, else that of the same name. Its lineage is kept.

    Raises `NotNow` for one that has not ended, or goes on as another already.
    """
    if arguments.renews:
        before = context.reads.get(Group, context.id, GroupId(arguments.renews)) or find_group(
            context.reads, context.id, arguments.renews, field="renews"
        )
        may_renew(context.reads, before, context.zone)
        return before
    known = context.reads.get(GroupName, context.id, fold(arguments.short_name))
    found = group_of(context.reads, context.id, known.group) if known is not None else None
    return found if found is not None and found.stage in ENDED else None


def _invited(context: Context, names: str) -> list[Person]:
    typed = split_names(names)
    twice = duplicates(typed)
    if twice:
        raise Invalid(
            T("{name} is named twice.", name=UserText(twice[0])),
            T("Name every co-proposer once."),
            field="co_proposers",
        )
    found: list[Person] = []
    for name in typed:
        person = find_person(context, name, field="co_proposers")
        seat = seat_of(context.reads, context.community, person.id)
        if seat is None or seat.role not in ASKED:
            raise Invalid(
                T(
                    "{name} is not a member seated in this cycle, so cannot propose a group.",
                    name=UserText(person.name),
                ),
                T("Name seated members: {command} shows them.", command=Say("roster show")),
                field="co_proposers",
            )
        if person.id == context.person or person in found:
            raise Invalid(
                T("{name} is named twice: as proposer and as co-proposer.", name=UserText(person.name))
                if person.id == context.person
                else T("{name} is named twice.", name=UserText(person.name)),
                T("Leave yourself out; you are its proposer.")
                if person.id == context.person
                else T("Name every co-proposer once."),
                field="co_proposers",
            )
        found.append(person)
    return found


class FromText(Arguments):
    """A whole proposal under the template's headings."""

    text: Annotated[
        str,
        ask(
            "The proposal, with the template's headings",
            "Paste it, or attach a Markdown or text file.",
            rest=True,
            multiline=True,
            limit=150_000,
            file=True,
        ),
    ]
    short_name: Annotated[
        str,
        ask(
            "Its short name?",
            "Where the text does not give it: --short-name WG-MWP",
            option=True,
            limit=40,
            advanced=True,
        ),
    ] = ""
    name: Annotated[str, ask("Its full name?", "Where the text does not give it.", option=True, advanced=True)] = ""
    co_proposers: Annotated[
        str, ask("Who proposes it with you?", "Names, separated by commas.", option=True, limit=1000, advanced=True)
    ] = ""


@command(
    "propose text",
    "Propose a working group from a text or file under the template's headings",
    who=MEMBER,
    arguments=FromText,
    examples=('propose text samples/proposal-wg-mwp.md --co-proposers "Qiang R., Gift I."',),
)
def propose_text(context: Context, arguments: FromText) -> View:
    """Read the template's headings out of a text; what is not there is asked for by the refusal."""
    read = from_markdown(arguments.text)
    wanted = {each.name for each in fields(Sections)}
    name = arguments.name or read.get("name", "") or read.get("short_name", "")
    short_name = arguments.short_name or read.get("short_name", "")
    if not short_name or not name:
        raise Invalid(
            T("The text does not say what the group is called."),
            T("Begin it with “Working Group: Full name (WG-X)”, or add --name and --short-name."),
            field="short_name",
        )
    sections = {key: text for key, text in read.items() if key in wanted}
    blank = {each.name: "" for each in fields(Sections)}
    complete(Sections(**{**blank, **sections}))
    typed = {"name": name, "short_name": short_name, "co_proposers": arguments.co_proposers, **sections}
    return propose(context, cast("Propose", bind(COMMANDS["propose new"], typed)))


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
    return _received(
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
