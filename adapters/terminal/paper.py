"""What a terminal draws on: text made harmless, lines that wrap under themselves, the console.

Nothing here knows a view. Everything shown comes from people or from sentences of ours, none of it is markup: it is
drawn as `rich.text.Text`, never as a string that rich would read.
"""

from __future__ import annotations

import os
import re
from functools import cache
from typing import IO, Final

from rich.box import ROUNDED
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.panel import Panel
from rich.text import Text as Line

from adapters.shared.words import Words
from bot.text import Text

NARROWEST: Final = 20
"""Columns drawn at least; a narrower terminal wraps the rest itself."""
WIDEST: Final = 120
"""Columns drawn at most: longer lines are hard to read."""
WIDTH: Final = 80
"""Columns where there is no screen."""
NARROW: Final = 60
"""Columns below which things stand under each other instead of side by side."""

COMMAND_STYLE: Final = "bold cyan"
FAINT: Final = "dim"
STRONG: Final = "bold"

_PICTURES: Final = 0x2400
_SPACE: Final = 0x20
_DELETE: Final = 0x7F

# A command in a sentence is marked by two control characters, which no text that went through `safe` can hold.
_COMMAND_BEGINS, _COMMAND_ENDS = "\x02", "\x03"
_COMMAND: Final = re.compile(f"{_COMMAND_BEGINS}([^{_COMMAND_ENDS}]*){_COMMAND_ENDS}")
_MARKER: Final = re.compile(r" *(?:(?:[-*+•–]|\(?(?:\d{1,3}|[a-z])[.)]) +|> ?)?")


def safe(text: str) -> str:
    """`text` that can only be read: no escape sequence, no overriding of direction, no hidden letters.

    Control characters are drawn (`␛`), what turns or hides text is spelled out (`[U+202E]`); lines end in `\\n` alone.
    """
    if text.isprintable() or text.replace("\n", " ").isprintable():  # no control or format character, no half of one
        return text
    breaks, unseen, harmful = _unfit()
    return harmful.sub(_drawn, unseen.sub("", breaks.sub("\n", text).replace("\t", "    ")))


@cache
def _unfit() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Other line breaks; what hides; what acts. Compiled when first met: it takes its time, and most texts are fit."""
    return (
        re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]"),
        re.compile("[\u00ad\u200b\u2060-\u2064\u206a-\u206f\ufeff\U000e0000-\U000e007f]+"),
        re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]"),
    )


def _drawn(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < _SPACE:
        return chr(_PICTURES + code)
    return "\u2421" if code == _DELETE else f"[U+{code:04X}]"


def words_for(language: str = "en", zone: str = "", prefix: str = "/wg") -> Words:
    """Words as `styled` takes them."""
    return Words(language, zone, prefix, safe, code=_marked, isolating=False)


def _marked(command: str) -> str:
    return f"{_COMMAND_BEGINS}{safe(command)}{_COMMAND_ENDS}"


def styled(sentence: str, style: str = "") -> Line:
    """A sentence as `words_for` says it, its commands set in type."""
    line = Line(style=style)
    for number, piece in enumerate(_COMMAND.split(sentence)):
        line.append(f"`{piece}`" if number % 2 else piece, COMMAND_STYLE if number % 2 else None)
    return line


def flat(sentence: str) -> str:
    """A sentence as `words_for` says it, as plain text of one line."""
    return " ".join(_COMMAND.sub(r"`\1`", sentence).split())


class Prose:
    """Text that wraps under itself: list items hang under their sign, every line begins with `bar`. Nothing is cut.

    With a `lead`, the first line begins with that, and the others under what follows it.
    """

    def __init__(self, text: Line, bar: str = "", *, lead: Line | None = None) -> None:
        self.text = text
        self.bar = Line(bar, FAINT) if lead is None else Line(" " * lead.cell_len)
        self.lead = lead if lead is not None else self.bar

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = max(2, options.max_width - self.bar.cell_len)
        begins = self.lead
        for line in self.text.split("\n", allow_blank=True) or [Line()]:
            marker = _MARKER.match(line.plain)
            sign = marker[0] if marker and cell_len(marker[0]) <= width // 3 else ""
            first, rest = line.divide([len(sign)]) if sign else (Line(), line)
            rest.rstrip()
            wrapped = rest.wrap(console, width - cell_len(sign), overflow="fold") or [Line()]
            for number, piece in enumerate(wrapped):
                drawn = begins.copy()
                drawn.append_text(first if number == 0 else Line(" " * cell_len(sign)))
                drawn.append_text(piece)
                drawn.rstrip()
                yield drawn
                begins = self.bar

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        inside = Measurement.get(console, options, self.text)
        bar = self.bar.cell_len
        return Measurement(inside.minimum + bar, inside.maximum + bar).clamp(max_width=options.max_width)


def prose(text: str, style: str = "", bar: str = "") -> Prose:
    """A member's own words."""
    return Prose(Line(safe(text), style), bar)


def sentence(words: Words, text: Text, style: str = "", bar: str = "", *, lead: Line | None = None) -> Prose:
    """A sentence of ours."""
    return Prose(styled(words.say(text), style), bar, lead=lead)


class Framed:
    """A panel; a title too long for its border stands inside."""

    def __init__(self, title: Line, content: RenderableType, style: str) -> None:
        self.title = title
        self.content = content
        self.style = style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        frame_and_corners = 6
        self.title.stylize(STRONG)
        fits = "\n" not in self.title.plain and self.title.cell_len <= options.max_width - frame_and_corners
        inside = self.content if fits else Stacked([Prose(self.title), "", self.content])
        yield Panel(
            inside, title=self.title if fits else None, title_align="left", box=ROUNDED, border_style=self.style
        )


class Stacked:
    """Things under each other."""

    def __init__(self, parts: list[RenderableType]) -> None:
        self.parts = parts

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from self.parts


def console(file: IO[str] | None = None, width: int | None = None, *, colour: bool | None = None) -> Console:
    """A console that reads no markup. Colour where a terminal shows it and `NO_COLOR` is not set, unless told.

    Without a `width` it is the terminal's, within reason; what goes into a file or a pipe has always the same, `COLUMNS`
    or else 80.
    """
    made = Console(
        file=file,
        width=width,
        color_system="auto" if colour is None else "standard" if colour else None,
        force_terminal=colour or None,
        markup=False,
        emoji=False,
        highlight=False,
    )
    if width is None:
        given = os.environ.get("COLUMNS", "")
        width = min(made.width, WIDEST) if made.is_terminal else int(given) if given.isdecimal() else WIDTH
    made.width = max(width, NARROWEST)
    return made
