"""What follows at once from what was decided, in the same transaction, whichever command decided it.

Not reactions: those tell people. Here one act of the body entails another: a change of the roster, or of who is in office,
re-tests every working group's co-facilitators, and a group's consensus on other modalities adopts them.
"""

from __future__ import annotations

from bot.context import Context
from bot.domain.consensus.checks import CheckConcluded, check_of
from bot.domain.cycles import CycleOpened
from bot.domain.facilitators import ExceptionRecorded, FacilitatorAppointed, FacilitatorEnded
from bot.domain.groups import Group, GroupEnded
from bot.domain.modalities import adoption
from bot.domain.people import SeatEnded, SeatGiven
from bot.domain.vacancies import retested

RETESTING = frozenset(
    {SeatGiven, SeatEnded, CycleOpened, GroupEnded, FacilitatorAppointed, FacilitatorEnded, ExceptionRecorded}
)
"""After these, every group's co-facilitators are looked at anew."""


def follow(context: Context, since: int) -> None:
    """Do what follows from the facts of a context, from the one numbered `since` on."""
    happened = {type(fact.event) for fact in context.facts[since:]}
    for fact in context.facts[since:]:
        if isinstance(fact.event, CheckConcluded):
            follows = adoption(context.reads, check_of(context.reads, context.id, fact.event.check))
            if follows is not None:
                context.happen(follows)
    if not happened.isdisjoint(RETESTING):
        for group in context.reads.all(Group, community=context.id):
            context.all_happen(retested(context.reads, context.community, group))
