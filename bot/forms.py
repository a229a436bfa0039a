"""Drafts: a command being filled in, one per person, place and window, stored. A modal, a thread and a prompt show it."""

from __future__ import annotations

from datetime import datetime

from bot.domain.ids import CommunityId
from bot.domain.records import record


@record(key="community platform team user place window", lists=("community platform team user",), logged=False)
class Draft:
    """What a person has typed so far for a command. `asking` is the field asked next ("": all asked).

    `window` is "" where a place holds one form at a time (see `bot.context.Space`).
    """

    community: CommunityId
    platform: str
    team: str
    user: str
    place: str
    window: str
    command: str
    answers: dict[str, str]
    asking: str
    skipped: tuple[str, ...]
    updated_at: datetime
