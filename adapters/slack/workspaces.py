"""The workspaces the bot is installed in: each with its token and a client, looked up once and kept.

One workspace by a token of its own, or many by OAuth; whoever asks cannot tell. A token that Slack revoked, or an app
that was uninstalled, is dropped by an event of Slack's and asked for anew when it is next needed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from adapters.shared.sending import Shut
from adapters.slack.errors import SHUT_SECONDS
from adapters.slack.quiet import SDK_LOG
from bot.troubles import Reason

API: Final = "https://slack.com/api/"
CALL_SECONDS: Final = 20
"""How long one call may take; well below the relay's patience."""

KEPT_SECONDS: Final = 600.0
"""How long an installation is believed without looking, where another replica may have changed it."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """One installation: `team` is the workspace's id; the bot's own ids tell its messages and channels from others'."""

    team: str
    token: str
    bot_user: str
    bot: str
    client: AsyncWebClient


@dataclass(frozen=True, slots=True)
class Grant:
    """A token and whose it is."""

    token: str
    bot_user: str
    bot: str


class Grants(Protocol):
    """Where tokens come from."""

    async def find(self, team: str) -> Grant | None:
        """The token for a workspace; None where the bot is not installed. Raises what the network or Slack raises."""
        ...

    async def drop(self, team: str) -> None:
        """The workspace took it back."""
        ...


class OneToken:
    """A workspace by the token in the settings. Which workspace it is, Slack says."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._asking = asyncio.Lock()
        self._found: tuple[str, Grant] | None = None

    async def find(self, team: str) -> Grant | None:
        """The token, if the workspace is the one it is for."""
        own, grant = await self.whose()
        return grant if team == own else None

    async def whose(self) -> tuple[str, Grant]:
        """The workspace's id, and the token with the bot's ids."""
        async with self._asking:
            if self._found is None:
                said = await self._client.auth_test()
                grant = Grant(str(self._client.token), str(said["user_id"]), str(said.get("bot_id") or ""))
                self._found = (str(said["team_id"]), grant)
            return self._found

    async def drop(self, team: str) -> None:  # noqa: ARG002 — there is one
        """Ask Slack again: a new token may be that of another workspace."""
        self._found = None


class Workspaces:
    """Clients by workspace, over one connection pool."""

    def __init__(
        self,
        grants: Grants,
        session: aiohttp.ClientSession,
        api: str = API,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._grants = grants
        self._session = session
        self._api = api
        self._now = monotonic
        self._kept: dict[str, tuple[float, Workspace]] = {}

    async def of(self, team: str) -> Workspace:
        """A workspace. Raises `Shut` where the bot is not installed, and what the network or Slack raises."""
        kept = self._kept.get(team)
        if kept is not None and self._now() - kept[0] < KEPT_SECONDS:
            return kept[1]
        grant = await self._grants.find(team)
        if grant is None:
            self._kept.pop(team, None)
            raise Shut(Reason.REMOVED, SHUT_SECONDS)
        found = Workspace(team, grant.token, grant.bot_user, grant.bot, client(grant.token, self._session, self._api))
        self._kept[team] = (self._now(), found)
        return found

    async def drop(self, team: str) -> None:
        """Its token was revoked, or the bot uninstalled."""
        self._kept.pop(team, None)
        await self._grants.drop(team)

    def forget(self, team: str) -> None:
        """Look the token up anew when it is next needed: the one known was not taken."""
        self._kept.pop(team, None)


class Authorize(AsyncAuthorize):
    """Bolt's question which workspace a request comes from, answered from what is kept."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,  # noqa: ARG002 — Bolt's
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,  # noqa: ARG002 — Bolt's
        actor_team_id: str | None = None,  # noqa: ARG002 — Bolt's
        actor_user_id: str | None = None,  # noqa: ARG002 — Bolt's
    ) -> AuthorizeResult | None:
        """The installation; None where there is none, which Bolt tells the person."""
        try:
            found = await self._workspaces.of(team_id or enterprise_id or "")
        except Shut:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            user_id=user_id,
            bot_token=found.token,
            bot_user_id=found.bot_user,
            bot_id=found.bot,
        )


def client(token: str, session: aiohttp.ClientSession, api: str = API) -> AsyncWebClient:
    """A client for one token. It tries once: what is tried again, and when, is for whoever calls to know."""
    return AsyncWebClient(token, api, timeout=CALL_SECONDS, session=session, logger=SDK_LOG, retry_handlers=[])
