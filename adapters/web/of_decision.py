"""A consensus check and a consultation, as the public sees them.

What is public: positions by stakeholder group. Who took which position is for the members; an objection or a minority
view carries its author's name only with their consent.
"""

from __future__ import annotations

from typing import Final

from adapters.web.entries import (
    check_state,
    consultation_entry,
    consultation_state,
    group_entry,
    published,
    recommendation_entry,
)
from adapters.web.model import ConsultationPage, DecisionPage, Entry, Source, Voice
from adapters.web.of_list import Long
from bot.domain.consensus.acts import assessment_of
from bot.domain.consensus.assessments import ObjectionState
from bot.domain.consensus.checks import Check, Form, Objection, objections_of, tally_of
from bot.domain.consensus.questions import asked
from bot.domain.consensus.rules import Rule, describe
from bot.domain.consultations import Comment, Consultation, Response, comments_on
from bot.domain.consulted import consulted_in
from bot.domain.groups import Group, group_of
from bot.domain.ids import MAG, GroupId, PersonId
from bot.domain.people import Seat
from bot.domain.recommendations import of_check
from bot.present.charts import CHARTS
from bot.present.checks import check_title, closed_text, has_tally, tally_block
from bot.present.names import COMMENTS, OBJECTIONS, OUTCOMES, VERDICTS, group_label
from bot.text import Moment, T, Text, day, said
from bot.view import Fact


def decision_page(source: Source, check: Check) -> DecisionPage:
    """One check: counts by stakeholder group, objections and how each was met, the conclusion."""
    reads, community = source.reads, source.community
    state, mood = check_state(source, check)
    running = check.closed_at is None and source.now < check.closes_at
    tally = tally_of(reads, check)
    shown = has_tally(check, tally)
    judged = None if running or check.called_off else assessment_of(reads, check, community, source.now)
    conclusion = None
    if check.outcome is not None:
        conclusion = T(
            "{outcome}. Concluded by {person}, {when}.",
            outcome=OUTCOMES[check.outcome],
            person=source.name(check.concluded_by),
            when=Moment(check.concluded_at or check.closes_at, check.zone),
        )
    recommendation = of_check(reads, community.id, check.number)
    return DecisionPage(
        source.paths.decision(check.number),
        check.number,
        check_title(reads, community, check),
        asked(check.question),
        state,
        mood,
        running,
        tuple(_facts(source, check, running=running)),
        tally_block(check, tally) if shown else None,
        CHARTS["tally"](reads, community, str(check.number), source.now) if shown else None,
        tuple(_objection(source, each) for each in objections_of(reads, check)),
        T("{verdict}", verdict=VERDICTS[judged.verdict]) if judged is not None else None,
        judged.reasons if judged is not None else (),
        conclusion,
        check.rationale,
        check.minority_views,
        _group(source, check),
        recommendation_entry(source, recommendation)
        if recommendation is not None and published(recommendation)
        else None,
        check.concluded_at or check.closed_at or check.opened_at,
    )


def _group(source: Source, check: Check) -> Entry | None:
    group = check.group or (GroupId(check.body) if check.body != MAG else "")
    return group_entry(source, group_of(source.reads, check.community, GroupId(group))) if group else None


def _facts(source: Source, check: Check, *, running: bool) -> list[Fact]:
    facts = [Fact(T("Rule"), describe(Rule.parse(check.rule)))]
    if check.form is Form.RECORDED and check.met_on is not None:
        facts.append(Fact(T("Reached in the meeting of"), day(check.met_on)))
        facts.append(Fact(T("Presided by"), said(check.presided)))
        return facts
    facts.append(Fact(T("Opened"), T("{when}", when=Moment(check.opened_at, check.zone))))
    if running:
        facts.append(Fact(T("Closes"), T("{when}", when=Moment(check.closes_at, check.zone))))
    else:
        facts.append(Fact(T("Closed"), closed_text(source.reads, source.community, check)))
    if check.closes_at != check.announced_close:
        facts.append(Fact(T("First announced for"), T("{when}", when=Moment(check.announced_close, check.zone))))
    return facts


def _objection(source: Source, objection: Objection) -> Voice:
    by = T("{person}", person=source.name(objection.author)) if objection.in_public else T("a member")
    settled = objection.state in (ObjectionState.ACCOMMODATED, ObjectionState.ANSWERED)
    return Voice(
        objection.number,
        by,
        objection.raised_at,
        objection.reason,
        OBJECTIONS[objection.state],
        objection.answer if settled else "",
        T("{person}", person=source.name(objection.settled_by)) if settled else None,
        objection.state.value,
    )


COMMENTS_SHOWN: Final = 20
"""Comments on a consultation's page, the first ones, and in each part of the list of the others."""


def consultation_page(source: Source, consultation: Consultation) -> ConsultationPage:
    """One consultation, with its comments and what was answered to each; the later ones have pages of their own."""
    reads, community = source.reads, source.community
    state, mood = consultation_state(source, consultation)
    on = consulted_in(reads, consultation)
    entry = consultation_entry(source, consultation)
    facts = [
        Fact(T("Opened"), T("{when}", when=Moment(consultation.opened_at, consultation.zone))),
        Fact(
            T("Closed") if consultation.closed_at else T("Closes"),
            T("{when}", when=Moment(consultation.closed_at or consultation.closes_at, consultation.zone)),
        ),
    ]
    if consultation.extended_for_silence:
        facts.append(Fact(T("Extended"), T("once, because no feedback had come")))
    if consultation.exception:
        facts.append(Fact(T("Exception of the {chair}", chair=community.titles.chair), said(consultation.exception)))
    voices = comments_of(source, consultation)
    comments = [voices.shown(source, each) for each in voices.items[:COMMENTS_SHOWN]]
    subject = group_entry(source, on.group)
    if on.recommendation is not None:
        subject = recommendation_entry(source, on.recommendation)
    return ConsultationPage(
        entry.path,
        consultation.number,
        entry.title,
        state,
        mood,
        consultation.closed_at is None and source.now < consultation.closes_at,
        tuple(facts),
        tuple(comments),
        voices.address(2),
        subject,
        max([consultation.opened_at, *(each.made_at for each in voices.items)]),
    )


def comments_of(source: Source, consultation: Consultation) -> Long:
    """The comments on a consultation. The first part is its own page."""
    reads, community = source.reads, source.community
    group = consulted_in(reads, consultation).group

    def voice(source: Source, each: Comment) -> Voice:
        responses = reads.all(Response, community=community.id, consultation=consultation.number)
        response = next((found for found in responses if found.number == each.response), None)
        return Voice(
            each.number,
            with_stakeholders(source, each.author, group),
            each.made_at,
            each.text,
            COMMENTS[each.kind],
            response.text if response is not None else "",
            T("{person}", person=source.name(response.author)) if response is not None else None,
            "answered" if response is not None else each.kind.value,
        )

    return Long(
        f"consultations/{consultation.number}/comments",
        T("Comments and responses"),
        lambda: consultation_entry(source, consultation),
        comments_on(reads, consultation),
        voice,
        "voices",
        COMMENTS_SHOWN,
        least=COMMENTS_SHOWN,
    )


def with_stakeholders(source: Source, person: PersonId, group: Group) -> Text:
    """`Qiang R. (Private Sector)`, by the seat held in the group's cycle."""
    seat = source.reads.get(Seat, source.community.id, group.cycle, person)
    if seat is None or not seat.stakeholder_group:
        return T("{person}", person=source.name(person))
    return T("{person} ({group})", person=source.name(person), group=group_label(seat.stakeholder_group))
