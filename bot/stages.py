"""From one stage to the next: the same steps whether the clock takes them or a person does."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.bodies import members_of
from bot.chartering import ask_about_change
from bot.context import Context
from bot.domain.charter_changes import ChangeState
from bot.domain.community import next_number
from bot.domain.consensus.acts import asked_of, formation_question, open_check, ready_for_check
from bot.domain.consensus.checks import Check, CheckCalledOff, Form, check_of
from bot.domain.consensus.rules import Rule
from bot.domain.consensus.windows import working_close
from bot.domain.consultations import (
    Consultation,
    ConsultationClosed,
    close,
    consultation_of,
    open_consultation,
    unanswered,
)
from bot.domain.consulted import consulted_in, within
from bot.domain.cycles import current_cycle, in_interregnum
from bot.domain.errors import NotNow
from bot.domain.facilitators import LENGTH, becomes_active, exception, facilitators
from bot.domain.groups import Group, group_of, must_not_have_ended
from bot.domain.ids import MAG, GroupId
from bot.domain.people import asked_seats
from bot.domain.recommendations import Recommendation, RecommendationAsked, RecommendationPut, Step, step_of
from bot.domain.recommending import may_go_on, question, ready_for_group
from bot.domain.ways import ways_of
from bot.domain.when import parse_when
from bot.text import Day, Say, T


def must_be_in_cycle(context: Context) -> None:
    """Raise `NotNow` in the interregnum: conclusions, approvals and appointments wait for the next membership."""
    cycle = current_cycle(context.reads, context.community)
    if cycle is None:
        raise NotNow(
            T("No cycle has been opened yet, so nobody is seated."),
            T(
                "The Chair or the Secretariat opens one: {command}.",
                command=Say('cycle open "IGF 2027" 2026-12-01 2027-11-30'),
            ),
        )
    if in_interregnum(cycle, context.community, context.now):
        raise NotNow(
            T(
                "{cycle} ended on {day}; this waits until the next membership is seated.",
                cycle=cycle.name,
                day=Day(cycle.last_day),
            ),
            T("The Chair or the Secretariat opens the next cycle: {command}.", command=Say("cycle open")),
        )


def must_be_living(context: Context, body: str) -> None:
    """Raise `NotNow` where a working group that decides has ended: it may meet and draft, but conclude upon nothing."""
    if body != MAG:
        must_not_have_ended(group_of(context.reads, context.id, GroupId(body)))


def default_close(context: Context, hours: int) -> datetime:
    """A closing time `hours` from now, off weekends and the community's holidays."""
    settings = context.community.settings
    at = context.now + timedelta(hours=hours)
    return working_close(at, context.community.zone, frozenset(settings.holidays))


def closing(context: Context, typed: str, hours: int, *, field: str = "closes") -> datetime:
    """A closing time as a person typed it, else the usual one, `hours` from now."""
    if typed:
        return parse_when(typed, context.now, context.zone, field=field)
    return default_close(context, hours)


def start_consultation(context: Context, group: Group, closes_at: datetime, reason: str = "") -> None:
    """Open the consultation of the full MAG on a proposal."""
    must_be_in_cycle(context)
    number = next_number(context.reads, context.id, "consultation")
    minimum = context.community.settings.consultation_minimum_hours
    opened = open_consultation(group, number, context.now, closes_at, context.community.zone, minimum, reason)
    if reason:
        context.happen(exception(context.reads, group, LENGTH, reason))
    context.happen(opened)


def end_consultation(context: Context, consultation: Consultation, reason: str = "") -> bool:
    """Close a consultation, or extend it once for want of feedback; whether it closed. Then go on if nothing waits."""
    consulted = consulted_in(context.reads, consultation)
    outcome = close(
        context.reads,
        consultation,
        frozenset(seat.person for seat in asked_seats(context.reads, context.community))
        - within(context.reads, consulted),
        context.now,
        context.community.settings.consultation_minimum_hours,
        reason,
    )
    if reason:
        context.happen(exception(context.reads, consulted.group, LENGTH, reason))
    context.happen(outcome)
    if not isinstance(outcome, ConsultationClosed):
        return False
    go_on_to_check(context, consultation.number)
    return True


def go_on_to_check(context: Context, number: int) -> bool:
    """Open the consensus check by the clock, once a consultation is over and every concern has its response."""
    consultation = consultation_of(context.reads, context.id, number)
    if consultation.closed_at is None or unanswered(context.reads, consultation):
        return False
    if not context.community.settings.stages_by_clock or not asked_seats(context.reads, context.community):
        return False
    if in_interregnum(current_cycle(context.reads, context.community), context.community, context.now):
        return False
    consulted = consulted_in(context.reads, consultation)
    closes_at = default_close(context, context.community.settings.check_hours)
    if consulted.change is not None:
        if consulted.change.check or consulted.change.state is not ChangeState.PROPOSED:
            return False
        ask_about_change(context, consulted.change, closes_at)
    elif consulted.recommendation is None:
        start_formation_check(context, consulted.group, closes_at)
    elif step_of(context.reads, consulted.recommendation) is not Step.CONSULTED or not facilitators(
        context.reads, consulted.group
    ):
        return False
    else:
        hours = ways_of(context.reads, context.community, consulted.group.id).check_hours
        ask_the_group(context, consulted.recommendation, default_close(context, hours))
    return True


def ask_the_group(context: Context, recommendation: Recommendation, closes_at: datetime) -> int:
    """Ask a working group whether a recommendation of its own should be given to the full MAG; the check's number."""
    must_be_in_cycle(context)
    may_go_on(context.reads, group_of(context.reads, context.id, recommendation.group))
    ready_for_group(context.reads, recommendation)
    asked = question(context.reads, recommendation, "")
    number = _ask(context, recommendation.group, asked, closes_at)
    context.happen(RecommendationAsked(recommendation.number, number))
    return number


def put_to_the_full(context: Context, recommendation: Recommendation, closes_at: datetime) -> int:
    """Ask the full MAG what it makes of a recommendation that was handed to it; the check's number."""
    asked = question(context.reads, recommendation, context.community.titles.body)
    number = _ask(context, MAG, asked, closes_at)
    context.happen(RecommendationPut(recommendation.number, number))
    return number


def _ask(context: Context, body: str, asked: str, closes_at: datetime) -> int:
    number = next_number(context.reads, context.id, "check")
    settings = context.community.settings
    context.happen(
        open_check(
            number,
            body,
            GroupId(""),
            Form.FORMAL,
            asked,
            Rule.parse(ways_of(context.reads, context.community, body).rule),
            context.now,
            closes_at,
            context.community.zone,
            settings.check_minimum_hours,
            members_of(context, body),
        )
    )
    return number


def start_formation_check(context: Context, group: Group, closes_at: datetime) -> int:
    """Ask the full MAG whether a group should be formed; the check's number."""
    must_be_in_cycle(context)
    consultation = context.reads.get(Consultation, context.id, group.consultation)
    closed = consultation is not None and consultation.closed_at is not None
    waiting = len(unanswered(context.reads, consultation)) if consultation is not None else 0
    ready_for_check(group, closed, waiting)
    number = next_number(context.reads, context.id, "check")
    settings = context.community.settings
    context.happen(
        open_check(
            number,
            MAG,
            group.id,
            Form.FORMAL,
            formation_question(group),
            Rule.parse(settings.rule),
            context.now,
            closes_at,
            context.community.zone,
            settings.check_minimum_hours,
            asked_of(asked_seats(context.reads, context.community)),
        )
    )
    return number


def call_off(context: Context, group: Group) -> None:
    """End what is open for a group that leaves its way: its consultation and its check close now."""
    consultation = context.reads.get(Consultation, context.id, group.consultation)
    if consultation is not None and consultation.closed_at is None:
        context.happen(ConsultationClosed(consultation.number, False))
    check = context.reads.get(Check, context.id, group.check)
    if check is not None and check.closed_at is None:
        context.happen(CheckCalledOff(check.number))


def call_off_recommendation(context: Context, recommendation: Recommendation) -> None:
    """End what is open for a recommendation: its consultation and its checks close now."""
    if recommendation.consultation:
        consultation = consultation_of(context.reads, context.id, recommendation.consultation)
        if consultation.closed_at is None:
            context.happen(ConsultationClosed(consultation.number, False))
    for number in (recommendation.check, recommendation.mag_check):
        if number and check_of(context.reads, context.id, number).closed_at is None:
            context.happen(CheckCalledOff(number))


def activate_if_ready(context: Context, group_id: GroupId) -> None:
    """Approved -> Active by itself, when all it takes is there."""
    activated = becomes_active(context.reads, group_of(context.reads, context.id, group_id))
    if activated is not None:
        context.happen(activated)
