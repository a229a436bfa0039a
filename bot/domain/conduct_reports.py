"""Reports under the Code of Conduct, in confidence to the Chair and the Secretariat; never to somebody they are about.

They are kept beside the log and not in it, so that nothing of them, not even that there is one or by whom, is in the audit
log, its exports, the public record or a room. A report is called by a word instead of a number: a gap in numbers would tell
of one that is not for one's eyes. What was done about it is noted in the report itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.community import Community
from bot.domain.errors import NotFound, NotNow
from bot.domain.ids import CommunityId, PersonId
from bot.domain.people import Role, seated
from bot.domain.records import Reads, record
from bot.text import Say, T, UserText

READERS = (Role.CHAIR, Role.SECRETARIAT)
"""Whose seats reports are for."""


@dataclass(frozen=True, slots=True)
class Handling:
    """What one of those who may see a report noted about it."""

    by: PersonId
    at: datetime
    text: str


@record(key="community id", lists=("community",), logged=False)
class ConductReport:
    """One report. `about`: the people it is about, as far as they were named; none of them is shown it."""

    community: CommunityId
    id: str
    reporter: PersonId
    about: tuple[PersonId, ...]
    text: str
    reported_at: datetime
    handled: tuple[Handling, ...] = ()
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConductReported:
    """A report came in, or something was noted about it: `readers` are those who may see it. Not logged."""

    report: str
    readers: tuple[PersonId, ...]
    new: bool


def readers(reads: Reads, community: Community, report: ConductReport) -> tuple[PersonId, ...]:
    """Who may see a report: the Chair and the Secretariat, without those it is about."""
    return tuple(seat.person for seat in seated(reads, community, *READERS) if seat.person not in report.about)


def reports_for(reads: Reads, community: Community, person: PersonId) -> tuple[ConductReport, ...]:
    """The reports somebody may see, the oldest first."""
    every: Iterable[ConductReport] = reads.all(ConductReport, community=community.id)
    mine = (each for each in every if person in readers(reads, community, each))
    return tuple(sorted(mine, key=lambda each: (each.reported_at, each.id)))


def report_for(reads: Reads, community: Community, person: PersonId, report: str) -> ConductReport:
    """A report somebody may see. Raises the same `NotFound` for one that is not theirs to see and for none at all."""
    for each in reports_for(reads, community, person):
        if each.id == report.strip().lower():
            return each
    raise NotFound(
        T("There is no report {report} for you to see.", report=UserText(report)),
        T("See those there are: {command}.", command=Say("conduct reports")),
        field="report",
    )


def reporting(
    reads: Reads, community: Community, made: tuple[str, PersonId, tuple[PersonId, ...], str], now: datetime
) -> ConductReport:
    """A new report: (id, reporter, about, text). Raises `NotNow` when nobody would be left to see it."""
    id_, reporter, about, text = made
    report = ConductReport(community.id, id_, reporter, about, text, now)
    if not readers(reads, community, report):
        raise NotNow(
            T("Nobody would be left who could see this report: it is about everybody reports go to."),
            T("Nothing was kept. Turn to the body's host organization directly."),
        )
    return report


def handled(report: ConductReport, by: PersonId, now: datetime, text: str, *, closing: bool) -> ConductReport:
    """What was done about a report, noted in it; `closing` ends it. Raises `NotNow` for one that is closed."""
    if report.closed_at is not None:
        raise NotNow(
            T("Report {report} is closed.", report=report.id),
            T("Read what was noted: {command}.", command=Say(f"conduct reports {report.id}")),
        )
    notes = (*report.handled, Handling(by, now, text))
    return replace(report, handled=notes, closed_at=now if closing else None)
