"""A chart laid out: head, key, and rows of bars with their numbers, however many and however long their names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.shared.documents.typeface import Chooser
from adapters.shared.documents.typeset import Look
from adapters.shared.drawing.inks import ACCENT, INK, OUTLINE, PAPER, QUIET, RULE, SWATCHES, Pattern, Swatch
from adapters.shared.drawing.paper import LEADING, Sheet
from adapters.shared.words import Words
from bot.chart import Bar, Chart, Panel
from bot.text import T, Text

WIDTH: Final = 960
MARGIN: Final = 44
_LEFT: Final = MARGIN
_RIGHT: Final = WIDTH - MARGIN
_LABELS: Final = 250
"""Names take at most this width, and go on in a line below."""
_VALUES: Final = 120
_GUTTER: Final = 18
_MANY: Final = 24
"""Rows from which they stand closer."""

_KIND: Final = Look(13, bold=True)
_SUBTITLE: Final = Look(14)
_HEADING: Final = Look(13, bold=True)
_VALUE_HEADING: Final = Look(12)
_KEY: Final = Look(13)
_LABEL: Final = Look(14)
_TOTAL: Final = Look(14, bold=True)
_NUMBER: Final = Look(13, bold=True)
_NOTE: Final = Look(12)
_SOURCE: Final = Look(12, bold=True)

_UNSHOWN: Final = T("� stands for a letter that this picture has no font for.")
_WIDENED: Final = T("Parts too small for their number are drawn wider than they are.")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: its ink (None: what is left), how many it counts, and how wide it is drawn."""

    swatch: Swatch | None
    count: int
    width: float


def drawn(chart: Chart, words: Words, *, shipped_fonts_only: bool = False) -> Sheet:
    """The chart on a sheet. With `shipped_fonts_only`, letters that our fonts lack are replaced, and a note says so."""
    return _Drawing(chart, words, Chooser(keeps=not shipped_fonts_only)).done()


class _Drawing:
    """One chart being drawn: `y` is how far down it has come."""

    def __init__(self, chart: Chart, words: Words, chooser: Chooser) -> None:
        self.chart = chart
        self.words = words
        self.sheet = Sheet(chart.key, WIDTH, chooser, from_right=words.from_right)
        self.y = float(MARGIN - 8)
        self.widened = False

    def done(self) -> Sheet:
        self._head()
        columns = _Columns.of(self.sheet, self.words, self.chart.panels)
        for panel in self.chart.panels:
            self._panel(panel, columns)
        self._foot()
        kind, title = self.words.say(self.chart.kind), self.words.say(self.chart.title)
        self.sheet.describe(f"{kind}: {title}", self.words.say(self.chart.alt), self.words.language)
        self.sheet.height = round(self.y + MARGIN - 12)
        return self.sheet

    def _text(self, text: Text, look: Look, colour: str, left: float = _LEFT, right: float = _RIGHT) -> None:
        lines = self.sheet.rows(self.words.say(text), look, right - left)
        self.y = self.sheet.lines(lines, look, colour, self.y, left, right)

    def _head(self) -> None:
        self.sheet.rule(self.y, _LEFT, _RIGHT, ACCENT, 3)
        self.y += 16
        self._text(self.chart.kind, _KIND, ACCENT)
        self.y += 5
        self._text(self.chart.title, _title_look(self.words.say(self.chart.title)), INK)
        self.y += 6
        for each in self.chart.subtitle:
            self._text(each, _SUBTITLE, QUIET)

    def _panel(self, panel: Panel, columns: _Columns) -> None:
        self.y += 22
        if len(panel.series) > 1 or panel.rest is not None:
            self._key(panel)
            self.y += 18
        self._headings(panel, columns)
        self.sheet.rule(self.y, _LEFT, _RIGHT, RULE)
        rows = _bars(panel)
        height, gap = (26.0, 12.0) if len(rows) <= _MANY else (20.0, 7.0)
        self.y += gap + 2
        for bar in rows:
            self._bar(panel, bar, columns, height, total=bar is panel.total)
            self.y += gap
            if bar is panel.total:
                self.sheet.rule(self.y, _LEFT, _RIGHT, RULE)
                self.y += gap + 2

    def _key(self, panel: Panel) -> None:
        """The inks with their names, in as many lines as they take."""
        box, x = 16.0, float(_LEFT)
        entries: list[tuple[Swatch | None, Text]] = [(SWATCHES[each.ink], each.label) for each in panel.series]
        if panel.rest is not None:
            entries.append((None, panel.rest))
        for swatch, label in entries:
            lines = self.sheet.rows(self.words.say(label), _KEY, _RIGHT - _LEFT - box - 8)
            width = box + 7 + max((line.width for line in lines), default=0)
            if x > _LEFT and x + width > _RIGHT:
                x, self.y = float(_LEFT), self.y + 24
            self._part(x, self.y, box, box, swatch)
            for at, line in enumerate(lines):
                self.sheet.line(line, _KEY, INK, self.y + 13 + at * _KEY.size * LEADING, x + box + 7)
            x += width + 22
            if len(lines) > 1:
                x, self.y = float(_LEFT), self.y + (len(lines) - 1) * _KEY.size * LEADING
        self.y += box

    def _headings(self, panel: Panel, columns: _Columns) -> None:
        """Over names and values, the last line of each on the same level."""
        name = self.sheet.rows(self.words.say(panel.heading), _HEADING, columns.right - _LEFT)
        value = self.sheet.rows(self.words.say(panel.value_heading), _VALUE_HEADING, columns.values)
        tall = LEADING * max(_HEADING.size * len(name), _VALUE_HEADING.size * len(value))
        top = self.y + tall - _HEADING.size * LEADING * len(name)
        self.sheet.lines(name, _HEADING, INK, top, _LEFT, columns.right)
        top = self.y + tall - _VALUE_HEADING.size * LEADING * len(value)
        self.sheet.lines(value, _VALUE_HEADING, QUIET, top, _LEFT, _RIGHT, at_right=True)
        self.y += tall + 5

    def _bar(self, panel: Panel, bar: Bar, columns: _Columns, height: float, *, total: bool) -> None:
        look = _TOTAL if total else _LABEL
        label = self.sheet.rows(self.words.say(bar.label), look, columns.labels)
        value = self.sheet.rows(self.words.say(bar.value), look, columns.values)
        tall = max(height, look.size * LEADING * max(len(label), len(value), 1))
        for lines, left, right, at_right in (
            (label, _LEFT, _LEFT + columns.labels, False),
            (value, _RIGHT - columns.values, _RIGHT, True),
        ):
            top = self.y + (tall - look.size * LEADING * len(lines)) / 2
            self.sheet.lines(lines, look, INK, top, left, right, at_right=at_right)
        top = self.y + (tall - height) / 2
        self._parts(panel, bar, columns, top, height)
        self.y += tall

    def _parts(self, panel: Panel, bar: Bar, columns: _Columns, top: float, height: float) -> None:
        x = columns.left
        counted = [(SWATCHES[each.ink], count) for each, count in zip(panel.series, bar.counts, strict=True)]
        rest = max(0, bar.whole - sum(bar.counts)) if panel.rest is not None else 0
        named: list[tuple[Swatch | None, int]] = [*counted, (None, rest)]
        for part in self._widths(named, bar.whole, columns.right - columns.left):
            self._part(x, top, part.width, height, part.swatch)
            self._number(part, x, top, height)
            x += part.width
        self.sheet.rule(top - 4, columns.left - 1, columns.left, OUTLINE, height + 8)
        if x == columns.left:
            lines = self.sheet.rows("0", _NUMBER, 40)
            self.sheet.line(lines[0], _NUMBER, QUIET, top + height / 2 + 4.7, x + 7)

    def _widths(self, counted: list[tuple[Swatch | None, int]], whole: int, width: float) -> list[Part]:
        """How wide each part is: in proportion, but never narrower than its number."""
        shown = [(swatch, count) for swatch, count in counted if count]
        least = [self._number_width(count) + 18 for _, count in shown]
        each = width / max(whole, 1)
        fair = [count * each for _, count in shown]
        if any(wide < narrowest for wide, narrowest in zip(fair, least, strict=True)):
            self.widened = True
            fair = _at_least(fair, least)
        return [Part(swatch, count, wide) for (swatch, count), wide in zip(shown, fair, strict=True)]

    def _number_width(self, count: int) -> float:
        return sum(row.width for row in self.sheet.rows(str(count), _NUMBER, WIDTH))

    def _part(self, x: float, y: float, width: float, height: float, swatch: Swatch | None) -> None:
        if swatch is not None:
            self.sheet.filled(x, y, width, height, swatch)
            return
        dashes = {"fill": PAPER, "stroke": OUTLINE, "stroke_width": "1.2", "stroke_dasharray": "4 3"}
        self.sheet.rect(x + 0.6, y + 0.6, width - 1.2, height - 1.2, **dashes)

    def _number(self, part: Part, x: float, top: float, height: float) -> None:
        (row,) = self.sheet.rows(str(part.count), _NUMBER, WIDTH)
        middle = x + part.width / 2
        if part.swatch is not None and part.swatch.pattern is not Pattern.SOLID:
            wide = row.width + 6
            self.sheet.rect(middle - wide / 2, top + height / 2 - 9, wide, 18, fill=part.swatch.ground, rx="3")
        colour = part.swatch.letters if part.swatch else QUIET
        self.sheet.line(row, _NUMBER, colour, top + height / 2 + 4.7, middle, anchor="middle")

    def _foot(self) -> None:
        self.y += 6
        self.sheet.rule(self.y, _LEFT, _RIGHT, RULE)
        self.y += 10
        for each in (*self.chart.notes, *([_WIDENED] if self.widened else [])):
            self._text(each, _NOTE, QUIET)
        source = self.chart.source
        lines = self.sheet.rows(self.words.say(source), _SOURCE, _RIGHT - _LEFT) if source else []
        if self.sheet.chooser.missing and not self.sheet.chooser.keeps:
            self._text(_UNSHOWN, _NOTE, QUIET)
        if lines:
            self.y = self.sheet.lines(lines, _SOURCE, INK, self.y + 6, _LEFT, _RIGHT)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where names, bars and values stand: names and values take what they need, bars the rest."""

    labels: float
    values: float

    @property
    def left(self) -> float:
        return _LEFT + self.labels + _GUTTER

    @property
    def right(self) -> float:
        return _RIGHT - self.values - _GUTTER

    @classmethod
    def of(cls, sheet: Sheet, words: Words, panels: Sequence[Panel]) -> _Columns:
        """The same for every panel, so that its bars can be compared."""

        def widest(texts: Iterable[tuple[Text, Look]], limit: float) -> float:
            lines = [line for text, look in texts for line in sheet.rows(words.say(text), look, limit)]
            return max((line.width for line in lines), default=0) + 1

        bars = [bar for panel in panels for bar in _bars(panel)]
        values = [*((bar.value, _TOTAL) for bar in bars), *((each.value_heading, _VALUE_HEADING) for each in panels)]
        return cls(widest(((bar.label, _TOTAL) for bar in bars), _LABELS), widest(values, _VALUES))


def _bars(panel: Panel) -> list[Bar]:
    """The rows of a panel from the top."""
    return [*([panel.total] if panel.total else []), *panel.bars]


def _title_look(title: str) -> Look:
    """The longer, the smaller: a question has up to a thousand letters."""
    for letters, size in ((110, 24), (260, 19)):
        if len(title) <= letters:
            return Look(size, bold=True)
    return Look(15, bold=True)


def _at_least(fair: list[float], least: list[float]) -> list[float]:
    """Widths of the same sum, none below its least as long as there is room; the wider ones give in proportion."""
    wanting = {at for at, (wide, narrowest) in enumerate(zip(fair, least, strict=True)) if wide < narrowest}
    while True:
        room = sum(fair) - sum(least[at] for at in wanting)
        given = sum(wide for at, wide in enumerate(fair) if at not in wanting)
        scale = room / given if given else 0.0
        more = {at for at, wide in enumerate(fair) if at not in wanting and wide * scale < least[at]}
        if not more:
            return [least[at] if at in wanting else wide * scale for at, wide in enumerate(fair)]
        wanting |= more
