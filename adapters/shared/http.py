"""The web application of a process: each platform mounts what it listens with, and uvicorn serves it.

It knows no platform. `/health/live` says that the process answers, `/health/ready` that it can work too: neither says
anything about anybody.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route, Router

from adapters.shared.readiness import Readiness


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to listen; port 0 takes a free one."""

    host: str = "127.0.0.1"
    port: int = 3000


class Server(uvicorn.Server):
    """Serves until `should_exit` is set. Signals are whoever runs it's to catch. `listening` is set once it does."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        self.listening.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None."""
        yield

    @property
    def port(self) -> int:
        """The port it listens on, once it does."""
        return int(self.servers[0].sockets[0].getsockname()[1])


def application(routes: Sequence[BaseRoute], readiness: Readiness | None = None) -> Router:
    """The web application, with what the platforms mount. What it raises, the server logs and answers with 500.

    Without `readiness` nothing has to be there for the process to be ready.
    """
    looked_at = readiness or Readiness({})

    async def live(request: Request) -> PlainTextResponse:
        return PlainTextResponse("ok")

    async def ready(request: Request) -> PlainTextResponse:
        missing = await looked_at.missing()
        return PlainTextResponse("".join(f"not ready: {name}\n" for name in missing) or "ok", 503 if missing else 200)

    return Router([Route("/health/live", live), Route("/health/ready", ready), *routes])


def server(app: Any, listening: Listening) -> Server:
    """A server for it. Requests are not logged: their paths and bodies may be private."""
    config = uvicorn.Config(
        app,
        host=listening.host,
        port=listening.port,
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    return Server(config)
