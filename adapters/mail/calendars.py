"""What a calendar program answers to an invitation (RFC 5546, `METHOD:REPLY`): that somebody comes, may come, or does not."""

from __future__ import annotations

from typing import Final

from icalendar import Calendar

DECLINED: Final = "DECLINED"
LARGEST: Final = 100_000
"""Characters of a calendar entry; a reply has a hundredth."""


def answer_in(entry: str) -> str:
    """`ACCEPTED`, `TENTATIVE`, `DECLINED` or whatever it says; "" where it is no answer to an invitation."""
    try:
        calendar = Calendar.from_ical(entry) if 0 < len(entry) <= LARGEST else None
    except (ValueError, KeyError, IndexError):
        return ""
    if calendar is None or str(calendar.get("METHOD", "")).upper() != "REPLY":
        return ""
    for event in calendar.walk("VEVENT"):
        attendees = event.get("ATTENDEE", [])
        for each in attendees if isinstance(attendees, list) else [attendees]:
            said = str(getattr(each, "params", {}).get("PARTSTAT", "")).upper()
            if said:
                return said
    return "NEEDS-ACTION"
