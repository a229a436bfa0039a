"""The relay against a platform that fails in every way: nothing lost, nothing twice, in order, never faster than allowed.

Time is simulated: `Time.pass_` lets it go by. Killing a process is cancelling all its tasks in the middle of a call.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections import Counter as Tally
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.commands
from adapters.shared.rates import Rate, Retries
from adapters.shared.relay import Relay
from adapters.shared.sending import Pace, RateLimited, Rejected, Room, Unreachable
from adapters.shared.writer import Writer
from bot.domain.community import Counter
from bot.domain.ids import CommunityId
from bot.domain.people import Role
from bot.domain.records import Reads
from bot.engine import Engine
from bot.founding import Foundation, Founder, found
from bot.outgoing import Lane, Outgoing, Placement, SendKind
from bot.ports import Store, UnitOfWork
from bot.text import term
from bot.view import Notice, View
from storage.memory import MemoryStore
from storage.schema import prepare
from storage.store import SqlStore

assert bot.commands  # importing it declares every command

MAG = CommunityId("mag")
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
ROOM = Lane("chat", "T", "#mag")
NEXT_ROOM = Lane("chat", "T", "#wg")
ROOMS = Lane("chat", "T", "+rooms")
CARD = "card:1"
LEASE = 60.0


class Time:
    """Simulated time for one event loop: it goes by when told, waking sleepers in their order."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        sleeper = (self.seconds + seconds, asyncio.get_running_loop().create_future())
        self._sleepers.append(sleeper)
        try:
            await sleeper[1]
        finally:
            self._sleepers.remove(sleeper)

    def pass_(self, seconds: float) -> None:
        self.seconds += seconds
        for until, sleeper in sorted(self._sleepers, key=lambda each: each[0]):
            if until <= self.seconds + 1e-9 and not sleeper.done():
                sleeper.set_result(None)

    def asleep(self, seconds: float) -> bool:
        """Whether somebody will sleep for just so long from now."""
        return any(abs(until - self.seconds - seconds) < 1e-6 and not each.done() for until, each in self._sleepers)


class Fate(Enum):
    """What happens to a call of the platform."""

    FINE = "answered"
    LOST = "never arrives, no answer"
    UNHEARD = "arrives, no answer"
    LIMITED = "rate limited"
    REJECTED = "rejected for good"
    BROKEN = "the sender has a bug"
    KILLED_BEFORE = "the process dies before it arrives"
    KILLED_AFTER = "the process dies after it arrived"
    HANGS = "arrives, the answer takes for ever"


@dataclass
class Chat:
    """A chat platform that keeps what it took. `by_id`: the same row id is the same message; else it can be searched."""

    fates: deque[Fate] = field(default_factory=deque)
    fate_of: dict[str, Fate] = field(default_factory=dict)
    by_id: bool = True
    pace_: Pace = field(default_factory=Pace)
    platform: str = "chat"
    took: list[tuple[str, str, str]] = field(default_factory=list)
    """(place, row id, body) of every message, in the order they arrived."""
    calls: list[tuple[str, str]] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    killed: asyncio.Event = field(default_factory=asyncio.Event)
    searched_since: list[datetime] = field(default_factory=list)
    time: Time | None = None
    times: list[float] = field(default_factory=list)

    def render(self, view: View, lane: Lane) -> bytes:
        assert isinstance(view, Notice)
        word = str(view.text.parameters["text"])
        if word == "unshowable":
            raise ValueError(word)
        return word.encode()

    async def post(self, lane: Lane, row_id: str, body: bytes) -> str:
        def take() -> str:
            known = next((key for key, (_, id_, _) in enumerate(self.took) if id_ == row_id and self.by_id), None)
            if known is None:
                known = len(self.took)
                self.took.append((lane.place, row_id, body.decode()))
                self.shown[f"m{known}"] = body.decode()
            return f"m{known}"

        return await self._call("post", row_id, take)

    async def refresh(self, lane: Lane, row_id: str, remote: str, body: bytes) -> None:
        assert remote in self.shown

        def take() -> None:
            self.shown[remote] = body.decode()

        await self._call("refresh", row_id, take)

    async def open_room(self, lane: Lane, row_id: str, community: CommunityId, group_subject: str) -> Room | None:
        def take() -> Room:
            return self.rooms.setdefault(row_id, Room(f"#{group_subject}", group_subject))

        return await self._call("open", row_id, take)

    async def find(self, lane: Lane, row_id: str, since: datetime) -> str | None:
        self.calls.append(("find", row_id))
        self.searched_since.append(since)
        if self.by_id:
            return None
        return next((f"m{key}" for key, (_, id_, _) in enumerate(self.took) if id_ == row_id), None)

    def pace(self, lane: Lane) -> Pace:
        return self.pace_

    async def _call[T](self, what: str, row_id: str, take: Callable[[], T]) -> T:
        raise NotImplementedError
