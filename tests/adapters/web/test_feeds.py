"""Feeds, calendars and sitemaps as programs read them: archives that stay, meetings that moved, addresses in many files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin
from xml.etree.ElementTree import fromstring

import feedparser
import pytest
from icalendar import Calendar

from adapters.web import feeds
from adapters.web.feeds import Feed, Item, Syndicate
from adapters.web.prose import Prose
from adapters.web.site import one, record, source_of
from bot.text import T
from tests.builders import MAG, PRIVATE, World

BASE = "https://record.example.org/wg"
DAY = datetime(2027, 1, 1, tzinfo=UTC)


def _item(at: int) -> Item:
    return Item(DAY + timedelta(hours=at), "index.html", str(at), lambda _: (f"Event {at}", ""))


def files_of(mag: World, count: int) -> dict[str, bytes]:
    """A feed with so many entries."""
    items = tuple(_item(at) for at in range(count))
    with mag.store.reading() as reads:
        source = source_of(reads, MAG, datetime.now(UTC))
        made = Syndicate(source, Prose("en", "UTC"), BASE)
        return dict(made.files(Feed("feeds/all.atom", T("Working groups"), items)))


@pytest.mark.parametrize("count", [0, 1, 100, 101, 200, 201, 345])
def test_a_reader_finds_every_entry_by_its_archives_and_a_full_one_stays(count: int) -> None:
    mag = World()
    files = files_of(mag, count)
    seen: set[str] = set()
    address: str | None = f"{BASE}/feeds/all.atom"
    while address is not None:
        read = feedparser.parse(files[address.removeprefix(f"{BASE}/")])
        assert not read.bozo
        seen |= {each.title for each in read.entries}
        older = [each.href for each in read.feed.links if each.rel == "prev-archive"]
        address = urljoin(address, older[0]) if older else None
    assert seen == {f"Event {at}" for at in range(count)}
    more = files_of(mag, count + 150)
    full = [path for path in files if path != "feeds/all.atom"]
    assert all(_entries(files[path]) == _entries(more[path]) for path in full)


def _entries(content: bytes) -> list[str]:
    return [each.id for each in feedparser.parse(content).entries]


def test_a_meeting_that_moved_or_was_called_off_is_told_to_calendars() -> None:
    mag = World()
    mag.approved()
    mag.does(PRIVATE, 'meeting schedule "First call" "2027-02-08 14:00"', "#wg-mwp")

    def event() -> tuple[str, int, str]:
        with mag.store.reading() as reads:
            made = one(reads, MAG, datetime.now(UTC), "calendars/wg-mwp-igf-2027.ics")
        assert made is not None
        (found,) = Calendar.from_ical(made.content).walk("VEVENT")
        return str(found["uid"]), int(str(found["sequence"])), str(found.get("status", ""))

    uid, first, status = event()
    assert status != "CANCELLED"
    mag.does(PRIVATE, 'meeting move 1 "2027-02-09 14:00"', "#wg-mwp")
    assert event()[0] == uid
    assert event()[1] > first
    moved = event()[1]
    mag.does(PRIVATE, "meeting cancel 1 Ill.", "#wg-mwp")
    assert event() == (uid, event()[1], "CANCELLED")
    assert event()[1] > moved


def test_sitemaps_have_every_page_in_every_language_once_and_none_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "MOST_ADDRESSES", 4)
    mag = World()
    mag.approved()
    with mag.store.reading() as reads:
        files = {each.path: each.content for each in record(reads, MAG, datetime.now(UTC), BASE, ("fr",))}
        index = fromstring(files["sitemap.xml"])  # noqa: S314 — our own
        listed = [(each.text or "").removeprefix(f"{BASE}/") for each in index.iter(f"{{{feeds.SITEMAP}}}loc")]
        assert sorted(listed) == sorted(path for path in files if path.startswith("sitemap") and path != "sitemap.xml")
        assert {
            "sitemap-record.xml",
            "sitemap-group-wg-mwp-igf-2027.xml",
            "sitemap-group-wg-mwp-igf-2027.2.xml",
        } <= set(listed)
        parts = [fromstring(files[each]) for each in listed]  # noqa: S314 — our own
        addresses = [each.text or "" for part in parts for each in part.iter(f"{{{feeds.SITEMAP}}}loc")]
        pages = [path for path in files if path.endswith(".html")]
        assert sorted(each.removeprefix(f"{BASE}/") for each in addresses) == sorted(pages)
        assert all(len(list(part)) <= 4 for part in parts)
        for path in ("sitemap.xml", *listed):  # and served as they are exported
            served = one(reads, MAG, datetime.now(UTC), path, BASE, ("fr",))
            assert served is not None
            assert served.content == files[path]
