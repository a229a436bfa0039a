"""What happened in a working group, in words, from the facts of the log.

Only what is listed here is told: a fact without words is none of the public's, or nothing one would look for. What the
body keeps to itself (who took which position, who objects without being named in public) is told to those seated alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.domain.community import Community
from bot.domain.events import Fact
from bot.domain.ids import GroupId
from bot.domain.records import Reads
from bot.history import agreeing, arranging, formation, working
from bot.history.telling import TELLS, Teller
from bot.text import Text

TOLD_IN = (formation, agreeing, arranging, working)
"""Where the words are: imported, so that they are declared."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: when (UTC), and in words."""

    at: datetime
    text: Text


def history_of(
    reads: Reads, facts: Iterable[Fact | None], community: Community, group: GroupId, *, seated: bool
) -> Iterator[Entry]:
    """What happened in a group, in order."""
    for fact in facts:
        tell = TELLS.get(type(fact.event)) if fact is not None else None
        if fact is None or tell is None:
            continue
        told = tell(Teller(reads, community, fact, seated), fact.event)
        if told is not None and told[0] == group:
            yield Entry(fact.at, told[1])
