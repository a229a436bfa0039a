"""The community's front page, its cycles, its archive, and where words are looked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeVar

from adapters.web import paths
from adapters.web.entries import (
    GOOD,
    LATE,
    check_entry,
    consultation_entry,
    group_entry,
    meeting_entry,
    published,
    recommendation_entry,
)
from adapters.web.model import ArchivePage, CyclePage, Entry, FrontPage, Newest, SearchPage, Source
from adapters.web.of_list import Long, cycle_entry, lists_in
from bot.domain.consensus.checks import Check
from bot.domain.consultations import Consultation
from bot.domain.cycles import Cycle, current_cycle
from bot.domain.groups import ENDED, UNDECIDED, Group, Stage
from bot.domain.meetings import Meeting, MeetingState
from bot.domain.people import ASKED, Seat
from bot.domain.recommendations import Recommendation
from bot.domain.updates import awaited
from bot.present.charts import CHARTS
from bot.present.names import group_label
from bot.present.roster import in_order, region_label
from bot.text import Day, Moment, T, Text, Tn, term
from bot.view import Table

R = TypeVar("R")

SHOWN: Final = 40
"""Groups of each state on the front page."""

SHOWN_NOW: Final = 15
"""Of what is open, to come or late on the front page, each. All of it is in lists."""

SHOWN_ENDED: Final = 12
"""Ended groups of each cycle in the archive."""

SHOWN_BY_NAME: Final = 100
"""Groups beside the search. All are in the lists of their cycles."""

RECENT: Final = 12
"""Decisions, recommendations and summaries shown on the front page; all are on the pages of their groups and cycles."""


def front_page(source: Source) -> FrontPage:
    """What is open, what comes, what is late, and the groups by state."""
    reads, community = source.reads, source.community
    cycle = current_cycle(reads, community)
    groups = reads.all(Group, community=community.id)
    at_work = [each for each in groups if each.stage is Stage.ACTIVE]
    forming = [each for each in groups if each.stage in UNDECIDED or each.stage is Stage.APPROVED]
    ended = [each for each in groups if each.stage in ENDED and each.cycle == community.cycle]
    recent = sorted(_recent(source), key=lambda each: each.at, reverse=True)[:RECENT]
    by_state = (
        (T("At work"), _named(source, at_work, SHOWN)),
        (T("Being formed"), _named(source, forming, SHOWN)),
        (T("Ended in this cycle"), _named(source, ended, SHOWN)),
    )
    now = {each.path: each for each in lists_now(source)}
    return FrontPage(
        paths.FRONT,
        T("{cycle}, {first} to {last}", cycle=cycle.name, first=Day(cycle.first_day), last=Day(cycle.last_day))
        if cycle is not None
        else None,
        (
            (len(at_work), Tn("working group at work", "working groups at work", len(at_work))),
            (len(forming), Tn("being formed", "being formed", len(forming))),
            _decisions(source, cycle),
        ),
        _first(source, now["now/open"]),
        _first(source, now["now/coming"]),
        _first(source, now["now/late"]),
        tuple((heading, groups) for heading, groups in by_state if groups.total),
        tuple(recent),
        max([each.at for each in recent] + [each.proposed_at for each in groups], default=source.since),
    )


def _named(source: Source, groups: Iterable[Group], most: int) -> Newest[Entry]:
    """Groups by name; where there are many, some of them, and where the others of their cycle are."""
    found = sorted(groups, key=lambda each: each.short_name.lower())
    more = f"{paths.Paths.cycle(found[0].cycle)}#groups" if len(found) > most else ""
    return Newest(tuple(group_entry(source, each) for each in found[:most]), len(found), more)


def lists_now(source: Source) -> Iterator[Long]:
    """What is open, to come and late, whole: a list's last part begins with what is most urgent."""

    def up() -> Entry:
        return Entry(paths.FRONT, T("Now"), T("The front page"), source.since)

    for path, title, entries in (
        ("now/open", T("Open now"), [*open_now(source)]),
        ("now/coming", T("Coming meetings"), _coming(source)),
        ("now/late", T("Late reports"), [*late(source)]),
    ):
        yield Long(path, title, up, tuple(reversed(entries)), _itself, newest=SHOWN_NOW, least=SHOWN_NOW)


def _itself(source: Source, entry: Entry) -> Entry:
    return entry


def _first(source: Source, entries: Long) -> Newest[Entry]:
    return entries.top(source)


def _decisions(source: Source, cycle: Cycle | None) -> tuple[int, Text]:
    concluded = [each for each in source.reads.all(Check, community=source.community.id) if _concluded(each)]
    if cycle is not None:
        concluded = [each for each in concluded if _day(each) >= cycle.first_day.isoformat()]
    return len(concluded), Tn("consensus check concluded", "consensus checks concluded", len(concluded))


def _concluded(check: Check) -> bool:
    return check.outcome is not None and check.concluded_at is not None


def _day(check: Check) -> str:
    return f"{check.concluded_at:%Y-%m-%d}"


def open_now(source: Source) -> Iterator[Entry]:
    """Consultations first: anybody seated may still comment; then the checks that members take positions in."""
    reads, community = source.reads, source.community
    for consultation in reads.all(Consultation, community=community.id, closed=False):
        if source.now < consultation.closes_at:
            yield consultation_entry(source, consultation)
    for check in reads.all(Check, community=community.id, closed=False):
        if source.now < check.closes_at:
            yield check_entry(source, check)


def _coming(source: Source) -> list[Entry]:
    meetings = [
        each
        for state in (MeetingState.SCHEDULED, MeetingState.RUNNING)
        for each in source.reads.all(Meeting, community=source.community.id, state=state)
        if not each.held(source.now)
    ]
    return [meeting_entry(source, each) for each in sorted(meetings, key=lambda each: (each.starts_at, each.number))]


def late(source: Source) -> Iterator[Entry]:
    """Updates and summaries that are late, each with since when. They block nothing."""
    reads, community = source.reads, source.community
    for group in reads.all(Group, community=community.id, stage=Stage.ACTIVE):
        waiting = awaited(reads, community, group, source.now)
        if waiting is not None and waiting.late(source.now):
            due = Moment(waiting.closes_at, community.zone)
            yield Entry(
                source.paths.group(group.id),
                T("Update of {group}", group=group.short_name),
                T("It was due {when}", when=due),
                waiting.closes_at,
                LATE,
            )
    held = [each for each in reads.all(Meeting, community=community.id) if each.summary_late(source.now)]
    yield from (meeting_entry(source, each) for each in held)


def _recent(source: Source) -> Iterator[Entry]:
    reads, community = source.reads, source.community
    checks = [each for each in reads.all(Check, community=community.id) if _concluded(each)]
    yield from (check_entry(source, each) for each in _last(checks, lambda each: each.concluded_at))
    meetings = [each for each in reads.all(Meeting, community=community.id) if each.summarised_at is not None]
    for meeting in _last(meetings, lambda each: each.summarised_at):
        entry = meeting_entry(source, meeting)
        yield Entry(entry.path, entry.title, entry.state, meeting.summarised_at or entry.at, GOOD)
    found = [each for each in reads.all(Recommendation, community=community.id) if published(each)]
    found = [each for each in found if each.handed_at or each.settled_at]
    yield from (
        recommendation_entry(source, each) for each in _last(found, lambda each: each.settled_at or each.handed_at)
    )


def _last(records: Iterable[R], at: Callable[[R], Any]) -> list[R]:
    """The latest ones, as many as could be shown."""
    return sorted(records, key=at)[-RECENT:]


def cycle_page(source: Source, cycle: Cycle) -> CyclePage:
    """One cycle: its groups, and who was seated, by group only."""
    reads, community = source.reads, source.community
    lists = {each.path.rpartition("/")[2]: each for each in lists_in(source, cycle)}
    asked = [each for each in reads.all(Seat, community=community.id, cycle=cycle.number) if each.role in ASKED]
    by_group = Counter(each.stakeholder_group for each in asked)
    by_region = Counter(each.regional_group for each in asked)
    tables = [_seats(T("Stakeholder group"), in_order(community.stakeholder_groups, by_group), by_group, group_label)]
    if set(by_region) - {""}:
        tables.append(
            _seats(T("Regional group"), in_order(community.regional_groups, by_region), by_region, region_label)
        )
    groups = lists["groups"]
    shown = sorted(groups.items[-groups.newest :], key=lambda each: each.short_name.lower())
    return CyclePage(
        paths.Paths.cycle(cycle.number),
        cycle.name,
        T("{first} to {last}", first=Day(cycle.first_day), last=Day(cycle.last_day)),
        cycle.number == community.cycle,
        Newest(tuple(group_entry(source, each) for each in shown), len(groups.items), groups.address(groups.parts)),
        lists["meetings"].top(source),
        lists["decisions"].top(source),
        CHARTS["balance"](reads, community, str(cycle.number), source.now) if asked else None,
        tuple(tables) if asked else (),
        max((group_entry(source, each).at for each in groups.items), default=source.since),
    )


def _seats(heading: Text, names: Iterable[str], counts: Counter[str], label: Callable[[str], Text]) -> Table:
    rows = tuple((label(name), term(str(counts[name]))) for name in names)
    return Table((heading, T("Seats")), rows, numeric=(1,))


def archive_page(source: Source) -> ArchivePage:
    """Every cycle, the newest first, each with its groups that have ended."""
    reads, community = source.reads, source.community
    cycles = sorted(reads.all(Cycle, community=community.id), key=lambda each: -each.number)
    groups = reads.all(Group, community=community.id)
    found = []
    for cycle in cycles:
        ended = [each for each in groups if each.cycle == cycle.number and each.stage in ENDED]
        found.append((cycle_entry(source, cycle), _named(source, ended, SHOWN_ENDED)))
    return ArchivePage(
        paths.ARCHIVE,
        tuple(found),
        max((each.at for _, shown in found for each in shown.entries), default=source.since),
    )


def search_page(source: Source) -> SearchPage:
    """The groups by name, and the cycles."""
    reads, community = source.reads, source.community
    groups = _named(source, reads.all(Group, community=community.id), SHOWN_BY_NAME).entries
    cycles = sorted(reads.all(Cycle, community=community.id), key=lambda each: -each.number)
    return SearchPage(
        paths.SEARCH,
        groups,
        tuple(cycle_entry(source, each) for each in cycles),
        max((each.at for each in groups), default=source.since),
    )
