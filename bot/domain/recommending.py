"""What people do with recommendations: draft, revise, consult on, hand over, answer, withdraw. Pure decisions.

What is stored of them, and how far one has come, is `recommendations`.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.consensus.checks import Check, Outcome, check_of
from bot.domain.consultations import Consultation, ConsultationOpened, consultation_of, long_enough, unanswered
from bot.domain.errors import Invalid, NotNow
from bot.domain.facilitators import facilitators
from bot.domain.groups import PHRASES, Group, Stage, group_of
from bot.domain.ids import PersonId
from bot.domain.recommendations import (
    ANSWERS,
    STEPS,
    Answer,
    Recommendation,
    RecommendationAnswered,
    RecommendationConsultedOn,
    RecommendationDrafted,
    RecommendationHanded,
    RecommendationRevised,
    RecommendationWithdrawn,
    Step,
    step_of,
)
from bot.domain.records import Reads
from bot.text import Say, T, Text, Tn

OPEN_TO_CHANGE = frozenset({Step.DRAFT, Step.CONSULTATION, Step.CONSULTED})
"""Steps in which its text may be edited without anything being taken back."""


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


def question(reads: Reads, recommendation: Recommendation, body: str) -> str:
    """What the full MAG is asked, or before that its group (`body` is "")."""
    name = f"{recommendation.label} of {group_of(reads, recommendation.community, recommendation.group).short_name}"
    if not body:
        return f"Should recommendation {name} ({recommendation.title}) be given to the full membership?"
    if recommendation.seeks is Answer.ENDORSED:
        return f"Should the {body} endorse recommendation {name} ({recommendation.title})?"
    return f"Should the {body} take note of recommendation {name} ({recommendation.title})?"
