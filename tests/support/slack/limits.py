"""How long and how many: the numbers of the package slackblocks, and those it has not.

Its own: 50 blocks a message, 100 a view, 3,000 characters a section, and so on. Added here: the weight of a view, all text of a
message, ids that must differ, what an input needs, what stands only in messages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from slackblocks import _limits as most

from tests.support.slack.blocks import Json, characters, elements

MOST_BYTES_OF_A_VIEW = 250_000
MOST_CHARACTERS_OF_A_MESSAGE = 13_200
MOST_TEXT = 40_000

Bounds = tuple[int, int]

_PLACEHOLDER: dict[str, Bounds] = {"placeholder": (1, most.SELECT_PLACEHOLDER_MAX_LENGTH)}
_SELECT: dict[str, Bounds] = {
    **_PLACEHOLDER,
    "options": (most.SELECT_OPTIONS_MIN_ITEMS, most.SELECT_OPTIONS_MAX_ITEMS),
    "option_groups": (most.SELECT_OPTION_GROUPS_MIN_ITEMS, most.SELECT_OPTION_GROUPS_MAX_ITEMS),
}
_IMAGE: dict[str, Bounds] = {
    "image_url": (1, most.IMAGE_IMAGE_URL_MAX_LENGTH),
    "alt_text": (0, most.IMAGE_ALT_TEXT_MAX_LENGTH),
    "title": (1, most.IMAGE_TITLE_MAX_LENGTH),
}
_BY_TYPE: dict[str, dict[str, Bounds]] = {
    "actions": {"elements": (1, most.ACTIONS_ELEMENTS_MAX_ITEMS)},
    "button": {
        "text": (1, most.BUTTON_TEXT_MAX_LENGTH),
        "url": (1, most.BUTTON_URL_MAX_LENGTH),
        "value": (0, most.BUTTON_VALUE_MAX_LENGTH),
        "accessibility_label": (1, most.BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH),
    },
    "channels_select": _PLACEHOLDER,
    "checkboxes": {"options": (most.CHECKBOXES_OPTIONS_MIN_ITEMS, most.CHECKBOXES_OPTIONS_MAX_ITEMS)},
    "context": {"elements": (1, most.CONTEXT_ELEMENTS_MAX_ITEMS)},
    "conversations_select": _PLACEHOLDER,
    "datepicker": {"placeholder": (1, most.DATE_PICKER_PLACEHOLDER_MAX_LENGTH)},
    "email_text_input": {"placeholder": (1, most.EMAIL_INPUT_PLACEHOLDER_MAX_LENGTH)},
    "external_select": _PLACEHOLDER,
    "file_input": {"max_files": (most.FILE_INPUT_MAX_FILES_MIN, most.FILE_INPUT_MAX_FILES_MAX)},
    "header": {"text": (1, most.HEADER_TEXT_MAX_LENGTH)},
    "image": _IMAGE,
    "input": {"label": (1, most.INPUT_LABEL_MAX_LENGTH), "hint": (1, most.INPUT_HINT_MAX_LENGTH)},
    "markdown": {"text": (1, most.MARKDOWN_TEXT_MAX_LENGTH)},
    "mrkdwn": {"text": (most.TEXT_MIN_LENGTH, most.TEXT_MAX_LENGTH)},
    "multi_external_select": _PLACEHOLDER,
    "multi_static_select": _SELECT,
    "multi_users_select": _PLACEHOLDER,
    "number_input": {"placeholder": (1, most.NUMBER_INPUT_PLACEHOLDER_MAX_LENGTH)},
    "overflow": {"options": (most.OVERFLOW_OPTIONS_MIN_ITEMS, most.OVERFLOW_OPTIONS_MAX_ITEMS)},
    "plain_text": {"text": (most.TEXT_MIN_LENGTH, most.TEXT_MAX_LENGTH)},
    "plain_text_input": {
        "placeholder": (1, most.PLAIN_TEXT_INPUT_PLACEHOLDER_MAX_LENGTH),
        "initial_value": (0, most.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX),
        "min_length": (most.PLAIN_TEXT_INPUT_MIN_LENGTH_MIN, most.PLAIN_TEXT_INPUT_MIN_LENGTH_MAX),
        "max_length": (most.PLAIN_TEXT_INPUT_MAX_LENGTH_MIN, most.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX),
    },
    "radio_buttons": {"options": (most.RADIO_BUTTONS_OPTIONS_MIN_ITEMS, most.RADIO_BUTTONS_OPTIONS_MAX_ITEMS)},
    "rich_text_input": {"placeholder": (1, most.RICH_TEXT_INPUT_PLACEHOLDER_MAX_LENGTH)},
    "rich_text_list": {"indent": (most.RICH_TEXT_LIST_INDENT_MIN, most.RICH_TEXT_LIST_INDENT_MAX)},
    "section": {
        "text": (1, most.SECTION_TEXT_MAX_LENGTH),
        "fields": (1, most.SECTION_FIELDS_MAX_ITEMS),
    },
    "static_select": _SELECT,
    "table": {
        "rows": (1, most.TABLE_ROWS_MAX_ITEMS),
        "column_settings": (0, most.TABLE_COLUMN_SETTINGS_MAX_ITEMS),
    },
    "timepicker": {"placeholder": (1, most.TIME_PICKER_PLACEHOLDER_MAX_LENGTH)},
    "url_text_input": {"placeholder": (1, most.URL_INPUT_PLACEHOLDER_MAX_LENGTH)},
    "users_select": _PLACEHOLDER,
    "video": {
        "alt_text": (1, most.VIDEO_ALT_TEXT_MAX_LENGTH),
        "title": (1, most.VIDEO_TITLE_MAX_LENGTH),
        "description": (1, most.VIDEO_DESCRIPTION_MAX_LENGTH),
    },
}
_EVERYWHERE: dict[str, Bounds] = {
    "action_id": (1, most.ACTION_ID_MAX_LENGTH),
    "block_id": (1, most.BLOCK_ID_MAX_LENGTH),
}
_OPTION: dict[str, Bounds] = {
    "text": (1, most.OPTION_TEXT_MAX_LENGTH),
    "value": (1, most.OPTION_VALUE_MAX_LENGTH),
    "description": (1, most.OPTION_DESCRIPTION_MAX_LENGTH),
    "url": (1, most.OPTION_URL_MAX_LENGTH),
}
_OPTION_GROUP: dict[str, Bounds] = {
    "label": (1, most.OPTION_GROUP_LABEL_MAX_LENGTH),
    "options": (most.OPTION_GROUP_OPTIONS_MIN_ITEMS, most.OPTION_GROUP_OPTIONS_MAX_ITEMS),
}
_CONFIRMATION: dict[str, Bounds] = {
    "title": (1, most.CONFIRMATION_TITLE_MAX_LENGTH),
    "text": (1, most.CONFIRMATION_TEXT_MAX_LENGTH),
    "confirm": (1, most.CONFIRMATION_CONFIRM_MAX_LENGTH),
    "deny": (1, most.CONFIRMATION_DENY_MAX_LENGTH),
}
_VIEW: dict[str, Bounds] = {
    "blocks": (1, most.VIEW_BLOCKS_MAX_ITEMS),
    "title": (1, most.VIEW_TITLE_MAX_LENGTH),
    "submit": (1, most.VIEW_SUBMIT_MAX_LENGTH),
    "close": (1, most.VIEW_CLOSE_MAX_LENGTH),
    "callback_id": (0, most.VIEW_CALLBACK_ID_MAX_LENGTH),
    "external_id": (0, most.VIEW_EXTERNAL_ID_MAX_LENGTH),
    "private_metadata": (0, most.VIEW_PRIVATE_METADATA_MAX_LENGTH),
}
_MESSAGE: dict[str, Bounds] = {
    "blocks": (0, most.MESSAGE_BLOCKS_MAX_ITEMS),
    "attachments": (0, most.MESSAGE_ATTACHMENTS_MAX_ITEMS),
    "text": (0, MOST_TEXT),
}
_ONLY_IN_MESSAGES = {"file", "markdown", "table"}


def message(payload: Json) -> None:
    """Check a message."""
    _within(payload, _MESSAGE, "message")
    blocks = payload.get("blocks") or []
    assert not blocks or payload.get("text"), (
        "message.text: missing, which is what a screen reader and a notification say"
    )
    size = characters(blocks)
    assert size <= MOST_CHARACTERS_OF_A_MESSAGE, (
        f"message: {size} characters in all, at most {MOST_CHARACTERS_OF_A_MESSAGE}"
    )
    _all_blocks(blocks)
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    assert markdown <= most.MARKDOWN_TOTAL_TEXT_MAX_LENGTH, f"message: {markdown} characters in markdown blocks"


def view(payload: Json) -> None:
    """Check a modal or a home tab."""
    _within(payload, _VIEW, "view")
    size = len(json.dumps(payload, ensure_ascii=False).encode())
    assert size <= MOST_BYTES_OF_A_VIEW, f"view: {size} bytes, at most {MOST_BYTES_OF_A_VIEW}"
    _all_blocks(payload["blocks"])
    kinds = {block["type"] for block in payload["blocks"]}
    assert not kinds & _ONLY_IN_MESSAGES, f"view: {kinds & _ONLY_IN_MESSAGES} stand only in messages"
    if payload["type"] == "modal":
        assert "input" not in kinds or payload.get("submit"), "view.submit: missing, although there are inputs"


def options(payload: Json) -> None:
    """Check the choices suggested."""
    for name in ("options", "option_groups"):  # none may fit what was typed
        _within(payload, {name: (0, _SELECT[name][1])}, "options")
    _within_all(payload, "options")


def _all_blocks(blocks: list[Json]) -> None:
    _within_all(blocks, "blocks")
    names = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(names) == len(set(names)), f"blocks: a block_id twice in {names}"
    for index, block in enumerate(blocks):
        where = f"blocks[{index}]"
        actions = [element["action_id"] for element in elements(block) if "action_id" in element]
        assert len(actions) == len(set(actions)), f"{where}: an action_id twice in {actions}"
        for each in block.get("fields") or []:
            _within(each, {"text": (1, most.SECTION_FIELDS_ITEM_MAX_LENGTH)}, f"{where}.fields")
        if block["type"] == "table":
            widest = max(len(row) for row in block["rows"])
            assert widest <= most.TABLE_COLUMNS_MAX_ITEMS, f"{where}: {widest} columns"
        for element in elements(block):
            _begins_well(element, where)


def _begins_well(element: Json, where: str) -> None:
    """What an element begins with is something it could hold."""
    groups = element.get("option_groups") or []
    offered = [*(element.get("options") or []), *(option for group in groups for option in group["options"])]
    begun = [
        *(element.get("initial_options") or []),
        *([element["initial_option"]] if "initial_option" in element else []),
    ]
    for option in begun if "external" not in element["type"] else []:
        assert option in offered, f"{where}: begins with {option}, which is not among its options"
    if element["type"] == "plain_text_input":
        low, high = element.get("min_length", 0), element.get("max_length", most.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX)
        assert low <= high, f"{where}: min_length {low} is more than max_length {high}"
        begins = len(element.get("initial_value", ""))
        assert begins <= high, f"{where}: begins with {begins} characters, at most {high}"


def _within_all(value: Any, where: str) -> None:
    for path, name, each in _objects(value, where, ""):
        _within(each, _EVERYWHERE, path)
        _within(each, _BY_TYPE.get(str(each.get("type")), {}), path)
        match name:
            case "options" | "initial_options" | "initial_option":
                _within(each, _OPTION, path)
            case "option_groups":
                _within(each, _OPTION_GROUP, path)
            case "confirm" if "confirm" in each:
                _within(each, _CONFIRMATION, path)


def _objects(value: Any, where: str, name: str) -> Iterator[tuple[str, str, Json]]:
    """Every object: where it is, the field that holds it, itself."""
    match value:
        case dict():
            yield where, name, value
            for key, each in value.items():
                yield from _objects(each, f"{where}.{key}", key)
        case list():
            for index, each in enumerate(value):
                yield from _objects(each, f"{where}[{index}]", name)


def _within(holder: Json, bounds: dict[str, Bounds], where: str) -> None:
    for name, (low, high) in bounds.items():
        if holder.get(name) is not None:
            size = _size(holder[name])
            assert low <= size <= high, f"{where}.{name}: {size}, and {low} to {high} are allowed"


def _size(value: Any) -> int:
    match value:
        case {"text": str(text)}:
            return len(text)
        case int():
            return value
        case _:
            return len(value)
