"""The terminal draws every view, at every width, and what people type breaks nothing."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from adapters.terminal.render import render
from bot.view import View
from tests.contracts.renderers import RendererContract, views_with

_HARMFUL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_FRAME = str.maketrans(dict.fromkeys("│╭╮╰╯", " ") | {"─": ""})


def widest(drawn: str) -> int:
    return max((cell_len(line) for line in drawn.splitlines()), default=0)


class _Terminal(RendererContract):
    width = 80

    def render(self, view: View) -> str:
        return render(view, self.width)

    def visible(self, rendered: str) -> str:
        return " ".join(rendered.translate(_FRAME).split())

    def check(self, rendered: str) -> None:
        assert not _HARMFUL.search(rendered)
        assert widest(rendered) <= self.width
        assert rendered == "" or rendered.endswith("\n")
        rendered.encode()


class TestNarrow(_Terminal):
    width = 40


class TestUsual(_Terminal):
    width = 80


class TestWide(_Terminal):
    width = 120


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.integers(20, 120))
def test_any_text_at_any_width_fits_and_acts_on_nothing(text: str, width: int) -> None:
    for _, view in views_with(text):
        drawn = render(view, width)
        assert widest(drawn) <= width
        assert not _HARMFUL.search(drawn)
