"""Buttons and menus, in messages and on the home tab: each tap is a command, counted before Slack is answered.

The person is shown their own answer at once, by the response URL; the card that everybody sees follows by the outbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from adapters.shared.taps import Tap
from adapters.slack.blocks import Drawing
from adapters.slack.carried import Menu, Window, decoded
from adapters.slack.commands import NOWHERE, fitting, on_its_way
from adapters.slack.conversation import Conversation, Place, Speaker, place_of, speaker_in, window_name
from adapters.slack.messages import messages
from adapters.slack.modals import FORM
from adapters.slack.origins import Clicks, clicked_at
from adapters.slack.replies import Replies
from adapters.slack.speech import speech
from bot.command import COMMANDS
from bot.domain.ids import CommunityId
from bot.text import Say, T
from bot.view import File, Form, Notice, Tone, View

OLD: Final = Notice(
    T("That button is from an earlier version."),
    Tone.REFUSED,
    T("See what you can do now: {command}.", command=Say("todo")),
)
RESUME: Final = "draft resume"


class Taps:
    """Answers clicks outside of forms (those are `adapters.slack.windows`)."""

    def __init__(self, conversation: Conversation, replies: Replies) -> None:
        self._conversation = conversation
        self._replies = replies
        self._clicks = Clicks()

    async def tapped(self, body: Mapping[str, Any], client: AsyncWebClient) -> None:
        """Do what a button or a menu says. Returns once it is committed."""
        speaker = speaker_in(body, client)
        action = body["actions"][0]
        channel = body.get("channel") or {}
        tap = meant(action)
        url = str(body.get("response_url") or "")
        if tap is None:
            await self._show(body, speaker, OLD, NOWHERE, url)
            return
        place = place_of(str(channel.get("id") or ""), str(channel.get("name") or ""), speaker.user)
        place, command, arguments, window = _begun_where(tap, place)
        what = f"{tap.command} {tap.arguments}"
        known = COMMANDS.get(command)
        origin = self._clicks.origin(speaker.team, body, what, repeatable=known is not None and known.repeatable)
        answer = await self._conversation.ask(
            tap.community, speaker, place, command, arguments, origin, window=window, at=clicked_at(body)
        )
        if isinstance(answer.view, Form):
            carried = Window(
                tap.community, answer.view.command, place.place, window, place.name, place.private, fixed=arguments
            )
            kept = bool(answer.view.answers.keys() - arguments.keys()) or tap.command == RESUME
            opening = self._replies.open(
                client, body["trigger_id"], answer.view, carried, kept=kept, over=_over(body), url=url
            )
            self._conversation.background.spawn(opening, "opening a window")
            return
        shown: View = answer.view
        if isinstance(shown, File):
            handing = self._replies.hand_over(speaker, tap.community, shown)
            self._conversation.background.spawn(handing, "handing over a file")
            shown = on_its_way(shown)
        await self._show(body, speaker, shown, tap.community, url)

    async def _show(
        self, body: Mapping[str, Any], speaker: Speaker, view: View, community: CommunityId, url: str
    ) -> None:
        if url:
            drawn = messages(view, Drawing(speech(), community))
            showing = self._replies.respond(url, fitting(drawn, community))
        else:
            showing = self._replies.show(speaker.client, body["trigger_id"], view, community, over=_over(body))
        self._conversation.background.spawn(showing, "showing an answer")


def _over(body: Mapping[str, Any]) -> str:
    """The id of the modal a click was made in; "" for the home tab and for messages."""
    view = body.get("view") or {}
    return str(view["id"]) if view.get("type") == "modal" else ""


def in_form(body: Mapping[str, Any]) -> bool:
    """Whether a click is within a form's window."""
    return (body.get("view") or {}).get("callback_id") == FORM


def meant(action: Mapping[str, Any]) -> Tap | None:
    """The command that a button, or what was ticked in a menu, stands for."""
    if action["type"] == "button":
        return decoded(Tap, str(action.get("value") or ""))
    menu = decoded(Menu, str(action.get("action_id") or ""))
    if menu is None:
        return None
    chosen = ", ".join(str(each["value"]) for each in action.get("selected_options") or ())
    return Tap(menu.community, menu.command, {**menu.arguments, menu.chosen: chosen or "none"})


def _begun_where(tap: Tap, place: Place) -> tuple[Place, str, dict[str, str], str]:
    """Where a command is given, which, with what, in which window. A draft is gone on with where it was begun."""
    if tap.command != RESUME:
        return place, tap.command, tap.arguments, window_name(tap.command, tap.arguments)
    where = tap.arguments.get("place", place.place)
    begun = Place(where, private=where.startswith("@"))
    return begun, "draft preview", {}, tap.arguments.get("window", "")
