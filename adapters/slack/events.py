"""What Slack tells of its own accord: a home tab opened, tokens revoked, channels renamed, archived and deleted, zones moved."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.commands import NOWHERE
from adapters.slack.conversation import PLATFORM, UNCONNECTED, Conversation, Place, Speaker
from adapters.slack.home import home_tab
from adapters.slack.replies import Replies
from adapters.slack.workspaces import Workspaces
from bot.outgoing import page_of
from bot.view import View

log = logging.getLogger(__name__)

CHANNEL_EVENTS = {
    "channel_rename": "home renamed",
    "channel_deleted": "home deleted",
}
"""What a change of a channel is to the core, if the channel is somebody's home. An archived one may come back: what is
posted there meanwhile is parked, and the Secretariat is told."""


class Events:
    """Answers events. Each is done once, however often Slack sends it: its id is the request's origin."""

    def __init__(self, conversation: Conversation, replies: Replies, workspaces: Workspaces) -> None:
        self._conversation = conversation
        self._replies = replies
        self._workspaces = workspaces

    async def happened(self, body: Mapping[str, Any], client: AsyncWebClient) -> None:
        """Do what an event asks for; unknown ones are left alone."""
        event = body["event"]
        team = str(body.get("team_id") or body.get("enterprise_id") or "")
        kind, origin = event["type"], f"slack:{team}:event:{body['event_id']}"
        if kind == "app_home_opened" and event.get("tab") == "home":
            await self._home_opened(Speaker(team, event["user"], "", client), origin)
        elif kind == "app_uninstalled" or (kind == "tokens_revoked" and event.get("tokens", {}).get("bot")):
            log.warning("workspace %s: %s", team, kind)
            await self._workspaces.drop(team)
        elif kind == "user_change":
            await self._user_changed(team, event["user"], client)
        elif kind in CHANNEL_EVENTS:
            await self._channel_changed(team, kind, event, origin)

    async def _home_opened(self, speaker: Speaker, origin: str) -> None:
        """Show the tab as it is now; from then on it is kept up to date by the outbox."""
        place = Place(page_of(speaker.user), private=True)
        community = await self._conversation.community(speaker, place)
        view: View = UNCONNECTED
        if community is not None:
            view = (await self._conversation.ask(community, speaker, place, "home opened", {}, origin)).view
        drawn = home_tab(view, community or NOWHERE)
        await speaker.client.views_publish(user_id=speaker.user, view=drawn)

    async def _user_changed(self, team: str, user: dict[str, Any], client: AsyncWebClient) -> None:
        self._conversation.profiles.changed(team, user)
        speaker = Speaker(team, str(user["id"]), str(user.get("name") or ""), client)
        for community in await self._conversation.communities_of(speaker):
            await self._conversation.tell_zone(community, speaker)

    async def _channel_changed(self, team: str, kind: str, event: Mapping[str, Any], origin: str) -> None:
        channel = event["channel"]
        place = str(channel["id"] if isinstance(channel, dict) else channel)
        name = str(channel.get("name") or "") if isinstance(channel, dict) else ""
        for community in await self._conversation.communities_at(team, place):
            arguments = {"platform": PLATFORM, "team": team, "place": place, "name": f"#{name}" if name else ""}
            await self._conversation.noted(community, CHANNEL_EVENTS[kind], arguments, origin)
