"""What the app called, as the edge recorded it."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.support.slack.blocks import Json

_JSON = ("attachments", "blocks", "files", "metadata", "view")
"""Arguments that travel as JSON within a form."""


@dataclass
class Call:
    """A call of the Web API. `answer` is None while it runs, and when its connection was lost."""

    method: str
    arguments: dict[str, Any]
    token: str
    at: float
    answer: Json | None = field(default=None)

    @property
    def ok(self) -> bool:
        """It was carried out, and the app knows."""
        return bool(self.answer and self.answer["ok"])

    @classmethod
    async def read(cls, request: web.Request, at: float) -> Call:
        """A call from its request: the SDK sends GET with a query, or POST with a form or JSON."""
        arguments: dict[str, Any] = dict(request.query)
        if request.content_type == "application/json":
            arguments |= json.loads(await request.read() or b"{}")
        else:
            arguments |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
        for name in _JSON:
            if isinstance(arguments.get(name), str):
                arguments[name] = json.loads(arguments[name])
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme == "Basic":  # how the SDK sends an app's own name and secret
            arguments["client_id"], _, arguments["client_secret"] = b64decode(token).decode().partition(":")
            token = ""
        token = token or str(arguments.pop("token", ""))
        return cls(request.match_info["method"], arguments, token, at)


def form(arguments: dict[str, Any]) -> dict[str, str]:
    """Arguments as the emulator reads them."""
    return {key: it if isinstance(it, str) else json.dumps(it) for key, it in arguments.items() if it is not None}
