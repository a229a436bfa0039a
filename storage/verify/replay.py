"""State made anew from the log alone: facts applied in order to empty tables in memory, with nothing else written."""

from __future__ import annotations

from typing import Any

from bot.domain.events import Fact, apply
from bot.domain.ids import CommunityId
from bot.domain.records import SHAPES, Gone, Key
from storage.memory import MemoryReads
from storage.memory.tables import Table


class Replay(MemoryReads):
    """State as it follows from the facts given so far."""

    def __init__(self) -> None:
        self._made: dict[type[Any], Table] = {}
        super().__init__(self._made, {})

    def add(self, fact: Fact) -> None:
        """Let a fact happen."""
        for change in apply(self, fact):
            record = change.record if type(change) is Gone else change
            table = self._made.get(type(record))
            if table is None:
                table = self._made[type(record)] = Table(SHAPES[type(record)])
            table.set(table.key_of(record), None if record is not change else record)

    def by_key(self, kind: type[Any], community: CommunityId) -> dict[Key, Any]:
        """The records of a type in a community, by key."""
        table = self._made.get(kind)
        return {} if table is None else {key: record for key, record in table.rows.items() if key[0] == community}
