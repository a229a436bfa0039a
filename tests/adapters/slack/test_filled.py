"""What stands in a window's inputs, read back, whatever their ids look like."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack.carried import Window
from adapters.slack.filled import AGAIN, answers, instead, uploads
from bot.domain.ids import CommunityId

WINDOW = Window(CommunityId("mag"), "propose new", "C1", "w", fixed={"check": "3"})


def view(**values: Any) -> dict[str, Any]:
    return {"state": {"values": {block_id: {"answer": state} for block_id, state in values.items()}}}


def typed(text: str | None) -> dict[str, Any]:
    return {"type": "plain_text_input", "value": text}


def test_parts_go_on_as_their_marks_say_in_the_order_of_their_numbers() -> None:
    parts = {"a#10|s": typed("k"), "a#2|p": typed("c"), "a#0|": typed("a"), "a#1|n": typed("b"), "a#3|": typed("d")}
    assert answers(view(**parts), WINDOW) == {"check": "3", "a": "a\nb\n\ncd k"}


def test_what_is_empty_is_left_out_and_what_is_carried_besides_is_overruled() -> None:
    assert answers(view(**{"a#0|": typed(None), "b#0|": typed(" "), "check#0|": typed("4")}), WINDOW) == {"check": "4"}
    assert answers(view(**{"check#0|": typed("")}), WINDOW) == {}
    assert answers(view(**{"a#0|": typed(""), "a#1|p": typed("b")}), WINDOW) == {"check": "3", "a": "b"}


def test_choices_are_their_values() -> None:
    several = [{"text": {}, "value": "Bao B."}, {"text": {}, "value": "C., Chiara"}]
    found = view(
        **{"kind#0|": {"selected_option": {"text": {}, "value": "open"}}, "who#0|": {"selected_options": several}}
    )
    assert answers(found, WINDOW) == {"check": "3", "kind": "open", "who": 'Bao B., "C., Chiara"'}
    nothing = view(**{"kind#0|": {"selected_option": None}, "who#0|": {"selected_options": []}})
    assert answers(nothing, WINDOW) == {"check": "3"}


@pytest.mark.parametrize("block_id", ["a#0", "a#0|", f"a#0|{AGAIN}", "a#1|p", f"a#1|p{AGAIN}"])
def test_a_window_of_an_earlier_version_is_read_too(block_id: str) -> None:
    assert answers(view(**{block_id: typed("x")}), WINDOW)["a"] == "x"


def test_files_are_those_that_are_attached() -> None:
    attached = {"type": "file_input", "files": [{"id": "F1"}]}
    values: dict[str, Any] = {"csv#file": {"file": attached}, "b#file": {"file": {"type": "file_input", "files": []}}}
    assert uploads({"state": {"values": values}}) == {"csv": {"id": "F1"}}
    assert answers({"state": {"values": values}}, WINDOW) == {"check": "3"}


def drawn(block_id: str, **begins: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": block_id, "element": {"type": "x", **begins}}


@pytest.mark.parametrize(
    ("begins", "standing", "same"),
    [
        ({}, typed(None), True),
        ({"initial_value": "x"}, typed("x"), True),
        ({"initial_value": "x"}, typed("y"), False),
        ({}, typed("y"), False),
        ({"initial_option": {"value": "a"}}, {"selected_option": {"value": "a"}}, True),
        ({"initial_option": {"value": "a"}}, {"selected_option": None}, False),
        (
            {"initial_options": [{"value": "a"}, {"value": "b"}]},
            {"selected_options": [{"value": "a"}, {"value": "b"}]},
            True,
        ),
        ({"initial_options": [{"value": "a"}]}, {"selected_options": []}, False),
    ],
)
def test_an_input_keeps_its_id_where_what_is_drawn_stands_there(
    begins: dict[str, Any], standing: dict[str, Any], same: bool
) -> None:
    divider = {"type": "divider"}
    made = instead([divider, drawn("a#0|", **begins)], {"a#0|": {"answer": standing}})
    assert made == [divider, drawn("a#0|" if same else f"a#0|{AGAIN}", **begins)]
