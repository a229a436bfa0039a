"""What is typed after `/wg`: taken apart, asked, and answered in the acknowledgment itself."""

from __future__ import annotations

from collections.abc import Mapping
from html import unescape
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from adapters.shared.communities import telling_in
from adapters.slack.blocks import Drawing
from adapters.slack.carried import Window
from adapters.slack.conversation import UNCONNECTED, Conversation, Place, Speaker, place_of, window_name
from adapters.slack.messages import messages
from adapters.slack.origins import digest
from adapters.slack.replies import RESPONSES, Replies, acknowledged
from adapters.slack.speech import Block, speech
from bot.domain.errors import Refusal
from bot.domain.ids import CommunityId
from bot.domain.template import plain
from bot.reply import refused
from bot.slash import Spoken, parse
from bot.text import T
from bot.view import File, Form, Notice, Tone, View

NOWHERE: Final = CommunityId("")
"""Stands for the community in what is shown before it is known."""


class Commands:
    """Answers slash commands."""

    def __init__(self, conversation: Conversation, replies: Replies) -> None:
        self._conversation = conversation
        self._replies = replies
        self._constant: dict[tuple[str, str], dict[str, Any]] = {}

    async def given(self, body: Mapping[str, Any], client: AsyncWebClient) -> dict[str, Any]:
        """The body of the acknowledgment: an answer for the person alone, or nothing where a window opens."""
        typed = plain(unescape(str(body.get("text") or "")))
        try:
            spoken = parse(typed)
        except Refusal as refusal:
            return acknowledged(messages(refused(refusal, f"/wg {typed}"), Drawing(speech(), NOWHERE)))
        constant = self._constant.get((spoken.command.name, repr(spoken.arguments)))
        if constant is not None:
            return constant
        speaker = Speaker(
            str(body.get("team_id") or body.get("enterprise_id") or ""),
            body["user_id"],
            str(body.get("user_name") or ""),
            client,
        )
        place = place_of(body["channel_id"], str(body.get("channel_name") or ""), speaker.user)
        community = await self._conversation.community(
            speaker, place, telling_in(spoken.command.name, spoken.arguments)
        )
        if community is None:
            return acknowledged(messages(UNCONNECTED, Drawing(speech(), NOWHERE)))
        return await self._answered(body, speaker, place, community, spoken, typed)

    async def _answered(
        self,
        body: Mapping[str, Any],
        speaker: Speaker,
        place: Place,
        community: CommunityId,
        spoken: Spoken,
        typed: str,
    ) -> dict[str, Any]:
        trigger, url = str(body.get("trigger_id") or ""), str(body.get("response_url") or "")
        origin = f"slack:{speaker.team}:{trigger or digest(speaker.user, place.place, typed)}"
        window = window_name(spoken.command.name, spoken.arguments)
        answer = await self._conversation.ask(
            community,
            speaker,
            place,
            spoken.command.name,
            spoken.arguments,
            origin,
            typed=f"/wg {typed}".strip(),
            window=window,
        )
        if isinstance(answer.view, Form):
            carried = Window(community, answer.view.command, place.place, window, place.name, place.private)
            kept = answer.view.answers.keys() - spoken.arguments.keys()
            opening = self._replies.open(speaker.client, trigger, answer.view, carried, kept=bool(kept), url=url)
            self._conversation.background.spawn(opening, "opening a window")
            return {}
        shown, *rest = self._shown(answer.view, speaker, community)
        if rest:
            following = self._replies.respond(url, fitting(rest, community))
            self._conversation.background.spawn(following, "answering in several messages")
        said = acknowledged([shown])
        if spoken.command.constant and answer.done:
            self._constant[spoken.command.name, repr(spoken.arguments)] = said
        return said

    def _shown(self, view: View, speaker: Speaker, community: CommunityId) -> list[Block]:
        if isinstance(view, File):
            handing = self._replies.hand_over(speaker, community, view)
            self._conversation.background.spawn(handing, "handing over a file")
            view = on_its_way(view)
        return messages(view, Drawing(speech(), community))


def on_its_way(file: File) -> View:
    """Where a document will be found."""
    text = T("{name} is on its way to you, in your direct messages with wgbot.", name=file.name)
    return Notice(text, Tone.DONE)


def fitting(rest: list[Block], community: CommunityId) -> list[Block]:
    """What a response URL takes; where there is more, that is said."""
    if len(rest) <= RESPONSES:
        return rest
    more = T("{count} more messages do not fit here. Ask for less at once, or for the file.", count=len(rest) - 4)
    return [*rest[: RESPONSES - 1], *messages(Notice(more, Tone.ATTENTION), Drawing(speech(), community))]
