"""What the edge answers to each call of the Web API: mostly what the emulator does, with what it lacks.

Slack's own checks come first and in this order: the token, the conversation, the scopes, the shape of what is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.support.slack import validators
from tests.support.slack.blocks import Json, characters, kept
from tests.support.slack.calls import Call
from tests.support.slack.directory import Directory
from tests.support.slack.ephemerals import Ephemerals
from tests.support.slack.modals import Views
from tests.support.slack.scopes import needed
from tests.support.slack.sockets import Sockets
from tests.support.slack.tokens import Kind, Token, Tokens
from tests.support.slack.upstream import Upstream
from tests.support.slack.validators import PayloadKind
from tests.support.slack.workspace import APP, BOT, BOT_USER, TEAM

MOST_EDITED = 4000
"""Characters of text a message may have for `chat.update`."""
MOST_IN_BLOCKS = 13_200

_FOR_MEMBERS = {
    "chat.meMessage",
    "chat.postEphemeral",
    "chat.postMessage",
    "chat.scheduleMessage",
    "conversations.history",
    "conversations.replies",
    "files.completeUploadExternal",
    "pins.list",
}
_PAYLOADS = {
    "chat.postEphemeral": PayloadKind.MESSAGE,
    "chat.postMessage": PayloadKind.MESSAGE,
    "chat.scheduleMessage": PayloadKind.MESSAGE,
    "chat.update": PayloadKind.MESSAGE,
    "views.open": PayloadKind.VIEW,
    "views.publish": PayloadKind.VIEW,
    "views.push": PayloadKind.VIEW,
    "views.update": PayloadKind.VIEW,
}
_NOT_IN_MESSAGES = ("link_names", "mrkdwn", "parse", "unfurl_links", "unfurl_media")
"""The emulator gives back how a message was sent; Slack does not."""


@dataclass
class WebApi:
    """The methods. `fault` is told of each payload that Slack would refuse."""

    upstream: Upstream
    directory: Directory
    tokens: Tokens
    views: Views
    sockets: Sockets
    ephemerals: Ephemerals
    fault: Callable[[str], None]
    socket_url: str

    async def answer(self, call: Call) -> Json:
        """The answer to a call."""
        if call.method == "oauth.v2.access":
            return await self._oauth(call)
        token = self.tokens.find(call.token)
        if isinstance(token, str):
            return _error(token)
        if (call.method == "apps.connections.open") != (token.kind is Kind.APP):
            return _error("not_allowed_token_type")
        if call.method == "apps.connections.open":
            ticket = self.sockets.ticket()
            return (
                {"ok": True, "url": f"{self.socket_url}?ticket={ticket}"} if ticket else _error("too_many_websockets")
            )
        return await self._checked(call, token)

    async def _checked(self, call: Call, token: Token) -> Json:
        name = "channel_id" if call.method == "files.completeUploadExternal" else "channel"
        here = await self._conversation(str(call.arguments.get(name) or ""))
        if isinstance(here, str):
            return _error(here)
        needs = needed(call.method, call.arguments, _kind(here))
        if needs is None:
            self.fault(f"{call.method}: the edge does not know this method")
            return _error("unknown_method")
        missing = [alternatives for alternatives in needs if not alternatives & token.scopes]
        if missing:
            return {
                "ok": False,
                "error": "missing_scope",
                "needed": ",".join("|".join(sorted(each)) for each in missing),
                "provided": ",".join(sorted(token.scopes)),
            }
        if call.method in _FOR_MEMBERS and here and not here["is_member"] and not _is_direct(here):
            anywhere = call.method == "chat.postMessage" and "chat:write.public" in token.scopes
            if not anywhere:
                return _error("not_in_channel")
        if refused := self._payload(call):
            return refused
        return await self._method(call, token, here)

    def _payload(self, call: Call) -> Json | None:
        kind = _PAYLOADS.get(call.method)
        if kind is None:
            return None
        payload = call.arguments.get("view") if kind is PayloadKind.VIEW else call.arguments
        try:
            validators.check(kind, payload)
        except AssertionError as wrong:
            self.fault(f"{call.method}: {wrong}")
            name = "invalid_arguments" if kind is PayloadKind.VIEW else "invalid_blocks"
            return {**_error(name), "response_metadata": {"messages": [f"[ERROR] {wrong}"]}}
        return None

    async def _method(self, call: Call, token: Token, here: Json | None) -> Json:
        arguments = call.arguments
        match call.method:
            case "views.open" | "views.push" | "views.update" | "views.publish":
                return await self.views.call(call.method, arguments)
            case "chat.postMessage" | "chat.postEphemeral" | "chat.scheduleMessage" | "chat.update":
                return await self._message(call, token, here)
            case "conversations.history":
                return await self._history(arguments, token)
            case "users.info":
                answer = await self._forward(call, token)
                if answer["ok"]:
                    wanted = str(arguments.get("include_locale")).lower() in {"1", "true"}
                    answer["user"] = self.directory.described(answer["user"], locale=wanted)
            case "users.list":
                answer = await self._forward(call, token)
                wanted = str(arguments.get("include_locale")).lower() in {"1", "true"}
                answer["members"] = [self.directory.described(user, locale=wanted) for user in answer["members"]]
            case "conversations.list" | "users.conversations":
                answer = await self.upstream.call("conversations.list", arguments, token.upstream)
                mine = call.method == "users.conversations"
                answer["channels"] = [
                    channel
                    for channel in answer["channels"]
                    if channel["id"] not in self.directory.deleted_channels and (channel["is_member"] or not mine)
                ]
            case "conversations.open" if self.directory.deactivated(str(arguments.get("users"))):
                answer = _error("user_disabled")
            case "files.getUploadURLExternal":
                # the emulator reads another name than Slack and the SDK use
                renamed = {"alt_text" if key == "alt_txt" else key: value for key, value in arguments.items()}
                answer = await self.upstream.call(call.method, renamed, token.upstream)
            case "auth.revoke" | "apps.uninstall":
                token.revoked = True
                answer = {"ok": True, "revoked": True}
            case _:
                answer = await self._forward(call, token)
        for message in answer.get("messages", ()):
            as_slack_has_it(message)
        return answer

    async def _message(self, call: Call, token: Token, here: Json | None) -> Json:
        arguments = dict(call.arguments)
        if self.directory.deactivated(str(arguments.get("channel"))):
            return _error("channel_not_found")
        if arguments.get("blocks"):
            if characters(arguments["blocks"]) > MOST_IN_BLOCKS:
                return _error("msg_blocks_too_long")
            arguments["blocks"] = kept(arguments["blocks"])
        if call.method == "chat.update":
            if here and here["is_archived"]:
                return _error("is_inactive")
            if len(arguments.get("text") or "") > MOST_EDITED:
                return _error("msg_too_long")
        answer = await self.upstream.call(call.method, arguments, token.upstream)
        if answer["ok"] and call.method == "chat.postEphemeral":
            self.ephemerals.add(arguments["user"], arguments["channel"], arguments, answer["message_ts"])
        if "message" in answer:
            as_slack_has_it(answer["message"])
        return answer

    async def _history(self, arguments: dict[str, Any], token: Token) -> Json:
        """The emulator knows no bounds and always shows metadata."""
        answer = await self.upstream.call(
            "conversations.history", {"channel": arguments.get("channel"), "limit": 1000}, token.upstream
        )
        if not answer["ok"]:
            return answer
        inclusive = str(arguments.get("inclusive")).lower() in {"1", "true"}
        oldest, latest = (float(arguments.get(name) or default) for name, default in (("oldest", 0), ("latest", 1e12)))
        before = str(arguments.get("cursor") or "")
        found = [
            message
            for message in answer["messages"]
            if oldest < float(message["ts"]) < latest or (inclusive and float(message["ts"]) in {oldest, latest})
            if not before or message["ts"] < before
        ]
        limit = int(arguments.get("limit") or 100)
        page = found[:limit]
        for message in page:
            as_slack_has_it(message)
            if str(arguments.get("include_all_metadata")).lower() not in {"1", "true"}:
                message.pop("metadata", None)
        more = len(found) > limit
        return {
            "ok": True,
            "messages": page,
            "has_more": more,
            "response_metadata": {"next_cursor": page[-1]["ts"] if more else ""},
        }

    async def _oauth(self, call: Call) -> Json:
        app = self.tokens.workspace.app
        if call.arguments.get("grant_type") == "refresh_token":
            if (call.arguments.get("client_id"), call.arguments.get("client_secret")) != (
                app.client_id,
                app.client_secret,
            ):
                return _error("invalid_client_id")
            answer = self.tokens.refreshed(str(call.arguments.get("refresh_token")))
            team = {"id": TEAM, "name": self.tokens.workspace.name}
            return {**answer, "app_id": APP, "bot_user_id": BOT_USER, "team": team} if answer["ok"] else answer
        answer = await self.upstream.call(call.method, call.arguments, "")
        return self.tokens.installed(answer) if answer["ok"] else answer

    async def _conversation(self, channel: str) -> Json | str | None:
        """What a call names, None when it names none, or the error when there is none that the app can see."""
        if not channel.startswith(("C", "D", "G")):
            return None
        if channel in self.directory.deleted_channels:
            return "channel_not_found"
        answer = await self.upstream.call("conversations.info", {"channel": channel})
        if not answer["ok"]:
            return "channel_not_found"  # the emulator says not_in_channel of private ones, whose existence Slack hides
        found: Json = answer["channel"]
        return found

    async def _forward(self, call: Call, token: Token) -> Json:
        return await self.upstream.call(call.method, call.arguments, token.upstream)


def as_slack_has_it(message: Json) -> None:
    """Say of a message which app it is from; take away what Slack does not tell."""
    if message.get("user") == BOT_USER:
        message |= {"bot_id": BOT, "app_id": APP}
    message["team"] = TEAM
    for name in _NOT_IN_MESSAGES:
        message.pop(name, None)


def _kind(channel: Json | None) -> str:
    if channel is None:
        return "public"
    for kind in ("im", "mpim"):
        if channel[f"is_{kind}"]:
            return kind
    return "private" if channel["is_private"] else "public"


def _is_direct(channel: Json) -> bool:
    return bool(channel["is_im"] or channel["is_mpim"])


def _error(name: str) -> Json:
    return {"ok": False, "error": name}
