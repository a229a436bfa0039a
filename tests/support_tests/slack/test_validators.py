from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.slack import limits, models, shapes
from tests.support.slack.validators import PayloadKind, check

Json = dict[str, Any]
Spoil = Callable[[Json], object]

pytestmark = pytest.mark.slow  # what they check against is installed with the emulator


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def marked(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(text: str = "x", value: str = "v") -> Json:
    return {"text": plain(text), "value": value}


def button(action: str = "a", **more: Any) -> Json:
    return {"type": "button", "text": plain(), "action_id": action, **more}


CONFIRMATION: Json = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()}
MESSAGE: Json = {
    "text": "spoken",
    "blocks": [
        {"type": "header", "block_id": "head", "text": plain("Title")},
        {
            "type": "section",
            "text": marked("*x*"),
            "fields": [marked(), plain()],
            "accessory": button(confirm=CONFIRMATION),
        },
        {"type": "divider"},
        {
            "type": "actions",
            "block_id": "acts",
            "elements": [
                button("b", style="primary", value="v", url="https://a.example"),
                {"type": "static_select", "action_id": "c", "placeholder": plain(), "options": [option()]},
                {"type": "overflow", "action_id": "d", "options": [option(), option("y", "w")]},
                {"type": "datepicker", "action_id": "e", "initial_date": "2026-01-31"},
                {"type": "users_select", "action_id": "f"},
            ],
        },
        {
            "type": "context",
            "elements": [marked(), {"type": "image", "image_url": "https://a.example/i.png", "alt_text": "i"}],
        },
        {"type": "image", "image_url": "https://a.example/i.png", "alt_text": "i", "title": plain()},
        {"type": "markdown", "text": "**x**"},
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "x", "style": {"bold": True}}]},
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "indent": 1,
                    "elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U1"}]}],
                },
            ],
        },
        {
            "type": "table",
            "rows": [[{"type": "raw_text", "text": "x"}, {"type": "raw_text", "text": "y"}]],
            "column_settings": [{"align": "right"}],
        },
    ],
    "metadata": {"event_type": "posted", "event_payload": {"key": "k", "number": 1}},
}
MODAL: Json = {
    "type": "modal",
    "callback_id": "c",
    "external_id": "e",
    "private_metadata": "m",
    "title": plain(),
    "submit": plain(),
    "close": plain(),
    "notify_on_close": True,
    "clear_on_close": False,
    "blocks": [
        {
            "type": "input",
            "block_id": "text",
            "label": plain(),
            "hint": plain(),
            "optional": True,
            "element": {
                "type": "plain_text_input",
                "action_id": "a",
                "multiline": True,
                "min_length": 1,
                "max_length": 3000,
                "initial_value": "x",
                "placeholder": plain(),
            },
        },
        {
            "type": "input",
            "block_id": "boxes",
            "label": plain(),
            "element": {
                "type": "checkboxes",
                "action_id": "a",
                "options": [{"text": marked(), "value": "v", "description": plain()}],
                "initial_options": [{"text": marked(), "value": "v", "description": plain()}],
            },
        },
        {
            "type": "input",
            "block_id": "radio",
            "label": plain(),
            "dispatch_action": True,
            "element": {"type": "radio_buttons", "action_id": "a", "options": [option()], "initial_option": option()},
        },
        {
            "type": "input",
            "block_id": "several",
            "label": plain(),
            "element": {
                "type": "multi_static_select",
                "action_id": "a",
                "max_selected_items": 2,
                "option_groups": [{"label": plain(), "options": [option()]}],
            },
        },
        {"type": "input", "block_id": "day", "label": plain(), "element": {"type": "timepicker", "action_id": "a"}},
        {
            "type": "input",
            "block_id": "mail",
            "label": plain(),
            "element": {"type": "email_text_input", "action_id": "a"},
        },
        {
            "type": "input",
            "block_id": "who",
            "label": plain(),
            "element": {"type": "multi_users_select", "action_id": "a", "initial_users": ["U1"]},
        },
        {
            "type": "input",
            "block_id": "search",
            "label": plain(),
            "element": {"type": "external_select", "action_id": "a", "min_query_length": 1},
        },
        {
            "type": "input",
            "block_id": "number",
            "label": plain(),
            "element": {"type": "number_input", "action_id": "a", "is_decimal_allowed": False, "min_value": "1"},
        },
    ],
}
HOME: Json = {"type": "home", "blocks": MESSAGE["blocks"][:6]}
OPTIONS: Json = {"options": [option()]}


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        (PayloadKind.MESSAGE, MESSAGE),
        (PayloadKind.MESSAGE, {"text": "only"}),
        (PayloadKind.VIEW, MODAL),
        (PayloadKind.VIEW, HOME),
        (PayloadKind.OPTIONS, OPTIONS),
        (PayloadKind.OPTIONS, {"option_groups": [{"label": plain(), "options": [option()]}]}),
        (PayloadKind.OPTIONS, {"options": []}),
    ],
)
def test_what_slack_takes_is_taken(kind: PayloadKind, payload: Json) -> None:
    check(kind, payload)


def put(*path: str | int, to: Any) -> Spoil:
    """Set something deep inside."""

    def spoil(payload: Any) -> None:
        for step in path[:-1]:
            payload = payload[step]
        payload[path[-1]] = to

    return spoil


def without(*path: str | int) -> Spoil:
    """Take something away."""

    def spoil(payload: Any) -> None:
        for step in path[:-1]:
            payload = payload[step]
        del payload[path[-1]]

    return spoil


B = "blocks"
E = "elements"
IN_MESSAGES: dict[str, Spoil] = {
    "51 blocks": put(B, to=[{"type": "divider"}] * 51),
    "no text beside blocks": put("text", to=""),
    "text too long": put("text", to="x" * 40_001),
    "all text together": put(B, to=[{"type": "section", "text": marked("x" * 2900)}] * 5),
    "unknown block": put(B, 2, "type", to="line"),
    "block without type": without(B, 2, "type"),
    "unknown field": put(B, 2, "color", to="red"),
    "header too long": put(B, 0, "text", "text", to="x" * 151),
    "header in mrkdwn": put(B, 0, "text", to=marked()),
    "header empty": put(B, 0, "text", "text", to=""),
    "header without text": without(B, 0, "text"),
    "section too long": put(B, 1, "text", "text", to="x" * 3001),
    "section empty": put(B, 1, to={"type": "section"}),
    "section's text a string": put(B, 1, "text", to="x"),
    "field too long": put(B, 1, "fields", 0, "text", to="x" * 2001),
    "11 fields": put(B, 1, "fields", to=[plain()] * 11),
    "block id too long": put(B, 0, "block_id", to="x" * 256),
    "block id twice": put(B, 0, "block_id", to="acts"),
    "action id too long": put(B, 3, E, 0, "action_id", to="x" * 256),
    "action id twice": put(B, 3, E, 0, "action_id", to="c"),
    "26 elements": put(B, 3, E, to=[button(str(number)) for number in range(26)]),
    "no elements": put(B, 3, E, to=[]),
    "button too long": put(B, 3, E, 0, "text", "text", to="x" * 76),
    "button in mrkdwn": put(B, 3, E, 0, "text", to=marked()),
    "button's value too long": put(B, 3, E, 0, "value", to="x" * 2001),
    "button's value a number": put(B, 3, E, 0, "value", to=7),
    "button's style": put(B, 3, E, 0, "style", to="green"),
    "button's address too long": put(B, 3, E, 0, "url", to="https://" + "x" * 3000),
    "text input among actions": put(B, 3, E, 0, to={"type": "plain_text_input", "action_id": "x"}),
    "confirmation's title too long": put(B, 1, "accessory", "confirm", "title", "text", to="x" * 101),
    "confirmation's text too long": put(B, 1, "accessory", "confirm", "text", "text", to="x" * 301),
    "confirmation's button too long": put(B, 1, "accessory", "confirm", "confirm", "text", to="x" * 31),
    "option too long": put(B, 3, E, 1, "options", 0, "text", "text", to="x" * 76),
    "option's value too long": put(B, 3, E, 1, "options", 0, "value", to="x" * 151),
    "101 options": put(B, 3, E, 1, "options", to=[option(str(n), str(n)) for n in range(101)]),
    "no options": put(B, 3, E, 1, "options", to=[]),
    "6 in an overflow menu": put(B, 3, E, 2, "options", to=[option(str(n), str(n)) for n in range(6)]),
    "placeholder too long": put(B, 3, E, 1, "placeholder", "text", to="x" * 151),
    "no such date": put(B, 3, E, 3, "initial_date", to="31.1.2026"),
    "11 in a context": put(B, 4, E, to=[marked()] * 11),
    "button in a context": put(B, 4, E, 0, to=button()),
    "image without alt text": without(B, 5, "alt_text"),
    "image's alt text too long": put(B, 5, "alt_text", to="x" * 2001),
    "markdown too long": put(B, 6, "text", to="x" * 12_001),
    "101 rows": put(B, 8, "rows", to=[[{"type": "raw_text", "text": "x"}]] * 101),
    "21 columns": put(B, 8, "rows", to=[[{"type": "raw_text", "text": "x"}] * 21]),
    "indented too far": put(B, 7, E, 1, "indent", to=9),
    "metadata without a type": without("metadata", "event_type"),
    "metadata's payload a string": put("metadata", "event_payload", to="x"),
}
IN_VIEWS: dict[str, Spoil] = {
    "101 blocks": put(B, to=[{"type": "divider"}] * 101),
    "unknown kind of view": put("type", to="dialog"),
    "title too long": put("title", "text", to="x" * 25),
    "no title": without("title"),
    "title a string": put("title", to="x"),
    "submit too long": put("submit", "text", to="x" * 25),
    "no submit beside inputs": without("submit"),
    "close too long": put("close", "text", to="x" * 25),
    "metadata too long": put("private_metadata", to="x" * 3001),
    "callback id too long": put("callback_id", to="x" * 256),
    "external id too long": put("external_id", to="x" * 256),
    "unknown field": put("size", to="large"),
    "too heavy": put(B, to=[{"type": "section", "text": plain("é" * 3000)} for _ in range(50)]),
    "input without a label": without(B, 0, "label"),
    "label too long": put(B, 0, "label", "text", to="x" * 2001),
    "label in mrkdwn": put(B, 0, "label", to=marked()),
    "hint too long": put(B, 0, "hint", "text", to="x" * 2001),
    "button as input": put(B, 0, "element", to=button()),
    "maximum too long": put(B, 0, "element", "max_length", to=3001),
    "minimum more than maximum": put(B, 0, "element", "max_length", to=0),
    "begins too long": put(B, 0, "element", "initial_value", to="x" * 3001),
    "11 checkboxes": put(B, 1, "element", "options", to=[option(str(n), str(n)) for n in range(11)]),
    "11 radio buttons": put(B, 2, "element", "options", to=[option(str(n), str(n)) for n in range(11)]),
    "description too long": put(B, 1, "element", "options", 0, "description", "text", to="x" * 76),
    "begins with no option": put(B, 2, "element", "initial_option", to=option("other", "other")),
    "group's label too long": put(B, 3, "element", "option_groups", 0, "label", "text", to="x" * 76),
    "several radio buttons at first": put(B, 2, "element", "initial_options", to=[option()]),
    "markdown in a view": put(B, 0, to={"type": "markdown", "text": "x"}),
    "block id twice": put(B, 0, "block_id", to="boxes"),
}


@pytest.mark.parametrize("spoil", IN_MESSAGES.values(), ids=IN_MESSAGES.keys())
def test_a_fault_in_a_message_is_caught(spoil: Spoil) -> None:
    payload = copy.deepcopy(MESSAGE)
    spoil(payload)
    with pytest.raises(AssertionError, match="message"):
        check(PayloadKind.MESSAGE, payload)


@pytest.mark.parametrize("spoil", IN_VIEWS.values(), ids=IN_VIEWS.keys())
def test_a_fault_in_a_view_is_caught(spoil: Spoil) -> None:
    payload = copy.deepcopy(MODAL)
    spoil(payload)
    with pytest.raises(AssertionError, match="view"):
        check(PayloadKind.VIEW, payload)


def test_a_fault_in_options_is_caught() -> None:
    with pytest.raises(AssertionError, match="options"):
        check(PayloadKind.OPTIONS, {"options": [option("x" * 76)]})
    with pytest.raises(AssertionError, match="options is an object, not \\['x'\\]"):
        check(PayloadKind.OPTIONS, ["x"])


def test_each_of_the_three_finds_what_the_others_do_not() -> None:
    spoilt = copy.deepcopy(MESSAGE)
    put(B, 3, E, 0, "style", to="green")(spoilt)
    with pytest.raises(AssertionError, match="blocks\\[3\\]"):
        shapes.message(spoilt)
    spoilt = copy.deepcopy(MESSAGE)
    put(B, 1, "text", "text", to="x" * 3001)(spoilt)
    shapes.message(spoilt)
    with pytest.raises(AssertionError, match="blocks\\[1\\]: text attribute cannot exceed 3000"):
        models.message(spoilt)
    spoilt = copy.deepcopy(MESSAGE)
    put(B, 0, "block_id", to="acts")(spoilt)
    models.message(spoilt)
    with pytest.raises(AssertionError, match="a block_id twice"):
        limits.message(spoilt)
