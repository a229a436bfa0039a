"""Views as a letter in plain text: 72 columns, to be read anywhere. It draws every shape, and sends nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from textwrap import TextWrapper
from typing import Final, assert_never

from rich.cells import cell_len

from adapters.mail.reader import Offer, Reader, clean
from adapters.shared.asked import asked, controls
from adapters.shared.bars import bar
from bot.text import T, Text
from bot.view import (
    Ballot,
    Block,
    Bullets,
    Button,
    Card,
    Facts,
    File,
    Form,
    Item,
    Items,
    Letter,
    Notice,
    Paragraph,
    Question,
    Quote,
    Section,
    Single,
    Table,
    Tally,
    TallyRow,
    Tone,
    View,
)

COLUMNS: Final = 72
LABELS: Final = 24
"""Columns of a label that its value stands beside; below a longer one."""

NOTHING: Final = "—"
TONES: Final = {Tone.NEUTRAL: "", Tone.DONE: "✓ ", Tone.ATTENTION: "▸ ", Tone.REFUSED: "✗ "}
_BARE: Final = TextWrapper(break_long_words=False, break_on_hyphens=False, replace_whitespace=True)


def paragraphs(view: View, reader: Reader, about: str = "") -> Iterator[str]:
    """A view, each paragraph by itself. `about`: what its answers are about."""
    match view:
        case Notice():
            yield from _notice(view, reader, about)
        case Card():
            yield _title(f"{TONES[view.tone]}{reader.line(view.title)}")
            for block in view.blocks:
                yield from _block(block, view, reader, about)
            yield from _offers(reader.offers(view, about), reader, about)
            if view.footer is not None:
                yield wrapped(reader.line(view.footer))
        case Form():
            yield from _form(view, reader)
        case File():
            yield wrapped(f"{clean(view.name)}: {reader.line(view.caption)}")
            if view.alt is not None:
                yield wrapped(reader.line(view.alt))
        case Letter():
            for part in view.parts:
                if part.view is not None:
                    yield from paragraphs(part.view, reader, part.about)
        case _:
            assert_never(view)


def width_of(text: str) -> int:
    """Its columns: letters may be wide, or have none."""
    return len(text) if text.isascii() else cell_len(text)


def wrapped(text: str, indent: str = "", first: str | None = None) -> str:
    """A text at its lines' ends, and where a line would be too long. Words stay whole."""
    lines: list[str] = []
    for line in clean(text).split("\n"):
        lead = indent if lines or first is None else first
        lines += _wrapped(line, lead, indent)
    return "\n".join(line.rstrip() for line in lines)


def _wrapped(line: str, lead: str, indent: str) -> list[str]:
    if width_of(lead) + width_of(line) <= COLUMNS:
        return [lead + line]
    # letters may be wide: as many fewer to a line
    _BARE.width = max(20, COLUMNS * len(line) // max(1, width_of(line)))
    _BARE.initial_indent, _BARE.subsequent_indent = lead, indent
    return _BARE.wrap(line) or [lead]


def _title(text: str) -> str:
    lines = wrapped(text)
    return f"{lines}\n{'=' * min(COLUMNS, max(map(width_of, lines.split(chr(10)))))}"


def _heading(text: str) -> str:
    lines = wrapped(text)
    return f"{lines}\n{'-' * min(COLUMNS, max(map(width_of, lines.split(chr(10)))))}"


def _notice(notice: Notice, reader: Reader, about: str) -> Iterator[str]:
    yield wrapped(TONES[notice.tone] + reader.words.say(notice.text))
    if notice.next_step is not None:
        yield wrapped(reader.words.say(notice.next_step))
    if notice.typed:
        yield f"{wrapped(reader.line(T('You wrote:')))}\n{wrapped(notice.typed, '> ')}"
    for each in reader.offers(notice, about) if reader.answers else ():
        yield wrapped(f"→ {each.label}: {reader.line(T('reply with'))}", "  ") + f"\n    {clean(each.says)}"


def _block(shape: Block, card: Card, reader: Reader, about: str) -> Iterator[str]:
    say = reader.words.say
    match shape:
        case Paragraph(text):
            yield wrapped(say(text))
        case Quote(text, by, own):
            said = wrapped((text if own is None else reader.line(own)) or NOTHING, "> ")
            yield said if by is None else f"{said}\n{wrapped(f'— {reader.line(by)}', '    ', '  ')}"
        case Section(heading, text):
            yield _heading(reader.line(heading))
            yield wrapped(text.strip("\n") or NOTHING)
        case Facts(items):
            yield _facts([(reader.line(each.label), say(each.value)) for each in items])
        case Bullets(items, title):
            yield _list(title, [wrapped(say(each), "  ", "- ") for each in items], reader)
        case Items(items, title):
            yield _list(title, [_item(each, card, reader, about) for each in items], reader)
        case Table():
            yield from _table(shape, reader)
        case Tally():
            yield _tally(shape, reader)
        case Ballot():
            yield from _ballot(shape, reader)
        case _:
            assert_never(shape)


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    width = max((width_of(label) for label, _ in facts if width_of(label) <= LABELS), default=0)
    lines = []
    for label, value in facts:
        if width_of(label) <= LABELS:
            lead = label + " " * (width - width_of(label) + 2)
            lines.append(wrapped(value or NOTHING, " " * (width + 2), lead))
        else:
            lines.append(f"{wrapped(label)}\n{wrapped(value or NOTHING, ' ' * (width + 2))}")
    return "\n".join(lines) or NOTHING


def _list(title: Text | None, items: Sequence[str], reader: Reader) -> str:
    head = [wrapped(reader.line(title))] if title is not None else []
    return "\n".join([*head, *(items or [NOTHING])])


def _item(item: Item, card: Card, reader: Reader, about: str) -> str:
    lines = [wrapped(reader.words.say(item.text), "  ", "- ")]
    if item.note is not None:
        lines.append(wrapped(reader.words.say(item.note), "  "))
    if item.button is not None and reader.answers:
        lines.append(_said(reader.offer(item.button, card, about), "  "))
    elif item.button is not None:
        lines.append(wrapped(reader.line(item.button.label), "  "))
    return "\n".join(lines)


def _said(offer: Offer, indent: str) -> str:
    """A label and what to write for it, on a line of its own, whole: it is copied."""
    if offer.says == offer.label.rstrip("… ."):
        return f"{indent}{offer.says}"
    return f"{wrapped(f'{offer.label}:', indent)}\n{indent}  {clean(offer.says)}"


def _offers(offers: Sequence[Offer], reader: Reader, about: str = "") -> Iterator[str]:
    if not offers or not reader.answers:
        return
    told = T("To act, reply to this mail with one of these as the first line:")
    if about.startswith("consultation:"):
        told = T("What you reply to this mail is your comment. Its first line may also be one of these:")
    yield "\n".join([wrapped(reader.line(told)), *(_said(each, "  ") for each in offers)])


def _tally(tally: Tally, reader: Reader) -> str:
    rows = (*tally.rows, tally.total)
    names = [reader.line(row.group) for row in rows]
    width = max((width_of(name) for name in names if width_of(name) <= LABELS), default=0)
    return "\n".join(_counted(row, name, width, tally, reader) for row, name in zip(rows, names, strict=True))


def _counted(row: TallyRow, name: str, width: int, tally: Tally, reader: Reader) -> str:
    taken = sum(row.counts)
    room = " " * max(0, width - width_of(name))
    head = (
        f"{name}{room}  {bar(taken, row.asked)}  {reader.line(T('{taken} of {asked}', taken=taken, asked=row.asked))}"
    )
    counts = [
        f"{reader.line(column) if column is not None else NOTHING} {count}"
        for column, count in zip_longest(tally.columns, row.counts)
        if count
    ]
    return wrapped(f"{head}: {' · '.join(counts)}" if counts else head, " " * (width + 2), "")


def _table(table: Table, reader: Reader) -> Iterator[str]:
    if table.title is not None:
        yield wrapped(reader.line(table.title))
    heads = [reader.line(each) for each in table.columns]
    rows = [[reader.line(cell) for cell in row] for row in table.rows]
    size = max([len(heads), *map(len, rows)], default=0)
    widths = [max((width_of(row[at]) for row in (heads, *rows) if at < len(row)), default=0) for at in range(size)]
    if sum(widths) + 2 * max(0, size - 1) <= COLUMNS:
        lines = [_row(heads, widths, table.numeric), _row(["-" * width for width in widths], widths, ())]
        yield "\n".join([*lines, *(_row(row, widths, table.numeric) for row in rows)])
        return
    for row in rows:
        cells = [(head or "", cell or NOTHING) for head, cell in zip_longest(heads, row, fillvalue="")]
        yield _facts(cells)


def _row(cells: Iterable[str], widths: Sequence[int], numeric: Sequence[int]) -> str:
    drawn = []
    for at, (cell, width) in enumerate(zip(cells, widths, strict=False)):
        room = " " * (width - width_of(cell))
        drawn.append(room + cell if at in numeric else cell + room)
    return "  ".join(drawn).rstrip()


def _ballot(ballot: Ballot, reader: Reader) -> Iterator[str]:
    yield wrapped((ballot.question if ballot.own is None else reader.line(ballot.own)) or NOTHING, "> ")
    counted = sum(option.count or 0 for option in ballot.options)
    lines = []
    for option in ballot.options:
        line = reader.line(option.button.label)
        if option.count is not None:
            line += f"  {bar(option.count, counted)} {option.count}"
        lines.append(wrapped(line, "    ", "  "))
    if ballot.open and reader.answers:
        told = T("To answer, reply to this mail with one of these as the first line; a reason may follow below it:")
        if ballot.multiple:
            told = T("To answer, reply to this mail with the numbers of one or more of these as the first line: 1, 3.")
            lines = [f"  {number}.{line[1:]}" for number, line in enumerate(lines, 1)]
        yield "\n".join([wrapped(reader.line(told)), *lines])
    else:
        yield "\n".join(lines) or NOTHING


def _form(form: Form, reader: Reader) -> Iterator[str]:
    """What is asked. Several questions may be answered at once, each on a line that begins with it."""
    yield _title(reader.line(form.title))
    question, say = asked(form), reader.line
    known = {each.field for each in form.questions}
    problems: dict[str, list[Text]] = {}
    for field, why in form.problems:
        problems.setdefault(field if field in known else "", []).append(why)
    answered = [(say(each.label), form.answers[each.field]) for each in form.questions if each.field in form.answers]
    if answered:
        yield f"{wrapped(say(T('So far:')))}\n{_facts(answered)}"
    for each in form.questions:
        for why in problems.get(each.field, ()):
            yield wrapped(f"✗ {say(each.label)} {say(why)}", "  ", "")
    for why in problems.get("", ()):
        yield wrapped(f"✗ {say(why)}", "  ", "")
    if question is None:
        yield wrapped(say(T("All answered. To submit it, reply with one word: submit.")))
    else:
        yield _question(question, reader)
        told = T("Reply with your answer. You may answer several at once: begin each with its question and a colon.")
        yield wrapped(say(told))
        others = [each for each in form.questions if each is not question and each.field not in form.answers]
        if others:
            yield "\n".join([wrapped(say(T("Asked next:"))), *(f"  {say(each.label)}" for each in others)])
    yield wrapped(say(T("Or reply with one of these words alone: {words}", words=" · ".join(controls(form)))))


def _question(question: Question, reader: Reader) -> str:
    say = reader.line
    label = say(question.label) if question.required else f"{say(question.label)} {say(T('(optional)'))}"
    lines = [wrapped(label)]
    if question.hint is not None:
        lines.append(wrapped(say(question.hint), "  "))
    lines += [wrapped(f"{number}. {say(text)}", "     ", "  ") for number, (_, text) in enumerate(question.choices, 1)]
    return "\n".join(lines)


ASKING: Final = ("check:", "consultation:", "poll:", "act:")
"""Subjects of cards that ask for an answer; others can be answered, and do not wait for it."""


def answered_apart(view: Single, about: str) -> bool:
    """Whether answers about it are understood at an address of its own alone; a command is, at any."""
    return isinstance(view, Card) and view.subject == about and bool(acting(view))


def main_subject(letter: Letter) -> str:
    """What an answer to a letter is about: the one thing in it, or the one of several that asks for an answer ("": neither)."""
    subjects = {part.about for part in letter.parts}
    if len(subjects) > 1:
        asking = (part for part in letter.parts if part.view is not None and answered_apart(part.view, part.about))
        subjects = set() if letter.waited else {each.about for each in asking if each.about.startswith(ASKING)}
    return subjects.pop() if len(subjects) == 1 else ""


def acting(view: Single) -> tuple[Button, ...]:
    """Everything in a view that one may do."""
    match view:
        case Notice() | Card():
            own = view.buttons
        case _:
            return ()
    blocks = view.blocks if isinstance(view, Card) else ()
    items = [each.button for block in blocks if isinstance(block, Items) for each in block.items if each.button]
    options = [each.button for block in blocks if isinstance(block, Ballot) and block.open for each in block.options]
    return (*own, *items, *options)
