"""The calendar file, read back by the library that programs on the other side use too."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from icalendar import Calendar, Event

from adapters.shared.documents.ics import to_ics
from adapters.shared.words import Words
from bot.coming import Coming
from bot.domain.community import Community, Settings, Titles
from bot.domain.ids import CommunityId
from bot.text import T, said
from bot.view import Button
from tests.contracts.renderers import HOSTILE

OPENED = datetime(2027, 1, 18, 9, tzinfo=UTC)
CLOSES = datetime(2027, 1, 25, 9, tzinfo=UTC)
BUTTON = Button(T("Check 1"), "consensus show", {"check": "1"})


def community(name: str = "IGF MAG") -> Community:
    return Community(CommunityId("mag"), name, "Europe/Zurich", "en", Titles(), (), (), Settings(), False, 1)


def closing(question: str = "Shall we?", at: datetime = CLOSES, revision: int = 0) -> Coming:
    what = T("Consensus check {number} closes", number=1)
    return Coming("check:1", at, "Europe/Zurich", what, BUTTON, OPENED, revision, said(question))


LAST_DAY = Coming(
    "cycle:1:last",
    datetime(2027, 11, 29, 23, tzinfo=UTC),
    "Europe/Zurich",
    T("Last day of {cycle}", cycle="IGF 2027"),
    BUTTON,
    datetime(2026, 12, 6, 23, tzinfo=UTC),
    358,
    day=date(2027, 11, 30),
)


def calendar_of(written: bytes) -> Calendar:
    calendar = Calendar.from_ical(written)
    assert isinstance(calendar, Calendar)
    return calendar


def events(*coming: Coming, of: Community | None = None) -> list[Event]:
    return calendar_of(to_ics(of or community(), coming, Words())).events


def test_it_is_a_calendar_of_ours() -> None:
    written = to_ics(community(), [closing(), LAST_DAY], Words())
    calendar = calendar_of(written)
    assert (calendar["version"], calendar["prodid"]) == ("2.0", "-//wgbot//wgbot//EN")
    assert calendar["name"] == calendar["x-wr-calname"] == "IGF MAG"
    assert "method" not in calendar
    assert calendar.errors == []
    assert b"\r\n" in written
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert max(map(len, written.split(b"\r\n"))) <= 75


def test_a_close_is_a_moment_in_utc() -> None:
    (event,) = events(closing())
    assert event.DTSTART == CLOSES
    assert b"DTSTART:20270125T090000Z\r\n" in event.to_ical()
    assert "dtend" not in event
    assert event.DTSTAMP == OPENED
    assert event.summary == "Consensus check 1 closes"
    assert event.description == ("Consensus check 1 closes. Shall we?\nMon 25 Jan 2027, 10:00 (Zurich time, 09:00 UTC)")
    assert event["transp"] == "TRANSPARENT"
    assert "url" not in event


def test_a_day_is_a_whole_day() -> None:
    (event,) = events(LAST_DAY)
    assert (date(2027, 11, 30), date(2027, 12, 1)) == (event.DTSTART, event.DTEND)
    assert event.sequence == 358


def test_what_moves_keeps_its_identifier_and_counts_up() -> None:
    (before,), (after,) = events(closing()), events(closing(at=CLOSES + timedelta(days=1), revision=1440))
    assert before.uid == after.uid
    assert UUID(before.uid).version == 5
    assert (before.sequence, after.sequence) == (0, 1440)
    assert (CLOSES, CLOSES + timedelta(days=1)) == (before.DTSTART, after.DTSTART)


def test_identifiers_differ_between_things_and_communities() -> None:
    mine, day = events(closing(), LAST_DAY)
    (theirs,) = events(closing(), of=community("Another body"))
    assert len({mine.uid, day.uid, theirs.uid}) == 3


def test_the_same_state_gives_the_same_bytes() -> None:
    assert to_ics(community(), [closing(), LAST_DAY], Words()) == to_ics(community(), [closing(), LAST_DAY], Words())


@pytest.mark.parametrize("kind", [*HOSTILE, "new properties"])
def test_user_text_breaks_nothing(kind: str) -> None:
    hostile = HOSTILE.get(kind, "a\r\nEND:VEVENT\r\nBEGIN:VALARM\nX: y; z, \\n")
    (event,) = events(closing(f"before {hostile} after"), of=community(f"Body {hostile}"))
    assert event.DTSTART == CLOSES
    assert event.description
    assert "before" in event.description
    assert "after\n" in event.description
    assert event.subcomponents == []
