"""Readers of the record: so many requests a second, each sent at its time whether or not the one before was answered."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from random import Random

from aiohttp import ClientSession, TCPConnector

FREQUENT = 200
"""Pages that half of the requests are for."""


def mixed(paths: list[str]) -> Iterator[str]:
    """A fifth the front page, a fifth of the groups', a half of some few hundred pages, the rest any."""
    random = Random(5)
    groups = [each for each in paths if each.startswith("groups/") and each.count("/") == 1]
    often = random.sample(paths, min(FREQUENT, len(paths)))
    while True:
        (some,) = random.choices((["index.html"], groups, often, paths), (20, 20, 50, 10))
        yield random.choice(some)


def any_of(paths: list[str]) -> Iterator[str]:
    """Each once, in any order."""
    return cycle(Random(7).sample(paths, len(paths)))


async def load(port: int, asked: Iterator[str], rate: int, seconds: int) -> dict[str, float]:
    """Latencies in milliseconds from when each was to be sent, and how many were not answered with 200."""
    taken: list[float] = []
    failed = 0
    async with ClientSession(f"http://127.0.0.1:{port}", connector=TCPConnector(limit=64)) as browser:

        async def ask(path: str, at: float) -> None:
            nonlocal failed
            async with browser.get(f"/record/{path}") as answer:
                await answer.read()
                failed += answer.status != 200
            taken.append(1e3 * (time.perf_counter() - at))

        begun = time.perf_counter()
        asking = []
        for number in range(rate * seconds):
            at = begun + number / rate
            await asyncio.sleep(max(at - time.perf_counter(), 0))
            asking.append(asyncio.create_task(ask(next(asked), at)))
        await asyncio.gather(*asking)
    taken.sort()
    return {"failed": failed, **{f"p{part}": taken[int(len(taken) * part / 100)] for part in (50, 95, 99)}}


if __name__ == "__main__":
    listed = Path(sys.argv[2]).read_text().splitlines()
    chosen = mixed(listed) if sys.argv[3] == "mixed" else any_of(listed)
    print(json.dumps(asyncio.run(load(int(sys.argv[1]), chosen, int(sys.argv[4]), int(sys.argv[5])))))
