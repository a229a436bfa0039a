"""Work divided among processes: copies of this one, that have in memory what it has, and each take the next piece when they are free."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final, TypeVar

R = TypeVar("R")

PLACE: Final = 4
"""Bytes of a number in the queue."""

QUEUED: Final = 10_000
"""Numbers that have room in a pipe (Linux: 65,536 bytes)."""

MOST: Final = 4
"""Processes: each takes memory of its own in time."""


class Ended(Exception):
    """A process that did part of the work was ended from outside."""


def processors() -> int:
    """How many processes can work at once here; 1 where it is not Linux, and copying a process may not be safe."""
    return min(len(os.sched_getaffinity(0)), MOST) if sys.platform == "linux" else 1


def divided(work: Callable[[int], R], pieces: int, processes: int) -> list[R]:
    """What `work` makes of each piece, in order; the first pieces are begun first. Raises what it raises, and `Ended`.

    What it changes in memory may be lost: only what it gives is seen. In a process with several threads, which cannot be
    copied safely, this one does all the work.
    """
    if threading.active_count() > 1 or min(processes, pieces) <= 1:
        return [work(number) for number in range(pieces)]
    from multiprocessing import get_context  # late: little is worth dividing

    context, parent = get_context("fork"), os.getpid()
    waiting = _queue(pieces)

    def turns() -> Iterator[int]:
        while first := os.read(waiting, PLACE):
            number = int.from_bytes(first, sys.byteorder)
            for each in range(number, min(number + _together(pieces), pieces)):
                if parent not in (os.getpid(), os.getppid()):
                    return  # who would take what is made is gone
                yield each

    def help_out(connection: Any, others: list[Any]) -> None:
        for each in others:
            each.close()  # whoever holds the other end of its own pipe is never told that nobody reads it
        found: tuple[dict[int, Any], Exception | None]
        try:
            found = {number: work(number) for number in turns()}, None
        except Exception as error:
            found = {}, error
        with suppress(BrokenPipeError):  # whoever divided the work is gone
            connection.send(found)

    helpers: list[tuple[Any, Any]] = []
    for _ in range(min(processes, pieces) - 1):
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=help_out, args=(there, [here, *(each for _, each in helpers)]), daemon=True)
        process.start()
        there.close()
        helpers.append((process, here))
    try:
        made = {number: work(number) for number in turns()}
        for _, here in helpers:
            done, error = _received(here)
            if error is not None:
                raise error
            made |= done
    finally:
        os.close(waiting)
        for process, _ in helpers:
            process.terminate()
            process.join()
    return [made[number] for number in range(pieces)]


def _queue(pieces: int) -> int:
    """A pipe from which each process takes the next piece: it needs no file and no lock, and what is read is read once."""
    waiting, fill = os.pipe()
    with os.fdopen(fill, "wb") as queue:
        queue.write(b"".join(each.to_bytes(PLACE, sys.byteorder) for each in range(0, pieces, _together(pieces))))
    return waiting


def _together(pieces: int) -> int:
    """How many pieces are taken at once: a pipe has room for so many numbers."""
    return pieces // QUEUED + 1


def _received(connection: Any) -> tuple[dict[int, Any], Exception | None]:
    try:
        found: tuple[dict[int, Any], Exception | None] = connection.recv()
    except EOFError:
        return {}, Ended("a process that did part of the work was ended from outside")
    return found
