"""Polls: one question, some options, a closing time, answered in one of several ways. A poll decides nothing.

A *secret* poll's choices lie outside the audit chain, which holds salted commitments to them; at its close choices and
salts are destroyed and only counts remain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.community import counted
from bot.domain.dues import Due, DueKind
from bot.domain.errors import Invalid, NotAllowed, NotFound, NotNow
from bot.domain.events import Fact, applies, event, forgets
from bot.domain.ids import CommunityId, PersonId
from bot.domain.names import duplicates, fold
from bot.domain.poll_results import MOST_POINTS, PollKind, Result, result_of, weights
from bot.domain.records import Gone, Reads, record
from bot.domain.reminders import planning, to_plan
from bot.text import Moment, Say, T, Tn, UserText, joined, said

FEWEST_OPTIONS = 2
MOST_OPTIONS = 20
"""A Matrix poll shows twenty options; so does ours everywhere."""


@record(key="community number", lists=("community", "community body", "community closed"))
class Poll:
    """A poll. `hidden`: results only after the close. `secret`: who chose what is shown to no one.

    `counts` are kept as people answer, `result` from the close on.
    """

    community: CommunityId
    number: int
    body: str
    question: str
    options: tuple[str, ...]
    hidden: bool
    secret: bool
    opened_by: PersonId
    opened_at: datetime
    closes_at: datetime
    zone: str
    answers: int = 0
    counts: tuple[int, ...] = ()
    closed: bool = False
    closed_at: datetime | None = None
    kind: PollKind = PollKind.SINGLE
    result: Result | None = None

    @property
    def several(self) -> bool:
        """Whether one may choose more than one option."""
        return self.kind is not PollKind.SINGLE


@record(key="community poll person", lists=("community poll",))
class Choice:
    """What a person answered: numbers of options, from 1, in order of preference where that counts; or in a score poll
    the points of each option. With the stakeholder group of their seat. Gone at the close of a secret poll. `chosen_at`: when
    it was sent.
    """

    community: CommunityId
    poll: int
    person: PersonId
    options: tuple[int, ...]
    chosen_at: datetime
    stakeholder_group: str = ""


@event("poll.opened", private="question options")
class PollOpened:
    """A poll opened. `multiple` was said before there were kinds."""

    number: int
    body: str
    question: str
    options: tuple[str, ...]
    multiple: bool
    hidden: bool
    secret: bool
    opened_by: PersonId
    closes_at: datetime
    zone: str
    kind: PollKind = PollKind.SINGLE


@event("poll.chosen", private="options before")
class PollChosen:
    """A person chose, or chose anew. Options and what they replace are private: commitments only in the chain.

    `sent_at`: when it was sent, where that is before it was taken (the platform could not be reached).
    """

    poll: int
    person: PersonId
    options: tuple[int, ...]
    before: tuple[int, ...]
    stakeholder_group: str = ""
    sent_at: datetime | None = None


@event("poll.closed")
class PollClosed:
    """A poll closed with these counts, and what came of it. Nobody's own answer is in it."""

    poll: int
    counts: tuple[int, ...]
    answers: int
    result: Result | None = None


@applies(PollOpened)
def _opened(reads: Reads, fact: Fact, event: PollOpened) -> Iterable[Any]:
    kind = PollKind.MULTIPLE if event.multiple and event.kind is PollKind.SINGLE else event.kind
    yield Poll(
        fact.community,
        event.number,
        event.body,
        event.question,
        event.options,
        event.hidden,
        event.secret,
        event.opened_by,
        fact.at,
        event.closes_at,
        event.zone,
        0,
        (0,) * len(event.options),
        kind=kind,
    )
    yield Due(fact.community, DueKind.POLL_CLOSES, str(event.number), event.closes_at, event.zone)
    yield from to_plan(reads, fact.community, f"poll:{event.number}", fact.at, event.closes_at, event.zone)
    yield counted(fact.community, "poll", event.number)


@applies(PollChosen)
def _chosen(reads: Reads, fact: Fact, event: PollChosen) -> Iterable[Any]:
    poll = poll_of(reads, fact.community, event.poll)
    several = len(poll.options)
    less, more = weights(poll.kind, several, event.before), weights(poll.kind, several, event.options)
    counts = tuple(count - before + now for count, before, now in zip(poll.counts, less, more, strict=True))
    first, last = not event.before, not event.options
    yield replace(poll, counts=counts, answers=poll.answers + int(first and not last) - int(last and not first))
    chosen_at = event.sent_at or fact.at
    choice = Choice(fact.community, event.poll, event.person, event.options, chosen_at, event.stakeholder_group)
    yield choice if event.options else Gone(choice)


@applies(PollClosed)
def _closed(reads: Reads, fact: Fact, event: PollClosed) -> Iterable[Any]:
    poll = poll_of(reads, fact.community, event.poll)
    yield replace(poll, counts=event.counts, answers=event.answers, closed=True, closed_at=fact.at, result=event.result)
    yield Gone(Due(fact.community, DueKind.POLL_CLOSES, str(event.poll), poll.closes_at, poll.zone))
    yield Gone(planning(fact.community, f"poll:{event.poll}", poll.closes_at, poll.zone))
    if poll.secret:
        for choice in reads.all(Choice, community=fact.community, poll=event.poll):
            yield Gone(choice)


@forgets(PollClosed)
def _ballots_destroyed(reads: Reads, fact: Fact, event: PollClosed) -> tuple[str, str, Any] | None:
    return ("poll.chosen", "poll", event.poll) if poll_of(reads, fact.community, event.poll).secret else None


def poll_of(reads: Reads, community: CommunityId, number: int) -> Poll:
    """The poll with a number that is known to exist."""
    found = reads.get(Poll, community, number)
    if found is None:
        raise LookupError(number)
    return found


def find_poll(reads: Reads, community: CommunityId, number: int) -> Poll:
    """The poll a person means. Raises `NotFound`."""
    found = reads.get(Poll, community, number)
    if found is None:
        raise NotFound(
            T("There is no poll {number}.", number=number),
            T("See what is open: {command}.", command=Say("todo")),
            field="poll",
        )
    return found


def answer_of(poll: Poll, chosen: tuple[str, ...]) -> tuple[int, ...]:
    """A person's answer as it is kept, from what they named, by number or by words. Raises `Invalid`."""
    if poll.kind is PollKind.SCORE:
        return _points(poll, chosen)
    numbers = tuple(dict.fromkeys(_number(poll, name) for name in chosen))
    if poll.kind is PollKind.RANKED:
        return numbers
    if len(numbers) > 1 and not poll.several:
        raise Invalid(T("Poll {poll} takes one choice.", poll=poll.number), T("Choose one option."), field="options")
    return tuple(sorted(numbers))


def _number(poll: Poll, name: str) -> int:
    by_name = {fold(option): number for number, option in enumerate(poll.options, 1)}
    number = (
        int(name)
        if name.isascii() and name.isdigit() and len(name) <= len(str(MOST_OPTIONS))
        else by_name.get(fold(name), 0)
    )
    if not 1 <= number <= len(poll.options):
        raise Invalid(
            T("{name} is not an option of poll {poll}.", name=UserText(name), poll=poll.number),
            T(
                "Choose from: {options}.",
                options=joined([said(f"{n} {option}") for n, option in enumerate(poll.options, 1)], " · "),
            ),
            field="options",
        )
    return number


def _points(poll: Poll, chosen: tuple[str, ...]) -> tuple[int, ...]:
    """`Geneva=5, Lyon=3`: the points of each option, 0 for those left out."""
    points = [0] * len(poll.options)
    for each in chosen:
        name, _, given = each.rpartition("=")
        given = given.strip()
        if not (name and given.isascii() and given.isdigit() and len(given) == 1 and int(given) <= MOST_POINTS):
            raise Invalid(
                T("Poll {poll} takes points for each option, from 0 to {most}.", poll=poll.number, most=MOST_POINTS),
                T("Such as: {example}.", example=", ".join(f"{n}={MOST_POINTS}" for n in (1, 2))),
                field="options",
            )
        points[_number(poll, name.strip()) - 1] = int(given)
    return tuple(points)


def open_poll(
    number: int,
    body: str,
    question: str,
    options: tuple[str, ...],
    kind: PollKind,
    hidden: bool,
    secret: bool,
    person: PersonId,
    closes_at: datetime,
    zone: str,
) -> PollOpened:
    """Open a poll with two to twenty different options."""
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        raise Invalid(
            Tn(
                "A poll has 2 to {most} options; {count} was given.",
                "A poll has 2 to {most} options; {count} were given.",
                len(options),
                most=MOST_OPTIONS,
            ),
            T("Separate them by commas: {command}.", command=Say('poll "Where?" Geneva, Lyon, online')),
            field="options",
        )
    same = duplicates(options)
    if same:
        raise Invalid(
            T("The option {option} stands there twice.", option=UserText(same[0])),
            T("Give every option once."),
            field="options",
        )
    return PollOpened(number, body, question, options, False, hidden or secret, secret, person, closes_at, zone, kind)


def choose(
    reads: Reads,
    poll: Poll,
    person: PersonId,
    group: str,
    asked: bool,
    chosen: tuple[int, ...],
    now: datetime,
    sent: datetime | None = None,
) -> PollChosen:
    """Choose, choose anew, or with nothing take one's choice back, until the close. `group`: their stakeholder group.

    `sent`: when it was sent, where that is long before `now`. What arrives late takes the place of nothing that was sent
    after it: raises `NotNow`.
    """
    if poll.closed_at is not None or now >= poll.closes_at:
        closed = poll.closed_at or poll.closes_at
        raise NotNow(
            T("Poll {number} closed on {when}.", number=poll.number, when=Moment(closed, poll.zone)),
            T("See its result: {command}.", command=Say(f"poll show {poll.number}")),
        )
    if not asked:
        raise NotAllowed(
            T("Poll {number} is for the members of the body it was opened in.", number=poll.number),
            T("You can say what you think where it is discussed."),
        )
    held = reads.get(Choice, poll.community, poll.number, person)
    if held is not None and (sent or now) < held.chosen_at:
        raise NotNow(
            T("You have answered poll {number} since you sent this, and that answer stands.", number=poll.number),
            T("If you mean this one, choose it again."),
        )
    sent_at = sent if sent is not None and sent < now else None
    return PollChosen(poll.number, person, chosen, held.options if held else (), group, sent_at)


def result_now(reads: Reads, poll: Poll) -> Result:
    """What came of it, or would if it closed now."""
    if poll.result is not None:
        return poll.result
    choices = reads.all(Choice, community=poll.community, poll=poll.number)
    answers = [(each.stakeholder_group, each.options) for each in choices]
    return result_of(poll.kind, len(poll.options), poll.secret, answers)


def close_poll(reads: Reads, poll: Poll) -> PollClosed:
    """Close it with the counts kept, and what came of it."""
    if poll.closed_at is not None:
        raise NotNow(
            T("Poll {number} closed on {when} already.", number=poll.number, when=Moment(poll.closed_at, poll.zone)),
            T("See its result: {command}.", command=Say(f"poll show {poll.number}")),
        )
    return PollClosed(poll.number, poll.counts, poll.answers, result_now(reads, poll))
