"""The whole record of a community: what there is in it, and how each file of it is made, all from one snapshot of state.

Files that are made together are a `Leaf`. An export makes those anew whose inputs changed; what is served, one at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from adapters.shared.documents import Format, ProposalSheet, render
from adapters.shared.documents.proposal import sheet_of
from adapters.web import feeds, paths
from adapters.web.api import Catalogue, openapi
from adapters.web.entries import published
from adapters.web.history import history
from adapters.web.model import Page, Source
from adapters.web.of_decision import comments_of, consultation_page, decision_page
from adapters.web.of_document import ON_A_PAGE, document_page
from adapters.web.of_front import archive_page, cycle_page, front_page, lists_now, search_page
from adapters.web.of_group import DOCUMENTS, group_page
from adapters.web.of_list import Long, lists_in, lists_of
from adapters.web.of_meeting import meeting_page, recommendation_page
from adapters.web.prose import Prose, public
from adapters.web.rendering import Press, Tongue, press_of
from adapters.web.search import search_files
from bot.domain.community import Community
from bot.domain.consensus.checks import Check
from bot.domain.consultations import Consultation
from bot.domain.cycles import Cycle
from bot.domain.documents import Document, DocumentVersion, version_of
from bot.domain.groups import Group
from bot.domain.ids import CommunityId
from bot.domain.languages import language_named
from bot.domain.meetings import Meeting
from bot.domain.recommendations import Recommendation
from bot.domain.records import Reads

SITEMAPS: Final = "sitemap.xml"
_NUMBERED: Final = re.compile(r"(?P<kind>[a-z]+)/(?P<mark>[rd]?)(?P<number>[1-9][0-9]{0,8})")
_PART: Final = re.compile(r"(?P<list>[a-z]+/(?:[a-z0-9-]+/)?[a-z]+)-(?P<number>[1-9][0-9]{0,5})")


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the record: where it lies from its top, and what is in it."""

    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Leaf:
    """Files that are made together, by one name. They follow from state and time, and from what is `given` (plain)."""

    name: str
    make: Callable[[], Iterable[Written]]
    given: Any = None


@dataclass(frozen=True, slots=True)
class Edition:
    """The record in one language."""

    tongue: Tongue
    prose: Prose
    press: Press
    feeds: feeds.Syndicate

    def at(self, path: str, content: bytes) -> Written:
        """A file of it."""
        return Written(f"{self.tongue.folder}{path}", content)


def source_of(reads: Reads, community: CommunityId, real_now: datetime, known: paths.Paths | None = None) -> Source:
    """What pages are filled from. Raises `LookupError` for a community there is not.

    `known` are its addresses, where they were worked out for the same state.
    """
    found = reads.get(Community, community)
    if found is None:
        raise LookupError(community)
    return Source(reads, found, found.now(real_now), known or paths.Paths(reads, found))


def tongues_of(community: Community, languages: Sequence[str]) -> tuple[Tongue, ...]:
    """The record's languages: the community's own at the top, each other in a folder of its name. None: only its own."""
    own = community.language
    others = [each for each in dict.fromkeys(languages) if each != own]
    return tuple(Tongue(each, name_of(each), "" if each == own else f"{each.lower()}/") for each in (own, *others))


@cache
def name_of(language: str) -> str:
    """What those who speak a language call it."""
    name = language_named(language)
    return name[:1].upper() + name[1:]


class Site:
    """The record of a community, from one snapshot. `base` is its address on the web, without a slash at its end ("": not known)."""

    def __init__(self, source: Source, base: str = "", languages: Sequence[str] = ()) -> None:
        self.source = source
        self._base = base
        self._tongues = tongues_of(source.community, languages)
        self._editions: dict[str, Edition] = {}
        self._tongue: Tongue | None = None
        self._wanted = ""
        """The one file that is asked for: what is made beside it is left out where that costs."""

    def leaves(self) -> Iterator[Leaf]:
        """All there is, the front page first."""
        reads, here = self.source.reads, self.source.community.id
        yield from (self._page(*each) for each in self._pages())
        for group in reads.all(Group, community=here):
            yield self._documents(group)
            yield self._group_feeds(group)
        for document in reads.all(Document, community=here):
            yield from self._text(document)
        yield from self._others()

    def at(self, path: str) -> Leaf | None:
        """What the file at a path is made with; None where there is none."""
        tongue = next((each for each in self._tongues if each.folder and path.startswith(each.folder)), None)
        bare = path.removeprefix(tongue.folder) if tongue is not None else path
        self._wanted = path
        self._tongue = tongue or self._tongues[0]
        if tongue is not None and paths.shared(bare):
            return None
        folder, _, name = bare.partition("/")
        match folder:
            case "search":
                return self._search() if bare == paths.INDEX else None
            case "assets" if bare == paths.CARD:
                return self._card() if self._base else None
            case "assets":
                return next((each for each in self._assets() if each.name == bare), None)
            case "feeds" | "calendars" | "sitemap.xml":
                return next(self._others(bare), None) or self._group_files(bare)
            case "api":
                return self._data_at(bare.removeprefix("api/v1/").removesuffix(".json"), bare)
            case "groups" if paths.shared(bare):
                found = self._group(name.rpartition(".")[0])
                return self._documents(found) if found is not None else None
            case "documents" if paths.shared(bare):
                document = self._numbered(bare.removesuffix(".md"))
                return next(self._text(document), None) if isinstance(document, Document) else None
        if re.fullmatch(r"sitemap-[0-9]{1,4}\.xml", bare):
            return next(self._others("sitemap.xml"), None)
        return self._page_at(bare) if bare.endswith(".html") else None

    def page_models(self) -> Iterator[Page]:
        """What every page says."""
        return (make() for _, make, _ in self._pages())

    # Pages: (path, what makes it, what it is given).

    def _pages(self) -> Iterator[tuple[str, Callable[[], Page], Any]]:
        source, reads, here = self.source, self.source.reads, self.source.community.id
        yield paths.FRONT, lambda: front_page(source), None
        for long in lists_now(source):
            yield from self._parts(long)
        for group in reads.all(Group, community=here):
            yield self._of(group)
            for long in lists_of(source, group):
                yield from self._parts(long)
        yield from (self._of(each) for each in reads.all(Check, community=here))
        for closed in (False, True):
            for consultation in reads.all(Consultation, community=here, closed=closed):
                yield self._of(consultation)
                yield from self._parts(comments_of(source, consultation), 2)
        yield from (self._of(each) for each in reads.all(Meeting, community=here))
        yield from (self._of(each) for each in reads.all(Recommendation, community=here) if published(each))
        yield from (self._of(each) for each in reads.all(Document, community=here))
        for cycle in reads.all(Cycle, community=here):
            yield self._of(cycle)
            for long in lists_in(source, cycle):
                yield from self._parts(long)
        yield paths.ARCHIVE, lambda: archive_page(source), None
        yield paths.SEARCH, lambda: search_page(source), None

    def _of(self, record: Any) -> tuple[str, Callable[[], Page], Any]:
        source = self.source
        match record:
            case Group():
                return source.paths.group(record.id), lambda: group_page(source, record), record
            case Check():
                return source.paths.decision(record.number), lambda: decision_page(source, record), record
            case Consultation():
                return source.paths.consultation(record.number), lambda: consultation_page(source, record), record
            case Meeting():
                return source.paths.meeting(record.number), lambda: meeting_page(source, record), record
            case Recommendation():
                return source.paths.recommendation(record.number), lambda: recommendation_page(source, record), record
            case Document():
                return source.paths.document(record.number), lambda: document_page(source, record), record
            case Cycle():
                return source.paths.cycle(record.number), lambda: cycle_page(source, record), record
        raise TypeError(record)

    def _parts(self, long: Long, first: int = 1) -> Iterator[tuple[str, Callable[[], Page], Any]]:
        for number in range(first, long.parts + 1):
            given = (long.title, long.part(number), long.address(number - 1), long.address(number + 1))
            yield long.address(number), self._part(long, number), given

    def _part(self, long: Long, number: int) -> Callable[[], Page]:
        return lambda: long.page(self.source, number)

    def _page(self, path: str, make: Callable[[], Page], given: Any) -> Leaf:
        def made() -> Iterator[Written]:
            page = make()
            for edition in self._every():
                if not self._wanted.endswith(".json"):
                    yield edition.at(page.path, edition.press.html(page, self.source.now).encode())
                yield edition.at(*feeds.data(edition.prose, page))

        return Leaf(path, made, given)

    # What lies at a path, for serving.

    def _page_at(self, path: str) -> Leaf | None:
        found: tuple[str, Callable[[], Page], Any] | None = None
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
            found = self._of(record) if record is not None else None
        return self._page(*found) if found is not None and found[0] == path else None

    def _lists(self, path: str) -> Iterator[tuple[str, Callable[[], Page], Any]]:
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
                    yield from self._parts(comments_of(self.source, record), 2)
                elif isinstance(record, Cycle):
                    lists = lists_in(self.source, record)
        for long in lists:
            if long.path == path:
                yield from self._parts(long)

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

    def _data_at(self, name: str, path: str) -> Leaf | None:
        if found := self._page_at(f"{name}.html"):
            return found
        if name == "openapi":
            return self._description()
        return next((each for each in self._collections(name.partition("-")[0]) if each.name == path), None)

    # All that is no page.

    def _others(self, only: str = "") -> Iterator[Leaf]:
        if only in ("", "feeds/open.atom"):
            yield Leaf("feeds/open.atom", lambda: self._feeds(feeds.of_open))
        if not only or re.fullmatch(r"feeds/all(-[0-9]{1,6})?\.atom", only):
            yield Leaf("feeds/all.atom", lambda: self._feeds(feeds.of_everything))
        if only in ("", "calendars/all.ics"):
            yield Leaf("calendars/all.ics", self._calendar)
        if self._base and only in ("", SITEMAPS):
            yield Leaf(SITEMAPS, self._sitemaps)
        if not only:
            yield from self._assets()
            yield from self._collections()
            yield self._description()
            yield self._search()
            if self._base:
                yield self._card()

    def _group_files(self, path: str) -> Leaf | None:
        slug = path.partition("/")[2].rpartition(".")[0]
        group = self._group(slug) or self._group(re.sub(r"-[0-9]{1,6}$", "", slug))
        return self._group_feeds(group) if group is not None else None

    def _feeds(self, of: Callable[[Prose, Source], feeds.Feed]) -> Iterator[Written]:
        for edition in self._every():
            yield from (edition.at(*each) for each in edition.feeds.files(of(edition.prose, self.source)))

    def _calendar(self) -> Iterator[Written]:
        yield from (edition.at(*feeds.calendar(self.source, edition.prose)) for edition in self._every())

    def _group_feeds(self, group: Group) -> Leaf:
        def made() -> Iterator[Written]:
            for edition in self._every():
                feed = feeds.of_group(edition.prose, self.source, group)
                yield from (edition.at(*each) for each in edition.feeds.files(feed))
                yield edition.at(*feeds.calendar_of(self.source, edition.prose, group))

        return Leaf(f"feeds/{self.source.paths.slug_of(group.id)}.atom", made, group)

    def _sitemaps(self) -> Iterator[Written]:
        addresses = [(path, self._changed(given)) for path, _, given in self._pages()]
        yield from (Written(*each) for each in feeds.sitemaps(addresses, self._base, self._tongues))

    def _changed(self, given: Any) -> datetime | None:
        """When something last happened on a page, where that is known without making it."""
        match given:
            case Group():
                return max(each.at for each in history(self.source, given))
            case Check():
                return given.concluded_at or given.closed_at or given.opened_at
            case Document():
                found = self.source.reads.get(DocumentVersion, given.community, given.number, given.version)
                return given.withdrawn_at or (found.added_at if found is not None else None)
        return None

    def _documents(self, group: Group) -> Leaf:
        """A group's text in its forms, as the chat hands it over, less addresses: it follows from the text alone."""
        sheet = sheet_of(self.source.reads, group.community, group.id)
        sheet = replace(
            sheet,
            sections=tuple((heading, public(text)) for heading, text in sheet.sections),
            extra_sections=tuple((heading, public(text)) for heading, text in sheet.extra_sections),
        )
        slug = self.source.paths.slug_of(group.id)

        def made() -> Iterator[Written]:
            for form, _ in DOCUMENTS:
                if not self._wanted or self._wanted.endswith(f".{form}"):
                    yield Written(f"groups/{slug}.{form}", document(sheet, form))

        return Leaf(f"groups/{slug}.pdf", made, sheet)

    def _text(self, found: Document) -> Iterator[Leaf]:
        """A long text, whole."""
        newest = version_of(self.source.reads, found)
        if len(newest.text) > ON_A_PAGE:
            path = self.source.paths.text(found.number)
            yield Leaf(path, lambda: [Written(path, f"{public(newest.text)}\n".encode())], newest)

    def _search(self) -> Leaf:
        """The index of words: it takes every page to make."""

        def made() -> Iterator[Written]:
            every = tuple(self.page_models())
            for edition in self._every():
                yield from (edition.at(*each) for each in search_files(every, edition.prose))

        return Leaf(paths.INDEX, made)

    def _card(self) -> Leaf:
        own = self._edition(self._tongues[0])

        def made() -> Iterator[Written]:
            from adapters.web.card import card  # late: what draws takes longer to load than most changes to be exported

            yield Written(paths.CARD, card(self.source.community, own.prose))

        return Leaf(paths.CARD, made)

    def _assets(self) -> Iterator[Leaf]:
        for path in paths.ASSETS:
            content = _asset(path)
            yield Leaf(path, lambda path=path, content=content: [Written(path, content)], content)  # type: ignore[misc]

    def _collections(self, name: str = "") -> Iterator[Leaf]:
        for path, make, given in Catalogue(self.source).files(name):
            yield Leaf(path, self._with(make), given)

    def _description(self) -> Leaf:
        path = "api/v1/openapi.json"
        return Leaf(path, lambda: (each.at(path, openapi()) for each in self._every()), openapi())

    def _with(self, make: Callable[[Prose], Iterable[tuple[str, bytes]]]) -> Callable[[], Iterator[Written]]:
        return lambda: (edition.at(*each) for edition in self._every() for each in make(edition.prose))

    def _every(self) -> Iterator[Edition]:
        return (self._edition(each) for each in self._tongues if self._tongue in (None, each))

    def _edition(self, tongue: Tongue) -> Edition:
        found = self._editions.get(tongue.code)
        if found is None:
            press = press_of(self.source.community, self._base, tongue, self._tongues)
            top = f"{self._base}/{tongue.folder}".rstrip("/") if self._base else ""
            found = Edition(tongue, press.prose, press, feeds.Syndicate(self.source, press.prose, top))
            self._editions[tongue.code] = found
        return found


def record(
    reads: Reads, community: CommunityId, real_now: datetime, base: str = "", languages: Sequence[str] = ()
) -> Iterator[Written]:
    """Every file of the record. It computes for seconds where there is much: call it in a thread. Raises as `source_of`."""
    site = Site(source_of(reads, community, real_now), base, languages)
    return (each for leaf in site.leaves() for each in leaf.make())


def one(
    reads: Reads,
    community: CommunityId,
    real_now: datetime,
    path: str,
    base: str = "",
    languages: Sequence[str] = (),
) -> Written | None:
    """The one file of the record at a path, as it is now; None where there is none. Raises as `source_of`."""
    leaf = Site(source_of(reads, community, real_now), base, languages).at(path)
    return next((each for each in leaf.make() if each.path == path), None) if leaf is not None else None


@cache
def _asset(path: str) -> bytes:
    return files("adapters.web").joinpath(*path.split("/")).read_bytes()


@lru_cache(600)
def document(sheet: ProposalSheet, form: Format) -> bytes:
    """A document takes tenths of a second, and rarely changes."""
    return render(sheet, form)
