"""A proposal that somebody wrote under the template's headings is read, however they wrote the headings."""

# ruff: noqa: RUF001 - letters that look like others are what is tested

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.template import (
    APART,
    NOT_PROVIDED,
    SECTIONS,
    extra_sections,
    from_markdown,
    inert,
    plain,
    protected,
    sections,
)
from tests.adapters.shared.documents.sheets import SAMPLE

KEYS = tuple(key for key, _ in SECTIONS)
HEADINGS = tuple(heading for _, heading in SECTIONS)


def test_the_headings_are_the_documents_own() -> None:
    assert HEADINGS == (
        "Purpose of the WG",
        "Objectives/Goals of the WG",
        "Expected Output(s)",
        "Implementation Plan (if appropriate)",
        "Timeframe for the work",
    )


def test_a_real_proposal_is_read() -> None:
    read = from_markdown(SAMPLE)

    assert (read["name"], read["short_name"], read["cycle"]) == (
        "Multi-year Strategic Work Programme",
        "WG-MWP",
        "IGF 2017",
    )
    assert read["purpose"].startswith("Many voices")
    assert read["purpose"].endswith('towards a rolling "Living Programme".')
    assert read["objectives"].count("\n- ") == 2
    assert read["outputs"].startswith('A "Living Programme" covering at least 2 – 3 years')
    assert read["plan"].startswith("Open list; fortnightly calls")
    assert read["timeframe"].startswith("First version approved")
    assert read["why"] == read["responsibility"] == ""


@pytest.mark.parametrize(
    "write",
    [
        "{}",
        "{}:",
        "{} :",
        "# {}",
        "### {}: ##",
        "**{}**",
        "**{}:**",
        "**{}**:",
        "*{}*",
        "__{}__",
        "1. {}",
        "2) {}:",
        "(iv) {}",
        "## 3. **{}**",
        "**3. {}:**",
        "  {}  ",
    ],
)
@pytest.mark.parametrize("change", [str, str.upper, str.lower, lambda heading: heading.replace(" ", "  ")])
def test_a_heading_is_known_however_it_is_written(write: str, change) -> None:  # type: ignore[no-untyped-def] # str and lambda alike
    text = "\n".join(f"{write.format(change(heading))}\nText {number}." for number, heading in enumerate(HEADINGS))

    read = from_markdown(text)

    assert [read[key] for key in KEYS] == [f"Text {number}." for number in range(5)]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("Purpose of the Working Group", "purpose"),
        ("Objectives / Goals of the WG", "objectives"),
        ("Objectives and goals of the WG:", "objectives"),
        ("Expected Outputs", "outputs"),
        ("Expected output:", "outputs"),
        ("## Implementation plan", "plan"),
        ("Why a working group and not the full MAG", "why"),
        ("MAG responsibility served", "responsibility"),
    ],
)
def test_near_variants_on_a_line_of_their_own_are_understood(line: str, key: str) -> None:
    assert from_markdown(f"{line}\n\nSomething.")[key] == "Something."


@pytest.mark.parametrize(
    "line", ["**Purpose of the WG:** To help.", "Purpose of the WG: To help.", "## 1. purpose of the wg: To help."]
)
def test_text_may_stand_on_the_headings_line(line: str) -> None:
    assert from_markdown(f"{line}\nAnd to learn.")["purpose"] == "To help.\nAnd to learn."


def test_a_heading_may_be_underlined() -> None:
    assert from_markdown("Purpose of the WG\n=================\nTo help.")["purpose"] == "To help."


@pytest.mark.parametrize(
    "line", ["The purpose of the WG is to help.", "Expected outputs: a report", "- Timeframe for the work", "Risks:"]
)
def test_other_lines_stay_in_the_section_they_stand_in(line: str) -> None:
    read = from_markdown(f"Implementation Plan (if appropriate)\nFirst.\n\n{line}\nLast.")
    assert read["plan"] == f"First.\n\n{line}\nLast."


def test_a_heading_that_comes_again_continues_its_section() -> None:
    text = "Purpose of the WG\nOne.\nTimeframe for the work\nSoon.\nPurpose of the WG\nTwo."
    assert from_markdown(text)["purpose"] == "One.\n\nTwo."


def test_what_stands_apart_from_the_template_is_no_part_of_its_last_section() -> None:
    text = f"## Timeframe for the work\nSoon.\n## {APART}\n### Annex\nA list.\n### DC responsibility served\nOutreach."
    read = from_markdown(text)
    assert read["timeframe"] == "Soon."
    assert read["responsibility"] == "Outreach."


@pytest.mark.parametrize(
    ("line", "name", "short"),
    [
        ("Working Group: Outreach (WG-OC)", "Outreach", "WG-OC"),
        ("**Working Group:** Outreach (WG-OC)", "Outreach", "WG-OC"),
        ("**Working Group: Outreach (WG-OC)**", "Outreach", "WG-OC"),
        ("- Working group: Outreach", "Outreach", ""),
        ("# Outreach and Communication (WG - CO)", "Outreach and Communication", "WG - CO"),
        ("# Working Group: Outreach (phase 2) (WG-OC)", "Outreach (phase 2)", "WG-OC"),
        (r"# Working Group: Outreach \(phase 2)", "Outreach (phase 2)", ""),
        ("Dear all,", "", ""),
    ],
)
def test_the_name_is_read_from_what_comes_first(line: str, name: str, short: str) -> None:
    read = from_markdown(f"{line}\n\nPurpose of the WG:\nWorking Group: something else")
    assert (read["name"], read["short_name"]) == (name, short)


def test_nothing_is_read_from_nothing() -> None:
    assert set(from_markdown("").values()) == {""}


def test_the_template_filled_in_has_all_its_headings() -> None:
    assert sections({"plan": "Calls."}) == tuple(
        (heading, "Calls." if key == "plan" else "") for key, heading in SECTIONS
    )
    assert extra_sections({"why": "Forty are many.", "responsibility": " "}, "MAG") == (
        ("Why a working group and not the full MAG", "Forty are many."),
    )


LINES = st.one_of(
    st.text(max_size=30),
    st.sampled_from([*HEADINGS, NOT_PROVIDED, f"## {APART}", "MAG responsibility served", "===", "---", "<b>", "<!--"]),
    st.sampled_from(HEADINGS).map(lambda heading: f"## {heading}: and text"),
    st.sampled_from(HEADINGS).map(lambda heading: protected(f"**{heading}**")),
    st.sampled_from(HEADINGS).map(lambda heading: protected(protected(heading))),
)
MEMBERS_TEXTS = st.lists(LINES, max_size=6).map("\n".join)


@given(st.tuples(*[MEMBERS_TEXTS] * 5))
@example(("&#38;#80;urpose of the WG", NOT_PROVIDED, r"\<b> \\<i> <u>", "\ufeff\u202eabc\x00", "a\u2028b\r\nc\rd"))
def test_whatever_members_write_comes_back(texts: tuple[str, ...]) -> None:
    document = "\n\n".join(
        f"## {heading}\n\n{protected(inert(plain(text).strip()))}"
        for heading, text in zip(HEADINGS, texts, strict=True)
    )
    read = from_markdown(document)
    assert [read[key] for key in KEYS] == [plain(text).strip() for text in texts]


@given(st.text())
def test_no_tag_that_was_typed_stays_live(text: str) -> None:
    for position, letter in enumerate(shown := inert(text + "<script>")):
        if (
            letter == "<"
            and shown[position + 1 : position + 2].isascii()
            and shown[position + 1 : position + 2].isalpha()
        ):
            before = shown[:position]
            link = shown[position:].startswith(("<http://", "<https://", "<mailto:"))
            assert link or (len(before) - len(before.rstrip("\\"))) % 2 == 1


def test_links_in_angle_brackets_stay_links() -> None:
    assert inert("<https://example.org/> <mailto:a@b.example>") == "<https://example.org/> <mailto:a@b.example>"


@pytest.mark.parametrize("letter", ["\x00", "\x1b", "\u202e", "\u2066", "\ud800", "\uffff", "\ufeff"])
def test_what_no_document_can_hold_is_dropped(letter: str) -> None:
    assert plain(f"a{letter}b") == "ab"


def test_marks_that_scripts_need_are_kept() -> None:
    assert plain("می\u200cخواهم \u200f(نور)") == "می\u200cخواهم \u200f(نور)"


@pytest.mark.parametrize(
    "text",
    [
        "Purpose of the WG" + " " * 100_000 + "x",
        "Working Group: a" + " " * 100_000 + "b (c)",
        "# " + "*" * 100_000 + "x",
        "\\" * 100_000 + "x",
        "&#38;" + "#38;" * 25_000 + "#80;urpose of the WG",
        "<http://" * 12_000,
        "\n".join(["Purpose of the WG"] * 10_000),
    ],
)
def test_reading_takes_time_in_proportion(text: str) -> None:
    started = time.thread_time()
    from_markdown(text)
    protected(inert(text))
    assert time.thread_time() - started < 2
