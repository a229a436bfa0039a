"""The parts of a card, drawn for a terminal. Whole texts are shown whole; narrow terminals get lists for tables."""

from __future__ import annotations

from itertools import zip_longest
from typing import Final, assert_never

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text as Line

from adapters.shared import bars
from adapters.shared.spelling import spelled
from adapters.shared.words import Words
from adapters.terminal.columns import GAP, Columns, least, natural
from adapters.terminal.paper import (
    COMMAND_STYLE,
    FAINT,
    NARROW,
    STRONG,
    Prose,
    Stacked,
    flat,
    prose,
    safe,
    sentence,
    styled,
)
from bot.text import T, Text, term
from bot.view import (
    Ballot,
    Block,
    Bullets,
    Button,
    ButtonStyle,
    Facts,
    Item,
    Items,
    Paragraph,
    Quote,
    Section,
    Table,
    Tally,
    TallyRow,
)

NOTHING: Final = term("—")
_BUTTON_STYLES: Final = {ButtonStyle.PLAIN: STRONG, ButtonStyle.PRIMARY: "bold green", ButtonStyle.DANGER: "bold red"}


def block(shape: Block, words: Words) -> RenderableType:
    """One part of a card."""
    match shape:
        case Paragraph(text):
            return sentence(words, text)
        case Quote(text, by, own):
            said = prose(text or "—", bar="│ ") if own is None else sentence(words, own, bar="│ ")
            return said if by is None else Stacked([said, sentence(words, by, FAINT, bar="  — ")])
        case Section(heading, text):
            return Stacked(
                [sentence(words, heading, STRONG), prose(text) if text.strip() else sentence(words, NOTHING)]
            )
        case Facts(items):
            return _Aligned([[styled(words.say(each.label), FAINT), styled(words.say(each.value))] for each in items])
        case Bullets(items, title):
            listed: list[RenderableType] = [sentence(words, each, lead=Line("• ")) for each in items]
            return Stacked([*_title(words, title), *(listed or [sentence(words, NOTHING)])])
        case Items(items, title):
            shown = [part for each in items for part in _item(each, words)]
            return Stacked([*_title(words, title), *(shown or [sentence(words, NOTHING)])])
        case Table():
            return Stacked([*_title(words, shape.title), _Table(shape, words)])
        case Tally():
            return _Counts(shape, words)
        case Ballot():
            return _ballot(shape, words)
        case _:
            assert_never(shape)


def buttons(shown: tuple[Button, ...], words: Words) -> RenderableType:
    """Buttons as what one types instead of tapping."""
    return _Aligned([_typed(each, words) for each in shown])


def _typed(button: Button, words: Words) -> list[Line]:
    label = Line(f"[{flat(words.say(button.label))}]", _BUTTON_STYLES[button.style])
    return [label, Line(safe(f"{words.prefix} {spelled(button.command, button.arguments)}"), COMMAND_STYLE)]


def _item(item: Item, words: Words) -> list[RenderableType]:
    parts: list[RenderableType] = [sentence(words, item.text, lead=Line("• "))]
    if item.note is not None:
        parts.append(sentence(words, item.note, FAINT, bar="  "))
    if item.button is not None:
        parts.append(Prose(Line(" " * GAP).join(_typed(item.button, words)), bar="  "))
    return parts


def _title(words: Words, title: Text | None) -> list[RenderableType]:
    return [] if title is None else [sentence(words, title, STRONG)]


def bar(part: int, whole: int, *, ascii_only: bool) -> str:
    """How much of the whole, as a bar of what the terminal can show."""
    return bars.bar(part, whole, full="#", empty=".") if ascii_only else bars.bar(part, whole, full="█", empty="░")


class _Aligned:
    """Rows whose cells stand beside each other where there is room; else the last goes under the others.

    Every row has as many cells as the first.
    """

    def __init__(self, rows: list[list[Line]]) -> None:
        self.rows = rows

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if not self.rows:
            return
        width = options.max_width
        *labels, values = zip(*self.rows, strict=True)
        widths = [max(natural(cell) for cell in column) for column in labels]
        before = sum(width + GAP for width in widths)
        one_line = not any("\n" in cell.plain for column in labels for cell in column)
        wide = before + max(map(natural, values)) <= width
        if one_line and (wide or (before <= width // 3 and before + max(map(least, values)) <= width)):
            for row in self.rows:
                lead = Line()
                for cell, full in zip(row, widths, strict=False):
                    lead.append_text(cell).append(" " * (full - cell.cell_len + GAP))
                yield Prose(row[-1], lead=lead)
            return
        for row in self.rows:
            together = Line(" " * GAP).join(cell for cell in row if cell)
            if together.cell_len <= width and "\n" not in together.plain:
                yield together
            else:
                yield Prose(Line(" " * GAP).join(cell for cell in row[:-1] if cell))
                yield Prose(row[-1], bar="  ")


class _Table:
    """A table; as records under each other where its columns have no room."""

    def __init__(self, table: Table, words: Words) -> None:
        self.headings = [styled(words.say(each)) for each in table.columns]
        self.rows = [[styled(words.say(each)) for each in row] for row in table.rows]
        self.numeric = frozenset(table.numeric)
        self.nothing = sentence(words, NOTHING)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        columns = Columns([self.headings, *self.rows], self.numeric)
        widths = columns.widths(options.max_width) if self.rows else []
        if widths:
            yield from columns.drawn(console, widths)
        elif not self.rows:
            yield self.nothing
        else:
            for number, row in enumerate(self.rows):
                if number:
                    yield ""
                for heading, value in zip_longest(self.headings, row, fillvalue=Line()):
                    label = Line().append_text(Line(style=FAINT).append_text(heading)).append(": " if heading else "")
                    aside = label.cell_len <= options.max_width // 3 and "\n" not in label.plain
                    yield Prose(value, lead=label) if aside else Prose(label.append_text(value))


class _Counts:
    """A tally: a table where there is room for every column, else a few lines for each group."""

    def __init__(self, tally: Tally, words: Words) -> None:
        self.words = words
        self.positions = [styled(words.say(each)) for each in tally.columns]
        self.rows = [*tally.rows, tally.total]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        narrow = options.ascii_only
        table = Columns(
            [
                [Line(), styled(self.words.say(T("Taken of asked"))), *self.positions],
                *([self._group(row), self._taken(row, narrow), *_cells(row)] for row in self.rows),
            ],
            right=frozenset(range(2, 2 + max(len(row.counts) for row in self.rows))),
            whole=frozenset({1}),
            total=True,
        )
        longest_group = max(natural(self._group(row)) for row in self.rows)
        widths = table.widths(options.max_width) if longest_group <= options.max_width else None
        if widths and options.max_width >= NARROW:
            yield from table.drawn(console, widths)
            return
        for row in self.rows:
            group, taken = self._group(row), self._taken(row, narrow)
            if row is self.rows[-1]:
                group.stylize(STRONG)
            if natural(group) + GAP + natural(taken) <= options.max_width and "\n" not in group.plain:
                yield group.append(" " * GAP).append_text(taken)
            else:
                yield Prose(group)
                yield Prose(taken, bar="  ")
            yield Prose(self._positions(row), bar="  ")

    def _group(self, row: TallyRow) -> Line:
        return styled(self.words.say(row.group))

    def _taken(self, row: TallyRow, ascii_only: bool) -> Line:
        taken = sum(row.counts)
        drawn = bar(taken, row.asked, ascii_only=ascii_only)
        return styled(f"{drawn} {self.words.say(T('{taken} of {asked}', taken=taken, asked=row.asked))}")

    def _positions(self, row: TallyRow) -> Line:
        taken = [
            Line().append_text(name).append(f" {count}")
            for name, count in zip_longest(self.positions, row.counts, fillvalue=Line())
            if count
        ]
        return Line(" · ").join(taken) if taken else Line("—")


def _cells(row: TallyRow) -> list[Line]:
    return [Line(str(count), "" if count else FAINT) for count in row.counts]


def _ballot(ballot: Ballot, words: Words) -> RenderableType:
    parts: list[RenderableType] = [
        sentence(words, ballot.own, STRONG) if ballot.own is not None else prose(ballot.question, STRONG)
    ]
    if ballot.multiple and ballot.open:
        parts.append(sentence(words, T("Choose one or more."), FAINT))
    parts.append(_Options(ballot, words))
    return Stacked(parts)


class _Options:
    """The ways to answer, how many chose each where that is shown, and what to type while it is open."""

    def __init__(self, ballot: Ballot, words: Words) -> None:
        self.ballot = ballot
        self.typed = [_typed(option.button, words) for option in ballot.options]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        counted = sum(option.count or 0 for option in self.ballot.options)
        rows: list[list[Line]] = []
        for option, (label, command) in zip(self.ballot.options, self.typed, strict=True):
            count = Line()
            if option.count is not None:
                count.append(f"{bar(option.count, counted, ascii_only=options.ascii_only)} {option.count}")
            rows.append([label, count, command] if self.ballot.open else [Line("• ").append(label.plain[1:-1]), count])
        yield _Aligned(rows)
