"""Words for the public: what is quicker to say is said no otherwise."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from adapters.web import prose
from adapters.web.prose import markdown


@given(st.from_regex(prose._BARE, fullmatch=True))
@example("a.b 1. (c) 2) d - e: f -- g /h 'i' 5% j? k! l; m")
@example("www.example.org https://example.org/x")
@example("Été à Genève: l'Internet")
def test_a_line_of_words_is_the_paragraph_that_markdown_makes_of_it(text: str) -> None:
    assert prose._BARE.fullmatch(text)
    html = prose._markdown().render(prose.public(text))
    assert markdown(text) == prose._cleaned(html)


def test_what_is_more_than_words_is_left_to_markdown() -> None:
    assert markdown("a *b*") == "<p>a <em>b</em></p>\n"
    assert markdown("a <b>") == "<p>a &lt;b&gt;</p>\n"
    assert markdown("write to ana@example.org") == "<p>write to [address withheld]</p>\n"
    assert markdown("a\n\n- b") == "<p>a</p>\n<ul>\n<li>b</li>\n</ul>\n"
    assert [bool(prose._BARE.fullmatch(each)) for each in ("1. a", "- a", "a ", " a", "a_b_", "", "a&b")] == [False] * 7
