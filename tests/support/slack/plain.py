"""What a person reads of blocks, as plain text: enough to look for a sentence in, or to compare with what was meant.

Not how Slack looks; a button is [its text], a field to fill in is a line of underscores.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from tests.support.slack.blocks import Json

Names = Callable[[str], str]
"""What a user id is called."""

_CONTROL = re.compile(r"<([@#!]?)([^<>|\s][^<>|]*)(?:\|([^<>]*))?>")
_RULE = "-----"
_BLANK = "____"


def plain(blocks: list[Json], names: Names = str) -> str:
    """The text of blocks, a line or more each."""
    return "\n".join(line for block in blocks if (line := _block(block, names)))


def unmarked(text: str, names: Names = str) -> str:
    """Slack's mrkdwn without its control sequences: links by their words, people by name, dates in the fallback's words."""

    def word(found: re.Match[str]) -> str:
        sign, what, label = found.groups()
        match sign:
            case "@":
                return f"@{names(what)}"
            case "#":
                return f"#{label or what}"
            case "!":
                return label or f"@{what.partition('^')[0]}"
        return label or what

    return html.unescape(_CONTROL.sub(word, text))


def words(text: Any, names: Names = str) -> str:
    """The text of a text object, or of a string."""
    match text:
        case {"type": "mrkdwn", "text": marked}:
            return unmarked(marked, names)
        case {"text": str(plainly)}:
            return plainly
        case None:
            return ""
        case _:
            return str(text)


def _block(block: Json, names: Names) -> str:
    match block:
        case {"type": "divider"}:
            return _RULE
        case {"type": "header", "text": text}:
            return words(text, names)
        case {"type": "markdown", "text": text}:
            return str(text)
        case {"type": "section"}:
            parts = [words(block.get("text"), names), *(words(each, names) for each in block.get("fields", ()))]
            text = "\n".join(part for part in parts if part)
            return " ".join(part for part in (text, _element(block.get("accessory"), names)) if part)
        case {"type": "context" | "actions" | "context_actions", "elements": each}:
            return " ".join(_element(element, names) for element in each)
        case {"type": "input", "label": label, "element": element}:
            hint = f" ({words(block['hint'], names)})" if "hint" in block else ""
            return f"{words(label, names)}: {_element(element, names)}{hint}"
        case {"type": "image", "alt_text": alt}:
            return f"(image: {alt})"
        case {"type": "rich_text", "elements": each}:
            return "\n".join(_rich(element, names) for element in each)
        case {"type": "table", "rows": rows}:
            return "\n".join(" | ".join(_cell(cell, names) for cell in row) for row in rows)
        case _:
            return f"({block.get('type')})"


def _element(element: Json | None, names: Names) -> str:
    match element:
        case None:
            return ""
        case {"type": "button", "text": text}:
            return f"[{words(text, names)}]"
        case {"type": "image", "alt_text": alt}:
            return f"(image: {alt})"
        case {"type": "mrkdwn" | "plain_text"}:
            return words(element, names)
        case {"options": options}:
            begun = [
                *element.get("initial_options", ()),
                *([element["initial_option"]] if "initial_option" in element else ()),
            ]
            marks = [f"({'x' if option in begun else ' '}) {words(option['text'], names)}" for option in options]
            return " ".join(marks)
    for name in ("initial_value", "initial_date", "initial_time", "initial_date_time", "initial_user"):
        if element.get(name):
            return str(element[name])
    return _BLANK


def _rich(element: Json, names: Names) -> str:
    match element:
        case {"type": "rich_text_list", "elements": each}:
            return "\n".join(f"• {_rich(item, names)}" for item in each)
        case {"type": "rich_text_section" | "rich_text_quote" | "rich_text_preformatted", "elements": each}:
            return "".join(_rich(item, names) for item in each)
        case {"type": "link", "url": url}:
            return str(element.get("text") or url)
        case {"type": "user", "user_id": user}:
            return f"@{names(user)}"
        case {"type": "emoji", "name": name}:
            return f":{name}:"
        case {"type": "date"}:
            return str(element.get("fallback") or element["timestamp"])
        case {"type": "broadcast", "range": reach}:
            return f"@{reach}"
        case _:
            return str(element.get("text", ""))


def _cell(cell: Json, names: Names) -> str:
    return _block(cell, names) if cell["type"] == "rich_text" else words(cell, names)
