"""Consensus checks: ask, quickly or formally; record one from a meeting; settle objections; close, show, confirm."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from bot.bodies import asks, body_here, members_of
from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.community import next_number
from bot.domain.consensus.acts import (
    assessment_of,
    close_check,
    conclude,
    formation_question,
    must_be_open,
    open_check,
    ready_for_check,
    record_check,
)
from bot.domain.consensus.checks import Check, CheckCalledOff, CloseMoved, Form, Outcome, tally_of
from bot.domain.consensus.rules import Rule
from bot.domain.consensus.windows import MAXIMUM_EXTENSION
from bot.domain.consultations import Consultation, unanswered
from bot.domain.days import parse_day
from bot.domain.errors import Invalid, NotAllowed, NotNow
from bot.domain.groups import Group, Stage, find_group, group_of
from bot.domain.ids import MAG, GroupId
from bot.domain.people import Role
from bot.domain.proposals import proposers
from bot.domain.recommendations import labelled
from bot.domain.ways import ways_of
from bot.domain.when import parse_when
from bot.open_checks import find_check
from bot.policy import ANYONE, CHAIR, KNOWN, MEMBER, SEATED, SECRETARIAT, demand
from bot.present import shown
from bot.present.checks import check_card, has_tally, positions_card
from bot.present.names import VERDICTS
from bot.recommended import met_upon, stands_for
from bot.stages import closing, must_be_in_cycle, must_be_living, start_formation_check
from bot.standing import CONCLUDER, concludes, facilitates
from bot.text import Moment, Say, T, Tn, UserText
from bot.view import Bullets, Button, Card, File, Notice, PictureFormat, Tone, View

QUESTION = 1000
"""Characters of a question."""

CheckNumber = Annotated[int, ask("Which check?", "The number on its card.")]


class Quick(Arguments):
    """The question, and how long."""

    question: Annotated[str, ask("What do you want to ask?", "In one line: Move the call to 15:00?", limit=QUESTION)]
    closes: Annotated[str, ask("Until when?", "24h, 5m, or a time. Usually left out.")] = ""


@command(
    "consensus quick",
    "Ask a body quickly whether it agrees: Agree, Can live with it, or Object",
    who=KNOWN,
    arguments=Quick,
    examples=('consensus "Move the call to 15:00?" 24h', 'consensus "Publish the draft?" 5m'),
    family_default=True,
)
def quick(context: Context, arguments: Quick) -> View:
    """In a group's room by its members, in the MAG's by its members. Indicative until a co-facilitator (the Chair) confirms."""
    body = body_here(context)
    if not asks(context, body):
        raise NotAllowed(
            T("A quick check here is for the members of this body."),
            T("See what you can do now: {command}.", command=Say("todo")),
        )
    if " " not in arguments.question.strip() and not arguments.question.rstrip().endswith("?"):
        raise Invalid(
            T("{question} is no question to ask a whole body.", question=UserText(arguments.question)),
            T(
                "To take a position: {position}. To ask: {ask}.",
                position=Say("consensus support"),
                ask=Say('consensus "…?"'),
            ),
            field="question",
        )
    ways = ways_of(context.reads, context.community, body)
    closes_at = closing(context, arguments.closes, ways.quick_check_hours)
    number = next_number(context.reads, context.id, "check")
    rule = Rule.parse(ways.rule)
    context.happen(
        open_check(
            number,
            body,
            GroupId(""),
            Form.QUICK,
            arguments.question,
            rule,
            context.now,
            closes_at,
            context.zone,
            0,
            members_of(context, body),
        )
    )
    return Notice(
        T("Check {number} is asked here until {when}.", number=number, when=Moment(closes_at, context.zone)), Tone.DONE
    )


class Open(Arguments):
    """About a group's formation, or any question."""

    about: Annotated[
        str, ask("About what?", "A group whose consultation is over, or a question in quotes.", limit=QUESTION)
    ]
    closes: Annotated[str, ask("Until when?", "5d, or a time. Usually left out.", option=True)] = ""
    rule: Annotated[
        str, ask("By which rule?", "Usually left out: rough, full, consent, lazy, minus-1", option=True)
    ] = ""


@command(
    "consensus open",
    "Open a formal consensus check: on forming a group, or on a question",
    who=MEMBER | SECRETARIAT,
    arguments=Open,
    examples=("consensus open WG-MWP", 'consensus open "Adopt the annual report?" --closes 7d --rule lazy'),
)
def open_formal(context: Context, arguments: Open) -> View:
    """On a formation: by its proposers, the Chair or the Secretariat. On a question: by who concludes, or the Secretariat."""
    settings = context.community.settings
    if " " not in arguments.about.strip() and "?" not in arguments.about:
        group = find_group(context.reads, context.id, arguments.about, field="about")
        _may_drive(context, group)
        if arguments.rule:
            raise Invalid(
                T("Forming a group is decided by the community's own rule, {rule}.", rule=settings.rule),
                T("Leave --rule out."),
                field="rule",
            )
        closes_at = closing(context, arguments.closes, settings.check_hours)
        number = start_formation_check(context, group, closes_at)
    else:
        body = body_here(context)
        closes_at = closing(context, arguments.closes, ways_of(context.reads, context.community, body).check_hours)
        number = _ask_formally(context, arguments, body, closes_at)
    return Notice(
        T("Check {number} is open until {when}.", number=number, when=Moment(closes_at, context.zone)), Tone.DONE
    )


def _may_drive(context: Context, group: Group) -> None:
    if context.person in proposers(context.reads, group) or context.actor.has_role(Role.CHAIR, Role.SECRETARIAT):
        return
    raise NotAllowed(
        T("Opening the check on {group} is for its proposers, the Chair and the Secretariat.", group=group.short_name),
        T("It also opens by itself when its consultation is over."),
    )


def _ask_formally(context: Context, arguments: Open, body: str, closes_at: datetime) -> int:
    if not (concludes(context, body) or context.actor.has_role(Role.SECRETARIAT)):
        raise NotAllowed(
            T("A formal check is opened by who concludes upon it, or the Secretariat."),
            T("Ask quickly instead: {command}.", command=Say('consensus "…?" 24h')),
        )
    must_be_in_cycle(context)
    must_be_living(context, body)
    settings = context.community.settings
    own = ways_of(context.reads, context.community, body).rule
    rule = Rule.parse(arguments.rule or own)
    if body != MAG and str(rule) != own:
        raise Invalid(
            T(
                "{group} decides by the rule of its modalities, {rule}.",
                group=group_of(context.reads, context.id, GroupId(body)).short_name,
                rule=own,
            ),
            T("Leave --rule out. The group's consensus changes it: {command}.", command=Say("modalities propose")),
            field="rule",
        )
    if body == MAG and rule.kind.value == "supermajority":
        raise Invalid(
            T(
                "The {body} decides by consensus; a supermajority is only for working groups whose modalities chose it.",
                body=context.community.titles.body,
            ),
            T("Choose one of: {rules}.", rules="rough, full, consent, lazy, minus-1"),
            field="rule",
        )
    number = next_number(context.reads, context.id, "check")
    context.happen(
        open_check(
            number,
            body,
            GroupId(""),
            Form.FORMAL,
            arguments.about,
            rule,
            context.now,
            closes_at,
            context.zone,
            settings.check_minimum_hours,
            members_of(context, body),
        )
    )
    return number


class Record(Arguments):
    """What was agreed, when, who presided, and where it is written."""

    about: Annotated[
        str, ask("About what?", "A group whose consultation is over, or the question in quotes.", limit=QUESTION)
    ]
    on: Annotated[str, ask("On which day?", "2026-11-20", option=True)]
    presided: Annotated[str, ask("Who presided?", "A name.", option=True)]
    link: Annotated[
        str, ask("Where is it written?", "A link to the summary or transcript.", option=True, limit=500)
    ] = ""


@command(
    "consensus record",
    "Record a consensus reached in a meeting; it counts as the check",
    who=CHAIR | SECRETARIAT | MEMBER,
    arguments=Record,
    examples=(
        'consensus record WG-MWP --on 2026-11-20 --presided "Amina A." --link https://example.org/summary',
        'consensus record R1 --on 2026-11-20 --presided "Amina A."',
    ),
)
def record(context: Context, arguments: Record) -> View:
    """By the Secretariat, the Chair or the co-facilitators. On a formation, its consultation must be over all the same."""
    body = body_here(context)
    recommendation = labelled(context.reads, context.id, arguments.about)
    if recommendation is None and not (
        context.actor.has_role(Role.CHAIR, Role.SECRETARIAT) or facilitates(context, body)
    ):
        raise NotAllowed(
            T("Recording a consensus is for the Chair, the Secretariat and the co-facilitators."),
            T("Ask the Secretariat to record it."),
        )
    group: Group | None = None
    question = arguments.about
    if recommendation is not None:
        body, question = met_upon(context, recommendation)
    elif " " not in arguments.about.strip() and "?" not in arguments.about:
        group = find_group(context.reads, context.id, arguments.about, field="about")
        body = MAG
        question = formation_question(group)
        _instead_of_the_check(context, group)
    must_be_in_cycle(context)
    must_be_living(context, body)
    number = next_number(context.reads, context.id, "check")
    context.happen(
        record_check(
            number,
            body,
            group.id if group else GroupId(""),
            question,
            Rule.parse(ways_of(context.reads, context.community, body).rule),
            context.zone,
            members_of(context, body),
            parse_day(arguments.on, field="on"),
            context.now.date(),
            arguments.link,
            arguments.presided,
        )
    )
    if recommendation is not None:
        context.happen(stands_for(body, recommendation, number))
    return Notice(T("Recorded as check {number}; it counts as the consensus check.", number=number), Tone.DONE)


def _instead_of_the_check(context: Context, group: Group) -> None:
    """A consensus reached in a meeting takes the place of the check that is running; the consultation is not skipped."""
    running = context.reads.get(Check, context.id, group.check) if group.stage is Stage.CONSENSUS_CHECK else None
    if running is not None and running.outcome is None and running.form is not Form.RECORDED:
        if not running.called_off and running.closed_at is None:
            context.happen(CheckCalledOff(running.number))
        return
    consultation = context.reads.get(Consultation, context.id, group.consultation)
    closed = consultation is not None and consultation.closed_at is not None
    ready_for_check(group, closed, len(unanswered(context.reads, consultation)) if consultation else 0)


class CloseCheck(Arguments):
    """Which check."""

    check: CheckNumber
    exception: Annotated[
        str, ask("The Chair's reason", "Only the Chair; it is published.", option=True, limit=1000, advanced=True)
    ] = ""


@command(
    "consensus close",
    "Close a check by hand: when everybody has spoken, or by the Chair's exception",
    who=CONCLUDER | SECRETARIAT,
    arguments=CloseCheck,
    examples=("consensus close 3", 'consensus close 3 --exception "The meeting agreed to decide today"'),
)
def close(context: Context, arguments: CloseCheck) -> View:
    """By the clock it closes by itself."""
    check = find_check(context, arguments.check)
    if arguments.exception:
        demand(CHAIR, context, arguments)
    context.happen(close_check(context.reads, check, context.now, arguments.exception, ""))
    return Notice(T("Check {number} is closed.", number=check.number), Tone.DONE)


class ExtendCheck(Arguments):
    """Which check, until when."""

    check: CheckNumber
    until: Annotated[str, ask("Until when?", "A time, or a length from now: 3d")]


@command(
    "consensus extend",
    "Give a check more time, up to 7 days in all",
    who=CONCLUDER | SECRETARIAT,
    arguments=ExtendCheck,
    examples=("consensus extend 3 2d",),
)
def extend(context: Context, arguments: ExtendCheck) -> View:
    """A close only moves later; all extensions together never exceed 7 days."""
    check = find_check(context, arguments.check)
    must_be_open(check, context.now)
    if check.form is Form.QUICK:
        raise NotNow(
            T("Check {number} is a quick one: it has no extension.", number=check.number),
            T("Ask again when it has closed, or formally: {command}.", command=Say('consensus open "…?"')),
        )
    until = parse_when(arguments.until, context.now, context.zone, field="until")
    latest = check.announced_close + MAXIMUM_EXTENSION
    if not check.closes_at < until <= latest:
        raise Invalid(
            T(
                "The close can move from {now} to {latest} at the latest.",
                now=Moment(check.closes_at, context.zone),
                latest=Moment(latest, context.zone),
            ),
            T("Give a time between the two."),
            field="until",
        )
    context.happen(CloseMoved(check.number, until, "by-hand"))
    return Notice(
        T("Check {number} is open until {when}.", number=check.number, when=Moment(until, context.zone)), Tone.DONE
    )


class Show(Arguments):
    """Which check."""

    check: Annotated[int, ask("Which check?", "The number on its card; with only one open it may be left out.")] = 0


@command(
    "consensus show",
    "Show a check: positions by stakeholder group, objections, how it ended",
    who=ANYONE,
    arguments=Show,
    examples=("consensus show 3",),
    reads=True,
)
def show(context: Context, arguments: Show) -> View:
    """The check's card, as it is now; to guests, without the names of those who did not say theirs may be public."""
    return _card(context, find_check(context, arguments.check))


def _card(context: Context, check: Check) -> View:
    return shown(
        check_card(context.reads, context.community, str(check.number), context.now, public=context.actor.seat is None)
    )


@command(
    "consensus assess",
    "Say what a check's rule makes of it so far",
    who=ANYONE,
    arguments=Show,
    examples=("consensus assess 3",),
    reads=True,
)
def assess(context: Context, arguments: Show) -> View:
    """An assessment is not a conclusion: the software shows, people decide."""
    check = find_check(context, arguments.check)
    assessment = assessment_of(context.reads, check, context.community, context.now)
    title = T("Check {number}, assessed: {verdict}", number=check.number, verdict=VERDICTS[assessment.verdict])
    return Card(title, (Bullets(assessment.reasons),), footer=T("The software assesses; it never concludes."))


@command(
    "consensus positions",
    "Show who took which position, to those seated",
    who=SEATED,
    arguments=Show,
    examples=("consensus positions 3",),
    reads=True,
)
def positions(context: Context, arguments: Show) -> View:
    """Names are for the body's own eyes; the public sees counts by stakeholder group."""
    return positions_card(context.reads, context.community, find_check(context, arguments.check))


class Chart(Arguments):
    """Of which check, and as what."""

    check: Annotated[int, ask("Which check?", "The number on its card; with only one open it may be left out.")] = 0
    format: Annotated[
        PictureFormat, ask("As what kind of picture?", "PNG is seen everywhere; SVG can be enlarged.", option=True)
    ] = PictureFormat.PNG


@command(
    "consensus chart",
    "Draw the positions of a check by stakeholder group, as a picture",
    who=ANYONE,
    arguments=Chart,
    examples=("consensus chart 3", "consensus chart 3 --format svg"),
    reads=True,
)
def chart(context: Context, arguments: Chart) -> View:
    """Counts by stakeholder group, as on the card; never names."""
    from bot.present.charts import tally_chart

    check = find_check(context, arguments.check)
    if not has_tally(check, tally_of(context.reads, check)):
        raise NotNow(
            T(
                "Check {number} was recorded from a meeting without positions: there is nothing to draw.",
                number=check.number,
            ),
            T("See what was recorded: {command}.", command=Say(f"consensus show {check.number}")),
            field="check",
        )
    return File(
        f"check-{check.number}.{arguments.format.value}",
        f"check:{check.number}",
        "tally",
        arguments.format.value,
        T("Positions in check {number}, by stakeholder group.", number=check.number),
        tally_chart(context.reads, context.community, str(check.number), context.now).alt,
    )


class ConfirmQuick(Arguments):
    """Which quick check."""

    check: CheckNumber
    answer: Annotated[Outcome, ask("What do you confirm?")] = Outcome.CONSENSUS
    rationale: Annotated[
        str, ask("Why?", "Needed when there is no consensus yet.", rest=True, multiline=True, limit=5000)
    ] = ""


@command(
    "consensus confirm",
    "Confirm what a quick check shows, with one tap",
    who=CONCLUDER,
    arguments=ConfirmQuick,
    examples=("consensus confirm 3", 'consensus confirm 3 "no consensus yet" "Two time zones are left out"'),
)
def confirm(context: Context, arguments: ConfirmQuick) -> View:
    """Unconfirmed, a quick check reads *indicative*. Confirming closes it when all have spoken or its time is over."""
    check = find_check(context, arguments.check)
    if check.form is not Form.QUICK:
        raise NotNow(
            T("Check {number} is a formal one: it is concluded upon.", number=check.number),
            T("Conclude: {command}.", command=Say(f"conclude {check.number} consensus")),
        )
    must_be_in_cycle(context)
    must_be_living(context, check.body)
    if check.closed_at is None:
        _all_have_spoken(context, check)
        context.happen(close_check(context.reads, check, context.now, "", ""))
        check = find_check(context, check.number)
    context.happen(conclude(context.reads, check, arguments.answer, arguments.rationale, ""))
    return Notice(
        T("Check {number} is confirmed.", number=check.number),
        Tone.DONE,
        buttons=(Button(T("Look at it"), "consensus show", {"check": str(check.number)}),),
    )


def _all_have_spoken(context: Context, check: Check) -> None:
    """Before its time, a quick check is confirmed when everybody asked has spoken."""
    tally = tally_of(context.reads, check)
    missing = tally.asked_in_all() - tally.taken()
    if missing and context.now < check.closes_at:
        raise NotNow(
            Tn(
                "{count} member asked in check {number} has not spoken yet.",
                "{count} members asked in check {number} have not spoken yet.",
                missing,
                number=check.number,
            ),
            T(
                "Confirm it after {when}, or close it first: {command}.",
                when=Moment(check.closes_at, check.zone),
                command=Say(f"consensus close {check.number}"),
            ),
        )
