"""Blocks as Slack keeps them: it gives ids to what has none, and says of each text what it left unsaid.

Nothing is checked here: see `validators`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

_WITHOUT_ACTION = {"image", "mrkdwn", "plain_text", "rich_text", "raw_text", "raw_number"}


def kept(blocks: list[Json]) -> list[Json]:
    """A copy with every `block_id` and `action_id`, and texts in full."""
    return [_kept(block) for block in blocks]


def elements(block: Json) -> Iterator[Json]:
    """What a block holds that a person may use."""
    match block:
        case {"type": "input", "element": element}:
            yield element
        case {"type": "section", "accessory": accessory}:
            yield accessory
        case {"type": "actions" | "context_actions", "elements": each}:
            yield from each
        case _:
            return


def _kept(block: Json) -> Json:
    copy: Json = in_full(block)
    copy.setdefault("block_id", secrets.token_urlsafe(4))
    for element in elements(copy):
        if element["type"] not in _WITHOUT_ACTION:
            element.setdefault("action_id", secrets.token_urlsafe(4))
    return copy


def in_full(value: Any) -> Any:
    """A copy in which each text says whether it has emoji, or what in it becomes a link."""
    match value:
        case {"type": "plain_text", **rest}:
            return {"type": "plain_text", "emoji": True, **rest}
        case {"type": "mrkdwn", **rest}:
            return {"type": "mrkdwn", "verbatim": False, **rest}
        case dict():
            return {key: in_full(each) for key, each in value.items()}
        case list():
            return [in_full(each) for each in value]
        case _:
            return value


def characters(value: Any) -> int:
    """How much text there is in blocks, all together."""
    match value:
        case {"text": str(text)}:
            return len(text) + sum(characters(each) for key, each in value.items() if key != "text")
        case dict():
            return sum(characters(each) for each in value.values())
        case list():
            return sum(characters(each) for each in value)
        case _:
            return 0
