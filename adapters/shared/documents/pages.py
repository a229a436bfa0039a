"""Pages that text flows onto: margins, page breaks, header and footer, and a paragraph in any script.

It knows how a page of ours looks, not what a proposal is made of. Lengths are millimetres, letter sizes points.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fpdf.enums import TextDirection

from adapters.shared.documents.shaped import ShapedPDF
from adapters.shared.documents.typeface import MAIN, Chooser
from adapters.shared.documents.typeset import Line, Look, Piece, lines

INK: Final = (31, 41, 51)
QUIET: Final = (86, 97, 108)
ACCENT: Final = (0, 92, 148)
RULE: Final = (205, 214, 222)
ALERT: Final = (166, 33, 24)

MARGIN: Final = 24.0
TOP: Final = 22.0
BOTTOM: Final = 25.0
LEADING: Final = 1.42
"""Distance of base lines in letter sizes."""

POINT: Final = 25.4 / 72
_FOOTER: Final = 8.0
_PAGES: Final = "\x02\x02\x02"
"""Stands for the number of pages until it is known; `plain` keeps it out of what members type."""


@dataclass(frozen=True, slots=True)
class Margins:
    """What every page says around its text, and whether it is marked as a draft."""

    running_title: str
    made: str
    draft: str = ""


class Pages(ShapedPDF):
    """A4 pages. `y` is where the next paragraph begins."""

    def __init__(self, margins: Margins, made: datetime) -> None:
        super().__init__(format="A4")
        self.margins = margins
        self.chooser = Chooser()
        self.c_margin = 0
        self.set_margins(MARGIN, TOP, MARGIN)
        self.set_auto_page_break(auto=False, margin=BOTTOM)
        self.set_creation_date(made)
        self.alias_nb_pages(_PAGES)
        self._widths: dict[Piece, float] = {}

    # what stands on every page

    def header(self) -> None:
        """From the second page on: which document this is."""
        if self.page_no() == 1:
            return
        with self.decoration(), self.marked():
            self._one_line(self.margins.running_title, Look(8, colour=QUIET), TOP - 10, limit=self.epw - 22)
            self._one_line(self.margins.draft, Look(8, bold=True, colour=ALERT), TOP - 10, from_right=True)
            self.rule(TOP - 4.5)
        self.set_y(TOP)

    def footer(self) -> None:
        """Which page of how many; where and when it was made."""
        y = self.h - BOTTOM + _FOOTER
        with self.decoration(), self.marked():
            self.rule(y)
            self._one_line(self.margins.made, Look(8, colour=QUIET), y + 2, from_right=True, limit=self.epw - 34)
            self._font(MAIN, Look(8, colour=QUIET))
            self.set_text_shaping(False)
            self.set_xy(MARGIN, y + 2)
            self.cell(30, 8 * LEADING * POINT, f"Page {self.page_no()} of {_PAGES}")

    # drawing

    def rule(self, y: float, left: float = MARGIN, colour: tuple[int, int, int] = RULE, width: float = 0.2) -> None:
        """A line across the page."""
        self.set_draw_color(*colour)
        self.set_line_width(width)
        self.line(left, y, self.w - MARGIN, y)

    def space(self, height: float) -> None:
        """Some room, but not at the top of a page."""
        if self.y > TOP:
            self.set_y(self.y + height)

    def room(self, height: float) -> None:
        """A new page unless so much is left on this one."""
        if self.y + height > self.h - BOTTOM:
            self.add_page()

    def paragraph(
        self,
        runs: Iterable[tuple[str, Look]],
        *,
        size: float,
        element: str = "P",
        indent: float = 0,
        marker: tuple[str, Look] | None = None,
        label: tuple[str, Look] | None = None,
        limit: float | None = None,
        keep: float = 0,
        from_right: bool | None = None,
    ) -> None:
        """A paragraph, as one element of the structure. No line of it is left alone on a page.

        `indent` stands where it is read from; `marker` (a bullet, a number) stands in it, `label` at the left margin.
        `keep`: how much room must be left below its last line.
        """
        height = size * LEADING * POINT
        width = (limit or self.epw) - indent
        laid = list(lines(runs, width, self.measure, self.chooser, from_right=from_right))
        with self.element(element):
            for number, line in enumerate(laid):
                last = number == len(laid) - 1
                together = 1 if last or number not in {0, len(laid) - 2} else 2
                self.room(together * height + (keep if last or together > 1 else 0))
                with self.marked():
                    if number == 0 and label is not None:
                        self._draw(self._short(label, indent), MARGIN, self.y, height, end=" ")
                    if number == 0 and marker is not None:
                        self._draw_marker(marker, indent, height, line.from_right)
                    left = MARGIN + (width - line.width if line.from_right else indent)
                    self._draw(line, left, self.y, height)
                self.set_y(self.y + height)

    def measure(self, piece: Piece) -> float:
        """How wide a piece is, shaped."""
        width = self._widths.get(piece)
        if width is None:
            self._prepare(piece)
            width = self._widths[piece] = self.get_string_width(piece.text)
        return width

    def width_of(self, text: str, look: Look) -> float:
        """How wide a short text is on a line of its own."""
        return self._short((text, look), self.epw).width

    def _draw_marker(self, marker: tuple[str, Look], indent: float, height: float, from_right: bool) -> None:
        short = self._short(marker, indent, from_right=from_right)
        gap = 2.0
        left = self.w - MARGIN - indent + gap if from_right else MARGIN + indent - gap - short.width
        self._draw(short, left, self.y, height, end="" if from_right else " ")

    def _one_line(
        self, text: str, look: Look, y: float, *, from_right: bool = False, limit: float | None = None
    ) -> None:
        """One line outside of the flow, cut with an ellipsis where it is too long."""
        short = self._short((text, look), limit or self.epw)
        self._draw(short, self.w - MARGIN - short.width if from_right else MARGIN, y, look.size * LEADING * POINT)

    def _short(self, run: tuple[str, Look], width: float, *, from_right: bool = False) -> Line:
        first, *more = lines([run], width, self.measure, self.chooser, from_right=from_right)
        if more:
            first = next(lines([run], width - 3, self.measure, self.chooser, from_right=from_right))
            dots = Piece("…", run[1], MAIN)
            first = Line((*first.pieces, (dots, self.measure(dots))), first.from_right)
        return first

    def _draw(self, line: Line, left: float, y: float, height: float, end: str = "") -> None:
        """`end` is a space nobody sees, where what follows stands apart without one and is read aloud."""
        for number, (piece, width) in enumerate(line.pieces, 1):
            self._prepare(piece)
            self.set_xy(left, y)
            self.cell(
                width, height, piece.text + (end if number == len(line.pieces) else ""), link=piece.look.link or ""
            )
            left += width

    def _prepare(self, piece: Piece) -> None:
        self._font(piece.family, piece.look)
        direction = TextDirection.RTL if piece.level % 2 else TextDirection.LTR
        if not self.text_shaping or self.text_shaping["direction"] is not direction:
            self.set_text_shaping(True, direction=direction)

    def _font(self, family: str, look: Look) -> None:
        self.load(family, look.style)
        self.set_font(family, look.style + ("U" if look.link else ""), look.size)
        self.set_text_color(*look.colour)
