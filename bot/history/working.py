"""A group at work: who is in it, what it reports, recommends and keeps, and how it ends."""

from __future__ import annotations

from bot.domain.completions import CompletionAsked
from bot.domain.documents import Document, DocumentVersionAdded, DocumentWithdrawn
from bot.domain.meetings import Meeting
from bot.domain.membership import MemberJoined, MemberLeft, ParticipantJoined
from bot.domain.minutes import MinuteNoted
from bot.domain.polls import PollClosed, PollOpened
from bot.domain.recommendations import (
    ANSWERS,
    RecommendationAnswered,
    RecommendationDrafted,
    RecommendationHanded,
    RecommendationRevised,
    RecommendationWithdrawn,
)
from bot.domain.reviews import Review, ReviewOpened, ReviewSettled
from bot.domain.scheduling import MeetingCancelled, MeetingScheduled
from bot.domain.sitting import MeetingEnded
from bot.domain.summaries import SummaryApproved
from bot.domain.updates import UpdateLate, UpdatePosted
from bot.history.telling import Teller, Told, tells
from bot.text import Moment, T, UserText, term


@tells(MemberJoined)
def _joined(teller: Teller, event: MemberJoined) -> Told:
    return event.group, T("{person} joined.", person=teller.name(event.person))


@tells(ParticipantJoined)
def _participates(teller: Teller, event: ParticipantJoined) -> Told:
    return event.group, T("{person} joined as a participant.", person=teller.name(event.person))


@tells(MemberLeft)
def _left(teller: Teller, event: MemberLeft) -> Told:
    return event.group, T("{person} left.", person=teller.name(event.person))


@tells(UpdatePosted)
def _updated(teller: Teller, event: UpdatePosted) -> Told:
    return event.group, T("{person} posted update {number}.", person=teller.name(event.author), number=event.number)


@tells(UpdateLate)
def _late(teller: Teller, event: UpdateLate) -> Told:
    return event.group, T("Its update was late.")


@tells(MinuteNoted)
def _noted(teller: Teller, event: MinuteNoted) -> Told:
    if not teller.seated:
        return None
    text = T("{person} noted for the minutes: {text}", person=teller.name(event.author), text=UserText(event.text))
    return event.body, text


@tells(PollOpened)
def _polled(teller: Teller, event: PollOpened) -> Told:
    text = T("Poll {number} opened: {question}", number=event.number, question=UserText(event.question))
    return event.body, text


@tells(PollClosed)
def _poll_closed(teller: Teller, event: PollClosed) -> Told:
    text = T("Poll {number} closed; {count} answered.", number=event.poll, count=event.answers)
    return teller.of_poll(event.poll), text


@tells(RecommendationDrafted)
def _drafted(teller: Teller, event: RecommendationDrafted) -> Told:
    return event.group, T(
        "{person} drafted recommendation {label}: {title}",
        person=teller.name(event.author),
        label=f"R{event.number}",
        title=UserText(event.title),
    )


@tells(RecommendationRevised)
def _revised(teller: Teller, event: RecommendationRevised) -> Told:
    text = T(
        "{person} wrote version {version} of {label}.",
        person=teller.name(event.author),
        version=event.version,
        label=f"R{event.number}",
    )
    return teller.of_recommendation(event.number), text


@tells(RecommendationHanded)
def _handed(teller: Teller, event: RecommendationHanded) -> Told:
    text = T(
        "{person} handed {label} to the full {body}.",
        person=teller.by,
        label=f"R{event.number}",
        body=teller.community.titles.body,
    )
    return teller.of_recommendation(event.number), text


@tells(RecommendationAnswered)
def _recommendation_answered(teller: Teller, event: RecommendationAnswered) -> Told:
    text = T(
        "{person} concluded: {label} is {answer}.",
        person=teller.by,
        label=f"R{event.number}",
        answer=ANSWERS[event.answer],
    )
    return teller.of_recommendation(event.number), text


@tells(RecommendationWithdrawn)
def _recommendation_withdrawn(teller: Teller, event: RecommendationWithdrawn) -> Told:
    text = T("{person} withdrew {label}.", person=teller.by, label=f"R{event.number}")
    return teller.of_recommendation(event.number), text


@tells(DocumentVersionAdded)
def _document(teller: Teller, event: DocumentVersionAdded) -> Told:
    found = teller.reads.get(Document, teller.community.id, event.document)
    if found is None:
        return None
    return found.group, T(
        "{person} added version {version} of {label}, {title}: {place}",
        person=teller.name(event.added_by),
        version=event.version,
        label=found.label,
        title=UserText(found.title),
        place=UserText(event.link) if event.link else T("it is kept here"),
    )


@tells(DocumentWithdrawn)
def _document_withdrawn(teller: Teller, event: DocumentWithdrawn) -> Told:
    found = teller.reads.get(Document, teller.community.id, event.document)
    if found is None:
        return None
    return found.group, T("{person} withdrew {label}.", person=teller.by, label=term(found.label))


@tells(ReviewOpened)
def _reviewed(teller: Teller, event: ReviewOpened) -> Told:
    review = teller.reads.get(Review, teller.community.id, event.review)
    text = T("{person} put its progress to the full {body}.", person=teller.by, body=teller.community.titles.body)
    return (review.group, text) if review is not None else None


@tells(ReviewSettled)
def _review_settled(teller: Teller, event: ReviewSettled) -> Told:
    review = teller.reads.get(Review, teller.community.id, event.review)
    text = T("{person} settled the review of its progress: {note}", person=teller.by, note=UserText(event.note))
    return (review.group, text) if review is not None else None


@tells(CompletionAsked)
def _completing(teller: Teller, event: CompletionAsked) -> Told:
    return event.group, T("{person} asked that it be completed.", person=teller.name(event.asked_by))


@tells(MeetingScheduled)
def _scheduled(teller: Teller, event: MeetingScheduled) -> Told:
    text = T(
        "{person} scheduled a meeting, {title}, {when}.",
        person=teller.name(event.scheduled_by),
        title=UserText(event.title),
        when=Moment(event.starts_at, event.zone),
    )
    return event.body, text


@tells(MeetingCancelled)
def _cancelled(teller: Teller, event: MeetingCancelled) -> Told:
    meeting = teller.reads.get(Meeting, teller.community.id, event.meeting)
    text = T("Meeting {number} was cancelled: {why}", number=event.meeting, why=UserText(event.why))
    return (meeting.body, text) if meeting is not None else None


@tells(MeetingEnded)
def _met(teller: Teller, event: MeetingEnded) -> Told:
    meeting = teller.reads.get(Meeting, teller.community.id, event.meeting)
    text = T("Meeting {number} was held.", number=event.meeting)
    return (meeting.body, text) if meeting is not None else None


@tells(SummaryApproved)
def _summed_up(teller: Teller, event: SummaryApproved) -> Told:
    meeting = teller.reads.get(Meeting, teller.community.id, event.meeting)
    text = T("{person} approved the summary of meeting {number}.", person=teller.by, number=event.meeting)
    return (meeting.body, text) if meeting is not None else None
