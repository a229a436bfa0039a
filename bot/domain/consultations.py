"""Consultations: seeking, and receiving, feedback from the full MAG.

Source: "Working groups must seek and receive feedback from the full MAG when defining goals and objectives of the
group". Concerns and requests for change need a response; other comments are noted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.community import counted
from bot.domain.dues import Due, DueKind
from bot.domain.errors import ForTheChair, Invalid, NotFound, NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.groups import PHRASES, Group, Stage, group_of
from bot.domain.ids import CommunityId, GroupId, PersonId
from bot.domain.records import Gone, Reads, record
from bot.domain.reminders import planning, to_plan
from bot.text import Moment, Say, Span, T, Text, Tn


class CommentKind(StrEnum):
    """What a comment is meant as. `CONCERN` and `CHANGE` need a response before the consensus check."""

    COMMENT = "comment"
    CONCERN = "concern"
    CHANGE = "change"


NEEDS_RESPONSE = frozenset({CommentKind.CONCERN, CommentKind.CHANGE})


@record(key="community number", lists=("community group", "community closed"))
class Consultation:
    """One consultation of the full MAG. `attested`: closed with feedback sought and none received.

    `about` is the subject it is on, where that is not the forming of the group: `recommendation:3`.
    """

    community: CommunityId
    number: int
    group: GroupId
    opened_at: datetime
    closes_at: datetime
    zone: str
    closed: bool = False
    closed_at: datetime | None = None
    extended_for_silence: bool = False
    attested: bool = False
    exception: str = ""
    comments: int = 0
    about: str = ""


@record(key="community consultation number", lists=("community consultation",))
class Comment:
    """A comment on a consultation; `response` numbers the response that covers it (0: none)."""

    community: CommunityId
    consultation: int
    number: int
    author: PersonId
    kind: CommentKind
    text: str
    made_at: datetime
    version: int
    response: int = 0


@record(key="community consultation number", lists=("community consultation",))
class Response:
    """The proposers' answer to one or several comments."""

    community: CommunityId
    consultation: int
    number: int
    author: PersonId
    text: str
    made_at: datetime


@event("consultation.opened", private="exception")
class ConsultationOpened:
    """The full MAG is asked for feedback until `closes_at`."""

    number: int
    group: GroupId
    closes_at: datetime
    zone: str
    exception: str = ""
    about: str = ""


@event("consultation.extended")
class ConsultationExtended:
    """More time: by hand, or once because no feedback had come (`for_silence`)."""

    number: int
    closes_at: datetime
    for_silence: bool


@event("consultation.closed", private="exception")
class ConsultationClosed:
    """Feedback is over. `attested`: it was sought and none was received."""

    number: int
    attested: bool
    exception: str = ""


@event("comment.made", private="text")
class CommentMade:
    """A comment, on a version of the text."""

    consultation: int
    number: int
    author: PersonId
    kind: CommentKind
    text: str
    version: int


@event("comments.answered", private="text")
class CommentsAnswered:
    """One response to one or several comments."""

    consultation: int
    number: int
    comments: tuple[int, ...]
    author: PersonId
    text: str


def consultation_of(reads: Reads, community: CommunityId, number: int) -> Consultation:
    """The consultation with a number that is known to exist."""
    found = reads.get(Consultation, community, number)
    if found is None:
        raise LookupError(number)
    return found


def _due(consultation: Consultation) -> Due:
    return Due(
        consultation.community,
        DueKind.CONSULTATION_CLOSES,
        str(consultation.number),
        consultation.closes_at,
        consultation.zone,
    )


def _to_plan(reads: Reads, made: Consultation) -> Iterable[Due]:
    return to_plan(reads, made.community, f"consultation:{made.number}", made.opened_at, made.closes_at, made.zone)


def _planned(made: Consultation) -> Gone:
    return Gone(planning(made.community, f"consultation:{made.number}", made.closes_at, made.zone))


@applies(ConsultationOpened)
def _opened(reads: Reads, fact: Fact, event: ConsultationOpened) -> Iterable[Any]:
    made = Consultation(
        fact.community,
        event.number,
        event.group,
        fact.at,
        event.closes_at,
        event.zone,
        exception=event.exception,
        about=event.about,
    )
    yield made
    yield _due(made)
    yield from _to_plan(reads, made)
    yield counted(fact.community, "consultation", event.number)
    if not event.about:
        group = group_of(reads, fact.community, event.group)
        yield replace(group, stage=Stage.IN_CONSULTATION, consultation=event.number)


@applies(ConsultationExtended)
def _extended(reads: Reads, fact: Fact, event: ConsultationExtended) -> Iterable[Any]:
    found = consultation_of(reads, fact.community, event.number)
    moved = replace(
        found, closes_at=event.closes_at, extended_for_silence=found.extended_for_silence or event.for_silence
    )
    yield moved
    yield _due(moved)
    yield _planned(found)
    yield from _to_plan(reads, moved)


@applies(ConsultationClosed)
def _closed(reads: Reads, fact: Fact, event: ConsultationClosed) -> Iterable[Any]:
    found = consultation_of(reads, fact.community, event.number)
    yield replace(
        found, closed=True, closed_at=fact.at, attested=event.attested, exception=event.exception or found.exception
    )
    yield Gone(_due(found))
    yield _planned(found)


@applies(CommentMade)
def _commented(reads: Reads, fact: Fact, event: CommentMade) -> Iterable[Any]:
    found = consultation_of(reads, fact.community, event.consultation)
    yield replace(found, comments=event.number)
    yield Comment(
        fact.community,
        event.consultation,
        event.number,
        event.author,
        event.kind,
        event.text,
        fact.at,
        event.version,
    )


@applies(CommentsAnswered)
def _responded(reads: Reads, fact: Fact, event: CommentsAnswered) -> Iterable[Any]:
    yield Response(fact.community, event.consultation, event.number, event.author, event.text, fact.at)
    for number in event.comments:
        comment = reads.get(Comment, fact.community, event.consultation, number)
        if comment is not None:
            yield replace(comment, response=event.number)


def comments_on(reads: Reads, consultation: Consultation) -> tuple[Comment, ...]:
    """Every comment, in order."""
    return reads.all(Comment, community=consultation.community, consultation=consultation.number)


def unanswered(reads: Reads, consultation: Consultation) -> tuple[Comment, ...]:
    """The concerns and requests for change that still need a response."""
    return tuple(each for each in comments_on(reads, consultation) if each.kind in NEEDS_RESPONSE and not each.response)


def received(reads: Reads, consultation: Consultation, members: frozenset[PersonId]) -> bool:
    """Whether feedback came from any of `members`: those of the full MAG, less whose own text it is."""
    return any(each.author in members for each in comments_on(reads, consultation))


def running(found: Consultation | None, what: Text, show: str, now: datetime) -> Consultation:
    """The consultation on `what` while it is open. Raises `NotNow` before it opens and once it is over.

    `show` is the command that says where it stands.
    """
    if found is None:
        raise NotNow(
            T("The consultation on {group} has not opened yet.", group=what),
            T("See what comes before: {command}.", command=Say(show)),
        )
    if found.closed_at is not None or now >= found.closes_at:
        closed = found.closed_at or found.closes_at
        raise NotNow(
            T("The consultation on {group} closed on {when}.", group=what, when=Moment(closed, found.zone)),
            T("See what was said, and what comes next: {command}.", command=Say(show)),
        )
    return found


def open_consultation(
    group: Group, number: int, now: datetime, closes_at: datetime, zone: str, minimum_hours: int, exception: str
) -> ConsultationOpened:
    """Open one. Raises `NotNow` unless the proposal was posted, `ForTheChair` under the minimum without a reason."""
    if group.stage is not Stage.PROPOSED:
        raise NotNow(
            T(
                "{group} is {stage}: a consultation opens on a proposal that has just been posted.",
                group=group.short_name,
                stage=PHRASES[group.stage],
            ),
            T("See where it stands: {command}.", command=Say(f"show {group.short_name}")),
        )
    if group.posted_at is None:
        raise NotNow(
            T("The proposal of {group} has not reached any room of the members yet.", group=group.short_name),
            T("It is being delivered; the consultation opens by itself once it has arrived."),
        )
    long_enough(closes_at - now, minimum_hours, exception)
    return ConsultationOpened(number, group.id, closes_at, zone, exception)


def long_enough(length: timedelta, minimum_hours: int, exception: str) -> None:
    """Raise `ForTheChair` under the minimum length, unless the Chair gave a reason."""
    if length < timedelta(hours=minimum_hours) and not exception:
        raise ForTheChair(
            T(
                "{length} is too short: a consultation of the full membership takes at least {minimum}.",
                length=Span(int(length.total_seconds())),
                minimum=Span(minimum_hours * 3600),
            ),
            T("Give it longer, or ask the Chair to do it with --exception and the reason, which is published."),
        )


def extend(consultation: Consultation, closes_at: datetime) -> ConsultationExtended:
    """Give it more time by hand; a close only moves later."""
    if closes_at <= consultation.closes_at:
        raise Invalid(
            T(
                "That would close it earlier than {when}, the time members were told.",
                when=Moment(consultation.closes_at, consultation.zone),
            ),
            T("Give a later time, such as {example}.", example="+3d"),
            field="until",
        )
    return ConsultationExtended(consultation.number, closes_at, False)


def close(
    reads: Reads,
    consultation: Consultation,
    members: frozenset[PersonId],
    now: datetime,
    minimum_hours: int,
    exception: str = "",
) -> ConsultationExtended | ConsultationClosed:
    """Close it by the clock or by hand. With no feedback it is extended once, then closed and attested.

    Before its time by hand: not under the minimum length, save by the Chair's recorded exception.
    """
    if now < consultation.closes_at:
        long_enough(now - consultation.opened_at, minimum_hours, exception)
    if received(reads, consultation, members):
        return ConsultationClosed(consultation.number, False, exception)
    if not consultation.extended_for_silence:
        later = max(now, consultation.closes_at) + timedelta(hours=minimum_hours)
        return ConsultationExtended(consultation.number, later, True)
    if now < consultation.closes_at:
        raise NotNow(
            T(
                "No feedback has come yet, and the extra time given for it runs until {when}.",
                when=Moment(consultation.closes_at, consultation.zone),
            ),
            T("Ask members to comment: {command}.", command=Say("consult comment")),
        )
    return ConsultationClosed(consultation.number, True, exception)


def respond(
    reads: Reads, consultation: Consultation, numbers: tuple[int, ...], author: PersonId, text: str
) -> CommentsAnswered:
    """Answer comments, several at once if one answer covers them. Possible after the close too."""
    for number in numbers:
        if reads.get(Comment, consultation.community, consultation.number, number) is None:
            raise NotFound(
                Tn(
                    "There is no comment {number}; there is {count} in this consultation.",
                    "There is no comment {number}; there are {count} in this consultation.",
                    consultation.comments,
                    number=number,
                ),
                T("Give the numbers of the comments you respond to: 1,3."),
                field="comments",
            )
    made = len(reads.all(Response, community=consultation.community, consultation=consultation.number))
    return CommentsAnswered(consultation.number, made + 1, numbers, author, text)
