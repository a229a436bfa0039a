"""`make soak`: members click for an hour. Memory stays flat once everything is warm, and the slowest answers get no slower.

How slow they are says nothing while others keep the cores busy: then only memory is judged, and that is said.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.programs import WebApi
from tests.bench.slack_requests import in_turn
from tests.bench.traffic import Flight, fly
from tests.fire.load import BUSY, Cluster, Cpu, Site, Variety
from tests.support.postgres import Server

SLICE_SECONDS: Final = 5.0
CONNECTIONS: Final = 8
GROWN_MIB: Final = 5.0
SLOWER: Final = 1.3
JUDGED_MINUTES: Final = 20.0
"""In less, a few slices of chance decide how slow the slowest are: it is shown, and memory alone is judged."""


@dataclass(frozen=True)
class Slice:
    """A few seconds: how long answers took, the memory of the process at the end (MiB resident), how busy the cores were."""

    flight: Flight
    memory: float
    busy: float


def resident(pid: int) -> float:
    """MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def p99(slices: list[Slice]) -> float:
    """Milliseconds."""
    return Flight(seconds=[second for each in slices for second in each.flight.seconds]).percentile(0.99)


def soak(minutes: float, rate: int, members: int, folder: Path) -> int:
    """Let them click, so many a second; 1 when memory grew or answers got slower."""
    site, slices = Site(folder, members, 1), list[Slice]()
    with ExitStack() as opened:
        site.settle(opened.enter_context(Server(durable=True)), "soak")
        api = opened.enter_context(WebApi(folder))
        cluster = Cluster(Variety(1), site, api, None, opened)
        (program,) = cluster.programs
        turns = [in_turn(members)]
        end = time.monotonic() + minutes * 60
        while (begun := time.monotonic()) < end:
            made = site.made(api.url, int(rate * SLICE_SECONDS), turns)
            cpu = Cpu()
            flight = asyncio.run(fly(program.port, made, CONNECTIONS))
            time.sleep(max(0.0, SLICE_SECONDS - (time.monotonic() - begun)))
            slices.append(Slice(flight, resident(program.pid), cpu.busy()))
        site.whole()
    quarter = max(1, len(slices) // 4)
    second, last = slices[quarter : 2 * quarter], slices[-quarter:]
    memory = [statistics.median(each.memory for each in part) for part in (second, last)]
    slowest = [p99(part) for part in (second, last)]
    failed = sum(each.flight.failed for each in slices)
    busy = max(statistics.median(each.busy for each in part) for part in (second, last))
    judged = busy <= BUSY and minutes >= JUDGED_MINUTES
    sys.stdout.write(
        f"{site.taken:,} clicks in {minutes:g} minutes, {failed} not acknowledged. "
        f"Memory in the second and the last quarter: {memory[0]:.1f} and {memory[1]:.1f} MiB; "
        f"p99: {slowest[0]:.1f} and {slowest[1]:.1f} ms ({slowest[1] / slowest[0]:.2f}); "
        f"cores {busy:.0%} busy{'' if judged else '; the latter is not judged'}.\n"
    )
    slower = judged and slowest[1] > SLOWER * slowest[0]
    return int(failed > 0 or memory[1] - memory[0] > GROWN_MIB or slower)


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="for how long (default 60)")
    parser.add_argument("--rate", type=int, default=100, help="clicks a second (default 100)")
    parser.add_argument("--members", type=int, default=500, help="(default 500)")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wgbot-soak-") as folder:
        return soak(chosen.minutes, chosen.rate, chosen.members, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
