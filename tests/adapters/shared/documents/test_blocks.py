"""Members' Markdown as blocks."""

import pytest

from adapters.shared.documents.blocks import Block, Kind, Run, parse


def shape(text: str) -> list[tuple[str, str, int, int]]:
    return [
        (block.kind.value, "".join(run.text for run in block.runs), block.depth, block.number) for block in parse(text)
    ]


def test_paragraphs_lists_and_what_continues_them() -> None:
    assert shape("One\ntwo.\n\n- a\n- b\n\n  more of b\n  - c\n\n3. x\n4. y\n\nEnd.") == [
        ("paragraph", "One two.", 0, 0),
        ("bullet", "a", 1, 0),
        ("bullet", "b", 1, 0),
        ("paragraph", "more of b", 1, 0),
        ("bullet", "c", 2, 0),
        ("number", "x", 1, 3),
        ("number", "y", 1, 4),
        ("paragraph", "End.", 0, 0),
    ]


def test_each_list_counts_for_itself() -> None:
    first, second = (block for block in parse("1. a\n\ntext\n\n1. b") if block.kind is Kind.NUMBER)
    assert first.number == second.number == 1
    assert first.sequence != second.sequence


def test_a_list_may_begin_at_nought_and_have_empty_items() -> None:
    assert shape("0. a\n1.\n2. c") == [("number", "a", 1, 0), ("number", "", 1, 1), ("number", "c", 1, 2)]


def test_headings_quotes_and_code() -> None:
    assert shape("## H\n\n> q\n\n```\na\n  b\n```\n\n---") == [
        ("heading", "H", 0, 0),
        ("quote", "q", 1, 0),
        ("code", "a\n  b", 0, 0),
    ]


def test_emphasis_and_links() -> None:
    assert parse("a **b *c*** `d` [e](https://example.org) <mailto:f@g.example>") == (
        Block(
            Kind.PARAGRAPH,
            (
                Run("a "),
                Run("b ", bold=True),
                Run("c", bold=True, italic=True),
                Run(" "),
                Run("d", code=True),
                Run(" "),
                Run("e", link="https://example.org"),
                Run(" "),
                Run("mailto:f@g.example", link="mailto:f@g.example"),
            ),
        ),
    )


@pytest.mark.parametrize(
    "typed",
    ["<script>x</script>", "[a](javascript:x)", "[a](data:text/html,x)", "[a](file:///etc/passwd)", "[a](//x.example)"],
)
def test_html_and_other_links_are_shown_as_typed(typed: str) -> None:
    assert parse(typed) == (Block(Kind.PARAGRAPH, (Run(typed),)),)


def test_a_picture_is_its_words() -> None:
    assert shape("See ![the *chart*](https://example.org/x.png) and ![](https://example.org/y.png).") == [
        ("paragraph", "See the chart and image.", 0, 0)
    ]


def test_a_meant_line_end_stays() -> None:
    assert shape("Geneva  \nSwitzerland") == [("paragraph", "Geneva\nSwitzerland", 0, 0)]
