"""Everything a process holds, put together: store, engine, writer, relay, duties and desk; closed in the right order."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from adapters.cli.embedded import database_url
from adapters.shared.allowance import USUAL, Allowance
from adapters.shared.asking import Desk
from adapters.shared.clock import Duties
from adapters.shared.rates import Rate
from adapters.shared.relay import Relay
from adapters.shared.sending import Sender
from adapters.shared.writer import Writer
from adapters.terminal.rooms import Rooms
from adapters.terminal.sender import TerminalSender
from bot.engine import Engine, utc_now
from bot.ports import Store, UnitOfWork
from bot.present import present
from storage.schema import prepare
from storage.store import SqlStore

ROOMS = "rooms.jsonl"

GARBAGE = 10_000
"""New objects after which to look for garbage that refers to itself. Requests leave little: at Python's 700, looking for
it is a twentieth of what a click in Slack costs."""


@dataclass(frozen=True, slots=True)
class House:
    """What is open in this process. `rooms` is the terminal's own server side."""

    store: Store
    writer: Writer
    rooms: Rooms
    relay: Relay
    duties: Duties
    desk: Desk
    folder: Path


def _take_over(work: UnitOfWork, now: datetime) -> None:
    work.outbox.take_over(now)
    work.leases.take_over()


def _no_other(store: Store) -> Iterable[Sender]:
    """No platform but the terminal."""
    return ()


@contextmanager
def open_house(
    folder: Path,
    url: str = "",
    real_now: Callable[[], datetime] = utc_now,
    platforms: Callable[[Store], Iterable[Sender]] = _no_other,
    *,
    seated: bool = True,
    allowed: Rate | None = USUAL,
) -> Iterator[House]:
    """Open (and on the first day make) the database and the rooms in a folder. Call on a running event loop.

    `platforms` makes the senders of those that are connected, besides the terminal. Where nobody is `seated` at one, and
    the database is shared, the rooms are left to whoever is: replicas share the folder. `allowed` is what one account may ask.
    """
    folder.mkdir(parents=True, exist_ok=True)
    address = url or database_url(folder)
    gc.freeze()  # what was imported is never garbage
    gc.set_threshold(GARBAGE)
    gc.enable()
    prepare(address)
    store = SqlStore.open(address)
    try:
        writer = Writer(Engine(store, real_now))
        try:
            alone = address.startswith("sqlite")
            if alone:  # its lock says so: whoever held a lease is dead
                writer.call(lambda work: _take_over(work, real_now())).result()
            with closing(Rooms(folder / ROOMS if alone or seated else None)) as rooms:
                terminal = [TerminalSender(rooms, store)] if alone or seated else []
                relay = Relay(writer, [*terminal, *platforms(store)], present, shared=not alone)
                duties = Duties(store, writer, real_now)
                desk = Desk(writer, relay, duties, Allowance(allowed, real_now))
                yield House(store, writer, rooms, relay, duties, desk, folder)
        finally:
            writer.stop()
    finally:
        store.close()
