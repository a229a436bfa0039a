"""Counting ranked answers: instant run-off, and the Condorcet method of Schulze. Pure functions of ballots.

A ballot is the numbers of options, from 1, most wanted first; what it leaves out is wanted less than all it names. The
library that does this and much more needs compilers and a solver; these two rules are short, and proven on the examples
they were published with.
"""

from __future__ import annotations

from collections.abc import Sequence

Ballot = tuple[int, ...]

OUT = -1
"""In a round of the run-off: the option is out already."""


def instant_runoff(options: int, ballots: Sequence[Ballot]) -> tuple[tuple[int, ...], ...]:
    """The rounds of an instant run-off: how many ballots each option has in it, `OUT` for those that are out.

    Each round the option with the fewest goes and its ballots pass to what they want next, until one has more than half
    of those that still count, or all that are left have as many. A tie for the fewest goes to who had more in the last
    round that tells them apart, then to whom Schulze's order puts above, then to who stands first in the list.
    """
    rounds: list[tuple[int, ...]] = []
    left = set(range(1, options + 1))
    below = {option: place for place, tier in enumerate(schulze(options, ballots)) for option in tier}
    while left:
        counts = dict.fromkeys(left, 0)
        for ballot in ballots:
            first = next((option for option in ballot if option in left), None)
            if first is not None:
                counts[first] += 1
        rounds.append(tuple(counts.get(option, OUT) for option in range(1, options + 1)))
        most, counting = max(counts.values()), sum(counts.values())
        if 2 * most > counting or min(counts.values()) == most:
            break
        fewest = [option for option in left if counts[option] == min(counts.values())]
        left.remove(_weakest(fewest, rounds, below))
    return tuple(rounds)


def _weakest(tied: list[int], rounds: list[tuple[int, ...]], below: dict[int, int]) -> int:
    for earlier in reversed(rounds[:-1]):
        least = min(earlier[option - 1] for option in tied)
        tied = [option for option in tied if earlier[option - 1] == least]
    return max(tied, key=lambda option: (below[option], option))


def leading(rounds: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """Who is ahead in the last round: the winner, or several that are level. Nobody where nobody answered."""
    if not rounds or max(rounds[-1]) <= 0:
        return ()
    most = max(rounds[-1])
    return tuple(number for number, count in enumerate(rounds[-1], 1) if count == most)


def schulze(options: int, ballots: Sequence[Ballot]) -> tuple[tuple[int, ...], ...]:
    """Schulze's order: the options in tiers, the most wanted first; those of a tier are level.

    Source: Markus Schulze, "A new monotonic, clone-independent, reversal symmetric, and condorcet-consistent
    single-winner election method" (2011); links are measured by winning votes.
    """
    numbers = range(1, options + 1)
    prefer = _pairs(options, ballots)
    path = {
        (one, other): prefer[one, other] if prefer[one, other] > prefer[other, one] else 0
        for one in numbers
        for other in numbers
    }
    for through in numbers:
        for start in numbers:
            for end in numbers:
                by_way = min(path[start, through], path[through, end])
                if start != end and by_way > path[start, end]:
                    path[start, end] = by_way
    tiers: dict[int, list[int]] = {}
    for option in numbers:
        above = sum(path[option, other] < path[other, option] for other in numbers)
        tiers.setdefault(above, []).append(option)
    return tuple(tuple(tiers[above]) for above in sorted(tiers))


def _pairs(options: int, ballots: Sequence[Ballot]) -> dict[tuple[int, int], int]:
    """How many want one option more than another."""
    numbers = range(1, options + 1)
    prefer = {(one, other): 0 for one in numbers for other in numbers}
    for ballot in ballots:
        behind = set(numbers)
        for option in ballot:
            behind.discard(option)
            for other in behind:
                prefer[option, other] += 1
    return prefer
