"""`make bench`: what a position costs, beside the least it could; start-up; memory. Ratios are within this one run."""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

from rich.console import Console
from rich.table import Table

from storage.schema import prepare
from storage.store import SqlStore
from tests.bench.community import positions, settle_in
from tests.bench.lighthouse import lighthouse
from tests.bench.matrix import matrix
from tests.bench.measuring import Measured, cpu_seconds, fsyncs, ours, raw
from tests.bench.record import record
from tests.bench.slack import slack
from tests.bench.timers import timers
from tests.support.postgres import Server

FLIGHTS = (1, 32, 256)
FEW, MANY = 50, 100_000
REFERENCE = "import sqlalchemy; from pydantic import BaseModel"
SEEDS = count(1)
PARTS = ("positions", "postgres", "slack", "matrix", "timers", "starting", "lighthouse", "record")


def main() -> int:
    """Measure and print. `--rounds` and `--seconds` trade time for steadiness; medians are shown."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured, in turn (default 5)")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each time (default 1)")
    parser.add_argument("--folder", type=Path, help="where the databases are made (default: beside this checkout)")
    parser.add_argument("--only", choices=PARTS, help="measure only this")
    chosen = parser.parse_args()
    console = Console(width=150)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=chosen.folder or Path.cwd()))
    try:
        parts = {
            "positions": lambda: _positions(console, folder, chosen.rounds, chosen.seconds),
            "postgres": lambda: _postgres(console, chosen.rounds, chosen.seconds),
            "slack": lambda: slack(console, folder, chosen.rounds),
            "matrix": lambda: matrix(console, folder, chosen.rounds),
            "record": lambda: record(console, folder, chosen.rounds),
            "timers": lambda: timers(console, folder, chosen.rounds),
            "starting": lambda: _starting(console, chosen.rounds),
            "lighthouse": lambda: lighthouse(console, chosen.rounds),
        }
        for name in [chosen.only] if chosen.only else PARTS:
            parts[name]()
    finally:
        shutil.rmtree(folder)
    return 0


def _positions(console: Console, folder: Path, rounds: int, seconds: float) -> None:
    stores: dict[int, SqlStore] = {}
    for members in (FEW, MANY):
        url = f"sqlite:///{folder / f'{members}.db'}"
        prepare(url)
        stores[members] = SqlStore.open(url)
        settle_in(stores[members], members)
    plains = {members: folder / f"raw-{members}.db" for members in (FEW, MANY)}
    for members, path in plains.items():
        prepare(f"sqlite:///{path}")
        with closing(SqlStore.open(f"sqlite:///{path}")) as store:
            settle_in(store, members)
    table = Table(title="Positions a second on SQLite, durable (synchronous=FULL); median of the rounds")
    for name in (
        "in flight",
        f"raw sqlite3, {FEW} asked",
        f"wgbot, {FEW} asked",
        "of raw",
        "p50 / p99 ms",
        f"wgbot, {MANY:,} asked, {FEW} speak",
        f"cost, to {FEW} asked",
        f"wgbot, {MANY:,} asked, all speak",
        f"cost, to {FEW} asked",
        "the same for raw",
    ):
        table.add_column(name, justify="right")
    disk = []
    for size in FLIGHTS:
        found: dict[str, list[Measured]] = {name: [] for name in ("raw", "few", "asked", "many", "raw many")}
        for _ in range(rounds):
            found["raw"].append(raw(plains[FEW], positions(FEW, next(SEEDS)), size, seconds))
            found["few"].append(ours(stores[FEW], positions(FEW, next(SEEDS)), size, seconds))
            found["asked"].append(ours(stores[MANY], positions(MANY, next(SEEDS), FEW), size, seconds))
            found["many"].append(ours(stores[MANY], positions(MANY, next(SEEDS)), size, seconds))
            found["raw many"].append(raw(plains[MANY], positions(MANY, next(SEEDS)), size, seconds))
            disk.append(fsyncs(folder, 0.1))
        rate = {name: _rate(measured) for name, measured in found.items()}
        few = found["few"]
        table.add_row(
            str(size),
            f"{rate['raw']:,.0f}",
            f"{rate['few']:,.0f}",
            f"{rate['few'] / rate['raw']:.2f}",
            f"{_middle(few, lambda each: each.median):.1f} / {_middle(few, lambda each: each.p99):.1f}",
            f"{rate['asked']:,.0f}",
            f"{rate['few'] / rate['asked']:.2f}",
            f"{rate['many']:,.0f}",
            f"{rate['few'] / rate['many']:.2f}",
            f"{rate['raw'] / rate['raw many']:.2f}",
        )
    console.print(table)
    console.print(f"The disk's own rate: {statistics.median(disk):,.0f} fdatasync a second.\n")
    for store in stores.values():
        store.close()


def _rate(measured: list[Measured]) -> float:
    return _middle(measured, lambda each: each.rate)


def _middle(measured: list[Measured], of: Callable[[Measured], float]) -> float:
    return statistics.median(of(each) for each in measured)


def _postgres(console: Console, rounds: int, seconds: float) -> None:
    table = Table(title="The same on PostgreSQL (fsync on)")
    for name in ("in flight", f"wgbot, {FEW} asked", "p50 / p99 ms"):
        table.add_column(name, justify="right")
    with Server(durable=True) as server:
        url = server.make("bench")
        prepare(url)
        with closing(SqlStore.open(url)) as store:
            settle_in(store, FEW)
            for size in FLIGHTS:
                found = [ours(store, positions(FEW, next(SEEDS)), size, seconds, batch=128) for _ in range(rounds)]
                table.add_row(
                    str(size),
                    f"{_rate(found):,.0f}",
                    f"{_middle(found, lambda each: each.median):.1f} / {_middle(found, lambda each: each.p99):.1f}",
                )
    console.print(table)


def _starting(console: Console, rounds: int) -> None:
    table = Table(title="Start-up of a piped command, to its answer and end; median of the rounds, in turn")
    for name in ("", "wall ms", "CPU ms", "of the imports (wall)", "of the imports (CPU)", "peak MiB"):
        table.add_column(name, justify="right")
    commands = {
        "importing SQLAlchemy and pydantic": ([sys.executable, "-c", REFERENCE], ""),
        "/wg help": ([sys.executable, "-m", "adapters.main", "terminal"], "/wg help\n"),
        "/wg list": ([sys.executable, "-m", "adapters.main", "terminal"], "/wg list\n"),
    }
    found: dict[str, list[tuple[float, float, int]]] = {name: [] for name in commands}
    for _ in range(max(rounds * 2, 5)):
        for name, (command, typed) in commands.items():
            found[name].append(cpu_seconds(command, typed))
    middle = {name: [statistics.median(values) for values in zip(*rows, strict=True)] for name, rows in found.items()}
    reference = middle["importing SQLAlchemy and pydantic"]
    for name, (wall, cpu, resident) in middle.items():
        table.add_row(
            name,
            f"{wall * 1e3:.0f}",
            f"{cpu * 1e3:.0f}",
            f"{wall / reference[0]:.2f}",
            f"{cpu / reference[1]:.2f}",
            f"{resident / 1024:.1f}",
        )
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
