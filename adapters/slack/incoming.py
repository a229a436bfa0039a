"""What comes over HTTP, taken apart and given to Bolt as what comes by a socket is: verified and parsed.

Bolt's own handler would take a click's form apart letter by letter, which costs more than all else that Bolt does.
Nothing is verified here: `adapters.slack.guard` stands before it.
"""

from __future__ import annotations

import json
import logging
from typing import Any

import msgspec
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from yarl import query_to_pairs

from adapters.slack.guard import Receive, Scope, Send

log = logging.getLogger(__name__)


class Incoming:
    """An ASGI application: each request is one delivery of Slack's."""

    def __init__(self, app: AsyncApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 — ASGI's
        """Have it answered."""
        answered = await self._answered(await _body(receive))
        body = answered.body.encode()
        headers = [(name.encode(), value.encode()) for name, values in answered.headers.items() for value in values]
        headers.append((b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": answered.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answered(self, body: bytes) -> BoltResponse:
        try:
            payload = parsed(body)
        except (ValueError, RecursionError) as error:
            log.warning("a request of Slack's could not be read: %s", type(error).__name__)
            return BoltResponse(status=400)
        return await self._app.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))


def parsed(body: bytes) -> dict[str, Any]:
    """The payload: JSON, or a form, or JSON in a form. Raises `ValueError`, or `RecursionError` for what is nested too deep."""
    text = body.decode()
    if not text.startswith("{"):
        form = dict(query_to_pairs(text))
        if "payload" not in form:
            return form
        text = form["payload"]
    try:
        payload = msgspec.json.decode(text)
    except msgspec.DecodeError:
        payload = json.loads(text)  # half as fast, and forgiving: halves of characters, which people can send
    if not isinstance(payload, dict):
        raise ValueError("no object")  # noqa: TRY004 — it is the text that is wrong
    return payload


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)
