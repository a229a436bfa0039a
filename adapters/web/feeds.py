"""What others subscribe to: Atom feeds (RFC 4287), calendars (RFC 5545), a sitemap, and the pages' content as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from functools import cache, partial
from html import escape
from typing import Any, Final, cast
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

import msgspec

from adapters.web.gathered import Gathered
from adapters.web.history import TOLD_OF, history
from adapters.web.model import Entry, Page, Source
from adapters.web.of_front import open_now
from adapters.web.paths import relative
from adapters.web.prose import Prose, public
from adapters.web.rendering import Tongue
from bot.coming import Coming, coming_up, meeting_coming
from bot.domain.community import Community
from bot.domain.groups import Group
from bot.domain.meetings import meetings_of
from bot.text import T, Text

ATOM: Final = "http://www.w3.org/2005/Atom"
SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
EVERYTHING: Final = "feeds/all.atom"
MOST: Final = 100
"""Entries in a feed: the newest. Older ones are in its archives, so many in each (RFC 5005 §4)."""

MOST_ADDRESSES: Final = 50_000
"""In one sitemap, by its protocol."""

XHTML: Final = "http://www.w3.org/1999/xhtml"
HISTORY: Final = "http://purl.org/syndication/history/1.0"

_OURS: Final = UUID("0d9f1b57-9d5d-5d0e-8a53-5a6f5d1e2b11")
LOOKS: Final = frozenset({"mood", "life", "chart", "balance", "balance_chart", "seats_chart"})
"""Fields that say how a page looks, and are not told to programs."""

_SECRET_KINDS: Final = ("poll:",)


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a feed. `words` are its title and what it is about: most entries of a feed stand in its other files."""

    at: datetime
    path: str
    key: str
    words: Callable[[Prose], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: where it lies, what it is called, and all its entries, `in_order`; the same in every language."""

    path: str
    title: Text
    items: tuple[Item, ...]


class Syndicate:
    """Makes the feeds of one edition. `base` is where its top stands on the web ("": not known)."""

    def __init__(self, source: Source, prose: Prose, base: str) -> None:
        self._source = source
        self._prose = prose
        self._base = base

    def files(self, feed: Feed, wanted: Callable[[str], bool] = lambda _: True) -> Iterator[tuple[str, bytes]]:
        """The feed with its newest entries, and its archives, counted from the oldest: a full one stays as it is.

        Those that are not `wanted`, by path, are left out.
        """
        items = feed.items
        full = max(len(items) - 1, 0) // MOST  # the newest are in the feed itself
        if wanted(feed.path):
            yield feed.path, self._document(feed, items[-MOST:], feed.path, older=full)
        for number in range(1, full + 1):
            path = _archive(feed.path, number)
            if wanted(path):
                part = items[(number - 1) * MOST : number * MOST]
                newer = number + 1 if number < full else 0
                yield path, self._document(feed, part, path, older=number - 1, newer=newer, archive=True)

    def _document(
        self, feed: Feed, items: Sequence[Item], path: str, *, older: int = 0, newer: int = 0, archive: bool = False
    ) -> bytes:
        """One document of a feed. An entry's id follows from what happened, where and when: no reader shows it twice."""
        root = Element("feed", {"xmlns": ATOM, "xml:lang": self._prose.language})
        name = public(self._source.community.name)
        SubElement(root, "id").text = _urn(self._source, feed.path)
        SubElement(root, "title").text = f"{self._prose.line(feed.title)} · {name}"
        SubElement(root, "updated").text = _stamp(items[-1].at if items else self._source.since)
        SubElement(SubElement(root, "author"), "name").text = name
        self._link(root, path, "self", path, "application/atom+xml")
        self._link(root, path, "alternate", "index.html", "text/html")
        if archive:
            root.set("xmlns:fh", HISTORY)
            SubElement(root, "fh:archive")
            self._link(root, path, "current", feed.path, "application/atom+xml")
        if older:
            self._link(root, path, "prev-archive", _archive(feed.path, older), "application/atom+xml")
        if newer:
            self._link(root, path, "next-archive", _archive(feed.path, newer), "application/atom+xml")
        for each in reversed(items):
            entry = SubElement(root, "entry")
            SubElement(entry, "id").text = _urn(self._source, f"{each.path}|{each.key}|{_stamp(each.at)}")
            title, about = each.words(self._prose)
            SubElement(entry, "title").text = title
            SubElement(entry, "updated").text = _stamp(each.at)
            self._link(entry, path, "alternate", each.path, "text/html")
            if about:
                SubElement(entry, "summary").text = about
        return _xml(root)

    def _link(self, at: Element, path: str, rel: str, to: str, kind: str) -> None:
        SubElement(at, "link", {"rel": rel, "type": kind, "href": _link(to, path, self._base)})


def _archive(path: str, number: int) -> str:
    """A point, because no name of a group has one in it."""
    return f"{path.removesuffix('.atom')}.{number}.atom"


def in_order(items: Iterable[Item]) -> tuple[Item, ...]:
    """As they stand in feeds, the oldest first."""
    return tuple(sorted(items, key=lambda each: (each.at, each.key, each.path)))


def happened(source: Source, group: Group) -> Iterator[Item]:
    """The history of a group as entries."""
    page = source.paths.group(group.id)
    for each in history(source, group):
        yield Item(each.at, each.path or page, each.key, partial(_happened, group, each.what))


def _happened(group: Group, what: Text, prose: Prose) -> tuple[str, str]:
    return public(f"{group.short_name}: {prose.line(what)}"), public(group.full_name)


def of_group(source: Source, group: Group) -> Feed:
    """The feed of a group."""
    path = f"feeds/{source.paths.slug_of(group.id)}.atom"
    return Feed(path, T("{group}", group=group.short_name), in_order(happened(source, group)))


def of_everything(source: Source) -> Feed:
    """The feed of all that happened."""
    here = source.community.id
    groups = source.reads.all(Group, community=here)
    source = replace(source, reads=Gathered(source.reads, here, TOLD_OF))
    items = in_order(each for group in groups for each in happened(source, group))
    return Feed(EVERYTHING, T("Working groups"), items)


def of_open(source: Source) -> Feed:
    """The feed of what is open now."""
    items = (Item(each.at, each.path, "open", partial(_open, each)) for each in open_now(source))
    return Feed("feeds/open.atom", T("Open now"), in_order(items))


def _open(entry: Entry, prose: Prose) -> tuple[str, str]:
    about = prose.line(entry.about) if entry.about is not None else ""
    return f"{prose.line(entry.title)}: {prose.line(entry.state)}", about


def calendar(source: Source, prose: Prose) -> tuple[str, bytes]:
    """Everything that is to come, cancelled meetings said to be so."""
    coming = [
        each
        for each in coming_up(source.reads, source.community, source.now, cancelled=True)
        if not each.id.startswith(_SECRET_KINDS)
    ]
    return "calendars/all.ics", _ics(source.community, coming, prose)


def calendar_of(source: Source, prose: Prose, group: Group) -> tuple[str, bytes]:
    """Every meeting of a group, cancelled ones said to be so."""
    reads, community = source.reads, source.community
    met = [meeting_coming(reads, community, each) for each in meetings_of(reads, community.id, group.id)]
    return f"calendars/{source.paths.slug_of(group.id)}.ics", _ics(community, met, prose)


def _ics(community: Community, coming: Iterable[Coming], prose: Prose) -> bytes:
    from adapters.shared.documents.ics import to_ics  # late: most changes to be exported are no meetings

    return to_ics(community, coming, prose.plain)


Address = tuple[str, datetime | None]
"""A page's path, and when something last happened on it, where that is known."""


def sitemap_index(names: Sequence[str], base: str) -> bytes:
    """Where the sitemaps are."""
    lines = [f"<sitemap><loc>{escape(base)}/{each}</loc></sitemap>" for each in names]
    return _listing("sitemapindex", "", lines)


def sitemap(addresses: Iterable[Address], base: str, tongues: Sequence[Tongue]) -> bytes:
    """Pages' addresses in every language, each with the others: no more than `MOST_ADDRESSES`, says the protocol."""
    tops = [(each.code, escape(f"{base}/{each.folder}")) for each in tongues]
    lines = []
    for path, at in addresses:
        page = escape(path)
        changed = f"<lastmod>{_stamp(at)}</lastmod>" if at is not None else ""
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href="{top}{page}" />'
            for code, top in (tops if len(tops) > 1 else ())
        )
        lines += [f"<url><loc>{top}{page}</loc>{changed}{others}</url>" for _, top in tops]
    return _listing("urlset", f' xmlns:xhtml="{XHTML}"' if len(tongues) > 1 else "", lines)


def _listing(name: str, also: str, lines: Sequence[str]) -> bytes:
    """A file of a sitemap. There are as many lines as pages: no tree is built of them."""
    inside = "".join(lines)
    return f"<?xml version='1.0' encoding='utf-8'?>\n<{name} xmlns=\"{SITEMAP}\"{also}>{inside}</{name}>\n".encode()


def data(prose: Prose, page: Page) -> tuple[str, bytes]:
    """A page's content as JSON, under the page's own name: times in UTC, sentences in the record's language."""
    return f"api/v1/{page.path.removesuffix('.html')}.json", written(plain(page, prose))


def written(value: Any) -> bytes:
    """JSON as it lies in files."""
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=1) + b"\n"


def plain(value: Any, prose: Prose) -> Any:
    """A value of the model as JSON has it. What is one of several kinds says which, as its `type`."""
    kind: Any = type(value)
    if kind is Text:
        return prose.line(value)
    if kind is tuple or kind is list:
        return [plain(each, prose) for each in value]
    if isinstance(value, str):
        return public(value)
    if isinstance(value, datetime):
        return _stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    found = _told(kind)
    if found is None:
        return value
    names, tag = found
    told = {name: plain(getattr(value, name), prose) for name in names}
    return told if tag is None else {**told, "type": tag}


@cache
def _told(kind: type[Any]) -> tuple[tuple[str, ...], str | None] | None:
    """What is told of a type's values: its fields, less how things look, and its tag. None: it has none."""
    if is_dataclass(kind):
        return tuple(each.name for each in fields(kind) if each.name not in LOOKS), None
    if issubclass(kind, msgspec.Struct):
        names = tuple(each for each in kind.__struct_fields__ if each not in LOOKS)
        return names, cast("str | None", kind.__struct_config__.tag)
    return None


def _link(to: str, at: str, base: str) -> str:
    return f"{base}/{to}" if base else relative(to, at)


def _urn(source: Source, name: str) -> str:
    return uuid5(_OURS, f"{source.community.id}|{name}").urn


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


def _xml(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
