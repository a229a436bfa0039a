"""Lists that may be long: their newest entries on the page they belong to, all of them in parts of their own.

Parts are counted from the oldest entry, so that one that is full stays as it is, and an address once given leads to what
it led to.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Final, Literal

from adapters.web import paths
from adapters.web.entries import (
    OPEN,
    QUIET,
    check_entry,
    consultation_entry,
    group_entry,
    meeting_entry,
    published,
    recommendation_entry,
)
from adapters.web.history import history
from adapters.web.model import Entry, ListPage, Newest, Paper, Report, Source, Version, Voice
from bot.domain.charters import changes_in, version_of
from bot.domain.consensus.checks import Check
from bot.domain.consultations import Consultation
from bot.domain.cycles import Cycle
from bot.domain.documents import Document, DocumentVersion, documents_of
from bot.domain.documents import version_of as version_of_document
from bot.domain.groups import Group
from bot.domain.ids import MAG
from bot.domain.meetings import meetings_of
from bot.domain.outreach import Outreach, outreach_of
from bot.domain.recommendations import Recommendation
from bot.domain.updates import Update, updates_of
from bot.present.groups import sections_of
from bot.present.names import group_label
from bot.text import Day, Moment, T, Text, joined, said, term

Of = Literal["entries", "reports", "voices", "papers", "events", "versions"]

PART: Final = 50
"""Entries in a part of a list."""


@dataclass(frozen=True, slots=True)
class Long:
    """A list, whole, the oldest first: `items` are records, and `shown` makes of one what stands on a page.

    `size` are in a part. It has parts where there are more than `least`, and its own page shows `newest`. `up` is the page
    it belongs to.
    """

    path: str
    title: Text
    up: Callable[[], Entry]
    items: tuple[Any, ...]
    shown: Callable[[Source, Any], Any]
    of: Of = "entries"
    size: int = PART
    newest: int = 10
    least: int = 10

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return -(-len(self.items) // self.size) if len(self.items) > self.least else 0

    def part(self, number: int) -> tuple[Any, ...]:
        """The items of a part, counted from 1."""
        return self.items[(number - 1) * self.size : number * self.size]

    def address(self, number: int) -> str:
        """The page of a part; "" where there is none."""
        return paths.part(self.path, number) if 1 <= number <= self.parts else ""

    def top(self, source: Source) -> Newest[Any]:
        """What stands on the page it belongs to."""
        last = self.items[-self.newest :] if self.newest else ()
        entries = tuple(self.shown(source, each) for each in reversed(last))
        more = len(self.items) > self.newest
        return Newest(entries, len(self.items), self.address(self.parts) if more else "")

    def page(self, source: Source, number: int) -> ListPage:
        """One part."""
        entries = tuple(self.shown(source, each) for each in reversed(self.part(number)))
        given: dict[Of, tuple[Any, ...]] = {self.of: entries}
        return ListPage(
            self.address(number),
            self.title,
            number,
            self.address(number - 1),
            self.address(number + 1),
            self.up(),
            given.get("entries", ()),
            given.get("reports", ()),
            given.get("voices", ()),
            given.get("papers", ()),
            given.get("events", ()),
            given.get("versions", ()),
            max(each.at for each in entries),
        )


def lists_of(source: Source, group: Group) -> Iterator[Long]:
    """Every list of a working group, by the last part of its path: meetings, decisions, documents, …"""
    reads, here = source.reads, source.community.id
    top = f"groups/{source.paths.slug_of(group.id)}"

    def up() -> Entry:
        return group_entry(source, group)

    yield Long(f"{top}/meetings", T("Meetings"), up, meetings_of(reads, here, group.id), meeting_entry)
    yield Long(f"{top}/decisions", T("Consultations and consensus checks"), up, asked_of(source, group), _asked_entry)
    papers = documents_of(reads, group)
    yield Long(f"{top}/documents", T("Documents"), up, papers, paper, "papers")
    updates = updates_of(reads, group)
    yield Long(f"{top}/updates", T("Updates"), up, updates, report, "reports", paths.UPDATES, 3, 0)
    texts = tuple(each for each in reads.all(Recommendation, community=here, group=group.id) if published(each))
    yield Long(f"{top}/recommendations", T("Recommendations"), up, texts, recommendation_entry)
    yield Long(f"{top}/outreach", T("Outreach"), up, outreach_of(reads, group), _outreach, "voices", 20, 5, 5)
    yield Long(f"{top}/history", T("History"), up, history(source, group), _itself, "events", 100, 20, 20)
    numbers = tuple(range(1, group.version + 1))

    def version(source: Source, number: int) -> Version:
        return version_page(source, group, number)

    yield Long(f"{top}/versions", T("Versions"), up, numbers, version, "versions", 1, 2, 1)


def lists_in(source: Source, cycle: Cycle) -> Iterator[Long]:
    """Every list of a cycle: its groups, and the meetings and consensus checks of the full membership in it."""
    reads, here = source.reads, source.community.id
    top = f"cycles/{cycle.number}"

    def up() -> Entry:
        return cycle_entry(source, cycle)

    groups = [each for each in reads.all(Group, community=here) if each.cycle == cycle.number]
    groups.sort(key=lambda each: (each.proposed_at, each.id))
    yield Long(f"{top}/groups", T("Working groups"), up, tuple(groups), group_entry, newest=40, least=40)
    fell_in = _cycles(source)
    meetings = [each for each in meetings_of(reads, here, MAG) if fell_in(each.starts_at) == cycle.number]
    body = source.community.titles.body
    title = T("Meetings of the {body}", body=body)
    yield Long(f"{top}/meetings", title, up, tuple(meetings), meeting_entry, newest=20, least=20)
    checks = [each for each in reads.all(Check, community=here, body=MAG) if fell_in(each.opened_at) == cycle.number]
    title = T("Consensus checks of the {body}", body=body)
    yield Long(f"{top}/decisions", title, up, tuple(checks), check_entry, newest=20, least=20)


def named(source: Source, name: str, parts: Iterator[Long]) -> Long:
    """The list of that name."""
    return next(each for each in parts if each.path.rpartition("/")[2] == name)


def _cycles(source: Source) -> Callable[[datetime], int]:
    """Tells which cycle a time belongs to: the last that had begun; what lies before all of them, the first."""
    cycles = sorted(source.reads.all(Cycle, community=source.community.id), key=lambda each: each.first_day)
    days = [each.first_day for each in cycles]
    return lambda at: cycles[max(bisect_right(days, at.date()) - 1, 0)].number


def cycle_entry(source: Source, cycle: Cycle) -> Entry:
    """A cycle."""
    return Entry(
        paths.Paths.cycle(cycle.number),
        term(cycle.name),
        T("{first} to {last}", first=Day(cycle.first_day), last=Day(cycle.last_day)),
        datetime.combine(cycle.first_day, time(0), UTC),
        OPEN if cycle.number == source.community.cycle else QUIET,
    )


def asked_of(source: Source, group: Group) -> tuple[Consultation | Check, ...]:
    """Consultations and checks of a group, and the checks it holds itself, by when they were opened."""
    reads, here = source.reads, source.community.id
    checks = {each.number: each for each in reads.all(Check, community=here, group=group.id)}
    checks |= {each.number: each for each in reads.all(Check, community=here, body=group.id)}
    found: list[Consultation | Check] = [*reads.all(Consultation, community=here, group=group.id)]
    found += (checks[each] for each in sorted(checks))
    return tuple(sorted(found, key=lambda each: each.opened_at))


def _asked_entry(source: Source, asked: Consultation | Check) -> Entry:
    return consultation_entry(source, asked) if isinstance(asked, Consultation) else check_entry(source, asked)


def _itself(source: Source, item: Any) -> Any:
    return item


def paper(source: Source, document: Document) -> Paper:
    """A document in its newest version."""
    return paper_of(source, document, version_of_document(source.reads, document))


def paper_of(source: Source, document: Document, version: DocumentVersion) -> Paper:
    """A version of a document."""
    why = None
    if document.withdrawn_at is not None:
        when = Moment(document.withdrawn_at, source.community.zone)
        why = T("Withdrawn {when}: {why}", when=when, why=said(document.why_withdrawn))
    return Paper(
        source.paths.document(document.number),
        document.label,
        document.title,
        T("version {version}, by {person}", version=version.version, person=source.name(version.added_by)),
        version.added_at,
        version.link if version.link.startswith(("https://", "http://")) else "",
        version.note,
        why,
    )


def report(source: Source, update: Update) -> Report:
    """A periodic update."""
    parts = (
        (T("Progress"), update.progress),
        (T("Next steps"), update.next_steps),
        (T("Help needed"), update.help_needed),
    )
    shown = tuple((heading, text) for heading, text in parts if text)
    return Report(update.number, T("{person}", person=source.name(update.author)), update.posted_at, shown)


def _outreach(source: Source, each: Outreach) -> Voice:
    reached = joined([group_label(name) for name in each.reached], ", ")
    return Voice(each.number, T("{person}", person=source.name(each.author)), each.noted_at, each.text, reached)


def version_page(source: Source, group: Group, number: int) -> Version:
    """A version of a charter."""
    proposal = version_of(source.reads, group, number)
    if proposal is None:
        raise LookupError(number)
    body = source.community.titles.body
    return Version(
        number,
        T("{person}", person=source.name(proposal.author)),
        proposal.written_at,
        sections_of(proposal.sections, body),
        changes_in(source.reads, group, number, body),
    )
