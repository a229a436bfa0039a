"""The app's manifest, made from what there is: the commands, the shortcuts, what is listened to, what is called and why.

Every Web API method the adapter calls stands here with its scope, and every scope with its reason; a test holds the
calls of the whole suite against it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from adapters.slack.shortcuts import SHORTCUTS
from adapters.slack.speech import line, speech
from bot.families import FAMILIES
from bot.text import T

EVENTS_PATH: Final = "/slack/events"
INSTALL_PATH: Final = "/slack/install"
REDIRECT_PATH: Final = "/slack/oauth_redirect"
COMMAND: Final = "/wg"
HINT: Final = 1_000
ABOUT: Final = 139


@dataclass(frozen=True, slots=True)
class Scope:
    """A permission, why it is asked for, and the methods that need it. `optional`: works without, less well."""

    name: str
    why: str
    methods: tuple[str, ...] = ()
    optional: bool = False


SCOPES: Final = (
    Scope("commands", "to offer /wg, the shortcuts and the windows they open"),
    Scope(
        "chat:write",
        "to post proposals, checks and conclusions, and to keep them up to date",
        ("chat.postMessage", "chat.update", "chat.delete"),
    ),
    Scope(
        "channels:read",
        "to see whether a channel is public, so that no closed one becomes a group's home",
        ("conversations.info", "conversations.list"),
    ),
    Scope("channels:join", "to enter the public channel that is made a group's home", ("conversations.join",)),
    Scope(
        "channels:manage",
        "to make a working group's channel, set its topic and purpose, invite its co-facilitators, archive it in the end",
        (
            "conversations.create",
            "conversations.setTopic",
            "conversations.setPurpose",
            "conversations.invite",
            "conversations.archive",
        ),
    ),
    Scope("pins:write", "to pin a working group's charter in its channel", ("pins.add",)),
    Scope("im:write", "to write to a member directly: reminders, and what only they can do", ("conversations.open",)),
    Scope(
        "files:write",
        "to hand over proposals, charts and calendars",
        ("files.getUploadURLExternal", "files.completeUploadExternal"),
    ),
    Scope("files:read", "to read the text file a member attaches to a form", ("files.info",)),
    Scope("users:read", "to know a member's time zone and language", ("users.info",)),
    Scope("users:read.email", "to recognise a member by the address the workspace verified, where the body wants that"),
    Scope(
        "channels:history",
        "to find one of our own messages again when Slack's answer was lost, lest it be posted twice; nothing else is read",
        ("conversations.history", "conversations.replies"),
        optional=True,
    ),
    Scope("im:history", "the same for our own direct messages", optional=True),
)

WITHOUT_SCOPE: Final = (
    "apps.connections.open",
    "auth.test",
    "chat.getPermalink",
    "oauth.v2.access",
    "views.open",
    "views.publish",
    "views.push",
    "views.update",
)
"""Methods the adapter calls that need no scope of the bot's."""

EVENTS: Final = (
    "app_home_opened",
    "app_uninstalled",
    "channel_deleted",
    "channel_rename",
    "tokens_revoked",
    "user_change",
)


def scope_names() -> tuple[str, ...]:
    """The bot's scopes."""
    return tuple(each.name for each in SCOPES)


def manifest(public_url: str = "", name: str = "wgbot") -> dict[str, Any]:
    """The manifest: for Socket Mode, or for HTTP at a public address (`https://wg.example.org`)."""
    say = speech().plain
    url = public_url.rstrip("/")
    requests = {"url": f"{url}{EVENTS_PATH}"} if url else {}
    request_url = {"request_url": f"{url}{EVENTS_PATH}"} if url else {}
    families = ", ".join(family for family, each in FAMILIES.items() if each.summary is not None)
    return {
        "display_information": {
            "name": name,
            "description": line(say(T("Working groups by consensus: propose, consult, decide, in chat.")), ABOUT),
            "background_color": "#1f4e79",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": name, "always_online": True},
            "shortcuts": [
                {
                    "name": say(each.name),
                    "type": "message" if each.on_message else "global",
                    "callback_id": each.callback,
                    "description": say(each.about),
                }
                for each in SHORTCUTS
            ],
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": say(T("Working groups: propose, consult, decide")),
                    "usage_hint": line(families, HINT),
                    "should_escape": False,
                    **requests,
                }
            ],
        },
        "oauth_config": {
            **({"redirect_urls": [f"{url}{REDIRECT_PATH}"]} if url else {}),
            "scopes": {"bot": list(scope_names())},
        },
        "settings": {
            "event_subscriptions": {**request_url, "bot_events": list(EVENTS)},
            "interactivity": {
                "is_enabled": True,
                **request_url,
                **({"message_menu_options_url": f"{url}{EVENTS_PATH}"} if url else {}),
            },
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": bool(url),
        },
    }


def as_json(made: dict[str, Any]) -> str:
    """The manifest as one pastes it at Slack's."""
    return json.dumps(made, indent=2, ensure_ascii=False)


def as_table() -> str:
    """Every scope with its reason, for whoever is asked to allow them."""
    rows = [f"| `{each.name}` | {each.why}{' (may be left out)' if each.optional else ''} |" for each in SCOPES]
    return "\n".join(["| scope | why |", "| --- | --- |", *rows])
