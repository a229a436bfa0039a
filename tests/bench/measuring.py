"""How it is measured: so many in flight for so long, through an event loop, as adapters do it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from adapters.shared.writer import AsyncMailbox, Writer
from bot.context import Request
from bot.engine import Engine
from bot.ports import Store
from tests.bench.raw import RawWriter


@dataclass(frozen=True, slots=True)
class Measured:
    """Positions durable a second, and latency in milliseconds."""

    rate: float
    median: float
    p99: float


async def _flight(
    ask: Callable[[Request], Awaitable[object]], source: Iterator[Request], size: int, seconds: float
) -> Measured:
    latencies: list[float] = []
    begun = time.perf_counter()

    async def client() -> None:
        while (asked := time.perf_counter()) - begun < seconds:
            await ask(next(source))
            latencies.append(time.perf_counter() - asked)

    await asyncio.gather(*(client() for _ in range(size)))
    rate = len(latencies) / (time.perf_counter() - begun)
    latencies.sort()
    return Measured(rate, 1e3 * latencies[len(latencies) // 2], 1e3 * latencies[int(len(latencies) * 0.99)])


def ours(store: Store, source: Iterator[Request], size: int, seconds: float, batch: int = 256) -> Measured:
    """Positions through the writer and the engine."""

    async def run() -> Measured:
        with Writer(Engine(store), batch) as writer:
            mailbox = AsyncMailbox(writer)

            async def ask(request: Request) -> None:
                answer = await mailbox.ask(request)
                if not answer.done:
                    raise AssertionError(answer)

            return await _flight(ask, source, size, seconds)

    return asyncio.run(run())


def raw(path: Path, source: Iterator[Request], size: int, seconds: float) -> Measured:
    """Positions through the plain program."""

    async def run() -> Measured:
        writer, loop = RawWriter(path), asyncio.get_running_loop()

        async def ask(request: Request) -> None:
            future: asyncio.Future[None] = loop.create_future()
            writer.submit(request, lambda: loop.call_soon_threadsafe(future.set_result, None))
            await future

        try:
            return await _flight(ask, source, size, seconds)
        finally:
            writer.stop()

    return asyncio.run(run())


def fsyncs(folder: Path, seconds: float) -> float:
    """The disk's own rate: 4 KiB written and synchronised."""
    path = folder / "fsync"
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        block, count, begun = os.urandom(4096), 0, time.perf_counter()
        while time.perf_counter() - begun < seconds:
            os.pwrite(handle, block, (count % 256) * 4096)
            os.fdatasync(handle)
            count += 1
        return count / (time.perf_counter() - begun)
    finally:
        os.close(handle)
        path.unlink()


def cpu_seconds(command: list[str], stdin: str = "") -> tuple[float, float, int]:
    """(wall seconds, CPU seconds, peak resident KiB) of a child, which may keep what it compiles, as it does for its users."""
    code = (
        "import resource,subprocess,sys,time\n"
        "begun=time.perf_counter()\n"
        "done=subprocess.run(sys.argv[1:],input=sys.stdin.read(),text=True,capture_output=True)\n"
        "wall=time.perf_counter()-begun\n"
        "used=resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "sys.exit(done.stderr) if done.returncode else print(wall,used.ru_utime+used.ru_stime,used.ru_maxrss)\n"
    )
    around = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    child = [sys.executable, "-c", code, *command]
    done = subprocess.run(child, input=stdin, text=True, capture_output=True, check=True, env=around)
    wall, cpu, resident = done.stdout.split()
    return float(wall), float(cpu), int(resident)
