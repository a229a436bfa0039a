"""Counting anew what is kept counted: positions by stakeholder group, and the answers of polls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.domain.consensus.checks import Asked, Held, TallyCell
from bot.domain.poll_results import weights
from bot.domain.polls import Choice, Poll


class Recount:
    """Give it every stored record of a community; it keeps what it needs to count."""

    def __init__(self) -> None:
        self._group: dict[tuple[int, str], str] = {}
        self._held: list[Held] = []
        self._cells: Counter[tuple[int, str, str]] = Counter()
        self._polls: list[Poll] = []
        self._chosen: dict[int, list[tuple[int, ...]]] = {}
        self._answers: Counter[int] = Counter()

    def add(self, record: Any) -> None:
        """Take note of a record."""
        match record:
            case Asked():
                self._group[record.check, record.person] = record.stakeholder_group
            case Held():
                self._held.append(record)
            case TallyCell():
                self._cells[record.check, record.stakeholder_group, record.position] += record.count
            case Poll():
                self._polls.append(record)
            case Choice():
                self._answers[record.poll] += 1
                self._chosen.setdefault(record.poll, []).append(record.options)

    def disagreements(self) -> Iterator[str]:
        """The tallies that are not what counting gives."""
        counted = Counter(
            (held.check, self._group.get((held.check, held.person), ""), str(held.position)) for held in self._held
        )
        for cell in sorted(counted.keys() | self._cells.keys()):
            if counted[cell] != self._cells[cell]:
                yield f"TallyCell {cell}"
        for poll in self._polls:
            if poll.secret and poll.closed:
                continue  # its choices were destroyed; only counts remain
            options = len(poll.options)
            counts = (0,) * options
            for answer in self._chosen.get(poll.number, ()):
                given = weights(poll.kind, options, answer)
                counts = tuple(count + more for count, more in zip(counts, given, strict=True))
            if poll.counts != counts or poll.answers != self._answers[poll.number]:
                yield f"Poll {poll.number}"
