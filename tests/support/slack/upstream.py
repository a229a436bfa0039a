"""How the edge talks to the emulator."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import aiohttp

from tests.support.slack.blocks import Json
from tests.support.slack.calls import form
from tests.support.slack.workspace import INSIDE


class Upstream:
    """The emulator at an address. It calls itself `believed`, which is replaced by the edge's own address where files are."""

    def __init__(self, address: str, believed: str, edge: str) -> None:
        self._address = address
        self._believed = believed
        self._edge = edge
        self._session = aiohttp.ClientSession()

    async def call(self, method: str, arguments: dict[str, Any], token: str = INSIDE) -> Json:
        """The answer of a method."""
        headers = {"Authorization": f"Bearer {token}"}
        async with self._session.post(
            f"{self._address}/api/{method}", data=form(arguments), headers=headers
        ) as response:
            text = await response.text()
            if response.status == 404:
                return {"ok": False, "error": "unknown_method"}
            response.raise_for_status()
        for path in ("/upload/", "/files-pri/"):
            text = text.replace(self._believed + path, self._edge + path)
        answer: Json = json.loads(text)
        return answer

    async def whole(self, method: str, key: str, **arguments: Any) -> list[Json]:
        """All items of a method that answers in pages."""
        items: list[Json] = []
        cursor = ""
        while True:
            page = await self.call(method, {**arguments, "limit": 1000, "cursor": cursor})
            if not page["ok"]:
                raise LookupError(f"{method}: {page['error']}")
            items += page[key]
            cursor = page["response_metadata"]["next_cursor"]
            if not cursor:
                return items

    async def post(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Status and body of something that is no method."""
        async with self._session.post(self._address + path, data=BytesIO(body), headers=headers) as response:
            return response.status, await response.read()

    async def get(self, path: str) -> tuple[int, bytes, str]:
        """Status, body and media type of something to be fetched."""
        headers = {"Authorization": f"Bearer {INSIDE}"}
        async with self._session.get(self._address + path, headers=headers) as response:
            return response.status, await response.read(), response.content_type

    async def authorize(self, fields: dict[str, str]) -> str:
        """Where the browser is sent when somebody has agreed to install the app."""
        async with self._session.post(
            f"{self._address}/oauth/v2/authorize/callback", data=fields, allow_redirects=False
        ) as response:
            return response.headers["Location"]

    async def close(self) -> None:
        """Let go of its connections."""
        await self._session.close()
