"""Markdown goes out and comes back word for word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from adapters.shared.documents.markdown import to_markdown
from bot.domain.template import EXTRA_SECTIONS, NOT_PROVIDED, SECTIONS, extra_sections, from_markdown, plain, sections
from tests.adapters.shared.documents.sheets import EXTRA, READ, SHEET, saying, sheet

KEYS = [key for key, _ in (*SECTIONS, *EXTRA_SECTIONS)]
TEXTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [NOT_PROVIDED, *(f"a\n{heading}\nb" for _, heading in SECTIONS), "x\n## In addition to the template"]
    ),
    st.sampled_from(["## MAG responsibility served", "&#80;urpose of the WG", "<b>\\<b>", "Cycle: IGF 1"]),
)


def test_the_sample_comes_back() -> None:
    assert from_markdown(to_markdown(SHEET)) == {**READ, **EXTRA}


@given(st.tuples(*[TEXTS] * len(KEYS)))
def test_every_section_comes_back(texts: tuple[str, ...]) -> None:
    written = dict(zip(KEYS, texts, strict=True))
    made = sheet(sections=sections(written), extra_sections=extra_sections(written, "MAG"))
    read = from_markdown(to_markdown(made))
    assert {key: read[key] for key in KEYS} == {key: plain(text).strip() for key, text in written.items()}


NAMES = st.text(alphabet=st.characters(blacklist_characters="()"), min_size=1, max_size=30).filter(
    lambda name: bool(name.split())
)


@given(NAMES, NAMES, st.sampled_from(["", " (phase 2)"]))
def test_its_names_come_back(full: str, short: str, more: str) -> None:
    read = from_markdown(to_markdown(sheet(full_name=full + more, short_name=short)))
    assert read["name"] == " ".join(plain(full + more).split())
    assert read["short_name"] == " ".join(plain(short).split())


def test_a_name_in_parentheses_is_not_taken_for_a_short_name() -> None:
    read = from_markdown(to_markdown(sheet(full_name="Outreach (phase 2)", short_name="")))
    assert (read["name"], read["short_name"]) == ("Outreach (phase 2)", "")


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!-- hides the rest", r"\\<b>"]
)
def test_no_tag_is_live_where_the_file_is_shown(typed: str) -> None:
    html = MarkdownIt("commonmark", {"html": True}).render(to_markdown(saying(purpose=typed)))
    assert "Timeframe for the work</h2>" in html
    assert not {"<script", "<img", "<!--", "<b>"} & {tag for tag in ("<script", "<img", "<!--", "<b>") if tag in html}


def test_names_are_not_markup() -> None:
    made = to_markdown(sheet(proposers=(("[click](http://x.example) *A*\n# B", "Civil Society"),)))
    html = MarkdownIt("commonmark").render(made)
    assert "<a " not in html.split("<h2>")[0]
    assert "[click](http://x.example) *A* # B, Civil Society" in html


def test_a_heading_in_a_members_text_looks_as_they_wrote_it() -> None:
    html = MarkdownIt("commonmark").render(to_markdown(saying(plan="First:\n\nTimeframe for the work:\n\nlater")))
    assert "<p>Timeframe for the work:</p>" in html
