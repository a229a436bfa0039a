"""Slack draws every view, within every limit, and what people type can break no block and mention no one."""

from __future__ import annotations

import re
from typing import Any

import pytest

from adapters.slack.blocks import Drawing
from adapters.slack.carried import Window
from adapters.slack.home import home_tab
from adapters.slack.messages import MOST_LETTERS, messages, spoken
from adapters.slack.modals import modal, result
from adapters.slack.speech import Block, escaped, speech
from bot.domain.ids import CommunityId
from bot.text import T, UserText
from bot.view import Card, Form, Quote, View
from tests.contracts.renderers import HOSTILE, RendererContract, a_form, lettered
from tests.support.slack.plain import plain
from tests.support.slack.validators import PayloadKind, check

COMMUNITY = CommunityId("mag")
DRAWING = Drawing(speech(), COMMUNITY)
WINDOW = Window(COMMUNITY, "propose new", "C1", "w")
ACTING = re.compile(r"<[!@#][^>]*>|<(?:https?|mailto):[^>]*>")
TIMES = re.compile(r"<!date\^\d+\^\{date_short_pretty\}, \{time\}\|[^>]*>")


def acts(drawn: Any) -> list[str]:
    """What in mrkdwn would mention, link or ping somebody."""
    if isinstance(drawn, dict):
        own = ACTING.findall(TIMES.sub("", drawn["text"])) if drawn.get("type") == "mrkdwn" else []
        top = (
            ACTING.findall(TIMES.sub("", drawn["text"]))
            if isinstance(drawn.get("text"), str) and "blocks" in drawn
            else []
        )
        return [*own, *top, *(each for value in drawn.values() for each in acts(value))]
    return [each for value in drawn for each in acts(value)] if isinstance(drawn, list) else []


class _Slack(RendererContract):
    def visible(self, rendered: Any) -> str:
        return " ".join(plain(self.blocks(rendered)).split())

    def blocks(self, rendered: Any) -> list[Block]:
        raise NotImplementedError


class TestMessages(_Slack):
    """Forms are windows."""

    def render(self, view: View) -> Any:
        return modal(view, WINDOW, DRAWING) if isinstance(view, Form) else messages(view, DRAWING)

    def blocks(self, rendered: Any) -> list[Block]:
        if isinstance(rendered, dict):
            return list(rendered["blocks"])
        return [block for message in rendered for block in message["blocks"]]

    def check(self, rendered: Any) -> None:
        for each in [rendered] if isinstance(rendered, dict) else rendered:
            check(PayloadKind.VIEW if each.get("type") == "modal" else PayloadKind.MESSAGE, each)
        assert acts(rendered) == []


class TestWindows(_Slack):
    """Answers in a window."""

    keeps_whole = (0, 1, 2000, 3001, 12_001, 60_000 - 1)

    def render(self, view: View) -> Any:
        return (
            modal(view, WINDOW, DRAWING)
            if isinstance(view, Form)
            else result(view, Drawing(speech(), COMMUNITY, tables=False))
        )

    def blocks(self, rendered: Any) -> list[Block]:
        return list(rendered["blocks"])

    def check(self, rendered: Any) -> None:
        check(PayloadKind.VIEW, rendered)
        assert acts(rendered) == []


class TestHomeTabs(TestWindows):
    """The home tab."""

    def render(self, view: View) -> Any:
        return modal(view, WINDOW, DRAWING) if isinstance(view, Form) else home_tab(view, COMMUNITY)


@pytest.mark.parametrize("text", ["<!channel>", "<@U123>", "<mailto:a@b.example|x", "a & b <b>"])
def test_markup_is_shown_as_it_was_typed(text: str) -> None:
    (message,) = messages(Card(T("Said: {text}", text=UserText(text)), (Quote(text),)), DRAWING)
    assert escaped(text) in message["text"]
    assert acts([message]) == []
    assert plain(message["blocks"]).count(text) == 2


@pytest.mark.parametrize("length", [MOST_LETTERS - 200, MOST_LETTERS, MOST_LETTERS + 200, 3 * MOST_LETTERS])
def test_a_message_keeps_to_its_budget_and_goes_on_in_the_next(length: int) -> None:
    drawn = messages(Card(T("Long"), (Quote(lettered(length)),)), DRAWING)
    sizes = [len(plain(message["blocks"])) for message in drawn]
    assert max(sizes) <= MOST_LETTERS + 500  # what stands between the parts counts for nothing
    assert len(drawn) == 1 + (length - 1) // MOST_LETTERS or len(drawn) == 2 + (length - 1) // MOST_LETTERS


def test_what_is_spoken_says_what_is_seen_and_stays_editable() -> None:
    (message,) = messages(Card(T("A card"), (Quote("said so"),)), DRAWING)
    assert "A card" in message["text"]
    assert "said so" in message["text"]
    (long,) = messages(Card(T("A card"), (Quote(lettered(8_000)),)), DRAWING)
    assert len(long["text"]) <= 4_000
    assert long["text"].endswith("…")


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_spoken_acts_as_little(kind: str) -> None:
    drawn = messages(Card(T("Said: {text}", text=UserText(HOSTILE[kind])), (Quote(HOSTILE[kind]),)), DRAWING)
    assert acts(drawn) == []
    assert spoken(drawn[0]["blocks"]).encode()


def test_a_form_with_more_questions_than_a_window_holds_says_how_to_give_the_rest() -> None:
    from bot.view import Question

    many = tuple(Question(f"q{at}", T("Question {at}", at=at)) for at in range(120))
    drawn = modal(a_form(questions=many, answers={}), WINDOW, DRAWING)
    check(PayloadKind.VIEW, drawn)
    assert "--q119" in plain(drawn["blocks"])
