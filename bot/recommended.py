"""A consensus upon a recommendation that was reached in a meeting, of its group or of the full membership: it counts as the check."""

from __future__ import annotations

from bot.context import Context
from bot.domain.consensus.checks import CheckCalledOff, Form, check_of
from bot.domain.errors import NotAllowed, NotNow
from bot.domain.groups import group_of
from bot.domain.ids import MAG
from bot.domain.people import Role
from bot.domain.recommendations import Recommendation, RecommendationAsked, RecommendationPut, Step, step_of
from bot.domain.recommending import may_go_on, question, ready_for_group
from bot.standing import facilitates
from bot.text import Say, T


def met_upon(context: Context, recommendation: Recommendation) -> tuple[str, str]:
    """The body whose meeting it was, and what it agreed upon. A check that runs is called off; no consultation is skipped.

    Raises `NotAllowed` for who may not record it, `NotNow` before its consultation is over and once it was concluded upon.
    """
    step = step_of(context.reads, recommendation)
    body = MAG if step is Step.HANDED else recommendation.group
    official = context.actor.has_role(Role.CHAIR, Role.SECRETARIAT)
    if not (official or facilitates(context, body)):
        raise NotAllowed(
            T("Recording a consensus is for the Chair, the Secretariat and the co-facilitators."),
            T("Ask the Secretariat to record it."),
        )
    if body != MAG:
        may_go_on(context.reads, group_of(context.reads, context.id, recommendation.group))
    running = recommendation.mag_check if step is Step.HANDED else recommendation.check
    if step in (Step.CHECK, Step.HANDED):
        check = check_of(context.reads, context.id, running)
        if check.outcome is not None or check.form is Form.RECORDED:
            raise NotNow(
                T("Check {number} upon {label} stands already.", number=check.number, label=recommendation.label),
                T("See it: {command}.", command=Say(f"consensus show {check.number}")),
            )
        if check.closed_at is None:
            context.happen(CheckCalledOff(check.number))
    else:
        ready_for_group(context.reads, recommendation)
    return body, question(context.reads, recommendation, context.community.titles.body if body == MAG else "")


def stands_for(body: str, recommendation: Recommendation, check: int) -> RecommendationAsked | RecommendationPut:
    """What ties a recorded check to the recommendation it is upon."""
    if body == MAG:
        return RecommendationPut(recommendation.number, check)
    return RecommendationAsked(recommendation.number, check)
