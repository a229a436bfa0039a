"""JSON Schema (2020-12) of plain types: what `feeds.plain` makes of their values."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from bot.text import Text

Schema = dict[str, Any]


class Schemas:
    """Schemas by name. Fields that are `skipped` are in none."""

    def __init__(self, skipped: frozenset[str]) -> None:
        self.named: dict[str, Schema] = {}
        self._skipped = skipped

    def of(self, hint: Any) -> Schema:
        """The schema of a type's values. Raises `TypeError` for a type that is not plain."""
        origin = get_origin(hint)
        if origin in (Union, UnionType):
            several = [{"type": "null"} if each is NoneType else self.of(each) for each in get_args(hint)]
            return {"anyOf": several}
        if origin is tuple:
            return self._tuple(get_args(hint))
        if hint in (str, Text) or (isinstance(hint, type) and issubclass(hint, Enum)):
            return {"type": "string"}
        if hint is bool:
            return {"type": "boolean"}
        if hint is int:
            return {"type": "integer"}
        if hint is datetime:
            return {"type": "string", "format": "date-time"}
        if hint is date:
            return {"type": "string", "format": "date"}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(get_args(hint)[1])}
        if is_dataclass(origin or hint) or (isinstance(hint, type) and issubclass(hint, msgspec.Struct)):
            return self._object(hint)
        raise TypeError(hint)

    def _tuple(self, parts: tuple[Any, ...]) -> Schema:
        if parts[-1:] == (...,):
            return {"type": "array", "items": self.of(parts[0])}
        several = [self.of(each) for each in parts]
        return {"type": "array", "prefixItems": several, "minItems": len(several), "maxItems": len(several)}

    def _object(self, hint: Any) -> Schema:
        kind: type[Any] = get_origin(hint) or hint
        given: dict[TypeVar, Any] = dict(zip(getattr(kind, "__parameters__", ()), get_args(hint), strict=True))
        name = kind.__name__ + "".join(getattr(each, "__name__", "") for each in given.values())
        if name not in self.named:
            self.named[name] = {}  # where it has itself in it
            hints = get_type_hints(kind)
            names = [each.name for each in fields(kind)] if is_dataclass(kind) else list(kind.__struct_fields__)
            known = {each: self.of(_filled(hints[each], given)) for each in names if each not in self._skipped}
            tag = None if is_dataclass(kind) else kind.__struct_config__.tag
            if tag is not None:
                known["type"] = {"const": tag}
            self.named[name] = {
                "type": "object",
                "description": " ".join((kind.__doc__ or "").split()),
                "properties": known,
                "required": sorted(known),
                "additionalProperties": False,
            }
        return {"$ref": f"#/components/schemas/{name}"}


def _filled(hint: Any, given: dict[TypeVar, Any]) -> Any:
    """A hint with what its type variables stand for."""
    if isinstance(hint, TypeVar):
        return given[hint]
    parts = get_args(hint)
    if get_origin(hint) is tuple and any(isinstance(each, TypeVar) for each in parts):
        return tuple[tuple(given.get(each, each) for each in parts)]  # type: ignore[misc]  # put together at run time
    return hint
