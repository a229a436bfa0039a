"""How often working groups report: when the next update is due, and the deadlines that follow from it.

Source: "periodic updates"; where the guidelines are silent, monthly.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.dues import Due, DueKind
from bot.domain.ids import CommunityId, GroupId
from bot.domain.reminders import planning

SOON = timedelta(days=7)
"""Before an update is due; from then on it is among what needs its co-facilitators, and reminders are planned."""

GRACE = timedelta(days=7)
"""After it was due; then it is late."""

_MONTHS = 12


def a_month_later(at: datetime, zone: str) -> datetime:
    """The same day and time of the next month there, or its last day (UTC)."""
    local = at.astimezone(ZoneInfo(zone))
    year, month = (local.year, local.month + 1) if local.month < _MONTHS else (local.year + 1, 1)
    day = min(local.day, calendar.monthrange(year, month)[1])
    return local.replace(year=year, month=month, day=day).astimezone(UTC)


def next_due(since: datetime, zone: str, weeks: int = 0) -> datetime:
    """When an update is due after one, or after a start (UTC): so many weeks later, at the same hour there; 0: a month."""
    if not weeks:
        return a_month_later(since, zone)
    return (since.astimezone(ZoneInfo(zone)) + timedelta(weeks=weeks)).astimezone(UTC)


def waiting_for_update(
    community: CommunityId, group: GroupId, since: datetime, zone: str, weeks: int = 0
) -> Iterable[Due]:
    """The deadlines of the next update: when its reminders are planned, and when it is late. `weeks` as in `next_due`."""
    due_at = next_due(since, zone, weeks)
    yield planning(community, f"update:{group}", due_at, zone, due_at - SOON)
    yield Due(community, DueKind.UPDATE_LATE, group, due_at + GRACE, zone)
