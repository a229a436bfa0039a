"""Work divided among processes: copies of this one, that have in memory what it has, and each take the next piece when they are free."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

R = TypeVar("R")

MOST: Final = 4
"""Processes: each takes memory of its own in time."""


def processors() -> int:
    """How many processes can work at once here; 1 where it is not Linux, and copying a process may not be safe."""
    return min(len(os.sched_getaffinity(0)), MOST) if sys.platform == "linux" else 1


def divided(work: Callable[[int], R], pieces: int, processes: int) -> list[R]:
    """What `work` makes of each piece, in order; the first pieces are begun first. Raises what it raises.

    What it changes in memory may be lost: only what it gives is seen. In a process with several threads, which cannot be
    copied safely, this one does all the work.
    """
    if threading.active_count() > 1 or min(processes, pieces) <= 1:
        return [work(number) for number in range(pieces)]
    from multiprocessing import get_context  # late: little is worth dividing

    context, parent = get_context("fork"), os.getpid()
    taken = context.Value("i", 0)

    def turns() -> Iterator[int]:
        while True:
            with taken.get_lock():
                number = taken.value
                taken.value += 1
            if number >= pieces or parent not in (os.getpid(), os.getppid()):
                return
            yield number

    def help_out(connection: Any) -> None:
        try:
            connection.send(({number: work(number) for number in turns()}, None))
        except Exception as error:
            connection.send(({}, error))

    helpers = []
    for _ in range(min(processes, pieces) - 1):
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=help_out, args=(there,), daemon=True)
        process.start()
        there.close()
        helpers.append((process, here))
    try:
        found = {number: work(number) for number in turns()}
        for _, here in helpers:
            done, error = _received(here)
            if error is not None:
                raise error
            found |= done
    finally:
        for process, _ in helpers:
            process.terminate()
            process.join()
    return [found[number] for number in range(pieces)]


def _received(connection: Any) -> tuple[dict[int, Any], Exception | None]:
    try:
        found: tuple[dict[int, Any], Exception | None] = connection.recv()
    except EOFError:
        return {}, RuntimeError("a process that did part of the work was ended from outside")
    return found
