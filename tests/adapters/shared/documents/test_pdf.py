"""The PDF reads right, on the page and aloud."""

import io
import re
from typing import Any

import pypdf
import pytest

from adapters.shared.documents.pdf import to_pdf
from adapters.shared.documents.sheet import ProposalSheet
from bot.domain.template import SECTIONS
from tests.adapters.shared.documents.sheets import SHEET, saying, sheet


def opened(made: ProposalSheet) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(to_pdf(made)))


def words(reader: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_what_it_is() -> None:
    reader = opened(SHEET)
    assert reader.metadata is not None
    assert reader.metadata.title == "Multi-year Strategic Work Programme (WG-MWP)"
    assert reader.metadata.author == "Małgorzata O., İpek K."
    assert str(reader.metadata.creation_date) == "2017-03-03 23:05:00+00:00"
    root: Any = reader.root_object
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]


def test_it_has_an_outline() -> None:
    outline: Any = opened(SHEET).outline
    title, below = outline
    assert title["/Title"] == "Multi-year Strategic Work Programme (WG-MWP)"
    assert [entry["/Title"] for entry in below if not isinstance(entry, list)] == [
        *(heading for _, heading in SECTIONS),
        "In addition to the template",
    ]


def test_it_can_be_read_aloud_in_order() -> None:
    """Every line stands in the structure once, and each mark of a page is found from the page."""
    reader = opened(saying(timeframe="\n".join(f"{number}. Item" for number in range(90))))
    root: Any = reader.root_object["/StructTreeRoot"]
    elements = [kid.get_object() for kid in root["/K"][0].get_object()["/K"]]
    assert [element["/S"] for element in elements].count("/H1") == 1
    assert [element["/S"] for element in elements].count("/H2") == 6
    marked = sorted((reader.get_page_number(element["/Pg"]), mark) for element in elements for mark in element["/K"])
    on_pages = []
    for number, page in enumerate(reader.pages):
        contents = page.get_contents()
        assert contents is not None
        marks = [int(mark) for mark in re.findall(rb"/MCID (\d+)", contents.get_data())]
        assert marks == list(range(len(marks)))
        on_pages += [(number, mark) for mark in marks]
        nums = root["/ParentTree"]["/Nums"]
        parents = nums[nums.index(page["/StructParents"]) + 1]
        assert [mark in parent.get_object()["/K"] for mark, parent in enumerate(parents)] == [True] * len(marks)
    assert marked == on_pages


def test_every_page_says_which_it_is() -> None:
    reader = opened(saying(plan="A paragraph of some length.\n\n" * 80))
    total = len(reader.pages)
    assert total > 2
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        assert f"Page {number} of {total}" in text
        assert "wgbot · WG-MWP · version 2 · 3 March 2017, 23:05 UTC" in text
        assert "DRAFT" in text


def test_fonts_are_inside() -> None:
    reader = opened(saying(purpose="عربي **עברית** *Ελληνικά* Русский हिन्दी ไทย ქართული"))
    fonts: Any = {}
    for page in reader.pages:
        resources: Any = page["/Resources"]
        fonts.update(resources["/Font"])
    assert len(fonts) >= 7
    for font in fonts.values():
        (descendant,) = font.get_object()["/DescendantFonts"]
        assert "/FontFile2" in descendant.get_object()["/FontDescriptor"]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Małgorzata O.",
            "İpek K.",
            "Søren T.",
            "Grażyna G.",
            "Tímea U.",
            "Zoë B.",
            "Åsa C.",
            "Élodie G.",
            "Fábio H.",
        ),
        *("Phạm Thị Hồng", "Ọlá Ẹ̀rọ̀", "Ελένη", "Юлія", "გიორგი", "Արամ", "ɛʋɔ"),
    ],
)
def test_names_come_out_right(name: str) -> None:
    text = words(opened(sheet(proposers=((name, "Civil Society"),))))
    assert f"{name}, Civil Society" in text
    assert "�" not in text


@pytest.mark.parametrize("text", ["نور الهدى", "יוסף", "हिन्दी नमस्ते", "বাংলা", "தமிழ்", "ไทย", "ខ្មែរ", "አማርኛ", "→ ✓ ☐ ≤"])
def test_other_scripts_have_their_letters(text: str) -> None:
    assert "�" not in words(opened(saying(purpose=text)))


def test_letters_without_a_font_are_owned_up_to() -> None:
    text = words(opened(saying(purpose="See 中文.")))
    assert "See ��." in text
    assert "this file has no font for" in text
    assert "no font" not in words(opened(SHEET))


def test_links_lead_to_the_web_only() -> None:
    reader = opened(saying(purpose="[site](https://example.org/a) [bad](javascript:x) <mailto:a@b.example>"))
    targets = {annotation.get_object()["/A"]["/URI"] for page in reader.pages for annotation in page.get("/Annots", ())}
    assert targets == {"https://example.org/a", "mailto:a@b.example", "https://example.org/terms"}


def test_what_members_type_is_never_the_page_count() -> None:
    assert "{nb} and {PAGE}" in words(opened(saying(purpose="{nb} and {PAGE}")))


def test_a_long_word_loses_no_letter() -> None:
    text = words(opened(saying(purpose="Donau" * 200))).replace(" ", "")
    assert "Donau" * 200 in text


def test_lists_show_their_numbers() -> None:
    text = words(opened(saying(plan="9. nine\n10. ten\n\n- bullet")))
    assert "9. nine" in text
    assert "10. ten" in text
    assert "• bullet" in text
    assert "Cycle IGF 2017" in text


@pytest.mark.parametrize("filling", [10, 13, 39, 40, 42, 45])
def test_a_heading_never_ends_a_page(filling: int) -> None:
    """With so many lines above it, one would, if nothing kept it with its text."""
    for page in opened(saying(objectives="Line.\n\n" * filling)).pages:
        *_, last = (line for line in page.extract_text().splitlines() if line.strip() and "version 2" not in line)
        assert last not in {heading for _, heading in SECTIONS}
