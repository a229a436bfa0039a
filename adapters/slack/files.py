"""Text files people attach to a form: fetched from Slack with the bot's own token, and read as UTF-8."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import Invalid
from bot.domain.hygiene import one_line
from bot.text import T, UserText

LARGEST: Final = 5_000_000
"""Bytes of a file; every argument has a limit of its own besides."""

SECONDS: Final = 30
OK: Final = 200


async def downloaded(
    session: aiohttp.ClientSession, client: AsyncWebClient, file: Mapping[str, Any], field: str
) -> str:
    """The text of an attached file. Raises `Invalid`, which says what is wrong with it."""
    name = UserText(one_line(str(file.get("name") or file.get("title") or "")))
    try:
        if not file.get("url_private_download") and not file.get("url_private"):
            file = (await client.files_info(file=str(file["id"])))["file"]
        url = str(file.get("url_private_download") or file.get("url_private"))
        if not _of_slack(url, client.base_url):
            raise Invalid(T("{name} does not lie with Slack.", name=name), T("Upload the file itself."), field=field)
        data = await _fetched(session, url, str(client.token))
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError):
        raise Invalid(
            T("{name} could not be fetched from Slack.", name=name), T("Try it once more."), field=field
        ) from None
    if len(data) > LARGEST:
        raise Invalid(
            T("{name} is larger than {limit} megabytes.", name=name, limit=LARGEST // 1_000_000),
            T("Send a smaller one."),
            field=field,
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(
            T("{name} is not UTF-8 text: byte {position} cannot be read.", name=name, position=error.start + 1),
            T("Save it as UTF-8 (in a spreadsheet: “CSV UTF-8”) and try again."),
            field=field,
        ) from None


async def _fetched(session: aiohttp.ClientSession, url: str, token: str) -> bytes:
    """At most one byte more than the largest file."""
    headers = {"Authorization": f"Bearer {token}"}
    patience = aiohttp.ClientTimeout(total=SECONDS)
    async with session.get(url, headers=headers, timeout=patience, allow_redirects=False) as answered:
        if answered.status != OK:  # a token that may not read files is sent on to a page to log in
            raise aiohttp.ClientConnectionError(f"HTTP {answered.status}")
        data = bytearray()
        async for chunk in answered.content.iter_chunked(65_536):
            data += chunk
            if len(data) > LARGEST:
                break
        return bytes(data)


def _of_slack(url: str, api: str) -> bool:
    """Whether the token may be shown to an address: Slack's files, or the host the API is on."""
    asked, own = urlsplit(url), urlsplit(api)
    host = asked.hostname or ""
    return (asked.scheme == "https" and host.endswith(".slack.com")) or (asked.scheme, asked.netloc) == (
        own.scheme,
        own.netloc,
    )
