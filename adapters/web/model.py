"""What pages say, before they are pages: plain values, filled from state by the `of_…` modules, drawn by the templates.

Only what is named here can reach the public. Nothing is passed on as it is stored: a new field of a record is not
published until somebody writes it into a page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Generic, Protocol, TypeVar

from adapters.web.paths import Paths
from bot.chart import Chart
from bot.domain.balance import Balance
from bot.domain.charters import Change
from bot.domain.community import Community
from bot.domain.cycles import Cycle
from bot.domain.ids import PersonId
from bot.domain.people import Person
from bot.ports import Parts
from bot.text import PersonName, Text
from bot.view import Block, Fact, Section, Table, Tally

E = TypeVar("E")
V = TypeVar("V")


class Once(Protocol):
    """Keeps what some work gave, as long as it would give the same."""

    def __call__(self, work: Callable[[Source], V], source: Source) -> V: ...


@dataclass(frozen=True, slots=True)
class Source:
    """What pages are filled from: a snapshot of state at a time (UTC, the community's own), and where pages lie."""

    reads: Parts
    community: Community
    now: datetime
    paths: Paths
    kept: Once | None = None

    def once(self, work: Callable[[Source], V]) -> V:
        """What some work gives that takes long: it is done once for all that is made from the same state."""
        return work(self) if self.kept is None else self.kept(work, self)

    @property
    def since(self) -> datetime:
        """When the first cycle began (UTC): before that there is nothing to tell."""
        days = [each.first_day for each in self.reads.all(Cycle, community=self.community.id)]
        return datetime.combine(min(days, default=self.now.date()), time(0), UTC)

    def name(self, person: PersonId | None) -> PersonName:
        """A person by name, without the id that other views carry along."""
        found = self.reads.get(Person, self.community.id, person) if person else None
        return PersonName("", found.name if found else "—")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line that leads to a page: a title, where it stands, and when something last happened to it (UTC)."""

    path: str
    title: Text
    state: Text
    at: datetime
    mood: str = "quiet"
    about: Text | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in the life of a group. `path` leads to more, where there is more."""

    at: datetime
    what: Text
    key: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """Words of somebody, with who said them, when, and what was answered."""

    number: int
    by: Text
    at: datetime
    text: str
    kind: Text | None = None
    answer: str = ""
    answered_by: Text | None = None
    state: str = "open"


@dataclass(frozen=True, slots=True)
class Report:
    """A periodic update."""

    number: int
    by: Text
    at: datetime
    sections: tuple[tuple[Text, str], ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A version of a document: which, by whom, when, and where it is. `withdrawn` says why the document holds no more."""

    path: str
    label: str
    title: str
    version: Text
    at: datetime
    link: str
    note: str
    withdrawn: Text | None


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a charter, with what it changed."""

    number: int
    by: Text
    at: datetime
    sections: tuple[Section, ...]
    changes: tuple[Change, ...] | None


@dataclass(frozen=True, slots=True)
class Newest(Generic[E]):
    """The newest of a list that may be long: how many there are in all, and the page the list begins on ("": no more)."""

    entries: tuple[E, ...]
    total: int
    path: str


@dataclass(frozen=True, slots=True)
class Standing:
    """People of one stakeholder group."""

    label: Text
    names: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class GroupPage:
    """Everything public about a working group."""

    path: str
    slug: str
    short_name: str
    full_name: str
    stage: Text
    mood: str
    next_step: Text
    draft: bool
    facts: tuple[Fact, ...]
    flags: tuple[Fact, ...]
    decided: tuple[Voice, ...]
    minority_views: str
    charter: Version
    versions: Newest[Version]
    lineage: tuple[Entry, ...]
    successor: Entry | None
    facilitators: tuple[Text, ...]
    members: tuple[Standing, ...]
    participants: tuple[Text, ...]
    former: tuple[Text, ...]
    balance: Balance
    balance_chart: Chart | None
    balance_tables: tuple[Table, ...]
    modalities: tuple[Block, ...]
    modalities_note: Text
    secretariat_role: str
    updates: Newest[Report]
    meetings: Newest[Entry]
    decisions: Newest[Entry]
    recommendations: Newest[Entry]
    outreach: Newest[Voice]
    papers: Newest[Paper]
    documents: tuple[tuple[str, Text], ...]
    history: Newest[Event]
    life: tuple[Event, ...]
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """A consensus check, for everybody: positions by stakeholder group and never by name."""

    path: str
    number: int
    title: Text
    question: Text
    state: Text
    mood: str
    running: bool
    facts: tuple[Fact, ...]
    tally: Tally | None
    chart: Chart | None
    objections: tuple[Voice, ...]
    assessment: Text | None
    reasons: tuple[Text, ...]
    conclusion: Text | None
    rationale: str
    minority_views: str
    group: Entry | None
    recommendation: Entry | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ConsultationPage:
    """A consultation of the full membership: what was asked, what was said, what was answered."""

    path: str
    number: int
    title: Text
    state: Text
    mood: str
    running: bool
    facts: tuple[Fact, ...]
    comments: tuple[Voice, ...]
    more: str
    subject: Entry
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """A meeting: when, where, what about, who was there by stakeholder group, and its summary once approved."""

    path: str
    number: int
    title: Text
    state: Text
    mood: str
    facts: tuple[Fact, ...]
    why: str
    agenda: tuple[Block, ...]
    summary: str
    approved: Text | None
    waiting: Text | None
    attendance: tuple[Block, ...]
    outcomes: tuple[Block, ...]
    body: Entry | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class RecommendationPage:
    """What a group gives to the full membership, and what became of it."""

    path: str
    label: str
    title: Text
    heading: str
    state: Text
    mood: str
    facts: tuple[Fact, ...]
    text: str
    minority_views: str
    rationale: str
    group: Entry
    consultation: Entry | None
    decisions: tuple[Entry, ...]
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CyclePage:
    """One cycle: its groups, and the meetings and consensus checks of the full membership in it."""

    path: str
    name: str
    days: Text
    current: bool
    groups: Newest[Entry]
    meetings: Newest[Entry]
    decisions: Newest[Entry]
    seats_chart: Chart | None
    seats_tables: tuple[Table, ...]
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The community's front page."""

    path: str
    cycle: Text | None
    numbers: tuple[tuple[int, Text], ...]
    open_now: Newest[Entry]
    coming: Newest[Entry]
    late: Newest[Entry]
    groups: tuple[tuple[Text, Newest[Entry]], ...]
    recent: tuple[Entry, ...]
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """Groups that have ended, and the cycles there were."""

    path: str
    cycles: tuple[tuple[Entry, Newest[Entry]], ...]
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A document of a group: its newest version, with its text where it is kept here, and the list of all."""

    path: str
    label: str
    title: str
    group: Entry
    newest: Paper
    text: str
    whole: str
    versions: tuple[Paper, ...]
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Where words are looked for; whoever has no JavaScript finds every group in its list, or in its cycle's."""

    path: str
    groups: tuple[Entry, ...]
    cycles: tuple[Entry, ...]
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ListPage:
    """A part of a long list, the newest first. Parts are counted from the oldest, so one that is full stays as it is."""

    path: str
    title: Text
    number: int
    older: str
    newer: str
    up: Entry
    entries: tuple[Entry, ...]
    reports: tuple[Report, ...]
    voices: tuple[Voice, ...]
    papers: tuple[Paper, ...]
    events: tuple[Event, ...]
    versions: tuple[Version, ...]
    updated_at: datetime


Page = (
    FrontPage
    | GroupPage
    | DecisionPage
    | ConsultationPage
    | MeetingPage
    | RecommendationPage
    | CyclePage
    | ArchivePage
    | DocumentPage
    | ListPage
    | SearchPage
)
