"""What stands before Bolt where requests come from the Internet: only what Slack signed, just now, gets in.

Bolt would parse a body before it verifies it, stumble over a timestamp that is no number, and write what it refuses into
the log. Here a body has a limit, and nothing of it is read or logged before its signature is right. What is older than
five minutes is a replay and refused; within them the same request is the same request (`bot.engine`).
"""

from __future__ import annotations

import hmac
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from hashlib import sha256
from typing import Any, Final

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
ASGI = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST: Final = 1_000_000
"""Bytes of a body. Slack's largest, a window with everything in it, has a quarter of that."""

WINDOW_SECONDS: Final = 300
"""How far a timestamp may be from now, as Slack's documentation has it."""

DIGITS: Final = 12


class Refused(Exception):
    """A request that is not let in: its HTTP status, and why, for the log."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class Guard:
    """Wraps an ASGI application. `secret` is the app's signing secret."""

    def __init__(self, inner: ASGI, secret: str, now: Callable[[], float] = time.time) -> None:
        self._inner = inner
        self._secret = secret.encode()
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it without a word."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        try:
            body = await self._admitted(scope, receive)
        except Refused as refused:
            log.warning("a request to %s was refused: %s", scope["path"], refused.why)
            await send(
                {"type": "http.response.start", "status": refused.status, "headers": [(b"content-length", b"0")]}
            )
            await send({"type": "http.response.body", "body": b""})
            return
        given = False

        async def again() -> MutableMapping[str, Any]:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._inner(scope, again, send)

    async def _admitted(self, scope: Scope, receive: Receive) -> bytes:
        """The body, verified. Raises `Refused`."""
        if scope["method"] != "POST":
            raise Refused(405, "it is no POST")
        headers = _only(scope["headers"], (b"x-slack-request-timestamp", b"x-slack-signature", b"content-length"))
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or len(length) > DIGITS or int(length) > LARGEST:
            raise Refused(413, "its body is too large")
        stamp = headers.get(b"x-slack-request-timestamp", b"")
        if not stamp.isdigit() or len(stamp) > DIGITS:
            raise Refused(401, "its timestamp is no number")
        if abs(self._now() - int(stamp)) > WINDOW_SECONDS:
            raise Refused(401, "its timestamp is too far from now")
        body = await _read(receive)
        signed = hmac.new(self._secret, b"v0:" + stamp + b":" + body, sha256).hexdigest()
        if not hmac.compare_digest(f"v0={signed}".encode(), headers.get(b"x-slack-signature", b"")):
            raise Refused(401, "its signature is not Slack's")
        return body


def _only(headers: Iterable[tuple[bytes, bytes]], names: tuple[bytes, ...]) -> dict[bytes, bytes]:
    """Headers by name. One given twice counts as not given: which of the two is meant cannot be known."""
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in names:
            found[name] = b"" if name in found else value
    return found


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "it was cut off")
        body += message.get("body", b"")
        if len(body) > LARGEST:
            raise Refused(413, "its body is too large")
        if not message.get("more_body"):
            return bytes(body)
