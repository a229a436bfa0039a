"""The parts of a card as Block Kit: each as many blocks as it takes, whole, within Slack's limits for each.

How many blocks and letters a message or a window takes is not its business: `adapters.slack.messages` divides them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final, assert_never

from adapters.shared.bars import bar
from adapters.slack.carried import ACTION_ID, OPTION_VALUE, Menu, encoded, tap, whole
from adapters.slack.rich import bold_text, rich_text
from adapters.slack.speech import NOTHING, Block, Speech, fits, mrkdwn, pieces, plain_text
from bot.domain.ids import CommunityId
from bot.text import T, Text
from bot.view import (
    Ballot,
    BallotOption,
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
from bot.view import Block as Shape

SECTION: Final = 2_900
"""Characters of a section, which takes 3,000: some letters count twice."""

HEADER: Final = 150
BUTTON: Final = 75
BUTTONS: Final = 5
"""Buttons in a row: Slack takes 25, a telephone shows five well."""

CHECKBOXES: Final = 10
OPTIONS: Final = 100
ROWS: Final = 100
COLUMNS: Final = 20
CELL: Final = 500
"""Characters of a cell that is read as one; longer ones make a list of the table."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """For whom and where parts are drawn. `tables`: whether the surface takes table blocks (only messages do)."""

    speech: Speech
    community: CommunityId
    tables: bool = True


def blocks(shape: Shape, drawing: Drawing) -> Iterator[Block]:
    """One part of a card."""
    say = drawing.speech.marked
    match shape:
        case Paragraph(text):
            yield from sections([say(text)])
        case Quote(text, by, own):
            yield from rich_text(text if own is None else drawing.speech.plain(own), quoted=True)
            if by is not None:
                yield from context(f"— {say(by)}")
        case Section(heading, text):
            yield from sections([f"*{say(heading)}*"])
            yield from rich_text(text, quoted=False)
        case Facts(items):
            yield from sections([f"*{say(each.label)}*  {say(each.value)}" for each in items])
        case Bullets(items, title):
            yield from sections([*_title(title, drawing), *([f"• {say(each)}" for each in items] or [NOTHING])])
        case Items(items, title):
            yield from sections(_title(title, drawing) if items else [*_title(title, drawing), NOTHING])
            for each in items:
                yield from _item(each, drawing)
        case Table():
            yield from _table(shape, drawing)
        case Tally():
            yield from sections([_counted(row, shape, drawing) for row in (*shape.rows, shape.total)])
        case Ballot():
            yield from _ballot(shape, drawing)
        case _:
            assert_never(shape)


def sections(lines: Iterable[str]) -> Iterator[Block]:
    """Lines of mrkdwn in as few sections as they fit in."""
    held: list[str] = []
    size = 0
    for each in lines:
        for piece in pieces(each, SECTION):
            if held and size + len(piece) + 1 > SECTION:
                yield section("\n".join(held))
                held, size = [], 0
            held.append(piece)
            size += len(piece) + 1
    if held:
        yield section("\n".join(held))


def section(text: str) -> Block:
    """A section of at most `SECTION` characters of mrkdwn."""
    return {"type": "section", "text": mrkdwn(text or NOTHING)}


def context(text: str) -> Iterator[Block]:
    """Small print."""
    for piece in pieces(text, SECTION):
        yield {"type": "context", "elements": [mrkdwn(piece)]}


def header(title: Text, drawing: Drawing, icon: str = "") -> Iterator[Block]:
    """A title: as a header where it fits, else in bold."""
    shown = f"{icon} {drawing.speech.plain(title)}".strip()
    if fits(shown, HEADER):
        yield {"type": "header", "text": plain_text(shown, HEADER)}
    else:
        yield from bold_text(shown)


def actions(buttons: Iterable[Button], drawing: Drawing) -> Iterator[Block]:
    """Buttons, a few to a row. A label too long for a button is told in full above its row."""
    row: list[Block] = []
    for each in buttons:
        label = drawing.speech.plain(each.label)
        if not fits(label, BUTTON):
            if row:
                yield {"type": "actions", "elements": row}
                row = []
            yield from sections([drawing.speech.marked(each.label)])
        row.append(button(each, drawing, len(row)))
        if len(row) == BUTTONS:
            yield {"type": "actions", "elements": row}
            row = []
    if row:
        yield {"type": "actions", "elements": row}


def button(shown: Button, drawing: Drawing, number: int = 0) -> Block:
    """One button; `number` tells it from the others of its row."""
    made: Block = {
        "type": "button",
        "action_id": f"tap:{number}",
        "text": plain_text(drawing.speech.plain(shown.label), BUTTON),
        "value": tap(drawing.community, shown),
    }
    if shown.style is not ButtonStyle.PLAIN:
        made["style"] = shown.style.value
    return made


def _title(title: Text | None, drawing: Drawing) -> list[str]:
    return [] if title is None else [f"*{drawing.speech.marked(title)}*"]


def _item(item: Item, drawing: Drawing) -> Iterator[Block]:
    """A sentence with its button beside it. A label too long for a button is told in full."""
    lines = [drawing.speech.marked(item.text)]
    if item.note is not None:
        lines.append(f"_{drawing.speech.marked(item.note)}_")
    shown = item.button
    if shown is not None and not fits(drawing.speech.plain(shown.label), BUTTON):
        lines.append(drawing.speech.marked(shown.label))
    *before, last = [*sections(["\n".join(lines)])] or [section(NOTHING)]
    yield from before
    yield last if shown is None else {**last, "accessory": button(shown, drawing)}


def _counted(row: TallyRow, tally: Tally, drawing: Drawing) -> str:
    """`*Civil Society*  ▰▰▰▱▱▱▱▱ 7 of 16` and, under it, the positions that were taken."""
    say, taken = drawing.speech.marked, sum(row.counts)
    of_all = say(T("{taken} of {asked}", taken=taken, asked=row.asked))
    lines = [f"*{say(row.group)}*  {bar(taken, row.asked)} {of_all}"]
    counts = [
        f"{say(name) if name is not None else NOTHING} {count}"
        for name, count in zip_longest(tally.columns, row.counts)
        if count
    ]
    return "\n".join([*lines, " · ".join(counts)] if counts else lines)


def _table(table: Table, drawing: Drawing) -> Iterator[Block]:
    yield from sections(_title(table.title, drawing))
    width = max([len(table.columns), *(len(row) for row in table.rows)], default=0)
    if not table.rows or not width:
        yield section(NOTHING)
        return
    plain = drawing.speech.plain
    cells = [[plain(cell) for cell in row] for row in (table.columns, *table.rows)]
    if not drawing.tables or width > COLUMNS or any(len(cell) > CELL for row in cells for cell in row):
        yield from sections(_record(table, row, drawing) for row in table.rows)
        return
    aligned = [{"align": "right" if at in table.numeric else "left", "is_wrapped": True} for at in range(width)]
    for first in range(1, len(cells), ROWS - 1):
        rows = [cells[0], *cells[first : first + ROWS - 1]]
        made = [[{"type": "raw_text", "text": _cell(row, at)} for at in range(width)] for row in rows]
        yield {"type": "table", "column_settings": aligned, "rows": made}


def _cell(row: list[str], at: int) -> str:
    return (row[at].strip() if at < len(row) else "") or NOTHING


def _record(table: Table, row: tuple[Text, ...], drawing: Drawing) -> str:
    """A row as lines under its first cell."""
    say = drawing.speech.marked
    parts = [
        f"{say(name)}: {say(cell)}" if name is not None else say(cell)
        for name, cell in zip_longest(table.columns[1:], row[1:])
        if cell is not None
    ]
    return "\n".join([f"*{say(row[0])}*" if row else NOTHING, *parts])


def _ballot(ballot: Ballot, drawing: Drawing) -> Iterator[Block]:
    yield from bold_text((drawing.speech.plain(ballot.own) if ballot.own else ballot.question) or NOTHING)
    say = drawing.speech.marked
    counted = sum(option.count or 0 for option in ballot.options)
    long = any(not fits(drawing.speech.plain(option.button.label), BUTTON) for option in ballot.options)
    if long or not ballot.open or any(option.count is not None for option in ballot.options):
        yield from sections(
            f"{bar(option.count, counted)} {option.count}  {say(option.button.label)}"
            if option.count is not None
            else f"• {say(option.button.label)}"
            for option in ballot.options
        )
    if not ballot.open:
        return
    menu = _menu(ballot, drawing) if ballot.multiple else None
    if menu is None:
        yield from actions((option.button for option in ballot.options), drawing)
    else:
        yield from context(say(T("Choose one or more.")))
        yield {"type": "actions", "elements": [menu]}


def _menu(ballot: Ballot, drawing: Drawing) -> Block | None:
    """Boxes to tick, or a list to choose several from; None where the options are not of one kind, or too many."""
    buttons = [option.button for option in ballot.options]
    commands = {each.command for each in buttons}
    names = set().union(*(each.arguments for each in buttons)) if buttons else set()
    differing = [name for name in names if len({each.arguments.get(name) for each in buttons}) > 1]
    if len(commands) != 1 or len(differing) != 1 or len(buttons) > OPTIONS:
        return None
    (chosen,) = differing
    values = [whole(each.arguments).get(chosen, "") for each in buttons]
    same = {name: value for name, value in whole(buttons[0].arguments).items() if name != chosen}
    carried = encoded(Menu(drawing.community, buttons[0].command, same, chosen))
    if len(carried) > ACTION_ID or any(not value or len(value) > OPTION_VALUE for value in values):
        return None
    options = [_option(option, value, drawing) for option, value in zip(ballot.options, values, strict=True)]
    if len(options) <= CHECKBOXES:
        return {"type": "checkboxes", "action_id": carried, "options": options}
    return {"type": "multi_static_select", "action_id": carried, "options": options}


def _option(option: BallotOption, value: str, drawing: Drawing) -> Block:
    return {"text": plain_text(drawing.speech.plain(option.button.label), BUTTON), "value": value}
