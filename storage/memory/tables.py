"""Records in memory: by key, and by every list they declare. A transaction works on forks; a commit swaps them in.

What was published is never changed again, so a reader's snapshot is nothing but a reference.
"""

from __future__ import annotations

from typing import Any

from bot.domain.records import Key, Shape
from storage.shapes import values_of

Bucket = dict[Key, Any]


class Table:
    """The records of one type."""

    __slots__ = ("_buckets", "_mine", "_values", "key_of", "rows", "shape")

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.key_of = values_of(shape.key)
        self.rows: dict[Key, Any] = {}
        self._values = {fields: values_of(fields) for fields in shape.lists}
        self._buckets: dict[tuple[str, ...], dict[tuple[Any, ...], Bucket]] = {fields: {} for fields in shape.lists}
        self._mine: set[tuple[tuple[str, ...], tuple[Any, ...]]] = set()

    def fork(self) -> Table:
        """A copy to change; buckets are copied when they are first changed."""
        made = Table.__new__(Table)
        made.shape, made.key_of, made._values = self.shape, self.key_of, self._values
        made.rows = dict(self.rows)
        made._buckets = {fields: dict(buckets) for fields, buckets in self._buckets.items()}
        made._mine = set()
        return made

    def set(self, key: Key, record: Any | None) -> Any | None:
        """Keep a record under its key, or none. Returns what was there."""
        before = self.rows.get(key)
        if record is None:
            self.rows.pop(key, None)
        else:
            self.rows[key] = record
        for fields, values in self._values.items():
            if before is not None:
                self._bucket(fields, values(before)).pop(key)
            if record is not None:
                self._bucket(fields, values(record))[key] = record
        return before

    def listed(self, fields: tuple[str, ...], values: tuple[Any, ...]) -> tuple[Any, ...]:
        """The records with these values, in key order."""
        bucket = self._buckets[fields].get(values)
        if not bucket:
            return ()
        return tuple(bucket[key] for key in sorted(bucket))

    def _bucket(self, fields: tuple[str, ...], values: tuple[Any, ...]) -> Bucket:
        buckets = self._buckets[fields]
        if (fields, values) not in self._mine:
            self._mine.add((fields, values))
            buckets[values] = dict(buckets.get(values, ()))
        return buckets[values]
