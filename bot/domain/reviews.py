"""Progress reviews: asked for by a member, put to the full membership by the Chair, answered by the group, then decided.

Source: "If a Working Group makes insufficient progress as determined by the MAG … the Working Group may be dissolved". Where
the guidelines are silent: the co-facilitators have seven days to reply before a consensus check opens, and the Chair records
what came of it. Nothing about it is automatic.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.community import community_of, counted
from bot.domain.consensus.checks import Check, Outcome
from bot.domain.dues import Due, DueKind
from bot.domain.errors import NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.groups import PHRASES, Group, Stage
from bot.domain.ids import MAG, CommunityId, GroupId, PersonId
from bot.domain.records import Gone, Reads, record
from bot.text import Moment, Say, T

RIGHT_OF_REPLY = timedelta(days=7)
"""How long the co-facilitators may reply before the full membership is asked."""


class ReviewState(StrEnum):
    """Where a progress review stands."""

    ASKED = "asked"
    DECLINED = "declined"
    REPLYING = "replying"
    CHECKING = "checking"
    CONTINUES = "continues"
    DISSOLVED = "dissolved"


PENDING = frozenset({ReviewState.ASKED, ReviewState.REPLYING, ReviewState.CHECKING})
"""States in which something is still to be decided."""

UNDER_REVIEW = frozenset({ReviewState.REPLYING, ReviewState.CHECKING})
"""States in which the review is before the full membership, and shown on the group's card."""


@record(key="community number", lists=("community group", "community state", "community check"))
class Review:
    """A progress review of a group. `check` numbers the check of the full membership upon it (0: none yet)."""

    community: CommunityId
    number: int
    group: GroupId
    asked_by: PersonId
    asked_at: datetime
    reasons: str
    state: ReviewState
    replies_until: datetime | None = None
    check: int = 0
    note: str = ""
    settled_at: datetime | None = None


@record(key="community review author", lists=("community review",))
class ReviewReply:
    """What a co-facilitator of the group answers; it travels with the check."""

    community: CommunityId
    review: int
    author: PersonId
    text: str
    made_at: datetime


@event("review.asked", private="reasons")
class ReviewAsked:
    """A member asks for a review of a group's progress."""

    number: int
    group: GroupId
    asked_by: PersonId
    reasons: str


@event("review.declined", private="reason")
class ReviewDeclined:
    """The Chair does not put it to the full membership, and said why."""

    review: int
    reason: str


@event("review.opened")
class ReviewOpened:
    """The Chair put it to the full membership; the co-facilitators may reply until a time."""

    review: int
    replies_until: datetime


@event("review.replied", private="text")
class ReviewReplied:
    """A co-facilitator replied, or replied anew."""

    review: int
    author: PersonId
    text: str


@event("review.replies-over")
class RepliesOver:
    """The right of reply is over."""

    review: int


@event("review.checked")
class ReviewChecked:
    """The full membership is asked in a check, or was in a meeting."""

    review: int
    check: int


@event("review.settled", private="note")
class ReviewSettled:
    """The Chair recorded what came of it: the group is dissolved, or continues."""

    review: int
    state: ReviewState
    note: str


@applies(ReviewAsked)
def _asked(reads: Reads, fact: Fact, event: ReviewAsked) -> Iterable[Any]:
    yield Review(fact.community, event.number, event.group, event.asked_by, fact.at, event.reasons, ReviewState.ASKED)
    yield counted(fact.community, "review", event.number)


@applies(ReviewDeclined)
def _declined(reads: Reads, fact: Fact, event: ReviewDeclined) -> Iterable[Any]:
    found = review_of(reads, fact.community, event.review)
    yield replace(found, state=ReviewState.DECLINED, note=event.reason, settled_at=fact.at)


@applies(ReviewOpened)
def _opened(reads: Reads, fact: Fact, event: ReviewOpened) -> Iterable[Any]:
    found = review_of(reads, fact.community, event.review)
    yield replace(found, state=ReviewState.REPLYING, replies_until=event.replies_until)
    zone = community_of(reads, fact).zone
    yield Due(fact.community, DueKind.REVIEW_REPLIES, str(event.review), event.replies_until, zone)


@applies(ReviewReplied)
def _replied(reads: Reads, fact: Fact, event: ReviewReplied) -> Iterable[Any]:
    yield ReviewReply(fact.community, event.review, event.author, event.text, fact.at)


@applies(RepliesOver)
def _over(reads: Reads, fact: Fact, event: RepliesOver) -> Iterable[Any]:
    yield Gone(Due(fact.community, DueKind.REVIEW_REPLIES, str(event.review), fact.at, ""))


@applies(ReviewChecked)
def _checked(reads: Reads, fact: Fact, event: ReviewChecked) -> Iterable[Any]:
    yield replace(review_of(reads, fact.community, event.review), state=ReviewState.CHECKING, check=event.check)


@applies(ReviewSettled)
def _settled(reads: Reads, fact: Fact, event: ReviewSettled) -> Iterable[Any]:
    found = review_of(reads, fact.community, event.review)
    yield replace(found, state=event.state, note=event.note, settled_at=fact.at)


def review_of(reads: Reads, community: CommunityId, number: int) -> Review:
    """The review with a number that is known to exist."""
    found = reads.get(Review, community, number)
    if found is None:
        raise LookupError(number)
    return found


def reviews_of(reads: Reads, group: Group) -> tuple[Review, ...]:
    """Every review of a group, the oldest first."""
    return reads.all(Review, community=group.community, group=group.id)


def pending_review(reads: Reads, group: Group) -> Review | None:
    """The review of a group that is not settled; None once the group itself has ended."""
    if group.stage is not Stage.ACTIVE:
        return None
    return next((each for each in reviews_of(reads, group) if each.state in PENDING), None)


def review_upon(reads: Reads, check: Check) -> Review | None:
    """The review a check of the full membership is about, if it is about one."""
    if check.body != MAG or check.group:
        return None
    return next(iter(reads.all(Review, community=check.community, check=check.number)), None)


def replies_to(reads: Reads, review: Review) -> tuple[ReviewReply, ...]:
    """What the co-facilitators replied, the earliest first."""
    replies = reads.all(ReviewReply, community=review.community, review=review.number)
    return tuple(sorted(replies, key=lambda each: (each.made_at, each.author)))


def review_question(group: Group) -> str:
    """What the check upon a review asks."""
    return f"Should {group.short_name} ({group.full_name}) be dissolved for insufficient progress?"


def ask_review(reads: Reads, group: Group, number: int, person: PersonId, reasons: str) -> ReviewAsked:
    """Ask for a review. Raises `NotNow` for a group that is not at work, or is under review already."""
    if group.stage is not Stage.ACTIVE:
        raise NotNow(
            T(
                "{group} is {stage}: only an active group's progress is reviewed.",
                group=group.short_name,
                stage=PHRASES[group.stage],
            ),
            T("See where it stands: {command}.", command=Say(f"show {group.short_name}")),
        )
    if pending_review(reads, group) is not None:
        raise NotNow(
            T("A progress review of {group} is asked for already.", group=group.short_name),
            T("See it: {command}.", command=Say(f"review show {group.short_name}")),
        )
    return ReviewAsked(number, group.id, person, reasons)


def the_review(reads: Reads, group: Group, state: ReviewState) -> Review:
    """The group's review that stands in a state. Raises `NotNow` with where it stands."""
    found = pending_review(reads, group)
    if found is not None and found.state is state:
        return found
    show = T("See it: {command}.", command=Say(f"review show {group.short_name}"))
    if found is None:
        raise NotNow(
            T("No progress review of {group} is under way.", group=group.short_name),
            T("A member asks for one: {command}.", command=Say(f'review ask {group.short_name} "…"')),
        )
    match found.state:
        case ReviewState.ASKED:
            raise NotNow(
                T(
                    "The progress review of {group} was asked for; the Chair has not put it to the members.",
                    group=group.short_name,
                ),
                show,
            )
        case ReviewState.REPLYING:
            raise NotNow(
                T(
                    "The co-facilitators of {group} are replying to the review; the members were not asked yet.",
                    group=group.short_name,
                ),
                show,
            )
        case _:
            raise NotNow(
                T(
                    "The progress review of {group} is with the members already: check {check}.",
                    group=group.short_name,
                    check=found.check,
                ),
                show,
            )


def replies_are_over(review: Review, group: Group, now: datetime, zone: str) -> None:
    """Raise `NotNow` while the co-facilitators may still reply."""
    if review.replies_until is not None and now < review.replies_until:
        raise NotNow(
            T(
                "The co-facilitators of {group} may reply until {when}; the members are asked after that.",
                group=group.short_name,
                when=Moment(review.replies_until, zone),
            ),
            T("See what they replied so far: {command}.", command=Say(f"review show {group.short_name}")),
        )


def settle_review(review: Review, check: Check, state: ReviewState, note: str, group: Group) -> ReviewSettled:
    """Record what came of a review, once its check was concluded upon; dissolving takes the members' consensus."""
    if check.outcome is None and not check.called_off:
        raise NotNow(
            T("Check {number} upon {group} was not concluded upon yet.", number=check.number, group=group.short_name),
            T("Conclude first: {command}.", command=Say(f"conclude {check.number} consensus")),
        )
    if state is ReviewState.DISSOLVED and check.outcome is not Outcome.CONSENSUS:
        raise NotNow(
            T("Check {number} found no consensus on dissolving {group}.", number=check.number, group=group.short_name),
            T("Record that it continues: {command}.", command=Say(f"review settle {group.short_name} continues")),
        )
    return ReviewSettled(review.number, state, note)
