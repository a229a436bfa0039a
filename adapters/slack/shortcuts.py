"""Shortcuts: from anywhere, to propose a group and to see what waits; from a message, to the minutes or a consultation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any, Final

import msgspec
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.carried import Window
from adapters.slack.clicks import OLD
from adapters.slack.commands import NOWHERE
from adapters.slack.conversation import UNCONNECTED, Conversation, Place, Speaker, place_of, speaker_in, window_name
from adapters.slack.replies import Replies
from bot.text import T, Text
from bot.view import Form


@dataclass(frozen=True, slots=True)
class Shortcut:
    """What a shortcut is called (24 characters at most), and the command it gives. `text`, `link`: what a message fills in."""

    callback: str
    name: Text
    about: Text
    command: str
    text: str = ""
    link: str = ""

    @property
    def on_message(self) -> bool:
        """Whether it is in the menu of each message, or in the one for everywhere."""
        return bool(self.text)


SHORTCUTS: Final = (
    Shortcut("propose", T("Propose a working group"), T("Opens the form with the template's sections"), "propose new"),
    Shortcut("todo", T("What needs me"), T("Everything that waits for you, in one place"), "todo"),
    Shortcut(
        "minutes",
        T("Add to the minutes"),
        T("Keeps this message for the meeting summary"),
        "minutes add",
        "text",
        "link",
    ),
    Shortcut(
        "comment", T("Comment on consultation"), T("Makes this message a comment of yours"), "consult comment", "text"
    ),
)
BY_CALLBACK: Final = {each.callback: each for each in SHORTCUTS}

_REFERENCE: Final = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


class Shortcuts:
    """Answers shortcuts."""

    def __init__(self, conversation: Conversation, replies: Replies) -> None:
        self._conversation = conversation
        self._replies = replies

    async def taken(self, body: Mapping[str, Any], client: AsyncWebClient) -> None:
        """Open what it opens."""
        speaker = speaker_in(body, client)
        channel = body.get("channel") or {}
        place = place_of(str(channel.get("id") or ""), str(channel.get("name") or ""), speaker.user)
        community = await self._conversation.community(speaker, place)
        shortcut = BY_CALLBACK.get(str(body.get("callback_id")))
        trigger = str(body["trigger_id"])
        if shortcut is None or community is None:
            notice = UNCONNECTED if community is None else OLD
            self._show(self._replies.show(client, trigger, notice, community or NOWHERE))
            return
        arguments = await self._filled_in(shortcut, body, speaker, place)
        window = window_name(shortcut.command, arguments)
        origin = f"slack:{speaker.team}:{trigger}"
        # what a message fills in is shown in the form, to be looked at before it is sent: so nothing is given yet
        answer = await self._conversation.ask(
            community, speaker, place, shortcut.command, {} if shortcut.on_message else arguments, origin, window=window
        )
        if not isinstance(answer.view, Form):
            self._show(self._replies.show(client, trigger, answer.view, community))
            return
        form = _with(answer.view, arguments)
        carried = Window(community, form.command, place.place, window, place.name, place.private)
        kept = bool(answer.view.answers)
        self._show(self._replies.open(client, trigger, form, carried, kept=kept))

    def _show(self, showing: Any) -> None:
        self._conversation.background.spawn(showing, "opening a shortcut's window")

    async def _filled_in(
        self, shortcut: Shortcut, body: Mapping[str, Any], speaker: Speaker, place: Place
    ) -> dict[str, str]:
        message = body.get("message") or {}
        if not shortcut.text:
            return {}
        found = {shortcut.text: readable(str(message.get("text") or ""))}
        if shortcut.link and not place.private:
            try:
                said = await speaker.client.chat_getPermalink(channel=place.place, message_ts=str(message["ts"]))
                found[shortcut.link] = str(said["permalink"])
            except SlackClientError:
                pass  # a message without a link is a message all the same
        return {name: text for name, text in found.items() if text}


def readable(text: str) -> str:
    """A message's text as it reads: links and channels by their names, mentions as `@U123`, escaped letters as letters."""

    def shown(found: re.Match[str]) -> str:
        target, label = found[1], found[2]
        if target[:1] in "@#!":
            return f"{target[0] if target[0] != '!' else '@'}{label or target[1:]}"
        return f"{label} ({target})" if label and label != target else target

    return unescape(_REFERENCE.sub(shown, text))


def _with(form: Form, arguments: dict[str, str]) -> Form:
    """The form with the message in it."""
    return msgspec.structs.replace(form, answers={**form.answers, **arguments})
