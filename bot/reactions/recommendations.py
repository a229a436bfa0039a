"""Recommendations of working groups: what the group, the full membership and the Chair see and hear of them."""

from __future__ import annotations

from collections.abc import Iterable

from bot.context import Context
from bot.domain.events import Fact
from bot.domain.facilitators import facilitators
from bot.domain.groups import group_of
from bot.domain.ids import MAG, PersonId
from bot.domain.people import chair_of
from bot.domain.recommendations import (
    ANSWERS,
    RecommendationAnswered,
    RecommendationAsked,
    RecommendationConsultedOn,
    RecommendationDrafted,
    RecommendationHanded,
    RecommendationPut,
    RecommendationRevised,
    RecommendationWithdrawn,
    recommendation_of,
)
from bot.reactions import Announce, Effect, Refresh, concerns, reacts
from bot.text import T, joined, said
from bot.view import Button, Notice, Tone


@reacts(RecommendationDrafted)
def drafted(context: Context, fact: Fact, event: RecommendationDrafted) -> Iterable[Effect]:
    """The group reads it."""
    yield Announce(event.group, subject=f"recommendation:{event.number}")


@reacts(RecommendationRevised)
def revised(context: Context, fact: Fact, event: RecommendationRevised) -> Iterable[Effect]:
    """Every card shows the newest text; the group hears that there is one."""
    found = recommendation_of(context.reads, context.id, event.number)
    yield Refresh(f"recommendation:{event.number}")
    if found.consultation:
        yield Refresh(f"consultation:{found.consultation}")
    button = Button(T("Look at it"), "recommendation show", {"recommendation": found.label})
    text = T(
        "{person} wrote version {version} of {label}.",
        person=context.name_of(event.author),
        version=event.version,
        label=found.label,
    )
    yield Announce(found.group, view=Notice(text, buttons=(button,)))


@reacts(RecommendationConsultedOn, RecommendationAsked, RecommendationPut)
def went_on(
    context: Context, fact: Fact, event: RecommendationConsultedOn | RecommendationAsked | RecommendationPut
) -> Iterable[Effect]:
    """Its card says so; what was opened is announced by itself."""
    yield Refresh(f"recommendation:{event.number}")


@reacts(RecommendationHanded)
def handed(context: Context, fact: Fact, event: RecommendationHanded) -> Iterable[Effect]:
    """The full membership reads it, minority views with it."""
    yield Announce(MAG, subject=f"recommendation:{event.number}")
    yield Refresh(f"recommendation:{event.number}")


@reacts(RecommendationAnswered)
def answered(context: Context, fact: Fact, event: RecommendationAnswered) -> Iterable[Effect]:
    """The full membership and the group hear what became of it."""
    found = recommendation_of(context.reads, context.id, event.number)
    group = group_of(context.reads, context.id, found.group)
    parts = [
        T(
            "Recommendation {label} of {group} ({title}) is {answer} by the {body}, as {person} concluded.",
            label=found.label,
            group=group.short_name,
            title=said(found.title),
            answer=ANSWERS[event.answer],
            body=context.community.titles.body,
            person=context.name_of(fact.by),
        )
    ]
    if event.rationale:
        parts.append(T("Rationale: {text}", text=said(event.rationale)))
    if event.minority_views:
        parts.append(T("Minority views: {text}", text=said(event.minority_views)))
    button = Button(T("Look at it"), "recommendation show", {"recommendation": found.label})
    for body in (MAG, found.group):
        yield Announce(body, view=Notice(joined(parts), Tone.DONE, buttons=(button,)))
    yield Refresh(f"recommendation:{event.number}")


@reacts(RecommendationWithdrawn)
def withdrawn(context: Context, fact: Fact, event: RecommendationWithdrawn) -> Iterable[Effect]:
    """Whoever was asked about it hears that it was taken back."""
    found = recommendation_of(context.reads, context.id, event.number)
    text = T(
        "{person} withdrew recommendation {label} of {group}.",
        person=context.name_of(fact.by),
        label=found.label,
        group=group_of(context.reads, context.id, found.group).short_name,
    )
    if event.reason:
        text = joined([text, T("Reason: {reason}", reason=said(event.reason))])
    yield Announce(found.group, view=Notice(text))
    if found.consultation:
        yield Announce(MAG, view=Notice(text))
        yield Refresh(f"consultation:{found.consultation}")
    for check in (found.check, found.mag_check):
        if check:
            yield Refresh(f"check:{check}")
    yield Refresh(f"recommendation:{event.number}")


@concerns(RecommendationHanded, RecommendationRevised, RecommendationAnswered, RecommendationWithdrawn)
def theirs(
    context: Context,
    fact: Fact,
    event: RecommendationHanded | RecommendationRevised | RecommendationAnswered | RecommendationWithdrawn,
) -> Iterable[PersonId]:
    """What waits for the co-facilitators and the Chair changes."""
    found = recommendation_of(context.reads, context.id, event.number)
    yield from (each.person for each in facilitators(context.reads, group_of(context.reads, context.id, found.group)))
    chair = chair_of(context.reads, context.community)
    if chair is not None:
        yield chair.person
