"""Drafts: a command being filled in, one per person and place, stored. A modal, a thread and a prompt are views of it."""

from __future__ import annotations

from datetime import datetime

from bot.domain.ids import CommunityId
from bot.domain.records import record


@record(key="community platform team user place", lists=("community platform team user",), logged=False)
class Draft:
    """What a person has typed so far for a command. `asking` is the field asked next ("": all asked)."""

    community: CommunityId
    platform: str
    team: str
    user: str
    place: str
    command: str
    answers: dict[str, str]
    asking: str
    skipped: tuple[str, ...]
    updated_at: datetime
