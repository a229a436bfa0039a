"""The record, served by `wgbot run`: each page made when it is asked for, from state as it is then, and kept while it holds.

Right after a start, what most will ask for is made before they do.

A page holds until the log goes on, or until the clock tells otherwise. One that takes long to make is given again for a
while all the same: making pages takes a small part of a processor, however often the log goes on.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import mimetypes
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from starlette.convertors import PathConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.web import feeds, paths
from adapters.web.api import Links, links_of, problem
from adapters.web.inputs import Inputs, Noted, Watched
from adapters.web.leaves import SITEMAPS, Written
from adapters.web.model import Once, Source, V
from adapters.web.site import Site, source_of
from bot.domain.community import Community
from bot.domain.groups import Group
from bot.domain.ids import CommunityId
from bot.ports import Snapshot, Store

UNDER: Final = "/record"
"""Where it is served: the paths of chat platforms stand beside it."""

AT_ONCE: Final = 2
"""Pages made at the same time; making one computes, and the chat is not to wait for it."""

LONG: Final = (".pdf", ".docx", ".png", paths.INDEX, SITEMAPS)
"""How the names of files end that take tenths of a second or more: one of them is made at a time, beside the others."""

REST: Final = 20
"""A page that took so much of a processor to make is given as it is for so many times as long."""

LOOKED: Final = 0.2
"""Seconds for which a page that still holds is not asked about again."""

KEPT_BYTES: Final = 64 * 1024 * 1024
"""What pages that were made are kept in. Those asked for longest ago go first."""

AHEAD: Final = 200
"""Groups' pages that are made ahead, before anybody asks for them: those of the newest cycle first."""

READING: Final = ("GET", "HEAD")

SMALL: Final = 500
"""Bytes below which packing makes nothing faster."""

HEADERS: Final = {
    # connect-src: browsers' own tools ask for robots.txt in the name of a page
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "public, max-age=60",
    "Vary": "Accept-Encoding",
}

SCRIPTS: Final = "default-src 'none'; script-src 'self';"
"""Search works in the reader's browser: its page alone may run the record's own scripts."""

_TYPES: Final = {
    ".atom": "application/atom+xml",
    ".ics": "text/calendar",
    ".md": "text/markdown",
    ".xml": "application/xml",
}
_WEIGHT: Final = re.compile(r"[01](\.[0-9]{0,3})?")
_PACKED: Final = (".html", ".json", ".atom", ".ics", ".md", ".xml", ".css", ".js")


class Whole(PathConvertor):
    """The rest of a path, whatever it is: of Starlette's `path`, a line break is no part."""

    regex = "(?s:.*)"


register_url_convertor("whole", Whole())


class _AnyMethod(Route):
    """A route that is asked whatever the method: Starlette's own refusal is nothing that a program reads."""

    def __init__(self, path: str, endpoint: Callable[..., object]) -> None:
        super().__init__(path, endpoint)
        self.methods = set()


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen when state was looked at: the position of the log, and the community with its clock. `at`: monotonic."""

    at: float
    position: int
    community: Community


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it was made: packed too, with its tag; at which position of the log, until when it holds, and its rest."""

    content: bytes
    packed: bytes
    tag: str
    links: Links
    position: int
    until: datetime
    rests_until: float

    @property
    def size(self) -> int:
        """Bytes it is kept in."""
        return len(self.content) + len(self.packed)


class Record:
    """The record of one community as routes. `public_url` is where the installation is reached from outside ("": nowhere)."""

    def __init__(
        self, store: Store, community: CommunityId, public_url: str = "", languages: Sequence[str] = ()
    ) -> None:
        self._store = store
        self._community = community
        self._base = f"{public_url.rstrip('/')}{UNDER}" if public_url else ""
        self._languages = languages
        self._making = asyncio.Semaphore(AT_ONCE)
        self._long = asyncio.Semaphore(1)
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._bytes = 0
        self._under_way: dict[str, asyncio.Task[Kept | None]] = {}
        self._looked: Look | None = None
        self._paths: tuple[int, paths.Paths] | None = None
        self._work: tuple[int, dict[Any, tuple[Any, datetime]]] = (-1, {})

    def ready(self) -> None:
        """Load what is else loaded when the first pages are made, and make the front page: the first readers do not wait for it."""
        with self._store.reading() as snapshot:
            source = source_of(snapshot, self._community, datetime.now(UTC))
            fronts = Site(source, self._base, self._languages).ready()
        for path in fronts:
            self._keep(path, self._made(path))

    async def ahead(self) -> None:
        """Make what most will ask for before they do: the groups' pages, and the feed of everything.

        One after the other, each when no request waits for a page. When it is cancelled, nothing is being made any more.
        """
        try:
            for path in await asyncio.to_thread(self._asked_most):
                await self._nothing_under_way()
                if path not in self._kept:
                    await self._now(path)
        finally:
            await self._nothing_under_way()

    async def _nothing_under_way(self) -> None:
        while self._under_way:
            await asyncio.wait(self._under_way.values())

    def _asked_most(self) -> Sequence[str]:
        with self._store.reading() as snapshot:
            source = source_of(snapshot, self._community, datetime.now(UTC))
            groups = sorted(snapshot.all(Group, community=self._community), key=lambda each: -each.cycle)
            return (*(source.paths.group(each.id) for each in groups[:AHEAD]), feeds.EVERYTHING)

    def routes(self) -> Sequence[BaseRoute]:
        """What is mounted in the web application. HEAD is answered as GET is."""
        return (
            Route("/robots.txt", self._robots),
            Route(UNDER, self._front),
            _AnyMethod(f"{UNDER}/{{path:whole}}", self._answer),
        )

    async def _robots(self, _request: Request) -> Response:
        """Search engines are welcome, and told where everything is listed."""
        listed = f"Sitemap: {self._base}/sitemap.xml\n" if self._base else ""
        return PlainTextResponse(f"User-agent: *\nAllow: {UNDER}/\n{listed}", headers=HEADERS)

    async def _front(self, _request: Request) -> Response:
        return RedirectResponse(f"{UNDER}/", headers=HEADERS)

    async def _answer(self, request: Request) -> Response:
        path = request.path_params["path"] or paths.FRONT
        if path.endswith("/"):
            path += paths.FRONT
        if request.method not in READING:
            return _refused(path, 405, "The record is only read.", {"Allow": ", ".join(READING)})
        kept = self._kept.get(path)
        if kept is not None and self._holds(kept):
            self._kept.move_to_end(path)
        else:
            kept = await self._now(path)
        if kept is None:
            return _refused(path, 404, "There is nothing at this address.")
        packed = bool(kept.packed) and takes_gzip(request.headers.get("accept-encoding", ""))
        headers = {**headers_of(path), "ETag": f'"{kept.tag}-gzip"' if packed else f'"{kept.tag}"'}
        if kept.links:
            headers["Link"] = ", ".join(f'<{to}>; rel="{rel}"' for rel, to in kept.links)
        asked = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
        if headers["ETag"] in asked or "*" in asked:
            return Response(status_code=304, headers=headers)
        if packed:
            headers["Content-Encoding"] = "gzip"
            return Response(kept.packed, media_type=media_type(path), headers=headers)
        return Response(kept.content, media_type=media_type(path), headers=headers)

    def _holds(self, kept: Kept) -> bool:
        """Whether a file can be given without looking at state: it rests, or state was as it is for it a moment ago."""
        if time.monotonic() < kept.rests_until:
            return True
        seen = self._looked
        return (
            seen is not None
            and seen.position == kept.position
            and time.monotonic() < seen.at + LOOKED
            and seen.community.now(datetime.now(UTC)) < kept.until
        )

    async def _now(self, path: str) -> Kept | None:
        """The file as it is now, made once for all who ask for it meanwhile."""
        making = self._under_way.get(path)
        if making is None:
            making = self._under_way[path] = asyncio.create_task(self._make(path))
            making.add_done_callback(lambda _: self._under_way.pop(path))
        return await asyncio.shield(making)

    async def _make(self, path: str) -> Kept | None:
        async with self._long if path.endswith(LONG) else self._making:
            kept = await asyncio.to_thread(self._made, path)
        self._keep(path, kept)
        return kept

    def _keep(self, path: str, made: Kept | None) -> None:
        before = self._kept.pop(path, None)
        self._bytes -= before.size if before is not None else 0
        if made is None:
            return
        self._kept[path] = made
        self._bytes += made.size
        while self._bytes > KEPT_BYTES:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= oldest.size

    def _made(self, path: str) -> Kept | None:
        """In a thread: the file as it was made, where it still holds; else made now. None where there is none."""
        kept, at = self._kept.get(path), time.monotonic()
        with self._store.reading() as snapshot:
            position = snapshot.position(self._community)
            begun = time.thread_time()
            noted = Noted(snapshot)
            source = source_of(snapshot, self._community, datetime.now(UTC), self._addresses(snapshot, position))
            self._looked = Look(at, position, source.community)
            if kept is not None and kept.position == position and source.now < kept.until:
                return kept
            now = Watched.of(source.now, noted)
            source = replace(source, reads=noted, now=now, kept=self._once(position, noted))
            leaf = Site(source, self._base, self._languages).at(path)
            found = next((each for each in leaf.make() if each.path == path), None) if leaf is not None else None
        if found is None:
            return None
        packed = gzip.compress(found.content, 6, mtime=0) if _packs(found) else b""
        tag = hashlib.sha256(found.content).hexdigest()[:32]
        rests = time.monotonic() + REST * (time.thread_time() - begun)
        return Kept(
            found.content, packed, tag, links_of(found.path, found.content), position, noted.inputs.until, rests
        )

    def _once(self, position: int, noted: Noted) -> Once:
        """Keeps what takes long for a position of the log, until the clock tells otherwise."""
        if self._work[0] != position:
            self._work = (position, {})
        done = self._work[1]

        def once(work: Callable[[Source], V], source: Source) -> V:
            known = done.get(work)
            if known is not None and source.now < known[1]:  # to compare them notes until when it holds
                value: V = known[0]
                return value
            outer, noted.inputs = noted.inputs, Inputs()
            try:
                value = work(source)
            finally:
                inner, noted.inputs = noted.inputs, outer
            outer.asked |= inner.asked
            outer.pass_by(inner.until)
            done[work] = (value, inner.until)
            return value

        return once

    def _addresses(self, snapshot: Snapshot, position: int) -> paths.Paths | None:
        """Every group's address, worked out once for a position of the log."""
        if self._paths is None or self._paths[0] != position:
            source = source_of(snapshot, self._community, datetime.now(UTC))
            self._paths = (position, source.paths)
        return self._paths[1]


def _packs(found: Written) -> bool:
    return len(found.content) >= SMALL and found.path.endswith(_PACKED)


def _refused(path: str, status: int, why: str, also: Mapping[str, str] | None = None) -> Response:
    """Why nothing is given; to programs, as they are told of errors (RFC 9457)."""
    headers = {**headers_of(path), **(also or {})}
    if _for_programs(path):
        return Response(problem(why, status), status, media_type="application/problem+json", headers=headers)
    return PlainTextResponse(why, status, headers=headers)


def _for_programs(path: str) -> bool:
    return "api/v1/" in f"{path}/"


def headers_of(path: str) -> dict[str, str]:
    """What is said with a file, so that browsers do no more than show it; scripts of any site may read what is for programs."""
    if _for_programs(path):
        return {**HEADERS, "Access-Control-Allow-Origin": "*"}
    if path.rpartition("/")[2] != paths.SEARCH:
        return dict(HEADERS)
    policy = HEADERS["Content-Security-Policy"].replace("default-src 'none';", SCRIPTS)
    return {**HEADERS, "Content-Security-Policy": policy}


def takes_gzip(accepted: str) -> bool:
    """Whether who sends this Accept-Encoding takes gzip (RFC 9110 §12.5.3). A weight that is no number takes nothing."""
    weights: dict[str, float] = {}
    for each in accepted.lower().split(","):
        coding, _, weight = (part.strip() for part in each.partition(";"))
        number = weight.removeprefix("q=") if weight else "1"
        weights[coding] = float(number) if _WEIGHT.fullmatch(number) else 0
    return weights.get("gzip", weights.get("*", 0)) > 0


def media_type(path: str) -> str:
    """What a file is, by its name."""
    suffix = path[path.rindex(".") :]
    return _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
