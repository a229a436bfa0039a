"""Recommendations: what a working group gives to the full MAG, from its draft to what the MAG made of it.

Source: "Working groups must seek and receive feedback from the full MAG … prior to making recommendations". So each one
is consulted on with the full MAG, agreed by the group's own consensus check, and only then handed over; the MAG takes
note of it, endorses it, or does not agree, as its Chair concludes. Minority views travel with it all the way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.community import counted
from bot.domain.consensus.checks import Check, Outcome, check_of
from bot.domain.consultations import Consultation, ConsultationOpened, consultation_of, long_enough, unanswered
from bot.domain.errors import Invalid, NotFound, NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.facilitators import facilitators
from bot.domain.groups import PHRASES, Group, Stage, group_of
from bot.domain.ids import CommunityId, GroupId, PersonId
from bot.domain.names import numbered
from bot.domain.records import Reads, record
from bot.text import Say, T, Text, Tn


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

OPEN_TO_CHANGE = frozenset({Step.DRAFT, Step.CONSULTATION, Step.CONSULTED})
"""Steps in which its text may be edited without anything being taken back."""


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


def _not_now(recommendation: Recommendation, why: Text) -> NotNow:
    return NotNow(
        why,
        T("See where it stands: {command}.", command=Say(f"recommendation show {recommendation.label}")),
    )


def draft(group: Group, number: int, author: PersonId, title: str, text: str) -> RecommendationDrafted:
    """Draft one. Raises `NotNow` where the group is not at work; an expired one may draft on."""
    if group.stage not in (Stage.ACTIVE, Stage.EXPIRED):
        raise NotNow(
            T(
                "{group} is {stage}: it recommends once it is active.",
                group=group.short_name,
                stage=PHRASES[group.stage],
            ),
            T("See what comes next: {command}.", command=Say(f"show {group.short_name}")),
        )
    return RecommendationDrafted(number, group.id, author, title, text)


def revise(reads: Reads, recommendation: Recommendation, author: PersonId, text: str) -> RecommendationRevised:
    """A new version: until the group takes positions on it, and again after *No consensus yet*."""
    step = step_of(reads, recommendation)
    again = (
        step is Step.CONCLUDED
        and check_of(reads, recommendation.community, recommendation.check).outcome is Outcome.NO_CONSENSUS
    )
    if step not in OPEN_TO_CHANGE and not again:
        raise _not_now(
            recommendation,
            T("{label} is {step}: its text stands as it is.", label=recommendation.label, step=STEPS[step]),
        )
    return RecommendationRevised(recommendation.number, recommendation.version + 1, author, text)


def may_go_on(reads: Reads, group: Group) -> None:
    """Raise `NotNow` where the group is not at work, or nobody is left who stewards it: recommendations wait."""
    if group.stage is not Stage.ACTIVE:
        raise NotNow(
            T("{group} is {stage}: its recommendations wait.", group=group.short_name, stage=PHRASES[group.stage]),
            T("See what comes next: {command}.", command=Say(f"show {group.short_name}")),
        )
    if not facilitators(reads, group):
        raise NotNow(
            T("{group} has no co-facilitator left: new recommendations wait.", group=group.short_name),
            T("The Chair appoints: {command}.", command=Say(f"appoint {group.short_name} NAME, NAME")),
        )


def consult(
    reads: Reads,
    recommendation: Recommendation,
    number: int,
    now: datetime,
    closes_at: datetime,
    zone: str,
    minimum_hours: int,
    exception: str,
) -> tuple[ConsultationOpened, RecommendationConsultedOn]:
    """Seek the full MAG's feedback. Raises `NotNow` for what is no draft, `NeedsException` under the minimum."""
    step = step_of(reads, recommendation)
    if step is not Step.DRAFT:
        raise _not_now(
            recommendation,
            T("{label} is {step}: a consultation opens on a draft.", label=recommendation.label, step=STEPS[step]),
        )
    long_enough(closes_at - now, minimum_hours, exception)
    about = f"recommendation:{recommendation.number}"
    return (
        ConsultationOpened(number, recommendation.group, closes_at, zone, exception, about),
        RecommendationConsultedOn(recommendation.number, number),
    )


def ready_for_group(reads: Reads, recommendation: Recommendation) -> None:
    """Raise `NotNow` unless feedback was sought, and every concern and request for change has its response."""
    step = step_of(reads, recommendation)
    if step is not Step.CONSULTED:
        raise _not_now(
            recommendation,
            T(
                "{label} is {step}: the group's consensus check comes after its consultation has closed.",
                label=recommendation.label,
                step=STEPS[step],
            ),
        )
    consultation: Consultation = consultation_of(reads, recommendation.community, recommendation.consultation)
    waiting = len(unanswered(reads, consultation))
    if waiting:
        raise NotNow(
            Tn(
                "{count} comment on {label} still needs a response.",
                "{count} comments on {label} still need a response.",
                waiting,
                label=recommendation.label,
            ),
            T(
                "Its co-facilitators answer first: {command}.",
                command=Say(f'consult respond {recommendation.label} 1 "…"'),
            ),
        )


def hand(reads: Reads, recommendation: Recommendation, seeks: Answer, minority_views: str) -> RecommendationHanded:
    """Hand it to the full MAG, once the group has concluded. Without consensus, only with the minority views."""
    step = step_of(reads, recommendation)
    if step is not Step.CONCLUDED:
        raise _not_now(
            recommendation,
            T(
                "{label} is {step}: it is handed over once the group has concluded upon it.",
                label=recommendation.label,
                step=STEPS[step],
            ),
        )
    if seeks is Answer.NOT_AGREED:
        raise Invalid(
            T("The full membership is asked to endorse a recommendation, or to take note of it."),
            T("Choose one of the two."),
            field="seeks",
        )
    check = check_of(reads, recommendation.community, recommendation.check)
    views = "\n\n".join(each for each in (check.minority_views, minority_views) if each)
    if check.outcome is not Outcome.CONSENSUS and not views:
        raise NotNow(
            T(
                "The group found no consensus on {label}: it is handed over only with the minority views.",
                label=recommendation.label,
            ),
            T(
                "Write them down, in their own words: {command}.",
                command=Say(f'recommendation hand {recommendation.label} --minority "…"'),
            ),
            field="minority",
        )
    return RecommendationHanded(recommendation.number, seeks, views)


def must_be_handed(reads: Reads, recommendation: Recommendation) -> None:
    """Raise `NotNow` unless it lies before the full MAG."""
    step = step_of(reads, recommendation)
    if step is not Step.HANDED:
        raise _not_now(
            recommendation,
            T(
                "{label} is {step}: the full membership answers once it was handed over.",
                label=recommendation.label,
                step=STEPS[step],
            ),
        )


def expected(recommendation: Recommendation, answer: Answer) -> Outcome:
    """What the MAG's check must have found for an answer: what was sought takes consensus, all else is less than that.

    Raises `Invalid` for endorsing what the MAG was only asked to take note of.
    """
    if answer is Answer.ENDORSED and recommendation.seeks is Answer.NOTED:
        raise Invalid(
            T("Members were asked to take note of {label}, not to endorse it.", label=recommendation.label),
            T("Take note of it, or say that it was not agreed."),
            field="answer",
        )
    return Outcome.CONSENSUS if answer is recommendation.seeks else Outcome.NO_CONSENSUS


def settle(
    reads: Reads, recommendation: Recommendation, check: Check, answer: Answer, rationale: str
) -> RecommendationAnswered:
    """The MAG's answer, upon a check that was concluded as the answer needs. Raises `NotNow` where it was not."""
    must_be_handed(reads, recommendation)
    if check.outcome is not expected(recommendation, answer):
        raise NotNow(
            T(
                "Check {number} was concluded already, and not so that {label} could be {answer}.",
                number=check.number,
                label=recommendation.label,
                answer=ANSWERS[answer],
            ),
            T("See it: {command}.", command=Say(f"consensus show {check.number}")),
            field="answer",
        )
    views = "\n\n".join(each for each in (recommendation.minority_views, check.minority_views) if each)
    return RecommendationAnswered(recommendation.number, answer, rationale or check.rationale, views)


def withdraw(reads: Reads, recommendation: Recommendation, reason: str) -> RecommendationWithdrawn:
    """Take it back, at any time before the MAG has answered."""
    step = step_of(reads, recommendation)
    if recommendation.settled:
        raise _not_now(
            recommendation,
            T("{label} is {step}: there is nothing left to withdraw.", label=recommendation.label, step=STEPS[step]),
        )
    return RecommendationWithdrawn(recommendation.number, reason)


ANSWERS: dict[Answer, Text] = {
    Answer.NOTED: T("taken note of"),
    Answer.ENDORSED: T("endorsed"),
    Answer.NOT_AGREED: T("not agreed"),
}
"""Each answer as it stands in a sentence."""


def question(reads: Reads, recommendation: Recommendation, body: str) -> str:
    """What the full MAG is asked, or before that its group (`body` is "")."""
    name = f"{recommendation.label} of {group_of(reads, recommendation.community, recommendation.group).short_name}"
    if not body:
        return f"Should recommendation {name} ({recommendation.title}) be given to the full membership?"
    if recommendation.seeks is Answer.ENDORSED:
        return f"Should the {body} endorse recommendation {name} ({recommendation.title})?"
    return f"Should the {body} take note of recommendation {name} ({recommendation.title})?"
