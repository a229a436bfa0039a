"""Finding a time to meet: people say when they could come, each in their own time zone."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from bot.bodies import belongs, members_of
from bot.command import Arguments, ask, command
from bot.commands.meeting import USUAL, GroupOption, Length
from bot.commands.poll import listed
from bot.context import Context
from bot.domain.community import next_number
from bot.domain.errors import NotAllowed
from bot.domain.finding import Availability, answering, asking, find_search
from bot.domain.groups import group_of
from bot.domain.ids import MAG, GroupId
from bot.domain.names import fold
from bot.domain.scheduling import must_meet
from bot.domain.spans import parse_span
from bot.domain.when import parse_when
from bot.policy import ANYONE, KNOWN
from bot.present.finding import search_card_of
from bot.stages import closing
from bot.standing import ORGANISER, body_named
from bot.text import Moment, Say, T, Tn, joined
from bot.view import Button, Notice, Tone, View

OPEN_HOURS = 72
"""How long people are asked if nobody says."""

_MINUTE = 60


class Find(Arguments):
    """What for, and which slots."""

    title: Annotated[str, ask("What is the meeting called?", "Third call", limit=120)]
    slots: Annotated[
        tuple[str, ...],
        BeforeValidator(listed),
        ask("When could it be?", "Separated by commas: tuesday 15:00, wednesday 09:00", listed=True, limit=1500),
    ]
    group: GroupOption = ""
    length: Length = ""
    closes: Annotated[str, ask("Until when may people answer?", "72h, or a time. Usually left out.", option=True)] = ""


@command(
    "meeting find",
    "Find a time to meet: ask people to which slots they could come",
    who=ORGANISER,
    arguments=Find,
    examples=('meeting find "Third call" tuesday 15:00, wednesday 09:00, thursday 18:00 --group WG-MWP --length 90m',),
    keeps=True,
)
def find(context: Context, arguments: Find) -> View:
    """In its room and to its people. One tap schedules the slot that suits most stakeholder groups."""
    body = body_named(context, arguments.group)
    if body != MAG:
        must_meet(group_of(context.reads, context.id, GroupId(body)))
    slots = [parse_when(each, context.now, context.zone, field="slots") for each in arguments.slots]
    length = parse_span(arguments.length, field="length") if arguments.length else USUAL
    closes_at = closing(context, arguments.closes, OPEN_HOURS)
    if slots and not arguments.closes:
        closes_at = min(closes_at, max(slots) - length)
    number = next_number(context.reads, context.id, "times")
    context.happen(
        asking(
            number,
            body,
            arguments.title,
            slots,
            int(length.total_seconds()) // _MINUTE,
            context.zone,
            context.person,
            closes_at,
        )
    )
    return Notice(
        Tn(
            "{count} person is asked when they could come, until {when}.",
            "{count} people are asked when they could come, until {when}.",
            len(members_of(context, body)),
            when=Moment(closes_at, context.zone),
        ),
        Tone.DONE,
        buttons=(Button(T("The slots"), "meeting times", {"search": str(number)}),),
    )


SearchNumber = Annotated[int, ask("Which search for a time?", "The number on its card.")]


class Can(Arguments):
    """To which slots."""

    search: SearchNumber
    slots: Annotated[
        tuple[str, ...],
        BeforeValidator(listed),
        ask("To which slots could you come?", "Their numbers: 1, 3; “all” or “none”.", listed=True),
    ]
    also: Annotated[bool, ask("Besides those you said before?", option=True)] = False


@command(
    "meeting can",
    "Say to which slots you could come",
    who=KNOWN,
    arguments=Can,
    examples=("meeting can 1 2, 3", "meeting can 1 none", "meeting can 1 4 --also"),
)
def can(context: Context, arguments: Can) -> View:
    """Said anew at will until the close; it replaces what was said before."""
    search = find_search(context.reads, context.id, arguments.search)
    if not belongs(context, search.body):
        raise NotAllowed(
            T("This asks the members of the body that wants to meet."),
            T("Meetings are open to you all the same: {command}.", command=Say("meetings")),
        )
    chosen = _numbers(arguments.slots, len(search.slots))
    before = context.reads.get(Availability, context.id, search.number, context.person)
    if arguments.also and before is not None:
        chosen = (*before.slots, *chosen)
    answer = answering(search, context.person, chosen, context.now)
    context.happen(answer)
    if not answer.slots:
        return Notice(T("Noted: you could come to none of them."), Tone.DONE)
    times = joined([T("{when}", when=Moment(search.slots[each - 1], context.zone)) for each in answer.slots], " · ")
    return Notice(T("Noted: you could come {times}.", times=times), Tone.DONE)


def _numbers(typed: tuple[str, ...], count: int) -> tuple[int, ...]:
    """The slots meant; what is no number names none, which is refused later as any wrong number is."""
    words = [fold(each) for each in typed]
    if words == ["none"]:
        return ()
    if words == ["all"]:
        return tuple(range(1, count + 1))
    return tuple(int(each) if each.isascii() and each.isdigit() and len(each) <= 3 else 0 for each in typed)  # noqa: PLR2004 - digits enough for any slot


class TheSearch(Arguments):
    """Which search."""

    search: SearchNumber


@command(
    "meeting times",
    "Show when people could meet, the best slots first",
    who=ANYONE,
    arguments=TheSearch,
    examples=("meeting times 1",),
    reads=True,
)
def times(context: Context, arguments: TheSearch) -> View:
    """In your own time; how many could come, of which stakeholder groups, and for whom it is not working hours."""
    search = find_search(context.reads, context.id, arguments.search)
    return search_card_of(context.reads, context.community, search, context.now, zone=context.zone)
