"""Lines that lead to pages: one way to call a group, a decision, a meeting, wherever it is listed."""

from __future__ import annotations

from adapters.web.model import Entry, Source
from bot.domain.consensus.checks import Check, Outcome
from bot.domain.consensus.questions import asked
from bot.domain.consultations import Consultation
from bot.domain.consulted import consulted_in
from bot.domain.groups import ENDED, UNDECIDED, Group, Stage, ending_of
from bot.domain.meetings import Meeting, MeetingState
from bot.domain.recommendations import ANSWERS, Answer, Recommendation, step_of
from bot.present.checks import check_title
from bot.present.meetings import STATES, title_of
from bot.present.names import OUTCOMES, STAGES, full_name
from bot.present.recommendations import STEP_LABELS
from bot.text import Moment, T, Text, said

OPEN, GOOD, LATE, OVER, QUIET = "open", "good", "late", "over", "quiet"
"""How an entry is coloured; its words say the same."""


def group_mood(group: Group) -> str:
    """The colour of a group's stage."""
    if group.stage is Stage.ACTIVE:
        return GOOD
    if group.stage in UNDECIDED:
        return OPEN
    return OVER if group.stage in ENDED else QUIET


def group_entry(source: Source, group: Group) -> Entry:
    """A working group."""
    ending = ending_of(source.reads, group)
    at = ending.ended_at if ending else group.active_since or group.decided_at or group.proposed_at
    return Entry(
        source.paths.group(group.id),
        full_name(group.short_name, group.full_name),
        STAGES[group.stage],
        at,
        group_mood(group),
    )


def check_state(source: Source, check: Check) -> tuple[Text, str]:
    """Where a consensus check stands, and its colour."""
    if check.called_off:
        return T("Called off"), OVER
    if check.closed_at is None and source.now < check.closes_at:
        return T("Open until {when}", when=Moment(check.closes_at, check.zone)), OPEN
    if check.outcome is None:
        return (T("Recorded from a meeting"), GOOD) if check.met_on else (T("Closed, not concluded upon yet"), QUIET)
    return OUTCOMES[check.outcome], GOOD if check.outcome is Outcome.CONSENSUS else QUIET


def check_entry(source: Source, check: Check) -> Entry:
    """A consensus check."""
    state, mood = check_state(source, check)
    title = check_title(source.reads, source.community, check)
    at = check.concluded_at or check.closed_at or check.opened_at
    return Entry(source.paths.decision(check.number), title, state, at, mood, asked(check.question))


def consultation_state(source: Source, consultation: Consultation) -> tuple[Text, str]:
    """Where a consultation stands, and its colour."""
    if consultation.closed_at is None and source.now < consultation.closes_at:
        return T("Open for comment until {when}", when=Moment(consultation.closes_at, consultation.zone)), OPEN
    if consultation.attested:
        return T("Closed: feedback was sought, none received"), QUIET
    return T("Closed"), QUIET


def consultation_entry(source: Source, consultation: Consultation) -> Entry:
    """A consultation of the full membership."""
    state, mood = consultation_state(source, consultation)
    on = consulted_in(source.reads, consultation)
    about = said(on.recommendation.title if on.recommendation is not None else on.group.full_name)
    at = consultation.closed_at or consultation.opened_at
    title = T("Consultation on {subject}", subject=on.text)
    return Entry(source.paths.consultation(consultation.number), title, state, at, mood, about)


def meeting_state(source: Source, meeting: Meeting) -> tuple[Text, str]:
    """Where a meeting stands, and its colour."""
    if meeting.summary_late(source.now):
        return T("Summary late: it was due {when}", when=Moment(meeting.summary_due(), meeting.zone)), LATE
    if meeting.summarised_at is not None:
        return T("Summary published"), GOOD
    if meeting.state is MeetingState.SCHEDULED and not meeting.held(source.now):
        return T("{when}", when=Moment(meeting.starts_at, meeting.zone)), OPEN
    if meeting.held(source.now):
        return T("Held; its summary is due {when}", when=Moment(meeting.summary_due(), meeting.zone)), QUIET
    return STATES[meeting.state], OVER if meeting.state is MeetingState.CANCELLED else OPEN


def meeting_entry(source: Source, meeting: Meeting) -> Entry:
    """A meeting."""
    state, mood = meeting_state(source, meeting)
    title = title_of(source.reads, source.community, meeting)
    return Entry(source.paths.meeting(meeting.number), title, state, meeting.starts_at, mood)


def published(recommendation: Recommendation) -> bool:
    """Whether a recommendation is out: from its consultation on. Before that it is a draft of its group."""
    return bool(recommendation.consultation)


def recommendation_state(source: Source, found: Recommendation) -> tuple[Text, str]:
    """Where a recommendation stands, and its colour."""
    if found.answer is None:
        return STEP_LABELS[step_of(source.reads, found)], OVER if found.settled else OPEN
    when = Moment(found.settled_at or found.drafted_at, source.community.zone)
    state = T("{answer}, {when}", answer=ANSWERS[found.answer], when=when)
    return state, QUIET if found.answer is Answer.NOT_AGREED else GOOD


def recommendation_entry(source: Source, found: Recommendation) -> Entry:
    """A recommendation."""
    state, mood = recommendation_state(source, found)
    title = T("Recommendation {label}: {title}", label=found.label, title=said(found.title))
    at = found.settled_at or found.handed_at or found.drafted_at
    return Entry(source.paths.recommendation(found.number), title, state, at, mood)
