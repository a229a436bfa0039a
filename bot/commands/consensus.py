"""Asking a body whether it agrees, quickly or formally; or recording a consensus of its meeting, which counts as the check."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from bot.bodies import asks, body_here, members_of
from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.community import next_number
from bot.domain.consensus.acts import formation_question, open_check, ready_for_check, record_check
from bot.domain.consensus.checks import Check, CheckCalledOff, Form
from bot.domain.consensus.rules import Rule
from bot.domain.consultations import Consultation, unanswered
from bot.domain.days import parse_day
from bot.domain.errors import Invalid, NotAllowed
from bot.domain.groups import Group, Stage, find_group, group_of
from bot.domain.ids import MAG, GroupId
from bot.domain.people import Role
from bot.domain.proposals import proposers
from bot.domain.recommendations import labelled
from bot.domain.ways import ways_of
from bot.policy import CHAIR, KNOWN, MEMBER, SECRETARIAT
from bot.recommended import met_upon, stands_for
from bot.stages import closing, must_be_in_cycle, must_be_living, start_formation_check
from bot.standing import concludes, facilitates
from bot.text import Moment, Say, T, UserText
from bot.view import Notice, Tone, View

QUESTION = 1000
"""Characters of a question."""


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
