"""Columns that fit: how wide each one is, or that there is no room for them side by side.

Rich shares out room by its own lights and may break a word where another column has room to spare; here no column is
narrower than its longest word, and what is left goes to those that want it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text as Line

from adapters.terminal.paper import STRONG, Prose

GAP: Final = 2


def natural(cell: Line) -> int:
    """The width at which a cell wraps nowhere."""
    return max((cell_len(line) for line in cell.plain.split("\n")), default=0)


def least(cell: Line) -> int:
    """The width of a cell's longest word."""
    return max((cell_len(word) for word in cell.plain.split()), default=0)


def fitted(least_of: Sequence[int], natural_of: Sequence[int], room: int) -> list[int] | None:
    """Widths that fill at most `room`, gaps counted; None when the longest words do not fit."""
    room -= GAP * (len(least_of) - 1)
    widths = list(least_of)
    spare = room - sum(widths)
    if spare < 0:
        return None
    wanted = [max(0, full - width) for full, width in zip(natural_of, widths, strict=True)]
    while spare > 0 and any(wanted):  # to the most modest wishes first: those can be met
        at = min((number for number, wish in enumerate(wanted) if wish), key=lambda number: wanted[number])
        given = min(wanted[at], max(1, spare // sum(1 for wish in wanted if wish)))
        widths[at] += given
        spare -= given
        wanted[at] = 0 if given < wanted[at] else wanted[at] - given
    return widths


def table(
    headings: Sequence[Line],
    rows: Sequence[Sequence[Line]],
    room: int,
    *,
    right: frozenset[int],
    whole: frozenset[int] = frozenset(),
    total: Sequence[Line] | None = None,
) -> Table | None:
    """Cells under headings, or None where there is no room for them.

    `right` numbers the columns that are set to the right, `whole` those that never wrap; `total` goes below a line.
    """
    every = [headings, *rows, *([total] if total is not None else [])]
    columns = list(zip_longest(*every, fillvalue=Line()))
    full = [max(map(natural, cells)) for cells in columns]
    narrow = [full[number] if number in whole else max(map(least, cells)) for number, cells in enumerate(columns)]
    widths = fitted(narrow, full, room)
    if widths is None:
        return None
    drawn = Table(
        box=SIMPLE_HEAD, padding=0, show_edge=False, pad_edge=False, header_style=STRONG, show_footer=total is not None
    )
    for number, (cells, width) in enumerate(zip(columns, widths, strict=True)):
        last = number == len(columns) - 1
        drawn.add_column(
            cells[0],
            footer=cells[-1] if total is not None else "",
            footer_style=STRONG,
            justify="right" if number in right else "left",
            width=width,
            overflow="fold",
        )
        drawn.columns[-1].header_style = STRONG
        if not last:
            drawn.add_column(width=GAP - 1)
    return drawn


__all__ = ["GAP", "Prose", "fitted", "least", "natural", "table"]
