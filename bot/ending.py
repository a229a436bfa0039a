"""The end of a group's life: with its time by the clock, or by the Chair's act; the same steps either way."""

from __future__ import annotations

from bot.chartering import call_off_change
from bot.context import Context
from bot.domain.charter_changes import pending_change
from bot.domain.charters import predecessor_of
from bot.domain.consensus.checks import Check, CheckCalledOff, Form
from bot.domain.dues import Due, DueKind
from bot.domain.groups import (
    FORMER,
    UNDECIDED,
    Group,
    GroupEnded,
    GroupEndNear,
    GroupHomesClosed,
    HomeLinked,
    Stage,
    group_of,
    homes_of,
)
from bot.domain.ids import GroupId
from bot.domain.recommendations import Recommendation
from bot.domain.reviews import pending_review
from bot.domain.scheduling import cancelling_all
from bot.stages import call_off, call_off_recommendation


def end_group(context: Context, group: Group, stage: Stage, note: str = "") -> None:
    """A group's life is over. Whatever it had open is called off here, before it ends; what follows hears `GroupEnded`.

    Its meetings to come are cancelled. Its own quick checks and polls go on until they close: an expired group may still
    meet and draft.
    """
    call_off(context, group)
    for check in context.reads.all(Check, community=context.id, body=group.id):
        if check.closed_at is None and check.form is Form.FORMAL:
            context.happen(CheckCalledOff(check.number))
    for each in context.reads.all(Recommendation, community=context.id, group=group.id):
        if not each.settled and each.handed_at is None:
            call_off_recommendation(context, each)
    change = pending_change(context.reads, group)
    if change is not None:
        call_off_change(context, change)
    review = pending_review(context.reads, group)
    asked = context.reads.get(Check, context.id, review.check) if review is not None else None
    if asked is not None and asked.closed_at is None:
        context.happen(CheckCalledOff(asked.number))
    context.all_happen(cancelling_all(context.reads, context.id, group.id))
    context.happen(GroupEnded(group.id, stage, note))


def expire(context: Context, group_id: GroupId) -> None:
    """A group whose time is over *expires*, a proposal that was not decided by then *lapses*; not before, and once."""
    due = context.reads.get(Due, context.id, DueKind.GROUP_ENDS, group_id)
    if due is None or context.now < due.due_at:
        return
    group = group_of(context.reads, context.id, group_id)
    end_group(context, group, Stage.LAPSED if group.stage in UNDECIDED else Stage.EXPIRED)


def announce_end(context: Context, subject: str) -> None:
    """Tell the co-facilitators that the end is near; `subject` names the group and the weeks left."""
    group_id, _, weeks = subject.rpartition(":")
    due = context.reads.get(Due, context.id, DueKind.GROUP_ENDING, subject)
    if due is not None and context.now >= due.due_at:
        context.happen(GroupEndNear(GroupId(group_id), int(weeks)))


def close_homes(context: Context, group_id: GroupId) -> None:
    """The rooms that are still a group's own are closed; those its successor meets on in are not."""
    due = context.reads.get(Due, context.id, DueKind.HOMES_CLOSE, group_id)
    if due is not None and context.now >= due.due_at:
        context.happen(GroupHomesClosed(group_id))


def hand_on_homes(context: Context, group: Group) -> None:
    """A group that was approved meets on where the group it goes on from met: its rooms are its own from now on."""
    before = predecessor_of(context.reads, group)
    if before is None or before.stage not in FORMER:
        return
    for home in homes_of(context.reads, context.id, before.id):
        context.happen(HomeLinked(home.platform, home.team, home.place, group.id, home.name))
