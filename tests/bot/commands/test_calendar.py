"""The calendar: a card with what is coming up, and a file of it."""

from __future__ import annotations

from datetime import date

from bot.commands.calendar import MOST_BUTTONS
from bot.view import Card, File
from tests.builders import PRIVATE, STRANGER, World


def test_everybody_sees_what_is_coming_up_with_a_button_to_it() -> None:
    mag = World()
    mag.consulted()
    view = mag(STRANGER, "calendar").view
    assert isinstance(view, Card)
    assert [button.command for button in view.buttons] == ["consensus show", "cycle show", "calendar file"]
    words = mag.does(STRANGER, "calendar show")
    assert "Consensus check 1 of the MAG closes: Should WG-MWP (Work of WG-MWP) be formed?" in words
    assert words.index("Consensus check 1") < words.index("Last day of IGF 2027")


def test_a_long_list_has_no_long_row_of_buttons() -> None:
    mag = World()
    for number in range(10):
        mag.does(PRIVATE, f'poll "Question {number}?" yes, no')
    view = mag(PRIVATE, "calendar").view
    assert isinstance(view, Card)
    assert len(view.buttons) == MOST_BUTTONS
    assert view.buttons[-1].command == "calendar file"
    assert mag.does(PRIVATE, "calendar").count("closes: Question") == 10


def test_the_file_is_a_calendar() -> None:
    view = World()(STRANGER, "calendar file").view
    assert isinstance(view, File)
    assert (view.name, view.document, view.format) == ("mag.ics", "calendar", "ics")


def test_with_nothing_to_come_it_says_so() -> None:
    mag = World(last_day=date(2027, 1, 11))
    mag.later("2d")
    assert "Nothing is coming up." in mag.does(STRANGER, "calendar")
    assert "Nothing is coming up." in mag.does(STRANGER, "calendar file")
