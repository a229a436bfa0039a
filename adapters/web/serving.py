"""The record, served by `wgbot run`: each page made when it is asked for, from state as it is then."""

from __future__ import annotations

import asyncio
import hashlib
import mimetypes
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.web import paths
from adapters.web.site import Written, one
from bot.domain.ids import CommunityId
from bot.ports import Store

UNDER: Final = "/record"
"""Where it is served: the paths of chat platforms stand beside it."""

AT_ONCE: Final = 2
"""Pages made at the same time; making one computes, and the chat is not to wait for it."""

HEADERS: Final = {
    # connect-src: browsers' own tools ask for robots.txt in the name of a page
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cache-Control": "public, max-age=60",
}

SCRIPTS: Final = "default-src 'none'; script-src 'self';"
"""Search works in the reader's browser: its page alone may run the record's own scripts."""

INDEX_KEPT: Final = 300.0
"""Seconds for which the index of search is given again: it takes every page to make."""

_TYPES: Final = {
    ".atom": "application/atom+xml",
    ".ics": "text/calendar",
    ".md": "text/markdown",
    ".xml": "application/xml",
}


class Record:
    """The record of one community as routes. `public_url` is where the installation is reached from outside ("": nowhere)."""

    def __init__(self, store: Store, community: CommunityId, public_url: str = "") -> None:
        self._store = store
        self._community = community
        self._base = f"{public_url.rstrip('/')}{UNDER}" if public_url else ""
        self._making = asyncio.Semaphore(AT_ONCE)
        self._index: tuple[float, Written | None] = (-INDEX_KEPT, None)

    def routes(self) -> Sequence[BaseRoute]:
        """What is mounted in the web application."""
        return (
            Route("/robots.txt", self._robots),
            Route(UNDER, self._front),
            Route(f"{UNDER}/{{path:path}}", self._answer),
        )

    async def _robots(self, _request: Request) -> Response:
        """Search engines are welcome, and told where everything is listed."""
        listed = f"Sitemap: {self._base}/sitemap.xml\n" if self._base else ""
        return PlainTextResponse(f"User-agent: *\nAllow: {UNDER}/\n{listed}", headers=HEADERS)

    async def _front(self, _request: Request) -> Response:
        return RedirectResponse(f"{UNDER}/", headers=HEADERS)

    async def _answer(self, request: Request) -> Response:
        path = request.path_params["path"] or paths.FRONT
        async with self._making:
            made = await asyncio.to_thread(self._made, path)
        if made is None:
            return PlainTextResponse("There is no such page.", 404, headers=headers_of(path))
        tag = f'"{hashlib.sha256(made.content).hexdigest()[:32]}"'
        headers = {**headers_of(path), "ETag": tag}
        if tag in (each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")):
            return Response(status_code=304, headers=headers)
        return Response(made.content, media_type=media_type(made.path), headers=headers)

    def _made(self, path: str) -> Written | None:
        made_at, index = self._index
        if path == paths.INDEX:
            if time.monotonic() - made_at >= INDEX_KEPT:
                index = self._read(path)
                self._index = (time.monotonic(), index)
            return index
        return self._read(path)

    def _read(self, path: str) -> Written | None:
        with self._store.reading() as reads:
            return one(reads, self._community, datetime.now(UTC), path, self._base)


def headers_of(path: str) -> dict[str, str]:
    """What is said with a file, so that browsers do no more than show it."""
    if path != paths.SEARCH:
        return dict(HEADERS)
    policy = HEADERS["Content-Security-Policy"].replace("default-src 'none';", SCRIPTS)
    return {**HEADERS, "Content-Security-Policy": policy}


def media_type(path: str) -> str:
    """What a file is, by its name."""
    suffix = path[path.rindex(".") :]
    return _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
