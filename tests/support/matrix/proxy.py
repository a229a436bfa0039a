"""A way to the homeserver on which things go wrong when a test wants them to: see `Trouble`.

A call's name is its method and path, without the query: `GET /_matrix/client/v3/sync`, so that `"PUT */send/*"` is anything sent to
a room. It also lets a homeserver lie: `rewrite` changes what it answers.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.support.background import Background
from tests.support.matrix.api import Json
from tests.support.processes import free_port
from tests.support.trouble import Trouble, Troubles, lose

LARGEST_REQUEST = 100 * 1024 * 1024
_HOP_BY_HOP = {"connection", "content-length", "host", "keep-alive", "transfer-encoding"}


@dataclass(frozen=True)
class Passed:
    """A call that came by. `status` is 0 while it has no answer, and when its answer was lost."""

    name: str
    query: str
    body: bytes
    at: float
    status: int


class Proxy:
    """The way, listening at `url`. `at` in what it notes is the machine's monotonic time in seconds."""

    def __init__(self, homeserver: str) -> None:
        self.passed: list[Passed] = []
        self._homeserver = homeserver
        self._rewriting: list[tuple[str, Callable[[Json], None]]] = []
        self._changed = threading.Condition()
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._loop = Background("proxy")
        self._loop.run(self._start())

    # What goes wrong

    def trouble(self, pattern: str = "*", **what: Any) -> None:
        """Let the next calls that match a pattern go wrong: see `Trouble`."""
        self._loop.run(self._trouble(Trouble(pattern, **what)))

    def rewrite(self, pattern: str, change: Callable[[Json], None]) -> None:
        """Let something change every answer to calls that match a pattern, in place; `events` finds the events in it."""
        self._rewriting.append((pattern, change))

    def down(self) -> None:
        """Refuse connections, and cut those there are."""
        self._loop.run(self._down())

    def up(self) -> None:
        """Listen again, at the same address."""
        self._loop.run(self._up())

    def clear(self) -> None:
        """Let everything go well from now on."""
        self._rewriting.clear()
        self._loop.run(self._clear())

    # What came by

    def calls(self, pattern: str = "*") -> list[Passed]:
        """The calls that match a pattern and are done, one way or another, oldest first."""
        return [call for call in self.passed if fnmatchcase(call.name, pattern)]

    def sees(self, pattern: str = "*", times: int = 1, within: float = 20.0) -> list[Passed]:
        """The same, as soon as there are so many; AssertionError after so many seconds."""
        with self._changed:
            enough = self._changed.wait_for(lambda: len(self.calls(pattern)) >= times, within)
        if not enough:
            raise AssertionError(
                f"{len(self.calls(pattern))} of {times} {pattern!r}, but {[it.name for it in self.passed[-20:]]}"
            )
        return self.calls(pattern)

    def stop(self) -> None:
        """Close it."""
        self._loop.run(self._stop())
        self._loop.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # How it is done

    async def _start(self) -> None:
        self._troubles = Troubles(_refusal)
        self._session = aiohttp.ClientSession(
            auto_decompress=False, timeout=aiohttp.ClientTimeout(total=None), connector=aiohttp.TCPConnector(limit=0)
        )
        self._session._retry_connection = False  # what comes by once is passed on once
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.router.add_route("*", "/{path:.*}", self._pass)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        await self._up()

    async def _up(self) -> None:
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await self._site.start()

    async def _down(self) -> None:
        await self._site.stop()
        assert self._runner.server is not None
        for connection in self._runner.server.connections:
            connection.force_close()

    async def _trouble(self, trouble: Trouble) -> None:
        self._troubles.add(trouble)

    async def _clear(self) -> None:
        self._troubles.clear()

    async def _stop(self) -> None:
        self._troubles.clear()
        await self._runner.cleanup()
        await self._session.close()

    async def _pass(self, request: web.Request) -> web.Response:
        name = f"{request.method} {request.path}"
        body = await request.read()
        status = 0
        try:
            trouble = self._troubles.take(name)
            answer = await self._troubles.strike(trouble, request) if trouble else None
            if answer is None:
                answer = await self._forward(request, name, body)
            if trouble is not None and trouble.after:
                return lose(request)
            status = answer.status
            return answer
        finally:
            with self._changed:
                self.passed.append(Passed(name, request.query_string, body, time.monotonic(), status))
                self._changed.notify_all()

    async def _forward(self, request: web.Request, name: str, body: bytes) -> web.Response:
        headers = {key: value for key, value in request.headers.items() if key.lower() not in _HOP_BY_HOP}
        try:
            async with self._session.request(
                request.method,
                self._homeserver + request.raw_path,
                data=body or None,
                headers=headers,
                allow_redirects=False,
            ) as told:
                answer = web.Response(status=told.status, body=await told.read())
                if told.content_type == "application/json":
                    answer.body = self._rewritten(name, await told.read())
                for key, value in told.headers.items():
                    if key.lower() not in _HOP_BY_HOP:
                        answer.headers[key] = value
                return answer
        except aiohttp.ClientError:
            return _refusal(502)

    def _rewritten(self, name: str, body: bytes) -> bytes:
        changes = [change for pattern, change in self._rewriting if fnmatchcase(name, pattern)]
        if not changes:
            return body
        answer = json.loads(body)
        for change in changes:
            change(answer)
        return json.dumps(answer).encode()


def events(answer: Any) -> Iterator[Json]:
    """Every event somewhere in an answer."""
    match answer:
        case {"type": str(), "content": dict()}:
            yield answer
        case dict():
            for part in answer.values():
                yield from events(part)
        case list():
            for part in answer:
                yield from events(part)


def _refusal(status: int) -> web.Response:
    """As Synapse refuses, or what stands before it when it is down."""
    match status:
        case 429:
            body = {"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests", "retry_after_ms": 100}
            return web.json_response(body, status=status, headers={"Retry-After": "1"})
        case 401:
            body = {"errcode": "M_UNKNOWN_TOKEN", "error": "Invalid access token passed.", "soft_logout": False}
            return web.json_response(body, status=status)
        case 502 | 503 | 504:
            return web.Response(status=status, text=f"<html><h1>{status}</h1></html>", content_type="text/html")
    return web.json_response({"errcode": "M_UNKNOWN", "error": "Internal server error"}, status=status)
