"""What a unit of work holds of one record type: the records it has seen, those it found missing, and the lists it read.

Lists are kept in step with every change, so that reading a list again gives what was put in between. A list that was
not read yet holds only what changed; reading it adds the rows of the database that did not change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

from bot.domain.records import Key
from storage.databases.sql import Row, Session, Sql, matched
from storage.mappers import Mapper
from storage.shapes import Values, check_key, values_of

UNKNOWN: Any = object()
"""Neither seen nor known to be missing."""

Before = tuple[Key, Any, Any]


class Listed:
    """The records of one list. `whole`: all of them, else only those that changed."""

    __slots__ = ("in_order", "records", "whole")

    def __init__(self) -> None:
        self.records: dict[Key, Any] = {}
        self.whole = False
        self.in_order: tuple[Any, ...] | None = None


class Shelf:
    """The records of one type, as one transaction sees them."""

    def __init__(self, mapper: Mapper, session: Session, sql: Sql) -> None:
        self._mapper = mapper
        self._session = session
        self._sql = sql
        self.key_of = mapper.key_of
        self.known: dict[Key, Any] = {}
        self.changed: dict[Key, Any] = {}
        self._lists: dict[tuple[str, ...], dict[tuple[Any, ...], Listed]] = {}
        self._values: dict[tuple[str, ...], Values] = {}

    def find(self, key: Key) -> Any | None:
        """The record with a key not seen yet."""
        check_key(self._mapper.kind, key)
        for fields, lists in self._lists.items():
            at = _places(self._mapper, fields)
            if at is not None:
                found = lists.get(at(key))
                if found is not None and found.whole:
                    self.known[key] = None
                    return None
        sql = self._sql.find(self._mapper.table, self._mapper.shape.key)
        rows = self._session.rows(sql, self._mapper.key_row(key))
        record = self.known[key] = self._mapper.from_row(rows[0]) if rows else None
        return record

    def load(self, keys: Iterable[Key]) -> None:
        """Load records by key, those not seen yet, in one select."""
        known, mapper = self.known, self._mapper
        missing = list(dict.fromkeys(key for key in keys if key not in known))
        if not missing:
            return
        if len(missing) == 1:
            self.find(missing[0])
            return
        check_key(mapper.kind, missing[0])
        known.update(dict.fromkeys(missing))
        convert, key_of = mapper.from_row, self.key_of
        wanted = [mapper.key_row(key) for key in missing] if mapper.of_key else missing
        for row in matched(self._session, self._sql, mapper.table, mapper.shape.key, wanted):
            record = convert(row)
            known[key_of(record)] = record

    def listed(self, fields: tuple[str, ...], values: tuple[Any, ...]) -> tuple[Any, ...]:
        """The records with these values, in key order."""
        found = self._followed(fields).get(values)
        if found is None or not found.whole:
            found = self._whole(fields, values)
            row = self._mapper.values_row(fields, values)
            self._take_in(found, self._session.rows(self._sql.find(self._mapper.table, fields), row))
        if found.in_order is None:
            records = found.records
            found.in_order = tuple(records[key] for key in sorted(records))
        return found.in_order

    def load_lists(self, fields: tuple[str, ...], wanted: Sequence[tuple[Any, ...]]) -> None:
        """Load several lists by the same fields in one select."""
        lists = self._followed(fields)
        missing = [values for values in dict.fromkeys(wanted) if values not in lists or not lists[values].whole]
        if not missing:
            return
        rows: dict[tuple[Any, ...], list[Row]] = {self._mapper.values_row(fields, values): [] for values in missing}
        names = self._mapper.names
        of = itemgetter(*(names.index(name) for name in fields))
        for row in matched(self._session, self._sql, self._mapper.table, fields, list(rows)):
            rows[of(row) if len(fields) > 1 else (of(row),)].append(row)
        for values, found in zip(missing, rows.values(), strict=True):
            self._take_in(self._whole(fields, values), found)

    def set(self, key: Key, record: Any | None) -> Before:
        """Put a record, or drop it (None). Returns what `restore` needs."""
        before = self.known.get(key, UNKNOWN)
        changed = self.changed.get(key, UNKNOWN)
        self.known[key] = self.changed[key] = record
        if self._lists:
            self._follow(key, None if before is UNKNOWN else before, record)
        return (key, before, changed)

    def restore(self, before: Before) -> None:
        """Undo a `set`."""
        key, record, changed = before
        now = self.known[key]
        if changed is UNKNOWN:
            del self.changed[key]
        else:
            self.changed[key] = changed
        if record is not UNKNOWN:
            self.known[key] = record
            self._follow(key, now, record)
            return
        del self.known[key]
        self._follow(key, now, None)
        for lists in self._lists.values():  # one of them may have left out the row this change stood before
            for found in lists.values():
                found.whole = False

    def flush(self) -> None:
        """Write what changed."""
        mapper = self._mapper
        gone = [mapper.key_row(key) for key, record in self.changed.items() if record is None]
        kept = [mapper.to_row(record) for record in self.changed.values() if record is not None]
        if gone:
            self._session.write(self._sql.delete(mapper.table), gone)
        if kept:
            self._session.write(self._sql.upsert(mapper.table), kept)

    def _followed(self, fields: tuple[str, ...]) -> dict[tuple[Any, ...], Listed]:
        lists = self._lists.get(fields)
        if lists is None:
            lists = self._lists[fields] = {}
            of = self._values[fields] = values_of(fields)
            for key, record in self.changed.items():
                if record is not None:
                    lists.setdefault(of(record), Listed()).records[key] = record
        return lists

    def _follow(self, key: Key, before: Any | None, now: Any | None) -> None:
        for fields, lists in self._lists.items():
            of = self._values[fields]
            if before is not None:
                found = lists.get(of(before))
                if found is not None and found.records.pop(key, None) is not None:
                    found.in_order = None
            if now is not None:
                found = lists.setdefault(of(now), Listed())
                found.records[key] = now
                found.in_order = None

    def _whole(self, fields: tuple[str, ...], values: tuple[Any, ...]) -> Listed:
        found = self._lists[fields].setdefault(values, Listed())
        found.whole = True
        found.in_order = None
        return found

    def _take_in(self, found: Listed, rows: Iterable[Row]) -> None:
        known, changed, records = self.known, self.changed, found.records
        convert, key_of = self._mapper.from_row, self.key_of
        for row in rows:
            record = convert(row)
            key = key_of(record)
            if key not in changed:
                records[key] = known.setdefault(key, record)


def _places(mapper: Mapper, fields: tuple[str, ...]) -> Any:
    """How to take a list's values from a key; None when the key does not hold them all."""
    key = mapper.shape.key
    if not set(fields) <= set(key):
        return None
    places = [key.index(name) for name in fields]
    return itemgetter(*places) if len(places) > 1 else (lambda values: (values[places[0]],))
