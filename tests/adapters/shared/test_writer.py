"""The writer: batches in one transaction, answers after the commit, errors to whom they belong, nobody left waiting."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from adapters.shared.writer import AsyncMailbox, Result, Writer, WriterStopped
from bot.command import COMMANDS, Arguments, Command, Nothing
from bot.context import Context, Request, Space
from bot.domain.community import Counter
from bot.domain.errors import NotNow
from bot.domain.ids import CommunityId
from bot.domain.people import Role
from bot.engine import Answer, Engine
from bot.founding import Foundation, Founder, found
from bot.policy import ANYONE
from bot.ports import UnitOfWork
from bot.text import T, term
from bot.view import Notice
from storage.memory import MemoryStore, MemoryUnitOfWork

MAG = CommunityId("mag")
OTHER = CommunityId("other")
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


class DiskFull(Exception):
    """What a database says when it cannot write."""


class Died(BaseException):
    """What no code that means well catches."""


class Disk(MemoryStore):
    """Counts transactions, and fails to commit those that answered an origin in `refuses`."""

    def __init__(self) -> None:
        super().__init__()
        self.transactions: list[int] = []
        self.refuses: set[str] = set()

    @contextmanager
    def writing(self, communities: Sequence[CommunityId]) -> Iterator[MemoryUnitOfWork]:
        with super().writing(communities) as work:
            yield work
            self.transactions.append(len(work.answers))
            if self.refuses & {origin for _, origin in work.answers}:
                raise DiskFull


class Box:
    """A mailbox that keeps what it is given, and tells when it has had enough."""

    def __init__(self, expected: int) -> None:
        self.parcels: list[list[tuple[Any, Result]]] = []
        self.full = threading.Event()
        self._expected = expected

    def deliver(self, pairs: Sequence[tuple[Any, Result]]) -> None:
        self.parcels.append(list(pairs))
        if len(self.pairs) >= self._expected:
            self.full.set()

    @property
    def pairs(self) -> list[tuple[Any, Result]]:
        return [pair for parcel in self.parcels for pair in parcel]

    def waited(self) -> dict[Any, Result]:
        assert self.full.wait(10)
        return dict(self.pairs)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done, in order, by a command that counts; another command refuses, a third is broken."""
    seen: list[str] = []

    def count(context: Context, arguments: Arguments) -> Notice:
        seen.append(context.request.origin)
        return Notice(term(str(len(seen))))

    def refuse(context: Context, arguments: Arguments) -> Notice:
        raise NotNow(T("Not now."))

    for name, handler in (("count", count), ("refuse", refuse)):
        monkeypatch.setitem(COMMANDS._declared, name, Command(name, T("Test"), ANYONE, Nothing, handler, ()))
    return seen


@pytest.fixture
def disk() -> Disk:
    store = Disk()
    for community in (MAG, OTHER):
        plan = Foundation(
            community, "MAG", (Founder("Amina A.", "", Role.CHAIR),), "2027", date(2027, 1, 1), date(2027, 11, 30)
        )
        with store.writing([community]) as work:
            found(work, plan, NOON)
    store.transactions.clear()
    return store


@pytest.fixture
def writer(disk: Disk, done: list[str]) -> Iterator[Writer]:
    with Writer(Engine(disk, lambda: NOON)) as running:
        yield running


def asked(origin: str, command: str = "count", community: CommunityId = MAG) -> Request:
    return Request(community, Space("terminal", "", "#mag"), command, origin, NOON, system=True)


@contextmanager
def held_up(writer: Writer) -> Iterator[None]:
    """While this lasts the writer is busy, so that everything asked meanwhile is waiting together."""
    busy, go_on = threading.Event(), threading.Event()

    def hold(work: UnitOfWork) -> None:
        busy.set()
        assert go_on.wait(10)

    writer.call(hold)
    assert busy.wait(10)
    try:
        yield
    finally:
        go_on.set()


def words(result: Result) -> str:
    assert isinstance(result, Answer), result
    assert isinstance(result.view, Notice)
    return str(result.view.text.parameters["text"])


# Batches


def test_what_is_waiting_is_decided_in_order_in_one_transaction_and_answered_in_one_parcel(
    writer: Writer, disk: Disk, done: list[str]
) -> None:
    box = Box(50)
    with held_up(writer):
        for number in range(50):
            writer.submit(asked(f"o{number}", community=MAG if number % 2 else OTHER), box, number)
    results = box.waited()
    assert done == [f"o{number}" for number in range(50)]
    assert [words(results[number]) for number in range(50)] == [str(number + 1) for number in range(50)]
    assert disk.transactions == [0, 50]
    assert len(box.parcels) == 1


def test_a_batch_is_no_larger_than_agreed(disk: Disk, done: list[str]) -> None:
    box = Box(10)
    with Writer(Engine(disk, lambda: NOON), batch=4) as writer:
        with held_up(writer):
            for number in range(10):
                writer.submit(asked(f"o{number}"), box, number)
        box.waited()
    assert disk.transactions == [0, 4, 4, 2]


def test_each_mailbox_gets_its_own_answers(writer: Writer, done: list[str]) -> None:
    one, other = Box(2), Box(1)
    with held_up(writer):
        writer.submit(asked("a"), one, "a")
        writer.submit(asked("b"), other, "b")
        writer.submit(asked("c"), one, "c")
    assert list(one.waited()) == ["a", "c"]
    assert list(other.waited()) == ["b"]


def test_the_same_origin_twice_in_a_batch_is_done_once_and_answered_the_same(writer: Writer, done: list[str]) -> None:
    box = Box(3)
    with held_up(writer):
        for ticket, origin in enumerate(("tap", "another", "tap")):
            writer.submit(asked(origin), box, ticket)
    results = box.waited()
    assert done == ["tap", "another"]
    assert words(results[0]) == words(results[2]) == "1"
    assert isinstance(results[2], Answer)
    assert results[2].again


def test_a_refusal_fails_alone(writer: Writer, disk: Disk, done: list[str]) -> None:
    box = Box(3)
    with held_up(writer):
        writer.submit(asked("a"), box, "a")
        writer.submit(asked("b", "refuse"), box, "b")
        writer.submit(asked("c"), box, "c")
    results = box.waited()
    refused = results["b"]
    assert isinstance(refused, Answer)
    assert not refused.done
    assert done == ["a", "c"]
    assert disk.transactions == [0, 3]


# Nothing is answered before it is committed


def test_an_answer_comes_after_the_commit(writer: Writer, disk: Disk, done: list[str]) -> None:
    kept: list[bool] = []

    class Looks(Box):
        def deliver(self, pairs: Sequence[tuple[Any, Result]]) -> None:
            kept.extend((MAG, ticket) in disk.answers for ticket, _ in pairs)
            super().deliver(pairs)

    box = Looks(2)
    with held_up(writer):
        writer.submit(asked("a"), box, "a")
        writer.submit(asked("b"), box, "b")
    box.waited()
    assert kept == [True, True]


def test_a_database_error_is_its_own_requests_alone(writer: Writer, disk: Disk, done: list[str]) -> None:
    disk.refuses = {"b"}
    box = Box(3)
    with held_up(writer):
        for origin in "abc":
            writer.submit(asked(origin), box, origin)
    results = box.waited()
    assert isinstance(results["b"], DiskFull)
    assert isinstance(results["a"], Answer)
    assert isinstance(results["c"], Answer)
    assert disk.transactions == [0, 3, 1, 1, 1]
    assert (MAG, "b") not in disk.answers
    assert len(box.parcels) == 1


def test_a_community_that_is_not_there_fails_alone(writer: Writer, done: list[str]) -> None:
    box = Box(2)
    with held_up(writer):
        writer.submit(asked("a", community=CommunityId("nowhere")), box, "a")
        writer.submit(asked("b"), box, "b")
    results = box.waited()
    assert isinstance(results["a"], LookupError)
    assert words(results["b"])


def test_after_an_error_the_writer_goes_on(writer: Writer, disk: Disk, done: list[str]) -> None:
    disk.refuses = {"a"}
    with pytest.raises(DiskFull):
        writer.ask(asked("a"))
    disk.refuses = set()
    assert writer.ask(asked("a")).done


def test_a_mailbox_that_fails_harms_nobody_else(writer: Writer, done: list[str]) -> None:
    class Broken:
        def deliver(self, pairs: Sequence[tuple[Any, Result]]) -> None:
            raise ValueError(len(pairs))

    box = Box(1)
    with held_up(writer):
        writer.submit(asked("a"), Broken(), "a")
        writer.submit(asked("b"), box, "b")
    assert words(box.waited()["b"])
    assert writer.ask(asked("c")).done


# Other writes


def test_calls_and_requests_keep_their_order(writer: Writer, disk: Disk, done: list[str]) -> None:
    box = Box(3)

    def note(work: UnitOfWork) -> None:
        done.append("call")

    with held_up(writer):
        writer.submit(asked("a"), box, "a")
        writer.submit(asked("b"), box, "b")
        writer.call(note, [MAG])
        writer.call(note, [MAG])
        writer.submit(asked("c"), box, "c")
    box.waited()
    assert done == ["a", "b", "call", "call", "c"]
    assert disk.transactions == [0, 2, 0, 0, 1]


def test_a_call_gives_its_result_once_it_is_committed(writer: Writer, disk: Disk) -> None:
    def write(work: UnitOfWork) -> str:
        work.put(Counter(MAG, "cards", 7))
        return "written"

    assert writer.call(write, [MAG]).result(10) == "written"
    with disk.reading() as reads:
        assert reads.get(Counter, MAG, "cards") == Counter(MAG, "cards", 7)


def test_a_call_that_raises_leaves_nothing(writer: Writer, disk: Disk) -> None:
    def write(work: UnitOfWork) -> None:
        work.put(Counter(MAG, "cards", 7))
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        writer.call(write, [MAG]).result(10)
    with disk.reading() as reads:
        assert reads.get(Counter, MAG, "cards") is None


def test_a_call_cancelled_in_time_is_not_made(writer: Writer, done: list[str]) -> None:
    def note(work: UnitOfWork) -> None:
        done.append("call")

    with held_up(writer):
        assert writer.call(note).cancel()
    writer.ask(asked("a"))
    assert done == ["a"]


# Asking


def test_the_writer_does_not_wait_for_itself(writer: Writer) -> None:
    with pytest.raises(RuntimeError, match="wait for itself"):
        writer.call(lambda work: writer.ask(asked("a"))).result(10)


def test_an_event_loop_is_woken_once_for_a_batch(
    writer: Writer, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> int:
        loop, woken = asyncio.get_running_loop(), 0
        wake = loop.call_soon_threadsafe

        def counted(*arguments: Any, **named: Any) -> asyncio.Handle:
            nonlocal woken
            woken += 1
            return wake(*arguments, **named)

        monkeypatch.setattr(loop, "call_soon_threadsafe", counted)
        mailbox = AsyncMailbox(writer)
        with held_up(writer):
            asking = [asyncio.ensure_future(mailbox.ask(asked(f"o{number}"))) for number in range(200)]
            await asyncio.sleep(0)
        answers = await asyncio.gather(*asking)
        assert [words(answer) for answer in answers] == [str(number + 1) for number in range(200)]
        return woken

    assert asyncio.run(story()) == 1


def test_what_asks_in_one_round_of_the_loop_is_handed_over_together(
    writer: Writer, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    submit, asking, asking_then = writer.submit, list[str](), list[int]()

    def noting(request: Request, mailbox: AsyncMailbox, ticket: object) -> None:
        asking_then.append(len(asking))
        submit(request, mailbox, ticket)

    monkeypatch.setattr(writer, "submit", noting)

    async def story() -> None:
        mailbox = AsyncMailbox(writer)

        async def ask(origin: str) -> Answer:
            asking.append(origin)
            return await mailbox.ask(asked(origin))

        await asyncio.gather(*(ask(each) for each in "abc"))

    asyncio.run(story())
    assert asking_then == [3, 3, 3]
    assert done == ["a", "b", "c"]


def test_asked_after_the_end_everybody_is_told(writer: Writer) -> None:
    async def story() -> list[object]:
        mailbox = AsyncMailbox(writer)
        writer.stop()
        return list(await asyncio.gather(*(mailbox.ask(asked(each)) for each in "ab"), return_exceptions=True))

    assert [type(each) for each in asyncio.run(story())] == [WriterStopped, WriterStopped]


def test_an_asker_who_left_takes_nobodys_answer_along(writer: Writer, disk: Disk, done: list[str]) -> None:
    async def story() -> None:
        mailbox = AsyncMailbox(writer)
        with held_up(writer):
            leaving = asyncio.ensure_future(mailbox.ask(asked("a")))
            staying = asyncio.ensure_future(mailbox.ask(asked("b")))
            await asyncio.sleep(0)
            leaving.cancel()
            await asyncio.sleep(0)
        assert words(await staying)
        assert done == ["a", "b"]
        disk.refuses = {"c"}
        with pytest.raises(DiskFull):
            await mailbox.ask(asked("c"))

    asyncio.run(story())


def test_answers_for_a_loop_that_is_closed_are_let_go(writer: Writer, done: list[str]) -> None:
    async def story() -> AsyncMailbox:
        return AsyncMailbox(writer)

    writer.submit(asked("a"), asyncio.run(story()), "nobody")
    assert writer.ask(asked("b")).done


# Listeners


def test_listeners_hear_of_batches_in_which_something_was_done(writer: Writer, done: list[str]) -> None:
    heard: list[int] = []

    def broken() -> None:
        raise ValueError

    writer.after_commit(broken)
    writer.after_commit(lambda: heard.append(len(done)))
    writer.ask(asked("a"))
    writer.ask(asked("a"))
    writer.ask(asked("b", "refuse"))
    writer.call(lambda work: None).result(10)
    writer.ask(asked("c"))
    writer.stop()
    assert heard == [1, 2]


# The end


def test_stopping_finishes_what_is_waiting_and_refuses_the_rest(disk: Disk, done: list[str]) -> None:
    writer = Writer(Engine(disk, lambda: NOON))
    box = Box(5)
    with held_up(writer):
        for number in range(5):
            writer.submit(asked(f"o{number}"), box, number)
        stopping = threading.Thread(target=writer.stop)
        stopping.start()
    stopping.join(10)
    assert len(box.waited()) == 5
    with pytest.raises(WriterStopped):
        writer.submit(asked("late"), box, "late")
    with pytest.raises(WriterStopped):
        writer.call(lambda work: None)
    writer.stop()


class Doomed(Engine):
    """Dies of a certain request."""

    def handle(self, batch: Sequence[Request]) -> list[Answer]:
        if any(request.origin == "deadly" for request in batch):
            raise Died
        return super().handle(batch)


def test_a_writer_that_dies_tells_everyone_who_waits(disk: Disk, done: list[str]) -> None:
    writer = Writer(Doomed(disk, lambda: NOON), batch=3)
    box = Box(5)
    with held_up(writer):
        for origin in ("a", "deadly", "b", "c", "d"):
            writer.submit(asked(origin), box, origin)
        call = writer.call(lambda work: None)
    assert {type(result) for result in box.waited().values()} == {WriterStopped}
    with pytest.raises(WriterStopped):
        call.result(10)
    with pytest.raises(WriterStopped):
        writer.ask(asked("late"))
    assert done == []
    writer.stop()


def test_a_call_that_kills_the_writer_is_told_too(disk: Disk, done: list[str]) -> None:
    def die(work: UnitOfWork) -> None:
        raise Died

    writer, box = Writer(Engine(disk, lambda: NOON)), Box(1)
    with held_up(writer):
        call = writer.call(die)
        writer.submit(asked("a"), box, "a")
    with pytest.raises(WriterStopped):
        call.result(10)
    assert isinstance(box.waited()["a"], WriterStopped)


def test_whoever_asks_while_the_writer_dies_is_told_as_well(disk: Disk, done: list[str]) -> None:
    """Many threads ask a writer that dies in the middle: each gets an answer or an error, none waits for ever."""
    writer = Writer(Doomed(disk, lambda: NOON))
    outcomes: list[str] = []

    def ask(name: int) -> None:
        for number in range(200):
            try:
                writer.ask(asked("deadly" if (name, number) == (3, 50) else f"{name}.{number}"))
            except WriterStopped:
                outcomes.append("told")
            else:
                outcomes.append("done")

    threads = [threading.Thread(target=ask, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(outcomes) == 1600
    assert outcomes.count("done") == len(done)
    assert "told" in outcomes


def test_what_is_asked_just_as_the_writer_dies_is_told(disk: Disk, done: list[str]) -> None:
    """It was alive when it was asked, and had died by the time the request was in the queue."""
    writer, box = Writer(Doomed(disk, lambda: NOON)), Box(1)
    queue: Any = writer._queue

    class Late:
        get, get_nowait, empty = queue.get, queue.get_nowait, queue.empty

        def put(self, item: object) -> None:
            queue.put((asked("deadly"), Box(1), "deadly"))
            writer._thread.join(10)
            queue.put(item)

    writer._queue = cast("Any", Late())
    writer.submit(asked("a"), box, "a")
    assert isinstance(box.waited()["a"], WriterStopped)


def test_importing_it_brings_in_no_event_loop_and_no_database() -> None:
    code = "import sys, adapters.shared.writer; print({'asyncio', 'sqlalchemy', 'apscheduler'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"
