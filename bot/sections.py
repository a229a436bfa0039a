"""Sections of a proposal or a charter as somebody gives them: what is left out of a change stays as it is."""

from __future__ import annotations

from typing import Annotated

from bot.command import ask
from bot.context import Context
from bot.domain.cycles import current_cycle
from bot.domain.days import parse_day
from bot.domain.errors import Invalid
from bot.domain.lifetimes import day_over
from bot.text import T

SECTION = 20_000
"""Characters of one section. The document asks for 2-3 pages in all; the linter says so, nothing is cut."""

KeptPurpose = Annotated[
    str, ask("Purpose of the WG", "Leave empty to keep it.", option=True, multiline=True, limit=SECTION)
]
KeptObjectives = Annotated[
    str, ask("Objectives/Goals of the WG", "Leave empty to keep them.", option=True, multiline=True, limit=SECTION)
]
KeptOutputs = Annotated[
    str, ask("Expected Output(s)", "Leave empty to keep them.", option=True, multiline=True, limit=SECTION)
]
KeptPlan = Annotated[
    str,
    ask(
        "Implementation Plan (if appropriate)",
        "Leave empty to keep it.",
        option=True,
        multiline=True,
        limit=SECTION,
    ),
]
KeptTimeframe = Annotated[
    str, ask("Timeframe for the work", "Leave empty to keep it.", option=True, multiline=True, limit=SECTION)
]
EndsOn = Annotated[
    str,
    ask("Its own last day?", "Where it ends before its cycle does: --ends-on 2027-06-30", option=True, advanced=True),
]


def own_last_day(context: Context, typed: str) -> str:
    """A group's own last day as it is kept. Raises `Invalid` unless it is to come, and within the current cycle."""
    cycle = current_cycle(context.reads, context.community)
    if not typed or cycle is None:
        return ""
    day = parse_day(typed, field="ends_on")
    if day_over(day, context.community.zone) <= context.now:
        raise Invalid(
            T("{day} is over; a group ends on a day to come.", day=str(day)),
            T("Name a later day, or leave it out: the group then ends with {cycle}.", cycle=cycle.name),
            field="ends_on",
        )
    if day > cycle.last_day:
        raise Invalid(
            T(
                "{day} is after the last day of {cycle}, {last}; every group ends with its cycle.",
                day=str(day),
                cycle=cycle.name,
                last=str(cycle.last_day),
            ),
            T("Leave it out, and propose its renewal in the next cycle."),
            field="ends_on",
        )
    return day.isoformat()
