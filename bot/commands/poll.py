"""Polls: opened in one line, answered in one tap, by ranking or by points. A poll decides nothing."""

from __future__ import annotations

import csv
import io
from typing import Annotated

from pydantic import BeforeValidator

from bot.bodies import belongs, body_here
from bot.command import Arguments, Reply, ask, command
from bot.context import Context
from bot.domain.community import next_number
from bot.domain.errors import NotAllowed, NotNow
from bot.domain.people import seat_of
from bot.domain.poll_results import PollKind
from bot.domain.polls import answer_of, choose, close_poll, find_poll, open_poll
from bot.domain.ways import ways_of
from bot.policy import ANYONE, KNOWN
from bot.present import shown
from bot.present.polls import in_words, poll_card, visibility
from bot.stages import closing
from bot.standing import concludes
from bot.text import Moment, Say, T, joined
from bot.view import File, Notice, PictureFormat, Tone, View


def listed(value: object) -> object:
    """`Geneva, Lyon, online` as three entries; an entry with a comma goes in quotes."""
    if isinstance(value, str):
        row = next(csv.reader(io.StringIO(value.replace("\n", ",").replace(";", ",")), skipinitialspace=True), [])
        return tuple(entry.strip() for entry in row if entry.strip())
    return value


class OpenPoll(Arguments):
    """The question, its options, and how it is answered."""

    question: Annotated[str, ask("What do you want to ask?", "In one line: Where do we meet?", limit=1000)]
    options: Annotated[
        tuple[str, ...],
        BeforeValidator(listed),
        ask("Which options?", "Separated by commas: Geneva, Lyon, online", listed=True, limit=3000),
    ]
    kind: Annotated[PollKind, ask("How is it answered?", "One option, several, ranked, with points …", option=True)] = (
        PollKind.SINGLE
    )
    closes: Annotated[str, ask("Until when?", "24h, or a time. Usually left out.", option=True)] = ""
    multiple: Annotated[bool, ask("May one choose several?", option=True)] = False
    hidden: Annotated[bool, ask("Hide the results until the close?", option=True)] = False
    secret: Annotated[
        bool, ask("Show no one who chose what?", "Results are then hidden until the close as well.", option=True)
    ] = False


@command(
    "poll new",
    "Ask a quick poll in this room",
    who=KNOWN,
    arguments=OpenPoll,
    examples=(
        'poll "Where?" Geneva, Lyon, online',
        'poll "Which days?" Monday, Tuesday, Friday --multiple --closes 48h',
        'poll "Who chairs the call?" Qiang, Gift --secret',
        'poll "Which topic first?" Access, Trust, Data --kind ranked',
        'poll "How useful was it?" Venue, Agenda, Notes --kind score',
    ),
    family_default=True,
)
def open_(context: Context, arguments: OpenPoll) -> View:
    """A poll decides nothing; for a decision there is the consensus check."""
    body = body_here(context)
    if not belongs(context, body):
        raise NotAllowed(
            T("A poll here is for the members of this body."),
            T("See what you can do now: {command}.", command=Say("todo")),
        )
    closes_at = closing(context, arguments.closes, ways_of(context.reads, context.community, body).quick_check_hours)
    number = next_number(context.reads, context.id, "poll")
    event = open_poll(
        number,
        body,
        arguments.question,
        arguments.options,
        PollKind.MULTIPLE if arguments.multiple and arguments.kind is PollKind.SINGLE else arguments.kind,
        arguments.hidden,
        arguments.secret,
        context.person,
        closes_at,
        context.zone,
    )
    context.happen(event)
    until = T("Poll {number} is open here until {when}.", number=number, when=Moment(closes_at, context.zone))
    return Notice(joined([until, visibility(find_poll(context.reads, context.id, number))]), Tone.DONE)


class Choose(Arguments):
    """What one chooses."""

    poll: Annotated[int, ask("Which poll?", "The number on its card.")]
    options: Annotated[
        tuple[str, ...],
        BeforeValidator(listed),
        ask(
            "What do you choose?",
            "Numbers or names, separated by commas: all you choose; ranked, what you want most first; "
            "with points, 1=5, 2=3. “none” takes it back.",
            listed=True,
            limit=1000,
        ),
    ]


@command(
    "poll choose",
    "Answer a poll, or change your answer",
    who=KNOWN,
    arguments=Choose,
    examples=("poll choose 2 Geneva", "poll choose 3 1, 3", "poll choose 4 Access=5, Trust=3", "poll choose 2 none"),
    repeatable=True,
)
def choose_(context: Context, arguments: Choose) -> Reply:
    """Changed at will until the close; in a secret poll the answer is not kept for retries."""
    poll = find_poll(context.reads, context.id, arguments.poll)
    back = [each.lower() for each in arguments.options] == ["none"]
    numbers = () if back else answer_of(poll, arguments.options)
    asked = belongs(context, poll.body)
    seat = seat_of(context.reads, context.community, context.person)
    group = seat.stakeholder_group if seat else ""
    context.happen(choose(context.reads, poll, context.person, group, asked, numbers, context.now, context.sent))
    if back:
        return Reply(
            Notice(T("Poll {number}: your answer is taken back.", number=poll.number), Tone.DONE),
            confidential=poll.secret,
        )
    chosen = in_words(poll, numbers)
    text = T(
        "Poll {number}: you chose {chosen}. You may change it until {when}.",
        number=poll.number,
        chosen=chosen,
        when=Moment(poll.closes_at, poll.zone),
    )
    return Reply(Notice(text, Tone.DONE), confidential=poll.secret)


class ThePoll(Arguments):
    """Which poll."""

    poll: Annotated[int, ask("Which poll?", "The number on its card.")]


@command("poll close", "Close a poll you opened", who=KNOWN, arguments=ThePoll, examples=("poll close 2",))
def close_(context: Context, arguments: ThePoll) -> View:
    """By who opened it, or who concludes for the body."""
    poll = find_poll(context.reads, context.id, arguments.poll)
    if poll.opened_by != context.person and not concludes(context, poll.body):
        raise NotAllowed(
            T(
                "Closing poll {number} is for {name}, who opened it.",
                number=poll.number,
                name=context.name_of(poll.opened_by),
            ),
            T("It closes by itself on {when}.", when=Moment(poll.closes_at, poll.zone)),
        )
    context.happen(close_poll(context.reads, poll))
    return Notice(T("Poll {number} is closed.", number=poll.number), Tone.DONE)


@command(
    "poll show",
    "Show a poll and its results, where they may be shown",
    who=ANYONE,
    arguments=ThePoll,
    examples=("poll show 2",),
    reads=True,
)
def show_(context: Context, arguments: ThePoll) -> View:
    """The poll's card, as it is now."""
    poll = find_poll(context.reads, context.id, arguments.poll)
    return shown(poll_card(context.reads, context.community, str(poll.number), context.now))


class Draw(ThePoll):
    """Which poll, and as what."""

    format: Annotated[
        PictureFormat, ask("As what kind of picture?", "PNG is seen everywhere; SVG can be enlarged.", option=True)
    ] = PictureFormat.PNG


@command(
    "poll chart",
    "Draw the results of a poll by stakeholder group, as a picture",
    who=ANYONE,
    arguments=Draw,
    examples=("poll chart 2", "poll chart 2 --format svg"),
    reads=True,
)
def chart_(context: Context, arguments: Draw) -> View:
    """Counts only, never names; and only what the card may show by then."""
    from bot.present.charts import poll_chart

    poll = find_poll(context.reads, context.id, arguments.poll)
    if poll.hidden and poll.closed_at is None:
        raise NotNow(
            T("The results of poll {number} are hidden until its close.", number=poll.number),
            T("It closes on {when}.", when=Moment(poll.closes_at, poll.zone)),
        )
    return File(
        f"poll-{poll.number}.{arguments.format.value}",
        f"poll:{poll.number}",
        "poll",
        arguments.format.value,
        T("Answers to poll {number}, by stakeholder group.", number=poll.number),
        poll_chart(context.reads, context.community, str(poll.number), context.now).alt,
    )
