"""Sections of a proposal or a charter that somebody changes: what is left out stays as it is."""

from __future__ import annotations

from typing import Annotated

from bot.command import ask

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
