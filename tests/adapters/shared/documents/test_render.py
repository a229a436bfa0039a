"""One sheet, three documents: each whole, each the same every time."""

import io
import os
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import get_args

import docx
import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.shared.documents import Format, render
from bot.domain.template import SECTIONS
from tests.adapters.shared.documents.sheets import SHEET, saying, sheet

FORMATS: tuple[Format, ...] = get_args(Format)
ROOT = Path(__file__).parents[4]

HOSTILE = {
    "html": "<script>alert(1)</script><b>bold</b> <!-- and the rest",
    "long words": "x" * 5000 + " https://example.org/" + "path/" * 200,
    "a thousand items": "\n".join(f"{number}. Item {number}" for number in range(1, 1001)),
    "deep nesting": "\n".join("  " * depth + "- deeper" for depth in range(60)) + "\n" + ">" * 200 + " quoted",
    "broken markup": "**[unclosed](http:// `code\n```\nfence",
    "invisible": "a\x00b\x1bc\u202ed\ufffee\u2028f\ud800g\r\nh",
    "right to left": "يعمل الفريق (MAG) في 2027\n\n- بند **أول**\n- יוסף\n\n1. أولاً",
    "no font has it": "中文 🎉 \U000e0001",
    "a page count": "{nb} \x02\x02\x02 {PAGE}",
    "only marks": "- \n- \n\n1.\n\n***\n\n> \n\n# ",
}


def text_of(document: bytes, format: Format) -> str:  # noqa: A002 - as in render
    match format:
        case "md":
            return document.decode()
        case "docx":
            opened = docx.Document(io.BytesIO(document))
            cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
            return "\n".join([paragraph.text for paragraph in opened.paragraphs] + cells)
        case "pdf":
            return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document)).pages)


@pytest.mark.parametrize("format", FORMATS)
def test_the_document_says_what_the_sheet_says(format: Format) -> None:  # noqa: A002 - as in render
    text = text_of(render(SHEET, format), format)

    for words in (
        *("Multi-year Strategic Work Programme", "WG-MWP", "Multistakeholder Advisory Group", "IGF 2017"),
        *("In consultation", "DRAFT", "4 March 2017, 00:05 (Europe/Zurich), 3 March 2017, 23:05 UTC"),
        *("Małgorzata O., Technical Community", "İpek K., Technical Community", "Søren T., Private Sector (confirmed)"),
        *("Many voices", "Collect the major work areas", "Open list; fortnightly calls", "First version approved"),
        *("Why a working group and not the full MAG", "MAG responsibility served", "Forty members"),
    ):
        assert words in " ".join(text.split()), words
    positions = [text.index(heading) for _, heading in SECTIONS]
    assert positions == sorted(positions)
    assert text.index("Why a working group") > text.index("In addition to the template") > positions[-1]


@pytest.mark.parametrize("format", FORMATS)
def test_an_approved_proposal_is_no_draft(format: Format) -> None:  # noqa: A002 - as in render
    assert "DRAFT" not in text_of(render(sheet(draft=False, status="Approved"), format), format)


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_section_keeps_its_heading(format: Format) -> None:  # noqa: A002 - as in render
    text = text_of(render(saying(plan=" \n "), format), format)
    after = text[text.index("Implementation Plan (if appropriate)") :]
    assert "Not provided" in after[: after.index("Timeframe for the work")]


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_not_known_leaves_no_hole(format: Format) -> None:  # noqa: A002 - as in render
    bare = sheet(
        body_name="", short_name="", full_name="", cycle="", status="", zone="Nowhere/At_All", reference="",
        proposers=(), co_proposers=(("Nia N.", "", ""),), extra_sections=(),
    )  # fmt: skip
    text = text_of(render(bare, format), format)
    assert "Nia N." in text
    assert "3 March 2017, 23:05 UTC" in text
    assert "In addition" not in text


@pytest.mark.parametrize("format", FORMATS)
def test_equal_sheets_give_equal_bytes_in_another_process(format: Format) -> None:  # noqa: A002 - as in render
    program = (
        "import sys; from adapters.shared.documents import render;"
        "from tests.adapters.shared.documents.sheets import SHEET;"
        f"sys.stdout.buffer.write(render(SHEET, {format!r}))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, check=True)
    for text in HOSTILE.values():
        render(saying(purpose=text, plan=f"**{text}**"), format)
    assert ran.stdout == render(SHEET, format) == render(sheet(), format)


@pytest.mark.parametrize("format", FORMATS)
def test_documents_made_at_the_same_time_are_as_made_alone(format: Format) -> None:  # noqa: A002 - as in render
    sheets = [
        saying(purpose=text, plan=f"1. **{text[:99]}**\n2. [a](https://example.org)") for text in HOSTILE.values()
    ]
    alone = [render(made, format) for made in sheets]
    with ThreadPoolExecutor(4) as together:
        assert list(together.map(render, sheets, [format] * len(sheets))) == alone


@pytest.mark.parametrize("format", FORMATS)
def test_another_version_is_another_document(format: Format) -> None:  # noqa: A002 - as in render
    assert render(sheet(version=3), format) != render(SHEET, format)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_was_typed_the_rest_still_stands(text: str, format: Format) -> None:  # noqa: A002 - as in render
    said = text_of(render(saying(objectives=text), format), format)
    assert "Expected Output(s)" in said
    assert "First version approved" in said


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200), st.text(alphabet=" \n\t*_`#>-+1.)[](<>!&\\|~aא中é", max_size=120))
def test_any_text_makes_a_document(name: str, text: str) -> None:
    made = sheet(full_name=name, short_name=name, proposers=((name, name),), sections=(("Purpose of the WG", text),))
    for format in FORMATS:  # noqa: A001 - as in render
        assert render(made, format)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(*[st.text(alphabet=" \n*_-1.[](AVTofiaא\u0301ع\u202e中é", max_size=60)] * 2)
def test_no_document_leaves_anything_in_the_next(text: str, other: str) -> None:
    for format in FORMATS:  # noqa: A001 - as in render
        before = render(saying(purpose=text), format)
        render(saying(purpose=other, plan=f"**{text}** [{other}](https://example.org)"), format)
        assert render(saying(purpose=text), format) == before


def test_warnings_are_not_the_readers_problem() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for format in FORMATS:  # noqa: A001 - as in render
            render(saying(timeframe=HOSTILE["a thousand items"]), format)


def test_no_document_library_is_loaded_before_it_is_needed() -> None:
    program = (
        "import sys, adapters.shared.documents as documents;"
        "from tests.adapters.shared.documents.sheets import SHEET;"
        "documents.render(SHEET, 'md');"
        "assert not {'docx', 'fpdf', 'fontTools', 'uharfbuzz', 'markdown_it'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def test_a_date_without_a_zone_is_a_bug() -> None:
    with pytest.raises(ValueError, match="time zone"):
        sheet(dated=datetime(2017, 3, 3))  # noqa: DTZ001 - what is tested
