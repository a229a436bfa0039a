"""Rules of who may do what that depend on a group or a check: its proposers, its co-facilitators, who concludes upon it."""

from __future__ import annotations

from typing import Any

from bot.bodies import belongs, body_here
from bot.context import Context
from bot.domain.consensus.checks import Check
from bot.domain.consulted import answering, consulted_called
from bot.domain.errors import NotFound
from bot.domain.facilitators import facilitators
from bot.domain.finding import find_search
from bot.domain.groups import Group, find_group, group_of
from bot.domain.ids import MAG, GroupId
from bot.domain.meetings import Delegate, Meeting, MeetingState, find_meeting, meetings_of, running
from bot.domain.people import Role
from bot.domain.proposals import proposers
from bot.domain.recommendations import find_recommendation
from bot.domain.sitting import must_be_running
from bot.policy import Who
from bot.text import Say, T


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


def organises(context: Context, body: str) -> bool:
    """Whether the speaker organises the meetings of a body: who concludes for it, the Secretariat, or a delegate."""
    person = context.actor.person
    return (
        context.actor.has_role(Role.SECRETARIAT)
        or concludes(context, body)
        or (person is not None and context.reads.get(Delegate, context.id, body, person) is not None)
    )


def body_named(context: Context, group: str) -> str:
    """The group that was named; where none was, the body whose room this is."""
    return find_group(context.reads, context.id, group).id if group else body_here(context)


def running_here(context: Context, number: int) -> Meeting:
    """The meeting that was named, which takes place; where none was, that of this room's body, or the only one there is."""
    if number:
        meeting = find_meeting(context.reads, context.id, number)
        must_be_running(meeting)
        return meeting
    found = running(context.reads, context.id, body_here(context)) or running(context.reads, context.id)
    if len(found) != 1:
        raise NotFound(
            T("No meeting takes place here now.") if not found else T("Several meetings take place now: say which."),
            T("See the meetings: {command}.", command=Say("meetings")),
            field="meeting",
        )
    return found[0]


def next_here(context: Context, number: int) -> Meeting:
    """The meeting that was named; where none was, the one that takes place here, or the next of this room's body."""
    if number:
        return find_meeting(context.reads, context.id, number)
    body = body_here(context)
    found = running(context.reads, context.id, body) or [
        each
        for each in meetings_of(context.reads, context.id, body)
        if each.state is MeetingState.SCHEDULED and context.now < each.ends_at
    ]
    if not found:
        raise NotFound(
            T("No meeting is to come here."),
            T("See the meetings: {command}.", command=Say("meetings")),
            field="meeting",
        )
    return found[0]


def _organises_running(context: Context, arguments: Any) -> bool:
    return organises(context, running_here(context, arguments.meeting).body)


def _organises_next(context: Context, arguments: Any) -> bool:
    return organises(context, next_here(context, arguments.meeting).body)


def _organises_body(context: Context, arguments: Any) -> bool:
    search = getattr(arguments, "search", 0)
    if search:
        return organises(context, find_search(context.reads, context.id, search).body)
    return organises(context, body_named(context, arguments.group))


def _organises_meeting(context: Context, arguments: Any) -> bool:
    return organises(context, find_meeting(context.reads, context.id, arguments.meeting).body)


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
_ORGANISERS = T("its co-facilitators (the Chair, for the full membership), the Secretariat, and a delegate they name")
ORGANISER = Who("who organises the meetings", _ORGANISERS, _organises_body, by_speaker=False)
MEETING_ORGANISER = Who("who organises the meeting", _ORGANISERS, _organises_meeting, by_speaker=False)
RUNNING_ORGANISER = Who("who organises the meeting", _ORGANISERS, _organises_running, by_speaker=False)
NEXT_ORGANISER = Who("who organises the meeting", _ORGANISERS, _organises_next, by_speaker=False)
