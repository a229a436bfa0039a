"""A proposal as PDF: A4, fonts embedded, tagged, with an outline, and the same bytes for the same sheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fpdf import ViewerPreferences

from adapters.shared.documents.blocks import Block, Kind, Run, parse
from adapters.shared.documents.pages import ACCENT, ALERT, INK, LEADING, MARGIN, POINT, QUIET, TOP, Margins, Pages
from adapters.shared.documents.sheet import (
    DRAFT,
    KIND,
    LANGUAGE,
    NOTHING,
    ProposalSheet,
    authors,
    facts,
    made,
    one_line,
    subject,
    title,
)
from adapters.shared.documents.typeset import Look
from bot.domain.template import APART

_BODY: Final = 10.5
_LABELS: Final = 32.0
_STEP: Final = 7.0
_DEEPEST: Final = 6
_KEPT: Final = 13.0
"""What must find room below a heading, so that it does not stand alone."""

_CLOSE: Final = 1.0
_WIDE: Final = 2.4
_LONG_TITLE: Final = 90
_UNSHOWN: Final = (
    "� stands for a letter this file has no font for. The DOCX and Markdown forms of this document have every letter."
)


def to_pdf(sheet: ProposalSheet) -> bytes:
    """The whole document."""
    pages = Pages(Margins(title(sheet), made(sheet), DRAFT if sheet.draft else ""), sheet.dated)
    pages.set_title(title(sheet))
    pages.set_author(authors(sheet))
    pages.set_subject(subject(sheet))
    pages.set_creator(one_line(sheet.reference))
    pages.set_lang(LANGUAGE)
    pages.viewer_preferences = ViewerPreferences(display_doc_title=True)
    pages.add_page()
    _title_block(pages, sheet)
    for heading, text in sheet.sections:
        _section(pages, one_line(heading), text)
    if sheet.extra_sections:
        _apart(pages)
        for number, (heading, text) in enumerate(sheet.extra_sections):
            _section(pages, one_line(heading), text, level=2, above=2.5 if number == 0 else 5)
    if pages.chooser.missing:
        pages.space(6)
        pages.paragraph([(_UNSHOWN, Look(8.5, italic=True, colour=QUIET))], size=8.5)
    return pages.written()


def _title_block(pages: Pages, sheet: ProposalSheet) -> None:
    with pages.marked():
        pages.rule(TOP - 6, colour=ACCENT, width=1.1)
    body = one_line(sheet.body_name)
    if body:
        pages.paragraph([(body, Look(10, bold=True, colour=ACCENT))], size=10, limit=pages.epw - 24, from_right=False)
    pages.paragraph([(KIND, Look(10, colour=QUIET))], size=10, from_right=False)
    if sheet.draft:
        _draft_mark(pages)
    pages.space(5)
    full, short = one_line(sheet.full_name), one_line(sheet.short_name)
    size = 22.0 if len(full) <= _LONG_TITLE else 16.0
    pages.start_section(title(sheet))
    pages.paragraph([(full or short or KIND, Look(size, bold=True, colour=INK))], size=size * 0.88, element="H1")
    if full and short:
        pages.space(0.8)
        pages.paragraph([(short, Look(13, bold=True, colour=ACCENT))], size=13, from_right=False)
    pages.space(4)
    for fact in facts(sheet):
        with pages.marked():
            pages.rule(pages.y)
        pages.space(1.1)
        for number, line in enumerate(fact.lines):
            label = (fact.label, Look(9.5, colour=QUIET)) if number == 0 else None
            pages.paragraph([(line, Look(9.5, colour=INK))], size=9.5, indent=_LABELS, label=label, from_right=False)
        pages.space(1.1)
    with pages.marked():
        pages.rule(pages.y)
    pages.space(2)


def _draft_mark(pages: Pages) -> None:
    """At the top right, in a frame."""
    y, width, height = pages.y, 20.0, 7.0
    left = pages.w - MARGIN - width
    with pages.marked():
        pages.set_draw_color(*ALERT)
        pages.set_line_width(0.4)
        pages.rect(left, TOP, width, height, round_corners=True, corner_radius=1.4)
    look = Look(10.5, bold=True, colour=ALERT)
    inset = (width - pages.width_of(DRAFT, look)) / 2
    pages.set_y(TOP + 0.4 + (height - look.size * LEADING * POINT) / 2)
    pages.paragraph([(DRAFT, look)], size=look.size, indent=left - MARGIN + inset, from_right=False)
    pages.set_y(y)


def _section(pages: Pages, heading: str, text: str, *, level: int = 1, above: float = 5) -> None:
    """A heading of a level below the title's, and its text."""
    size = 13.0 if level == 1 else 11.0
    pages.space(above)
    pages.room(size * LEADING * POINT + _KEPT)
    pages.start_section(heading, level=level)
    look = Look(size, bold=True, colour=ACCENT)
    pages.paragraph([(heading, look)], size=size, element=f"H{level + 1}", keep=_KEPT, from_right=False)
    pages.space(1)
    blocks = parse(text)
    if not any(run.text.strip() for block in blocks for run in block.runs):
        pages.paragraph([(NOTHING, Look(_BODY, italic=True, colour=QUIET))], size=_BODY)
        return
    widths = _indents(pages, blocks)
    before: Block | None = None
    for block in blocks:
        if before is not None:
            pages.space(_CLOSE if _same_list(before, block) else _WIDE)
        _draw_block(pages, block, widths.get(block.sequence, _STEP))
        before = block


def _same_list(before: Block, block: Block) -> bool:
    """Whether both are items of one list, or of one within the other."""
    items = before.sequence > 0 and block.sequence > 0
    return items and (before.sequence == block.sequence or before.depth != block.depth)


def _indents(pages: Pages, blocks: tuple[Block, ...]) -> dict[int, float]:
    """How far each numbered list stands in, so that its longest number fits."""
    longest = {block.sequence: f"{block.number}." for block in blocks if block.kind is Kind.NUMBER}
    look = Look(_BODY)
    return {sequence: max(_STEP, pages.width_of(number, look) + 2.5) for sequence, number in longest.items()}


def _apart(pages: Pages) -> None:
    """The line under the template, and what comes below it."""
    pages.space(8)
    pages.room(36)
    with pages.marked():
        pages.rule(pages.y, colour=ACCENT, width=0.4)
    pages.set_y(pages.y + 2)
    pages.start_section(APART, level=1)
    pages.paragraph([(APART, Look(9.5, colour=QUIET))], size=9.5, element="H2", from_right=False)


def _draw_block(pages: Pages, block: Block, own: float) -> None:
    """`own`: how far the innermost list stands in."""
    indent = _STEP * min(block.depth - 1, _DEEPEST) + own if block.depth else 0.0
    heading, code = block.kind is Kind.HEADING, block.kind is Kind.CODE
    runs = list(_looks(block.runs, bold=heading, quiet=block.kind is Kind.QUOTE))
    marker = {Kind.BULLET: "•", Kind.NUMBER: f"{block.number}."}.get(block.kind)
    pages.paragraph(
        runs,
        size=9.5 if code else _BODY,
        element="H4" if heading else "P",
        indent=indent,
        marker=(marker, Look(_BODY, colour=ACCENT)) if marker else None,
        keep=8 if heading else 0,
    )


def _looks(runs: tuple[Run, ...], *, bold: bool, quiet: bool) -> Iterator[tuple[str, Look]]:
    for run in runs:
        colour = ACCENT if run.link else QUIET if quiet or run.code else INK
        yield run.text, Look(_BODY, bold or run.bold, run.italic, colour, run.link)
