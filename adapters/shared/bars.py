"""How much of a whole something is, as a bar of letters."""

from __future__ import annotations

from typing import Final

CELLS: Final = 8


def bar(part: int, whole: int, *, full: str = "▰", empty: str = "▱") -> str:
    """The part as full cells, the rest as empty ones; a part that is not nothing shows."""
    filled = min(CELLS, max(round(CELLS * part / whole), 1)) if part > 0 and whole > 0 else 0
    return full * filled + empty * (CELLS - filled)
