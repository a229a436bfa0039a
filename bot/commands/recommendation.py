"""Recommendations of working groups: drafted, consulted on, agreed in the group, handed to the full membership, answered."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.community import next_number
from bot.domain.consensus.acts import conclude
from bot.domain.consensus.checks import check_of
from bot.domain.errors import NotFound
from bot.domain.facilitators import LENGTH, exception
from bot.domain.groups import Group, find_group, group_of
from bot.domain.recommendations import ANSWERS, Answer, Recommendation, find_recommendation, recommendation_of, step_of
from bot.domain.recommending import consult, draft, expected, hand, may_go_on, must_be_handed, revise, settle, withdraw
from bot.domain.ways import ways_of
from bot.policy import ANYONE, CHAIR, KNOWN, demand
from bot.present import shown
from bot.present.recommendations import STEP_LABELS, recommendation_card
from bot.stages import ask_the_group, call_off_recommendation, closing, must_be_in_cycle, put_to_the_full
from bot.standing import BELONGING, FACILITATOR, RECOMMENDER, WRITER
from bot.text import Moment, Say, T, term
from bot.view import Button, ButtonStyle, Card, Named, Notice, Table, Tone, View

TEXT = 20_000
"""Characters of a recommendation."""

LONG = 10_000
"""Characters of a rationale, of minority views."""

WhichArgument = Annotated[str, ask("Which recommendation?", "As its card calls it: R3")]
MinorityViews = Annotated[
    str,
    ask(
        "Minority views",
        "In their own words; they travel with the recommendation.",
        option=True,
        multiline=True,
        limit=LONG,
    ),
]


class Draft(Arguments):
    """Of which group, and what it recommends."""

    group: Annotated[str, ask("Which working group?", "Its short name: WG-MWP", named=Named.GROUP)]
    title: Annotated[str, ask("What is it called?", "In a few words.")]
    text: Annotated[str, ask("What is recommended?", "To whom, and why.", rest=True, multiline=True, limit=TEXT)]


@command(
    "recommendation draft",
    "Draft a recommendation of your working group",
    who=BELONGING | FACILITATOR,
    arguments=Draft,
    examples=('recommendation draft WG-MWP "Two-year planning" "The MAG plans its programme for two years."',),
    keeps=True,
)
def draft_(context: Context, arguments: Draft) -> View:
    """By any member of a group that is at work. It is posted in the group; nothing is asked of anybody yet."""
    group = find_group(context.reads, context.id, arguments.group)
    number = next_number(context.reads, context.id, "recommendation")
    context.happen(draft(group, number, context.person, arguments.title, arguments.text))
    label = recommendation_of(context.reads, context.id, number).label
    return Notice(
        T("Drafted as {label}, and posted in {group}.", label=label, group=group.short_name),
        Tone.DONE,
        T(
            "When it is ready, the full membership is consulted: {command}.",
            command=Say(f"recommendation consult {label}"),
        ),
        (Button(T("Look at it"), "recommendation show", {"recommendation": label}),),
    )


class Edit(Arguments):
    """Which one, and its whole text anew."""

    recommendation: WhichArgument
    text: Annotated[str, ask("The whole text", "It replaces the former.", rest=True, multiline=True, limit=TEXT)]


@command(
    "recommendation edit",
    "Write a new version of a recommendation; earlier ones are kept",
    who=WRITER,
    arguments=Edit,
    examples=('recommendation edit R1 "The MAG plans its programme for two years, and reviews it each year."',),
    keeps=True,
)
def edit(context: Context, arguments: Edit) -> View:
    """Until the group takes positions on it; and again after *No consensus yet*, for another check."""
    found = find_recommendation(context.reads, context.id, arguments.recommendation)
    event = revise(context.reads, found, context.person, arguments.text)
    context.happen(event)
    return Notice(
        T("{label} is at version {version} now.", label=found.label, version=event.version),
        Tone.DONE,
        buttons=(Button(T("Look at it"), "recommendation show", {"recommendation": found.label}),),
    )


class Consult(Arguments):
    """Which one, until when."""

    recommendation: WhichArgument
    until: Annotated[str, ask("Until when?", "7d, or 2026-12-01 15:00. Usually left out.", option=True)] = ""
    exception: Annotated[
        str,
        ask(
            "The Chair's reason for an exception",
            "Only the Chair; it is published.",
            option=True,
            limit=1000,
            advanced=True,
        ),
    ] = ""


@command(
    "recommendation consult",
    "Seek the full membership's feedback on a drafted recommendation",
    who=KNOWN,
    arguments=Consult,
    examples=("recommendation consult R1", "recommendation consult R1 --until 10d"),
)
def consult_(context: Context, arguments: Consult) -> View:
    """By the co-facilitators. Seven days; under 72 hours only by the Chair's exception. The rest goes on by itself."""
    found = find_recommendation(context.reads, context.id, arguments.recommendation)
    group = _going_on(context, found, arguments)
    if arguments.exception:
        demand(CHAIR, context, arguments)
    settings = context.community.settings
    closes_at = closing(context, arguments.until, settings.consultation_hours, field="until")
    number = next_number(context.reads, context.id, "consultation")
    opened = consult(
        context.reads,
        found,
        number,
        context.now,
        closes_at,
        context.community.zone,
        settings.consultation_minimum_hours,
        arguments.exception,
    )
    if arguments.exception:
        context.happen(exception(context.reads, group, LENGTH, arguments.exception))
    context.happen(*opened)
    return Notice(
        T(
            "The full {body} is consulted on {label} until {when}.",
            body=context.community.titles.body,
            label=found.label,
            when=Moment(closes_at, context.zone),
        ),
        Tone.DONE,
        buttons=(Button(T("Look at it"), "consult show", {"group": found.label}),),
    )


def _going_on(context: Context, found: Recommendation, arguments: Arguments) -> Group:
    """The group, where it may go on with a recommendation: in its cycle, at work, with somebody who stewards it."""
    group = group_of(context.reads, context.id, found.group)
    must_be_in_cycle(context)
    may_go_on(context.reads, group)
    demand(RECOMMENDER | CHAIR, context, arguments)
    return group


class Check(Arguments):
    """Which one, until when."""

    recommendation: WhichArgument
    closes: Annotated[str, ask("Until when?", "5d, or a time. Usually left out.", option=True)] = ""


@command(
    "recommendation check",
    "Ask your group whether it agrees on a recommendation that was consulted on",
    who=KNOWN,
    arguments=Check,
    examples=("recommendation check R1",),
)
def check_(context: Context, arguments: Check) -> View:
    """It opens by itself when the consultation is over and answered; by hand after another version was written."""
    found = find_recommendation(context.reads, context.id, arguments.recommendation)
    group = _going_on(context, found, arguments)
    closes_at = closing(context, arguments.closes, ways_of(context.reads, context.community, group.id).check_hours)
    number = ask_the_group(context, found, closes_at)
    return Notice(
        T(
            "Check {number} of {group} is open until {when}.",
            number=number,
            group=group.short_name,
            when=Moment(closes_at, context.zone),
        ),
        Tone.DONE,
    )


class Seeks(Arguments):
    """Which one, what is asked for, and what goes with it."""

    recommendation: WhichArgument
    seeks: Annotated[Answer, ask("What is asked of the full membership?", "To endorse it, or to take note.")] = (
        Answer.ENDORSED
    )
    closes: Annotated[str, ask("Until when may it answer?", "5d, or a time. Usually left out.", option=True)] = ""
    minority: MinorityViews = ""


@command(
    "recommendation hand",
    "Hand a recommendation your group has concluded upon to the full membership",
    who=KNOWN,
    arguments=Seeks,
    examples=(
        "recommendation hand R1",
        'recommendation hand R2 "taken note of" --minority "Two members fear the cost."',
    ),
    keeps=True,
)
def hand_(context: Context, arguments: Seeks) -> View:
    """By its co-facilitators. The full membership's consensus check opens with it; the Chair concludes."""
    found = find_recommendation(context.reads, context.id, arguments.recommendation)
    _going_on(context, found, arguments)
    demand(RECOMMENDER, context, arguments)
    context.happen(hand(context.reads, found, arguments.seeks, arguments.minority))
    closes_at = closing(context, arguments.closes, context.community.settings.check_hours)
    number = put_to_the_full(context, recommendation_of(context.reads, context.id, found.number), closes_at)
    return Notice(
        T(
            "{label} lies before the full {body}: check {number} is open until {when}.",
            label=found.label,
            body=context.community.titles.body,
            number=number,
            when=Moment(closes_at, context.zone),
        ),
        Tone.DONE,
    )


class Conclude(Arguments):
    """Upon which one, how, and why."""

    recommendation: WhichArgument
    answer: Annotated[Answer, ask("What did the full membership make of it?")]
    rationale: Annotated[
        str,
        ask("Rationale", "Needed where there was no consensus; published.", rest=True, multiline=True, limit=LONG),
    ] = ""
    minority: MinorityViews = ""


@command(
    "recommendation conclude",
    "Conclude what the full membership made of a recommendation",
    who=CHAIR,
    arguments=Conclude,
    examples=(
        "recommendation conclude R1 endorsed",
        'recommendation conclude R2 "not agreed" "The cost is not met."',
    ),
    prepares=True,
    keeps=True,
)
def conclude_(context: Context, arguments: Conclude) -> View:
    """What was sought takes consensus, over no open objection; everything else says why. Upon a check that has closed."""
    found = find_recommendation(context.reads, context.id, arguments.recommendation)
    must_be_in_cycle(context)
    must_be_handed(context.reads, found)
    outcome = expected(found, arguments.answer)
    check = check_of(context.reads, context.id, found.mag_check)
    if check.outcome is None:
        context.happen(conclude(context.reads, check, outcome, arguments.rationale, arguments.minority))
        check = check_of(context.reads, context.id, found.mag_check)
    context.happen(settle(context.reads, found, check, arguments.answer, arguments.rationale))
    return Notice(
        T("Concluded: {label} is {answer}.", label=found.label, answer=ANSWERS[arguments.answer]),
        Tone.DONE,
        buttons=(Button(T("Look at it"), "recommendation show", {"recommendation": found.label}),),
    )


class Withdraw(Arguments):
    """Which one, and why."""

    recommendation: WhichArgument
    reason: Annotated[str, ask("Why?", "Shown to everybody. May be left out.", rest=True, limit=1000)] = ""


@command(
    "recommendation withdraw",
    "Take a recommendation back before the full membership has answered",
    who=RECOMMENDER,
    arguments=Withdraw,
    examples=('recommendation withdraw R1 "Overtaken by the new programme"',),
)
def withdraw_(context: Context, arguments: Withdraw) -> View:
    """What is open for it closes."""
    found = find_recommendation(context.reads, context.id, arguments.recommendation)
    event = withdraw(context.reads, found, arguments.reason)
    call_off_recommendation(context, found)
    context.happen(event)
    return Notice(T("{label} is withdrawn.", label=found.label), Tone.DONE)


class Show(Arguments):
    """Which one, in which version."""

    recommendation: WhichArgument
    version: Annotated[int, ask("Which version?", "Left out: the newest.")] = 0


@command(
    "recommendation show",
    "Show a recommendation: its text, where it stands, the minority views with it",
    who=ANYONE,
    arguments=Show,
    examples=("recommendation show R1", "recommendation show R1 1"),
    reads=True,
    family_default=True,
)
def show(context: Context, arguments: Show) -> View:
    """The newest version, or an earlier one."""
    found = find_recommendation(context.reads, context.id, arguments.recommendation)
    if not 0 <= arguments.version <= found.version:
        raise NotFound(
            T("{label} is at version {version}.", label=found.label, version=found.version),
            T("See it: {command}.", command=Say(f"recommendation show {found.label}")),
            field="version",
        )
    return shown(
        recommendation_card(context.reads, context.community, str(found.number), context.now, version=arguments.version)
    )


class ListThem(Arguments):
    """Of which group."""

    group: Annotated[str, ask("Of which working group?", "Left out: of all.", named=Named.GROUP)] = ""


@command(
    "recommendation list",
    "List the recommendations and how far each has come",
    who=ANYONE,
    arguments=ListThem,
    examples=("recommendation list", "recommendation list WG-MWP"),
    reads=True,
)
def list_(context: Context, arguments: ListThem) -> View:
    """The newest first."""
    if arguments.group:
        group = find_group(context.reads, context.id, arguments.group)
        found = context.reads.all(Recommendation, community=context.id, group=group.id)
    else:
        found = context.reads.all(Recommendation, community=context.id)
    if not found:
        return Notice(
            T("There is no recommendation yet."),
            Tone.NEUTRAL,
            T("A member of a group drafts one: {command}.", command=Say("recommendation draft")),
        )
    newest = sorted(found, key=lambda each: -each.number)
    rows = tuple(
        (
            term(each.label),
            term(group_of(context.reads, context.id, each.group).short_name),
            term(each.title),
            ANSWERS[each.answer] if each.answer else STEP_LABELS[step_of(context.reads, each)],
        )
        for each in newest
    )
    return Card(
        T("Recommendations to the {body}", body=context.community.titles.body),
        (Table((T("Recommendation"), T("Group"), T("Title"), T("Where it stands")), rows),),
        tuple(
            Button(term(each.label), "recommendation show", {"recommendation": each.label}, ButtonStyle.PLAIN)
            for each in newest[:5]
        ),
    )
