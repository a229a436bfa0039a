"""Reading records from a database in one snapshot or transaction, each read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from bot.domain.events import Fact
from bot.domain.ids import CommunityId
from bot.domain.records import Key
from bot.ports import Rows
from storage import inbox
from storage.audit import log as audit
from storage.audit.chain import Entry, Head, Unreadable, secret_of
from storage.databases.sql import Session, Sql
from storage.mappers import mapper_of
from storage.shapes import listed, shape_of
from storage.shelf import Shelf

R = TypeVar("R")


class SqlReads:
    """State as one transaction sees it. See `bot.domain.records.Reads`."""

    def __init__(self, session: Session, sql: Sql) -> None:
        self._session = session
        self._sql = sql
        self._shelves: dict[type[Any], Shelf] = {}

    def get(self, kind: type[R], *key: Any) -> R | None:
        """The record with this key. Raises `TypeError` for a key of another length."""
        shelf = self._shelves.get(kind) or self._shelf(kind)
        try:
            found: R | None = shelf.known[key]
        except KeyError:
            found = shelf.find(key)
        return found

    def all(self, kind: type[R], **by: Any) -> tuple[R, ...]:
        """The records with these field values, in key order. Raises `LookupError` for a list not declared."""
        fields = listed(kind, tuple(by))
        shelf = self._shelves.get(kind) or self._shelf(kind)
        return shelf.listed(fields, tuple([by[name] for name in fields]))

    def prefetch(
        self,
        keys: Iterable[tuple[type[Any], Key]],
        lists: Iterable[tuple[type[Any], tuple[tuple[str, Any], ...]]] = (),
    ) -> None:
        """Load records by key and lists by values, in one select per type (and list). Missing ones are remembered."""
        by_kind: dict[type[Any], list[Key]] = {}
        for kind, key in keys:
            by_kind.setdefault(kind, []).append(key)
        for kind, wanted in by_kind.items():
            self._shelf(kind).load(wanted)
        by_fields: dict[tuple[type[Any], tuple[str, ...]], list[tuple[Any, ...]]] = {}
        for kind, pairs in lists:
            values = dict(pairs)
            fields = listed(kind, tuple(values))
            by_fields.setdefault((kind, fields), []).append(tuple(values[name] for name in fields))
        for (kind, fields), several in by_fields.items():
            self._shelf(kind).load_lists(fields, several)

    def scan(self, kind: type[R], community: CommunityId) -> Iterator[R | Unreadable]:
        """Every record of a type in a community as the database has it, in key order, without holding them all."""
        mapper = mapper_of(kind, native=self._sql.native)
        for row in self._session.each(self._sql.scan(mapper.table), (community,)):
            try:
                record: R = mapper.from_row(row)
            except (LookupError, ValueError, TypeError) as error:
                yield Unreadable(row[: len(mapper.shape.key)], repr(error))
            else:
                yield record

    def rows(self, kind: type[Any], community: CommunityId) -> Rows:
        """Every record of a type in a community, none of them made yet: what is damaged is told by whoever makes it."""
        mapper = mapper_of(kind, native=self._sql.native)
        found = list(self._session.each(self._sql.scan(mapper.table), (community,)))
        return Rows(mapper.names, found, mapper.from_row, mapper.values_row)

    def count(self, kind: type[Any], community: CommunityId) -> int:
        """How many records of a type a community has."""
        ((count,),) = self._session.rows(self._sql.count(mapper_of(kind, native=self._sql.native).table), (community,))
        return int(count)

    def part(self, kind: type[R], community: CommunityId, number: int, size: int) -> tuple[R, ...]:
        """The records of a part in key order, parts of this size counted from 1."""
        mapper = mapper_of(kind, native=self._sql.native)
        rows = self._session.rows(self._sql.part(mapper.table), (community, size, (number - 1) * size))
        return tuple(mapper.from_row(each) for each in rows)

    def entries(self, community: CommunityId) -> Iterator[Entry]:
        """The community's audit log, in order."""
        return audit.entries(self._session, self._sql, community)

    def head(self, community: CommunityId) -> Head | None:
        """Where the community's audit log ends; None when nothing was ever logged."""
        return audit.heads(self._session, self._sql, (community,)).get(community)

    def position(self, community: CommunityId) -> int:
        """The number of the community's last logged event; 0 when nothing was ever logged."""
        found = self.head(community)
        return found.sequence if found is not None else 0

    def secret(self, community: CommunityId) -> bytes:
        """What nobody knows who cannot read the community's private values."""
        return secret_of(self.entries(community))

    def was_answered(self, community: CommunityId, origin: str) -> bool:
        """Whether a request of this origin was answered lately."""
        return bool(inbox.answers(self._session, self._sql, [(community, origin)]))

    def facts(self, community: CommunityId) -> Iterator[tuple[int, Fact | None]]:
        """(sequence, fact) in order; None for the fact where private values were erased."""
        return ((entry.sequence, entry.fact(community)) for entry in self.entries(community))

    def _shelf(self, kind: type[Any]) -> Shelf:
        shelf = self._shelves.get(kind)
        if shelf is None:
            shape_of(kind)
            shelf = Shelf(mapper_of(kind, native=self._sql.native), self._session, self._sql)
            self._shelves[kind] = shelf
        return shelf
