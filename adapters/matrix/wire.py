"""The client-server API over HTTP: one call, one answer or one error. It tries once, and knows nothing of what it carries.

What is tried again, and when, is for whoever calls to know.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode

import aiohttp
from yarl import URL

from adapters.matrix.errors import PATIENCE_SECONDS, RATE_LIMITED, MatrixError

CALL_SECONDS: Final = 20.0
"""How long one call may take; below the relay's patience."""

MEDIA_SECONDS: Final = 120.0
LARGEST_ANSWER: Final = 65_536
"""Bytes read of an answer that is no success."""

CLIENT: Final = "client/v3"
OK: Final = range(200, 300)

Json = dict[str, Any]
T = TypeVar("T")


class Wire:
    """A homeserver, spoken to under one access token ("": none yet). `limited` hears when it takes no more for now."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        homeserver: str,
        token: str = "",
        limited: Callable[[], object] = lambda: None,
    ) -> None:
        self.homeserver = homeserver.rstrip("/")
        self.token = token
        self._session = session
        self._limited = limited

    async def call(
        self,
        method: str,
        *path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        seconds: float = CALL_SECONDS,
    ) -> Json:
        """What the homeserver answers to `/_matrix/client/v3/` and the parts of `path`, escaped here.

        Raises `MatrixError`, and what aiohttp raises when there is no answer (`TimeoutError` among it).
        """
        return _only(await self._called(method, path, body, query, seconds), dict)

    async def listed(self, method: str, *path: str) -> list[Json]:
        """The same where the answer is a list of objects."""
        return [each for each in _only(await self._called(method, path, None, None, CALL_SECONDS), list) if each]

    async def clock(self) -> str:
        """What time the homeserver says it is (HTTP's `Date`); "" where it does not say."""
        address = URL(f"{self.homeserver}/_matrix/client/versions", encoded=True)
        patience = aiohttp.ClientTimeout(total=CALL_SECONDS)
        async with self._session.get(address, timeout=patience, allow_redirects=False) as answer:
            return answer.headers.get("Date", "")

    async def versions(self) -> list[str]:
        """The versions of the specification that the homeserver speaks, such as `v1.11`; it tells anybody."""
        said = _only(await self._called("GET", ("versions",), None, None, CALL_SECONDS, "client"), dict)
        versions = said.get("versions")
        return [each for each in versions if isinstance(each, str)] if isinstance(versions, list) else []

    async def _called(
        self,
        method: str,
        path: tuple[str, ...],
        body: Mapping[str, Any] | None,
        query: Mapping[str, str] | None,
        seconds: float,
        api: str = CLIENT,
    ) -> Any:
        headers = {"Content-Type": "application/json"}
        data = None if body is None else json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
        address = self._address(api, path, query)
        async with self._session.request(
            method, address, data=data, headers=headers | self._credentials(), timeout=_within(seconds)
        ) as answered:
            if answered.status in OK:
                return _read(await answered.read())
            raise await self._refused(answered)

    async def upload(self, data: bytes, name: str, mime: str) -> str:
        """Put a file into the media repository; its `mxc://` address. Raises as `call`."""
        address = self._address("media/v3", ("upload",), {"filename": name} if name else None)
        headers = {"Content-Type": mime}
        async with self._session.post(
            address, data=data, headers=headers | self._credentials(), timeout=_within(MEDIA_SECONDS)
        ) as answered:
            if answered.status not in OK:
                raise await self._refused(answered)
            return str(_only(_read(await answered.read()), dict).get("content_uri", ""))

    async def download(self, uri: str, largest: int) -> bytes:
        """A file of the media repository: at most one byte more than `largest`. Raises as `call`; `ValueError`: no address."""
        server, _, media = uri.removeprefix("mxc://").partition("/")
        if not uri.startswith("mxc://") or not server or not media or "/" in media:
            raise ValueError(uri)
        address = self._address("client/v1/media", ("download", server, media), None)
        data = bytearray()
        async with self._session.get(address, headers=self._credentials(), timeout=_within(MEDIA_SECONDS)) as answered:
            if answered.status not in OK:
                raise await self._refused(answered)
            async for chunk in answered.content.iter_chunked(65_536):
                data += chunk
                if len(data) > largest:
                    break
        return bytes(data[: largest + 1])

    async def _refused(self, answered: aiohttp.ClientResponse) -> MatrixError:
        if answered.status == RATE_LIMITED:
            self._limited()
        return await _refused(answered)

    def _credentials(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def _address(self, api: str, path: tuple[str, ...], query: Mapping[str, str] | None) -> URL:
        escaped = "/".join(quote(part, safe="") for part in path)
        asked = f"?{urlencode(query)}" if query else ""
        return URL(f"{self.homeserver}/_matrix/{api}/{escaped}{asked}", encoded=True)


def _within(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=seconds)


def _read(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None


def _only(read: Any, kind: type[T]) -> T:
    """An answer of the shape it is to have. A success of another came from something else than a homeserver."""
    if not isinstance(read, kind):
        raise MatrixError(OK.start, "", "the answer is not of this API", 0.0, {})
    return read


async def _refused(answered: aiohttp.ClientResponse) -> MatrixError:
    body = _read(await answered.content.read(LARGEST_ANSWER))
    body = body if isinstance(body, dict) else {}
    code, words = body.get("errcode"), body.get("error")
    return MatrixError(
        answered.status,
        code if isinstance(code, str) else "",
        words if isinstance(words, str) else "",
        _patience(answered, body) if answered.status == RATE_LIMITED else 0.0,
        body,
    )


def _patience(answered: aiohttp.ClientResponse, body: Json) -> float:
    """Seconds to wait, from the header or the older field of the body."""
    header = answered.headers.get("Retry-After", "")
    if header.isdecimal():
        return float(header)
    milliseconds = body.get("retry_after_ms")
    return milliseconds / 1000 if isinstance(milliseconds, int) and milliseconds >= 0 else PATIENCE_SECONDS
