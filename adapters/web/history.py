"""The life of a working group, event by event: what a timeline draws, and a feed tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from adapters.web.entries import published
from adapters.web.model import Event, Source
from bot.domain.consensus.checks import Check
from bot.domain.consultations import Consultation
from bot.domain.groups import Ending, Group, Stage, ending_of
from bot.domain.meetings import Meeting
from bot.domain.proposals import Proposal
from bot.domain.recommendations import ANSWERS, Recommendation
from bot.domain.updates import Update, updates_of
from bot.present.names import OUTCOMES, STAGES
from bot.text import T, UserText

TOLD_OF: Final = (Proposal, Consultation, Check, Ending, Update, Meeting, Recommendation)
"""The types of records that a history tells of, besides its group."""


def history(source: Source, group: Group) -> tuple[Event, ...]:
    """Everything that happened to a group, the earliest first; of one moment, what led to it first."""
    return tuple(sorted((*_forming(source, group), *_working(source, group)), key=lambda each: each.at))


def _forming(source: Source, group: Group) -> Iterator[Event]:
    reads, community, page = source.reads, source.community, source.paths.group(group.id)
    yield Event(group.proposed_at, T("Proposed"), "proposed", page)
    for each in reads.all(Proposal, community=community.id, group=group.id):
        if each.version > 1:
            yield Event(each.written_at, T("Version {version} of its text", version=each.version), "revised", page)
    for consultation in reads.all(Consultation, community=community.id, group=group.id):
        if not consultation.about:
            path = source.paths.consultation(consultation.number)
            yield Event(consultation.opened_at, T("Consultation opened"), "consultation", path)
            if consultation.closed_at is not None:
                yield Event(consultation.closed_at, T("Consultation closed"), "consulted", path)
    for check in reads.all(Check, community=community.id, group=group.id):
        path = source.paths.decision(check.number)
        yield Event(check.opened_at, T("Consensus check opened"), "check", path)
        if check.outcome is not None and check.concluded_at is not None:
            what = T("Concluded: {outcome}", outcome=OUTCOMES[check.outcome])
            yield Event(check.concluded_at, what, "concluded", path)
    if group.decided_at is not None:
        what = T("Not approved") if group.stage is Stage.NOT_APPROVED else T("Approved")
        yield Event(group.decided_at, what, "decided", page)
    if group.active_since is not None:
        yield Event(group.active_since, T("Active"), "active", page)
    ending = ending_of(reads, group)
    if ending is not None:
        yield Event(ending.ended_at, STAGES[group.stage], "ended", page)


def _working(source: Source, group: Group) -> Iterator[Event]:
    reads, community = source.reads, source.community
    for update in updates_of(reads, group):
        what = T("Update {number}", number=update.number)
        yield Event(update.posted_at, what, "update", source.paths.update(group.id, update.number))
    for meeting in reads.all(Meeting, community=community.id, body=group.id):
        if meeting.held(source.now):
            met = T("Meeting {number}: {title}", number=meeting.number, title=UserText(meeting.title))
            yield Event(meeting.started_at or meeting.starts_at, met, "meeting", source.paths.meeting(meeting.number))
    for check in reads.all(Check, community=community.id, body=group.id):
        if check.outcome is not None and check.concluded_at is not None:
            what = T("Check {number}: {outcome}", number=check.number, outcome=OUTCOMES[check.outcome])
            yield Event(check.concluded_at, what, "decision", source.paths.decision(check.number))
    for each in reads.all(Recommendation, community=community.id, group=group.id):
        if not published(each):
            continue
        path = source.paths.recommendation(each.number)
        if each.handed_at is not None:
            yield Event(each.handed_at, T("{label} handed over", label=each.label), "recommendation", path)
        if each.answer is not None and each.settled_at is not None:
            what = T("{label}: {answer}", label=each.label, answer=ANSWERS[each.answer])
            yield Event(each.settled_at, what, "answered", path)
