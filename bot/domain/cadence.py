"""How often working groups report: when the next update is due, and the deadlines that follow from it.

Source: "periodic updates"; where the guidelines are silent, before each meeting of the full membership, else monthly.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.dues import Due, DueKind
from bot.domain.ids import CommunityId, GroupId
from bot.domain.meetings import Meeting, MeetingState
from bot.domain.reminders import planning

SOON = timedelta(days=7)
"""Before an update is due; from then on it is among what needs its co-facilitators, and reminders are planned."""

GRACE = timedelta(days=7)
"""After it was due; then it is late."""

APART = timedelta(days=7)
"""Between an update and a meeting that asks for the next one: what was reported this week is still news there."""

_MONTHS = 12


def a_month_later(at: datetime, zone: str) -> datetime:
    """The same day and time of the next month there, or its last day (UTC)."""
    local = at.astimezone(ZoneInfo(zone))
    year, month = (local.year, local.month + 1) if local.month < _MONTHS else (local.year + 1, 1)
    day = min(local.day, calendar.monthrange(year, month)[1])
    return local.replace(year=year, month=month, day=day).astimezone(UTC)


def due_after(since: datetime, zone: str, meetings: Iterable[Meeting], weeks: int = 0) -> datetime:
    """When the next update is due (UTC): so many weeks later at the same hour there, where a group chose them.

    0 weeks: as the full membership's next meeting begins, or within a month at the latest. `meetings` are those of the
    full membership, past ones too: an update that was due before one stays due.
    """
    if weeks:
        return (since.astimezone(ZoneInfo(zone)) + timedelta(weeks=weeks)).astimezone(UTC)
    month = a_month_later(since, zone)
    before = (
        each.starts_at
        for each in meetings
        if each.state is not MeetingState.CANCELLED and since + APART <= each.starts_at < month
    )
    return min(before, default=month)


def waiting_for_update(
    community: CommunityId,
    group: GroupId,
    since: datetime,
    zone: str,
    meetings: Iterable[Meeting],
    weeks: int = 0,
    moved: tuple[datetime, str] | None = None,
) -> Iterable[Due]:
    """The deadlines of the next update: when its reminders are planned, and when it is late. `weeks` as in `due_after`.

    `moved`: when and by what it became another time than before; what has passed by then is not met once more.
    """
    due_at = due_after(since, zone, meetings, weeks)
    now, cause = moved or (since, "")
    if due_at > now:
        yield planning(community, f"update:{group}{cause}", due_at, zone, max(now, due_at - SOON))
    if due_at + GRACE > now:
        yield Due(community, DueKind.UPDATE_LATE, group, due_at + GRACE, zone)
