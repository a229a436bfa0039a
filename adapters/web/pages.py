"""Every page of the record: its path, what makes it, and what it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from adapters.web import paths
from adapters.web.entries import published
from adapters.web.history import history
from adapters.web.model import Page, Source
from adapters.web.of_decision import comments_of, consultation_page, decision_page
from adapters.web.of_document import document_page
from adapters.web.of_front import archive_page, cycle_page, front_page, lists_now, search_page
from adapters.web.of_group import group_page
from adapters.web.of_list import Long, asked_of, lists_in, lists_of
from adapters.web.of_meeting import meeting_page, recommendation_page
from bot.domain.consensus.checks import Check
from bot.domain.consultations import Consultation
from bot.domain.cycles import Cycle
from bot.domain.documents import Document, DocumentVersion
from bot.domain.groups import Group
from bot.domain.ids import MAG
from bot.domain.meetings import Meeting
from bot.domain.recommendations import Recommendation

Recipe = tuple[str, Callable[[], Page], Any]
"""A page's path, what makes it, and what that is given."""


_OF: Final[dict[type[Any], tuple[Callable[[paths.Paths, Any], str], Callable[[Source, Any], Page]]]] = {
    Group: (lambda at, group: at.group(group.id), group_page),
    Check: (lambda at, check: at.decision(check.number), decision_page),
    Consultation: (lambda at, consultation: at.consultation(consultation.number), consultation_page),
    Meeting: (lambda at, meeting: at.meeting(meeting.number), meeting_page),
    Recommendation: (lambda at, recommendation: at.recommendation(recommendation.number), recommendation_page),
    Document: (lambda at, document: at.document(document.number), document_page),
    Cycle: (lambda at, cycle: at.cycle(cycle.number), cycle_page),
}
"""Where a record's page lies, and what makes it."""


@dataclass(frozen=True)
class Pages:
    """The pages that are made from one state."""

    source: Source

    def all(self) -> Iterator[Recipe]:
        """All of them, the front page first."""
        yield from self.of_the_whole()
        for group in self.source.reads.all(Group, community=self.source.community.id):
            yield from self.of_group(group)

    def of_the_whole(self) -> Iterator[Recipe]:
        """Those that are no group's own: the front page, the cycles, what the full membership does itself."""
        source, reads, here = self.source, self.source.reads, self.source.community.id
        yield paths.FRONT, lambda: front_page(source), None
        for long in lists_now(source):
            yield from self.parts(long)
        yield from (self.of(each) for each in reads.all(Check, community=here, body=MAG) if not each.group)
        yield from (self.of(each) for each in reads.all(Meeting, community=here, body=MAG))
        for cycle in reads.all(Cycle, community=here):
            yield self.of(cycle)
            for long in lists_in(source, cycle):
                yield from self.parts(long)
        yield paths.ARCHIVE, lambda: archive_page(source), None
        yield paths.SEARCH, lambda: search_page(source), None

    def of_group(self, group: Group) -> Iterator[Recipe]:
        """A group's own, and those of all it does."""
        source, reads = self.source, self.source.reads
        its = {"community": group.community, "group": group.id}
        yield self.of(group)
        for long in lists_of(source, group):
            yield from self.parts(long)
        for asked in asked_of(source, group):
            yield self.of(asked)
            if isinstance(asked, Consultation):
                yield from self.parts(comments_of(source, asked), 2)
        yield from (self.of(each) for each in reads.all(Meeting, community=group.community, body=group.id))
        yield from (self.of(each) for each in reads.all(Recommendation, **its) if published(each))
        yield from (self.of(each) for each in reads.all(Document, **its))

    def of(self, record: Any) -> Recipe:
        """That of a record. Raises `LookupError` for what has no page."""
        path, page = _OF[type(record)]
        return path(self.source.paths, record), lambda: page(self.source, record), record

    def parts(self, long: Long, first: int = 1) -> Iterator[Recipe]:
        """Those of a long list, from one on."""
        for number in range(first, long.parts + 1):
            given = (long.title, long.part(number), long.address(number - 1), long.address(number + 1))
            yield long.address(number), self._part(long, number), given

    def _part(self, long: Long, number: int) -> Callable[[], Page]:
        return lambda: long.page(self.source, number)

    def changed(self, given: Any) -> datetime | None:
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
