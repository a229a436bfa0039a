"""What is coming up as a calendar file (iCalendar, RFC 5545), and a meeting as an invitation: the same bytes for the same state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid5

from icalendar import Calendar, Event, vCalAddress, vText

from adapters.shared.documents.sheet import one_line
from adapters.shared.words import Words
from bot.coming import Coming, in_full
from bot.domain.community import Community
from bot.text import Moment, T, Text

_OURS: Final = UUID("6f1b6d5e-3c1c-5a53-9c5e-5d0b8f1d7a42")
"""Names what is ours, so that no other program makes the same identifiers (RFC 9562 §5.5)."""


_NOBODY: Final = "invalid:nomail"
"""An organiser's address where there is none: the body has a name, and answers are given in chat."""


def to_ics(community: Community, coming: Iterable[Coming], words: Words) -> bytes:
    """The calendar as UTF-8 with CRLF. Times are in UTC; a day of the cycle is a whole day. There are no links in it.

    There is no METHOD, so DTSTAMP is when an event was announced or changed (§3.8.7.2); that it moved, SEQUENCE says.
    """
    calendar = _calendar(community)
    for each in coming:
        calendar.add_component(_event(community, each, words))
    written: bytes = calendar.to_ical()
    return written


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is invited by mail: their name and address, and the address that the invitation is from."""

    name: str
    address: str
    organiser: str


def to_invitation(
    community: Community, coming: Coming, words: Words, link: str, invited: Invited | None = None
) -> bytes:
    """One meeting, to be taken into a calendar: published, or cancelled where it was (RFC 5546 §3.2).

    `link` is the one to join by, "" for who is not shown it. A file invites nobody in particular, and its organiser has no
    address. To somebody `invited` by mail it is a request, which their calendar shows as one; no answer to it is asked for.
    """
    calendar = _calendar(community)
    calendar.add("method", method_of(coming, invited))
    event = _event(community, coming, words)
    organiser = vCalAddress(f"mailto:{invited.organiser}" if invited is not None else _NOBODY)
    organiser.params["CN"] = one_line(community.name)
    event.add("organizer", organiser, encode=False)
    if invited is not None:
        attendee = vCalAddress(f"mailto:{invited.address}")
        attendee.params["CN"] = one_line(invited.name)
        attendee.params["PARTSTAT"] = "NEEDS-ACTION"
        attendee.params["RSVP"] = "FALSE"
        event.add("attendee", attendee, encode=False)
    if link:
        event.add("url", link)
        event["description"] = vText(f"{event['description']}\n{link}")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def method_of(coming: Coming, invited: Invited | None = None) -> str:
    """What is done with the entry."""
    if coming.cancelled:
        return "CANCEL"
    return "PUBLISH" if invited is None else "REQUEST"


def _calendar(community: Community) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//wgbot//wgbot//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", one_line(community.name))  # RFC 7986
    calendar.add("x-wr-calname", one_line(community.name))  # what most programs read instead
    return calendar


def _event(community: Community, coming: Coming, words: Words) -> Event:
    def line(text: Text) -> str:
        return one_line(words.say(text))

    event = Event()
    event.add("uid", str(uuid5(_OURS, f"{community.id}|{one_line(community.name)}|{coming.id}")))
    event.add("dtstamp", coming.known_since)
    event.add("sequence", coming.revision)
    if coming.day is not None:
        event.add("dtstart", coming.day)
        event.add("dtend", coming.day + timedelta(days=1))
    else:
        event.add("dtstart", coming.at)
        if coming.ends_at is not None:  # no end: a moment (§3.6.1)
            event.add("dtend", coming.ends_at)
    if coming.venue is not None:
        event.add("location", line(coming.venue))
    if coming.cancelled:
        event.add("status", "CANCELLED")
    event.add("summary", line(coming.what))
    description = [line(in_full(coming))]
    if coming.day is None:
        description.append(line(T("{when}", when=Moment(coming.at, coming.zone))))
    event.add("description", "\n".join(description))
    event.add(
        "transp", "TRANSPARENT" if coming.ends_at is None else "OPAQUE"
    )  # nobody is busy because something closes
    return event
