"""The card of a progress review: why it was asked for, what the group replies, where it stands."""

from __future__ import annotations

from datetime import datetime

from bot.domain.community import Community
from bot.domain.groups import Stage, group_of
from bot.domain.records import Reads
from bot.domain.reviews import Review, ReviewState, replies_to
from bot.present import presents
from bot.present.names import full_name
from bot.present.people import person_name
from bot.text import Moment, T, Text
from bot.view import Block, Button, ButtonStyle, Card, Paragraph, Quote, Tone


@presents("review")
def review_card(reads: Reads, community: Community, key: str, now: datetime) -> Card | None:
    """As it stands, to the Chair with what can be done."""
    review = reads.get(Review, community.id, int(key))
    if review is None:
        return None
    group = group_of(reads, community.id, review.group)
    name = {"group": group.short_name}
    buttons: tuple[Button, ...] = (Button(T("The group"), "show", name),)
    if group.stage is Stage.ACTIVE and review.state is ReviewState.ASKED:
        buttons = (
            Button(T("Put it to the members"), "review open", name, ButtonStyle.PRIMARY),
            Button(T("Decline…"), "review decline", name),
            *buttons,
        )
    elif group.stage is Stage.ACTIVE and review.state is ReviewState.REPLYING:
        buttons = (Button(T("Reply…"), "review reply", name, ButtonStyle.PRIMARY), *buttons)
    elif review.check:
        check = {"check": str(review.check)}
        buttons = (Button(T("Check {number}", number=review.check), "consensus show", check), *buttons)
    blocks: list[Block] = [Paragraph(_stands(community, review)), *said_in_review(reads, community, review)]
    if review.note:
        blocks.append(Quote(review.note, T("The {chair}", chair=community.titles.chair)))
    return Card(
        T("Progress review of {name}", name=full_name(group.short_name, group.full_name)),
        tuple(blocks),
        buttons,
        Tone.ATTENTION if review.settled_at is None and group.stage is Stage.ACTIVE else Tone.NEUTRAL,
        f"review:{key}",
        T(
            "Asked for by {person}, {when}.",
            person=person_name(reads, community, review.asked_by),
            when=Moment(review.asked_at, community.zone),
        ),
    )


def said_in_review(reads: Reads, community: Community, review: Review) -> tuple[Block, ...]:
    """Why it was asked for, and what the co-facilitators reply: on its card, and with the check upon it."""
    replies = replies_to(reads, review)
    return (
        Quote(review.reasons, T("Why the review: {person}", person=person_name(reads, community, review.asked_by))),
        *(
            Quote(each.text, T("Reply of {person}", person=person_name(reads, community, each.author)))
            for each in replies
        ),
    )


def _stands(community: Community, review: Review) -> Text:
    match review.state:
        case ReviewState.ASKED:
            return T("Next: the {chair} puts it to the members, or declines.", chair=community.titles.chair)
        case ReviewState.DECLINED:
            return T("The {chair} did not put it to the members.", chair=community.titles.chair)
        case ReviewState.REPLYING:
            until = Moment(review.replies_until or review.asked_at, community.zone)
            return T("Its co-facilitators may reply until {when}. Then the members are asked.", when=until)
        case ReviewState.CHECKING:
            return T("The members are asked. The {chair} records what comes of it.", chair=community.titles.chair)
        case ReviewState.CONTINUES:
            return T("The group continues.")
        case ReviewState.DISSOLVED:
            return T("The group is dissolved.")
