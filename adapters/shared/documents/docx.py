"""A proposal as DOCX, to be worked on: real headings, real lists, page numbers that Word counts, no macros."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC
from typing import Final, assert_never

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from adapters.shared.documents import docx_styles as styles
from adapters.shared.documents.blocks import Block, Kind, Run, parse
from adapters.shared.documents.docx_blank import blank, finished
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
from bot.domain.template import APART

_LABELS: Final = Mm(34)
_DEEPEST_STYLE: Final = 3
_STEP: Final = 6.35
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
_LONGEST_PROPERTY: Final = 255
_RULED: Final = ("top", "bottom", "insideH")
_RULES: Final = (
    f"<w:tblBorders {nsdecls('w')}>"
    + "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="CDD6DE"/>' for side in _RULED)
    + "</w:tblBorders>"
)
_FLUSH: Final = f'<w:tblCellMar {nsdecls("w")}><w:left w:w="0" w:type="dxa"/></w:tblCellMar>'


def to_docx(sheet: ProposalSheet) -> bytes:
    """The whole document."""
    document = blank()
    _properties(document, sheet)
    _title_block(document, sheet)
    for heading, text in sheet.sections:
        document.add_paragraph(one_line(heading), "Heading 1")
        _text(document, text)
    if sheet.extra_sections:
        document.add_paragraph(APART, styles.APART_STYLE)
        for heading, text in sheet.extra_sections:
            document.add_paragraph(one_line(heading), "Heading 2")
            _text(document, text)
    _margins(document, sheet)
    return finished(document, sheet.dated)


def _properties(document: Document, sheet: ProposalSheet) -> None:
    at = sheet.dated.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties = document.core_properties
    properties.title = title(sheet)[:_LONGEST_PROPERTY]
    properties.author = authors(sheet)[:_LONGEST_PROPERTY]
    properties.subject = subject(sheet)[:_LONGEST_PROPERTY]
    properties.comments = one_line(sheet.reference)[:_LONGEST_PROPERTY]
    properties.last_modified_by = properties.keywords = properties.category = ""
    properties.language, properties.version, properties.revision = LANGUAGE, str(sheet.version), 1
    properties.created = properties.modified = at


def _title_block(document: Document, sheet: ProposalSheet) -> None:
    head = document.add_paragraph(one_line(sheet.body_name), styles.BODY_NAME)
    if sheet.draft:
        head.add_run("\t")
        head.add_run(DRAFT, styles.DRAFT_MARK)
    document.add_paragraph(KIND, styles.DOCUMENT_KIND)
    full, short = one_line(sheet.full_name), one_line(sheet.short_name)
    _write(document.add_paragraph(style="Title"), (Run(full or short or KIND),))
    document.add_paragraph(short if full else "", styles.SHORT_NAME)
    rows = facts(sheet)
    table = document.add_table(len(rows), 2)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    for layout, followers in ((_RULES, ("w:shd", "w:tblLayout")), (_FLUSH, ())):
        table._tblPr.insert_element_before(parse_xml(layout), *followers, "w:tblCellMar", "w:tblLook")
    for column, width in zip(table.columns, (_LABELS, styles.TEXT_WIDTH - _LABELS), strict=True):
        column.width = width
    for row, fact in zip(table.rows, rows, strict=True):
        label, value = row.cells
        label.width, value.width = _LABELS, styles.TEXT_WIDTH - _LABELS
        label.paragraphs[0].style = styles.FACT_LABEL
        label.paragraphs[0].add_run(fact.label)
        for number, line in enumerate(fact.lines):
            paragraph = value.paragraphs[0] if number == 0 else value.add_paragraph()
            paragraph.style = styles.FACT
            _write(paragraph, (Run(line),), from_right=False)


def _text(document: Document, text: str) -> None:
    blocks = parse(text)
    if not any(run.text.strip() for block in blocks for run in block.runs):
        document.add_paragraph().add_run(NOTHING).italic = True
        return
    lists: dict[int, int] = {}
    for block in blocks:
        _draw_block(document, block, lists)


def _draw_block(document: Document, block: Block, lists: dict[int, int]) -> None:
    style = _style(block)
    paragraph = document.add_paragraph(style=style)
    if block.kind is Kind.NUMBER:
        if block.sequence not in lists:
            lists[block.sequence] = styles.new_list(document, style, block.number)
        styles.put_in_list(paragraph, lists[block.sequence])
    if block.depth > _DEEPEST_STYLE:
        paragraph.paragraph_format.left_indent = Mm(_STEP * min(block.depth, 2 * _DEEPEST_STYLE))
    _write(paragraph, block.runs)


def _style(block: Block) -> str:
    level = min(block.depth, _DEEPEST_STYLE)
    suffix = f" {level}" if level > 1 else ""
    match block.kind:
        case Kind.HEADING:
            return "Heading 3"
        case Kind.BULLET:
            return f"List Bullet{suffix}"
        case Kind.NUMBER:
            return f"List Number{suffix}"
        case Kind.QUOTE:
            return "Quote"
        case Kind.CODE:
            return styles.CODE
        case Kind.PARAGRAPH:
            return f"List Continue{suffix}" if block.depth else "Normal"
        case _:
            assert_never(block.kind)


def _write(paragraph: Paragraph, runs: tuple[Run, ...], *, from_right: bool | None = None) -> None:
    """The runs of a paragraph, each in its direction; the paragraph's own is that of its first letter."""
    if from_right is None:
        from_right = next(_strong("".join(run.text for run in runs)), False)
    if from_right:
        styles.right_to_left(paragraph)
    for run in runs:
        for rtl, part in _by_direction(run.text, from_right):
            written = paragraph.add_run(part)
            if run.link:
                styles.link(written, paragraph, run.link)
            if run.bold:
                written.bold = written.font.cs_bold = True
            if run.italic:
                written.italic = written.font.cs_italic = True
            if run.code:
                written.font.name = "Consolas"
            if rtl:
                written.font.rtl = True


def _strong(text: str) -> Iterator[bool]:
    """For each letter that has a direction: whether it is read from the right."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction == "L" or direction in _RIGHT_TO_LEFT:
            yield direction != "L"


def _by_direction(text: str, from_right: bool) -> Iterator[tuple[bool, str]]:
    """`text` cut where its letters change direction; what has none goes with what is before it."""
    current, start = next(_strong(text), from_right), 0
    for index, letter in enumerate(text):
        direction = next(_strong(letter), current)
        if direction != current:
            yield current, text[start:index]
            current, start = direction, index
    if start < len(text):
        yield current, text[start:]


def _margins(document: Document, sheet: ProposalSheet) -> None:
    """Header from the second page on, footer on every page."""
    section = document.sections[0]
    header = section.header.paragraphs[0]
    header.add_run(title(sheet))
    if sheet.draft:
        header.add_run("\t")
        header.add_run(DRAFT, styles.DRAFT_MARK)
    for footer in (section.footer, section.first_page_footer):
        paragraph = footer.paragraphs[0]
        paragraph.style = "Footer"
        paragraph.add_run("Page ")
        styles.add_field(paragraph, "PAGE")
        paragraph.add_run(" of ")
        styles.add_field(paragraph, "NUMPAGES")
        paragraph.add_run(f"\t{made(sheet)}")
