"""Socket Mode: the app opens WebSockets, Slack sends envelopes over one of them, and the app acknowledges each.

The emulator has nothing of the kind.
"""

from __future__ import annotations

import asyncio
import json
import random
import secrets
import uuid
from typing import Any

from aiohttp import WSMsgType, web

from tests.support.slack.blocks import Json
from tests.support.slack.workspace import APP

MOST = 10
"""Sockets an app may have open."""


class Sockets:
    """Those of the app."""

    def __init__(self) -> None:
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._chance = random.Random(1)
        self._used: set[web.WebSocketResponse] = set()
        self.opened = 0

    @property
    def count(self) -> int:
        """How many are open."""
        return len(self._open)

    @property
    def used(self) -> int:
        """Over how many envelopes went."""
        return len(self._used)

    def ticket(self) -> str | None:
        """Leave to open one more; None when there are too many."""
        if len(self._open) >= MOST:
            return None
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One socket, from its opening to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()  # answers pings with their own bytes, which the SDK checks
        await socket.prepare(request)
        self._open.append(socket)
        self.opened += 1
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": self.count,
                "connection_info": {"app_id": APP},
                "debug_info": {"host": "lab", "build_number": 1, "approximate_connection_time": 18060},
            }
        )
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledged(json.loads(message.data))
        finally:
            if socket in self._open:
                self._open.remove(socket)
        return socket

    async def send(
        self, kind: str, payload: Json, *, envelope: str = "", retry: int = 0, reason: str = ""
    ) -> asyncio.Future[Any]:
        """Send an envelope over one of the open sockets; the acknowledgement to come. ConnectionError without a socket."""
        envelope = envelope or str(uuid.uuid4())
        self._waiting[envelope] = asyncio.get_running_loop().create_future()
        body: Json = {
            "envelope_id": envelope,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            body |= {"retry_attempt": retry, "retry_reason": reason}
        while self._open:
            socket = self._chance.choice(self._open)
            try:
                await socket.send_json(body)
            except ConnectionError:  # lost, and not yet noticed: another one then
                self._open.remove(socket)
            else:
                self._used.add(socket)
                return self._waiting[envelope]
        raise ConnectionError("the app has no socket open")

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the app to open another socket in place of its oldest, over which nothing is sent any more."""
        oldest = self._open.pop(0)
        await oldest.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "lab"}})

    async def drop(self) -> None:
        """Lose every connection without a word."""
        for socket in self._open:
            transport = getattr(socket, "_req").transport  # noqa: B009 - aiohttp offers no other way to be so rude
            if transport is not None:  # the app itself has let go of it, just now
                transport.abort()
        self._open.clear()

    def _acknowledged(self, body: dict[str, Any]) -> None:
        waiting = self._waiting.pop(body.get("envelope_id", ""), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(body.get("payload") or {})
