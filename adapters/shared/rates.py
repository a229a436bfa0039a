"""When messages may go: token buckets for each kind of call in a workspace and a lane; and how retries wait.

Times are seconds of an injected monotonic clock. One process keeps these; what several share of a lane's pace is the
pause the relay keeps in the outbox.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ulp

from bot.outgoing import Lane

BOOKED_SECONDS = 60.0
"""How long after its time a place in the queue that nobody came back for is kept."""

MANY = 4096
"""Buckets kept before the idle ones are forgotten."""


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and when to try again: exponentially later, up to `longest_seconds`, with jitter.

    `attempts` is for a platform that does not answer (the default is some 18 hours), `bugs` for a sender that raises
    what it should not, `renders` for what cannot be shown. Being rate limited counts for none of them.
    """

    attempts: int = 100
    bugs: int = 10
    renders: int = 3
    first_seconds: float = 1.0
    longest_seconds: float = 900.0

    def after(self, tries: int, chance: float) -> float:
        """Seconds to wait after the attempt with this number (from 1); `chance` is in [0, 1)."""
        return min(self.longest_seconds, self.first_seconds * 2.0 ** min(tries - 1, 64)) * (0.5 + chance / 2)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second in the long run, `burst` at once after a rest."""

    per_second: float
    burst: int = 1


class Bucket:
    """A token bucket, kept as the one time at which it will be full again (GCRA, the generic cell rate algorithm)."""

    __slots__ = ("_full_at", "_held_until", "_used_at", "rate")

    def __init__(self, rate: Rate | None, now: float) -> None:
        self.rate = rate
        self._full_at = now
        self._held_until = now
        self._used_at = float("-inf")

    def wait(self, now: float) -> float:
        """Seconds until there is a token."""
        return max(0.0, self._full_at - self._allowance - now, self._held_until - now)

    def take(self, now: float) -> float:
        """Take the next token, and say in how many seconds it may be used."""
        wait = self.wait(now)
        self._full_at = max(self._full_at, now) + self._interval
        return wait

    def give_back(self, now: float) -> None:
        """The last token was not needed."""
        self._full_at = max(now, self._full_at - self._interval)

    def too_soon(self, now: float) -> float:
        """Seconds by which using a token now would follow the last use too closely, where there is no burst.

        Whoever comes late for a token may not push the next one against its neighbour.
        """
        apart = self._interval if self.rate is not None and self.rate.burst == 1 else 0.0
        return max(0.0, self._used_at + apart - now)

    def used(self, now: float) -> None:
        """A token was used."""
        self._used_at = now

    def hold(self, seconds: float, now: float) -> None:
        """Give nothing for so long (the platform said so), then one after the other. Forgets tokens taken ahead."""
        self._held_until = max(self._held_until, now + seconds)
        self._full_at = self._held_until + self._allowance

    def idle(self, now: float) -> bool:
        """Whether forgetting it would change nothing."""
        return self._full_at <= now and not self.too_soon(now)

    @property
    def _interval(self) -> float:
        return 1 / self.rate.per_second if self.rate else 0.0

    @property
    def _allowance(self) -> float:
        return self._interval * (self.rate.burst - 1) if self.rate else 0.0


class Rates:
    """Who may send when. A lane that has to wait keeps its place in its pool's queue until it comes back.

    A pool is one of a workspace's budgets: edits do not use up what posts may, nor the other way round.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._now = monotonic
        self._buckets: dict[tuple[str, ...], Bucket] = {}
        self._booked: dict[tuple[Lane, str], float] = {}
        self._held: dict[tuple[str, str], float] = {}

    def admit(self, lane: Lane, pool: str, lane_rate: Rate | None, pool_rate: Rate | None) -> float:
        """0.0: send now. Otherwise come back in so many seconds; the place in the queue is kept until then."""
        now = self._now()
        at = self._booked.pop((lane, pool), None)
        if at is None or at < now - BOOKED_SECONDS:
            in_lane = self._bucket(_in_lane(lane, pool), lane_rate).take(now)
            in_pool = self._pool(lane, pool, pool_rate).take(now)
            at = now + max(in_lane, in_pool)
        of_pool = self._pool(lane, pool, pool_rate)
        at = max(at, now + of_pool.too_soon(now))
        if at <= now + 4 * ulp(now):  # adding up rounds: a wait too short to make a difference is none
            of_pool.used(now)
            return 0.0
        self._booked[lane, pool] = at
        return at - now

    def pause(self, lane: Lane, pool: str) -> float:
        """Seconds until the lane itself may take another call of the pool."""
        bucket = self._buckets.get(_in_lane(lane, pool))
        return bucket.wait(self._now()) if bucket else 0.0

    def hold(self, lane: Lane, pool: str | None, seconds: float) -> None:
        """Nothing of a pool in the lane's workspace for so long (None: of no pool); the queues for it form anew."""
        now, workspace = self._now(), (lane.platform, lane.team)
        for each, of in [*self._booked]:
            if (each.platform, each.team) == workspace and pool in (None, of):
                del self._booked[each, of]
        if pool is not None:
            found = self._buckets.get((*workspace, pool))
            self._pool(lane, pool, found.rate if found else None).hold(seconds, now)
            return
        self._held[workspace] = max(self._held.get(workspace, now), now + seconds)
        for key, bucket in self._buckets.items():
            if len(key) == len(workspace) + 1 and key[:2] == workspace:
                bucket.hold(seconds, now)

    def _pool(self, lane: Lane, pool: str, rate: Rate | None) -> Bucket:
        key, now = (lane.platform, lane.team, pool), self._now()
        new = key not in self._buckets
        bucket = self._bucket(key, rate)
        held = self._held.get((lane.platform, lane.team), now) - now
        if new and held > 0:
            bucket.hold(held, now)
        return bucket

    def _bucket(self, key: tuple[str, ...], rate: Rate | None) -> Bucket:
        found = self._buckets.get(key)
        if found is None:
            if len(self._buckets) >= MANY:
                self._forget_idle()
            found = self._buckets[key] = Bucket(rate, self._now())
        found.rate = rate
        return found

    def _forget_idle(self) -> None:
        now = self._now()
        self._buckets = {key: bucket for key, bucket in self._buckets.items() if not bucket.idle(now)}
        self._booked = {each: at for each, at in self._booked.items() if at >= now - BOOKED_SECONDS}
        self._held = {workspace: until for workspace, until in self._held.items() if until > now}


def _in_lane(lane: Lane, pool: str) -> tuple[str, ...]:
    return (lane.platform, lane.team, lane.place, pool)
