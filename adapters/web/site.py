"""The whole record of a community, all from one snapshot of state: what there is in it, and what lies at a path.

An export makes those leaves anew whose inputs changed; what is served is made one file at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from adapters.web import feeds, paths
from adapters.web.entries import published
from adapters.web.leaves import SITEMAP, SITEMAPS, Leaf, Leaves, Section, Written, tongues_of
from adapters.web.model import Source
from adapters.web.of_decision import comments_of
from adapters.web.of_front import archive_page, front_page, lists_now, search_page
from adapters.web.of_list import Long, lists_in, lists_of
from adapters.web.pages import Pages, Recipe
from bot.domain.community import Community
from bot.domain.consensus.checks import Check
from bot.domain.consultations import Consultation
from bot.domain.cycles import Cycle
from bot.domain.documents import Document
from bot.domain.groups import Group
from bot.domain.ids import CommunityId, GroupId
from bot.domain.meetings import Meeting
from bot.domain.recommendations import Recommendation
from bot.ports import Parts

RECORD: Final = "record"
"""The part of a sitemap's name where it is no group's."""

_NUMBERED: Final = re.compile(r"(?P<kind>[a-z]+)/(?P<mark>[rd]?)(?P<number>[1-9][0-9]{0,8})")
_NUMBER: Final = re.compile(r"\.[0-9]{1,6}$")
"""What the name of a file in several parts ends with, from the second on."""

_PART: Final = re.compile(r"(?P<list>[a-z]+/(?:[a-z0-9-]+/)?[a-z]+)-(?P<number>[1-9][0-9]{0,5})")


def source_of(reads: Parts, community: CommunityId, real_now: datetime, known: paths.Paths | None = None) -> Source:
    """What pages are filled from. Raises `LookupError` for a community there is not.

    `known` are its addresses, where they were worked out for the same state.
    """
    found = reads.get(Community, community)
    if found is None:
        raise LookupError(community)
    return Source(reads, found, found.now(real_now), known or paths.Paths(reads, found))


class Site:
    """The record of a community, from one snapshot. `base` is its address on the web, without a slash at its end ("": not known)."""

    def __init__(self, source: Source, base: str = "", languages: Sequence[str] = ()) -> None:
        self.source = source
        self._base = base
        self._tongues = tongues_of(source.community, languages)
        self._pages = Pages(source)
        self._make = Leaves(self._pages, self._tongues, base)

    def ready(self) -> tuple[str, ...]:
        """Load what pages are drawn with. Gives the paths of the front page, in every language."""
        self._make.ready()
        return tuple(f"{each.folder}{paths.FRONT}" for each in self._tongues)

    def sections(self) -> Iterator[Section]:
        """All there is, less `sitemap_index`, the front page first: each group, and each part of a list, in a section of its own."""
        yield Section("record", self._whole)
        yield from (Section(each.name, partial(_alone, each)) for each in self._make.collections())
        for group in self.source.reads.all(Group, community=self.source.community.id):
            yield Section(f"groups/{group.id}", partial(self._of_group, group.id))
        yield Section(paths.INDEX, lambda: iter([self._make.search()]), coarse=True)
        yield Section("assets", self._make.assets, always=True)

    def sitemap_index(self, leaves: Iterable[str]) -> Iterator[Leaf]:
        """The list of the sitemaps among leaves of these names; none where the record's address is not known."""
        if self._base:
            yield self._make.sitemap_index(sorted(each for each in leaves if each.startswith(SITEMAP)))

    def leaves(self) -> Iterator[Leaf]:
        """All there is, the front page first."""
        names = []
        for section in self.sections():
            for leaf in section.leaves():
                names.append(leaf.name)
                yield leaf
        yield from self.sitemap_index(names)

    def _whole(self) -> Iterator[Leaf]:
        """What is no group's own."""
        pages = tuple(self._pages.of_the_whole())
        yield from (self._make.page(*each) for each in pages)
        yield from self._make.sitemaps(RECORD, pages)
        yield from self._others()
        yield self._make.description()
        if self._base:
            yield self._make.card()

    def _of_group(self, number: GroupId) -> Iterator[Leaf]:
        """A group's own, and all it does."""
        reads, here = self.source.reads, self.source.community.id
        group = reads.get(Group, here, number)
        if group is None:
            return
        pages = tuple(self._pages.of_group(group))
        yield from (self._make.page(*each) for each in pages)
        yield from self._make.sitemaps(self._sitemap_of(group), pages)
        yield self._make.documents(group)
        yield self._make.group_feeds(group)
        for document in reads.all(Document, community=here, group=number):
            yield from self._make.text(document)

    def _sitemap_of(self, group: Group) -> str:
        return f"group-{self.source.paths.slug_of(group.id)}"

    def at(self, path: str) -> Leaf | None:
        """What the file at a path is made with; None where there is none."""
        tongue = next((each for each in self._tongues if each.folder and path.startswith(each.folder)), None)
        bare = path.removeprefix(tongue.folder) if tongue is not None else path
        self._make.wanted = path
        self._make.tongue = tongue or self._tongues[0]
        if tongue is not None and paths.shared(bare):
            return None
        folder, _, name = bare.partition("/")
        match folder:
            case "search":
                return self._make.search() if bare == paths.INDEX else None
            case "assets" if bare == paths.CARD:
                return self._make.card() if self._base else None
            case "assets":
                return next((each for each in self._make.assets() if each.name == bare), None)
            case "feeds" | "calendars":
                return next(self._others(bare), None) or self._group_files(bare)
            case "api":
                return self._data_at(bare.removeprefix("api/v1/").removesuffix(".json"))
            case "groups" if paths.shared(bare):
                found = self._group(name.rpartition(".")[0])
                return self._make.documents(found) if found is not None else None
            case "documents" if paths.shared(bare):
                document = self._numbered(bare.removesuffix(".md"))
                return next(self._make.text(document), None) if isinstance(document, Document) else None
        if path.startswith("sitemap"):
            return next((each for each in self._sitemaps(path) if each.name == path), None)
        return self._page_at(bare) if bare.endswith(".html") else None

    def _page_at(self, path: str) -> Leaf | None:
        found: Recipe | None = None
        if path == paths.FRONT:
            found = path, lambda: front_page(self.source), None
        elif path == paths.ARCHIVE:
            found = path, lambda: archive_page(self.source), None
        elif path == paths.SEARCH:
            found = path, lambda: search_page(self.source), None
        elif part := _PART.fullmatch(path.removesuffix(".html")):
            found = next((each for each in self._lists(part["list"]) if each[0] == path), None)
        if found is None:
            record = self._numbered(path.removesuffix(".html"))
            if record is None and path.startswith("groups/"):
                record = self._group(path.removeprefix("groups/").removesuffix(".html"))
            found = self._pages.of(record) if record is not None else None
        return self._make.page(*found) if found is not None and found[0] == path else None

    def _lists(self, path: str) -> Iterator[Recipe]:
        folder, _, rest = path.partition("/")
        owner = rest.partition("/")[0]
        lists: Iterable[Long] = ()
        match folder:
            case "now":
                lists = lists_now(self.source)
            case "groups" if group := self._group(owner):
                lists = lists_of(self.source, group)
            case "consultations" | "cycles":
                record = self._numbered(f"{folder}/{owner}")
                if isinstance(record, Consultation):
                    yield from self._pages.parts(comments_of(self.source, record), 2)
                elif isinstance(record, Cycle):
                    lists = lists_in(self.source, record)
        for long in lists:
            if long.path == path:
                yield from self._pages.parts(long)

    def _numbered(self, path: str) -> Any:
        """The record whose number is in a path; None where there is none, or it is not published."""
        named = _NUMBERED.fullmatch(path)
        kinds: dict[tuple[str, str], type[Any]] = {
            ("decisions", ""): Check,
            ("consultations", ""): Consultation,
            ("meetings", ""): Meeting,
            ("cycles", ""): Cycle,
            ("recommendations", "r"): Recommendation,
            ("documents", "d"): Document,
        }
        kind = kinds.get((named["kind"], named["mark"])) if named is not None else None
        if named is None or kind is None:
            return None
        found = self.source.reads.get(kind, self.source.community.id, int(named["number"]))
        return None if isinstance(found, Recommendation) and not published(found) else found

    def _group(self, slug: str) -> Group | None:
        found = self.source.paths.by_slug(slug)
        return self.source.reads.get(Group, self.source.community.id, found) if found is not None else None

    def _data_at(self, name: str) -> Leaf | None:
        if found := self._page_at(f"{name}.html"):
            return found
        if name == "openapi":
            return self._make.description()
        return self._make.collection(name)

    # All that is no page.

    def _others(self, only: str = "") -> Iterator[Leaf]:
        if only in ("", "feeds/open.atom"):
            yield Leaf("feeds/open.atom", lambda: self._make.feeds(feeds.of_open))
        if not only or re.fullmatch(r"feeds/all(\.[0-9]{1,6})?\.atom", only):
            yield Leaf(feeds.EVERYTHING, lambda: self._make.feeds(feeds.of_everything))
        if only in ("", "calendars/all.ics"):
            yield Leaf("calendars/all.ics", self._make.calendar)

    def _sitemaps(self, path: str) -> Iterator[Leaf]:
        """The sitemaps among which that at a path would be."""
        if path == SITEMAPS:
            groups = self.source.reads.all(Group, community=self.source.community.id)
            every = (leaf for each in (None, *groups) for leaf in self._sitemaps_of(each))
            return self.sitemap_index(leaf.name for leaf in every)
        if path.startswith(f"{SITEMAP}{RECORD}"):
            return self._sitemaps_of(None)
        group = self._group_in(path.removeprefix(f"{SITEMAP}group-").removesuffix(".xml"))
        return self._sitemaps_of(group) if group is not None else iter(())

    def _sitemaps_of(self, group: Group | None) -> Iterator[Leaf]:
        """Those of a group; None: of what is no group's own."""
        if group is None:
            return self._make.sitemaps(RECORD, tuple(self._pages.of_the_whole()))
        return self._make.sitemaps(self._sitemap_of(group), tuple(self._pages.of_group(group)))

    def _group_files(self, path: str) -> Leaf | None:
        group = self._group_in(path.partition("/")[2].rpartition(".")[0])
        return self._make.group_feeds(group) if group is not None else None

    def _group_in(self, name: str) -> Group | None:
        """The group that a file is named after, whichever part of it that is."""
        return self._group(_NUMBER.sub("", name))


def _alone(leaf: Leaf) -> Iterator[Leaf]:
    yield leaf


def record(
    reads: Parts, community: CommunityId, real_now: datetime, base: str = "", languages: Sequence[str] = ()
) -> Iterator[Written]:
    """Every file of the record. It computes for seconds where there is much: call it in a thread. Raises as `source_of`."""
    site = Site(source_of(reads, community, real_now), base, languages)
    return (each for leaf in site.leaves() for each in leaf.make())


def one(
    reads: Parts,
    community: CommunityId,
    real_now: datetime,
    path: str,
    base: str = "",
    languages: Sequence[str] = (),
) -> Written | None:
    """The one file of the record at a path, as it is now; None where there is none. Raises as `source_of`."""
    leaf = Site(source_of(reads, community, real_now), base, languages).at(path)
    return next((each for each in leaf.make() if each.path == path), None) if leaf is not None else None
