"""Slack in a process that runs: made from its settings, connected by sockets or mounted in the web application, and ended."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackClientError
from starlette.requests import Request as WebRequest
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.shared.asking import Desk
from adapters.slack.app import bolt
from adapters.slack.background import Background
from adapters.slack.channels import Channels
from adapters.slack.conversation import Conversation
from adapters.slack.guard import Guard
from adapters.slack.incoming import Incoming
from adapters.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH, scope_names
from adapters.slack.people import Profiles
from adapters.slack.quiet import BOLT_LOG
from adapters.slack.replies import Replies
from adapters.slack.sender import SlackSender
from adapters.slack.settings import SlackSettings
from adapters.slack.speech import speech
from adapters.slack.workspaces import CALL_SECONDS, Grants, OneToken, Workspaces, client
from bot.ports import Store
from bot.text import T

if TYPE_CHECKING:  # late: only installing by OAuth needs it
    from sqlalchemy import Engine

log = logging.getLogger(__name__)

MOST_SOCKETS: Final = 10
"""What Slack allows an app."""

CONNECTIONS: Final = 100
PING_SECONDS: Final = 10.0
"""How often a socket is looked after, and how long after one could not be opened it is tried again."""

UNREACHABLE: Final = T("Slack cannot be reached just now. Go back and install wgbot once more.")


class Slack:
    """Everything of Slack's in one process. Make it in `begun`, on the event loop."""

    def __init__(self, settings: SlackSettings, store: Store, database: str, folder: Path) -> None:
        self.settings = settings
        self._store = store
        # the SDK's own timeout is for sessions that it makes itself
        patience = aiohttp.ClientTimeout(total=CALL_SECONDS)
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS), timeout=patience)
        self.background = Background()
        self._flow: AsyncOAuthFlow | None = None
        self._engine: Engine | None = None
        self.workspaces = Workspaces(self._grants(database, folder), self._session, settings.api)
        self.sender = SlackSender(self.workspaces, Channels(store))
        self._app: AsyncApp | None = None
        self._handlers: list[AsyncSocketModeHandler] = []

    def answer(self, desk: Desk) -> Self:
        """Answer people through `desk` from now on."""
        conversation = Conversation(desk, self._store.communities, Profiles(), self.background)
        replies = Replies(self._session, desk)
        self._app = bolt(conversation, replies, self.workspaces, self._session, self.settings.api)
        return self

    def routes(self) -> Sequence[BaseRoute]:
        """What is mounted in the web application; nothing without a signing secret."""
        if self._app is None or not self.settings.signing_secret:
            return ()
        # not a Mount, which would redirect to the path with a slash at its end: Slack follows no redirects
        routes: list[BaseRoute] = [Route(EVENTS_PATH, Guard(Incoming(self._app), self.settings.signing_secret))]
        if self._flow is not None:
            routes += [
                Route(INSTALL_PATH, _page(self._flow.handle_installation)),
                Route(REDIRECT_PATH, _page(self._flow.handle_callback)),
            ]
        return routes

    async def connect(self) -> None:
        """Open the sockets, if there is an app token; the SDK tries until Slack can be reached, and again when one is lost."""
        if self._app is None or not self.settings.app_token:
            return
        for _ in range(min(max(self.settings.sockets, 1), MOST_SOCKETS)):
            handler = AsyncSocketModeHandler(self._app, self.settings.app_token, BOLT_LOG, ping_interval=PING_SECONDS)
            self._handlers.append(handler)
            await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's

    async def connected(self) -> bool:
        """Whether people reach it: one socket is enough, and by HTTP Slack comes to us."""
        if not self.settings.app_token:
            return True
        return any([await handler.client.is_connected() for handler in self._handlers])

    async def close(self) -> None:
        """Take nothing new, finish what is under way, let go."""
        for handler in self._handlers:
            await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt's
        await self.background.drain()
        await self._session.close()
        if self._engine is not None:
            self._engine.dispose()

    def _grants(self, database: str, folder: Path) -> Grants:
        settings = self.settings
        if not settings.oauth:
            return OneToken(client(settings.bot_token, self._session, settings.api))
        # late: one workspace by a token needs no database of installations
        from adapters.slack.installs import Installations, States, engine_for, oauth_flow

        engine = self._engine = engine_for(database, folder)
        asking = client("", self._session, settings.api)
        installations = Installations(engine, settings.client_id, settings.client_secret, asking, settings.sealing)
        self._flow = oauth_flow(
            installations,
            States(engine),
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            scopes=scope_names(),
            public_url=settings.public_url,
            client=asking,
        )
        return installations


def _page(handle: Any) -> Any:
    """One of the OAuth flow's pages."""

    async def page(request: WebRequest) -> Response:
        asked = AsyncBoltRequest(
            body="", query=str(request.url.query), headers={name: [value] for name, value in request.headers.items()}
        )
        try:
            answered = await handle(asked)
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("Slack did not answer an installation: %s", type(error).__name__)
            return PlainTextResponse(speech().plain(UNREACHABLE), 502)
        response = Response(answered.body, answered.status)
        for name, values in answered.headers.items():
            for value in values:
                response.headers.append(name, value)
        return response

    return page
