"""The current card of any subject, from state. A subject is written `kind:key`: `check:3`, `proposal:GROUP`.

Cards are never stored: what is shown is what is.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from bot.domain.community import Community
from bot.domain.ids import CommunityId
from bot.domain.records import Reads
from bot.view import View

Presenter = Callable[[Reads, Community, str, datetime], View | None]
P = TypeVar("P", bound=Callable[..., View | None])
V = TypeVar("V")

PRESENTERS: dict[str, Presenter] = {}

WHERE = {
    "proposal": "groups",
    "group": "groups",
    "consultation": "consultations",
    "check": "checks",
    "decision": "checks",
    "poll": "polls",
    "act": "acts",
    "update": "updates",
    "modalities": "modalities",
    "secretariat-role": "secretariat",
    "completion": "completions",
    "review": "reviews",
    "charter-change": "charters",
    "recommendation": "recommendations",
    "document": "documents",
    "documents": "documents",
    "meeting": "meetings",
    "summary": "meetings",
    "times": "finding",
    "home": "home",
}
"""In which module each kind of subject is drawn; it is imported when one is first shown."""


def presents(kind: str) -> Callable[[P], P]:
    """Declare what shows subjects of a kind. It is given state, the community, the key and the time."""

    def declare(function: P) -> P:
        PRESENTERS[kind] = function
        return function

    return declare


def present(reads: Reads, community: CommunityId, subject: str, real_now: datetime) -> View | None:
    """The card of a subject as it is now; None when there is nothing to show any more."""
    found = reads.get(Community, community)
    kind, _, key = subject.partition(":")
    if found is None or kind not in WHERE:
        return None
    importlib.import_module(f"bot.present.{WHERE[kind]}")
    return PRESENTERS[kind](reads, found, key, found.now(real_now))


def shown(card: V | None) -> V:
    """A card of something that is known to exist."""
    if card is None:
        raise LookupError("nothing to show")
    return card
