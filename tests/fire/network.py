"""The network between processes: a way to a port, or to one of several, that can be cut, stopped for a while, or made slow."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from typing import Self

from tests.support.background import Background
from tests.support.processes import free_port

CHUNK = 65_536


class Way:
    """Listens at `port` and passes everything on to one of `targets`, as a balancer does: another if one does not answer."""

    def __init__(self, *targets: int, seed: int = 0) -> None:
        self.port = free_port()
        self.delay_seconds = 0.0
        self._targets: Sequence[int] = targets
        self._chance = random.Random(seed)
        self._open = True
        self._flows = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = Background("way")
        self._loop.run(self._start())

    def cut(self) -> None:
        """End every connection, and take none, until it is mended."""
        self._loop.run(self._set(open_=False, flows=True))

    def stall(self) -> None:
        """Let nothing through, and say nothing of it, until it is mended."""
        self._loop.run(self._set(open_=True, flows=False))

    def mend(self) -> None:
        """As it was."""
        self.delay_seconds = 0.0
        self._loop.run(self._set(open_=True, flows=True))

    def stop(self) -> None:
        """Close it."""
        self.cut()
        self._loop.run(self._close())
        self._loop.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def _start(self) -> None:
        self._flows.set()
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", self.port, backlog=512)

    async def _close(self) -> None:
        self._server.close()

    async def _set(self, *, open_: bool, flows: bool) -> None:
        self._open = open_
        if flows:
            self._flows.set()
        else:
            self._flows.clear()
        if not open_:
            for writer in list(self._writers):
                writer.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        there: asyncio.StreamWriter | None = None
        try:
            await self._flows.wait()
            reached = await self._reached() if self._open else None
            if reached is None:
                return
            back, there = reached
            self._writers.add(there)
            pumps = [asyncio.ensure_future(self._pump(reader, there)), asyncio.ensure_future(self._pump(back, writer))]
            try:
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for pump in pumps:
                    pump.cancel()
                await asyncio.gather(*pumps, return_exceptions=True)
        finally:
            for each in (writer, there):
                if each is not None:
                    self._writers.discard(each)
                    each.transport.abort() if not self._open else each.close()

    async def _reached(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for port in self._chance.sample(self._targets, len(self._targets)):
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port)
        return None

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while chunk := await reader.read(CHUNK):
                if self.delay_seconds:
                    await asyncio.sleep(self.delay_seconds)
                await self._flows.wait()
                writer.write(chunk)
                await writer.drain()
