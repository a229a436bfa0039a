"""What `wgbot doctor` looks at in Slack: the settings, each token with its scopes, the clock, and every home's channel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.shared.config import Installation
from adapters.shared.health import Check, Finding, attention, broken, clock_findings, ok
from adapters.slack.conversation import PLATFORM
from adapters.slack.errors import code_of
from adapters.slack.manifest import SCOPES
from adapters.slack.quiet import SDK_LOG
from adapters.slack.settings import SlackSettings
from bot.domain.community import Community
from bot.domain.groups import Home, body_name
from bot.domain.ids import CommunityId
from bot.ports import Store
from bot.text import Say, T, joined, term

SECONDS: Final = 10


def checks(settings: Installation, store: Store) -> Iterable[Check]:
    """What there is to look at; nothing where Slack is not connected."""
    slack = SlackSettings.of(settings)
    if slack.problem() is None and not slack.connected:
        return
    yield Setting(slack)
    if slack.problem() is None and slack.bot_token:
        client = WebClient(slack.bot_token, slack.api, timeout=SECONDS, logger=SDK_LOG)
        yield Token(client)
        if slack.app_token:
            yield Sockets(WebClient(slack.app_token, slack.api, timeout=SECONDS, logger=SDK_LOG))
        yield Channels(client, store)


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
    name = "Slack: token"

    def findings(self) -> Iterator[Finding]:
        """See `Check`."""
        try:
            said = self.client.auth_test()
        except SlackApiError as error:
            yield broken(
                T("Slack does not take the bot token: {code}.", code=code_of(error)),
                T("Install the app again and set WGBOT_SLACK_BOT_TOKEN anew. What is to be sent waits until then."),
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
        yield from _scopes(str(headers.get("x-oauth-scopes") or ""))
        yield from clock_findings(str(headers.get("date") or ""))


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

    client: WebClient
    store: Store
    name = "Slack: channels"

    def findings(self) -> Iterator[Finding]:
        """See `Check`."""
        found = False
        with self.store.reading() as reads:
            for community in self.store.communities():
                for home in reads.all(Home, community=community):
                    if home.platform == PLATFORM:
                        found = True
                        yield self._finding(home, _whose(reads, community, home))
        if not found:
            yield attention(
                T("No channel is anybody's home yet."),
                T("In the body's channel, type {command}.", command=Say("home all")),
            )

    def _finding(self, home: Home, whose: Any) -> Finding:
        again = T("Link another one there: {command}.", command=Say("home …"))
        try:
            channel: dict[str, Any] = self.client.conversations_info(channel=home.place)["channel"]
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


def _whose(reads: Any, community: CommunityId, home: Home) -> Any:
    found = reads.get(Community, community)
    return body_name(reads, community, home.body, found.titles.body if found is not None else str(community))


def _scopes(granted: str) -> Iterator[Finding]:
    have = {each.strip() for each in granted.split(",") if each.strip()}
    if not have:
        return
    again = T("Install the app again with today's manifest: wgbot slack manifest.")
    for scope in SCOPES:
        if scope.name in have:
            continue
        said = T("The scope {scope} is missing; it is there {why}.", scope=scope.name, why=scope.why)
        yield attention(said, again) if scope.optional else broken(said, again)
    if have >= {scope.name for scope in SCOPES}:
        yield ok(T("It has every scope of the manifest."))
