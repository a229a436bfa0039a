"""The DOCX is one that somebody can go on writing in."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from adapters.shared.documents.docx import to_docx
from adapters.shared.documents.sheet import ProposalSheet
from bot.domain.template import SECTIONS
from tests.adapters.shared.documents.sheets import SHEET, saying, sheet


def opened(made: ProposalSheet) -> Document:
    return docx.Document(io.BytesIO(to_docx(made)))


def styled(document: Document, style: str) -> list[Paragraph]:
    return [
        paragraph for paragraph in document.paragraphs if paragraph.style is not None and paragraph.style.name == style
    ]


def list_of(paragraph: Paragraph) -> Any:
    properties: Any = paragraph._p.pPr
    return properties.numPr.numId.val


def test_title_and_headings_are_real() -> None:
    document = opened(SHEET)
    assert [title.text for title in styled(document, "Title")] == ["Multi-year Strategic Work Programme"]
    assert [heading.text for heading in styled(document, "Heading 1")] == [heading for _, heading in SECTIONS]
    assert [heading.text for heading in styled(document, "Heading 2")] == [
        "Why a working group and not the full MAG",
        "MAG responsibility served",
    ]


def test_its_properties() -> None:
    properties = opened(SHEET).core_properties
    assert properties.title == "Multi-year Strategic Work Programme (WG-MWP)"
    assert properties.author == "Małgorzata O., İpek K."
    assert properties.language == "en"
    assert properties.created == properties.modified == datetime(2017, 3, 3, 23, 5, tzinfo=UTC)
    assert "DRAFT" in properties.subject


def test_long_names_fit_into_the_properties() -> None:
    assert len(opened(sheet(full_name="Work " * 200)).core_properties.title) == 255


def test_lists_are_real_and_each_numbered_one_starts_anew() -> None:
    document = opened(saying(plan="1. a\n2. b\n\ntext\n\n1. c\n\ntext\n\n7. d", objectives="- x\n  - y\n    1. z"))
    a, b, c, d = styled(document, "List Number")
    assert list_of(a) == list_of(b)
    assert len({list_of(a), list_of(c), list_of(d)}) == 3
    starts = [
        start.get(qn("w:val"))
        for number in document.part.numbering_part.element.num_lst
        if number.numId in {list_of(a), list_of(c), list_of(d)}
        for start in number.iter(qn("w:startOverride"))
    ]
    assert starts == ["1", "1", "7"]
    assert [len(styled(document, style)) for style in ("List Bullet", "List Bullet 2", "List Number 3")] == [1, 1, 1]


def test_emphasis_and_links() -> None:
    document = opened(saying(purpose="**bold** *it* [site](https://example.org/a) [bad](javascript:x)"))
    paragraph = next(paragraph for paragraph in document.paragraphs if paragraph.text.startswith("bold"))
    assert [run.text for run in paragraph.runs if run.bold] == ["bold"]
    assert [run.text for run in paragraph.runs if run.italic] == ["it"]
    assert [(link.text, link.address) for link in paragraph.hyperlinks] == [("site", "https://example.org/a")]
    assert "[bad](javascript:x)" in paragraph.text


def test_arabic_is_read_from_the_right() -> None:
    document = opened(saying(purpose="يعمل **الفريق** (MAG)\n\nEnglish first, ثم العربية"))
    arabic, english = (
        next(paragraph for paragraph in document.paragraphs if part in paragraph.text)
        for part in ("يعمل", "English first")
    )
    assert arabic._p.pPr is not None
    assert arabic._p.pPr.find(qn("w:bidi")) is not None
    assert english._p.pPr is None or english._p.pPr.find(qn("w:bidi")) is None
    assert [run.text for run in arabic.runs if run.font.rtl] == ["يعمل ", "الفريق"]
    assert [run.text for run in english.runs if run.font.rtl] == ["ثم العربية"]


def test_pages_are_counted_by_word() -> None:
    section = opened(SHEET).sections[0]
    for footer in (section.footer, section.first_page_footer):
        fields = [field.text for field in footer._element.iter(qn("w:instrText"))]
        assert fields == [" PAGE ", " NUMPAGES "]
        assert "wgbot · WG-MWP · version 2 · 3 March 2017, 23:05 UTC" in footer.paragraphs[0].text


def test_a_draft_says_so_on_every_page() -> None:
    document = opened(SHEET)
    assert document.paragraphs[0].text.endswith("DRAFT")
    assert document.sections[0].header.paragraphs[0].text.endswith("DRAFT")


def test_the_file_is_plain_and_dated() -> None:
    with zipfile.ZipFile(io.BytesIO(to_docx(SHEET))) as file:
        assert {entry.date_time for entry in file.infolist()} == {(2017, 3, 3, 23, 5, 0)}
        assert not [name for name in file.namelist() if "vba" in name.casefold() or "thumbnail" in name]


def test_a_date_before_there_were_zip_files() -> None:
    assert to_docx(sheet(dated=datetime(1970, 1, 1, tzinfo=UTC)))
