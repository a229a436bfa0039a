"""What a proposal's document says, apart from how any one format draws it.

A sheet is made by whoever knows the proposal; it is complete, so that rendering it asks nobody anything. The words that
stand around the members' own (labels, dates, the DRAFT mark) are here, once, for all three formats. They are English,
as the template's headings are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.template import plain

KIND: Final = "Working group proposal"
DRAFT: Final = "DRAFT"
DRAFT_MEANS: Final = "not approved by the body it is addressed to"
NOTHING: Final = "Not provided"
LANGUAGE: Final = "en"

_MONTHS: Final = "January,February,March,April,May,June,July,August,September,October,November,December"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalSheet:
    """One version of one proposal. `dated` is when it was made, aware (UTC); `zone` the body's time zone (IANA name).

    `proposers` are (name, stakeholder group), `co_proposers` (name, stakeholder group, confirmed or invited).
    `sections` and `extra_sections` are (heading, Markdown), the extra ones not part of the template. `reference` says
    in a short line where the document comes from. `draft` marks it on every page.
    """

    body_name: str
    short_name: str
    full_name: str
    cycle: str
    status: str
    draft: bool
    version: int
    dated: datetime
    zone: str
    proposers: tuple[tuple[str, str], ...]
    co_proposers: tuple[tuple[str, str, str], ...]
    sections: tuple[tuple[str, str], ...]
    extra_sections: tuple[tuple[str, str], ...]
    reference: str

    def __post_init__(self) -> None:
        """A time without a zone is a bug of the caller's (ValueError)."""
        if self.dated.tzinfo is None:
            raise ValueError("the date of a document needs a time zone")


@dataclass(frozen=True, slots=True)
class Fact:
    """A label of the title block and its lines."""

    label: str
    lines: tuple[str, ...]


def one_line(text: str) -> str:
    """A name or label: printable, with single spaces."""
    return " ".join(plain(text).split())


def title(sheet: ProposalSheet) -> str:
    """The working group's full name, with the short one where they differ."""
    full, short = one_line(sheet.full_name), one_line(sheet.short_name)
    return f"{full} ({short})" if full and short and full != short else full or short or "Working group"


def facts(sheet: ProposalSheet) -> tuple[Fact, ...]:
    """The title block, in order."""
    proposers = tuple(_person(name, group) for name, group in sheet.proposers)
    co_proposers = tuple(_person(name, group, state) for name, group, state in sheet.co_proposers)
    return (
        Fact("Cycle", (one_line(sheet.cycle) or NOTHING,)),
        Fact("Status", (one_line(sheet.status) or NOTHING,)),
        Fact("Version", (str(sheet.version),)),
        Fact("Date", (moment(sheet.dated, sheet.zone),)),
        Fact("Proposed by", proposers or (NOTHING,)),
        Fact("Co-proposers", co_proposers or ("None",)),
    )


def authors(sheet: ProposalSheet) -> str:
    """The proposers' names, for a file's properties."""
    return ", ".join(one_line(name) for name, _ in sheet.proposers)


def subject(sheet: ProposalSheet) -> str:
    """A line for a file's properties."""
    parts = [KIND, one_line(sheet.cycle), f"version {sheet.version}", one_line(sheet.status)]
    return ", ".join(part for part in parts if part) + (f" ({DRAFT})" if sheet.draft else "")


def made(sheet: ProposalSheet) -> str:
    """Where and when the document was made: the foot of every page."""
    return " · ".join(part for part in (one_line(sheet.reference), moment(sheet.dated, "UTC")) if part)


def moment(at: datetime, zone: str) -> str:
    """An instant in the body's own zone and in UTC; only in UTC where the zone is that or unknown."""
    universal = at.astimezone(UTC)
    try:
        local = universal.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        local = universal
    utc = f"{universal:%H:%M} UTC"
    if local.utcoffset() == universal.utcoffset():
        return f"{_day(universal)}, {utc}"
    if local.date() != universal.date():
        utc = f"{_day(universal)}, {utc}"
    return f"{_day(local)}, {local:%H:%M} ({zone}), {utc}"


def _day(at: datetime) -> str:
    month = _MONTHS.split(",")[at.month - 1]  # strftime would speak the language of the machine
    return f"{at.day} {month} {at.year}"


def _person(name: str, group: str, state: str = "") -> str:
    line = ", ".join(part for part in (one_line(name), one_line(group)) if part)
    return f"{line} ({one_line(state)})" if state.strip() else line
