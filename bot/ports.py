"""What the core needs of storage: one unit of work for a batch of requests, and snapshots for reading.

The contract every implementation keeps is `tests/contracts/unit_of_work.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar

from bot.domain.dues import Due
from bot.domain.events import Fact
from bot.domain.ids import CommunityId
from bot.domain.records import By, Key, Reads
from bot.outgoing import Claimed, DeadLetter, Lane, Outgoing, Queue

R = TypeVar("R")

INBOX_KEPT_SECONDS = 24 * 3600
"""How long the answer to a request is kept, to be given again to a retry."""

KEPT_LONGER_SECONDS: Final = {"mail:": 400 * 24 * 3600}
"""What begins so is kept longer: a mail may lie somewhere for weeks, and anybody who has it may send it again."""


def kept_seconds(origin: str) -> int:
    """How long it is kept that a request of this origin was answered."""
    longer = (seconds for begins, seconds in KEPT_LONGER_SECONDS.items() if origin.startswith(begins))
    return next(longer, INBOX_KEPT_SECONDS)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a request was answered. `reply` is an encoded view; None when it was confidential and not kept."""

    reply: bytes | None


class Outbox(Protocol):
    """The outbox as the relay works it. All of these run on the writer, inside its transaction."""

    def claim(
        self, now: datetime, owner: str, lease_seconds: float, limit: int, platforms: Sequence[str]
    ) -> list[Claimed]:
        """Lease up to `limit` lanes that are free and due, and return the first undelivered row of each, in order.

        A row in SENDING whose lane's lease ran out comes again with its `rendered`. A REFRESH behind a later state of
        the same subject was merged already; a REFRESH that failed and has a newer waiting row is marked SUPERSEDED.
        """
        ...

    def attempt(self, claimed: Claimed, owner: str, rendered: bytes) -> bool:
        """Mark SENDING with what will be sent, before it is sent. False when the lease was lost."""
        ...

    def delivered(
        self, claimed: Claimed, owner: str, remote: str, now: datetime, pause_seconds: float, *, again: bool = False
    ) -> None:
        """It arrived: keep the platform's id in its placement, free the lane after `pause_seconds`.

        `again`: this may have been marked before, without a word of it having come; then the lane has gone on.
        """
        ...

    def failed(
        self,
        claimed: Claimed,
        owner: str,
        error: str,
        now: datetime,
        retry_seconds: float | None,
        *,
        uncertain: bool = True,
    ) -> None:
        """It did not, or it is not known. Retry after `retry_seconds`, or park it as DEAD (None) and go on.

        `uncertain=False`: the platform certainly did not take it (rate limited), so it may be rendered anew.
        """
        ...

    def retry(self, ids: Sequence[str]) -> list[str]:
        """Send dead letters again, each before what came later in its lane. Returns the ids found, in order.

        One that may have arrived keeps its `rendered`; `attempts` begins at 0 again.
        """
        ...

    def drop(self, ids: Sequence[str], now: datetime) -> list[str]:
        """Dead letters are not to be sent any more: mark them SUPERSEDED. Returns the ids found, in order."""
        ...

    def take_over(self, now: datetime, platform: str = "") -> None:
        """Free every lease, as of now, or one platform's ("": of all): for a process that knows that it alone may send there.

        It holds the database's lock, or the platform's lease (`Leases`).
        """
        ...

    def inherit(self, now: datetime) -> int:
        """Free the lanes of processes that are gone: whose lease (`presence_of` their owner) ran out. Returns how many."""
        ...

    def next_at(self) -> datetime | None:
        """When the next waiting row may be sent; None when nothing waits."""
        ...

    def waiting(self) -> int:
        """How many rows are neither delivered, superseded nor dead."""
        ...


PRESENCE: Final = "relay:"


def presence_of(owner: str) -> str:
    """The lease by which a process that works lanes as `owner` shows that it is there."""
    return PRESENCE + owner


class Leases(Protocol):
    """What one process of several may do, by name: whoever takes a lease does it until it runs out, and renews it before.

    A lease that another takes over has another *fence*, a number that grows: a write that asks for `held` in its own
    transaction is never that of a process which was taken for dead and is not. Times are the database's where it has a
    clock, and else `now`.
    """

    def take(self, name: str, owner: str, seconds: float, now: datetime) -> int | None:
        """Take a lease that is free or ran out, or renew one's own, for so long from now: its fence. None: it is another's."""
        ...

    def held(self, name: str, fence: int) -> bool:
        """Whether nobody took the lease since it had this fence; nobody does until this transaction ends."""
        ...

    def release(self, name: str, fence: int) -> None:
        """Let others take it at once, if it still has this fence."""
        ...

    def take_over(self) -> None:
        """Free every lease: for a process that knows itself to be the only one (it holds the database's lock)."""
        ...


class Backlog(Protocol):
    """The outbox as people look at it, in a snapshot: what was parked, and what waits for long."""

    def dead(self, limit: int) -> list[DeadLetter]:
        """Dead letters, in the order of their communities and of when they were decided."""
        ...

    def waiting_since(self, before: datetime, limit: int) -> list[Queue]:
        """Lanes with rows decided before a time (real) that are still to be delivered, the longest waiting first."""
        ...

    def last_arrived(self, platform: str, limit: int) -> list[tuple[CommunityId, Lane, datetime]]:
        """Lanes of a platform where something arrived within a week, in order, and when (real time) the last did."""
        ...


class UnitOfWork(Reads, Protocol):
    """One transaction over a batch of requests: an identity map that is loaded set-wise and flushed set-wise.

    Reading gives state with all that was put so far. `mark`/`undo` bracket one request: a refusal leaves nothing.
    """

    @property
    def outbox(self) -> Outbox: ...

    @property
    def leases(self) -> Leases: ...

    def prefetch(self, keys: Iterable[tuple[type[Any], Key]], lists: Iterable[tuple[type[Any], By]] = ()) -> None:
        """Load records by key, and lists by field values, in one select per type. Missing ones are remembered as missing."""
        ...

    def put(self, record: Any) -> None:
        """Insert or replace a record."""
        ...

    def drop(self, record: Any) -> None:
        """Delete a record."""
        ...

    def mark(self) -> int:
        """A point to `undo` to."""
        ...

    def undo(self, mark: int) -> None:
        """Forget every put, drop, append, send and remember since `mark`."""
        ...

    def answered(self, community: CommunityId, origin: str) -> Answered | None:
        """What a request of this origin was answered before, in this batch or an earlier one."""
        ...

    def prefetch_answered(self, origins: Iterable[tuple[CommunityId, str]]) -> None:
        """Load earlier answers set-wise."""
        ...

    def remember(self, community: CommunityId, origin: str, reply: bytes | None, now: datetime) -> None:
        """Keep the answer to a request."""
        ...

    def append(self, fact: Fact, origin: str) -> None:
        """Append an event to the community's hash-chained audit log."""
        ...

    def forget(self, community: CommunityId, event: str, subject: tuple[str, Any]) -> None:
        """Erase the private values (and salts) of the events of a type whose field has a value: secret ballots at the close."""
        ...

    def send(self, row: Outgoing) -> None:
        """Put a row in the outbox; waiting rows of one coalescing key become one."""
        ...


@dataclass(frozen=True, slots=True)
class Rows:
    """The records of one type in a community, in key order, as the store keeps them: no two that differ have the same row.

    `names` are the fields of a row, in order; `record` makes the record of one; `values` gives the values of some fields as
    rows have them.
    """

    names: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    record: Callable[[tuple[Any, ...]], Any]
    values: Callable[[tuple[str, ...], tuple[Any, ...]], tuple[Any, ...]]


class Parts(Reads, Protocol):
    """State to be read record by record, or a type in parts: who wants some of many need not read them all."""

    def count(self, kind: type[Any], community: CommunityId) -> int:
        """How many records of a type a community has."""
        ...

    def part(self, kind: type[R], community: CommunityId, number: int, size: int) -> tuple[R, ...]:
        """Its records in key order by so many, those of a part, counted from 1; none where it has no such part."""
        ...


class Snapshot(Parts, Protocol):
    """State at one moment, to be read record by record, in parts, or whole."""

    def rows(self, kind: type[Any], community: CommunityId) -> Rows:
        """Every record of a type in a community, none of them made yet."""
        ...

    def position(self, community: CommunityId) -> int:
        """The number of the community's last logged event; 0 when nothing was ever logged. What is logged changes by it only."""
        ...

    def secret(self, community: CommunityId) -> bytes:
        """What nobody knows who cannot read the community's private values; it stays until the oldest of them is erased.

        Empty where nothing private is kept.
        """
        ...

    def was_answered(self, community: CommunityId, origin: str) -> bool:
        """Whether a request of this origin was answered lately."""
        ...


class Store(Protocol):
    """Where state is kept."""

    def writing(self, communities: Sequence[CommunityId]) -> AbstractContextManager[UnitOfWork]:
        """A unit of work that holds the communities' locks (taken in order); commits on leaving, rolls back on an error."""
        ...

    def reading(self) -> AbstractContextManager[Snapshot]:
        """A read-only snapshot."""
        ...

    def backlog(self) -> AbstractContextManager[Backlog]:
        """A read-only snapshot of the outbox."""
        ...

    def communities(self) -> tuple[CommunityId, ...]:
        """Every community there is."""
        ...

    def due(self, real_now: datetime, limit: int) -> list[tuple[Due, datetime]]:
        """The deadlines that have come by their own community's clock, earliest first, each with that community's now."""
        ...

    def next_due(self, real_now: datetime) -> datetime | None:
        """The real time at which the next deadline comes (running clocks only); None when there is none."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class AuditLog(Protocol):
    """The audit log, to be read, verified and exported."""

    def facts(self, community: CommunityId) -> Iterable[tuple[int, Fact | None]]:
        """(sequence, fact) in order; None for the fact where private values were erased beyond replay."""
        ...


__all__ = [
    "INBOX_KEPT_SECONDS",
    "KEPT_LONGER_SECONDS",
    "PRESENCE",
    "Answered",
    "AuditLog",
    "Backlog",
    "Lane",
    "Leases",
    "Outbox",
    "Parts",
    "Rows",
    "Snapshot",
    "Store",
    "UnitOfWork",
    "kept_seconds",
    "presence_of",
]
