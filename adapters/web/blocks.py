"""Parts of views as HTML: the web's renderer of the closed union in `bot/view.py`. Nothing in it can be tapped here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from markupsafe import Markup

from adapters.web.prose import Prose, markdown
from bot.text import T, Text
from bot.view import Ballot, Block, Bullets, Facts, Items, Paragraph, Quote, Section, Table, Tally, TallyRow


def drawn(blocks: Iterable[Block], level: int = 3, *, prose: Prose) -> Markup:
    """Blocks one after the other, their own headings at a `level` of the page's."""
    return Markup("\n").join(_block(each, level, prose) for each in blocks)


def _block(block: Block, level: int, prose: Prose) -> Markup:
    match block:
        case Paragraph(text):
            return Markup("<p>{}</p>").format(prose.html(text))
        case Quote(text, by, own):
            said = Markup("<footer>{}</footer>").format(prose.html(by)) if by is not None else Markup("")
            return Markup('<blockquote class="said" dir="auto">{}{}</blockquote>').format(
                prose.html(own) if own is not None else markdown(text), said
            )
        case Section(heading, text):
            said = Markup('<div class="prose" dir="auto">{}</div>').format(markdown(text))
            return _heading(heading, level, prose) + said
        case Facts(items):
            rows = (Markup("<dt>{}</dt><dd>{}</dd>").format(prose.html(i.label), prose.html(i.value)) for i in items)
            return Markup('<dl class="facts">{}</dl>').format(Markup("").join(rows))
        case Bullets(items, title):
            return _list((prose.html(each) for each in items), title, level, prose)
        case Items(items, title):
            return _list((prose.html(each.text) for each in items), title, level, prose)
        case Table():
            return table(block, prose)
        case Tally():
            return tally(block, prose)
        case Ballot():
            return Markup('<blockquote class="said" dir="auto">{}</blockquote>').format(
                prose.html(block.own) if block.own is not None else markdown(block.question)
            )
        case _:
            assert_never(block)


def _heading(text: Text, level: int, prose: Prose) -> Markup:
    return Markup("<h{0}>{1}</h{0}>\n").format(level, prose.html(text))


def _list(items: Iterable[Markup], title: Text | None, level: int, prose: Prose) -> Markup:
    head = _heading(title, level, prose) if title is not None else Markup("")
    return head + Markup('<ul class="lines">{}</ul>').format(
        Markup("").join(Markup("<li>{}</li>").format(each) for each in items)
    )


def table(block: Table, prose: Prose) -> Markup:
    """A table whose first column names its rows. It may be wider than the page: then it scrolls by itself."""
    heads = [_cell("th", prose.html(each), number in block.numeric) for number, each in enumerate(block.columns)]
    rows = [_row([prose.html(each) for each in row], block.numeric) for row in block.rows]
    caption = Markup("<caption>{}</caption>").format(prose.html(block.title)) if block.title is not None else Markup("")
    name = prose.line(block.title if block.title is not None else block.columns[0])
    return _scrolling(name, caption, heads, rows)


def tally(block: Tally, prose: Prose) -> Markup:
    """Positions by stakeholder group, in numbers."""
    columns = (T("Stakeholder group"), *block.columns, T("Asked"))
    numeric = tuple(range(1, len(columns)))
    heads = [_cell("th", prose.html(each), number > 0) for number, each in enumerate(columns)]
    title = T("Positions by stakeholder group")
    caption = Markup("<caption>{}</caption>").format(prose.html(title))
    return _scrolling(
        prose.line(title), caption, heads, [_counts(each, prose, numeric) for each in (*block.rows, block.total)]
    )


def _counts(row: TallyRow, prose: Prose, numeric: tuple[int, ...]) -> Markup:
    return _row([prose.html(row.group), *(Markup(str(each)) for each in (*row.counts, row.asked))], numeric)  # noqa: S704 — a number


def _row(cells: list[Markup], numeric: tuple[int, ...]) -> Markup:
    first, *others = cells
    tail = "".join(_cell("td", each, number in numeric) for number, each in enumerate(others, start=1))
    return Markup(f'<tr><th scope="row">{first}</th>{tail}</tr>')  # noqa: S704 — of HTML alone


def _cell(tag: str, content: Markup, number: bool) -> Markup:
    """A cell of a table, at the head of its column (`th`) or below (`td`)."""
    scope = ' scope="col"' if tag == "th" else ""
    kind = ' class="number"' if number else ""
    return Markup(f"<{tag}{scope}{kind}>{content}</{tag}>")  # noqa: S704 — of HTML alone


def _scrolling(name: str, caption: Markup, heads: list[Markup], rows: list[Markup]) -> Markup:
    """Where it is wider than its place it scrolls there, by keyboard too; `name` says what is reached."""
    return Markup(
        '<div class="wide" tabindex="0" role="group" aria-label="{}">'
        "<table>{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(name, caption, Markup("").join(heads), Markup("\n").join(rows))
