"""How the files of the record are made: each in every language, those that are made together as a `Leaf`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from importlib.resources import files
from typing import Any, Final

from adapters.shared.documents import Format, ProposalSheet, render
from adapters.shared.documents.proposal import sheet_of
from adapters.web import feeds, paths
from adapters.web.api import COLLECTIONS, Catalogue, File, openapi
from adapters.web.feeds import Feed
from adapters.web.model import Page, Source
from adapters.web.of_document import ON_A_PAGE
from adapters.web.of_group import DOCUMENTS
from adapters.web.pages import Pages, Recipe
from adapters.web.prose import Prose, public
from adapters.web.rendering import Press, Tongue, press_of
from adapters.web.search import search_files
from bot.domain.community import Community
from bot.domain.documents import Document, version_of
from bot.domain.groups import Group
from bot.domain.languages import language_named

SITEMAPS: Final = "sitemap.xml"
SITEMAP: Final = "sitemap-"
"""What the name of a sitemap that others are listed beside begins with."""


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
class Section:
    """A part of the record that stands as a whole while nothing its leaves are listed and made from changes.

    `always`: its leaves are listed each time, since they follow from more than state. `coarse`: they are made from nearly all
    there is, so they are made anew when anything of a type changes that they are made from.
    """

    name: str
    leaves: Callable[[], Iterator[Leaf]]
    always: bool = False
    coarse: bool = False


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


class Leaves:
    """Makes the files of one record. `base` is its address on the web, without a slash at its end ("": not known).

    `wanted` is the one file that is asked for ("": all of them): what is made beside it is left out where that costs;
    and `tongue` is the language it is in.
    """

    def __init__(self, pages: Pages, tongues: Sequence[Tongue], base: str) -> None:
        self.source = pages.source
        self.wanted = ""
        self.tongue: Tongue | None = None
        self._pages = pages
        self._tongues = tongues
        self._base = base
        self._editions: dict[str, Edition] = {}

    def ready(self) -> None:
        """Load what pages are drawn with, which else is loaded when the first of them is made."""
        import adapters.shared.drawing.bars  # noqa: F401 — late, and loaded only: most changes to be exported draw nothing

        for edition in self._every():
            edition.press.ready()

    def page(self, path: str, make: Callable[[], Page], given: Any) -> Leaf:
        """A page, and its content as JSON."""

        def made() -> Iterator[Written]:
            page = make()
            for edition in self._every():
                if not self.wanted.endswith(".json"):
                    yield edition.at(page.path, edition.press.html(page, self.source.now).encode())
                yield edition.at(*feeds.data(edition.prose, page))

        return Leaf(path, made, given)

    def feeds(self, of: Callable[[Source], Feed]) -> Iterator[Written]:
        """A feed, with its archives."""
        feed = self.source.once(of)
        for edition in self._every():
            yield from self._feed(edition, feed)

    def _feed(self, edition: Edition, feed: Feed) -> Iterator[Written]:
        folder = edition.tongue.folder
        made = edition.feeds.files(feed, lambda path: self.wanted in ("", f"{folder}{path}"))
        return (edition.at(*each) for each in made)

    def calendar(self) -> Iterator[Written]:
        """Everything that is to come."""
        yield from (edition.at(*feeds.calendar(self.source, edition.prose)) for edition in self._every())

    def group_feeds(self, group: Group) -> Leaf:
        """A group's feed and calendar."""

        def made() -> Iterator[Written]:
            feed = feeds.of_group(self.source, group) if not self.wanted.endswith(".ics") else None
            for edition in self._every():
                if feed is not None:
                    yield from self._feed(edition, feed)
                yield edition.at(*feeds.calendar_of(self.source, edition.prose, group))

        return Leaf(f"feeds/{self.source.paths.slug_of(group.id)}.atom", made, group)

    def sitemaps(self, name: str, pages: Sequence[Recipe]) -> Iterator[Leaf]:
        """Where some pages are, in as many files as it takes; only where the record's address is known."""
        most = feeds.MOST_ADDRESSES // len(self._tongues)
        for number, first in enumerate(range(0, len(pages) if self._base else 0, most), start=1):
            path = f"{SITEMAP}{name}{f'.{number}' if number > 1 else ''}.xml"
            some = pages[first : first + most]
            yield Leaf(path, partial(self._sitemap, path, some), tuple(path for path, _, _ in some))

    def _sitemap(self, path: str, pages: Sequence[Recipe]) -> Iterator[Written]:
        addresses = ((page, self._pages.changed(given)) for page, _, given in pages)
        yield Written(path, feeds.sitemap(addresses, self._base, self._tongues))

    def sitemap_index(self, names: Sequence[str]) -> Leaf:
        """Which sitemaps there are."""
        content = feeds.sitemap_index(names, self._base)
        return Leaf(SITEMAPS, lambda: [Written(SITEMAPS, content)], tuple(names))

    def documents(self, group: Group) -> Leaf:
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
                if not self.wanted or self.wanted.endswith(f".{form}"):
                    yield Written(f"groups/{slug}.{form}", document(sheet, form))

        return Leaf(f"groups/{slug}.pdf", made, sheet)

    def text(self, found: Document) -> Iterator[Leaf]:
        """A long text, whole."""
        newest = version_of(self.source.reads, found)
        if len(newest.text) > ON_A_PAGE:
            path = self.source.paths.text(found.number)
            yield Leaf(path, lambda: [Written(path, f"{public(newest.text)}\n".encode())], newest)

    def search(self) -> Leaf:
        """The index of words: it takes every page to make."""

        def made() -> Iterator[Written]:
            every = tuple(make() for _, make, _ in self._pages.all())
            for edition in self._every():
                yield from (edition.at(*each) for each in search_files(every, edition.prose))

        return Leaf(paths.INDEX, made)

    def card(self) -> Leaf:
        """The picture that stands beside links to the record."""
        own = self._edition(self._tongues[0])

        def made() -> Iterator[Written]:
            from adapters.web.card import card  # late: what draws takes longer to load than most changes to be exported

            yield Written(paths.CARD, card(self.source.community, own.prose))

        return Leaf(paths.CARD, made)

    def assets(self) -> Iterator[Leaf]:
        """Style sheets, scripts and pictures, as they are kept."""
        for path in paths.ASSETS:
            content = _asset(path)
            yield Leaf(path, lambda path=path, content=content: [Written(path, content)], content)  # type: ignore[misc]  # bound at once

    def collections(self) -> Iterator[Leaf]:
        """The lists of the API, each in its parts."""
        every = Catalogue(self.source)
        return (self._of_a_list(each) for listed in COLLECTIONS for each in every.files(listed))

    def collection(self, name: str) -> Leaf | None:
        """The part of a list that lies under a name in the API."""
        found = Catalogue(self.source).at(name)
        return self._of_a_list(found) if found is not None else None

    def _of_a_list(self, file: File) -> Leaf:
        path, make = file
        return Leaf(path, self._with(make))

    def description(self) -> Leaf:
        """What the API has, as OpenAPI."""
        path = "api/v1/openapi.json"
        return Leaf(path, lambda: (each.at(path, openapi()) for each in self._every()), openapi())

    def _with(self, make: Callable[[Prose], Iterable[tuple[str, bytes]]]) -> Callable[[], Iterator[Written]]:
        return lambda: (edition.at(*each) for edition in self._every() for each in make(edition.prose))

    def _every(self) -> Iterator[Edition]:
        return (self._edition(each) for each in self._tongues if self.tongue in (None, each))

    def _edition(self, tongue: Tongue) -> Edition:
        found = self._editions.get(tongue.code)
        if found is None:
            press = press_of(self.source.community, self._base, tongue, self._tongues)
            top = f"{self._base}/{tongue.folder}".rstrip("/") if self._base else ""
            found = Edition(tongue, press.prose, press, feeds.Syndicate(self.source, press.prose, top))
            self._editions[tongue.code] = found
        return found


@cache
def _asset(path: str) -> bytes:
    return files("adapters.web").joinpath(*path.split("/")).read_bytes()


@lru_cache(600)
def document(sheet: ProposalSheet, form: Format) -> bytes:
    """A document takes hundredths of a second, the first in a process tenths, and rarely changes."""
    return render(sheet, form)
