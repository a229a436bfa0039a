"""Text made harmless, lines that wrap under themselves, and a console that shows colour only where it is seen."""

from __future__ import annotations

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text as Line

from adapters.terminal.paper import Prose, console, flat, safe, styled, words_for
from bot.text import Say, T, UserText


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("two\nlines", "two\nlines"),
        ("Grażyna 你好 مرحبا 👩🏽‍🚀", "Grażyna 你好 مرحبا 👩🏽‍🚀"),
        ("\x1b[31mred\x07", "␛[31mred␇"),
        ("a\x7f\x9b", "a␡[U+009B]"),
        ("tab\there", "tab    here"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\u202eevil", "[U+202E]evil"),
        ("pay\u200bpal\ufeff", "paypal"),
        ("\ud83d", "[U+D83D]"),
    ],
)
def test_text_is_shown_and_never_obeyed(text: str, shown: str) -> None:
    assert safe(text) == shown


@given(st.text())
def test_what_was_made_safe_stays_as_it_is_and_can_be_written(text: str) -> None:
    once = safe(text)
    assert safe(once) == once
    once.encode()


def test_a_command_in_a_sentence_is_set_in_type_and_cannot_be_faked() -> None:
    words = words_for()
    sentence = words.say(T("Type {say}, not {fake}.", say=Say("show WG-MWP"), fake=UserText("\x02/wg evil\x03")))
    line = styled(sentence)
    assert line.plain == "Type `/wg show WG-MWP`, not ␂/wg evil␃."
    assert [line.plain[span.start : span.end] for span in line.spans] == ["`/wg show WG-MWP`"]
    assert flat(sentence) == line.plain


def drawn(prose: Prose, width: int) -> list[str]:
    paper = StringIO()
    console(paper, width, colour=False).print(prose)
    return paper.getvalue().splitlines()


def test_list_items_hang_under_their_sign_and_bars_go_on() -> None:
    text = Line("- one two three four five\n  1. six seven eight nine\n\nten")
    assert drawn(Prose(text, bar="│ "), 20) == [
        "│ - one two three",
        "│   four five",
        "│   1. six seven",
        "│      eight nine",
        "│",
        "│ ten",
    ]


def test_a_lead_begins_the_first_line_only() -> None:
    assert drawn(Prose(Line("one two three four five six\nseven"), lead=Line("✗ ")), 20) == [
        "✗ one two three four",
        "  five six",
        "  seven",
    ]


@given(st.text(max_size=300), st.integers(20, 60))
def test_no_line_is_wider_than_the_paper(text: str, width: int) -> None:
    assert all(cell_len(line) <= width for line in drawn(Prose(Line(safe(text)), bar="│ "), width))


def test_what_is_piped_has_no_colour_and_always_the_same_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    paper = StringIO()
    piped = console(paper)
    piped.print(Line("red", "bold red"))
    assert paper.getvalue() == "red\n"
    assert piped.width == 80
    monkeypatch.setenv("COLUMNS", "100")
    assert console(paper).width == 100
    assert console(paper, 3).width == 20


def test_colour_can_be_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    paper = StringIO()
    console(paper, 80, colour=True).print(Line("red", "red"))
    assert paper.getvalue() == "\x1b[31mred\x1b[0m\n"
    monkeypatch.setenv("NO_COLOR", "1")
    paper = StringIO()
    console(paper, 80, colour=True).print(Line("red", "red"))
    assert paper.getvalue() == "red\n"
