"""The steps of a charter change that the clock takes as well as people: the members are asked, what is open is called off."""

from __future__ import annotations

from datetime import datetime

from bot.context import Context
from bot.domain.charter_changes import ChangeAsked, CharterChange, change_question, ready_for_check
from bot.domain.community import next_number
from bot.domain.consensus.acts import asked_of, open_check
from bot.domain.consensus.checks import Check, CheckCalledOff, Form
from bot.domain.consensus.rules import Rule
from bot.domain.consultations import Consultation, ConsultationClosed, unanswered
from bot.domain.groups import group_of
from bot.domain.ids import MAG, GroupId
from bot.domain.people import asked_seats


def ask_about_change(context: Context, change: CharterChange, closes_at: datetime) -> int:
    """Ask the full MAG whether a charter is to be changed; the check's number."""
    group = group_of(context.reads, context.id, change.group)
    consultation = context.reads.get(Consultation, context.id, change.consultation)
    closed = consultation is not None and consultation.closed_at is not None
    ready_for_check(change, group, closed, len(unanswered(context.reads, consultation)) if consultation else 0)
    settings = context.community.settings
    number = next_number(context.reads, context.id, "check")
    context.happen(
        open_check(
            number,
            MAG,
            GroupId(""),
            Form.FORMAL,
            change_question(group),
            Rule.parse(settings.rule),
            context.now,
            closes_at,
            context.community.zone,
            settings.check_minimum_hours,
            asked_of(asked_seats(context.reads, context.community)),
        ),
        ChangeAsked(group.id, change.number, number),
    )
    return number


def call_off_change(context: Context, change: CharterChange) -> None:
    """End what is open for a change: its consultation and its check close now."""
    consultation = context.reads.get(Consultation, context.id, change.consultation)
    if consultation is not None and consultation.closed_at is None:
        context.happen(ConsultationClosed(consultation.number, False))
    check = context.reads.get(Check, context.id, change.check)
    if check is not None and check.closed_at is None:
        context.happen(CheckCalledOff(check.number))
