"""Reading a typed line: a command, something of the terminal's own, an answer, or something said."""

from __future__ import annotations

import pytest

from adapters.terminal.typed import Chat, Command, Line, Own, Reply, Steering, Terminal, read, unfinished
from bot.domain.errors import NotFound


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("/wg", Command("")),
        ("  /WG  list ", Command("list")),
        ('/wg comment "two\nlines"', Command('comment "two\nlines"')),
        ("/as Bao B.", Terminal(Own.AS, "Bao B.")),
        ("/join #mag", Terminal(Own.ROOM, "#mag")),
        ("/exit", Terminal(Own.QUIT, "")),
        ("hello / goodbye", Chat("hello / goodbye")),
        ("wg list", Chat("wg list")),
        ("cancel", Chat("cancel")),
        ("/ not a command", Chat("/ not a command")),
        ("//wg", Chat("//wg")),
    ],
)
def test_where_no_form_is_open(line: str, meaning: Line) -> None:
    assert read(line, form_open=False) == meaning


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("/wg list", Command("list")),
        ("/rooms", Terminal(Own.ROOMS, "")),
        ("Back", Steering("back")),
        (" submit ", Steering("submit")),
        ("go back", Reply("go back")),
        ("/home/me/proposal.md", Reply("/home/me/proposal.md")),
        ("/propose", Reply("/propose")),
        ("  indented\n  text\n", Reply("  indented\n  text")),
    ],
)
def test_where_a_form_is_open(line: str, meaning: Line) -> None:
    assert read(line, form_open=True) == meaning


@pytest.mark.parametrize("line", ["/wgs", "/propose new", "/clokc", "/xyzzy"])
def test_a_slash_that_is_no_command_is_not_said_aloud(line: str) -> None:
    with pytest.raises(NotFound):
        read(line, form_open=False)


@pytest.mark.parametrize(
    "line",
    ['/wg poll "Which', "/wg poll “Which", '/wg poll "a" "b', '/wg revise --purpose="Many', '/wg x "'],
)
def test_an_open_quotation_goes_on(line: str) -> None:
    assert unfinished(line)


@pytest.mark.parametrize(
    "line",
    ["/wg list", '/wg poll "Which?"', "/wg poll “Which?”", "/wg it's 5\" wide", "/wg 'tis", 'say "hello', '"', "/wg"],
)
def test_everything_else_is_finished(line: str) -> None:
    assert not unfinished(line)
