"""Trouble that a test asks for: the next calls of something fail, hang, lose their connection or are slow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import web


@dataclass
class Trouble:
    """What happens to the next `times` calls whose name matches a pattern, in which `*` is anything.

    `before` and `after` tell when the connection is lost: before the call is passed on, or after (it was carried out, the
    answer is lost). `text` is what is answered that is no JSON. `hang` keeps it open without an answer until the edge
    stops. `delay` is in seconds.
    """

    pattern: str
    times: int = 1
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    before: bool = False
    after: bool = False
    hang: bool = False
    delay: float = 0.0


class Troubles:
    """Those still to come. `refuse` is the answer for a status when a trouble has no body of its own."""

    def __init__(self, refuse: Callable[[int], web.Response]) -> None:
        self._refuse = refuse
        self._coming: list[Trouble] = []
        self._hanging = asyncio.Event()

    def add(self, trouble: Trouble) -> None:
        """Let it happen."""
        self._coming.append(trouble)

    def clear(self) -> None:
        """Let nothing happen any more, and whatever hangs end."""
        self._coming.clear()
        self._hanging.set()
        self._hanging = asyncio.Event()

    def take(self, call: str) -> Trouble | None:
        """The trouble with this call, if any."""
        for trouble in self._coming:
            if trouble.times > 0 and fnmatchcase(call, trouble.pattern):
                trouble.times -= 1
                return trouble
        return None

    async def strike(self, trouble: Trouble, request: web.Request) -> web.Response | None:
        """What there is to suffer before the call is passed on; the answer, when it is not to be passed on at all."""
        if trouble.delay:
            await asyncio.sleep(trouble.delay)
        if trouble.hang:
            await self._hanging.wait()
        if trouble.before or trouble.hang:
            return lose(request)
        if trouble.text:
            return web.Response(status=trouble.status, headers=trouble.headers, text=trouble.text)
        if trouble.body:
            return web.json_response(dict(trouble.body), status=trouble.status or 200, headers=trouble.headers)
        if trouble.status:
            refusal = self._refuse(trouble.status)
            refusal.headers.update(trouble.headers)
            return refusal
        return None


def lose(request: web.Request) -> web.Response:
    """Drop the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
