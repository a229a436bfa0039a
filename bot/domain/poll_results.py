"""What comes of a poll: by stakeholder group, and for ranked answers who wins. Pure functions of the answers.

A secret poll breaks out no stakeholder group of fewer than three answers; and as what is left out could be reckoned from
the rest, it then breaks out none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ranking import instant_runoff, schulze

SMALLEST_GROUP_SHOWN = 3
"""Answers of a stakeholder group, from which on a secret poll breaks it out."""

MOST_POINTS = 5
"""What one can give an option in a score poll, from 0."""


class PollKind(StrEnum):
    """How a poll is answered, and so counted."""

    SINGLE = "single"
    """One option."""
    MULTIPLE = "multiple"
    """Several."""
    APPROVAL = "approval"
    """All one approves of."""
    RANKED = "ranked"
    """The most wanted first: instant run-off, and Schulze's order."""
    SCORE = "score"
    """Points for each."""
    AVAILABILITY = "availability"
    """All one could make: the best suits most stakeholder groups, then most people."""


TAPPED = frozenset({PollKind.SINGLE, PollKind.MULTIPLE, PollKind.APPROVAL, PollKind.AVAILABILITY})
"""Kinds that are answered by tapping options."""


@dataclass(frozen=True, slots=True)
class GroupResult:
    """How one stakeholder group answered: people, and for each option what `weights` says."""

    group: str
    answers: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a poll. `groups`: empty where it may not be broken out; `rounds` and `order` of ranked answers only."""

    groups: tuple[GroupResult, ...] = ()
    rounds: tuple[tuple[int, ...], ...] = ()
    order: tuple[tuple[int, ...], ...] = ()


def weights(kind: PollKind, options: int, answer: tuple[int, ...]) -> tuple[int, ...]:
    """What an answer adds to each option: one for what was chosen, or wanted first; the points of a score."""
    if kind is PollKind.SCORE:
        return answer or (0,) * options
    chosen = answer[:1] if kind is PollKind.RANKED else answer
    return tuple(int(number in chosen) for number in range(1, options + 1))


def result_of(kind: PollKind, options: int, secret: bool, answers: Sequence[tuple[str, tuple[int, ...]]]) -> Result:
    """What came of (stakeholder group, answer) of everybody who answered."""
    groups: dict[str, list[tuple[int, ...]]] = {}
    for group, answer in sorted(answers):
        groups.setdefault(group, []).append(answer)
    shown = not secret or all(len(each) >= SMALLEST_GROUP_SHOWN for each in groups.values())
    broken_out = tuple(
        GroupResult(group, len(given), _added(kind, options, given)) for group, given in groups.items() if shown
    )
    if kind is not PollKind.RANKED:
        return Result(broken_out)
    ballots = [answer for _, answer in answers]
    return Result(broken_out, instant_runoff(options, ballots), schulze(options, ballots) if ballots else ())


def _added(kind: PollKind, options: int, given: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    columns = zip(*(weights(kind, options, answer) for answer in given), strict=True)
    return tuple(sum(column) for column in columns)


def best(kind: PollKind, counts: tuple[int, ...], result: Result) -> tuple[int, ...]:
    """Which options are ahead, by number; several where they are level, none where nobody answered."""
    if kind is PollKind.RANKED:
        return result.order[0] if result.order else ()
    if kind is PollKind.AVAILABILITY and result.groups:
        suits = [sum(each.counts[at] > 0 for each in result.groups if each.group) for at in range(len(counts))]
        merits = list(zip(suits, counts, strict=True))
    else:
        merits = [(0, count) for count in counts]
    most = max(merits, default=(0, 0))
    return tuple(number for number, merit in enumerate(merits, 1) if merit == most) if most[1] else ()
