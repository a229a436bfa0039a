"""What `wgbot doctor` looks at in Slack: the settings, each token with its scopes, the clock, and every home's channel.

It renews no token: a refresh token serves once, and is `wgbot run`'s.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.shared.config import Installation
from adapters.shared.environment import SettingsError
from adapters.shared.health import Check, Finding, attention, broken, clock_findings, homes, ok
from adapters.slack.conversation import PLATFORM
from adapters.slack.errors import code_of
from adapters.slack.manifest import INSTALL_PATH, SCOPES
from adapters.slack.quiet import SDK_LOG
from adapters.slack.settings import SlackSettings
from bot.domain.groups import Home
from bot.ports import Store
from bot.text import Say, T, Text, joined, term

if TYPE_CHECKING:
    from slack_sdk.oauth.installation_store import Bot

SECONDS: Final = 10
TOKEN_ANEW: Final = T("Install the app again and set WGBOT_SLACK_BOT_TOKEN anew. What is to be sent waits until then.")
INSTALL_AGAIN: Final = T("Install the app again with today's manifest: wgbot slack manifest.")


def checks(settings: Installation, store: Store) -> Iterable[Check]:
    """What there is to look at; nothing where Slack is not connected."""
    slack = SlackSettings.of(settings)
    if slack.problem() is None and not slack.connected:
        return
    yield Setting(slack)
    if slack.problem() is not None:
        return
    workspaces: Workspaces | None = None
    if slack.oauth:
        workspaces = Workspaces(slack, settings)
        yield workspaces
    else:
        yield Token(_client(slack, slack.bot_token))
    if slack.app_token:
        yield Sockets(_client(slack, slack.app_token))
    yield Channels(slack, workspaces, store)


def _client(slack: SlackSettings, token: str) -> WebClient:
    return WebClient(token, slack.api, timeout=SECONDS, logger=SDK_LOG)


@dataclass(frozen=True)
class Setting:
    """Whether what is set is enough."""

    slack: SlackSettings
    name = "Slack: settings"

    def findings(self) -> Iterator[Finding]:
        """See `Check`."""
        problem = self.slack.problem()
        if problem is not None:
            yield broken(term(problem), T("See docs/how-to/set-up-in-slack.md."))
            return
        ways = [
            *([T("{count} sockets", count=self.slack.sockets)] if self.slack.app_token else []),
            *([T("HTTP")] if self.slack.signing_secret else []),
        ]
        kind = T("several workspaces, by OAuth") if self.slack.oauth else T("one workspace, by its token")
        yield ok(T("Connected by {ways}; {kind}.", ways=joined(ways, ", "), kind=kind))


@dataclass(frozen=True)
class Token:
    """Whether Slack takes the token, what it allows, and whether our clock is Slack's."""

    client: WebClient
    anew: Text = TOKEN_ANEW
    """How there comes to be another."""
    again: Text = INSTALL_AGAIN
    """How it gets scopes that it lacks."""
    name = "Slack: token"

    def findings(self) -> Iterator[Finding]:
        """See `Check`."""
        try:
            said = self.client.auth_test()
        except SlackApiError as error:
            yield broken(
                T("Slack does not take the bot token: {code}.", code=code_of(error)),
                self.anew,
            )
            return
        except (SlackClientError, OSError) as error:
            yield broken(
                T("Slack cannot be reached: {why}.", why=type(error).__name__),
                T("Look at the network. What is to be sent waits until then."),
            )
            return
        yield ok(T("The app is {bot} in {team}.", bot=str(said.get("user")), team=str(said.get("team"))))
        headers = {name.lower(): value for name, value in said.headers.items()}
        yield from _scopes(str(headers.get("x-oauth-scopes") or ""), self.again)
        yield from clock_findings(str(headers.get("date") or ""))


@dataclass(frozen=True)
class Workspaces:
    """Whether Slack takes the token of every workspace that installed the app, and what each allows."""

    slack: SlackSettings
    settings: Installation
    name = "Slack: workspaces"

    @cached_property
    def bots(self) -> Sequence[Bot]:
        """What is kept of them."""
        # late: one workspace by a token needs no database of installations
        from adapters.slack.installs import installed

        return installed(self.settings.database, self.settings.data, self.slack.client_id)

    def client(self, team: str) -> WebClient | None:
        """To ask a workspace with its token; None where there is none that could serve now."""
        for bot in self.bots:
            if team == (bot.team_id or bot.enterprise_id) and not _ran_out(bot):
                try:
                    return self._client(bot)
                except SettingsError:
                    return None
        return None

    def findings(self) -> Iterator[Finding]:
        """See `Check`."""
        page = f"{self.slack.public_url.rstrip('/')}{INSTALL_PATH}"
        if not self.bots:
            yield attention(T("No workspace has installed the app yet."), T("Install it from {page}.", page=page))
        for bot in self.bots:
            team = bot.team_name or bot.enterprise_name or bot.team_id or bot.enterprise_id or ""
            for each in self._of(bot, T("Somebody there installs the app again: {page}.", page=page)):
                yield replace(each, what=T("{name}: {what}", name=team, what=each.what))

    def _of(self, bot: Bot, again: Text) -> Iterator[Finding]:
        if _ran_out(bot):
            yield ok(T("Its token has run out, and is renewed when it is next needed; it was not tried."))
            return
        try:
            client = self._client(bot)
        except SettingsError as error:
            what, _, step = str(error).partition(". ")
            yield broken(
                T("Its token cannot be read: {why}.", why=what.rstrip(".")),
                term(step) if step else T("See docs/how-to/set-up-in-slack.md."),
            )
            return
        yield from Token(client, again, again).findings()

    def _client(self, bot: Bot) -> WebClient:
        return _client(self.slack, self.slack.sealing.open(bot.bot_token or ""))


def _ran_out(bot: Bot) -> bool:
    return bot.bot_token_expires_at is not None and bot.bot_token_expires_at <= time.time()


@dataclass(frozen=True)
class Sockets:
    """Whether Slack takes the app token, and lets the app listen by sockets. Asked for, a socket that is not opened is none."""

    client: WebClient
    name = "Slack: sockets"

    def findings(self) -> Iterator[Finding]:
        """See `Check`."""
        try:
            self.client.apps_connections_open(app_token=self.client.token or "")
        except SlackApiError as error:
            yield broken(
                T("Slack does not take the app token: {code}.", code=code_of(error)),
                T(
                    "Make one with the scope connections:write, switch Socket Mode on, and set WGBOT_SLACK_APP_TOKEN anew."
                ),
            )
        except (SlackClientError, OSError) as error:
            yield broken(
                T("Slack cannot be reached: {why}.", why=type(error).__name__),
                T("Look at the network. What is to be sent waits until then."),
            )
        else:
            yield ok(T("The app may listen by sockets."))


@dataclass(frozen=True)
class Channels:
    """Whether every home is a public channel that the app may post to."""

    slack: SlackSettings
    workspaces: Workspaces | None
    store: Store
    name = "Slack: channels"

    def findings(self) -> Iterator[Finding]:
        """See `Check`."""
        found = homes(self.store, PLATFORM)
        if not found:
            yield attention(
                T("No channel is anybody's home yet."),
                T("In the body's channel, type {command}.", command=Say("home all")),
            )
        one = _client(self.slack, self.slack.bot_token)
        for home, whose in found:
            client = self.workspaces.client(home.team) if self.workspaces is not None else one
            if client is not None:
                yield self._finding(client, home, whose)
            else:
                yield attention(
                    T("{name}, home of {body}, was not looked at.", name=home.name, body=whose),
                    T("There is no token of its workspace that works now: see Slack: workspaces."),
                )

    def _finding(self, client: WebClient, home: Home, whose: Text | str) -> Finding:
        again = T("Link another one there: {command}.", command=Say("home …"))
        try:
            channel: dict[str, Any] = client.conversations_info(channel=home.place)["channel"]
        except SlackApiError as error:
            return broken(T("{name}, home of {body}: {code}.", name=home.name, body=whose, code=code_of(error)), again)
        if channel.get("is_archived"):
            return broken(T("{name}, home of {body}, is archived.", name=home.name, body=whose), T("Unarchive it."))
        if channel.get("is_private"):
            return broken(
                T("{name}, home of {body}, is private; a home is open to every member.", name=home.name, body=whose),
                again,
            )
        if channel.get("is_read_only") or channel.get("is_thread_only"):
            return broken(
                T("{name}, home of {body}: the app may not post there.", name=home.name, body=whose),
                T("In the channel's settings, let everyone post, or this app."),
            )
        if not channel.get("is_member"):
            return attention(
                T("{name}, home of {body}: the app is not in it.", name=home.name, body=whose),
                T("It enters when it next posts; or invite it there."),
            )
        return ok(T("{name}, home of {body}, is public and joined.", name=home.name, body=whose))


def _scopes(granted: str, again: Text) -> Iterator[Finding]:
    have = {each.strip() for each in granted.split(",") if each.strip()}
    if not have:
        return
    for scope in SCOPES:
        if scope.name in have:
            continue
        said = T("The scope {scope} is missing; it is there {why}.", scope=scope.name, why=scope.why)
        yield attention(said, again) if scope.optional else broken(said, again)
    if have >= {scope.name for scope in SCOPES}:
        yield ok(T("It has every scope of the manifest."))
