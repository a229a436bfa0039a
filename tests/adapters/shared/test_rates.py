"""Rates: what a bucket lets through in any stretch of time, places kept in the queue, and how retries wait."""

from __future__ import annotations

from collections import deque
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.shared import rates
from adapters.shared.rates import BOOKED_SECONDS, Bucket, Rate, Rates, Retries
from bot.outgoing import Lane

ROOM = Lane("slack", "T1", "C1")
NEXT_ROOM = Lane("slack", "T1", "C2")
ELSEWHERE = Lane("slack", "T2", "C1")
SLOW = Rate(1.0)
POST, EDIT = "post", "edit"


class Seconds:
    """A monotonic clock that stands still until it is told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


# Buckets


def test_a_burst_goes_at_once_and_the_rest_at_the_rate() -> None:
    bucket = Bucket(Rate(2.0, burst=3), 0.0)
    assert [bucket.take(0.0) for _ in range(6)] == [0.0, 0.0, 0.0, 0.5, 1.0, 1.5]


def test_a_rest_fills_the_bucket_and_no_more() -> None:
    bucket = Bucket(Rate(1.0, burst=2), 0.0)
    bucket.take(0.0)
    assert [bucket.take(1000.0) for _ in range(3)] == [0.0, 0.0, 1.0]


def test_without_a_rate_there_is_always_a_token() -> None:
    bucket = Bucket(None, 0.0)
    assert {bucket.take(0.0) for _ in range(100)} == {0.0}


def test_held_for_so_long_it_then_goes_one_after_the_other() -> None:
    bucket = Bucket(Rate(1.0, burst=5), 0.0)
    bucket.hold(30.0, 0.0)
    assert [bucket.take(0.0) for _ in range(3)] == [30.0, 31.0, 32.0]


def test_a_shorter_hold_does_not_shorten_a_longer_one() -> None:
    bucket = Bucket(None, 0.0)
    bucket.hold(30.0, 0.0)
    bucket.hold(10.0, 5.0)
    assert bucket.wait(5.0) == 25.0


@given(
    st.floats(0.1, 100),
    st.integers(1, 20),
    st.lists(st.floats(0, 10), min_size=1, max_size=80),
)
def test_no_stretch_of_time_sees_more_than_the_rate_and_one_burst(
    per_second: float, burst: int, gaps: list[float]
) -> None:
    bucket, now, used = Bucket(Rate(per_second, burst), 0.0), 0.0, list[float]()
    for gap in gaps:
        now += gap
        used.append(now + bucket.take(now))
    for first in range(len(used)):
        for last in range(first, len(used)):
            allowed = burst + (used[last] - used[first]) * per_second
            assert last - first + 1 <= allowed + 1e-6


# Lanes, workspaces and pools


def test_a_lane_waits_for_itself_and_not_for_others() -> None:
    clock = Seconds()
    gate = Rates(clock)
    assert gate.admit(ROOM, POST, SLOW, None) == 0.0
    assert gate.pause(ROOM, POST) == 1.0
    assert gate.pause(NEXT_ROOM, POST) == 0.0
    assert gate.admit(NEXT_ROOM, POST, SLOW, None) == 0.0
    assert gate.admit(ROOM, POST, SLOW, None) == 1.0


def test_a_workspace_is_one_queue_for_its_lanes() -> None:
    gate = Rates(Seconds())
    assert gate.admit(ROOM, POST, None, SLOW) == 0.0
    assert gate.admit(NEXT_ROOM, POST, None, SLOW) == 1.0
    assert gate.admit(ELSEWHERE, POST, None, SLOW) == 0.0


def test_a_lane_that_comes_back_has_kept_its_place() -> None:
    clock = Seconds()
    gate = Rates(clock)
    lanes = [Lane("slack", "T1", f"C{number}") for number in range(5)]
    assert [gate.admit(lane, POST, None, SLOW) for lane in lanes] == [0.0, 1.0, 2.0, 3.0, 4.0]
    clock.now += 0.5
    assert gate.admit(lanes[3], POST, None, SLOW) == 2.5
    clock.now += 2.5
    assert gate.admit(lanes[3], POST, None, SLOW) == 0.0
    assert gate.admit(lanes[1], POST, None, SLOW) == 1.0  # its turn has long come, but not beside another's


def test_a_place_nobody_came_back_for_is_given_up() -> None:
    clock = Seconds()
    gate = Rates(clock)
    gate.admit(ROOM, POST, None, SLOW)
    gate.admit(NEXT_ROOM, POST, None, SLOW)
    clock.now += BOOKED_SECONDS + 2
    gate.admit(ROOM, POST, None, SLOW)
    assert gate.admit(NEXT_ROOM, POST, None, SLOW) == 1.0


def test_a_workspace_that_is_held_forms_its_queue_anew() -> None:
    clock = Seconds()
    gate = Rates(clock)
    gate.admit(ROOM, POST, None, SLOW)
    assert gate.admit(NEXT_ROOM, POST, None, SLOW) == 1.0
    assert gate.admit(ELSEWHERE, POST, None, SLOW) == 0.0
    gate.hold(ROOM, POST, 30)
    clock.now += 1.0
    assert gate.admit(NEXT_ROOM, POST, None, SLOW) == 29.0
    assert gate.admit(ROOM, POST, None, SLOW) == 30.0
    assert gate.admit(ELSEWHERE, POST, None, SLOW) == 0.0


def test_a_workspace_nobody_has_sent_to_can_be_held() -> None:
    gate = Rates(Seconds())
    gate.hold(ROOM, POST, 5)
    assert gate.admit(ROOM, POST, None, None) == 5.0


def test_a_pool_of_calls_does_not_use_up_what_another_may() -> None:
    clock = Seconds()
    gate = Rates(clock)
    assert gate.admit(ROOM, EDIT, None, SLOW) == 0.0
    assert gate.admit(NEXT_ROOM, EDIT, None, SLOW) == 1.0
    assert gate.admit(NEXT_ROOM, POST, SLOW, SLOW) == 0.0
    assert (gate.pause(NEXT_ROOM, POST), gate.pause(NEXT_ROOM, EDIT)) == (1.0, 0.0)
    clock.now += 1.0
    assert gate.admit(NEXT_ROOM, EDIT, None, SLOW) == 0.0


def test_one_pool_is_held_and_the_others_go_on() -> None:
    gate = Rates(Seconds())
    gate.admit(ROOM, EDIT, None, SLOW)
    gate.hold(ROOM, EDIT, 30)
    assert gate.admit(NEXT_ROOM, EDIT, None, SLOW) == 30.0
    assert gate.admit(NEXT_ROOM, POST, None, SLOW) == 0.0


def test_every_pool_is_held_even_those_nobody_took_from_yet() -> None:
    clock = Seconds()
    gate = Rates(clock)
    gate.admit(ROOM, EDIT, None, SLOW)
    assert gate.admit(NEXT_ROOM, EDIT, None, SLOW) == 1.0
    gate.hold(ROOM, None, 30)
    clock.now += 1.0
    assert gate.admit(NEXT_ROOM, EDIT, None, SLOW) == 29.0
    assert gate.admit(NEXT_ROOM, POST, None, SLOW) == 29.0
    assert gate.admit(ELSEWHERE, POST, None, SLOW) == 0.0
    clock.now += 30.0
    assert gate.admit(ROOM, "home", None, SLOW) == 0.0


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0, 3)), max_size=60))
def test_however_lanes_come_and_go_a_workspace_keeps_its_rate(visits: list[tuple[int, float]]) -> None:
    """Each lane comes, is told to wait, and comes back when it was told to, or later."""
    clock, admitted = Seconds(), list[float]()
    gate, coming = Rates(clock), deque(visits)
    while coming:
        number, gap = coming.popleft()
        clock.now += gap
        wait = gate.admit(Lane("slack", "T1", f"C{number}"), POST, None, SLOW)
        if wait == 0.0:
            admitted.append(clock.now)
        elif number % 2:
            clock.now += wait
            assert gate.admit(Lane("slack", "T1", f"C{number}"), POST, None, SLOW) == 0.0
            admitted.append(clock.now)
    # those who come late for their place may stand beside the next, so the rate holds in the long run
    for first in range(len(admitted)):
        elapsed = admitted[-1] - admitted[first]
        assert len(admitted) - first <= elapsed + 1 + len({number for number, _ in visits}) + 1e-6


def test_idle_buckets_are_forgotten_when_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MANY", 10)
    clock = Seconds()
    gate = Rates(clock)
    for number in range(500):
        gate.admit(Lane("slack", "T1", f"@U{number}"), POST, SLOW, None)
        clock.now += 5
    assert len(gate._buckets) <= 10


# Retries


def test_retries_come_later_and_later_up_to_a_limit() -> None:
    retries = Retries(first_seconds=1.0, longest_seconds=60.0)
    assert [retries.after(tries, 1.0) for tries in (1, 2, 3, 6, 7, 8, 5000)] == [1, 2, 4, 32, 60, 60, 60]


def test_chance_spreads_them_over_half_the_time() -> None:
    assert Retries(first_seconds=10.0).after(1, 0.0) == 5.0


@given(st.lists(st.floats(0, 5), min_size=2, max_size=30))
def test_whoever_comes_late_stands_no_closer_to_the_next(late: list[float]) -> None:
    """Each lane comes back some seconds after its turn; edits of the workspace still stand 1.5 s apart."""
    clock, one = Seconds(), Rate(1 / 1.5)
    admitted = Rates(clock)
    lanes = deque((Lane("slack", "T1", f"C{at}"), extra) for at, extra in enumerate(late))
    coming = sorted((clock.now, number, lane, extra) for number, (lane, extra) in enumerate(lanes))
    went = []
    while coming:
        at, number, lane, extra = coming.pop(0)
        clock.now = max(clock.now, at)
        wait = admitted.admit(lane, EDIT, None, one)
        if wait:
            coming = sorted([*coming, (clock.now + wait + extra, number, lane, 0.0)])
        else:
            went.append(clock.now)
    assert len(went) == len(late)
    assert all(after - before >= 1.5 - 1e-6 for before, after in pairwise(went))
