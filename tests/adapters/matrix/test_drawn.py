"""Matrix draws every view: a body worth reading, HTML of the tags that clients show, within an event's size."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from adapters.matrix.contents import MOST_ANSWERS, edited, fits, message, poll
from adapters.matrix.drawn import Drawing, Drawn, drawn
from adapters.matrix.speech import speech
from bot.domain.ids import CommunityId
from bot.text import T
from bot.view import Card, Form, Quote, Section, View
from tests.contracts.renderers import RendererContract, a_ballot, lettered

DRAWING = Drawing(speech(), CommunityId("mag"))
TAGS = frozenset(
    """del h1 h2 h3 h4 h5 h6 blockquote p a ul ol sup sub li b i u strong em s code hr br div table thead tbody tr th td
    caption pre span img details summary""".split()  # noqa: SIM905 — as the specification lists them
)


class Checked(HTMLParser):
    """Reads HTML strictly: allowed tags only, each closed, no attributes but links and numbers."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert (tag, name) in {("a", "href"), ("ol", "start")}, (tag, name)
            assert name == "start" or re.match(r"(https?|mailto):", str(value)), value
        if tag not in ("br", "hr", "img"):
            self.open.append(tag)
        self.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag
        self.text.append(" ")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(text: str) -> str:
    parser = Checked()
    parser.feed(text)
    parser.close()
    assert parser.open == []
    return " ".join("".join(parser.text).split())


class _Matrix(RendererContract):
    def render(self, view: View) -> Drawn:
        return drawn(view, DRAWING)

    def check(self, rendered: Any) -> None:
        for body, shown in rendered.parts:
            read(shown)
            content = edited("$event", message(body, shown))
            assert fits(content, encrypted=True)
        if rendered.poll is not None:
            assert fits(poll(rendered.poll.question, rendered.poll.answers, most=rendered.poll.most), encrypted=True)


class TestHtml(_Matrix):
    def visible(self, rendered: Any) -> str:
        return " ".join(read(shown) for _, shown in rendered.parts)


class TestBodies(_Matrix):
    def visible(self, rendered: Any) -> str:
        return " ".join(" ".join(body for body, _ in rendered.parts).replace("> ", "").split())


@pytest.mark.parametrize(("options", "asked"), [(1, True), (MOST_ANSWERS, True), (MOST_ANSWERS + 1, False)])
def test_a_ballot_is_a_native_poll_as_far_as_one_goes(options: int, asked: bool) -> None:
    shown = drawn(Card(T("A poll"), (a_ballot(options=options),)), DRAWING)
    assert (shown.poll is not None) == asked
    assert "!wg poll choose" in shown.parts[0][0]  # for clients without polls


def test_a_ballot_whose_votes_nobody_is_to_see_is_no_native_poll() -> None:
    shown = drawn(Card(T("A poll"), (a_ballot(covert=True),)), DRAWING)
    assert shown.poll is None
    ((body, _),) = shown.parts
    assert "Answer in a direct message to wgbot" in body
    ((over, _),) = drawn(Card(T("A poll"), (a_ballot(covert=True, open=False),)), DRAWING).parts
    assert "Answer in" not in over


def test_a_closed_ballot_asks_nothing_more() -> None:
    assert drawn(Card(T("A poll"), (a_ballot(open=False),)), DRAWING).poll is None


def test_a_long_text_goes_on_in_parts() -> None:
    shown = drawn(Card(T("Proposal"), (Section(T("Purpose"), lettered(60_000)), Quote(lettered(100)))), DRAWING)
    assert len(shown.parts) > 3


def test_markdown_is_drawn_and_html_is_text() -> None:
    shown = drawn(
        Card(T("x"), (Section(T("y"), "- *a*\n- <b>b</b>\n\n1. one\n2. two\n\n[l](https://x.example)"),)), DRAWING
    )
    page = shown.parts[0][1]
    assert "<ul><li><em>a</em></li><li>&lt;b&gt;b&lt;/b&gt;</li></ul>" in page
    assert "<ol><li>one</li><li>two</li></ol>" in page
    assert '<a href="https://x.example">l</a>' in page
    assert html.unescape(page).count("<b>") == 1


def test_forms_are_asked_question_by_question() -> None:
    from tests.contracts.renderers import a_form

    form = a_form()
    assert isinstance(form, Form)
    body = drawn(form, DRAWING).parts[0][0]
    assert "Purpose of the WG" in body
    assert "back · preview · cancel" in body
