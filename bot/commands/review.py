"""Progress reviews: a member asks, the Chair puts it to the members or declines, the group replies, the members are asked.

"If a Working Group makes insufficient progress as determined by the MAG … may be dissolved": a person takes every step but
one, opening the check when the right of reply is over.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.community import next_number
from bot.domain.consensus.acts import asked_of, record_check
from bot.domain.consensus.checks import check_of
from bot.domain.consensus.rules import Rule
from bot.domain.days import parse_day
from bot.domain.errors import NotNow
from bot.domain.groups import Stage, find_group
from bot.domain.ids import MAG, GroupId
from bot.domain.people import asked_seats
from bot.domain.reviews import (
    RIGHT_OF_REPLY,
    RepliesOver,
    ReviewChecked,
    ReviewDeclined,
    ReviewOpened,
    ReviewReplied,
    ReviewState,
    ask_review,
    pending_review,
    replies_are_over,
    review_question,
    reviews_of,
    settle_review,
    the_review,
)
from bot.ending import end_group
from bot.policy import CHAIR, MEMBER, SEATED, SECRETARIAT
from bot.present import shown
from bot.present.reviews import review_card
from bot.reviewing import ask_members
from bot.stages import must_be_in_cycle
from bot.standing import FACILITATOR
from bot.text import Moment, Say, T
from bot.view import Button, Named, Notice, Tone, View

LONG = 10_000
"""Characters of reasons, replies and notes."""

GroupArgument = Annotated[str, ask("Which working group?", "Its short name: WG-MWP", named=Named.GROUP)]


class AskReview(Arguments):
    """Of which group, and why."""

    group: GroupArgument
    reasons: Annotated[
        str,
        ask(
            "What makes you ask?",
            "What was to be done by now, and what was. Shown to the Chair, and to all if it is put to them.",
            rest=True,
            multiline=True,
            limit=LONG,
        ),
    ]


@command(
    "review ask",
    "Ask the Chair to put a working group's progress to the full membership",
    who=MEMBER,
    arguments=AskReview,
    examples=('review ask WG-MWP "No draft was shown in May or June, and no call was held."',),
    keeps=True,
    family_default=True,
)
def ask_for(context: Context, arguments: AskReview) -> View:
    """The Chair decides whether it is put to the members."""
    group = find_group(context.reads, context.id, arguments.group)
    must_be_in_cycle(context)
    number = next_number(context.reads, context.id, "review")
    context.happen(ask_review(context.reads, group, number, context.person, arguments.reasons))
    return Notice(
        T(
            "The {chair} is asked to put the progress of {group} to the members.",
            chair=context.community.titles.chair,
            group=group.short_name,
        ),
        Tone.DONE,
    )


class OpenReview(Arguments):
    """Of which group; with reasons, where nobody else asked."""

    group: GroupArgument
    reasons: Annotated[
        str, ask("What makes you ask?", "Only where no member asked before.", rest=True, multiline=True, limit=LONG)
    ] = ""


@command(
    "review open",
    "Put a working group's progress to the full membership; its co-facilitators have 7 days to reply",
    who=CHAIR,
    arguments=OpenReview,
    examples=("review open WG-MWP",),
    prepares=True,
    keeps=True,
)
def open_review(context: Context, arguments: OpenReview) -> View:
    """The check of the members opens when the right of reply is over."""
    group = find_group(context.reads, context.id, arguments.group)
    must_be_in_cycle(context)
    if arguments.reasons and pending_review(context.reads, group) is None:
        number = next_number(context.reads, context.id, "review")
        context.happen(ask_review(context.reads, group, number, context.person, arguments.reasons))
    review = the_review(context.reads, group, ReviewState.ASKED)
    until = context.now + RIGHT_OF_REPLY
    context.happen(ReviewOpened(review.number, until))
    return Notice(
        T(
            "The progress of {group} is before the members. Its co-facilitators may reply until {when}.",
            group=group.short_name,
            when=Moment(until, context.zone),
        ),
        Tone.DONE,
        buttons=(Button(T("The review"), "review show", {"group": group.short_name}),),
    )


class DeclineReview(Arguments):
    """Of which group, and why not."""

    group: GroupArgument
    reason: Annotated[str, ask("Why not?", "Told to who asked.", rest=True, multiline=True, limit=LONG)]


@command(
    "review decline",
    "Do not put a working group's progress to the members, and say why",
    who=CHAIR,
    arguments=DeclineReview,
    examples=('review decline WG-MWP "The report arrived yesterday."',),
    prepares=True,
    keeps=True,
)
def decline_review(context: Context, arguments: DeclineReview) -> View:
    """The member who asked is told."""
    group = find_group(context.reads, context.id, arguments.group)
    review = the_review(context.reads, group, ReviewState.ASKED)
    context.happen(ReviewDeclined(review.number, arguments.reason))
    return Notice(T("Noted; who asked for the review of {group} is told why not.", group=group.short_name), Tone.DONE)


class ReplyTo(Arguments):
    """For which group, and what."""

    group: GroupArgument
    text: Annotated[
        str,
        ask("Your reply", "Shown to all members, and with the check upon it.", rest=True, multiline=True, limit=LONG),
    ]


@command(
    "review reply",
    "Reply to a review of your working group's progress",
    who=FACILITATOR,
    arguments=ReplyTo,
    examples=('review reply WG-MWP "Two drafters left in May; the report will be there by September."',),
    keeps=True,
)
def reply(context: Context, arguments: ReplyTo) -> View:
    """Replying again takes the place of what one replied before."""
    group = find_group(context.reads, context.id, arguments.group)
    review = the_review(context.reads, group, ReviewState.REPLYING)
    context.happen(ReviewReplied(review.number, context.person, arguments.text))
    return Notice(T("Your reply is with the members; it stands with the check upon it."), Tone.DONE)


class OfGroup(Arguments):
    """Of which group."""

    group: GroupArgument


@command(
    "review check",
    "Open the check of the members upon a review whose right of reply is over",
    who=CHAIR | SECRETARIAT,
    arguments=OfGroup,
    examples=("review check WG-MWP",),
)
def check(context: Context, arguments: OfGroup) -> View:
    """By the clock it opens by itself; this is for communities that drive their stages by hand."""
    group = find_group(context.reads, context.id, arguments.group)
    review = the_review(context.reads, group, ReviewState.REPLYING)
    replies_are_over(review, group, context.now, context.zone)
    must_be_in_cycle(context)
    number = ask_members(context, review)
    return Notice(
        T("Check {number} asks the members about {group}.", number=number, group=group.short_name),
        Tone.DONE,
        buttons=(Button(T("Check {number}", number=number), "consensus show", {"check": str(number)}),),
    )


class RecordReview(Arguments):
    """Of which group; when, who presided, and where it is written."""

    group: GroupArgument
    on: Annotated[str, ask("On which day?", "2027-06-20", option=True)]
    presided: Annotated[str, ask("Who presided?", "A name.", option=True)]
    link: Annotated[str, ask("Where is it written?", "A link to the summary.", option=True, limit=500)] = ""


@command(
    "review record",
    "Record a consensus reached in a meeting upon a review; it counts as the check",
    who=CHAIR | SECRETARIAT,
    arguments=RecordReview,
    examples=('review record WG-MWP --on 2027-06-20 --presided "Amina A."',),
)
def record(context: Context, arguments: RecordReview) -> View:
    """The right of reply is not skipped by it."""
    group = find_group(context.reads, context.id, arguments.group)
    review = the_review(context.reads, group, ReviewState.REPLYING)
    replies_are_over(review, group, context.now, context.zone)
    must_be_in_cycle(context)
    number = next_number(context.reads, context.id, "check")
    context.happen(
        record_check(
            number,
            MAG,
            GroupId(""),
            review_question(group),
            Rule.parse(context.community.settings.rule),
            context.zone,
            asked_of(asked_seats(context.reads, context.community)),
            parse_day(arguments.on, field="on"),
            context.now.date(),
            arguments.link,
            arguments.presided,
        ),
        RepliesOver(review.number),
        ReviewChecked(review.number, number),
    )
    return Notice(T("Recorded as check {number}; it counts as the consensus check.", number=number), Tone.DONE)


class Outcome(StrEnum):
    """What came of a review."""

    CONTINUES = "continues"
    DISSOLVED = "dissolved"


class Settle(Arguments):
    """Of which group, what, and a word with it."""

    group: GroupArgument
    outcome: Annotated[Outcome, ask("What came of it?")]
    note: Annotated[
        str, ask("A note with it", "Published. May be left out.", rest=True, multiline=True, limit=LONG)
    ] = ""


@command(
    "review settle",
    "Record what came of a review: the working group is dissolved, or continues",
    who=CHAIR,
    arguments=Settle,
    examples=("review settle WG-MWP continues", 'review settle WG-MWP dissolved "WG-OC takes up its report"'),
    prepares=True,
    keeps=True,
)
def settle(context: Context, arguments: Settle) -> View:
    """*May* be dissolved: also upon a consensus the group may continue. Without one it does."""
    group = find_group(context.reads, context.id, arguments.group)
    must_be_in_cycle(context)
    review = the_review(context.reads, group, ReviewState.CHECKING)
    state = ReviewState(arguments.outcome.value)
    asked = check_of(context.reads, context.id, review.check)
    context.happen(settle_review(review, asked, state, arguments.note, group))
    if state is ReviewState.DISSOLVED:
        end_group(context, group, Stage.DISSOLVED, arguments.note)
        return Notice(T("{group} is dissolved; the members are told.", group=group.short_name), Tone.DONE)
    return Notice(T("{group} continues; the members are told.", group=group.short_name), Tone.DONE)


@command(
    "review show",
    "Show the progress review of a working group",
    who=SEATED,
    arguments=OfGroup,
    examples=("review show WG-MWP",),
    reads=True,
)
def show(context: Context, arguments: OfGroup) -> View:
    """The last there was."""
    group = find_group(context.reads, context.id, arguments.group)
    reviews = reviews_of(context.reads, group)
    if not reviews:
        raise NotNow(
            T("No progress review of {group} is under way.", group=group.short_name),
            T("A member asks for one: {command}.", command=Say(f'review ask {group.short_name} "…"')),
        )
    return shown(review_card(context.reads, context.community, str(reviews[-1].number), context.now))
