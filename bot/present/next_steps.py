"""What a working group is waiting for, in a sentence: on its card, in lists, and when its life is over."""

from __future__ import annotations

from datetime import datetime

from bot.domain.charter_changes import pending_change
from bot.domain.community import Community
from bot.domain.completions import waiting_completion
from bot.domain.consensus.checks import Check
from bot.domain.consultations import Consultation, unanswered
from bot.domain.groups import Group, Stage, successor_of
from bot.domain.records import Reads
from bot.domain.reviews import UNDER_REVIEW, pending_review
from bot.domain.updates import awaited
from bot.present.names import OUTCOMES
from bot.text import Moment, T, Text, Tn, joined, term


def next_step(reads: Reads, community: Community, group: Group, now: datetime) -> Text:
    """What a group is waiting for, in a sentence."""
    match group.stage:
        case Stage.PROPOSED:
            if group.posted_at is None:
                return T("The proposal is on its way to the members.")
            return T("Next: its consultation opens.")
        case Stage.IN_CONSULTATION:
            return _consulting(reads, community, group)
        case Stage.CONSENSUS_CHECK:
            return _checking(reads, community, group)
        case Stage.CONCLUDED_UPON:
            check = reads.get(Check, community.id, group.check)
            if check is not None and check.outcome is not None:
                return T(
                    "Concluded: {outcome}. Next: the {chair} approves or declines it, or its proposers revise it.",
                    outcome=OUTCOMES[check.outcome],
                    chair=community.titles.chair,
                )
            return T("Next: the {chair} decides.", chair=community.titles.chair)
        case Stage.APPROVED:
            return T("Next: it becomes active with two co-facilitators and a room open to every member.")
        case Stage.ACTIVE:
            if waiting_completion(reads, group) is not None:
                return T(
                    "Its work is done, its co-facilitators say. Next: the {chair} confirms it.",
                    chair=community.titles.chair,
                )
            if pending_change(reads, group) is not None:
                return T("It is at work, open to every member. A change of its charter is before the members.")
            review = pending_review(reads, group)
            if review is not None and review.state in UNDER_REVIEW:
                return T("It is at work, open to every member, and under progress review.")
            waiting = awaited(reads, community, group, now)
            if waiting is not None and waiting.late(now):
                return T("It is at work, open to every member. Its update is late.")
            return T("It is at work, open to every member.")
        case Stage.EXPIRED:
            if successor_of(reads, group) is not None:
                return T("It ended with its time, and is proposed anew.")
            return T("It ended with its time. Any seated member may propose its renewal.")
        case Stage.COMPLETED:
            return T("Its work is done.")
        case Stage.DISSOLVED:
            return T("It was dissolved for insufficient progress.")
        case Stage.LAPSED:
            return T("The cycle ended before it was decided. Its proposers may propose it anew.")
        case Stage.NOT_APPROVED:
            return T("It was not approved. Its proposers may propose it anew.")
        case Stage.WITHDRAWN:
            return T("Its proposers withdrew it.")


def _consulting(reads: Reads, community: Community, group: Group) -> Text:
    consultation = reads.get(Consultation, community.id, group.consultation)
    if consultation is None:
        return T("Next: its consultation opens.")
    if consultation.closed_at is None:
        return T("Open for comment until {when}.", when=Moment(consultation.closes_at, consultation.zone))
    waiting = unanswered(reads, consultation)
    if waiting:
        numbers = joined([term(str(each.number)) for each in waiting], ", ")
        return Tn(
            "The consultation is over. Before the consensus check, its proposers answer comment {numbers}.",
            "The consultation is over. Before the consensus check, its proposers answer comments {numbers}.",
            len(waiting),
            numbers=numbers,
        )
    return T("The consultation is over. Next: its consensus check opens.")


def _checking(reads: Reads, community: Community, group: Group) -> Text:
    check = reads.get(Check, community.id, group.check)
    if check is None or check.closed_at is not None:
        return T("The consensus check is over. Next: the {chair} concludes upon it.", chair=community.titles.chair)
    return T("Members take positions until {when}.", when=Moment(check.closes_at, check.zone))
