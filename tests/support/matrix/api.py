"""The homeserver's own interface, for whoever speaks it without a client library."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote

import aiohttp

from tests.support.background import Background

Json = dict[str, Any]

CLIENT = "/_matrix/client/v3"

_REFUSED = 400
_PATIENCE = aiohttp.ClientTimeout(total=45)


@dataclass(frozen=True)
class Account:
    """One device of somebody, logged in."""

    user_id: str
    device_id: str
    token: str

    @classmethod
    def of(cls, answer: Json) -> Self:
        """From what the homeserver answers to a login."""
        return cls(answer["user_id"], answer["device_id"], answer["access_token"])


@dataclass(frozen=True)
class Call:
    """Something to ask of the homeserver. `body` is JSON, or bytes that may be none."""

    method: str
    path: str
    body: Json | bytes | None = None
    query: Json | None = None


class MatrixError(Exception):
    """The homeserver refused: its `errcode`, the HTTP status, and the whole answer."""

    def __init__(self, status: int, answer: Json) -> None:
        super().__init__(f"{status} {answer.get('errcode')}: {answer.get('error')}")
        self.status = status
        self.errcode = str(answer.get("errcode", ""))
        self.answer = answer


class Api:
    """A homeserver at an address. Its methods wait; they are called from the test's own thread."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._loop = Background("matrix-api")
        self._session = self._loop.run(_open())

    def call(self, call: Call, account: Account | None = None) -> Json:
        """The answer, as somebody or nobody; raises MatrixError, or aiohttp's ClientConnectionError."""
        return self._loop.run(self._call(call, account))

    def calls(self, calls: list[Call], account: Account | None = None, at_once: int = 8) -> list[Json]:
        """The answers to many calls, of which so many are made at a time."""
        return self._loop.run(self._calls(calls, account, at_once))

    def close(self) -> None:
        """Let go of its connections."""
        self._loop.run(self._session.close())
        self._loop.stop()

    async def _call(self, call: Call, account: Account | None) -> Json:
        headers = {"Authorization": f"Bearer {account.token}"} if account else {}
        sent: dict[str, Any] = {"data": call.body} if isinstance(call.body, bytes) else {"json": call.body}
        async with self._session.request(
            call.method, self.url + call.path, params=call.query, headers=headers, **sent
        ) as response:
            text = await response.text()
        answer: Json = json.loads(text) if response.content_type == "application/json" else {"error": text}
        if response.status >= _REFUSED:
            raise MatrixError(response.status, answer)
        return answer

    async def _calls(self, calls: list[Call], account: Account | None, at_once: int) -> list[Json]:
        answers: list[Json] = []
        for start in range(0, len(calls), at_once):
            answers += await asyncio.gather(*(self._call(call, account) for call in calls[start : start + at_once]))
        return answers


async def _open() -> aiohttp.ClientSession:
    session = aiohttp.ClientSession(timeout=_PATIENCE)
    session._retry_connection = (
        False  # a call is made once, as by aiohttp's own TestClient, also when its connection is cut
    )
    return session


def path(*parts: str) -> str:
    """A path of the client's API, its parts made safe for a URL."""
    return "/".join([CLIENT, *(quote(part, safe="") for part in parts)])
