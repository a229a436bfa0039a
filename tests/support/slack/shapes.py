"""What `@slack/types` says of a payload: which fields there are, which must be there, and what they hold.

The types are TypeScript; `npm run generate` (tools/setup) makes a JSON Schema of them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import fastjsonschema

from tests.support.slack.blocks import Json
from tests.support.slack.emulator import MODULES

_VIEWS = {"modal": "ModalView", "home": "HomeView"}


def message(payload: Json) -> None:
    """Check a message's blocks and metadata."""
    _blocks(payload)
    if payload.get("metadata"):
        conforms("MessageMetadata", payload["metadata"], "metadata")


def view(payload: Json) -> None:
    """Check a modal or a home tab."""
    assert payload.get("type") in _VIEWS, f"no view of type {payload.get('type')!r}"
    _blocks(payload)
    conforms(_VIEWS[payload["type"]], payload, "view")


def options(payload: Json) -> None:
    """Check the choices suggested."""
    for index, option in enumerate(payload.get("options") or []):
        conforms("Option", option, f"options[{index}]")


def conforms(name: str, value: Any, where: str) -> None:
    """Check a value against one of the types, by its name."""
    try:
        _checker(name)(value)
    except fastjsonschema.JsonSchemaValueException as wrong:
        raise AssertionError(
            f"{wrong.message.replace('data', where, 1)} ({name}): {json.dumps(wrong.value)[:300]}"
        ) from None


def _blocks(payload: Json) -> None:
    known = {each["$ref"].rpartition("/")[2] for each in _definitions()["KnownBlock"]["anyOf"]}
    for index, block in enumerate(payload.get("blocks") or []):
        where = f"blocks[{index}]"
        assert isinstance(block.get("type"), str), f"{where}: a block without a type"
        for path, inner in _typed(block, where):  # the innermost first, so that the error is found where it is
            names = _by_type().get(inner["type"], set())
            names = names & known if inner is block else names - known
            assert names or inner is not block, f"{where}: no block {inner['type']!r}"
            if len(names) == 1:  # else it is part of what holds it, and checked with that
                conforms(next(iter(names)), inner, path)


def _typed(value: Any, where: str) -> Iterator[tuple[str, Json]]:
    """Every object with a type, with where it is."""
    match value:
        case dict():
            for key, each in value.items():
                yield from _typed(each, f"{where}.{key}")
            if isinstance(value.get("type"), str):
                yield where, value
        case list():
            for index, each in enumerate(value):
                yield from _typed(each, f"{where}[{index}]")


@cache
def _definitions() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((MODULES / ".shapes.json").read_text())["definitions"]
    for (
        name
    ) in _VIEWS.values():  # each block is checked by itself, and the types allow a view more than blocks they know
        found[name]["properties"]["blocks"] = {"type": "array"}
    return found


@cache
def _by_type() -> dict[str, set[str]]:
    """Which definitions there are of each `type`."""
    names = defaultdict(set)
    for name, definition in _definitions().items():
        for shape in (definition, *definition.get("anyOf", ())):
            kind = shape.get("properties", {}).get("type", {}).get("const")
            if kind is not None:
                names[kind].add(name)
    return names


@cache
def _checker(name: str) -> Callable[[Any], Any]:
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "definitions": _definitions(),
        "$ref": f"#/definitions/{name}",
    }
    checker: Callable[[Any], Any] = fastjsonschema.compile(schema)
    return checker
