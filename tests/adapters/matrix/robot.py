"""The bot's transport as the adapter uses it, with a consumer that keeps what it is handed, for tests to drive."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Self, TypeVar

import aiohttp

from adapters.matrix.account import Credentials
from adapters.matrix.arriving import Arrived, Batch, Undecryptable
from adapters.matrix.connection import Connection
from adapters.matrix.verifying import Comparison
from tests.support.background import Background
from tests.support.matrix.synapse import PASSWORD

T = TypeVar("T")
A = TypeVar("A")

PATIENCE_SECONDS = 60


class Kept:
    """A consumer's database, in a file: what arrived, each event once, and the token."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.arrived: list[Arrived] = []
        self.repeated = 0
        self._ids: set[str] = set()
        kept = json.loads(path.read_text()) if path.exists() else {}
        self.token: str | None = kept.get("token")
        self._ids.update(kept.get("ids", ()))
        self.failures = 0

    async def handle(self, batch: Batch) -> None:
        """Keep a batch."""
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the disk is full")
        for each in batch.arrived:
            event = "" if isinstance(each, Undecryptable) else getattr(each, "event", "")
            if event in self._ids:
                self.repeated += 1
                continue
            self._ids |= {event} - {""}
            self.arrived.append(each)
        self.token = batch.token or self.token
        self._path.write_text(json.dumps({"token": self.token, "ids": sorted(self._ids)}))


class Robot:
    """A bot that only listens and does as it is told. `folder` keeps its keys and what it heard."""

    def __init__(self, url: str, user: str, folder: Path, **credentials: Any) -> None:
        self.url = url
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._loop = Background("robot")
        self._numbers = itertools.count(1)
        self.kept = Kept(folder / "kept.json")
        self._credentials = Credentials(url, user, **({"password": PASSWORD} | credentials))
        self._closed = False
        self.slept: list[float] = []
        self.compared: list[Comparison] = []
        self.run(self._open())

    async def _open(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._session = aiohttp.ClientSession()
        try:
            folder = self.folder / "matrix"
            self.connection = await Connection.opened(self._session, self._credentials, folder, self.compared.append)
        except BaseException:
            await self._session.close()
            raise
        self.account, self.rooms = self.connection.account, self.connection.rooms
        self.client, self.places = self.connection.client, self.connection.places

    @property
    def id(self) -> str:
        """Its user id."""
        return self.account.user

    def started(self) -> Self:
        """Begin to sync, and wait until everything was handed over."""
        self.run(self._start())
        return self

    async def _start(self) -> None:
        self.syncing = self.connection.syncing(self.kept.handle, self.kept.token)
        self.syncing.sleep = self._sleep
        self._task = asyncio.create_task(self.syncing.run())
        caught_up = asyncio.create_task(self.syncing.caught_up.wait())
        await asyncio.wait((caught_up, self._task), timeout=PATIENCE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if self._task.done():
            caught_up.cancel()
            await self._task

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(min(seconds, 0.2))

    def stop(self) -> None:
        """Stop syncing, in good order."""
        self.run(self._stop())

    async def _stop(self) -> None:
        if self._task is not None:
            self.syncing.stop()
            await asyncio.wait_for(self._task, PATIENCE_SECONDS)
            self._task = None

    def close(self) -> None:
        """End it."""
        if not self._closed:
            self._closed = True
            self.run(self._close())
            self._loop.stop()

    async def _close(self) -> None:
        await self._stop()
        self.connection.close()
        await self._session.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What a coroutine of the bot's returns or raises."""
        return self._loop.run(work)

    def sees(self, kind: type[A], when: Callable[[A], bool] = lambda _: True) -> A:
        """The newest thing that arrived and is as said, as soon as there is one."""

        def look() -> A | None:
            found = (each for each in reversed(self.kept.arrived) if isinstance(each, kind) and when(each))
            return next(found, None)

        return until(look, lambda: f"no such {kind.__name__}, but {self.kept.arrived[-10:]}")

    def compares(self) -> Comparison:
        """What is to be compared, as soon as there is something."""
        return until(lambda: self.compared[-1] if self.compared else None, lambda: "nothing to compare")

    def all(self, kind: type[A]) -> list[A]:
        """Everything of a kind that arrived."""
        return [each for each in self.kept.arrived if isinstance(each, kind)]

    def send(self, room: str, content: dict[str, Any], kind: str = "m.room.message", txn: str = "") -> str:
        """Send something; its id."""
        return self.run(self.client.send(room, kind, content, txn or f"txn{time.time_ns()}-{next(self._numbers)}"))

    def join(self, room: str) -> str:
        """Enter a room, and wait until it is known."""
        joined = self.run(self.places.join(room))
        until(lambda: joined in self.rooms or None, lambda: f"{joined} is not known")
        return joined


def until(look: Callable[[], A | None], what: Callable[[], str], within: float = PATIENCE_SECONDS) -> A:
    """What `look` finds, as soon as it does; AssertionError after so many seconds."""
    end = time.monotonic() + within
    while (found := look()) is None:
        if time.monotonic() > end:
            raise AssertionError(what())
        time.sleep(0.02)
    return found
