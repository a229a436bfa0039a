"""What time makes due: one row for each deadline, kept in step by the events that set, move and meet it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from bot.domain.ids import CommunityId
from bot.domain.records import record


class DueKind(StrEnum):
    """What happens at the time."""

    CONSULTATION_CLOSES = "consultation-closes"
    CHECK_CLOSES = "check-closes"
    POLL_CLOSES = "poll-closes"
    UPDATE_LATE = "update-late"
    """A working group (its subject) has not reported for so long that it is flagged."""
    GROUP_ENDS = "group-ends"
    """A working group's or a proposal's time is over."""
    GROUP_ENDING = "group-ending"
    """A working group's end is near: its subject names the group and how many weeks are left, `…:6`."""
    VACANCY_NOTICED = "vacancy-noticed"
    """A co-facilitator of a working group (its subject) has been missing for four weeks."""
    HOMES_CLOSE = "homes-close"
    """The rooms of a working group that has ended are closed to new words."""
    UPDATES_MISSED = "updates-missed"
    """A working group has missed two updates in a row."""
    REVIEW_REPLIES = "review-replies"
    """The right of reply in a progress review (its number) is over."""
    MEETING_SOON = "meeting-soon"
    """A meeting (its number) begins in an hour."""
    SUMMARY_LATE = "summary-late"
    """The summary of a meeting (its number) was to be there by now."""
    TIMES_CLOSE = "times-close"
    """The search for a time (its number) is over."""
    REMINDING = "reminding"
    """Reminders of something that will close are planned; its subject names it and its close: `check:3:1799999999`."""
    REMINDER = "reminder"
    """A person (its subject) is reminded."""
    HELD = "held"
    """A person (its subject) is sent what waited until they want to be written to."""


@record(key="community kind subject", lists=("community",))
class Due:
    """A deadline: `due_at` (UTC), and the IANA zone it was meant in. The row goes when it is met or called off."""

    community: CommunityId
    kind: DueKind
    subject: str
    due_at: datetime
    zone: str
