"""A working group's public channel: found or made, with its topic, its charter pinned and its co-facilitators invited.

Everything is looked at before it is done, so that doing it again changes nothing. A channel of the same name is taken
for the group's own only with our mark on it, in its purpose.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.shared.sending import Rejected, Room
from adapters.slack.errors import code_of, meaning
from adapters.slack.speech import line, speech
from bot.domain.community import Community
from bot.domain.facilitators import facilitators
from bot.domain.groups import FORMER, Home, group_of, homes_of
from bot.domain.ids import CommunityId, GroupId
from bot.domain.names import channel_name
from bot.domain.people import Account
from bot.domain.records import Reads
from bot.ports import Store
from bot.text import T, UserText
from bot.troubles import Reason

log = logging.getLogger(__name__)

TOPIC: Final = 250
CLOSED: Final = "room-closed"
"""The code of a home that was made private."""

NAMES_TRIED: Final = 20
PAGE: Final = 200

INSIDE: Final = frozenset({"already_in_channel", "cant_invite_self"})
"""What an invitation meets that is not needed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A channel as it is to be."""

    name: str
    topic: str
    purpose: str
    mark: str
    invited: tuple[str, ...]
    place: str
    over: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A channel as Slack shows it. `closed`: not every member can enter."""

    place: str
    name: str
    topic: str
    purpose: str
    creator: str
    closed: bool
    archived: bool


class Channels:
    """Reads what a channel is to be from the store, off the event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def made_right(self, client: AsyncWebClient, team: str, community: CommunityId, group: str) -> Room | None:
        """The group's channel, as it is to be; archived once the group has ended, if it is ours. None: it has none, and
        needs none. Raises what the SDK raises, and `Rejected`.
        """
        wanted = await asyncio.to_thread(self._read, lambda reads: _wanted(reads, team, community, GroupId(group)))
        if wanted.over:
            return await self._archived(client, wanted) if wanted.place else None
        if wanted.place:
            found = await seen(client, wanted.place)
        else:
            found = await self._made(client, wanted)
        if found.archived:
            raise Rejected(Reason.ROOM_ARCHIVED)
        if found.closed:
            raise Rejected(CLOSED)
        if not wanted.place and wanted.mark not in found.purpose:
            await client.conversations_setPurpose(channel=found.place, purpose=wanted.purpose)
        if found.topic != wanted.topic and (not wanted.place or not found.topic):
            await client.conversations_setTopic(channel=found.place, topic=wanted.topic)
        for user in wanted.invited:
            await _invited(client, found.place, user)
        return Room(found.place, f"#{found.name}")

    async def _archived(self, client: AsyncWebClient, wanted: Wanted) -> Room:
        """A channel that others made is left as it is: it may have another use."""
        found = await seen(client, wanted.place)
        if not found.archived and wanted.mark in found.purpose:
            await client.conversations_archive(channel=found.place)
        return Room(found.place, f"#{found.name}")

    async def pinned(self, client: AsyncWebClient, channel: str, ts: str) -> None:
        """Keep a message at hand. What is not allowed is logged: it was posted all the same. Raises what may pass."""
        try:
            await client.pins_add(channel=channel, timestamp=ts)
        except SlackApiError as error:
            if not isinstance(meaning(error), Rejected):
                raise
            if code_of(error) != "already_pinned":
                log.warning("a charter could not be pinned in %s: %s", channel, code_of(error))

    async def _made(self, client: AsyncWebClient, wanted: Wanted) -> Seen:
        for number in range(1, NAMES_TRIED + 1):
            name = wanted.name if number == 1 else f"{wanted.name[:76]}-{number}"
            try:
                made = await client.conversations_create(name=name, is_private=False)
            except SlackApiError as error:
                if code_of(error) != "name_taken":
                    raise
            else:
                return _shown(made["channel"])
            taken = await _named(client, name)
            if taken is not None and await self._ours(client, taken, wanted):
                return taken
        raise Rejected(Reason.NAME_TAKEN)

    async def _ours(self, client: AsyncWebClient, found: Seen, wanted: Wanted) -> bool:
        """Whether we made it for this group: it bears our mark, or we died before we could put it there."""
        if wanted.mark in found.purpose:
            return True
        return not found.purpose and found.creator == (await client.auth_test())["user_id"]

    def _read(self, fn: Callable[[Reads], Wanted]) -> Wanted:
        with self._store.reading() as reads:
            return fn(reads)


async def seen(client: AsyncWebClient, channel: str) -> Seen:
    """A channel. One the bot cannot see, or only with a scope for private ones, is closed. Raises what else the SDK raises."""
    try:
        said = await client.conversations_info(channel=channel)
    except SlackApiError as error:
        private = code_of(error) == "missing_scope" and not str(error.response.get("needed")).startswith("channels:")
        if code_of(error) == "channel_not_found" or private:
            return Seen(channel, "", "", "", "", closed=True, archived=False)
        raise
    return _shown(said["channel"])


def _wanted(reads: Reads, team: str, community_id: CommunityId, group_id: GroupId) -> Wanted:
    group = group_of(reads, community_id, group_id)
    community = reads.get(Community, community_id)
    if community is None:
        raise LookupError(community_id)
    say = speech(community.language)
    mark = f"wgbot:{community_id}:{group_id}"
    topic = T("{name}: a working group of the {body}", name=UserText(group.full_name), body=community.titles.body)
    purpose = T("Open to every {member}. {mark}", member=community.titles.member, mark=mark)
    users = [
        account.user
        for each in facilitators(reads, group)
        for account in reads.all(Account, community=community_id, person=each.person)
        if (account.platform, account.team) == ("slack", team)
    ]
    return Wanted(
        channel_name(group.short_name),
        line(say.plain(topic), TOPIC),
        line(say.plain(purpose), TOPIC),
        mark,
        tuple(users),
        _home(homes_of(reads, community_id, group_id), team),
        group.stage in FORMER,
    )


def _home(homes: tuple[Home, ...], team: str) -> str:
    return next((home.place for home in homes if (home.platform, home.team) == ("slack", team)), "")


async def _named(client: AsyncWebClient, name: str) -> Seen | None:
    """The public channel of a name, archived ones too."""
    cursor = ""
    while True:
        said = await client.conversations_list(types="public_channel", limit=PAGE, cursor=cursor)
        for channel in said["channels"]:
            if channel.get("name") == name:
                return _shown(channel)
        cursor = (said.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return None


async def _invited(client: AsyncWebClient, channel: str, user: str) -> None:
    """Invite somebody. Who cannot be, because they left or are a guest, does not keep the room from being opened."""
    try:
        await client.conversations_invite(channel=channel, users=user)
    except SlackApiError as error:
        if not isinstance(meaning(error), Rejected):
            raise
        if code_of(error) not in INSIDE:
            log.warning("somebody could not be invited to %s: %s", channel, code_of(error))


def _shown(channel: dict[str, Any]) -> Seen:
    def value(name: str) -> str:
        return str((channel.get(name) or {}).get("value") or "")

    closed = any(channel.get(name) for name in ("is_private", "is_im", "is_mpim", "is_group"))
    return Seen(
        str(channel["id"]),
        str(channel.get("name") or ""),
        value("topic"),
        value("purpose"),
        str(channel.get("creator") or ""),
        closed,
        bool(channel.get("is_archived")),
    )
