"""The mapper of one record type: record -> row, row -> record, key -> row values. Columns are the fields, by name."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, get_type_hints

from bot.domain.records import Key, Shape
from storage.mappers.values import Convert, Kept, conversion
from storage.shapes import values_of

Row = tuple[Any, ...]
Conversions = tuple[tuple[int, Convert], ...]


class Mapper:
    """Maps records of a type to rows of a table, whose columns are the record's fields in their order.

    That tables and record types fit is told by a test.
    """

    def __init__(self, kind: type[Any], shape: Shape, table: str, *, native: bool) -> None:
        self.kind = kind
        self.shape = shape
        self.table = table
        self.key_of = values_of(shape.key)
        self.names: tuple[str, ...] = kind.__slots__
        hints = get_type_hints(kind)
        self.kept: dict[str, Kept] = {name: conversion(hints[name], native=native) for name in self.names}
        self._fields = attrgetter(*self.names)
        self._to = _conversions([self.kept[name].to_row for name in self.names])
        self._from = _conversions([self.kept[name].from_row for name in self.names])
        self._values: dict[tuple[str, ...], Conversions] = {}
        self.of_key: Conversions = self._of(shape.key)

    def to_row(self, record: Any) -> Row:
        """The row of a record."""
        values = list(self._fields(record))
        for place, convert in self._to:
            if values[place] is not None:
                values[place] = convert(values[place])
        return tuple(values)

    def from_row(self, row: Sequence[Any]) -> Any:
        """The record of a row."""
        if not self._from:
            return self.kind(*row)
        values = list(row)
        for place, convert in self._from:
            if values[place] is not None:
                values[place] = convert(values[place])
        return self.kind(*values)

    def key_row(self, key: Key) -> Row:
        """A key as the database keeps it."""
        return _converted(key, self.of_key)

    def values_row(self, fields: tuple[str, ...], values: tuple[Any, ...]) -> Row:
        """Values of some fields as the database keeps them."""
        return _converted(values, self._of(fields))

    def _of(self, fields: tuple[str, ...]) -> Conversions:
        found = self._values.get(fields)
        if found is None:
            found = self._values[fields] = _conversions([self.kept[name].to_row for name in fields])
        return found


def _conversions(converts: Sequence[Convert | None]) -> Conversions:
    return tuple((place, convert) for place, convert in enumerate(converts) if convert is not None)


def _converted(values: tuple[Any, ...], conversions: Conversions) -> Row:
    if not conversions:
        return values
    made = list(values)
    for place, convert in conversions:
        if made[place] is not None:
            made[place] = convert(made[place])
    return tuple(made)
