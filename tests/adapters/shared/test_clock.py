"""Duties and the clock: every deadline is met once, a duty that cannot be done harms no other, and the clock wakes in time."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest

from adapters.shared import clock
from adapters.shared.clock import AT_ONCE, PATROL, Clock, Duties
from adapters.shared.writer import Writer
from bot.command import COMMANDS, Arguments
from bot.context import Context, DecidingContext, Request, Space
from bot.domain.community import Community
from bot.domain.dues import Due, DueKind
from bot.domain.errors import NotNow
from bot.domain.ids import CommunityId
from bot.domain.people import Role
from bot.engine import Engine
from bot.founding import Foundation, Founder, found
from bot.ports import Store, UnitOfWork
from bot.text import T
from bot.view import Notice

MAG = CommunityId("mag")
OTHER = CommunityId("other")
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@dataclass
class World:
    """Two communities with deadlines, kept by a command that takes them away, or refuses, or fails."""

    store: Store
    now: datetime = NOON
    asked: list[Request] = field(default_factory=list)
    refusing: set[str] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)
    doing: Callable[[UnitOfWork, Due], object] = lambda work, due: None

    def __post_init__(self) -> None:
        self.ending = ExitStack()
        self.writer = self.new_writer()
        for community in (MAG, OTHER):
            chair = Founder("Amina A.", "", Role.CHAIR)
            with self.store.writing([community]) as work:
                found(work, Foundation(community, "MAG", (chair,), "2027", date(2027, 1, 1), date(2027, 11, 30)), NOON)

    def new_writer(self) -> Writer:
        """The writer of another process."""
        return self.ending.enter_context(Writer(Engine(self.store, lambda: self.now)))

    def duties(self, writer: Writer | None = None) -> Duties:
        return Duties(self.store, writer or self.writer, lambda: self.now)

    def sweep(self, duties: Duties) -> int:
        return asyncio.run(duties.sweep())

    def due(self, subject: str, at: datetime, community: CommunityId = MAG) -> Due:
        due = Due(community, DueKind.CHECK_CLOSES, subject, at, "UTC")
        self.writer.call(lambda work: work.put(due), [community]).result(10)
        return due

    def meet(self, context: Context, _arguments: Arguments) -> Notice:
        """The command."""
        work: UnitOfWork = cast("Any", context)._work
        assert isinstance(context, DecidingContext)
        self.asked.append(context.request)
        subject = context.request.arguments["subject"]
        if subject in self.refusing:
            raise NotNow(T("Not now."))
        if subject in self.failing:
            raise ValueError(subject)
        due = work.get(Due, context.id, DueKind.CHECK_CLOSES, subject)
        if due is not None:
            work.drop(due)
            self.doing(work, due)
        return Notice(T("Done."))

    @property
    def subjects(self) -> list[str]:
        return [request.arguments["subject"] for request in self.asked]


@pytest.fixture
def world(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World(store)
    monkeypatch.setitem(COMMANDS._declared, "due", replace(COMMANDS["due"], handler=made.meet))
    with made.ending:
        yield made


# Duties


def test_what_is_due_is_asked_for_in_its_order_and_what_is_not_is_left(world: World) -> None:
    world.due("2", NOON - 2 * SECOND)
    world.due("1", NOON)
    world.due("3", NOON - SECOND, OTHER)
    world.due("9", NOON + SECOND)
    assert world.sweep(world.duties()) == 3
    assert world.subjects == ["2", "3", "1"]
    assert world.asked[1] == Request(
        OTHER,
        Space("clock", "", ""),
        "due",
        "due:check-closes:3:2027-03-01T11:59:59+00:00",
        NOON,
        arguments={"kind": "check-closes", "subject": "3"},
        system=True,
    )


def test_a_deadline_missed_while_nothing_ran_is_met_later(world: World) -> None:
    world.due("1", NOON - timedelta(days=3))
    assert world.sweep(world.duties()) == 1


def test_by_a_community_whose_clock_was_moved_it_is_due_earlier(world: World) -> None:
    def move(work: UnitOfWork) -> None:
        found_ = work.get(Community, OTHER)
        assert found_ is not None
        work.put(replace(found_, clock_moved=7 * 86_400))

    world.due("1", NOON + timedelta(days=7), OTHER)
    world.due("2", NOON + timedelta(days=7))
    world.writer.call(move, [OTHER]).result(10)
    assert world.sweep(world.duties()) == 1
    assert world.subjects == ["1"]


def test_what_a_duty_makes_due_is_done_with_it(world: World) -> None:
    def follow(work: UnitOfWork, due: Due) -> None:
        if due.subject != "5":
            work.put(replace(due, subject=str(int(due.subject) + 1)))

    world.doing = follow
    world.due("1", NOON)
    assert world.sweep(world.duties()) == 5
    assert world.subjects == ["1", "2", "3", "4", "5"]


def test_many_at_once_are_all_done(world: World) -> None:
    for number in range(2 * AT_ONCE + 50):
        world.due(str(number), NOON - number * SECOND)
    assert world.sweep(world.duties()) == 2 * AT_ONCE + 50


def test_however_many_processes_look_a_duty_is_done_once(world: World) -> None:
    async def story() -> None:
        for number in range(100):
            world.due(str(number), NOON)
        several = [world.duties(world.new_writer()) for _ in range(4)]
        await asyncio.gather(*(duties.sweep() for duties in several))

    asyncio.run(story())
    assert sorted(world.subjects) == sorted(str(number) for number in range(100))


@pytest.mark.parametrize("trouble", ["refusing", "failing"])
def test_a_duty_that_is_not_done_waits_and_holds_up_nobody(
    world: World, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    getattr(world, trouble).add("1")
    duties = world.duties()
    world.due("1", NOON)
    world.due("2", NOON)
    assert world.sweep(duties) == 1
    assert world.sweep(duties) == 0
    assert world.subjects == ["1", "2"]
    assert len([record for record in caplog.records if record.name == clock.__name__]) == 1
    assert "due:check-closes:1:2027-03-01T12:00:00+00:00 in mag was not done" in caplog.text

    tries = 1
    for wait in (5, 10, 20):
        world.now += (wait - 1) * SECOND
        world.sweep(duties)
        assert world.subjects.count("1") == tries
        world.now += SECOND
        tries += 1
        world.sweep(duties)
        assert world.subjects.count("1") == tries

    getattr(world, trouble).clear()
    world.now += timedelta(hours=1)
    assert world.sweep(duties) == 1
    assert len({request.origin for request in world.asked}) == len(world.asked)


def test_a_duty_is_tried_again_even_by_a_process_that_does_not_know_of_the_refusal(world: World) -> None:
    world.refusing.add("1")
    world.due("1", NOON)
    world.sweep(world.duties())
    world.refusing.clear()
    restarted = world.duties()
    assert world.sweep(restarted) == 0, "the first origin is given its first answer"
    world.now += 5 * SECOND
    assert world.sweep(restarted) == 1


def test_hundreds_that_cannot_be_done_hide_nothing(world: World) -> None:
    duties = world.duties()
    for number in range(AT_ONCE + 50):
        world.refusing.add(str(number))
        world.due(str(number), NOON - timedelta(days=1))
    world.sweep(duties)
    world.due("9999", NOON)
    assert world.sweep(duties) == 1


def test_an_error_of_the_database_is_logged_and_tried_again(world: World, caplog: pytest.LogCaptureFixture) -> None:
    writer = world.new_writer()
    duties = world.duties(writer)
    world.due("1", NOON)
    writer.stop()
    assert world.sweep(duties) == 0
    assert "WriterStopped" in caplog.text


# When to look next


def wait(duties: Duties) -> float:
    return asyncio.run(duties.wait_seconds())


def test_with_no_deadline_in_sight_it_looks_on_patrol(world: World) -> None:
    assert wait(world.duties()) == PATROL.total_seconds()
    world.due("1", NOON + timedelta(days=1))
    assert wait(world.duties()) == PATROL.total_seconds()


def test_it_looks_when_the_next_deadline_comes(world: World) -> None:
    world.due("1", NOON + 20 * SECOND)
    world.due("2", NOON + 7 * SECOND, OTHER)
    assert wait(world.duties()) == 7.0


def test_it_looks_at_once_for_what_is_overdue(world: World) -> None:
    world.due("1", NOON - SECOND)
    assert wait(world.duties()) == 0.0


def test_a_duty_that_waits_does_not_hide_the_next_deadline(world: World) -> None:
    world.refusing.add("1")
    duties = world.duties()
    world.due("1", NOON - SECOND)
    world.sweep(duties)
    assert wait(duties) == 5.0
    world.due("2", NOON + 3 * SECOND)
    assert wait(duties) == 3.0
    world.now += 2 * SECOND
    assert wait(duties) == 1.0


# The clock


class Counting(Duties):
    """Counts sweeps, and says when to look next."""

    def __init__(self, waits: list[float]) -> None:
        self.waits = waits
        self.sweeps = 0
        self.swept = asyncio.Event()
        self.going_on = asyncio.Event()
        self.going_on.set()
        self.trouble: Exception | None = None

    async def sweep(self) -> int:
        self.sweeps += 1
        self.swept.set()
        await self.going_on.wait()
        if self.trouble is not None:
            raise self.trouble
        return 0

    async def wait_seconds(self) -> float:
        return self.waits.pop(0) if self.waits else PATROL.total_seconds()

    async def idle(self) -> None:
        await self.going_on.wait()

    async def next(self) -> None:
        await self.swept.wait()
        self.swept.clear()


@pytest.fixture(autouse=True)
def short_breaths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "BREATH_SECONDS", 0.002)


def test_the_clock_looks_at_once_and_when_the_next_deadline_comes(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        duties = Counting([0.0, 0.001, 0.0])
        ticking = Clock(duties)
        ticking.start()
        for _ in range(4):
            await duties.next()
        await ticking.stop()
        assert duties.sweeps == 4

    with caplog.at_level(logging.WARNING):
        asyncio.run(story())
    assert caplog.text == ""


def test_woken_from_any_thread_it_looks_once_for_many_wakes() -> None:
    async def story() -> None:
        duties = Counting([])
        ticking = Clock(duties)
        ticking.wake()
        ticking.start()
        await duties.next()
        threads = [threading.Thread(target=ticking.wake) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        await duties.next()
        await ticking.stop()
        assert duties.sweeps == 2

    asyncio.run(story())


def test_woken_while_it_looks_it_looks_again(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        duties = Counting([])
        duties.going_on.clear()
        ticking = Clock(duties)
        ticking.start()
        await duties.next()
        ticking.wake()
        await asyncio.sleep(2 * clock.BREATH_SECONDS)
        assert duties.sweeps == 1
        duties.going_on.set()
        await duties.next()
        await ticking.stop()

    with caplog.at_level(logging.WARNING):
        asyncio.run(story())
    assert caplog.text == ""


def test_woken_while_a_look_is_about_to_begin_it_looks_again_and_warns_of_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story() -> None:
        duties = Counting([])
        ticking = Clock(duties)
        ticking.start()
        await duties.next()
        for _ in range(200):  # the wake-up falls into every gap of a busy loop
            ticking._sweep_soon()
            await asyncio.sleep(0)
        duties.swept.clear()
        before = duties.sweeps
        ticking._sweep_soon()
        await duties.next()
        assert duties.sweeps > before
        await ticking.stop()

    with caplog.at_level(logging.WARNING):
        asyncio.run(story())
    assert caplog.text == ""


def test_trouble_does_not_stop_the_clock(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        duties = Counting([])
        duties.trouble = OSError("the database is away")
        ticking = Clock(duties)
        ticking.start()
        await duties.next()
        ticking.wake()
        await duties.next()
        await ticking.stop()

    asyncio.run(story())
    assert "the database is away" in caplog.text


def test_stopping_lets_a_sweep_finish_and_ends_the_clock() -> None:
    async def story() -> None:
        duties = Counting([0.0] * 100)
        duties.going_on.clear()
        ticking = Clock(duties)
        ticking.start()
        await duties.next()
        stopping = asyncio.ensure_future(ticking.stop())
        await asyncio.sleep(0)
        assert not stopping.done()
        duties.going_on.set()
        await stopping
        ticking.wake()
        await asyncio.sleep(4 * clock.BREATH_SECONDS)
        assert duties.sweeps == 1

    asyncio.run(story())


def test_a_deadline_is_met_by_the_clock(world: World) -> None:
    async def story() -> None:
        asked, loop = asyncio.Event(), asyncio.get_running_loop()
        world.doing = lambda work, due: loop.call_soon_threadsafe(asked.set)
        ticking = Clock(world.duties())
        ticking.start()
        await asyncio.to_thread(world.due, "1", NOON)
        ticking.wake()
        await asked.wait()
        await ticking.stop()

    asyncio.run(story())
    assert world.subjects == ["1"]


def test_importing_it_does_not_import_apscheduler() -> None:
    code = "import sys, adapters.shared.clock; print('apscheduler' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
