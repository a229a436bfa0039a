"""Notes for the minutes: what was said or agreed, kept with author and time until a meeting's summary is written from it.

A note is nobody's decision and no summary: it is what the next summary is made of.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.domain.community import counted
from bot.domain.events import Fact, applies, event
from bot.domain.ids import CommunityId, PersonId
from bot.domain.records import Reads, record


@record(key="community body number", lists=("community body",))
class Minute:
    """One note. `body` is whose minutes: the MAG's, or a group's (its id). `link` leads to where it was said ("": nowhere)."""

    community: CommunityId
    body: str
    number: int
    author: PersonId
    text: str
    link: str
    noted_at: datetime


@event("minutes.noted", private="text link")
class MinuteNoted:
    """Somebody noted something for the minutes of a body."""

    body: str
    number: int
    author: PersonId
    text: str
    link: str


def counter_of(body: str) -> str:
    """The kind under which a body's notes are counted."""
    return f"minute:{body}"


@applies(MinuteNoted)
def _noted(reads: Reads, fact: Fact, event: MinuteNoted) -> Iterable[Any]:
    yield Minute(fact.community, event.body, event.number, event.author, event.text, event.link, fact.at)
    yield counted(fact.community, counter_of(event.body), event.number)


def minutes_of(reads: Reads, community: CommunityId, body: str) -> tuple[Minute, ...]:
    """Every note of a body, the oldest first."""
    return reads.all(Minute, community=community, body=body)
