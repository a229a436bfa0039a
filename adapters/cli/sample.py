"""The sample community: the MAG of the sample roster, with a clock that can be moved and everybody at the terminal."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.domain.community import INTERGOVERNMENTAL
from bot.domain.ids import CommunityId
from bot.domain.people import Role
from bot.founding import Foundation, Founder, found, open_terminal
from bot.ports import UnitOfWork

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
"""Realistic input: a roster of a MAG's shape with invented people, and a real proposal with its people replaced."""

SAMPLE = CommunityId("sample")
FIRST_SPEAKER = "Qiang R."
"""Who one is at first: a member of the Private Sector."""


def sample_people() -> tuple[Founder, ...]:
    """The people of the sample roster."""
    with (SAMPLES / "roster.csv").open(encoding="utf-8-sig", newline="") as file:
        return tuple(
            Founder(
                row["name"], row["email"], Role(row["role"]), _group(row["stakeholder_group"]), row["regional_group"]
            )
            for row in csv.DictReader(file)
        )


def _group(name: str) -> str:
    """As the import would read it."""
    return INTERGOVERNMENTAL if INTERGOVERNMENTAL.startswith(name) and name else name


def found_sample(work: UnitOfWork, now: datetime, *, frozen: datetime | None = None) -> None:
    """Found the sample community, its cycle under way. `frozen`: its clock stands still there but for `/clock`."""
    begins = (frozen or now).date()
    plan = Foundation(
        SAMPLE,
        "IGF Multistakeholder Advisory Group (sample)",
        sample_people(),
        f"IGF {begins.year}",
        begins - timedelta(days=40),
        _year_later(begins - timedelta(days=41)),
        zone="Europe/Zurich",
        sample=True,
        clock_frozen=frozen,
    )
    community = found(work, plan, now)
    open_terminal(work, community, now)


def _year_later(day: date) -> date:
    return day + timedelta(days=365)
