"""The load: requests made beforehand, sent over so many connections that stay open, as fast as they are answered.

HTTP as far as this bench needs it: whole requests and answers with a length, no pipelining, no chunks.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


class Incoming:
    """Bytes of a connection, taken apart into messages: (head, body) of each that is whole."""

    def __init__(self) -> None:
        self._held = b""

    def take(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """What is whole with `data`. A message without a length has no body."""
        self._held += data
        while (end := self._held.find(b"\r\n\r\n")) >= 0:
            head, begins = self._held[: end + 2], end + 4
            length = _LENGTH.search(head)
            ends = begins + (int(length[1]) if length else 0)
            if len(self._held) < ends:
                return
            body, self._held = self._held[begins:ends], self._held[ends:]
            yield head, body


@dataclass
class Flight:
    """What became of a load. Times are `time.perf_counter`'s; `seconds` has how long each that was answered took.

    `body` is one of the answers.
    """

    begun: float = 0.0
    ended: float = 0.0
    seconds: list[float] = field(default_factory=list)
    failed: int = 0
    body: bytes = b""

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / (self.ended - self.begun)

    def percentile(self, part: float) -> float:
        """Milliseconds within which so large a part was answered."""
        taken = sorted(self.seconds)
        return 1e3 * taken[min(int(len(taken) * part), len(taken) - 1)] if taken else float("nan")


async def fly(port: int, requests: Sequence[bytes], connections: int) -> Flight:
    """Send them all, over connections that are there when it begins. A request whose connection breaks has failed."""
    flight, loop, left = Flight(), asyncio.get_running_loop(), iter(requests)
    made = [
        await loop.create_connection(lambda: _Connection(flight, left), "127.0.0.1", port) for _ in range(connections)
    ]
    flight.begun = time.perf_counter()
    for _, connection in made:
        connection.next()
    await asyncio.gather(*(connection.done for _, connection in made))
    flight.ended = time.perf_counter()
    for transport, _ in made:
        transport.close()
    return flight


class _Connection(asyncio.Protocol):
    def __init__(self, flight: Flight, left: Iterator[bytes]) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._flight = flight
        self._left = left
        self._incoming = Incoming()
        self._sent = 0.0
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        for head, body in self._incoming.take(data):
            if head.startswith(b"HTTP/1.1 200 "):
                self._flight.seconds.append(time.perf_counter() - self._sent)
                self._flight.body = body
            else:
                self._flight.failed += 1
            self.next()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 — asyncio's
        if not self.done.done():
            self._flight.failed += 1
            self.done.set_result(None)

    def next(self) -> None:
        """Send one more, if there is one."""
        request = next(self._left, None)
        if request is None:
            self.done.set_result(None)
            return
        self._sent = time.perf_counter()
        self._transport.write(request)
