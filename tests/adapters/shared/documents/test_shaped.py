"""Text goes onto a page, and fonts into the file, as fpdf2 would have it, only sooner."""

from datetime import UTC, datetime

import pytest
from fpdf import FPDF
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from adapters.shared.documents.shaped import ShapedPDF
from adapters.shared.documents.typeface import file_of

LETTERS = {
    "NotoSans": "abAVTofil éệ\u0301ĐжΩ12(),.-–…\u00ad\u200d\u202e\u2067",
    "NotoSansArabic": "نورالهدى \u0661\u0662ab(),.،\u064b\u200c\u200f\u202d",
    "NotoSansHebrew": "אבגדיוסף 12(),.\u05b0",
    "NotoSansDevanagari": "हिन्दीनमस्ते।क्ष \u200d",
    "NotoSansKhmer": "ខ្មែរ",
}
TEXTS = st.sampled_from(list(LETTERS)).flatmap(
    lambda family: st.tuples(
        st.just(family), st.lists(st.text(alphabet=LETTERS[family], min_size=1, max_size=25), min_size=1, max_size=4)
    )
)


def made(pdf: FPDF, family: str, texts: list[str], direction: str) -> tuple[list[float], FPDF]:
    """A page of `texts`, each measured and drawn."""
    pdf.set_creation_date(datetime(2027, 1, 1, tzinfo=UTC))
    pdf.add_page()
    widths = []
    for number, text in enumerate(texts):
        pdf.set_font(family, "", 10.5)
        pdf.set_text_shaping(True, direction=direction)
        widths.append(pdf.get_string_width(text))
        pdf.set_xy(20 + number / 3, 20 + 10 * number)
        pdf.cell(widths[-1], 5, text, link="https://example.org" if number else "")
    return widths, pdf


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, st.sampled_from(["ltr", "rtl"]))
@example(("NotoSans", ["office difficult AVATAR To.", "Đường Ẹ̀rọ̀ ﬁ"]), "ltr")
@example(("NotoSans", ["of {nb}", "Ω {nb}"]), "ltr")
@example(("NotoSansArabic", ["نور الهدى", "(نور)"]), "rtl")
def test_as_fpdf2_has_it(written: tuple[str, list[str]], direction: str) -> None:
    family, texts = written
    theirs = FPDF()
    theirs.add_font(family, "", file_of(family, ""))
    ours = ShapedPDF()
    ours.load(family, "")

    expected, got = made(theirs, family, texts, direction), made(ours, family, texts, direction)

    assert got[0] == expected[0]
    assert ours.written() == bytes(theirs.output())


@pytest.mark.parametrize("style", ["", "B", "I", "BI"])
def test_each_style_is_the_font_fpdf2_would_carry(style: str) -> None:
    theirs, ours = FPDF(), ShapedPDF()
    theirs.add_font("NotoSans", style, file_of("NotoSans", style))
    ours.load("NotoSans", style)
    for pdf in (theirs, ours):
        pdf.set_creation_date(datetime(2027, 1, 1, tzinfo=UTC))
        pdf.add_page()
        pdf.set_font("NotoSans", style + "U", 12)
        pdf.set_text_shaping(True, direction="ltr")
        pdf.cell(100, 5, "Áccents, ﬁne AV “To” £5; Ελληνικά, Юлія")
    assert ours.written() == bytes(theirs.output())
