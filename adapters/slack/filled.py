"""What a person filled in in a window, read back: whole, in the parts it was typed in, and where it stands.

How a form is drawn is `adapters.slack.modals`; this knows only what Slack tells of its inputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.slack.carried import Window
from adapters.slack.speech import Block
from bot.suggesting import listed

ANSWER: Final = "answer"
FILE: Final = "file"
AGAIN: Final = "|again"
"""The end of an input's other id."""

JOINS: Final = {"p": "\n\n", "n": "\n", "s": " ", "": ""}
"""How a part of an answer goes on from the one before it, by the mark its input carries."""


def answers(view: Mapping[str, Any], window: Window) -> dict[str, str]:
    """What a modal's inputs hold, by field, with what it carries besides. What is empty is left out."""
    found = dict(window.fixed)
    values: Mapping[str, Mapping[str, Any]] = view["state"]["values"]
    for field, parts in parts_of(values).items():
        text = joined(parts)
        if text.strip():
            found[field] = text
        else:
            found.pop(field, None)
    return found


def uploads(view: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The files attached in a modal, by field."""
    values: Mapping[str, Mapping[str, Any]] = view["state"]["values"]
    return {
        asked_at(block_id): state[FILE]["files"][0]
        for block_id, state in values.items()
        if state.get(FILE, {}).get("files")
    }


def asked_at(block_id: str) -> str:
    """The question an input belongs to."""
    return block_id.partition("#")[0]


def parts_of(values: Mapping[str, Mapping[str, Any]]) -> dict[str, list[tuple[str, str]]]:
    """By field, the parts of an answer in order, each with the mark of how it goes on."""
    numbered: dict[str, list[tuple[int, str, str]]] = {}
    for block_id, state in values.items():
        if ANSWER not in state:
            continue
        field, _, rest = block_id.partition("#")
        number, _, mark = rest.removesuffix(AGAIN).partition("|")
        numbered.setdefault(field, []).append((int(number), mark, _value(state[ANSWER])))
    return {
        field: [(mark, text) for _, mark, text in sorted(numbered_parts) if text] or [("", "")]
        for field, numbered_parts in numbered.items()
    }


def joined(parts: Sequence[tuple[str, str]]) -> str:
    """Parts as one answer."""
    text = ""
    for mark, part in parts:
        text += JOINS[mark] + part if text else part
    return text


def instead(made: list[Block], values: Mapping[str, Mapping[str, Any]]) -> list[Block]:
    """Blocks whose inputs hold what is drawn in them: under the id an input had, Slack keeps what was typed in it."""
    return [
        {**each, "block_id": each["block_id"] + AGAIN}
        if each["type"] == "input" and _differs(each["element"], values.get(each["block_id"], {}))
        else each
        for each in made
    ]


def _differs(element: Block, standing: Mapping[str, Any]) -> bool:
    """Whether something else stands in an input than is drawn."""
    options = [
        *element.get("initial_options", ()),
        *([element["initial_option"]] if "initial_option" in element else ()),
    ]
    begins = listed(tuple(str(each["value"]) for each in options)) if options else element.get("initial_value", "")
    return ANSWER in standing and _value(standing[ANSWER]) != begins


def _value(state: Mapping[str, Any]) -> str:
    if "selected_option" in state:
        return str((state["selected_option"] or {}).get("value", ""))
    if "selected_options" in state:
        return listed(tuple(str(each["value"]) for each in state["selected_options"]))
    return str(state.get("value") or "")
