"""Deadlines among a million, and messages to two hundred channels: what replicas look for all the time, and what they send."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

import psycopg
from rich.console import Console
from rich.table import Table

from adapters.shared.relay import Relay
from adapters.shared.sending import Pace, Room
from adapters.shared.writer import Writer
from adapters.slack.sender import POSTS
from bot.domain.ids import CommunityId
from bot.engine import Engine
from bot.outgoing import Lane, Outgoing, SendKind
from bot.ports import UnitOfWork
from bot.present import present
from bot.text import T
from bot.view import Notice, View
from storage.schema import prepare
from storage.sqlite_driver import driver
from storage.store import SqlStore
from tests.bench.community import BENCH, seat
from tests.support.postgres import Server

TIMERS: Final = 1_000_000
DUE: Final = 100
AT_ONCE: Final = 200
CHANNELS, WORKSPACES = 200, 25
PER_SECOND: Final = 50
SECONDS: Final = 12


def timers(console: Console, folder: Path, rounds: int) -> None:
    """Look for the deadlines that have come, of which there are few among very many; then send for a while."""
    table = Table(title=f"{TIMERS:,} deadlines, {DUE} of them due: looking for them; median / worst of the rounds")
    for name in ("", "found", "ms", "how it is looked for"):
        table.add_column(name, justify="right")
    path = folder / "timers.db"
    with _on_sqlite(path) as store:
        table.add_row("SQLite", *_looked(store, rounds), _sqlite_plan(path, store))
    with Server(durable=False) as server, _on_postgres(server.make("timers")) as (store, url):
        table.add_row("PostgreSQL", *_looked(store, rounds), _postgres_plan(url, store))
    console.print(table)
    _relayed(console, folder)


@contextmanager
def _on_sqlite(path: Path) -> Iterator[SqlStore]:
    prepare(f"sqlite:///{path}")
    with closing(SqlStore.open(f"sqlite:///{path}")) as store:
        seat(store, [], ("bench", "T", "C1"))
    at = int(datetime.now(UTC).timestamp() * 1e6)
    rows = (
        (BENCH, "reminder", f"timer{number}", "UTC", at - 1 if number < DUE else at + number * 1_000_000)
        for number in range(TIMERS)
    )
    with closing(driver.connect(path)) as connection, connection:
        connection.executemany("INSERT INTO due (community, kind, subject, zone, due_at) VALUES (?, ?, ?, ?, ?)", rows)
    with closing(SqlStore.open(f"sqlite:///{path}")) as store:
        yield store


@contextmanager
def _on_postgres(url: str) -> Iterator[tuple[SqlStore, str]]:
    prepare(url)
    with closing(SqlStore.open(url)) as store:
        seat(store, [], ("bench", "T", "C1"))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "INSERT INTO due (community, kind, subject, zone, due_at) SELECT %s, 'reminder', 'timer' || n, 'UTC', "
                "CASE WHEN n < %s THEN now() - interval '1 s' ELSE now() + n * interval '1 s' END "
                "FROM generate_series(0, %s) AS n",
                [BENCH, DUE, TIMERS - 1],
            )
            connection.execute("ANALYZE")
        yield store, url


def _looked(store: SqlStore, rounds: int) -> tuple[str, str]:
    taken, found = [], 0
    for _ in range(max(rounds * 4, 10)):
        begun = time.perf_counter()
        found = len(store.due(datetime.now(UTC), AT_ONCE))
        taken.append(1e3 * (time.perf_counter() - begun))
    return str(found), f"{statistics.median(taken):.1f} / {max(taken):.1f}"


def _sqlite_plan(path: Path, store: SqlStore) -> str:
    text = store._database.sql.text("deadlines.due_by_true_clocks")
    with closing(driver.connect(path)) as connection:
        return "; ".join(step for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {text}", (0, AT_ONCE)))


def _postgres_plan(url: str, store: SqlStore) -> str:
    text = store._database.sql.text("deadlines.due_by_true_clocks")
    with psycopg.connect(url) as connection:
        steps = connection.execute(f"EXPLAIN {text}".encode(), [datetime.now(UTC), AT_ONCE]).fetchall()
    return "; ".join(step.strip().partition("  (")[0] for (step,) in steps if "Scan" in step)


class Chat:
    """A platform that takes everything in a twentieth of a second, at Slack's pace, and notes when."""

    platform = "chat"

    def __init__(self) -> None:
        self.at: dict[str, list[float]] = defaultdict(list)
        self.workspace: dict[str, list[float]] = defaultdict(list)
        self.late: list[float] = []
        self.queued: dict[str, float] = {}

    def render(self, view: View, row: Outgoing) -> bytes:  # noqa: ARG002 - the port's
        """Nothing much."""
        return b"said"

    async def post(self, lane: Lane, row_id: str, body: bytes) -> str:  # noqa: ARG002 - the port's
        """Take it."""
        now = time.perf_counter()
        self.at[lane.place].append(now)
        self.workspace[lane.team].append(now)
        await asyncio.sleep(0.05)
        self.late.append(time.perf_counter() - self.queued[row_id])
        return row_id

    async def refresh(self, lane: Lane, row_id: str, remote: str, body: bytes) -> str:  # noqa: ARG002 - the port's
        """Not asked for here."""
        return remote

    async def open_room(self, lane: Lane, row_id: str, community: CommunityId, group_subject: str) -> Room | None:  # noqa: ARG002 - the port's
        """Not asked for here."""
        return None

    async def find(self, lane: Lane, row_id: str, since: datetime, body: bytes) -> str | None:  # noqa: ARG002 - the port's
        """Not asked for here."""
        return None

    def pace(self, row: Outgoing) -> Pace:  # noqa: ARG002 - the port's
        """Slack's for posts."""
        return POSTS


def _relayed(console: Console, folder: Path) -> None:
    url = f"sqlite:///{folder / 'relay.db'}"
    prepare(url)
    chat = Chat()
    with closing(SqlStore.open(url)) as store:
        seat(store, [], ("chat", "T", "C1"))
        with Writer(Engine(store)) as writer:
            asyncio.run(_sent(writer, chat))
    lane = min(
        (after - before for times in chat.at.values() for before, after in pairwise(times)),
        default=9,
    )
    most = max(_within(times, 20.0) for times in chat.workspace.values())
    late = sorted(chat.late)
    console.print(
        f"{PER_SECOND} messages a second for {SECONDS} s to {CHANNELS} channels in {WORKSPACES} workspaces: {len(late)} of "
        f"{PER_SECOND * SECONDS} arrived, each after {late[len(late) // 2]:.2f} s (p99 {late[int(len(late) * 0.99)]:.2f} s); "
        f"two in a channel never closer than {lane:.2f} s, at most {most} in a workspace within 20 s (Slack allows 20 + 60).\n"
    )


async def _sent(writer: Writer, chat: Chat) -> None:
    relay = Relay(writer, [chat], present)
    sending = asyncio.create_task(relay.run())
    begun, number = time.perf_counter(), 0
    while number < PER_SECOND * SECONDS:
        rows = []
        for _ in range(PER_SECOND // 10):
            channel = (number * 7) % CHANNELS
            lane = Lane("chat", f"T{channel % WORKSPACES}", f"C{channel}")
            rows.append(Outgoing(BENCH, f"r{number}", lane, SendKind.POST, view=Notice(T("Said."))))
            chat.queued[f"r{number}"] = time.perf_counter()
            number += 1

        def put(work: UnitOfWork, rows: list[Outgoing] = rows) -> None:
            for row in rows:
                work.send(row)

        await asyncio.wrap_future(writer.call(put, [BENCH]))
        relay.wake()
        await asyncio.sleep(max(0.0, begun + number / PER_SECOND - time.perf_counter()))
    end = time.perf_counter() + 10
    while len(chat.late) < number and time.perf_counter() < end:  # noqa: ASYNC110 - what is waited for is counted elsewhere
        await asyncio.sleep(0.05)
    await relay.stop()
    await sending


def _within(times: list[float], seconds: float) -> int:
    """The most within so many seconds."""
    return max(sum(begun <= each < begun + seconds for each in times) for begun in times)
