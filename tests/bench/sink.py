"""A Web API that takes everything at once and counts it: where answers and edits go. It is no Slack, and checks nothing.

`python -m tests.bench.sink` prints the port it listens on. `GET /answered/ROUND` tells what response URLs of that round
(`/respond/ROUND/NUMBER`) were given; `GET /called` which methods were called how often.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.bench.traffic import Incoming

TEAM, BOT_USER, BOT = "T", "UBOT", "BBOT"


@dataclass
class Answered:
    """What came by the response URLs of one round. `last` is when (`time.perf_counter`, the same in all processes)."""

    numbers: set[str] = field(default_factory=set)
    bytes: int = 0
    last: float = 0.0


@dataclass
class Sink:
    """What was got."""

    rounds: dict[str, Answered] = field(default_factory=dict)
    called: Counter[str] = field(default_factory=Counter)

    def take(self, path: str, body: bytes) -> bytes:
        """Count a request; what it is answered."""
        parts = path.partition("?")[0].strip("/").split("/")
        match parts:
            case ["respond", round_, number]:
                answered = self.rounds.setdefault(round_, Answered())
                answered.numbers.add(number)
                answered.bytes += len(body)
                answered.last = time.perf_counter()
                return b"ok"
            case ["answered", round_]:
                answered = self.rounds.get(round_, Answered())
                return json.dumps([len(answered.numbers), answered.bytes, answered.last]).encode()
            case ["called"]:
                return json.dumps(self.called).encode()
            case ["api", method]:
                self.called[method] += 1
                return json.dumps({"ok": True, **_said(method)}).encode()
            case _:
                raise LookupError(path)


def _said(method: str) -> dict[str, Any]:
    match method:
        case "auth.test":
            return {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT}
        case "users.info":
            return {"user": {"id": "U", "tz": "Europe/Zurich", "locale": "en-US", "profile": {}}}
        case "chat.postMessage" | "chat.update":
            return {"channel": "C1", "ts": f"{time.time():.6f}"}
        case _:
            return {"channel": {"id": "C1", "name": "mag"}, "messages": []}


class _Connection(asyncio.Protocol):
    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._incoming = Incoming()
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        for head, body in self._incoming.take(data):
            answer = self._sink.take(head.split(b" ", 2)[1].decode(), body)
            self._transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
                % (len(answer), answer)
            )


async def nothing(scope: Any, receive: Any, send: Any) -> None:
    """An ASGI application that reads what it is sent, and answers 200."""
    if scope["type"] == "http":
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


async def _serve() -> None:
    sink = Sink()
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(sink), "127.0.0.1", 0, backlog=2048)
    sys.stderr.write(f"listening on 127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stderr.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
