"""What a picture says, before it is drawn: bars by group, in words and numbers.

Like a view, a chart has meaning and no looks: `adapters/shared/drawing` draws it, and whoever cannot see it is given `alt`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.text import Text


class Ink(StrEnum):
    """What a part of a bar stands for; each is drawn in a colour and a pattern of its own."""

    SUPPORT = "support"
    LIVE_WITH = "live-with"
    STAND_ASIDE = "stand-aside"
    OBJECT = "object"
    ABSTAIN = "abstain"
    NEED_TIME = "need-time"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Series:
    """One thing that is counted in every bar."""

    ink: Ink
    label: Text


@dataclass(frozen=True, slots=True)
class Bar:
    """A group: how many of each series, in the series' order, and `value`, what stands at the end of the row.

    As many as `whole` would fill the row; what the counts leave of it is outlined where the panel has a `rest`.
    """

    label: Text
    counts: tuple[int, ...]
    whole: int
    value: Text


@dataclass(frozen=True, slots=True)
class Panel:
    """Bars below one another. `heading` and `value_heading` stand over the names and the values.

    `total` sums up the bars and stands before them. `rest` is what is left of a bar; None: nothing is said of it.
    """

    heading: Text
    value_heading: Text
    series: tuple[Series, ...]
    bars: tuple[Bar, ...]
    total: Bar | None = None
    rest: Text | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture. `key` names it in its community (letters, digits, `-`); `kind` says what it is, `title` what about.

    `alt` says all it shows. `notes` and `source`, whose picture it is, stand at its foot.
    """

    key: str
    kind: Text
    title: Text
    alt: Text
    panels: tuple[Panel, ...]
    subtitle: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    source: Text | None = None
