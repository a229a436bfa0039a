"""The whole record of a community: every page and file there is, from one snapshot of state."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from importlib.resources import files

from adapters.shared.documents import Format, ProposalSheet, render
from adapters.shared.documents.proposal import sheet_of
from adapters.web import paths
from adapters.web.card import card
from adapters.web.entries import published
from adapters.web.feeds import all_feeds, calendars, data, sitemap
from adapters.web.model import GroupPage, Page, Source
from adapters.web.of_decision import consultation_page, decision_page
from adapters.web.of_front import archive_page, cycle_page, front_page, search_page
from adapters.web.of_group import DOCUMENTS, group_page
from adapters.web.of_meeting import meeting_page, recommendation_page
from adapters.web.prose import Prose, public
from adapters.web.rendering import Press
from adapters.web.search import search_files
from bot.domain.community import Community
from bot.domain.consensus.checks import Check
from bot.domain.consultations import Consultation
from bot.domain.cycles import Cycle
from bot.domain.groups import Group
from bot.domain.ids import CommunityId, GroupId
from bot.domain.meetings import Meeting
from bot.domain.recommendations import Recommendation
from bot.domain.records import Reads


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the record: where it lies from its top, and what is in it."""

    path: str
    content: bytes


def source_of(reads: Reads, community: CommunityId, real_now: datetime) -> Source:
    """What pages are filled from. Raises `LookupError` for a community there is not."""
    found = reads.get(Community, community)
    if found is None:
        raise LookupError(community)
    return Source(reads, found, found.now(real_now), paths.Paths(reads, found))


def pages(source: Source) -> Iterator[Page]:
    """Every page, the front page first."""
    reads, here = source.reads, source.community.id
    yield front_page(source)
    yield from (group_page(source, each) for each in reads.all(Group, community=here))
    yield from (decision_page(source, each) for each in reads.all(Check, community=here))
    yield from (
        consultation_page(source, each)
        for closed in (False, True)
        for each in reads.all(Consultation, community=here, closed=closed)
    )
    yield from (meeting_page(source, each) for each in reads.all(Meeting, community=here))
    yield from (
        recommendation_page(source, each) for each in reads.all(Recommendation, community=here) if published(each)
    )
    yield from (cycle_page(source, each) for each in reads.all(Cycle, community=here))
    yield archive_page(source)
    yield search_page(source)


def record(reads: Reads, community: CommunityId, real_now: datetime, base: str = "") -> Iterator[Written]:
    """Every file of the record. `base` is its address on the web, without a slash at its end ("": not known).

    Raises `LookupError` for a community there is not. It computes for seconds where there is much: call it in a thread.
    """
    source = source_of(reads, community, real_now)
    prose = Prose(source.community.language, source.community.zone)
    press = Press(source, prose, base)
    every = tuple(pages(source))
    for page in every:
        yield Written(page.path, press.html(page).encode())
        yield Written(*data(prose, page))
        if isinstance(page, GroupPage):
            yield from _documents(source, page)
    yield from (Written(*each) for each in all_feeds(source, prose, every, base))
    yield from (Written(*each) for each in calendars(source, prose))
    if base:
        yield Written("sitemap.xml", sitemap(every, base))
    yield from (Written(*each) for each in search_files(every, prose))
    yield from map(_asset, paths.ASSETS)
    if base:
        yield Written(paths.CARD, card(source.community, prose))


def one(reads: Reads, community: CommunityId, real_now: datetime, path: str, base: str = "") -> Written | None:
    """The one file of the record at a path, as it is now; None where there is none. Raises `LookupError` as `record` does."""
    if path in paths.ASSETS:
        return _asset(path)
    source = source_of(reads, community, real_now)
    prose = Prose(source.community.language, source.community.zone)
    folder, _, name = path.partition("/")
    match folder:
        case "feeds":
            slug = name.removesuffix(".atom")
            some = [front_page(source)] if slug == "open" else _groups(source, "" if slug == "all" else slug)
            return _named(path, all_feeds(source, prose, some, base))
        case "calendars":
            return _named(path, calendars(source, prose))
        case "assets" if path == paths.CARD:
            return Written(path, card(source.community, prose)) if base else None
        case "search":
            return _named(path, search_files(pages(source), prose))
        case "sitemap.xml":
            return Written(path, sitemap(pages(source), base)) if base else None
        case "api":
            found = _page(source, f"{path.removeprefix('api/v1/').removesuffix('.json')}.html")
            return _named(path, [data(prose, found)]) if found is not None else None
    if not path.endswith(".html"):
        of = _groups(source, name.rpartition(".")[0]) if folder == "groups" else ()
        return next((each for page in of for each in _documents(source, page) if each.path == path), None)
    found = _page(source, path)
    return Written(path, Press(source, prose, base).html(found).encode()) if found is not None else None


def _named(path: str, files_: Iterable[tuple[str, bytes]]) -> Written | None:
    return next((Written(*each) for each in files_ if each[0] == path), None)


def _groups(source: Source, slug: str) -> Iterator[GroupPage]:
    """The group whose part of an address is `slug`; all of them for ""."""
    for each in source.reads.all(Group, community=source.community.id):
        if not slug or source.paths.slug_of(each.id) == slug:
            yield group_page(source, each)


def _page(source: Source, path: str) -> Page | None:
    """The page at a path."""
    reads, here = source.reads, source.community.id
    folder, _, name = path.removesuffix(".html").partition("/")
    key = int(name.removeprefix("r")) if re.fullmatch(r"r?[0-9]{1,9}", name) else 0
    found: Page | None = None
    match folder:
        case "index":
            found = front_page(source)
        case "archive":
            found = archive_page(source)
        case "search":
            found = search_page(source)
        case "groups":
            found = next(_groups(source, name), None) if name else None
        case "decisions" if check := reads.get(Check, here, key):
            found = decision_page(source, check)
        case "consultations" if consultation := reads.get(Consultation, here, key):
            found = consultation_page(source, consultation)
        case "meetings" if meeting := reads.get(Meeting, here, key):
            found = meeting_page(source, meeting)
        case "recommendations" if (recommendation := reads.get(Recommendation, here, key)) and published(
            recommendation
        ):
            found = recommendation_page(source, recommendation)
        case "cycles" if cycle := reads.get(Cycle, here, key):
            found = cycle_page(source, cycle)
    return found if found is not None and found.path == path else None


@lru_cache
def _asset(path: str) -> Written:
    return Written(path, files("adapters.web").joinpath(*path.split("/")).read_bytes())


def _documents(source: Source, page: GroupPage) -> Iterator[Written]:
    """A group's text in its forms, as the chat hands it over, less addresses."""
    group = next(
        each
        for each in source.reads.all(Group, community=source.community.id)
        if source.paths.slug_of(each.id) == page.slug
    )
    sheet = sheet_of(source.reads, source.community.id, GroupId(group.id))
    sheet = replace(
        sheet,
        sections=tuple((heading, public(text)) for heading, text in sheet.sections),
        extra_sections=tuple((heading, public(text)) for heading, text in sheet.extra_sections),
    )
    for form, _ in DOCUMENTS:
        yield Written(f"groups/{page.slug}.{form}", _document(sheet, form))


@lru_cache(600)
def _document(sheet: ProposalSheet, form: Format) -> bytes:
    """A document takes tenths of a second, and rarely changes."""
    return render(sheet, form)
