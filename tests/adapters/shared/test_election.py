"""Elections: one process at a time, the next one when it is gone, and none that goes on after it is deposed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from adapters.shared.election import LEASE_SECONDS, Election
from adapters.shared.writer import Writer
from bot.engine import Engine
from bot.ports import UnitOfWork
from storage.memory import MemoryStore

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)


class Time:
    """Time that passes when somebody sleeps, or is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        end = self.seconds + seconds
        while self.seconds < end:  # noqa: ASYNC110 - simulated
            await asyncio.sleep(0)


@pytest.fixture
def writer() -> Iterator[Writer]:
    with Writer(Engine(MemoryStore())) as made:
        yield made


class Seat:
    """One process: what it holds, and how often it won."""

    def __init__(self, writer: Writer, time: Time) -> None:
        self.won = 0
        self.election = Election(
            writer, "matrix", self._won, owner=str(id(self)), now=time.now, monotonic=time.monotonic, sleep=time.sleep
        )

    def _won(self, _: UnitOfWork) -> None:
        self.won += 1


async def holds(writer: Writer, seat: Seat) -> bool:
    return await asyncio.wrap_future(writer.call(seat.election.holds))


async def until(task: asyncio.Task[None], time: Time, most: float) -> float:
    """Let time pass until a task is done; how long it took."""
    begun = time.seconds
    while not task.done():
        assert time.seconds - begun <= most, task
        time.seconds += 0.25
        for _ in range(20):
            await asyncio.sleep(0.0005)
    await task
    return time.seconds - begun


def test_the_next_one_takes_over_when_the_holder_is_gone(writer: Writer) -> None:
    async def story() -> None:
        time = Time()
        first, second = Seat(writer, time), Seat(writer, time)
        await first.election.gain()
        assert await holds(writer, first)
        waiting = asyncio.create_task(second.election.gain())
        # as long as the first renews it, the second waits
        losing = asyncio.create_task(first.election.lose())
        for _ in range(80):
            time.seconds += 0.25
            await asyncio.sleep(0.002)
        assert not waiting.done()
        assert not losing.done()
        assert second.election.elsewhere
        # killed
        losing.cancel()
        assert await until(waiting, time, 15) <= LEASE_SECONDS + 2
        assert (first.won, second.won) == (1, 1)
        assert not await holds(writer, first)
        assert await holds(writer, second)

    asyncio.run(story())


def test_who_was_frozen_knows_it_before_another_begins(writer: Writer) -> None:
    async def story() -> None:
        time = Time()
        first, second = Seat(writer, time), Seat(writer, time)
        await first.election.gain()
        time.seconds += LEASE_SECONDS
        assert not first.election.held  # by its own clock, without asking
        await second.election.gain()
        assert not await holds(writer, first)
        await first.election.lose()
        assert not first.election.held

    asyncio.run(story())


def test_who_ends_in_good_order_is_followed_at_once(writer: Writer) -> None:
    async def story() -> None:
        time = Time()
        first, second = Seat(writer, time), Seat(writer, time)
        await first.election.gain()
        await first.election.resign()
        await second.election.gain()
        assert time.seconds == 0
        assert await holds(writer, second)
        await first.election.resign()  # a second time, and it is another's: nothing happens
        assert await holds(writer, second)

    asyncio.run(story())


def test_a_database_that_does_not_answer_deposes(writer: Writer) -> None:
    async def story() -> None:
        time = Time()
        seat = Seat(writer, time)
        await seat.election.gain()
        blocked = asyncio.Event()
        loop = asyncio.get_running_loop()

        def hang(work: UnitOfWork) -> None:
            asyncio.run_coroutine_threadsafe(blocked.wait(), loop).result()

        hanging = writer.call(hang)
        losing = asyncio.create_task(seat.election.lose())
        await until(losing, time, LEASE_SECONDS + 0.5)
        assert not seat.election.held
        blocked.set()
        await asyncio.wrap_future(hanging)

    asyncio.run(story())
