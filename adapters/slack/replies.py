"""Answers on their way back to one person: in the acknowledgment, by the response URL, in a window, as a file.

None of them is kept: what was decided is in the ledger, and the card that everybody sees follows by the outbox.
"""

from __future__ import annotations

import json
import logging
from typing import Any, Final

import aiohttp
import msgspec
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from adapters.shared.asking import Desk
from adapters.shared.contents import contents
from adapters.slack.blocks import Drawing
from adapters.slack.carried import Window
from adapters.slack.conversation import Speaker
from adapters.slack.errors import code_of
from adapters.slack.messages import messages
from adapters.slack.modals import modal, result
from adapters.slack.speech import Block, speech
from bot.domain.ids import CommunityId
from bot.engine import utc_now
from bot.text import T
from bot.view import File, Form, Notice, Tone, View

log = logging.getLogger(__name__)

RESPONSES: Final = 5
"""Messages a response URL takes, within half an hour."""

RESPONSE_SECONDS: Final = 10
VIEW_BYTES: Final = 240_000
TOO_LARGE: Final = Notice(
    T("What you typed is larger than a window of Slack's takes. It is kept as a draft."),
    Tone.REFUSED,
    T("Send it as a text file instead."),
)
_NO_TRIGGER: Final = frozenset({"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged"})

_encode = msgspec.json.Encoder().encode
_JSON: Final = {"Content-Type": "application/json; charset=utf-8"}


class Replies:
    """Gives answers, over one connection pool."""

    def __init__(self, session: aiohttp.ClientSession, desk: Desk) -> None:
        self._session = session
        self._desk = desk
        self._patience = aiohttp.ClientTimeout(total=RESPONSE_SECONDS)

    async def respond(self, url: str, drawn: list[Block]) -> None:
        """Show messages to the person alone, by a response URL. What does not arrive is logged: nothing hangs on it."""
        for message in drawn:
            body = {"response_type": "ephemeral", "replace_original": False, **message}
            try:
                async with self._session.post(
                    URL(url, encoded=True), data=_encode(body), headers=_JSON, timeout=self._patience
                ) as answered:
                    if answered.status != 200:  # noqa: PLR2004 — HTTP's own
                        log.warning("an answer by response URL was not taken: HTTP %d", answered.status)
                        return
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:  # the last: it is no URL
                log.warning("an answer by response URL did not arrive: %s", type(error).__name__)
                return

    async def open(
        self,
        client: AsyncWebClient,
        trigger: str,
        form: Form,
        window: Window,
        *,
        kept: bool,
        over: str = "",
        url: str = "",
    ) -> None:
        """Open a form's window, `over` the window with that id where there is one.

        Where that comes too late, it is said by the response URL, with a button that opens the form.
        """
        drawing = Drawing(speech(), window.community, tables=False)
        view = modal(form, window, drawing, kept=kept)
        if too_large(view):
            await self.show(client, trigger, TOO_LARGE, window.community, over=over)
            return
        try:
            await _opened(client, trigger, view, over)
        except SlackApiError as error:
            if code_of(error) not in _NO_TRIGGER or not url:
                raise
            await self.respond(url, messages(form, drawing))

    async def show(
        self, client: AsyncWebClient, trigger: str, view: View, community: CommunityId, *, over: str = ""
    ) -> None:
        """Show an answer in a window, where there is no message to answer under."""
        await _opened(client, trigger, result(view, Drawing(speech(), community, tables=False)), over)

    async def hand_over(self, speaker: Speaker, community: CommunityId, file: File) -> None:
        """Put a document into the person's direct messages with the bot."""
        data = await self._desk.look(lambda reads: contents(reads, community, file, utc_now()))
        opened = await speaker.client.conversations_open(users=speaker.user)
        say = speech()
        await speaker.client.files_upload_v2(
            channel=opened["channel"]["id"],
            file=data,
            filename=file.name,
            title=file.name,
            initial_comment=say.marked(file.caption),
            alt_txt=say.plain(file.alt) if file.alt is not None else None,
        )


async def _opened(client: AsyncWebClient, trigger: str, view: Block, over: str) -> None:
    """Open a window; on top of another where Slack allows one more (three in all), else in its place."""
    if not over:
        await client.views_open(trigger_id=trigger, view=view)
        return
    try:
        await client.views_push(trigger_id=trigger, view=view)
    except SlackApiError as error:
        if code_of(error) != "push_limit_reached":
            raise
        await client.views_update(view_id=over, view=view)


def too_large(view: Block) -> bool:
    """Whether a window is more than Slack takes, as it is sent to it."""
    return len(json.dumps(view)) > VIEW_BYTES


def acknowledged(drawn: list[Block]) -> dict[str, Any]:
    """A message as the body of an acknowledgment: shown to the person alone."""
    return {"response_type": "ephemeral", **drawn[0]} if drawn else {}
