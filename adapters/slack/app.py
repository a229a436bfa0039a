"""Bolt, with a table of our own where it would look for a listener: what each request means stands in tables of ours.

Bolt gathers twenty arguments for every listener that it tries, and again for the one it finds; here a request's kind is
looked up. Everything is done before Slack is answered: what is acknowledged is committed. What takes longer goes on
after, and is waited for when the process ends.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any, Final

import aiohttp
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.blocks import Drawing
from adapters.slack.clicks import Taps, in_form
from adapters.slack.commands import NOWHERE, Commands
from adapters.slack.conversation import Conversation
from adapters.slack.events import Events
from adapters.slack.messages import messages
from adapters.slack.quiet import BOLT_LOG, SDK_LOG
from adapters.slack.replies import Replies, acknowledged
from adapters.slack.shortcuts import Shortcuts
from adapters.slack.speech import speech
from adapters.slack.windows import Windows
from adapters.slack.workspaces import API, Authorize, Workspaces
from bot.domain.ids import derived
from bot.reply import broken

log = logging.getLogger(__name__)

COMMAND: Final = "command"
"""The kind of a slash command, which names none."""

Body = Mapping[str, Any]
Listener = Callable[[Body, AsyncWebClient, AsyncAck], Awaitable[BoltResponse]]


def bolt(
    conversation: Conversation,
    replies: Replies,
    workspaces: Workspaces,
    session: aiohttp.ClientSession,
    api: str = API,
) -> AsyncApp:
    """The Bolt app, for both transports. Signatures are `adapters.slack.guard`'s to verify."""
    app = AsyncApp(
        logger=BOLT_LOG,
        client=AsyncWebClient(base_url=api, session=session, logger=SDK_LOG, retry_handlers=[]),
        authorize=Authorize(workspaces),  # type: ignore[arg-type]  # Bolt takes its own kind too, and does not say so
        request_verification_enabled=False,
        ssl_check_enabled=False,
    )
    commands, taps = Commands(conversation, replies), Taps(conversation, replies)
    windows, shortcuts = Windows(conversation, replies, session), Shortcuts(conversation, replies)
    events = Events(conversation, replies, workspaces)
    answered = _answering(conversation, replies)

    async def action(body: Body, client: AsyncWebClient, ack: AsyncAck) -> BoltResponse:
        await (windows.dispatched if in_form(body) else taps.tapped)(body, client)
        return await ack()

    async def command(body: Body, client: AsyncWebClient, ack: AsyncAck) -> BoltResponse:
        return await ack(**await commands.given(body, client))

    async def view(body: Body, client: AsyncWebClient, ack: AsyncAck) -> BoltResponse:
        answer = await windows.submitted(body, client)
        return await (ack(**answer) if answer is not None else ack())

    async def view_closed(body: Body, client: AsyncWebClient, ack: AsyncAck) -> BoltResponse:
        await windows.closed(body, client)
        return await ack()

    async def options(body: Body, client: AsyncWebClient, ack: AsyncAck) -> BoltResponse:
        return await ack(**await windows.suggested(body))

    async def shortcut(body: Body, client: AsyncWebClient, ack: AsyncAck) -> BoltResponse:
        await shortcuts.taken(body, client)
        return await ack()

    async def event(body: Body, client: AsyncWebClient, ack: AsyncAck) -> BoltResponse:
        await events.happened(body, client)
        return await ack()

    listeners: dict[str, Listener] = {
        COMMAND: command,
        "block_actions": action,
        "view_submission": view,
        "view_closed": view_closed,
        "block_suggestion": options,
        "shortcut": shortcut,
        "message_action": shortcut,
        "event_callback": event,
    }
    app.use(Table({kind: answered(listener) for kind, listener in listeners.items()}))
    return app


class Table(AsyncMiddleware):
    """The last of Bolt's middleware: answers a request by its kind. One of no kind known goes on, to Bolt's 404."""

    def __init__(self, listeners: Mapping[str, Listener]) -> None:
        self._listeners = listeners

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 — Bolt's
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 — Bolt's
    ) -> BoltResponse | None:
        """See `AsyncMiddleware`."""
        body = req.body
        listener = self._listeners.get(COMMAND if COMMAND in body else str(body.get("type")))
        return await (next() if listener is None else listener(body, req.context.client, req.context.ack))


def _answering(conversation: Conversation, replies: Replies) -> Callable[[Listener], Listener]:
    """What went wrong is told to the person under a reference, and to the log under the same, without what was typed.

    Slack is answered with an error: nothing was done, so an event is sent again, and a click shows that it failed.
    """

    def answered(listener: Listener) -> Listener:
        @wraps(listener)
        async def listening(body: Body, client: AsyncWebClient, ack: AsyncAck) -> BoltResponse:
            try:
                return await listener(body, client, ack)
            except Exception as error:
                reference = derived(repr((body.get("trigger_id"), body.get("event_id"))), 0, 6)
                told = {"reference": reference}
                log.error("bug %s in a %s from Slack", reference, listener.__name__, exc_info=error, extra=told)  # noqa: TRY400 — it is
                said = messages(broken(reference, ""), Drawing(speech(), NOWHERE))
                if body.get("command"):
                    return await ack(**acknowledged(said))
                if body.get("response_url"):
                    telling = replies.respond(str(body["response_url"]), said)
                    conversation.background.spawn(telling, "telling of a fault")
                return BoltResponse(status=500)

        return listening

    return answered
