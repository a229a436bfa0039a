"""How facts are told: what the words are made with, and which event is told how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.domain.community import Community
from bot.domain.consensus.checks import (
    Check,
)
from bot.domain.consultations import (
    Consultation,
)
from bot.domain.events import Fact
from bot.domain.ids import PersonId
from bot.domain.people import Person
from bot.domain.polls import Poll
from bot.domain.recommendations import (
    Recommendation,
    of_check,
)
from bot.domain.records import Reads
from bot.text import PersonName, Text


@dataclass(frozen=True, slots=True)
class Teller:
    """What the words are made with. `seated`: whoever reads is of the body, and sees who took which position."""

    reads: Reads
    community: Community
    fact: Fact
    seated: bool

    @property
    def by(self) -> PersonName:
        """Who did it."""
        return self.name(self.fact.by)

    def name(self, person: PersonId | None) -> PersonName:
        """A person's name."""
        found = self.reads.get(Person, self.community.id, person) if person else None
        return PersonName(str(person or ""), found.name if found else "—")

    def of_check(self, number: int) -> str:
        """The group that a check is of, or about."""
        check = self.reads.get(Check, self.community.id, number)
        if check is None:
            return ""
        about = of_check(self.reads, self.community.id, number)
        return check.group or (about.group if about is not None else check.body)

    def of_consultation(self, number: int) -> str:
        """The group that a consultation is about."""
        found = self.reads.get(Consultation, self.community.id, number)
        return found.group if found is not None else ""

    def of_poll(self, number: int) -> str:
        """The group that a poll is of."""
        found = self.reads.get(Poll, self.community.id, number)
        return found.body if found is not None else ""

    def of_recommendation(self, number: int) -> str:
        """The group that a recommendation is of."""
        found = self.reads.get(Recommendation, self.community.id, number)
        return found.group if found is not None else ""


Told = tuple[str, Text] | None
Telling = Callable[[Teller, Any], Told]
G = TypeVar("G", bound=Telling)

TELLS: dict[type[Any], Telling] = {}
"""How each event is told: the id of its group, and what happened; None: not to this reader."""


def tells(kind: type[Any]) -> Callable[[G], G]:
    """Declare how an event is told."""

    def declare(function: G) -> G:
        TELLS[kind] = function
        return function

    return declare
