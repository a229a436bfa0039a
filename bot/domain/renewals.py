"""Renewals: a new proposal from the text of a group that has ended, its lineage kept.

Source: "should be approved anew each year". A renewal goes the way of any proposal: feedback, consensus, the Chair.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.dues import Due, DueKind
from bot.domain.errors import NotNow
from bot.domain.groups import ENDED, PHRASES, Group, successor_of
from bot.domain.lifetimes import WEEKS_BEFORE
from bot.domain.records import Reads
from bot.text import Moment, Say, T

NEAR = timedelta(weeks=max(WEEKS_BEFORE))
"""How long before its end a group's renewal may be prepared."""


def may_prepare(reads: Reads, group: Group, now: datetime) -> None:
    """Raise `NotNow` unless a group has ended, or does soon, and none that goes on from it is under way."""
    if group.stage not in ENDED:
        due = reads.get(Due, group.community, DueKind.GROUP_ENDS, group.id)
        if due is None or now < due.due_at - NEAR:
            raise NotNow(
                T(
                    "{group} is {stage}, and its end is not near: there is nothing to renew yet.",
                    group=group.short_name,
                    stage=PHRASES[group.stage],
                ),
                T("To change its charter before: {command}.", command=Say(f"charter change {group.short_name}")),
            )
    _no_successor(reads, group)


def may_renew(reads: Reads, group: Group, zone: str) -> None:
    """Raise `NotNow` for a group that has not ended yet, or goes on as another already."""
    if group.stage not in ENDED:
        due = reads.get(Due, group.community, DueKind.GROUP_ENDS, group.id)
        raise NotNow(
            T(
                "{group} has not ended: it does so {when}, and is renewed after that.",
                group=group.short_name,
                when=Moment(due.due_at if due else group.proposed_at, zone),
            ),
            T("What you filled in is kept until then."),
        )
    _no_successor(reads, group)


def _no_successor(reads: Reads, group: Group) -> None:
    successor = successor_of(reads, group)
    if successor is not None and successor.stage not in ENDED:
        raise NotNow(
            T(
                "{group} goes on already: {successor} is {stage}.",
                group=group.short_name,
                successor=successor.short_name,
                stage=PHRASES[successor.stage],
            ),
            T("See it: {command}.", command=Say(f"show {successor.short_name}")),
        )
