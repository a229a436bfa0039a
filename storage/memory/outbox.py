"""The outbox in memory. The SQL one is `storage.outbox.relaying`; `tests/contracts` holds both to the same behaviour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Protocol

from msgspec.structs import replace as replace_struct

from bot.domain.ids import CommunityId
from bot.domain.records import Shape
from bot.outgoing import Claimed, DeadLetter, Lane, Outgoing, Queue, SendKind, SendState
from bot.ports import presence_of
from storage.memory.leases import Lease
from storage.memory.tables import Table
from storage.outbox.placements import UNSETTLED, Records, placed, remote_of

ALWAYS = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sent:
    """A row of the outbox with what became of it."""

    community: CommunityId
    sequence: int
    row: Outgoing
    place: tuple[str, str, str]
    coalesce: str
    state: SendState = SendState.WAITING
    attempts: int = 0
    rendered: bytes | None = None
    error: str = ""
    parked_at: datetime | None = None
    arrived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A lane: who has leased it, and when it may be claimed again (`next_at`)."""

    community: CommunityId
    place: tuple[str, str, str]
    next_at: datetime = ALWAYS
    owner: str | None = None


OUTBOX_SHAPES: dict[type[Any], Shape] = {
    Sent: Shape(("community", "sequence"), (("community", "place"), ("community", "coalesce")), logged=False),
    Channel: Shape(("community", "place"), (), logged=False),
}


class Tables(Records, Protocol):
    """What it needs of the unit of work it is part of."""

    def own(self, kind: type[Any]) -> Table:
        """A table, to change."""
        ...


class MemoryOutbox:
    """See `bot.ports.Outbox`. It works on what earlier transactions sent; this one's rows join at its commit."""

    def __init__(self, work: Tables) -> None:
        self._work = work

    def claim(
        self, now: datetime, owner: str, lease_seconds: float, limit: int, platforms: Sequence[str]
    ) -> list[Claimed]:
        """Lease lanes that are free and due; the first undelivered row of each, in order."""
        claimed: list[Claimed] = []
        lanes = sorted(self._lanes(), key=lambda lane: (lane.next_at, lane.community, lane.place))
        for lane in lanes:
            if len(claimed) == limit:
                break
            if lane.place[0] not in platforms or lane.next_at > now:
                continue
            first = self._first(lane)
            if first is not None:
                claimed.append(first)
                self._set(replace(lane, owner=owner, next_at=now + timedelta(seconds=lease_seconds)))
        return claimed

    def attempt(self, claimed: Claimed, owner: str, rendered: bytes) -> bool:
        """Mark SENDING with what will be sent."""
        found = self._sent(claimed)
        if found is None or found.state not in UNSETTLED or self._lane(claimed).owner != owner:
            return False
        self._set(replace(found, state=SendState.SENDING, attempts=found.attempts + 1, rendered=rendered))
        return True

    def delivered(
        self, claimed: Claimed, owner: str, remote: str, now: datetime, pause_seconds: float, *, again: bool = False
    ) -> None:
        """It arrived."""
        found = self._sent(claimed)
        marked = found is not None and found.state in UNSETTLED
        if found is not None and marked:
            self._set(replace(found, state=SendState.DELIVERED, error="", arrived_at=now))
            placed(self._work, claimed.row, remote, now)
        if marked or not again:
            self._free(claimed, owner, now, pause_seconds)

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
        """It did not arrive, or it is not known."""
        found = self._sent(claimed)
        if found is not None and found.state in UNSETTLED:
            self._set(self._after_failure(found, error, now, retry_seconds, uncertain))
        self._free(claimed, owner, now, retry_seconds or 0)

    def retry(self, ids: Sequence[str]) -> list[str]:
        """Send dead letters again."""
        found = self._dead(ids)
        for each in found:
            self._set(replace(each, state=SendState.SENDING, attempts=0, parked_at=None))
        return [each.row.id for each in found]

    def drop(self, ids: Sequence[str], now: datetime) -> list[str]:  # noqa: ARG002 - nothing is pruned here
        """Dead letters are not to be sent any more."""
        found = self._dead(ids)
        for each in found:
            self._set(replace(each, state=SendState.SUPERSEDED))
        return [each.row.id for each in found]

    def take_over(self, now: datetime, platform: str = "") -> None:
        """Free every lease, or one platform's: whoever held one is dead."""
        for lane in self._lanes():
            if lane.owner is not None and platform in ("", lane.place[0]):
                self._set(replace(lane, next_at=now, owner=None))

    def inherit(self, now: datetime) -> int:
        """Free the lanes of processes that are gone."""
        leases = self._work.own(Lease).rows.values()
        there = {each.name for each in leases if each.until > now}
        gone = [
            lane for lane in self._lanes()
            if lane.owner is not None and lane.next_at > now and presence_of(lane.owner) not in there
        ]  # fmt: skip
        for lane in gone:
            self._set(replace(lane, next_at=now, owner=None))
        return len(gone)

    def next_at(self) -> datetime | None:
        """When the next row may be sent."""
        return min((lane.next_at for lane in self._lanes() if self._undelivered(lane)), default=None)

    def waiting(self) -> int:
        """How many rows are neither delivered, superseded nor dead."""
        return sum(row.state in UNSETTLED for row in self._work.own(Sent).rows.values())

    def keep(self, rows: Iterable[Outgoing]) -> None:
        """Take in what a transaction sent."""
        for row in rows:
            place = (row.lane.platform, row.lane.team, row.lane.place)
            merged = self._mergeable(row)
            if merged is not None:
                if row.tag:
                    tagged = Outgoing(row.community, merged.row.id, row.lane, row.kind, row.subject, row.view, row.tag)
                    self._set(replace(merged, row=tagged))
                continue
            number = 1 + max((key[1] for key in self._work.own(Sent).rows if key[0] == row.community), default=0)
            self._set(Sent(row.community, number, row, place, row.coalesce))
            if (row.community, place) not in self._work.own(Channel).rows:
                self._set(Channel(row.community, place))

    def _mergeable(self, row: Outgoing) -> Sent | None:
        if not row.coalesce:
            return None
        same = self._work.own(Sent).listed(("community", "coalesce"), (row.community, row.coalesce))
        return next((each for each in same if each.state is SendState.WAITING), None)

    def _first(self, lane: Channel) -> Claimed | None:
        for found in self._undelivered(lane):
            row, remote = found.row, ""
            if row.kind is SendKind.REFRESH:
                remote = remote_of(self._work, row)
                newer = self._mergeable(row) if found.state is SendState.SENDING else None
                if not remote or newer is not None:
                    self._set(replace(found, state=SendState.SUPERSEDED))
                    continue
            return Claimed(row, found.sequence, found.attempts, found.rendered, remote)
        return None

    def _after_failure(
        self, found: Sent, error: str, now: datetime, retry_seconds: float | None, uncertain: bool
    ) -> Sent:
        if retry_seconds is None:
            rendered = found.rendered if uncertain else None
            return replace(found, state=SendState.DEAD, error=error, rendered=rendered, parked_at=now)
        if found.state is SendState.SENDING and self._mergeable(found.row) is not None:
            return replace(found, state=SendState.SUPERSEDED, error=error)
        if uncertain:
            return replace(found, error=error)
        attempts = max(0, found.attempts - int(found.state is SendState.SENDING))
        return replace(found, state=SendState.WAITING, attempts=attempts, rendered=None, error=error)

    def _dead(self, ids: Sequence[str]) -> list[Sent]:
        rows = self._work.own(Sent).rows
        dead = (each for _, each in sorted(rows.items()) if each.state is SendState.DEAD)
        return [each for each in dead if each.row.id in ids]

    def _undelivered(self, lane: Channel) -> list[Sent]:
        rows = self._work.own(Sent).listed(("community", "place"), (lane.community, lane.place))
        return [row for row in rows if row.state in UNSETTLED]

    def _lanes(self) -> list[Channel]:
        return list(self._work.own(Channel).rows.values())

    def _lane(self, claimed: Claimed) -> Channel:
        place = (claimed.row.lane.platform, claimed.row.lane.team, claimed.row.lane.place)
        lane: Channel = self._work.own(Channel).rows[claimed.row.community, place]
        return lane

    def _sent(self, claimed: Claimed) -> Sent | None:
        return self._work.own(Sent).rows.get((claimed.row.community, claimed.sequence))

    def _free(self, claimed: Claimed, owner: str, now: datetime, pause_seconds: float) -> None:
        lane = self._lane(claimed)
        if lane.owner == owner:
            self._set(replace(lane, owner=None, next_at=now + timedelta(seconds=pause_seconds)))

    def _set(self, record: Sent | Channel) -> None:
        table = self._work.own(type(record))
        table.set(table.key_of(record), record)


class MemoryBacklog:
    """See `bot.ports.Backlog`."""

    def __init__(self, sent: Iterable[Sent]) -> None:
        self._sent = sorted(sent, key=lambda each: (each.community, each.sequence))

    def dead(self, limit: int) -> list[DeadLetter]:
        """Dead letters, in the order of their communities and of when they were decided."""
        dead = (each for each in self._sent if each.state is SendState.DEAD)
        return [DeadLetter(each.row, each.error, each.parked_at) for each in islice(dead, limit)]

    def waiting_since(self, before: datetime, limit: int) -> list[Queue]:
        """Lanes with rows decided before a time that are still to be delivered, the longest waiting first."""
        found: dict[tuple[CommunityId, Lane], Queue] = {}
        for each in self._sent:
            at = each.row.at
            if each.state in UNSETTLED and at is not None and at < before:
                key = (each.community, each.row.lane)
                queue = found.get(key) or Queue(*key, 0, at, each.error)
                found[key] = replace_struct(queue, rows=queue.rows + 1, since=min(queue.since, at))
        return sorted(found.values(), key=lambda queue: (queue.since, queue.community, queue.lane))[:limit]

    def last_arrived(self, platform: str, limit: int) -> list[tuple[CommunityId, Lane, datetime]]:
        """Lanes of a platform where something arrived within a week, and when the last did."""
        found: dict[tuple[CommunityId, Lane], datetime] = {}
        for each in self._sent:
            if each.row.lane.platform == platform and each.arrived_at is not None:
                key = (each.community, each.row.lane)
                found[key] = max(each.arrived_at, found.get(key, each.arrived_at))
        return [(*key, found[key]) for key in sorted(found)][:limit]
