"""Columns that fit: text side by side, each column at least as wide as its longest word, or not side by side at all.

Rich's own tables share out room by their own lights: they cut or break a word where another column has room to spare.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

import msgspec
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text as Line

from adapters.terminal.paper import STRONG

GAP: Final = 2
"""Spaces between columns."""


def natural(cell: Line) -> int:
    """The width at which a cell wraps nowhere."""
    return max((cell_len(line) for line in cell.plain.split("\n")), default=0)


def least(cell: Line) -> int:
    """The width of a cell's longest word."""
    return max((cell_len(word) for word in cell.plain.split()), default=0)


def fitted(leasts: Sequence[int], naturals: Sequence[int], room: int) -> list[int] | None:
    """Widths that fill at most `room`, gaps counted; None when the longest words do not fit.

    What is left over goes to the most modest wishes first: those can be met.
    """
    widths = list(leasts)
    spare = room - GAP * (len(widths) - 1) - sum(widths)
    if spare < 0:
        return None
    wishes = sorted((full - width, number) for number, (full, width) in enumerate(zip(naturals, widths, strict=True)))
    for served, (wish, number) in enumerate(wishes):
        given = min(max(wish, 0), spare // (len(wishes) - served))
        widths[number] += given
        spare -= given
    return widths


class Columns(msgspec.Struct, frozen=True):
    """Rows of cells, the first of which are headings. `right` are set to the right, `whole` never wrap.

    With `total`, the last row stands below a line of its own.
    """

    rows: Sequence[Sequence[Line]]
    right: frozenset[int] = frozenset()
    whole: frozenset[int] = frozenset()
    total: bool = False

    def widths(self, room: int) -> list[int] | None:
        """How wide each column is drawn; None when there is no room for them side by side."""
        columns = list(zip_longest(*self.rows, fillvalue=Line()))
        naturals = [max(map(natural, cells)) for cells in columns]
        leasts = [
            naturals[number] if number in self.whole else max(map(least, cells)) for number, cells in enumerate(columns)
        ]
        return fitted(leasts, naturals, room)

    def drawn(self, console: Console, widths: Sequence[int]) -> Iterator[Line]:
        """The lines of the table."""
        rule = Line("─" * (sum(widths) + GAP * (len(widths) - 1)), "dim")
        if not console.encoding.lower().startswith("utf"):
            rule = Line("-" * len(rule), "dim")
        last = len(self.rows) - 1
        for number, row in enumerate(self.rows):
            if self.total and number == last:
                yield rule
            yield from self._row(console, row, widths, STRONG if number == 0 or (self.total and number == last) else "")
            if number == 0:
                yield rule

    def _row(self, console: Console, row: Sequence[Line], widths: Sequence[int], style: str) -> Iterator[Line]:
        cells = []
        for number, width in enumerate(widths):
            cell = row[number] if number < len(row) else Line()
            cells.append(list(cell.wrap(console, max(1, width), overflow="fold")))
        for pieces in zip_longest(*cells):
            line = Line(style=style)
            for number, (piece, width) in enumerate(zip(pieces, widths, strict=True)):
                shown = piece if piece is not None else Line()
                shown.rstrip()
                pad = " " * max(0, width - shown.cell_len)
                line.append("" if number == 0 else " " * GAP)
                if number in self.right:
                    line.append(pad).append_text(shown)
                else:
                    line.append_text(shown).append(pad)
            line.rstrip()
            yield line
