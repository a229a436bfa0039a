"""How records become rows, and rows records: one mapper per record type and dialect, made when first asked for."""

from __future__ import annotations

from typing import Any

from storage.mappers.mapper import Mapper
from storage.mappers.values import Kept, conversion
from storage.names import table_of
from storage.shapes import shape_of

_MADE: dict[tuple[type[Any], bool], Mapper] = {}


def mapper_of(kind: type[Any], *, native: bool) -> Mapper:
    """The mapper of a record type. `native`: the database has types for instants, days and truth (PostgreSQL)."""
    made = _MADE.get((kind, native))
    if made is None:
        made = _MADE[kind, native] = Mapper(kind, shape_of(kind), table_of(kind), native=native)
    return made


__all__ = ["Kept", "Mapper", "conversion", "mapper_of"]
