"""Filling in: what a person can put into each input of Slack's, and what Slack then sends of it.

Slack refuses on the person's own screen what an input does not allow; so does this, by `Impossible`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time
from typing import Any

from tests.support.slack.blocks import Json, elements
from tests.support.slack.modals import Values
from tests.support.slack.plain import words

LONGEST = 3000
"""Characters an input takes when its `max_length` says nothing else."""

_FIELDS = {
    "channels_select": "selected_channel",
    "checkboxes": "selected_options",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "datetimepicker": "selected_date_time",
    "email_text_input": "value",
    "external_select": "selected_option",
    "file_input": "files",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
    "multi_external_select": "selected_options",
    "multi_static_select": "selected_options",
    "multi_users_select": "selected_users",
    "number_input": "value",
    "overflow": "selected_option",
    "plain_text_input": "value",
    "radio_buttons": "selected_option",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "timepicker": "selected_time",
    "url_text_input": "value",
    "users_select": "selected_user",
}
"""Under which name Slack sends what each holds."""

_INITIAL = {
    "channels_select": "initial_channel",
    "checkboxes": "initial_options",
    "conversations_select": "initial_conversation",
    "datepicker": "initial_date",
    "datetimepicker": "initial_date_time",
    "external_select": "initial_option",
    "multi_channels_select": "initial_channels",
    "multi_conversations_select": "initial_conversations",
    "multi_external_select": "initial_options",
    "multi_static_select": "initial_options",
    "multi_users_select": "initial_users",
    "radio_buttons": "initial_option",
    "static_select": "initial_option",
    "timepicker": "initial_time",
    "users_select": "initial_user",
}
_SEVERAL = {"files", "selected_options", "selected_users", "selected_channels", "selected_conversations"}


class Impossible(AssertionError):
    """Slack would not let the person do this."""


def find(blocks: list[Json], key: str) -> tuple[Json, Json]:
    """The block and the element meant by an action id, a block id, or words: on a button, of a label, or else the placeholder.

    Raises Impossible when there is none, or more than one.
    """
    ways: tuple[Callable[[Json, Json], str], ...] = (
        lambda block, element: str(element.get("action_id")),
        lambda block, element: str(block.get("block_id")),
        lambda block, element: words(element.get("text") or block.get("label") or element.get("placeholder")),
    )
    for way in ways:
        found = [(block, element) for block in blocks for element in elements(block) if way(block, element) == key]
        if len(found) > 1:
            raise Impossible(f"{key!r} is {len(found)} times there")
        if found:
            return found[0]
    there = [way(block, element) for block in blocks for element in elements(block) for way in ways]
    raise Impossible(f"there is no {key!r}, only {there}")


def holding(blocks: list[Json], typed: Values) -> Values:
    """What all inputs hold: what was typed, or what they begin with."""
    state: Values = {}
    for block, element in _inputs(blocks):
        begun = typed.get(block["block_id"], {}).get(element["action_id"]) or _begun(element)
        state.setdefault(block["block_id"], {})[element["action_id"]] = begun
    return state


def put(element: Json, value: Any, who: Callable[[str], str] = str) -> Json:
    """What an input holds once a person has put a value into it. `who` gives the id of a user's name.

    Options are named by their text or their value; several are a list. None empties it.
    """
    kind = element["type"]
    name = _FIELDS.get(kind)
    if name is None:
        raise Impossible(f"nothing can be put into a {kind}")
    if value is None:
        return {"type": kind, name: [] if name in _SEVERAL else None}
    if name in {"selected_option", "selected_options"}:
        chosen = [_option(element, each) for each in ([value] if name == "selected_option" else value)]
        _at_most(element, len(chosen))
        return {"type": kind, name: chosen if name == "selected_options" else chosen[0]}
    if name in {"selected_user", "selected_users"}:
        users = [who(each) for each in ([value] if name == "selected_user" else value)]
        _at_most(element, len(users))
        return {"type": kind, name: users if name == "selected_users" else users[0]}
    _allowed(element, value)
    return {"type": kind, name: value}


def missing(blocks: list[Json], state: Values) -> list[str]:
    """The labels of inputs that must be filled in and are not."""
    labels = []
    for block, element in _inputs(blocks):
        if block["type"] == "input" and not block.get("optional"):
            held = state[block["block_id"]][element["action_id"]]
            if held[_FIELDS[element["type"]]] in (None, "", []):
                labels.append(words(block["label"]))
    return labels


def _inputs(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks:
        for element in elements(block):
            if element["type"] in _FIELDS and element["type"] != "overflow":
                yield block, element


def _begun(element: Json) -> Json:
    name = _FIELDS[element["type"]]
    begun = element.get(_INITIAL.get(element["type"], "initial_value"))
    return {"type": element["type"], name: begun if begun is not None else [] if name in _SEVERAL else None}


def _option(element: Json, key: Any) -> Json:
    if "external" in element["type"] and isinstance(key, dict):
        return key  # it was suggested
    groups = element.get("option_groups") or []
    options: list[Json] = [
        *(element.get("options") or []),
        *(option for group in groups for option in group["options"]),
    ]
    for option in options:
        if key in {words(option["text"]), option.get("value")}:
            return option
    raise Impossible(f"{key!r} is not among {[words(option['text']) for option in options]}")


def _at_most(element: Json, count: int) -> None:
    most = element.get("max_selected_items")
    if most is not None and count > most:
        raise Impossible(f"{count} chosen, at most {most}")


def _allowed(element: Json, value: Any) -> None:
    match element["type"]:
        case "plain_text_input":
            low, high = element.get("min_length", 0), element.get("max_length", LONGEST)
            if not low <= len(value) <= high:
                raise Impossible(f"{len(value)} characters, and {low} to {high} are allowed")
            if "\n" in value and not element.get("multiline"):
                raise Impossible("one line only")
        case "number_input":
            number = float(value)
            if not element.get("is_decimal_allowed") and not number.is_integer():
                raise Impossible(f"{value} is not a whole number")
            low, high = float(element.get("min_value", "-inf")), float(element.get("max_value", "inf"))
            if not low <= number <= high:
                raise Impossible(f"{value}, and {low} to {high} are allowed")
        case "email_text_input":
            if "@" not in value:
                raise Impossible(f"{value!r} is no e-mail address")
        case "url_text_input":
            if not value.startswith(("http://", "https://")):
                raise Impossible(f"{value!r} is no address of the web")
        case "datepicker":
            date.fromisoformat(value)
        case "timepicker":
            time.fromisoformat(value)
        case "datetimepicker":
            if not isinstance(value, int):
                raise Impossible(f"{value!r} is no time in seconds")
