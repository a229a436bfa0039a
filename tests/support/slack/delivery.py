"""How what people do reaches the app: over HTTP, signed, or over Socket Mode. Both look the same to the driver."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, assert_never
from urllib.parse import urlencode

import aiohttp

from tests.support.slack.blocks import Json
from tests.support.slack.sockets import Sockets

PATIENCE_SECONDS = 3.0
"""How long Slack waits for an acknowledgement."""


class What(StrEnum):
    """What is delivered, by the name Socket Mode gives it."""

    COMMAND = "slash_commands"
    INTERACTION = "interactive"
    EVENT = "events_api"


@dataclass(frozen=True)
class How:
    """What is unusual about a delivery.

    `retry` is its number when it is not the first, with Slack's reason for it. Over HTTP only: `age` is how long ago it was
    signed, in seconds; `secret` signs with another secret; `headers` replace those of the request.
    """

    retry: int = 0
    reason: str = "http_timeout"
    age: float = 0.0
    secret: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


ONCE = How()
"""As usual."""


@dataclass(frozen=True)
class Sent:
    """A delivery, to be repeated to the byte."""

    what: What
    payload: Json
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    envelope: str = ""


@dataclass(frozen=True)
class Answer:
    """The acknowledgement. `status` is 0 when there was none in time. `body` is JSON or, as the text of a message, anything."""

    status: int
    body: Json
    seconds: float

    @property
    def acked(self) -> bool:
        """In time, and without an error."""
        return self.status == 200


class Delivery(Protocol):
    """A way to the app."""

    def prepare(self, what: What, payload: Json, how: How) -> Sent:
        """What will be sent."""

    async def send(self, sent: Sent) -> Answer:
        """Send it, for the first time or again, and wait for the acknowledgement."""


class OverHttp:
    """To a request URL, or one for each kind of delivery."""

    def __init__(self, url: str | Mapping[What, str], signing_secret: str) -> None:
        self._urls = dict.fromkeys(What, url) if isinstance(url, str) else dict(url)
        self._secret = signing_secret

    def prepare(self, what: What, payload: Json, how: How) -> Sent:
        """The request, signed now."""
        body, kind = _encoded(what, payload)
        stamp = str(int(time.time() - how.age))
        signed = hmac.new((how.secret or self._secret).encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
        headers = {
            "Content-Type": kind,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signed.hexdigest()}",
        }
        if how.retry:
            headers |= {"X-Slack-Retry-Num": str(how.retry), "X-Slack-Retry-Reason": how.reason}
        return Sent(what, payload, body, {**headers, **how.headers})

    async def send(self, sent: Sent) -> Answer:
        """Post it. Slack follows no redirects."""
        begun = time.perf_counter()
        timeout = aiohttp.ClientTimeout(PATIENCE_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(
                    self._urls[sent.what], data=sent.body, headers=dict(sent.headers), allow_redirects=False
                ) as response,
            ):
                text = await response.text()
                return Answer(response.status, _decoded(text), time.perf_counter() - begun)
        except (TimeoutError, aiohttp.ClientError):
            return Answer(0, {}, time.perf_counter() - begun)


class OverSockets:
    """Over whichever socket the app has open."""

    def __init__(self, sockets: Sockets) -> None:
        self._sockets = sockets

    def prepare(self, what: What, payload: Json, how: How) -> Sent:
        """The envelope."""
        retry = {"retry": how.retry, "reason": how.reason} if how.retry else {}
        return Sent(
            what, payload, headers={key: str(value) for key, value in retry.items()}, envelope=str(uuid.uuid4())
        )

    async def send(self, sent: Sent) -> Answer:
        """Send it, and wait for its acknowledgement."""
        begun = time.perf_counter()
        retry, reason = int(sent.headers.get("retry", 0)), sent.headers.get("reason", "")
        try:
            waiting = await self._sockets.send(
                sent.what, sent.payload, envelope=sent.envelope, retry=retry, reason=reason
            )
            body = await asyncio.wait_for(waiting, PATIENCE_SECONDS)
        except (TimeoutError, ConnectionError):
            return Answer(0, {}, time.perf_counter() - begun)
        return Answer(200, body if isinstance(body, dict) else {"text": str(body)}, time.perf_counter() - begun)


def _encoded(what: What, payload: Json) -> tuple[bytes, str]:
    match what:
        case What.EVENT:
            return json.dumps(payload).encode(), "application/json"
        case What.INTERACTION:
            return urlencode({"payload": json.dumps(payload)}).encode(), "application/x-www-form-urlencoded"
        case What.COMMAND:
            return urlencode(payload).encode(), "application/x-www-form-urlencoded"
        case _:
            assert_never(what)


def _decoded(text: str) -> Json:
    try:
        body: Any = json.loads(text) if text else {}
    except ValueError:
        body = text
    return body if isinstance(body, dict) else {"text": str(body)}
