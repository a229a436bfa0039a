"""What the models of Slack's Python SDK say of a payload: they refuse some, and drop what they do not know."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block, Option, OptionGroup
from slack_sdk.models.views import View

from tests.support.slack.blocks import Json


def message(payload: Json) -> None:
    """Check a message's blocks."""
    for index, block in enumerate(payload.get("blocks") or []):
        _block(block, f"blocks[{index}]")


def view(payload: Json) -> None:
    """Check a modal or a home tab."""
    for index, block in enumerate(payload.get("blocks") or []):
        _block(block, f"blocks[{index}]")
    _compare(payload, _made(lambda: View(**payload).to_dict(), "view"), "view")


def options(payload: Json) -> None:
    """Check the choices suggested."""
    for name, model in (("options", Option), ("option_groups", OptionGroup)):
        for index, each in enumerate(payload.get(name) or []):
            where = f"{name}[{index}]"
            _compare(each, _made(partial(_described, model, each), where), where)


def _described(model: type[Option | OptionGroup], values: Json) -> Json:
    return model(**values).to_dict()


def _block(block: Json, where: str) -> None:
    parsed = _made(lambda: Block.parse(block), where)
    assert parsed is not None, f"{where}: no block of type {block.get('type')!r}"
    _compare(block, _made(parsed.to_dict, where), where)


def _made(make: Callable[[], Any], where: str) -> Any:
    try:
        return make()
    except (SlackObjectFormationError, TypeError, AttributeError, KeyError, ValueError) as wrong:
        raise AssertionError(f"{where}: {wrong}") from None


def _compare(sent: Any, understood: Any, where: str) -> None:
    match sent:
        case dict():
            assert isinstance(understood, dict), f"{where}: understood as {understood!r}"
            for key, value in sent.items():
                assert key in understood, f"{where}.{key}: dropped"
                _compare(value, understood[key], f"{where}.{key}")
        case list():
            assert isinstance(understood, list), f"{where}: understood as {understood!r}"
            assert len(sent) == len(understood), f"{where}: of {len(sent)} {len(understood)} are left"
            for index, (value, other) in enumerate(zip(sent, understood, strict=True)):
                _compare(value, other, f"{where}[{index}]")
        case _:
            assert sent == understood, f"{where}: {sent!r} understood as {understood!r}"
