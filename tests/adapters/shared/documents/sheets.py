"""Proposals to make documents of."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from adapters.shared.documents import ProposalSheet
from bot.domain.template import extra_sections, from_markdown, sections

SAMPLE = """\
Working Group: Multi-year Strategic Work Programme (WG-MWP)
Cycle: IGF 2017

Purpose of the WG:
Many voices (the CSTD group on IGF improvements, several IGFs and MAG meetings, and the 2016 retreat) have said that
the IGF needs a longer planning horizon than one annual meeting. This WG works with the full MAG and the community
towards a rolling "Living Programme".

Objectives/Goals of the WG:
- Collect the major work areas the community expects over the next two to three years.
- Show how Best Practice Forums, Dynamic Coalitions, NRIs and main sessions can feed the same themes over several years.
- Estimate support each area needs from the Secretariat and donors.

Expected Output(s):
A "Living Programme" covering at least 2 – 3 years, with support requirements, kept flexible and revised every cycle.

Implementation Plan (if appropriate)
Open list; fortnightly calls rotating across time zones; draft to the MAG list twice before any recommendation.

Timeframe for the work:
First version approved no later than the IGF 2017 annual meeting, to help planning for IGF 2018.
"""
"""The re-worded proposal of a real MAG working group."""

READ = from_markdown(SAMPLE)
EXTRA = {
    "why": "Forty members cannot draft over several years; eight can, and report **before** each meeting.",
    "responsibility": "The programme of the annual meeting ([terms](https://example.org/terms)).",
}

SHEET = ProposalSheet(
    body_name="Multistakeholder Advisory Group",
    short_name=READ["short_name"],
    full_name=READ["name"],
    cycle=READ["cycle"],
    status="In consultation",
    draft=True,
    version=2,
    dated=datetime(2017, 3, 3, 23, 5, tzinfo=UTC),
    zone="Europe/Zurich",
    proposers=(("Małgorzata O.", "Technical Community"), ("İpek K.", "Technical Community")),
    co_proposers=(("Søren T.", "Private Sector", "confirmed"), ("نور ب.", "Government", "invited")),
    sections=sections(READ),
    extra_sections=extra_sections(EXTRA, "MAG"),
    reference="wgbot · WG-MWP · version 2",
)


def sheet(**changes: Any) -> ProposalSheet:
    """The sample's sheet with changes."""
    return replace(SHEET, **changes)


def saying(**texts: str) -> ProposalSheet:
    """The sample's sheet with other words in some sections."""
    return sheet(sections=sections({**READ, **texts}))
