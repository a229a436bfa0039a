"""Recommendations: what a working group gives to the full MAG, from its draft to what the MAG made of it.

Source: "Working groups must seek and receive feedback from the full MAG … prior to making recommendations". So each one
is consulted on with the full MAG, agreed by the group's own consensus check, and only then handed over; the MAG takes
note of it, endorses it, or does not agree, as its Chair concludes. Minority views travel with it all the way.

Here is what is stored of one, what happens to it, and how far it has come; what people do with one is `recommending`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.community import counted
from bot.domain.consensus.checks import check_of
from bot.domain.consultations import consultation_of
from bot.domain.errors import NotFound
from bot.domain.events import Fact, applies, event
from bot.domain.ids import CommunityId, GroupId, PersonId
from bot.domain.names import numbered
from bot.domain.records import Reads, record
from bot.text import Say, T, Text


class Answer(StrEnum):
    """What the MAG made of a recommendation."""

    NOTED = "taken note of"
    ENDORSED = "endorsed"
    NOT_AGREED = "not agreed"


class Step(StrEnum):
    """How far a recommendation has come. Follows from its consultation and its checks, so it is nowhere stored."""

    DRAFT = "draft"
    CONSULTATION = "consultation"
    CONSULTED = "consulted"
    CHECK = "check"
    CONCLUDED = "concluded"
    HANDED = "handed"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


STEPS: dict[Step, Text] = {
    Step.DRAFT: T("a draft"),
    Step.CONSULTATION: T("in consultation"),
    Step.CONSULTED: T("consulted on"),
    Step.CHECK: T("in the group's consensus check"),
    Step.CONCLUDED: T("concluded upon by the group"),
    Step.HANDED: T("before the full membership"),
    Step.ANSWERED: T("answered by the full membership"),
    Step.WITHDRAWN: T("withdrawn"),
}
"""Each step as it stands in a sentence: “R3 is …”."""

ANSWERS: dict[Answer, Text] = {
    Answer.NOTED: T("taken note of"),
    Answer.ENDORSED: T("endorsed"),
    Answer.NOT_AGREED: T("not agreed"),
}
"""Each answer as it stands in a sentence."""


@record(
    key="community number",
    lists=("community", "community group", "community settled", "community check", "community mag_check"),
)
class Recommendation:
    """One recommendation. `check` numbers the group's own consensus check, `mag_check` the full MAG's (0: none yet).

    `seeks`: what the MAG is asked for, to endorse it or to take note of it. `settled`: nothing more becomes of it.
    """

    community: CommunityId
    number: int
    group: GroupId
    title: str
    author: PersonId
    drafted_at: datetime
    version: int
    consultation: int = 0
    check: int = 0
    mag_check: int = 0
    seeks: Answer = Answer.ENDORSED
    minority_views: str = ""
    handed_at: datetime | None = None
    handed_by: PersonId | None = None
    settled: bool = False
    answer: Answer | None = None
    rationale: str = ""
    settled_at: datetime | None = None
    settled_by: PersonId | None = None

    @property
    def label(self) -> str:
        """What one types to mean it."""
        return f"R{self.number}"


@record(key="community recommendation version", lists=("community recommendation",))
class RecommendationText:
    """A version of its text. Earlier ones stay."""

    community: CommunityId
    recommendation: int
    version: int
    author: PersonId
    written_at: datetime
    text: str


@event("recommendation.drafted", private="title text")
class RecommendationDrafted:
    """A member of a group drafted a recommendation."""

    number: int
    group: GroupId
    author: PersonId
    title: str
    text: str


@event("recommendation.revised", private="text")
class RecommendationRevised:
    """A new version. After *No consensus yet* it is for another check of the group."""

    number: int
    version: int
    author: PersonId
    text: str


@event("recommendation.consulted-on")
class RecommendationConsultedOn:
    """Its consultation of the full MAG opened."""

    number: int
    consultation: int


@event("recommendation.asked")
class RecommendationAsked:
    """Its group is asked for consensus, or was asked in a meeting: in a check of that number."""

    number: int
    check: int


@event("recommendation.handed", private="minority_views")
class RecommendationHanded:
    """Its group handed it to the full MAG."""

    number: int
    seeks: Answer
    minority_views: str


@event("recommendation.put")
class RecommendationPut:
    """The full MAG is asked whether it agrees, or was asked in a meeting: in a check of that number."""

    number: int
    check: int


@event("recommendation.answered", private="rationale minority_views")
class RecommendationAnswered:
    """What the full MAG made of it, as the Chair concluded."""

    number: int
    answer: Answer
    rationale: str
    minority_views: str


@event("recommendation.withdrawn", private="reason")
class RecommendationWithdrawn:
    """Its group took it back before the MAG had answered."""

    number: int
    reason: str


@applies(RecommendationDrafted)
def _drafted(reads: Reads, fact: Fact, event: RecommendationDrafted) -> Iterable[Any]:
    yield Recommendation(fact.community, event.number, event.group, event.title, event.author, fact.at, 1)
    yield RecommendationText(fact.community, event.number, 1, event.author, fact.at, event.text)
    yield counted(fact.community, "recommendation", event.number)


@applies(RecommendationRevised)
def _revised(reads: Reads, fact: Fact, event: RecommendationRevised) -> Iterable[Any]:
    yield RecommendationText(fact.community, event.number, event.version, event.author, fact.at, event.text)
    yield replace(recommendation_of(reads, fact.community, event.number), version=event.version, check=0)


@applies(RecommendationConsultedOn)
def _consulted_on(reads: Reads, fact: Fact, event: RecommendationConsultedOn) -> Iterable[Any]:
    yield replace(recommendation_of(reads, fact.community, event.number), consultation=event.consultation)


@applies(RecommendationAsked)
def _asked(reads: Reads, fact: Fact, event: RecommendationAsked) -> Iterable[Any]:
    yield replace(recommendation_of(reads, fact.community, event.number), check=event.check)


@applies(RecommendationHanded)
def _handed(reads: Reads, fact: Fact, event: RecommendationHanded) -> Iterable[Any]:
    yield replace(
        recommendation_of(reads, fact.community, event.number),
        seeks=event.seeks,
        minority_views=event.minority_views,
        handed_at=fact.at,
        handed_by=fact.by,
    )


@applies(RecommendationPut)
def _put(reads: Reads, fact: Fact, event: RecommendationPut) -> Iterable[Any]:
    yield replace(recommendation_of(reads, fact.community, event.number), mag_check=event.check)


@applies(RecommendationAnswered)
def _answered(reads: Reads, fact: Fact, event: RecommendationAnswered) -> Iterable[Any]:
    yield replace(
        recommendation_of(reads, fact.community, event.number),
        settled=True,
        answer=event.answer,
        rationale=event.rationale,
        minority_views=event.minority_views,
        settled_at=fact.at,
        settled_by=fact.by,
    )


@applies(RecommendationWithdrawn)
def _withdrawn(reads: Reads, fact: Fact, event: RecommendationWithdrawn) -> Iterable[Any]:
    found = recommendation_of(reads, fact.community, event.number)
    yield replace(found, settled=True, rationale=event.reason, settled_at=fact.at, settled_by=fact.by)


def recommendation_of(reads: Reads, community: CommunityId, number: int) -> Recommendation:
    """The recommendation with a number that is known to exist."""
    found = reads.get(Recommendation, community, number)
    if found is None:
        raise LookupError(number)
    return found


def labelled(reads: Reads, community: CommunityId, typed: str) -> Recommendation | None:
    """The recommendation that `R3`, `r3` or `3` names; None where it names none."""
    number = numbered(typed, "Rr") if typed.isascii() else None
    return reads.get(Recommendation, community, number) if number is not None else None


def find_recommendation(reads: Reads, community: CommunityId, typed: str) -> Recommendation:
    """The recommendation a person means. Raises `NotFound`."""
    found = labelled(reads, community, typed)
    if found is None:
        raise NotFound(
            T("There is no recommendation called {name}.", name=typed),
            T("See those there are: {command}.", command=Say("recommendation list")),
            field="recommendation",
        )
    return found


def of_check(reads: Reads, community: CommunityId, check: int) -> Recommendation | None:
    """The recommendation that a check, of its group or of the full MAG, is about."""
    for found in (
        *reads.all(Recommendation, community=community, check=check),
        *reads.all(Recommendation, community=community, mag_check=check),
    ):
        return found
    return None


def text_of(reads: Reads, recommendation: Recommendation, version: int = 0) -> RecommendationText:
    """A version of its text, the newest if none is named. Raises `LookupError` for one there is not."""
    key = (recommendation.community, recommendation.number, version or recommendation.version)
    found = reads.get(RecommendationText, *key)
    if found is None:
        raise LookupError(key)
    return found


def step_of(reads: Reads, recommendation: Recommendation) -> Step:
    """How far it has come."""
    if recommendation.settled:
        return Step.ANSWERED if recommendation.answer else Step.WITHDRAWN
    if recommendation.handed_at is not None:
        return Step.HANDED
    if recommendation.check:
        check = check_of(reads, recommendation.community, recommendation.check)
        return Step.CHECK if check.outcome is None else Step.CONCLUDED
    if recommendation.consultation:
        consultation = consultation_of(reads, recommendation.community, recommendation.consultation)
        return Step.CONSULTATION if consultation.closed_at is None else Step.CONSULTED
    return Step.DRAFT
