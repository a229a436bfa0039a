"""What others subscribe to: Atom feeds (RFC 4287), calendars (RFC 5545), a sitemap, and the pages' content as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

import msgspec

from adapters.shared.documents.ics import to_ics
from adapters.web.model import Event, FrontPage, GroupPage, Page, Source
from adapters.web.paths import relative
from adapters.web.prose import Prose, public
from bot.chart import Chart
from bot.coming import coming_up, meeting_coming
from bot.domain.balance import Balance
from bot.domain.groups import Group
from bot.domain.ids import GroupId
from bot.domain.meetings import meetings_of
from bot.text import T, Text

ATOM: Final = "http://www.w3.org/2005/Atom"
SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST: Final = 100
"""Entries in a feed: the newest. Older ones are on the pages."""

_OURS: Final = UUID("0d9f1b57-9d5d-5d0e-8a53-5a6f5d1e2b11")
_LOOKS: Final = frozenset({"mood", "life"})
_SECRET_KINDS: Final = ("poll:",)


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a feed."""

    at: datetime
    title: str
    path: str
    key: str
    about: str = ""


def atom(source: Source, prose: Prose, path: str, title: Text, items: Iterable[Item], base: str) -> bytes:
    """A feed at `path`. An entry's id follows from what happened, where and when, so a reader never shows it twice."""
    newest = sorted(items, key=lambda each: (each.at, each.key), reverse=True)[:MOST]
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": prose.language})
    name = public(source.community.name)
    SubElement(feed, "id").text = _urn(source, path)
    SubElement(feed, "title").text = f"{prose.line(title)} · {name}"
    SubElement(feed, "updated").text = _stamp(newest[0].at if newest else source.since)
    SubElement(SubElement(feed, "author"), "name").text = name
    SubElement(feed, "link", {"rel": "self", "href": f"{base}/{path}" if base else path.rpartition("/")[2]})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": _link("index.html", path, base)})
    for each in newest:
        entry = SubElement(feed, "entry")
        SubElement(entry, "id").text = _urn(source, f"{each.path}|{each.key}|{_stamp(each.at)}")
        SubElement(entry, "title").text = each.title
        SubElement(entry, "updated").text = _stamp(each.at)
        SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": _link(each.path, path, base)})
        if each.about:
            SubElement(entry, "summary").text = each.about
    return _xml(feed)


def happened(prose: Prose, page: GroupPage, events: Iterable[Event]) -> Iterator[Item]:
    """The history of a group as entries."""
    for each in events:
        title = f"{page.short_name}: {prose.line(each.what)}"
        yield Item(each.at, public(title), each.path or page.path, each.key, public(page.full_name))


def opened(prose: Prose, page: FrontPage) -> Iterator[Item]:
    """What is open now as entries."""
    for each in page.open_now:
        about = prose.line(each.about) if each.about is not None else ""
        title = f"{prose.line(each.title)}: {prose.line(each.state)}"
        yield Item(each.at, title, each.path, "open", about)


def all_feeds(source: Source, prose: Prose, pages: Iterable[Page], base: str) -> Iterator[tuple[str, bytes]]:
    """Every feed: of everything, of what is open, and of each group."""
    everything: list[Item] = []
    for page in pages:
        if isinstance(page, FrontPage):
            path = "feeds/open.atom"
            yield path, atom(source, prose, path, T("Open now"), opened(prose, page), base)
        if isinstance(page, GroupPage):
            items = list(happened(prose, page, page.history))
            everything += items
            path = f"feeds/{page.slug}.atom"
            yield path, atom(source, prose, path, T("{group}", group=page.short_name), items, base)
    path = "feeds/all.atom"
    yield path, atom(source, prose, path, T("Working groups"), everything, base)


def calendars(source: Source, prose: Prose) -> Iterator[tuple[str, bytes]]:
    """The calendar of everything that is to come, and of each group's meetings, cancelled ones said to be so."""
    reads, community = source.reads, source.community
    coming = [
        each
        for each in coming_up(reads, community, source.now, cancelled=True)
        if not each.id.startswith(_SECRET_KINDS)
    ]
    yield "calendars/all.ics", to_ics(community, coming, prose.plain)
    for group in reads.all(Group, community=community.id):
        met = [meeting_coming(reads, community, each) for each in meetings_of(reads, community.id, GroupId(group.id))]
        yield f"calendars/{source.paths.slug_of(group.id)}.ics", to_ics(community, met, prose.plain)


def sitemap(pages: Iterable[Page], base: str) -> bytes:
    """Every page's address, with when something last happened on it."""
    root = Element("urlset", {"xmlns": SITEMAP})
    for page in pages:
        url = SubElement(root, "url")
        SubElement(url, "loc").text = f"{base}/{page.path}"
        SubElement(url, "lastmod").text = _stamp(page.updated_at)
    return _xml(root)


def data(prose: Prose, page: Page) -> tuple[str, bytes]:
    """A page's content as JSON, under the page's own name: times in UTC, sentences in the community's language."""
    path = f"api/v1/{page.path.removesuffix('.html')}.json"
    text = json.dumps(_plain(page, prose), ensure_ascii=False, indent=1, sort_keys=True)
    return path, f"{text}\n".encode()


def _plain(value: Any, prose: Prose) -> Any:
    if isinstance(value, Text):
        return prose.line(value)
    if isinstance(value, datetime):
        return _stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return public(value)
    if isinstance(value, tuple | list):
        return [_plain(each, prose) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _named(((each.name, getattr(value, each.name)) for each in fields(value)), prose)
    if isinstance(value, msgspec.Struct):
        return _named(((name, getattr(value, name)) for name in value.__struct_fields__), prose)
    return value


def _named(pairs: Iterable[tuple[str, Any]], prose: Prose) -> dict[str, Any]:
    """Fields by name, without how things look: pictures and colours are for pages."""
    return {
        name: _plain(value, prose)
        for name, value in pairs
        if name not in _LOOKS and not isinstance(value, Chart | Balance)
    }


def _link(to: str, at: str, base: str) -> str:
    return f"{base}/{to}" if base else relative(to, at)


def _urn(source: Source, name: str) -> str:
    return uuid5(_OURS, f"{source.community.id}|{name}").urn


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _xml(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
