"""The one thread of a process that writes: what is waiting is decided in one transaction, and answered after the commit.

Requests and other writes (leases, marks) run in the order they came. Nothing is answered before it is committed,
and nothing waits for ever: what cannot be written is answered with its error. It is not the engine, which decides, nor
a queue that outlives the process: what was not answered is asked again by whoever sent it.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Thread, current_thread
from time import perf_counter
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar, cast

from bot.context import Request
from bot.domain.ids import CommunityId
from bot.engine import Answer, Engine, reference_of
from bot.ports import UnitOfWork

if TYPE_CHECKING:
    import asyncio

    from adapters.shared.watching import Watch

log = logging.getLogger(__name__)

T = TypeVar("T")

Result = Answer | Exception
"""What a request came to; an exception when it could not be written (a refusal is an answer)."""


class WriterStopped(Exception):
    """The writer no longer runs. What was asked may be asked again, under the same origin, when it does."""


class Mailbox(Protocol):
    """Where answers are put, as (ticket, result) pairs: one call for each mailbox and batch, on the writer's thread."""

    def deliver(self, pairs: Sequence[tuple[Any, Result]]) -> None: ...


_Asked = tuple[Request, Mailbox, object]


class _Call(Generic[T]):
    """Another write, in a transaction of its own."""

    __slots__ = ("communities", "fn", "future")

    def __init__(self, fn: Callable[[UnitOfWork], T], communities: Iterable[CommunityId]) -> None:
        self.fn = fn
        self.communities = sorted(set(communities))
        self.future: Future[T] = Future()

    def run(self, engine: Engine) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            with engine.store.writing(self.communities) as work:
                result = self.fn(work)
        except Exception as error:
            self.future.set_exception(error)
        else:
            self.future.set_result(result)

    def fail(self, error: Exception) -> None:
        # a future that runs cannot be cancelled any more; one that was cancelled has nobody waiting
        if self.future.running() or self.future.set_running_or_notify_cancel():
            self.future.set_exception(error)


class _Stop:
    """The end of the queue."""


class Writer:
    """Runs from its making until `stop` (or the end of a `with`). Every method may be called from any thread."""

    def __init__(self, engine: Engine, batch: int = 256) -> None:
        self.engine = engine
        self._batch = batch
        self._queue: SimpleQueue[_Asked | _Call[Any] | _Stop] = SimpleQueue()
        self._hand: deque[_Asked | _Call[Any] | _Stop] = deque()
        self._listeners: tuple[Callable[[], object], ...] = ()
        self.watch: Watch | None = None
        self._stopping = False
        self._ended = False
        self._thread = Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, request: Request, mailbox: Mailbox, ticket: object) -> None:
        """Ask for a request to be decided; `mailbox` is given (`ticket`, result) once it is committed.

        Raises `WriterStopped`.
        """
        self._put((request, mailbox, ticket))

    def ask(self, request: Request) -> Answer:
        """Ask and wait, for callers that are not asynchronous. Raises what kept the request from being written."""
        if current_thread() is self._thread:
            raise RuntimeError("the writer cannot wait for itself")
        future: Future[Answer] = Future()
        self._put((request, _DESK, future))
        return future.result()

    def call(self, fn: Callable[[UnitOfWork], T], communities: Iterable[CommunityId] = ()) -> Future[T]:
        """Run another write in a transaction of its own, holding the communities' locks, in turn with the requests.

        Cancelling the future works until its turn comes. Raises `WriterStopped`.
        """
        call = _Call(fn, communities)
        self._put(call)
        return call.future

    def after_commit(self, listener: Callable[[], object]) -> None:
        """Call `listener` on the writer's thread after each batch in which a request was done, once it is answered.

        For waking the relay and the clock; it must return at once.
        """
        self._listeners = (*self._listeners, listener)

    def stop(self) -> None:
        """Finish what is waiting, then end. Asking from now on raises `WriterStopped`."""
        if not self._stopping:
            self._stopping = True
            self._queue.put(_Stop())
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _put(self, item: _Asked | _Call[Any]) -> None:
        if self._stopping or self._thread_ended():
            raise WriterStopped("the writer has stopped")
        self._queue.put(item)
        if self._thread_ended():
            # between the two lines above, and it may have looked at the queue for the last time
            self._fail_waiting()

    def _thread_ended(self) -> bool:
        return self._ended

    def _run(self) -> None:
        try:
            while self._turn():
                pass
        except BaseException:
            log.critical("the writer died; nothing is written until wgbot is started again", exc_info=True)
        finally:
            self._ended = True
            self._fail_waiting()

    def _turn(self) -> bool:
        """Take what is waiting and write it. False when that was the end."""
        hand = self._take()
        while hand:
            first = hand[0]
            if isinstance(first, _Stop):
                hand.popleft()
                return False
            if isinstance(first, _Call):
                first.run(self.engine)
                hand.popleft()
            else:
                run = self._requests_at_front()
                self._decide(run)
                for _ in run:
                    hand.popleft()
        return True

    def _take(self) -> deque[_Asked | _Call[Any] | _Stop]:
        hand = self._hand
        hand.append(self._queue.get())
        take = self._queue.get_nowait
        try:
            while len(hand) < self._batch:
                hand.append(take())
        except Empty:
            pass
        return hand

    def _requests_at_front(self) -> list[_Asked]:
        run: list[_Asked] = []
        for item in self._hand:
            if type(item) is not tuple:
                break
            run.append(item)
        return run

    def _decide(self, run: list[_Asked]) -> None:
        results: Sequence[Result]
        watch = self.watch
        began = perf_counter() if watch is not None else 0.0
        try:
            results = self.engine.handle([asked[0] for asked in run])
        except Exception as error:
            if len(run) == 1:
                results = [_unwritten(run[0][0], error)]
            else:
                log.warning("a batch of %d could not be written; trying one by one", len(run), exc_info=True)
                results = [self._alone(asked[0]) for asked in run]
        _hand_out(run, results)
        if watch is not None:
            try:
                watch.written([asked[0] for asked in run], results, began, perf_counter())
            except Exception:
                log.exception("who looks on failed")
        if self._listeners and any(type(each) is Answer and each.done and not each.again for each in results):
            for listener in self._listeners:
                try:
                    listener()
                except Exception:
                    log.exception("a listener of the writer failed")

    def _alone(self, request: Request) -> Result:
        try:
            return self.engine.handle([request])[0]
        except Exception as error:
            return _unwritten(request, error)

    def _fail_waiting(self) -> None:
        """Tell everyone still waiting. May run on two threads at once: each item is taken by one of them."""
        while True:
            try:
                item = self._hand.popleft() if self._hand else self._queue.get_nowait()
            except (Empty, IndexError):
                if not self._hand and self._queue.empty():
                    return
                continue
            error = WriterStopped("the writer stopped before this was answered")
            if isinstance(item, _Call):
                item.fail(error)
            elif not isinstance(item, _Stop):
                _hand_out([item], [error])


class _Desk:
    """The mailbox of `ask`: its tickets are the futures waited for."""

    def deliver(self, pairs: Sequence[tuple[Future[Answer], Result]]) -> None:
        for future, result in pairs:
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)


_DESK = _Desk()


class AsyncMailbox:
    """Asks for an event loop: one wake-up of the loop for each batch, however many answers it brings, and one of the
    writer for each round of the loop, however many ask in it. What comes at the same time is written together.

    Make it on the loop it is for, or give that `loop`.
    """

    def __init__(self, writer: Writer, loop: asyncio.AbstractEventLoop | None = None) -> None:
        if loop is None:
            from asyncio import get_running_loop

            loop = get_running_loop()
        self._writer = writer
        self._loop = loop
        self._asked: list[tuple[Request, asyncio.Future[Answer]]] = []

    async def ask(self, request: Request) -> Answer:
        """Ask and wait. Raises what kept the request from being written. Cancelling undoes nothing."""
        future: asyncio.Future[Answer] = self._loop.create_future()
        if not self._asked:
            self._loop.call_soon(self._submit)
        self._asked.append((request, future))
        return await future

    def _submit(self) -> None:
        asked, self._asked = self._asked, []
        for request, future in asked:
            try:
                self._writer.submit(request, self, future)
            except WriterStopped as error:
                _resolve([(future, error)])

    def deliver(self, pairs: Sequence[tuple[Any, Result]]) -> None:
        """See `Mailbox`."""
        try:
            self._loop.call_soon_threadsafe(_resolve, pairs)
        except RuntimeError:
            log.warning("%d answers came after their event loop was closed", len(pairs))


def _resolve(pairs: Sequence[tuple[asyncio.Future[Answer], Result]]) -> None:
    for future, result in pairs:
        if future.done():
            continue
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)


def _hand_out(run: Sequence[_Asked], results: Sequence[Result]) -> None:
    parcels: dict[Mailbox, list[tuple[object, Result]]] = {}
    for (_, mailbox, ticket), result in zip(run, results, strict=True):
        if mailbox in parcels:
            parcels[mailbox].append((ticket, result))
        else:
            parcels[mailbox] = [(ticket, result)]
    for mailbox, pairs in parcels.items():
        try:
            mailbox.deliver(cast("Sequence[tuple[Any, Result]]", pairs))
        except Exception:
            log.exception("a mailbox did not take %d answers", len(pairs))


def _unwritten(request: Request, error: Exception) -> Exception:
    # not its origin: a mail's may be an address
    log.error("%s could not be written: %s", request.command, error, extra={"reference": reference_of(request)})
    return error
