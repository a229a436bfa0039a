"""The steps of a progress review that the clock takes: when the right of reply is over, the members are asked."""

from __future__ import annotations

from bot.context import Context
from bot.domain.community import next_number
from bot.domain.consensus.acts import asked_of, open_check
from bot.domain.consensus.checks import Form
from bot.domain.consensus.rules import Rule
from bot.domain.cycles import current_cycle, in_interregnum
from bot.domain.dues import Due, DueKind
from bot.domain.groups import Stage, group_of
from bot.domain.ids import MAG, GroupId
from bot.domain.people import asked_seats
from bot.domain.reviews import RepliesOver, Review, ReviewChecked, ReviewState, review_question
from bot.domain.updates import UpdatesMissed
from bot.stages import default_close


def ask_members(context: Context, review: Review) -> int:
    """Open the check of the full membership upon a review; its number."""
    group = group_of(context.reads, context.id, review.group)
    settings = context.community.settings
    number = next_number(context.reads, context.id, "check")
    context.happen(
        open_check(
            number,
            MAG,
            GroupId(""),
            Form.FORMAL,
            review_question(group),
            Rule.parse(settings.rule),
            context.now,
            default_close(context, settings.check_hours),
            context.community.zone,
            settings.check_minimum_hours,
            asked_of(asked_seats(context.reads, context.community)),
        ),
        RepliesOver(review.number),
        ReviewChecked(review.number, number),
    )
    return number


def replies_over(context: Context, number: int) -> None:
    """The right of reply is over: by the clock the members are asked, where there is still something to ask them."""
    due = context.reads.get(Due, context.id, DueKind.REVIEW_REPLIES, str(number))
    review = context.reads.get(Review, context.id, number)
    if due is None or review is None or context.now < due.due_at:
        return
    waiting = (
        review.state is ReviewState.REPLYING
        and group_of(context.reads, context.id, review.group).stage is Stage.ACTIVE
        and context.community.settings.stages_by_clock
        and asked_seats(context.reads, context.community)
        and not in_interregnum(current_cycle(context.reads, context.community), context.community, context.now)
    )
    if waiting:
        ask_members(context, review)
    else:
        context.happen(RepliesOver(number))


def hint(context: Context, group_id: GroupId) -> None:
    """Two updates in a row were missed, if none was posted since."""
    due = context.reads.get(Due, context.id, DueKind.UPDATES_MISSED, group_id)
    if due is not None and context.now >= due.due_at:
        context.happen(UpdatesMissed(group_id))
