"""Leases in memory. The SQL ones are `storage.leases`; `tests/contracts` holds both to the same behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.domain.records import Shape
from storage.memory.tables import Table

NOBODY = ""


@dataclass(frozen=True, slots=True)
class Lease:
    """Who holds it, with which fence, until when."""

    name: str
    owner: str
    fence: int
    until: datetime


LEASE_SHAPES: dict[type[Any], Shape] = {Lease: Shape(("name",), (), logged=False)}


class Tables(Protocol):
    """What it needs of the unit of work it is part of."""

    def own(self, kind: type[Any]) -> Table:
        """A table, to change."""
        ...


class MemoryLeases:
    """See `bot.ports.Leases`."""

    def __init__(self, work: Tables) -> None:
        self._work = work

    def take(self, name: str, owner: str, seconds: float, now: datetime) -> int | None:
        """Take or renew it; None while it is another's."""
        found = self._found(name)
        if found is not None and found.owner not in (owner, NOBODY) and found.until > now:
            return None
        fence = 1 if found is None else found.fence + (found.owner != owner)
        self._keep(Lease(name, owner, fence, now + timedelta(seconds=seconds)))
        return fence

    def held(self, name: str, fence: int) -> bool:
        """Whether it still has this fence."""
        found = self._found(name)
        return found is not None and found.fence == fence and found.owner != NOBODY

    def release(self, name: str, fence: int) -> None:
        """Let go of it."""
        found = self._found(name)
        if found is not None and found.fence == fence:
            self._keep(Lease(name, NOBODY, fence, found.until))

    def take_over(self) -> None:
        """Free them all."""
        for name in list(self._work.own(Lease).rows):
            found = self._work.own(Lease).rows[name]
            self._keep(Lease(found.name, NOBODY, found.fence, found.until))

    def _found(self, name: str) -> Lease | None:
        found: Lease | None = self._work.own(Lease).rows.get((name,))
        return found

    def _keep(self, lease: Lease) -> None:
        self._work.own(Lease).set((lease.name,), lease)
