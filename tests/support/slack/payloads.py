"""What Slack sends an app of what somebody did, as its reference describes it."""

from __future__ import annotations

import time
import uuid
from typing import Any

from tests.support.slack.blocks import Json
from tests.support.slack.edge import Edge
from tests.support.slack.modals import Values
from tests.support.slack.seen import Message, View
from tests.support.slack.workspace import APP, BOT, BOT_USER, TEAM

_VERIFICATION = "deprecated"
"""Slack still sends its old verification token, which nobody should look at."""


class Payloads:
    """Payloads of one workspace. Each trigger id and `response_url` in them works."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge

    def command(self, user: str, channel: Json, command: str, text: str) -> Json:
        """A slash command."""
        return {
            "token": _VERIFICATION,
            "team_id": TEAM,
            "team_domain": self._edge.workspace.domain,
            "channel_id": channel["id"],
            "channel_name": _channel(channel)["name"],
            "user_id": user,
            "user_name": self._edge.directory.name(user),
            "command": command,
            "text": text,
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": self._edge.response_url(user, channel["id"]),
            "trigger_id": self._edge.views.trigger(user),
        }

    def actions(self, user: str, where: Message | View, channel: Json | None, state: Values, action: Json) -> Json:
        """A click or a choice (`block_actions`), in a message or a view."""
        return {
            "type": "block_actions",
            **self._base(user),
            **self._container(user, where, channel, state),
            "trigger_id": self._trigger(user, where),
            "actions": [{**action, "action_ts": _now()}],
        }

    def suggestion(self, user: str, where: Message | View, channel: Json | None, state: Values, action: Json) -> Json:
        """What somebody typed into a select whose options the app knows (`block_suggestion`)."""
        there = self._container(user, where, channel, state)
        return {
            "type": "block_suggestion",
            **self._base(user),
            **{k: v for k, v in there.items() if k != "state"},
            **action,
        }

    def submission(self, user: str, view: View, state: Values) -> Json:
        """A modal sent off (`view_submission`)."""
        return {
            "type": "view_submission",
            **self._base(user),
            "trigger_id": self._trigger(user, view),
            "view": _view(view, state),
            "response_urls": [],
        }

    def closing(self, user: str, view: View, state: Values, *, everything: bool) -> Json:
        """A modal given up (`view_closed`)."""
        return {"type": "view_closed", **self._base(user), "view": _view(view, state), "is_cleared": everything}

    def shortcut(self, user: str, callback_id: str) -> Json:
        """A global shortcut."""
        return {
            "type": "shortcut",
            **self._base(user, with_app=False, without="name"),
            "action_ts": _now(),
            "callback_id": callback_id,
            "trigger_id": self._edge.views.trigger(user),
        }

    def message_shortcut(self, user: str, callback_id: str, channel: Json, message: Message) -> Json:
        """A shortcut used on a message (`message_action`)."""
        return {
            "type": "message_action",
            **self._base(user, with_app=False),
            "action_ts": _now(),
            "callback_id": callback_id,
            "trigger_id": self._edge.views.trigger(user),
            "channel": _channel(channel),
            "message_ts": message.ts,
            "message": message.raw,
            "response_url": self._edge.response_url(user, channel["id"], message.ts),
        }

    def event(self, event: Json, event_id: str = "") -> Json:
        """An event of the Events API, in its envelope."""
        return {
            "token": _VERIFICATION,
            "team_id": TEAM,
            "context_team_id": TEAM,
            "context_enterprise_id": None,
            "api_app_id": APP,
            "event": {"event_ts": _now(), **event},
            "type": "event_callback",
            "event_id": event_id or f"Ev{uuid.uuid4().hex[:10].upper()}",
            "event_time": int(time.time()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM,
                    "user_id": BOT_USER,
                    "is_bot": True,
                    "is_enterprise_install": False,
                },
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{uuid.uuid4().hex}",
        }

    def challenge(self, words: str) -> Json:
        """Slack's question when somebody enters a request URL (`url_verification`)."""
        return {"token": _VERIFICATION, "type": "url_verification", "challenge": words}

    def home_opened(self, user: str, channel: str, home: Json | None) -> Json:
        """Somebody looks at the app's home tab; an event."""
        seen = {"view": home} if home is not None else {}
        return {"type": "app_home_opened", "user": user, "channel": channel, "tab": "home", **seen}

    def _base(self, user: str, *, with_app: bool = True, without: str = "") -> Json:
        """What most payloads begin with. `without`: of the two names of a user Slack tells not always both."""
        name = self._edge.directory.name(user)
        names = {key: name for key in ("username", "name") if key != without}
        return {
            "team": {"id": TEAM, "domain": self._edge.workspace.domain},
            "user": {"id": user, **names, "team_id": TEAM},
            **({"api_app_id": APP} if with_app else {}),
            "token": _VERIFICATION,
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _trigger(self, user: str, where: Message | View) -> str:
        return self._edge.views.trigger(user, where.id if isinstance(where, View) and not where.home else "")

    def _container(self, user: str, where: Message | View, channel: Json | None, state: Values) -> Json:
        if isinstance(where, View):
            return {"container": {"type": "view", "view_id": where.id}, "view": _view(where, state)}
        if channel is None:
            raise ValueError("a message stands in a channel")
        return {
            "container": {
                "type": "message",
                "message_ts": where.ts,
                "channel_id": channel["id"],
                "is_ephemeral": where.ephemeral,
                **({"thread_ts": where.thread} if where.thread else {}),
            },
            "channel": _channel(channel),
            **({} if where.ephemeral else {"message": where.raw}),
            "state": {"values": state},
            "response_url": self._edge.response_url(user, channel["id"], where.ts, ephemeral=where.ephemeral),
        }


def _channel(channel: Json) -> Json:
    """Slack does not tell the names of private places."""
    name = "directmessage" if channel["is_im"] else "privategroup" if channel["is_private"] else channel["name"]
    return {"id": channel["id"], "name": name}


def _view(view: View, state: Values) -> Json:
    return {
        **view.raw,
        "team_id": TEAM,
        "app_id": APP,
        "app_installed_team_id": TEAM,
        "bot_id": BOT,
        "state": {"values": state},
    }


def _now() -> str:
    return f"{time.time():.6f}"


def action_of(block: Json, element: Json, held: Json) -> Json:
    """One of a payload's `actions`: which element, and what it holds now."""
    told: dict[str, Any] = {"action_id": element["action_id"], "block_id": block["block_id"], **held}
    if element["type"] == "button":
        told |= {key: element[key] for key in ("type", "text", "value", "style") if key in element}
    elif "placeholder" in element:
        told["placeholder"] = element["placeholder"]
    return told
