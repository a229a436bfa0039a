from __future__ import annotations

from typing import Any

import pytest

from tests.support.slack.forms import Impossible, find, holding, missing, put

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


WEEK: Json = {"text": plain("Week"), "value": "w"}
MONTH: Json = {"text": plain("Month"), "value": "m"}


def field(block: str, label: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": block,
        "label": plain(label),
        "element": {"action_id": "it", **element},
        **more,
    }


@pytest.mark.parametrize(
    ("element", "value", "held"),
    [
        ({"type": "plain_text_input"}, "x", {"value": "x"}),
        ({"type": "plain_text_input"}, None, {"value": None}),
        ({"type": "static_select", "options": [WEEK, MONTH]}, "Month", {"selected_option": MONTH}),
        ({"type": "radio_buttons", "options": [WEEK, MONTH]}, "w", {"selected_option": WEEK}),
        ({"type": "checkboxes", "options": [WEEK, MONTH]}, ["m", "Week"], {"selected_options": [MONTH, WEEK]}),
        ({"type": "checkboxes", "options": [WEEK, MONTH]}, None, {"selected_options": []}),
        ({"type": "static_select", "option_groups": [{"options": [WEEK]}]}, "w", {"selected_option": WEEK}),
        ({"type": "external_select"}, WEEK, {"selected_option": WEEK}),
        ({"type": "multi_users_select"}, ["alice"], {"selected_users": ["ALICE"]}),
        ({"type": "users_select"}, "bob", {"selected_user": "BOB"}),
        ({"type": "datepicker"}, "2026-02-28", {"selected_date": "2026-02-28"}),
        ({"type": "timepicker"}, "09:30", {"selected_time": "09:30"}),
        ({"type": "datetimepicker"}, 1_800_000_000, {"selected_date_time": 1_800_000_000}),
        ({"type": "number_input", "is_decimal_allowed": False}, "7", {"value": "7"}),
    ],
)
def test_an_input_holds_what_is_put_into_it(element: Json, value: Any, held: Json) -> None:
    assert put(element, value, str.upper) == {"type": element["type"], **held}


@pytest.mark.parametrize(
    ("element", "value", "why"),
    [
        ({"type": "plain_text_input"}, "x" * 3001, "3001 characters, and 0 to 3000"),
        ({"type": "plain_text_input", "min_length": 3}, "x", "1 characters, and 3 to 3000"),
        ({"type": "plain_text_input"}, "a\nb", "one line only"),
        ({"type": "static_select", "options": [WEEK]}, "Year", "'Year' is not among \\['Week'\\]"),
        (
            {"type": "multi_static_select", "options": [WEEK, MONTH], "max_selected_items": 1},
            ["w", "m"],
            "2 chosen, at most 1",
        ),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "not a whole number"),
        ({"type": "number_input", "max_value": "3"}, "4", "-inf to 3.0 are allowed"),
        ({"type": "email_text_input"}, "alice", "no e-mail address"),
        ({"type": "url_text_input"}, "a.example", "no address of the web"),
        ({"type": "datetimepicker"}, "soon", "no time in seconds"),
        ({"type": "button"}, "x", "nothing can be put into a button"),
    ],
)
def test_an_input_refuses_what_slack_would(element: Json, value: Any, why: str) -> None:
    with pytest.raises(Impossible, match=why):
        put(element, value)


def test_a_form_holds_what_was_typed_or_what_it_begins_with() -> None:
    blocks = [
        field("a", "Title", {"type": "plain_text_input", "initial_value": "first"}),
        field("b", "Term", {"type": "static_select", "options": [WEEK, MONTH], "initial_option": WEEK}),
        field("c", "Who", {"type": "multi_users_select"}),
        field("d", "Note", {"type": "plain_text_input"}, optional=True),
        {"type": "section", "block_id": "e", "accessory": {"type": "button", "action_id": "it", "text": plain("Go")}},
    ]
    state = holding(blocks, {"b": {"it": {"type": "static_select", "selected_option": MONTH}}})
    assert state == {
        "a": {"it": {"type": "plain_text_input", "value": "first"}},
        "b": {"it": {"type": "static_select", "selected_option": MONTH}},
        "c": {"it": {"type": "multi_users_select", "selected_users": []}},
        "d": {"it": {"type": "plain_text_input", "value": None}},
    }
    assert missing(blocks, state) == ["Who"]


def test_what_is_meant_is_found_by_id_or_words() -> None:
    buttons = [{"type": "button", "action_id": f"b{number}", "text": plain("Same")} for number in range(2)]
    blocks = [
        field("a", "Title", {"type": "plain_text_input"}),
        {"type": "actions", "block_id": "acts", "elements": buttons},
    ]
    assert find(blocks, "Title")[0] is find(blocks, "a")[0] is blocks[0]
    assert find(blocks, "b1")[1] is buttons[1]
    with pytest.raises(Impossible, match="'Same' is 2 times there"):
        find(blocks, "Same")
    with pytest.raises(Impossible, match="there is no 'Other'"):
        find(blocks, "Other")
