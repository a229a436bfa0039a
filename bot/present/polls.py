"""Cards of polls: how to answer, what came of it, and truthfully who can see what. A poll is never a decision."""

from __future__ import annotations

from datetime import datetime

from bot.domain.community import Community
from bot.domain.groups import body_name
from bot.domain.poll_results import MOST_POINTS, TAPPED, PollKind, Result, best, weights
from bot.domain.polls import Choice, Poll, result_now
from bot.domain.ranking import OUT, leading
from bot.domain.records import Reads
from bot.present import presents
from bot.present.names import group_label
from bot.present.people import person_name
from bot.text import Moment, T, Text, Tn, joined, said, term
from bot.view import (
    Ballot,
    BallotOption,
    Block,
    Bullets,
    Button,
    ButtonStyle,
    Card,
    Fact,
    Facts,
    Paragraph,
    Quote,
    Table,
    Tone,
)


@presents("poll")
def poll_card(reads: Reads, community: Community, key: str, now: datetime) -> Card | None:
    """A poll: its question and options, results where they may be shown, and who can see what."""
    poll = reads.get(Poll, community.id, int(key))
    if poll is None:
        return None
    running = poll.closed_at is None and now < poll.closes_at
    shown = not running or not poll.hidden
    options = tuple(
        BallotOption(
            str(number),
            Button(said(option), "poll choose", {"poll": str(poll.number), "options": str(number)}),
            poll.counts[number - 1] if shown else None,
        )
        for number, option in enumerate(poll.options, 1)
    )
    when = Moment(poll.closed_at or poll.closes_at, poll.zone)
    facts = Facts(
        (
            Fact(T("Closes") if running else T("Closed"), T("{when}", when=when)),
            Fact(T("Answers"), Tn("{count} person", "{count} people", poll.answers)),
        )
    )
    blocks: list[Block] = [*_asked(poll, options, running=running), facts]
    if shown and poll.answers:
        result = result_now(reads, poll)
        blocks += _results(poll, result)
        if not poll.secret:
            blocks.append(_named(reads, community, poll))
    title = T(
        "Poll {number} of {body}",
        number=poll.number,
        body=body_name(reads, community.id, poll.body, community.titles.body),
    )
    tone = Tone.ATTENTION if running else Tone.NEUTRAL
    return Card(title, tuple(blocks), _buttons(poll, running=running), tone, f"poll:{key}", visibility(poll))


def _asked(poll: Poll, options: tuple[BallotOption, ...], *, running: bool) -> list[Block]:
    """The question: to be tapped, or where that does not say enough, with what there is to rank or to give points."""
    if poll.kind in TAPPED:
        return [Ballot(poll.question, options, poll.several, running, poll.hidden)]
    listed = tuple(said(f"{number} {option}") for number, option in enumerate(poll.options, 1))
    return [Quote(poll.question), Bullets(listed, _how(poll.kind))]


def _how(kind: PollKind) -> Text:
    if kind is PollKind.RANKED:
        return T("Rank them, what you want most first: 2, 1, 3")
    return T("Give each from 0 to {most} points: 1=5, 2=3", most=MOST_POINTS)


def _buttons(poll: Poll, *, running: bool) -> tuple[Button, ...]:
    number = {"poll": str(poll.number)}
    if running and poll.kind not in TAPPED:
        label = T("Rank…") if poll.kind is PollKind.RANKED else T("Give points…")
        return (Button(label, "poll choose", number, ButtonStyle.PRIMARY),)
    return () if running or not poll.answers else (Button(T("Chart"), "poll chart", number),)


def _results(poll: Poll, result: Result) -> list[Block]:
    """Who is ahead, and how the stakeholder groups answered."""
    blocks: list[Block] = [Paragraph(ahead(poll, result))]
    if poll.kind is PollKind.RANKED:
        blocks += [_rounds(poll, result), Paragraph(_order(poll, result))]
    if result.groups:
        blocks.append(_by_group(poll, result))
    elif poll.secret:
        blocks.append(
            Paragraph(T("Too few answers of a stakeholder group to show them by group and keep them secret."))
        )
    return blocks


def ahead(poll: Poll, result: Result) -> Text:
    """What most want, in a sentence."""
    first = best(poll.kind, poll.counts, result)
    if not first:
        return T("Nobody has answered.")
    names = joined([said(poll.options[number - 1]) for number in first], ", ")
    if poll.kind is PollKind.AVAILABILITY:
        return T("Suits most stakeholder groups, then most people: {options}.", options=names)
    return T("Ahead: {options}.", options=names) if len(first) == 1 else T("Level: {options}.", options=names)


def _rounds(poll: Poll, result: Result) -> Table:
    columns = (T("Option"), *(T("Round {number}", number=number) for number in range(1, len(result.rounds) + 1)))
    rows = tuple(
        (said(option), *(term("—" if each[at] == OUT else str(each[at])) for each in result.rounds))
        for at, option in enumerate(poll.options)
    )
    return Table(columns, rows, T("Instant run-off"), tuple(range(1, len(columns))))


def _order(poll: Poll, result: Result) -> Text:
    tiers = [joined([said(poll.options[number - 1]) for number in tier], " = ") for tier in result.order]
    winners = joined([said(poll.options[number - 1]) for number in leading(result.rounds)], ", ")
    return T(
        "Instant run-off: {winners}. Each against each (Condorcet, Schulze): {order}.",
        winners=winners,
        order=joined(tiers, " > "),
    )


def _by_group(poll: Poll, result: Result) -> Table:
    """Rows are options, so that twenty of them fit."""
    columns = (T("Option"), T("All"), *(group_label(each.group) for each in result.groups))
    rows = [
        (
            said(option),
            term(str(poll.counts[at])),
            *(term(str(each.counts[at])) for each in result.groups),
        )
        for at, option in enumerate(poll.options)
    ]
    answers = (T("Answers"), term(str(poll.answers)), *(term(str(each.answers)) for each in result.groups))
    return Table(columns, (*rows, answers), _heading(poll.kind), tuple(range(1, len(columns))))


def _heading(kind: PollKind) -> Text:
    match kind:
        case PollKind.RANKED:
            return T("Wanted most, by stakeholder group")
        case PollKind.SCORE:
            return T("Points, by stakeholder group")
        case PollKind.SINGLE | PollKind.MULTIPLE | PollKind.APPROVAL | PollKind.AVAILABILITY:
            return T("By stakeholder group")


def in_words(poll: Poll, answer: tuple[int, ...]) -> Text:
    """A person's own answer, as it is told to them."""
    if poll.kind is PollKind.SCORE:
        given = zip(poll.options, answer, strict=True)
        return joined([said(f"{option}={points}") for option, points in given], ", ")
    separator = " > " if poll.kind is PollKind.RANKED else ", "
    return joined([said(poll.options[number - 1]) for number in answer], separator)


def _named(reads: Reads, community: Community, poll: Poll) -> Table:
    choices = reads.all(Choice, community=community.id, poll=poll.number)
    rows = []
    for number, option in enumerate(poll.options, 1):
        people = [
            T("{person}", person=person_name(reads, community, each.person))
            for each in choices
            if weights(poll.kind, len(poll.options), each.options)[number - 1]
        ]
        if people:
            rows.append((said(option), joined(people, ", ")))
    return Table((T("Option"), T("Chosen by")), tuple(rows))


def visibility(poll: Poll) -> Text:
    """That it decides nothing; and who can see what, and when."""
    return joined([T("A poll decides nothing; a consensus check is for that."), _visible(poll)])


def _visible(poll: Poll) -> Text:
    if poll.secret:
        return T(
            "Secret: no one is shown who chose what, and results appear at the close, when the single choices are destroyed. Until then whoever runs this server could look them up."
        )
    if poll.hidden:
        return T("Results are hidden until the close; then everyone here sees them, with names.")
    return T("Everyone here sees the results, with names, at any time.")
