"""Slack as the relay sees it: messages posted, edited and found again, home tabs published, channels made.

Slack takes no transaction id: a message whose answer did not come is looked for by the outbox row's id, which lies in
its metadata, where the app may read history. What is drawn is `adapters.slack.messages`; channels are
`adapters.slack.channels`.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any, Final

import msgspec
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.shared.rates import Rate
from adapters.shared.sending import Pace, Rejected, Room, SendError, Shut, Unreachable
from adapters.slack.blocks import Drawing
from adapters.slack.channels import Channels
from adapters.slack.errors import code_of, translated
from adapters.slack.home import home_tab
from adapters.slack.messages import messages
from adapters.slack.speech import Block, speech
from adapters.slack.workspaces import Workspaces
from bot.domain.ids import CommunityId
from bot.outgoing import Lane, Outgoing, SendKind
from bot.view import View

PLATFORM: Final = "slack"
METADATA_TYPE: Final = "wgbot_message"
PLAIN: Final[dict[str, Any]] = {"parse": "none", "link_names": False, "unfurl_links": False, "unfurl_media": False}
"""Slack is to turn nothing into a mention, a link or a preview by itself."""

CLOCKS_APART: Final = 30.0
"""Seconds by which our clock may be ahead of Slack's, when looking for a message."""

LOOKED_THROUGH: Final = 1_000
"""Messages looked through for one of our own."""

POSTS: Final = Pace(Rate(1.0, 2), Rate(3.0, 20), "post", 2.0)
EDITS: Final = Pace(None, Rate(1 / 1.5), "edit", 0.0)
HOMES: Final = Pace(None, Rate(1.5, 10), "home", 0.0)
ROOMS: Final = Pace(None, Rate(1 / 3, 2), "room", 0.0)


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept with a row: its messages, or a home tab; `pin` keeps it at hand in its channel."""

    messages: list[dict[str, Any]] = []
    home: dict[str, Any] = {}
    pin: bool = False


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Body).decode


def direct(place: str) -> str | None:
    """The user of a direct lane (`@U123`); None for a channel's."""
    return place[1:] if place.startswith("@") else None


def home_of(place: str) -> str | None:
    """The user of a home tab's lane (`~U123`)."""
    return place[1:] if place.startswith("~") else None


class SlackSender:
    """See `adapters.shared.sending.Sender`. A message's id is its channel and the times of its parts: `C1/1.2/1.3`."""

    platform = PLATFORM

    def __init__(self, workspaces: Workspaces, channels: Channels) -> None:
        self._workspaces = workspaces
        self._channels = channels
        self._direct: dict[tuple[str, str], str] = {}

    def render(self, view: View, row: Outgoing) -> bytes:
        """Its messages as Slack's methods take them."""
        if home_of(row.lane.place) is not None:
            return _encode(Body(home=home_tab(view, row.community)))
        drawn = messages(view, Drawing(speech(), row.community))
        pin = row.kind is SendKind.POST and row.subject.startswith("group:") and direct(row.lane.place) is None
        return _encode(Body(drawn, pin=pin))

    async def post(self, lane: Lane, row_id: str, body: bytes) -> str:
        """Post the first message, then the others in its thread."""
        sent = _decode(body)
        async with self._client(lane) as client:
            where = await self._where(client, lane)
            first = await self._posted(client, where, row_id, 0, sent.messages[0])
            return await self._rest(client, first["channel"], row_id, sent, [first["ts"]])

    async def refresh(self, lane: Lane, row_id: str, remote: str, body: bytes) -> str:
        """Edit its messages; more are added to its thread, surplus ones deleted."""
        sent = _decode(body)
        async with self._client(lane) as client:
            user = home_of(lane.place)
            if user is not None:
                await client.views_publish(user_id=user, view=sent.home)
                return remote
            channel, *times = remote.split("/")
            for ts, message in zip(times, sent.messages, strict=False):
                await client.chat_update(
                    channel=channel,
                    ts=ts,
                    text=message["text"],
                    blocks=message["blocks"],
                    parse="none",
                    link_names=False,
                )
            for ts in times[len(sent.messages) :]:
                await _deleted(client, channel, ts)
            kept = times[: len(sent.messages)]
            if len(kept) < len(sent.messages):
                kept = await self._known_parts(client, channel, row_id, kept)
                return await self._rest(client, channel, row_id, sent, kept)
            return "/".join([channel, *kept])

    async def open_room(self, lane: Lane, row_id: str, community: CommunityId, group_subject: str) -> Room | None:  # noqa: ARG002 — the port's
        """The group's channel: see `Channels`."""
        async with self._client(lane) as client:
            return await self._channels.made_right(client, lane.team, community, group_subject)

    async def find(self, lane: Lane, row_id: str, since: datetime, body: bytes) -> str | None:
        """Look for it in the channel's history, by its metadata; where the app may not read, it cannot be found."""
        sent = _decode(body)
        async with self._client(lane) as client:
            where = await self._where(client, lane)
            channel = await self._opened(client, lane) if direct(lane.place) is not None else where
            first = await _own(client, channel, row_id, since.timestamp() - CLOCKS_APART)
            if first is None:
                return None
            times = await self._known_parts(client, channel, row_id, [first])
            return await self._rest(client, channel, row_id, sent, times)

    def pace(self, row: Outgoing) -> Pace:
        """Slack's tiers: a post a second and channel, an edit in a second and a half and workspace."""
        if row.kind is SendKind.PROVISION:
            return ROOMS
        if home_of(row.lane.place) is not None:
            return HOMES
        return EDITS if row.kind is SendKind.REFRESH else POSTS

    def _client(self, lane: Lane) -> _Calling:
        return _Calling(self._workspaces, lane.team)

    async def _where(self, client: AsyncWebClient, lane: Lane) -> str:
        """What `chat.postMessage` is given: a channel, or the direct messages of a person."""
        return lane.place if direct(lane.place) is None else await self._opened(client, lane)

    async def _opened(self, client: AsyncWebClient, lane: Lane) -> str:
        key = (lane.team, lane.place)
        if key not in self._direct:
            said = await client.conversations_open(users=lane.place[1:])
            self._direct[key] = str(said["channel"]["id"])
        return self._direct[key]

    async def _posted(
        self, client: AsyncWebClient, channel: str, row_id: str, part: int, message: Block, thread: str | None = None
    ) -> Block:
        metadata = {"event_type": METADATA_TYPE, "event_payload": {"row": row_id, "part": part}}
        arguments = {"channel": channel, "thread_ts": thread, "metadata": metadata, **message, **PLAIN}
        said = await _inside(client, channel, lambda: client.chat_postMessage(**arguments))
        return {"channel": str(said["channel"]), "ts": str(said["ts"])}

    async def _rest(self, client: AsyncWebClient, channel: str, row_id: str, sent: Body, times: list[str]) -> str:
        """Post the parts that are missing after those at `times`, and pin what is to be pinned; the message's id."""
        try:
            with translated():
                for part in range(len(times), len(sent.messages)):
                    made = await self._posted(client, channel, row_id, part, sent.messages[part], times[0])
                    times.append(made["ts"])
                if sent.pin:
                    await self._channels.pinned(client, channel, times[0])
        except SendError as error:
            raise _partly(error) from error
        return "/".join([channel, *times])

    async def _known_parts(self, client: AsyncWebClient, channel: str, row_id: str, times: list[str]) -> list[str]:
        """The parts of a message that are there: those at `times`, and those an earlier attempt added to its thread."""
        try:
            page: dict[str, Any] = {"ts": times[0], "include_all_metadata": True, "limit": LOOKED_THROUGH}
            said = await _inside(client, channel, partial(client.conversations_replies, channel=channel, **page))
        except SlackApiError as error:
            if code_of(error) in ("missing_scope", "thread_not_found"):
                return times
            raise
        found = {_part(each): str(each["ts"]) for each in said["messages"] if _row(each) == row_id}
        while len(times) in found:
            times = [*times, found[len(times)]]
        return times


class _Calling:
    """A workspace's client, whose errors leave as those a sender raises; a token not taken is looked up anew."""

    def __init__(self, workspaces: Workspaces, team: str) -> None:
        self._workspaces = workspaces
        self._team = team

    async def __aenter__(self) -> AsyncWebClient:
        with translated():
            return (await self._workspaces.of(self._team)).client

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, SendError) or not isinstance(error, Exception):
            self._forget(error)
            return
        try:
            with translated():
                raise error
        except SendError as meant:
            self._forget(meant)
            raise meant from error

    def _forget(self, error: BaseException | None) -> None:
        if isinstance(error, Shut):
            self._workspaces.forget(self._team)


async def _inside(
    client: AsyncWebClient, channel: str, call: Callable[[], Awaitable[AsyncSlackResponse]]
) -> AsyncSlackResponse:
    """What a call answers that only members of a channel may make; where the bot was taken out, it enters again."""
    try:
        return await call()
    except SlackApiError as error:
        if code_of(error) != "not_in_channel":
            raise
    await client.conversations_join(channel=channel)
    return await call()


async def _own(client: AsyncWebClient, channel: str, row_id: str, oldest: float) -> str | None:
    """The time of the first part of a message of ours, looked for from `oldest` (seconds) on."""
    cursor, seen = "", 0
    while seen < LOOKED_THROUGH:
        try:
            page: dict[str, Any] = {
                "oldest": f"{oldest:.6f}",
                "include_all_metadata": True,
                "limit": 200,
                "cursor": cursor,
            }
            said = await _inside(client, channel, partial(client.conversations_history, channel=channel, **page))
        except SlackApiError as error:
            if code_of(error) == "missing_scope":
                return None
            raise
        for each in said["messages"]:
            if _row(each) == row_id and _part(each) == 0:
                return str(each["ts"])
        seen += len(said["messages"])
        cursor = (said.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return None
    return None


def _payload(message: Block) -> Block:
    metadata = message.get("metadata") or {}
    if isinstance(metadata, str):
        metadata = json.loads(metadata)
    return metadata.get("event_payload") or {} if metadata.get("event_type") == METADATA_TYPE else {}


def _row(message: Block) -> str | None:
    return _payload(message).get("row")


def _part(message: Block) -> int:
    return int(_payload(message).get("part", -1))


async def _deleted(client: AsyncWebClient, channel: str, ts: str) -> None:
    try:
        await client.chat_delete(channel=channel, ts=ts)
    except SlackApiError as error:
        if code_of(error) != "message_not_found":
            raise


def _partly(error: SendError) -> SendError:
    """What kept the rest from following: the beginning is there, so it is to be looked for."""
    return Unreachable(error.reason) if isinstance(error, Rejected | Unreachable) else _marked(error)


def _marked(error: SendError) -> SendError:
    if hasattr(error, "partly"):
        error.partly = True
    return error
