"""Meetings and recommendations, as the public sees them. The link to join a meeting is for members; a draft is a draft."""

from __future__ import annotations

from adapters.web.entries import (
    check_entry,
    consultation_entry,
    group_entry,
    meeting_state,
    recommendation_entry,
    recommendation_state,
)
from adapters.web.model import MeetingPage, RecommendationPage, Source
from bot.domain.consensus.checks import check_of
from bot.domain.consultations import consultation_of
from bot.domain.groups import group_of
from bot.domain.ids import MAG, GroupId
from bot.domain.meetings import Meeting, MeetingState
from bot.domain.recommendations import Answer, Recommendation, Step, step_of, text_of
from bot.domain.summaries import summary_of
from bot.present.meetings import KINDS, STATES, agenda_blocks, attendance_blocks, outcome_blocks, title_of
from bot.text import Moment, Span, T, said
from bot.view import Fact


def meeting_page(source: Source, meeting: Meeting) -> MeetingPage:
    """One meeting."""
    reads, community = source.reads, source.community
    state, mood = meeting_state(source, meeting)
    summary = summary_of(reads, meeting)
    approved = summary if summary is not None and summary.approved_at is not None else None
    held = meeting.held(source.now) or meeting.state is MeetingState.RUNNING
    waiting = None
    if approved is None and meeting.held(source.now):
        due = Moment(meeting.summary_due(), meeting.zone)
        late = meeting.summary_late(source.now)
        waiting = T("Its summary was due {when}.", when=due) if late else T("Its summary is due {when}.", when=due)
    length = Span(int((meeting.ends_at - meeting.starts_at).total_seconds()))
    facts = [
        Fact(T("When"), T("{when}", when=Moment(meeting.started_at or meeting.starts_at, meeting.zone))),
        Fact(T("Length"), T("{length}", length=length)),
        Fact(T("How"), KINDS[meeting.kind]),
        Fact(T("State"), STATES[MeetingState.ENDED] if meeting.held(source.now) else STATES[meeting.state]),
    ]
    if meeting.venue:
        facts.append(Fact(T("Venue"), said(meeting.venue)))
    return MeetingPage(
        source.paths.meeting(meeting.number),
        meeting.number,
        title_of(reads, community, meeting),
        state,
        mood,
        tuple(facts),
        meeting.why,
        tuple(agenda_blocks(reads, community, meeting, source.now)),
        approved.text if approved is not None else "",
        T(
            "Approved by {person}, {when}.",
            person=source.name(approved.approved_by),
            when=Moment(approved.approved_at, meeting.zone),
        )
        if approved is not None and approved.approved_at is not None
        else None,
        waiting,
        tuple(attendance_blocks(reads, community, meeting)) if held else (),
        tuple(outcome_blocks(reads, community, meeting)) if held else (),
        group_entry(source, group_of(reads, community.id, GroupId(meeting.body))) if meeting.body != MAG else None,
        max(meeting.changed_at, meeting.summarised_at or meeting.changed_at, meeting.ended_at or meeting.changed_at),
    )


def recommendation_page(source: Source, found: Recommendation) -> RecommendationPage:
    """One recommendation, from its consultation on."""
    reads, community = source.reads, source.community
    state, mood = recommendation_state(source, found)
    text = text_of(reads, found)
    group = group_of(reads, community.id, found.group)
    checks = [check_of(reads, community.id, number) for number in (found.check, found.mag_check) if number]
    facts = [
        Fact(
            T("Text"),
            T("version {version}, {when}", version=text.version, when=Moment(text.written_at, community.zone)),
        )
    ]
    if found.handed_at is not None:
        asked = T("to endorse it") if found.seeks is Answer.ENDORSED else T("to take note of it")
        facts.append(Fact(T("Asked of the {body}", body=community.titles.body), asked))
        facts.append(Fact(T("Handed over"), T("{when}", when=Moment(found.handed_at, community.zone))))
    views = found.minority_views or next((each.minority_views for each in checks if each.minority_views), "")
    if step_of(reads, found) is Step.ANSWERED:
        facts.append(Fact(T("Answered by"), T("{person}", person=source.name(found.settled_by))))
    return RecommendationPage(
        source.paths.recommendation(found.number),
        found.label,
        T("Recommendation {label} of {group}", label=found.label, group=group.short_name),
        found.title,
        state,
        mood,
        tuple(facts),
        text.text,
        views,
        found.rationale,
        group_entry(source, group),
        consultation_entry(source, consultation_of(reads, community.id, found.consultation)),
        tuple(check_entry(source, each) for each in checks),
        recommendation_entry(source, found).at,
    )
