"""Pictures are whole, accessible, the same every time, and drawn in our own fonts, whatever the words in them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from adapters.shared.documents.sheet import one_line
from adapters.shared.drawing import png, svg
from adapters.shared.drawing.bars import MARGIN, WIDTH, drawn
from adapters.shared.drawing.raster import MOST_DOTS, rastered
from adapters.shared.words import Words
from bot.chart import Chart
from tests.adapters.shared.drawing.pictures import BALANCE, CHECK, NAMES, bar, tally, with_groups
from tests.contracts.renderers import HOSTILE

ROOT = Path(__file__).parents[4]
GOLDEN = Path(__file__).parent / "golden"
WORDS = Words()
SVG = "{http://www.w3.org/2000/svg}"
ISOLATES = re.compile("[\u2067\u2069]")


def parsed(chart: Chart) -> Element:
    return ElementTree.fromstring(svg(chart, WORDS))  # noqa: S314 - we wrote it


def texts(chart: Chart) -> list[str]:
    """What is written in the picture, line by line."""
    return [ISOLATES.sub("", "".join(each.itertext())) for each in parsed(chart).iter(f"{SVG}text")]


def picture(chart: Chart) -> Image.Image:
    image = Image.open(BytesIO(png(chart, WORDS)))
    image.load()
    return image.convert("RGB")


def inside(element: Element, width: float, height: float) -> bool:
    """Whether a shape is within the picture."""
    x, y = float(element.get("x", 0)), float(element.get("y", 0))
    right, bottom = x + float(element.get("width", 0)), y + float(element.get("height", 0))
    return x >= 0 and y >= 0 and right <= width and bottom <= height


@pytest.mark.parametrize(("name", "chart"), [("tally", CHECK), ("balance", BALANCE)])
def test_it_is_drawn_as_it_was(name: str, chart: Chart) -> None:
    """`GOLDEN=write` keeps it anew: look at it in a browser, and at what changed."""
    kept = GOLDEN / f"{name}.svg"
    if os.environ.get("GOLDEN") == "write":
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(svg(chart, WORDS))
    assert svg(chart, WORDS) == kept.read_bytes()


def test_a_screen_reader_is_told_what_it_is_and_says() -> None:
    root = parsed(CHECK)
    assert root.get("role") == "img"
    assert root.get("lang") == "en"
    told = {each.get("id"): each.text for each in root if each.tag in (f"{SVG}title", f"{SVG}desc")}
    assert root.get("aria-labelledby", "").split() == list(told)
    assert list(told.values()) == [
        "Consensus check 1 of the MAG: Should WG-MWP be formed?",
        "23 of 40 members asked have spoken.",
    ]


def test_everything_is_said_in_letters() -> None:
    said = texts(CHECK)
    for words in (
        *(
            "Consensus check 1 of the MAG",
            "Should WG-MWP be formed?",
            "By stakeholder group",
            "Positions taken",
            "IGF MAG",
        ),
        *(WORDS.say(label) for label in NAMES.values()),
        *(
            "Not yet",
            "All",
            "Government",
            "12 of 16",
            "Civil Society",
            "0 of 8",
            "23 of 40",
            "Counts alone never decide.",
        ),
    ):
        assert words in said, words
    start = said.index("Government")
    assert said[start : said.index("Private Sector")] == ["Government", "12 of 16", "9", "2", "1", "4"]


def test_nobody_seated_is_shown_as_nobody() -> None:
    said = texts(BALANCE)
    assert said[said.index("Civil Society") : said.index("By regional group")] == ["Civil Society", "0 %", "0"]


def test_bars_of_all_panels_have_one_scale() -> None:
    wide = [float(each.get("width", 0)) for each in parsed(BALANCE).iter(f"{SVG}rect") if each.get("stroke")]
    sixteen, eight, twelve, other = wide
    assert twelve == other
    assert eight / sixteen == pytest.approx(8 / 16, abs=0.01)
    assert twelve / sixteen == pytest.approx(12 / 16, abs=0.01)


def test_a_part_is_in_proportion_unless_its_number_would_not_fit() -> None:
    fair, small = tally(bar("A", 10, 5, asked=20)), tally(bar("A", 999, 1, asked=2000))
    note = "Parts too small for their number are drawn wider than they are."
    assert note not in texts(fair)
    assert note in texts(small)
    for chart in (fair, small):
        parts = [each for each in parsed(chart).iter(f"{SVG}rect") if each.get("stroke")]
        wide = [
            float(each.get("width", 0)) for each in parts if float(each.get("height", 0)) > 16
        ]  # the key's are small
        assert len(wide) == 6
        assert min(wide) > 20


def test_what_is_not_said_yet_is_an_outline_and_each_position_has_its_own_pattern() -> None:
    root = parsed(tally(bar("A", 1, 1, 1, 1, 1, 1, asked=7)))
    fills = {
        each.get("fill") for each in root.iter(f"{SVG}rect") if each.get("stroke") and not each.get("stroke-dasharray")
    }
    assert len(fills) == len(NAMES)
    assert len([each for each in root.iter(f"{SVG}rect") if each.get("stroke-dasharray")]) == 3  # key, all, the group
    known = {f"url(#{each.get('id')})" for each in root.iter(f"{SVG}pattern")}
    assert {fill for fill in fills if fill and fill.startswith("url")} == known


@pytest.mark.parametrize("chart", [CHECK, BALANCE], ids=["tally", "balance"])
def test_the_png_is_the_same_picture_twice_as_large(chart: Chart) -> None:
    image = picture(chart)
    assert image.size == (2 * WIDTH, 2 * int(parsed(chart).get("height", "0")))
    assert image.getpixel((4, 4)) == (255, 255, 255)
    assert image.getpixel((2 * MARGIN + 4, 2 * MARGIN - 14)) == (0, 92, 148)  # the rule at its head
    assert len(image.getcolors(1_000_000) or ()) > 50
    assert png(chart, WORDS) == png(chart, WORDS)


def test_a_hundred_groups_are_a_long_picture_of_bearable_size() -> None:
    chart = with_groups([f"Group {number}" for number in range(100)], "Shall we? " * 100)
    said = texts(chart)
    assert [each for each in said if each.startswith("Group ")] == [f"Group {number}" for number in range(100)]
    width, height = picture(chart).size
    assert height > 2 * width
    assert width * height <= MOST_DOTS * 1.01


def test_long_names_and_questions_wrap_and_lose_nothing() -> None:
    name, question = "Non-governmental " * 12 + "x" * 90, "Shall we do what takes many words to say? " * 24
    chart = with_groups([name], question)
    written = "".join(texts(chart)).replace(" ", "")
    assert name.replace(" ", "") in written
    assert question.replace(" ", "") in written
    root = parsed(chart)
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    assert all(inside(each, width, height) for each in root.iter() if each.tag in (f"{SVG}rect", f"{SVG}text"))


@pytest.mark.parametrize("kind", HOSTILE)
def test_user_text_breaks_nothing(kind: str) -> None:
    text = f"before {HOSTILE[kind]} after"
    chart = with_groups([text, "Civil Society"], text)
    written = "".join(texts(chart)).replace(" ", "")
    assert written.count(one_line(text).replace(" ", "")) == 2
    assert "CivilSociety" in written
    assert not list(parsed(chart).iter(f"{SVG}script"))
    assert picture(chart).size[0] > 0


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=120), st.text(alphabet="aé漢אب1 ()\u064e\u200d", max_size=60))
def test_any_text_makes_a_picture(question: str, name: str) -> None:
    assert parsed(with_groups([name], question)).get("role") == "img"
    assert drawn(with_groups([name], question), WORDS, shipped_fonts_only=True).svg()


def test_what_is_read_from_the_right_ends_at_the_right() -> None:
    arabic = "هل ينبغي تشكيل فريق العمل؟"
    lines = [
        each for each in parsed(with_groups(["A"], arabic)).iter(f"{SVG}text") if arabic[:8] in "".join(each.itertext())
    ]
    assert [(each.get("text-anchor"), each.get("x")) for each in lines] == [("end", str(WIDTH - MARGIN))]


def test_for_who_reads_from_the_right_it_stands_as_in_a_mirror() -> None:
    """Names at the right, bars growing to the left, in the same sizes; the full stop of a note at its left end."""
    there, here = (ElementTree.fromstring(svg(CHECK, each)) for each in (Words("ar"), WORDS))  # noqa: S314 - we wrote it
    assert inside_all(there)
    ends = {
        each.get("text-anchor", "start") for each in there.iter(f"{SVG}text") if each.get("x") == str(WIDTH - MARGIN)
    }
    assert ends == {"end"}
    solid = "#005c94"
    left = [float(each.get("x", 0)) for each in here.iter(f"{SVG}rect") if each.get("fill") == solid]
    right = [
        WIDTH - float(each.get("x", 0)) - float(each.get("width", 0))
        for each in there.iter(f"{SVG}rect")
        if each.get("fill") == solid
    ]
    assert len(left) == len(right)
    assert right[:2] == left[:2]  # the rule, and the key; how wide the names are moves the bars
    assert len({round(each, 1) for each in right[2:]}) == 1
    notes = ["".join(each.itertext()) for each in there.iter(f"{SVG}text")]
    arabic = [each for each in notes if "\u0627" in each and each.rstrip("\u2069").endswith(".")]
    assert arabic
    assert all(each.startswith("\u2067") and each.endswith("\u2069") for each in arabic)


def inside_all(root: Element) -> bool:
    return all(inside(each, WIDTH, float(root.get("height", 0))) for each in root.iter(f"{SVG}rect"))


def test_a_letter_without_a_font_is_whole_in_svg_and_owned_up_to_in_png() -> None:
    chart, note = with_groups(["技術"]), "stands for a letter that this picture has no font for"
    assert "技術" in texts(chart)
    assert not any(note in each for each in texts(chart))
    for_png = drawn(chart, WORDS, shipped_fonts_only=True).svg().decode()
    assert "技" not in for_png
    assert "��" in for_png
    assert note in for_png
    plain = drawn(with_groups(["Zoë"]), WORDS, shipped_fonts_only=True).svg().decode()
    assert note not in plain


@pytest.mark.parametrize(
    "name", ["Małgorzata", "الحكومة", "חברה", "समाज", "சமூகம்", "ภาค", "Հայ", "ქარ", "አማ", "ខ្មែរ", "সমাজ", "→"]
)
def test_every_script_we_have_a_font_for_leaves_ink(name: str) -> None:
    def ink(name: str) -> int:
        return sum(picture(with_groups([name, "A name that sets the width"])).convert("L").histogram()[:128])

    assert ink(name) > ink("") + 20


def test_equal_charts_give_equal_bytes_in_another_process() -> None:
    program = (
        "import sys; from adapters.shared.drawing import png; from adapters.shared.words import Words;"
        "from tests.adapters.shared.drawing.pictures import CHECK;"
        "sys.stdout.buffer.write(png(CHECK, Words()))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, check=True)
    assert ran.stdout == png(CHECK, WORDS)


def test_what_cannot_be_drawn_is_a_bug_with_its_reason() -> None:
    sheet = drawn(CHECK, WORDS, shipped_fonts_only=True)
    sheet._root.set("viewBox", "broken")
    sheet._root.tag = "nothing"
    with pytest.raises(RuntimeError, match="resvg"):
        rastered(sheet)


def test_no_drawing_library_is_loaded_before_it_is_needed() -> None:
    program = (
        "import sys, adapters.shared.drawing, adapters.shared.contents;"
        "assert not {'fpdf', 'fontTools', 'uharfbuzz', 'resvg_py', 'icalendar'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
