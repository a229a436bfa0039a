"""The community's front page, its cycles, its archive, and where words are looked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, time

from adapters.web import paths
from adapters.web.entries import (
    GOOD,
    LATE,
    OPEN,
    QUIET,
    check_entry,
    consultation_entry,
    group_entry,
    meeting_entry,
    published,
    recommendation_entry,
)
from adapters.web.model import ArchivePage, CyclePage, Entry, FrontPage, SearchPage, Source
from bot.domain.consensus.checks import Check
from bot.domain.consultations import Consultation
from bot.domain.cycles import Cycle, current_cycle
from bot.domain.groups import ENDED, UNDECIDED, Group, Stage
from bot.domain.ids import MAG
from bot.domain.meetings import Meeting, MeetingState, late_summaries, meetings_of
from bot.domain.people import ASKED, Seat
from bot.domain.recommendations import Recommendation
from bot.domain.updates import awaited
from bot.present.charts import CHARTS
from bot.present.names import group_label
from bot.present.roster import in_order, region_label
from bot.text import Moment, T, Text, Tn, term
from bot.view import Table

RECENT = 12
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
        (T("At work"), _named(source, at_work)),
        (T("Being formed"), _named(source, forming)),
        (T("Ended in this cycle"), _named(source, ended)),
    )
    return FrontPage(
        paths.FRONT,
        T("{cycle}, {first} to {last}", cycle=cycle.name, first=str(cycle.first_day), last=str(cycle.last_day))
        if cycle is not None
        else None,
        (
            (len(at_work), Tn("working group at work", "working groups at work", len(at_work))),
            (len(forming), Tn("being formed", "being formed", len(forming))),
            _decisions(source, cycle),
        ),
        tuple(_open_now(source)),
        tuple(_coming(source)),
        tuple(late(source)),
        tuple((heading, entries) for heading, entries in by_state if entries),
        tuple(recent),
        max([each.at for each in recent] + [each.proposed_at for each in groups], default=source.since),
    )


def _named(source: Source, groups: Iterable[Group]) -> tuple[Entry, ...]:
    return tuple(group_entry(source, each) for each in sorted(groups, key=lambda each: each.short_name.lower()))


def _decisions(source: Source, cycle: Cycle | None) -> tuple[int, Text]:
    concluded = [each for each in source.reads.all(Check, community=source.community.id) if _concluded(each)]
    if cycle is not None:
        concluded = [each for each in concluded if _day(each) >= cycle.first_day.isoformat()]
    return len(concluded), Tn("consensus check concluded", "consensus checks concluded", len(concluded))


def _concluded(check: Check) -> bool:
    return check.outcome is not None and check.concluded_at is not None


def _day(check: Check) -> str:
    return f"{check.concluded_at:%Y-%m-%d}"


def _open_now(source: Source) -> Iterator[Entry]:
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
    bodies = [MAG, *(each.id for each in reads.all(Group, community=community.id))]
    for body in bodies:
        for meeting in late_summaries(reads, community.id, body, source.now):
            yield meeting_entry(source, meeting)


def _recent(source: Source) -> Iterator[Entry]:
    reads, community = source.reads, source.community
    yield from (check_entry(source, each) for each in reads.all(Check, community=community.id) if _concluded(each))
    for meeting in reads.all(Meeting, community=community.id):
        if meeting.summarised_at is not None:
            entry = meeting_entry(source, meeting)
            yield Entry(entry.path, entry.title, entry.state, meeting.summarised_at, GOOD)
    for found in reads.all(Recommendation, community=community.id):
        if published(found) and (found.handed_at or found.settled_at):
            yield recommendation_entry(source, found)


def cycle_page(source: Source, cycle: Cycle) -> CyclePage:
    """One cycle: its groups, and who was seated, by group only."""
    reads, community = source.reads, source.community
    groups = [each for each in reads.all(Group, community=community.id) if each.cycle == cycle.number]
    meetings = reversed(meetings_of(reads, community.id, MAG))
    checks = reversed(reads.all(Check, community=community.id, body=MAG))
    asked = [each for each in reads.all(Seat, community=community.id, cycle=cycle.number) if each.role in ASKED]
    by_group = Counter(each.stakeholder_group for each in asked)
    by_region = Counter(each.regional_group for each in asked)
    tables = [_seats(T("Stakeholder group"), in_order(community.stakeholder_groups, by_group), by_group, group_label)]
    if set(by_region) - {""}:
        tables.append(
            _seats(T("Regional group"), in_order(community.regional_groups, by_region), by_region, region_label)
        )
    entries = _named(source, groups)
    return CyclePage(
        paths.Paths.cycle(cycle.number),
        cycle.name,
        T("{first} to {last}", first=str(cycle.first_day), last=str(cycle.last_day)),
        cycle.number == community.cycle,
        entries,
        tuple(meeting_entry(source, each) for each in meetings if _fell_in(source, each.starts_at) == cycle.number),
        tuple(check_entry(source, each) for each in checks if _fell_in(source, each.opened_at) == cycle.number),
        CHARTS["balance"](reads, community, str(cycle.number), source.now) if asked else None,
        tuple(tables) if asked else (),
        max((each.at for each in entries), default=source.since),
    )


def _fell_in(source: Source, at: datetime) -> int:
    """The cycle that a time belongs to: the last that had begun; what lies before all of them, the first."""
    cycles = sorted(source.reads.all(Cycle, community=source.community.id), key=lambda each: each.first_day)
    begun = [each.number for each in cycles if each.first_day <= at.date()]
    return begun[-1] if begun else cycles[0].number


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
        found.append((_cycle_entry(source, cycle), _named(source, ended)))
    return ArchivePage(
        paths.ARCHIVE,
        tuple(found),
        max((each.at for _, entries in found for each in entries), default=source.since),
    )


def search_page(source: Source) -> SearchPage:
    """Every group by name, and the cycles."""
    reads, community = source.reads, source.community
    groups = _named(source, reads.all(Group, community=community.id))
    cycles = sorted(reads.all(Cycle, community=community.id), key=lambda each: -each.number)
    return SearchPage(
        paths.SEARCH,
        groups,
        tuple(_cycle_entry(source, each) for each in cycles),
        max((each.at for each in groups), default=source.since),
    )


def _cycle_entry(source: Source, cycle: Cycle) -> Entry:
    return Entry(
        paths.Paths.cycle(cycle.number),
        term(cycle.name),
        T("{first} to {last}", first=str(cycle.first_day), last=str(cycle.last_day)),
        datetime.combine(cycle.first_day, time(0), UTC),
        OPEN if cycle.number == source.community.cycle else QUIET,
    )
