"""The outbox in SQL, as the relay works it. How rows get into it: `storage.outbox.queueing`.

A lane (channel) has a row of its own that says whether anything waits there, who works it and when it may be worked
next: a lease that ran out and a pause that is over look the same. A claim of a lane whose holder died finds its first
row SENDING, with what was rendered: the same body goes out again under the same id.

Its marks are written at once, and are not undone by `undo`: the relay gives them requests of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from bot.domain.ids import CommunityId
from bot.outgoing import Claimed, Lane, Outgoing, SendKind, SendState
from bot.view import View
from storage.databases.sql import Row, Session, Sql
from storage.instants import EPOCH
from storage.leases import server_time
from storage.outbox.placements import Records, placed, remote_of
from storage.pruning import AT_ONCE, Pruning

KEPT = timedelta(days=7)
"""How long delivered and superseded rows are kept. Dead ones stay until somebody looks."""

_view: Any = msgspec.json.Decoder(View).decode

WAITING, SENDING, DELIVERED, DEAD, SUPERSEDED = (int(state) for state in SendState)


class SqlOutbox:
    """See `bot.ports.Outbox`. It works on what earlier transactions sent; this one's rows join at its commit."""

    def __init__(self, work: Records, session: Session, sql: Sql, pruning: Pruning) -> None:
        self._pruning = pruning
        self._work = work
        self._session = session
        self._sql = sql

    def claim(
        self, now: datetime, owner: str, lease_seconds: float, limit: int, platforms: Sequence[str]
    ) -> list[Claimed]:
        """Lease lanes that are free and due; the first undelivered row of each, in order."""
        if self._pruning.due("outbox", now):
            self._run("prune", self._sql.to_instant(now - KEPT), AT_ONCE)
        moment = self._sql.to_instant(now)
        lease = self._sql.to_instant(now + timedelta(seconds=lease_seconds))
        claimed: list[Claimed] = []
        lanes = self._sql.text("outbox.lanes")
        names = [(platform,) for platform in platforms]
        while len(claimed) < limit and names:
            found = self._session.matching(lanes, names, (moment, limit - len(claimed)))
            before = len(claimed)
            for lane in found:
                first = self._first(lane, moment)
                if first is None:
                    self._run("rest", *lane)
                else:
                    claimed.append(first)
                    self._run("lease", lease, owner, *lane)
            if len(claimed) - before == len(found):
                break
        return claimed

    def attempt(self, claimed: Claimed, owner: str, rendered: bytes) -> bool:
        """Mark SENDING with what will be sent."""
        if self._rows("owner", *_lane(claimed)) != [(owner,)]:
            return False
        return self._run("attempt", rendered, *_key(claimed)) == 1

    def delivered(
        self, claimed: Claimed, owner: str, remote: str, now: datetime, pause_seconds: float, *, again: bool = False
    ) -> None:
        """It arrived."""
        self._rows("owner", *_lane(claimed))  # lanes are locked before their rows, here as where rows are put in
        moment = self._sql.to_instant(now)
        marked = self._run("settle", DELIVERED, "", moment, *_key(claimed)) == 1
        if marked:
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
        self._rows("owner", *_lane(claimed))  # as in `delivered`
        key = _key(claimed)
        if retry_seconds is None:
            if not uncertain:
                self._run("forget_body", *key)
            self._run("settle", DEAD, error, self._sql.to_instant(now), *key)
        elif self._superseded(claimed):
            self._run("settle", SUPERSEDED, error, self._sql.to_instant(now), *key)
        elif uncertain:
            self._run("note", error, *key)
        else:
            self._run("renew", error, *key)
        self._free(claimed, owner, now, retry_seconds or 0)

    def retry(self, ids: Sequence[str]) -> list[str]:
        """Send dead letters again."""
        found = self._dead(ids)
        for _, sequence, community, *_ in found:
            self._run("revive", community, sequence)
        lanes = sorted({tuple(lane) for _, _, *lane in found})
        if lanes:
            always = self._sql.to_instant(EPOCH)
            self._session.write(self._sql.text("outbox.wake"), [(*lane, 1, always, None) for lane in lanes])
        return [row[0] for row in found]

    def drop(self, ids: Sequence[str], now: datetime) -> list[str]:
        """Dead letters are not to be sent any more."""
        found = self._dead(ids)
        for _, sequence, community, *_ in found:
            self._run("drop", self._sql.to_instant(now), community, sequence)
        return [row[0] for row in found]

    def take_over(self, now: datetime, platform: str = "") -> None:
        """Free every lease, or one platform's."""
        if platform:
            self._run("take_over_of", self._sql.to_instant(now), platform)
        else:
            self._run("take_over", self._sql.to_instant(now))

    def inherit(self, now: datetime) -> int:
        """Free the lanes of processes that are gone."""
        alive = self._sql.to_instant(server_time(self._session, self._sql, now))
        moment = self._sql.to_instant(now)
        freed = self._run("inherit", moment, moment, alive)
        self._session.run(self._sql.text("leases.forget"), (alive,))
        return freed

    def next_at(self) -> datetime | None:
        """When the next row may be sent."""
        ((found,),) = self._rows("next_at")
        return None if found is None else self._sql.from_instant(found)

    def waiting(self) -> int:
        """How many rows are neither delivered, superseded nor dead."""
        ((count,),) = self._rows("waiting")
        return int(count)

    def _dead(self, ids: Sequence[str]) -> list[Row]:
        wanted = [(id_,) for id_ in dict.fromkeys(ids)]
        return self._session.matching(self._sql.text("outbox.dead_among"), wanted)

    def _first(self, lane: Row, moment: Any) -> Claimed | None:
        while rows := self._rows("first", *lane):
            state, claimed = self._claimed(rows[0])
            if claimed.row.kind is not SendKind.REFRESH:
                return claimed
            remote = remote_of(self._work, claimed.row)
            if remote and not (state == SENDING and self._newer(claimed)):
                return msgspec.structs.replace(claimed, remote=remote)
            self._run("settle", SUPERSEDED, "", moment, *_key(claimed))
        return None

    def _claimed(self, row: Row) -> tuple[int, Claimed]:
        *first, state, attempts, rendered, queued_at, under = row
        body = None if rendered is None else bytes(rendered)
        return state, Claimed(outgoing(self._sql, (*first, queued_at, under)), row[1], attempts, body, "")

    def _superseded(self, claimed: Claimed) -> bool:
        """Whether a row that was attempted has a newer one that shows the same."""
        return self._rows("state", *_key(claimed)) == [(SENDING,)] and self._newer(claimed)

    def _newer(self, claimed: Claimed) -> bool:
        coalesce = claimed.row.coalesce
        return bool(coalesce) and bool(self._rows("newer", claimed.row.community, coalesce))

    def _free(self, claimed: Claimed, owner: str, now: datetime, pause_seconds: float) -> None:
        lane = _lane(claimed)
        again = self._sql.to_instant(now + timedelta(seconds=pause_seconds))
        if self._run("free", again, *lane, owner) and not self._rows("first", *lane):
            self._run("rest", *lane)

    def _rows(self, name: str, *parameters: Any) -> list[Row]:
        return self._session.rows(self._sql.text(f"outbox.{name}"), parameters)

    def _run(self, name: str, *parameters: Any) -> int:
        return self._session.run(self._sql.text(f"outbox.{name}"), parameters)


def _key(claimed: Claimed) -> Row:
    return (claimed.row.community, claimed.sequence)


def _lane(claimed: Claimed) -> Row:
    lane = claimed.row.lane
    return (claimed.row.community, lane.platform, lane.team, lane.place)


def outgoing(sql: Sql, row: Row) -> Outgoing:
    """A row of the outbox: community, sequence, id, lane, kind, subject, view, tag, and since when and under what."""
    community, _, id_, platform, team, place, kind, subject, view, tag, queued_at, under = row
    return Outgoing(
        CommunityId(community),
        id_,
        Lane(platform, team, place),
        SendKind(kind),
        subject,
        None if view is None else _view(view),
        tag,
        None if queued_at is None else sql.from_instant(queued_at),
        under or "",
    )
