"""Pictures inside pages: the charts everybody draws, in colours that follow the reader's theme, and the life of a group.

A chart comes from `adapters/shared/drawing` as it goes to chat; here its colours become the page's own variables, with
what they are on paper to fall back on. A table with the same numbers stands beside each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from typing import Final

from markupsafe import Markup

from adapters.shared import dates
from adapters.shared.drawing import svg
from adapters.web.model import Event
from adapters.web.prose import Prose
from bot.chart import Chart
from bot.text import T, Text

_COLOUR: Final = re.compile(r'(fill|stroke)="#([0-9a-f]{6})"')
_SIZE: Final = re.compile(r' width="([\d.]+)" height="([\d.]+)" viewBox="[^"]*"')
_EDGE: Final = 36
"""Pixels of a chart's own margin that a page does without: it has one."""
_WIDTH, _HEIGHT, _BAR = 720, 62, 26
_MOST_TICKS: Final = 9
_LETTER: Final = 7.0
"""Pixels that a letter of a label takes, and no label's average more."""
_YEAR: Final = 12


def chart(picture: Chart, prose: Prose) -> Markup:
    """A chart as inline SVG; `title` and `desc` in it say all that it shows."""
    text = svg(picture, prose.plain).decode().partition("?>")[2].strip()
    text = _COLOUR.sub(r'\1="var(--c-\2, #\2)"', text)
    text = _SIZE.sub(_cropped, text, count=1)
    return Markup(text.replace("<svg ", '<svg class="chart" ', 1))  # noqa: S704 — ElementTree has escaped it


def _cropped(size: re.Match[str]) -> str:
    width, height = float(size[1]), float(size[2])
    return f' viewBox="{_EDGE} {_EDGE - 8} {width - 2 * _EDGE:g} {height - 2 * _EDGE + 14:g}"'


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a group's life, from one day to another."""

    key: str
    label: Text
    first: datetime
    last: datetime


PHASES: Final[dict[str, Text]] = {
    "proposed": T("Proposed"),
    "consultation": T("In consultation"),
    "check": T("Consensus check"),
    "concluded": T("Concluded upon"),
    "decided": T("Decided upon"),
    "active": T("Active"),
}
"""The parts of a group's life, by the event that begins each."""


def phases(events: tuple[Event, ...], now: datetime) -> tuple[Phase, ...]:
    """The parts of a group's life so far. One that ended by withdrawal or decline ends with its last event."""
    begun = [each for each in events if each.key in PHASES]
    ended = next((each.at for each in events if each.key == "ended"), None)
    last = ended or (now if begun and begun[-1].key == "active" else max(each.at for each in events))
    ends = [each.at for each in begun[1:]] + [max(last, begun[-1].at)]
    return tuple(
        Phase(each.key, PHASES[each.key], each.at, end)
        for each, end in zip(begun, ends, strict=True)
        if end - each.at >= timedelta(minutes=1)
    )


def timeline(key: str, life: tuple[Phase, ...], prose: Prose) -> Markup:
    """A group's life as one bar in time, from where reading begins. Each part has a colour and its own height, so that colour is not all."""
    start, end = life[0].first, life[-1].last
    whole = max((end - start).total_seconds(), 1.0)
    mirrored = prose.direction == "rtl"

    def x(at: datetime) -> float:
        along = (at - start).total_seconds() / whole
        return round((1 - along if mirrored else along) * (_WIDTH - 2) + 1, 1)

    bars = "".join(
        f'<rect class="phase phase-{each.key}" x="{min(x(each.first), x(each.last))}" y="{_top(each.key)}" '
        f'width="{max(round(abs(x(each.last) - x(each.first)), 1), 2)}" height="{_BAR + 4 - _top(each.key)}"/>'
        for each in life
    )
    ticks = "".join(_labelled([(x(at), label) for at, label in _ticks(start, end, prose.language)]))
    said = prose.line(T("The life of the group in time; the table says the same."))
    return Markup(  # noqa: S704 — numbers, our own words, and what is escaped above
        f'<svg class="life" role="img" viewBox="0 0 {_WIDTH} {_HEIGHT}" aria-labelledby="life-{key}">'
        f'<title id="life-{key}">{escape(said)}</title>'
        f'<line class="axis" x1="0" y1="32" x2="{_WIDTH}" y2="32"/>{bars}{ticks}</svg>'
    )


def _top(key: str) -> int:
    return 4 + 3 * (len(PHASES) - 1 - list(PHASES).index(key))


def _labelled(ticks: list[tuple[float, str]]) -> Iterator[str]:
    """Marks with their labels, less those that would stand on one before. A phone's larger letters leave out every other."""
    taken: list[tuple[float, float]] = []
    for x, label in ticks:
        yield f'<line class="tick" x1="{x}" y1="32" x2="{x}" y2="38"/>'
        wide = len(label) * _LETTER
        left = min(max(x - wide / 2, 0), _WIDTH - wide)
        if all(left + wide <= before or left >= after for before, after in taken):
            also = " between" if len(taken) % 2 else ""
            taken.append((left, left + wide))
            anchor = "start" if left <= 0 else "end" if left >= _WIDTH - wide else "middle"
            at = {"start": 0, "middle": x, "end": _WIDTH}[anchor]
            yield f'<text class="tick-label{also}" x="{at}" y="54" text-anchor="{anchor}">{escape(label)}</text>'


def _ticks(start: datetime, end: datetime, language: str) -> Iterator[tuple[datetime, str]]:
    """The first days of months, fewer of them the longer it is; the days of beginning and end where it is short."""
    months = list(_months(start, end))
    if len(months) < 2:  # noqa: PLR2004 — one mark tells no scale
        yield start, dates.day(start, language, year=True)
        if end.date() != start.date():
            yield end, dates.day(end, language, year=True)
        return
    step = -(-len(months) // _MOST_TICKS)
    for at in months[::step]:
        yield at, dates.month(at, language)


def _months(start: datetime, end: datetime) -> Iterator[datetime]:
    year, month = start.year, start.month
    while True:
        year, month = (year + 1, 1) if month == _YEAR else (year, month + 1)
        at = datetime.combine(date(year, month, 1), start.timetz().replace(hour=0, minute=0, second=0, microsecond=0))
        if at > end:
            return
        yield at
