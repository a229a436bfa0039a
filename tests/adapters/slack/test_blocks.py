"""Parts of cards at the limits of Slack's, and one past them: nothing is cut without a word, nothing is refused."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.shared.taps import Tap
from adapters.slack.blocks import BUTTON, BUTTONS, CELL, CHECKBOXES, COLUMNS, HEADER, OPTIONS, ROWS, Drawing
from adapters.slack.carried import ACTION_ID, BUTTON_VALUE, METADATA, OPTION_VALUE, Menu, decoded, encoded, tap
from adapters.slack.clicks import meant
from adapters.slack.messages import MOST_BLOCKS, MOST_LETTERS, SPOKEN, messages
from adapters.slack.speech import Block, speech
from bot.domain.ids import CommunityId
from bot.text import T, UserText, said
from bot.view import Ballot, BallotOption, Button, Card, Item, Items, Notice, Paragraph, Quote, Table, View
from tests.contracts.renderers import button, lettered
from tests.support.slack.blocks import characters
from tests.support.slack.plain import plain
from tests.support.slack.validators import PayloadKind, check

COMMUNITY = CommunityId("mag")
DRAWING = Drawing(speech(), COMMUNITY)
MOST_EDITED = 4_000


def drawn(view: View) -> list[Block]:
    made = messages(view, DRAWING)
    for each in made:
        check(PayloadKind.MESSAGE, each)
        assert len(each["blocks"]) <= MOST_BLOCKS
        assert characters(each["blocks"]) <= 13_200
        assert 0 < len(each["text"]) <= MOST_EDITED  # else it could not be edited
    return made


def blocks(view: View, kind: str) -> list[Block]:
    return [block for message in drawn(view) for block in message["blocks"] if block["type"] == kind]


def elements(view: View) -> list[Block]:
    return [element for block in blocks(view, "actions") for element in block["elements"]]


def texts(view: View) -> str:
    return plain([block for message in drawn(view) for block in message["blocks"]])


@pytest.mark.parametrize("length", [HEADER - 1, HEADER, HEADER + 1, 3_001])
def test_a_title_longer_than_a_header_is_bold_text(length: int) -> None:
    card = Card(T("{text}", text=UserText(lettered(length))), ())
    assert bool(blocks(card, "header")) is (length <= HEADER)
    assert lettered(length)[-10:] in texts(card)


@pytest.mark.parametrize("length", [BUTTON - 1, BUTTON, BUTTON + 1, 3_001])
def test_a_label_longer_than_a_button_is_told_in_full_beside_it(length: int) -> None:
    label = T("{text}", text=UserText(lettered(length)))
    for view in (
        Card(T("A card"), (), (Button(label, "show", {}),)),
        Card(T("A card"), (Items((Item(T("One"), Button(label, "show", {})),)),)),
    ):
        assert lettered(length)[-10:] in texts(view)


@pytest.mark.parametrize("count", [1, BUTTONS, BUTTONS + 1, 25, 26, 250, 251])
def test_buttons_go_on_in_the_next_row_and_message(count: int) -> None:
    card = Card(T("A card"), (), tuple(button(f"Button {number}") for number in range(count)))
    assert len(elements(card)) == count
    assert all(len(block["elements"]) <= BUTTONS for block in blocks(card, "actions"))


@pytest.mark.parametrize("length", [0, 1_900, 1_940, 1_960, 1_970, 2_000, 2_001, 5_000])
def test_a_buttons_value_keeps_within_its_length_and_leaves_the_longest_argument_to_be_asked(length: int) -> None:
    made = tap(COMMUNITY, Button(T("x"), "consensus object", {"check": "3", "reason": "x" * length}))
    assert len(made) <= BUTTON_VALUE
    carried = decoded(Tap, made)
    assert carried is not None
    assert carried.arguments["check"] == "3"
    assert ("reason" in carried.arguments) is (length <= 1_940)


def test_what_a_button_carries_in_other_scripts_counts_as_slack_counts_it() -> None:
    made = tap(COMMUNITY, Button(T("x"), "consensus object", {"reason": "م" * 1_900}))
    assert decoded(Tap, made) == Tap(COMMUNITY, "consensus object", {"reason": "م" * 1_900})


@pytest.mark.parametrize("rows", [0, 1, ROWS - 2, ROWS - 1, ROWS, 2 * (ROWS - 1), 2 * (ROWS - 1) + 1])
def test_a_table_of_more_than_a_hundred_rows_goes_on_in_the_next_with_its_head(rows: int) -> None:
    table = Table((T("Name"), T("Count")), tuple((T("Row {n}", n=n), T("{n}", n=n)) for n in range(rows)), numeric=(1,))
    made = blocks(Card(T("A card"), (table,)), "table")
    assert [len(each["rows"]) <= ROWS for each in made] == [True] * len(made)
    assert sum(len(each["rows"]) - 1 for each in made) == rows
    assert all(each["rows"][0][0]["text"] == "Name" for each in made)
    for message in drawn(Card(T("A card"), (table, table))):  # Slack takes one in a message
        assert [block["type"] for block in message["blocks"]].count("table") <= 1


@pytest.mark.parametrize(("columns", "tables"), [(1, 1), (COLUMNS, 1), (COLUMNS + 1, 0), (60, 0)])
def test_a_table_of_more_than_twenty_columns_is_a_list(columns: int, tables: int) -> None:
    row = tuple(T("Cell {n}", n=n) for n in range(columns))
    view = Card(T("A card"), (Table(tuple(T("Column {n}", n=n) for n in range(columns)), (row,)),))
    assert len(blocks(view, "table")) == tables
    assert f"Cell {columns - 1}" in texts(view)


@pytest.mark.parametrize(("length", "tables"), [(CELL, 1), (CELL + 1, 0), (20_000, 0)])
def test_a_cell_that_is_a_text_makes_a_list_of_its_table(length: int, tables: int) -> None:
    view = Card(T("A card"), (Table((T("Name"), T("Text")), ((T("One"), said(lettered(length))),)),))
    assert len(blocks(view, "table")) == tables
    assert lettered(length)[-10:] in texts(view)


def ballot(count: int, option: str = "Option", **arguments: str) -> Card:
    options = tuple(
        BallotOption(
            f"o{n}",
            Button(
                T("{text} {n}", text=UserText(option), n=n),
                "poll choose",
                {"poll": "1", "options": str(n), **arguments},
            ),
        )
        for n in range(count)
    )
    return Card(T("A poll"), (Ballot("Which?", options, multiple=True),))


@pytest.mark.parametrize(
    ("count", "kind"),
    [(2, "checkboxes"), (CHECKBOXES, "checkboxes"), (CHECKBOXES + 1, "multi_static_select"),
     (OPTIONS, "multi_static_select"), (OPTIONS + 1, "button")],
)  # fmt: skip
def test_several_choices_are_boxes_a_menu_or_buttons(count: int, kind: str) -> None:
    shown = elements(ballot(count))
    assert {each["type"] for each in shown} == {kind}
    assert len(shown) == (count if kind == "button" else 1)


@pytest.mark.parametrize("length", [OPTION_VALUE - 2, OPTION_VALUE - 1, OPTION_VALUE, 3_000])
def test_a_choice_too_long_for_an_option_is_a_button(length: int) -> None:
    options = tuple(
        BallotOption(f"o{n}", Button(T("Option {n}", n=n), "poll choose", {"options": f"{n}" + "x" * length}))
        for n in range(3)
    )
    shown = elements(Card(T("A poll"), (Ballot("Which?", options, multiple=True),)))
    assert {each["type"] for each in shown} == {"checkboxes" if length < OPTION_VALUE else "button"}


@pytest.mark.parametrize("length", [100, 180, 200, 220, 255, 1_000])
def test_what_a_menu_carries_keeps_within_an_id(length: int) -> None:
    for each in elements(ballot(3, note="x" * length)):
        assert len(each["action_id"]) <= ACTION_ID


def test_what_is_ticked_is_what_is_meant() -> None:
    (menu,) = elements(ballot(3))
    action: dict[str, Any] = {"type": "checkboxes", "action_id": menu["action_id"]}
    ticked = meant({**action, "selected_options": menu["options"][:2]})
    assert ticked == Tap(COMMUNITY, "poll choose", {"poll": "1", "options": "0, 1"})
    assert meant({**action, "selected_options": []}) == Tap(COMMUNITY, "poll choose", {"poll": "1", "options": "none"})
    assert meant({"type": "checkboxes", "action_id": "tap:0", "selected_options": []}) is None


def test_what_is_carried_is_read_back_and_what_is_not_ours_is_nothing() -> None:
    menu = Menu(COMMUNITY, "poll choose", {"poll": "1"}, "options")
    assert decoded(Menu, encoded(menu)) == menu
    for odd in ("", "null", "[]", "{}", '["mag"]', '["mag", "show", []]', "x" * METADATA, "\ud83d"):
        assert decoded(Tap, odd) is None


@pytest.mark.parametrize("count", [MOST_BLOCKS - 1, MOST_BLOCKS, MOST_BLOCKS + 1, 3 * MOST_BLOCKS])
def test_more_than_fifty_blocks_go_on_in_the_next_message(count: int) -> None:
    view = Card(T("A card"), tuple(Quote(f"Number {n}.") for n in range(count)))
    made = drawn(view)
    assert len(made) == 1 + count // MOST_BLOCKS
    assert [f"Number {n}." in texts(view) for n in (0, count - 1)] == [True, True]


@pytest.mark.parametrize("letters", ["x", "م", "👩", "&", "<"])
@pytest.mark.parametrize("length", [2_899, 2_900, 2_901, 3_000, 3_001, MOST_LETTERS - 50, MOST_LETTERS + 1, 40_000])
def test_text_of_any_script_is_whole_in_as_many_messages_as_it_takes(letters: str, length: int) -> None:
    text = letters * length
    for view in (
        Card(T("A card"), (Quote(text),)),
        Card(T("A card"), (Paragraph(said(text)),)),
        Notice(said(text), typed=text),
    ):
        assert texts(view).count(letters) >= length


@pytest.mark.parametrize("length", [SPOKEN - 1, SPOKEN, SPOKEN + 1, MOST_EDITED, MOST_EDITED + 1, 9_000])
def test_what_is_spoken_can_be_edited_and_says_when_there_is_more(length: int) -> None:
    (made,) = drawn(Card(T("A"), (Paragraph(said("y" * length)),)))
    assert made["text"].endswith("…") is (length + len("A\n") > SPOKEN - 2)
