"""Rules of who may do what that depend on a group or a check: its proposers, its co-facilitators, who concludes upon it."""

from __future__ import annotations

from typing import Any

from bot.bodies import belongs
from bot.context import Context
from bot.domain.consensus.checks import Check
from bot.domain.consulted import answering, consulted_called
from bot.domain.facilitators import facilitators
from bot.domain.groups import Group, find_group, group_of
from bot.domain.ids import MAG, GroupId
from bot.domain.people import Role
from bot.domain.proposals import proposers
from bot.domain.recommendations import find_recommendation
from bot.policy import Who
from bot.text import T


def _group(context: Context, arguments: Any) -> Group:
    return find_group(context.reads, context.id, arguments.group)


def _is_proposer(context: Context, arguments: Any) -> bool:
    return context.actor.person in proposers(context.reads, _group(context, arguments))


def facilitates(context: Context, body: str) -> bool:
    """Whether the speaker is a co-facilitator of the group that `body` names."""
    if body == MAG:
        return False
    group = group_of(context.reads, context.id, GroupId(body))
    return context.actor.person in {each.person for each in facilitators(context.reads, group)}


def concludes(context: Context, body: str) -> bool:
    """Whether the speaker concludes for a body: the Chair for the MAG, the co-facilitators for a working group."""
    if body == MAG:
        return context.actor.has_role(Role.CHAIR)
    return facilitates(context, body)


def _concludes_check(context: Context, arguments: Any) -> bool:
    check = context.reads.get(Check, context.id, arguments.check)
    return check is not None and concludes(context, check.body)


PROPOSER = Who("its proposers", T("its proposers"), _is_proposer, by_speaker=False)
BELONGING = Who(
    "its members",
    T("its members"),
    lambda context, arguments: belongs(context, _group(context, arguments).id),
    by_speaker=False,
)


def _recommending(context: Context, arguments: Any) -> GroupId:
    return find_recommendation(context.reads, context.id, arguments.recommendation).group


RECOMMENDER = Who(
    "its group's co-facilitators",
    T("its group's co-facilitators"),
    lambda context, arguments: facilitates(context, _recommending(context, arguments)),
    by_speaker=False,
)
WRITER = Who(
    "its group's members",
    T("its group's members"),
    lambda context, arguments: (
        belongs(context, _recommending(context, arguments)) or facilitates(context, _recommending(context, arguments))
    ),
    by_speaker=False,
)
ANSWERING = Who(
    "its proposers (of a recommendation, the co-facilitators)",
    T("its proposers (of a recommendation, the co-facilitators)"),
    lambda context, arguments: (
        context.actor.person in answering(context.reads, consulted_called(context.reads, context.id, arguments.group))
    ),
    by_speaker=False,
)
CONCLUDER = Who(
    "who concludes the check",
    T("who concludes it (the Chair for the full membership, the co-facilitators for a working group)"),
    _concludes_check,
    by_speaker=False,
)
FACILITATOR = Who(
    "its co-facilitators",
    T("its co-facilitators"),
    lambda context, arguments: facilitates(context, _group(context, arguments).id),
    by_speaker=False,
)
