"""Progress reviews: what the Chair, the group and the full membership are told."""

from __future__ import annotations

from collections.abc import Iterable

from bot.context import Context
from bot.domain.events import Fact
from bot.domain.facilitators import facilitators
from bot.domain.groups import group_of
from bot.domain.ids import MAG, PersonId
from bot.domain.people import Role, chair_of, seated
from bot.domain.reviews import (
    RepliesOver,
    ReviewAsked,
    ReviewChecked,
    ReviewDeclined,
    ReviewOpened,
    ReviewReplied,
    ReviewSettled,
    ReviewState,
    review_of,
)
from bot.domain.updates import UpdatesMissed
from bot.reactions import Announce, Effect, Refresh, Tell, concerns, reacts
from bot.text import Moment, Say, T, joined, said
from bot.view import Button, Notice, Tone


def _steering(context: Context) -> Iterable[PersonId]:
    """The Chair and the Secretariat, each once."""
    chair = chair_of(context.reads, context.community)
    secretariat = (seat.person for seat in seated(context.reads, context.community, Role.SECRETARIAT))
    return dict.fromkeys((*((chair.person,) if chair else ()), *secretariat))


@reacts(ReviewAsked)
def asked(context: Context, fact: Fact, event: ReviewAsked) -> Iterable[Effect]:
    """Only the Chair and the Secretariat hear of it until it is put to the members."""
    for person in _steering(context):
        yield Tell(person, subject=f"review:{event.number}")


@reacts(ReviewDeclined)
def declined(context: Context, fact: Fact, event: ReviewDeclined) -> Iterable[Effect]:
    """Who asked hears why not."""
    review = review_of(context.reads, context.id, event.review)
    group = group_of(context.reads, context.id, review.group)
    yield Tell(
        review.asked_by,
        Notice(
            T(
                "The {chair} does not put the progress of {group} to the members: {why}",
                chair=context.community.titles.chair,
                group=group.short_name,
                why=said(event.reason),
            )
        ),
    )
    yield Refresh(f"review:{event.review}")


@reacts(ReviewOpened)
def opened(context: Context, fact: Fact, event: ReviewOpened) -> Iterable[Effect]:
    """The full membership and the group see it, and its co-facilitators are asked to reply."""
    review = review_of(context.reads, context.id, event.review)
    subject = f"review:{event.review}"
    yield Announce(MAG, subject=subject)
    yield Announce(review.group, subject=subject)
    group = group_of(context.reads, context.id, review.group)
    notice = Notice(
        T(
            "The progress of {group} is before the members. You may reply until {when}, before they are asked.",
            group=group.short_name,
            when=Moment(event.replies_until, context.community.zone),
        ),
        Tone.ATTENTION,
        T("Your reply stands with the check: {command}.", command=Say(f'review reply {group.short_name} "…"')),
        (Button(T("The review"), "review show", {"group": group.short_name}),),
    )
    for each in facilitators(context.reads, group):
        yield Tell(each.person, notice)
    yield Refresh(subject)
    yield Refresh(f"group:{review.group}")


@reacts(ReviewReplied)
def replied(context: Context, fact: Fact, event: ReviewReplied) -> Iterable[Effect]:
    """The full membership reads the reply."""
    review = review_of(context.reads, context.id, event.review)
    group = group_of(context.reads, context.id, review.group)
    text = T(
        "{person} replies to the progress review of {group}: {text}",
        person=context.name_of(event.author),
        group=group.short_name,
        text=said(event.text),
    )
    button = Button(T("The review"), "review show", {"group": group.short_name})
    yield Announce(MAG, view=Notice(text, Tone.ATTENTION, buttons=(button,)))
    yield Refresh(f"review:{event.review}")


@reacts(RepliesOver)
def replies_over(context: Context, fact: Fact, event: RepliesOver) -> Iterable[Effect]:
    """Where the members were not asked by the clock, the Chair is told that they can be."""
    review = review_of(context.reads, context.id, event.review)
    chair = chair_of(context.reads, context.community)
    if chair is None or review.state is not ReviewState.REPLYING:
        return
    group = group_of(context.reads, context.id, review.group)
    notice = Notice(
        T("The right of reply in the progress review of {group} is over.", group=group.short_name),
        Tone.ATTENTION,
        T("Ask the members: {command}.", command=Say(f"review check {group.short_name}")),
    )
    yield Tell(chair.person, notice)


@reacts(ReviewChecked)
def checked(context: Context, fact: Fact, event: ReviewChecked) -> Iterable[Effect]:
    """The check itself is announced as every check is; the review's card leads to it."""
    yield Refresh(f"review:{event.review}")
    yield Refresh(f"group:{review_of(context.reads, context.id, event.review).group}")


@reacts(ReviewSettled)
def settled(context: Context, fact: Fact, event: ReviewSettled) -> Iterable[Effect]:
    """That a group continues is told to all and to itself; that it is dissolved is told with its end."""
    review = review_of(context.reads, context.id, event.review)
    group = group_of(context.reads, context.id, review.group)
    yield Refresh(f"review:{event.review}")
    if event.state is not ReviewState.CONTINUES:
        return
    text = T("{group} continues after its progress review.", group=group.short_name)
    if event.note:
        text = joined([text, said(event.note)])
    notice = Notice(text, Tone.DONE, buttons=(Button(T("The group"), "show", {"group": group.short_name}),))
    yield Announce(MAG, view=notice)
    yield Announce(review.group, view=notice)
    yield Refresh(f"group:{review.group}")


@reacts(UpdatesMissed)
def missed(context: Context, fact: Fact, event: UpdatesMissed) -> Iterable[Effect]:
    """A hint to the Chair and the Secretariat, and to nobody else."""
    group = group_of(context.reads, context.id, event.group)
    notice = Notice(
        T("{group} has missed two updates in a row.", group=group.short_name),
        Tone.NEUTRAL,
        T("Only you are told. Perhaps its co-facilitators need help; any member may ask for a review of its progress."),
        (
            Button(T("The group"), "show", {"group": group.short_name}),
            Button(T("Ask for a review…"), "review ask", {"group": group.short_name}),
        ),
    )
    for person in _steering(context):
        yield Tell(person, notice)


@concerns(ReviewAsked, ReviewDeclined, ReviewOpened, ReviewReplied, ReviewChecked, ReviewSettled)
def decided(
    context: Context,
    fact: Fact,
    event: ReviewAsked | ReviewDeclined | ReviewOpened | ReviewReplied | ReviewChecked | ReviewSettled,
) -> Iterable[PersonId]:
    """The Chair has something to decide, or no more; the co-facilitators to reply to, or no more."""
    number = event.number if isinstance(event, ReviewAsked) else event.review
    chair = chair_of(context.reads, context.community)
    if chair is not None:
        yield chair.person
    group = group_of(context.reads, context.id, review_of(context.reads, context.id, number).group)
    yield from (each.person for each in facilitators(context.reads, group))
