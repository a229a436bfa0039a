"""The whole record of a community: every page and file there is, from one snapshot of state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.resources import files

from adapters.shared.documents import render
from adapters.shared.documents.proposal import sheet_of
from adapters.web import paths
from adapters.web.entries import published
from adapters.web.feeds import all_feeds, calendars, data, sitemap
from adapters.web.model import GroupPage, Page, Source
from adapters.web.of_decision import consultation_page, decision_page
from adapters.web.of_front import archive_page, cycle_page, front_page
from adapters.web.of_group import DOCUMENTS, group_page
from adapters.web.of_meeting import meeting_page, recommendation_page
from adapters.web.prose import Prose, public
from adapters.web.rendering import Press
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
    style = files("adapters.web") / "assets" / "record.css"
    yield Written(paths.STYLE, style.read_bytes())


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
        yield Written(f"groups/{page.slug}.{form}", render(sheet, form))
