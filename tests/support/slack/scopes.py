"""Which scopes each method of the Web API asks of a bot, as Slack's reference lists them.

Held by the edge although the emulator checks too: it does not know the scopes that grant only a part of another, nor every
method; and two tables that agree are better than one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Alternatives = frozenset[str]
"""Any one of them will do."""


def any_of(*scopes: str) -> Alternatives:
    """A need that each of these scopes meets."""
    return frozenset(scopes)


def _by_kind(public: str, private: str, im: str, mpim: str) -> dict[str, Alternatives]:
    return {
        "public": any_of(*public.split()),
        "private": any_of(*private.split()),
        "im": any_of(im),
        "mpim": any_of(mpim),
    }


READ = _by_kind("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = _by_kind("channels:history", "groups:history", "im:history", "mpim:history")
MANAGE = _by_kind("channels:manage", "groups:write", "im:write", "mpim:write")
INVITE = _by_kind(
    "channels:manage channels:write.invites", "groups:write groups:write.invites", "im:write", "mpim:write"
)
TOPIC = _by_kind("channels:manage channels:write.topic", "groups:write groups:write.topic", "im:write", "mpim:write")

_ALWAYS: dict[str, tuple[str, ...]] = {
    "api.test": (),
    "apps.uninstall": (),
    "auth.revoke": (),
    "auth.test": (),
    "bookmarks.add": ("bookmarks:write",),
    "bookmarks.edit": ("bookmarks:write",),
    "bookmarks.list": ("bookmarks:read",),
    "bookmarks.remove": ("bookmarks:write",),
    "bots.info": ("users:read",),
    "chat.delete": ("chat:write",),
    "chat.deleteScheduledMessage": ("chat:write",),
    "chat.getPermalink": (),
    "chat.meMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.scheduleMessage": ("chat:write",),
    "chat.scheduledMessages.list": (),
    "chat.update": ("chat:write",),
    "conversations.join": ("channels:join",),
    "files.completeUploadExternal": ("files:write",),
    "files.delete": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "files.list": ("files:read",),
    "pins.add": ("pins:write",),
    "pins.list": ("pins:read",),
    "pins.remove": ("pins:write",),
    "reactions.add": ("reactions:write",),
    "reactions.get": ("reactions:read",),
    "reactions.remove": ("reactions:write",),
    "team.info": ("team:read",),
    "users.getPresence": ("users:read",),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "users.lookupByEmail": ("users:read.email",),
    "users.profile.get": ("users.profile:read",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}

_BY_KIND: dict[str, dict[str, Alternatives]] = {
    "conversations.archive": MANAGE,
    "conversations.close": MANAGE,
    "conversations.history": HISTORY,
    "conversations.info": READ,
    "conversations.invite": INVITE,
    "conversations.kick": MANAGE,
    "conversations.leave": MANAGE,
    "conversations.mark": MANAGE,
    "conversations.members": READ,
    "conversations.rename": MANAGE,
    "conversations.replies": HISTORY,
    "conversations.setPurpose": TOPIC,
    "conversations.setTopic": TOPIC,
    "conversations.unarchive": MANAGE,
}

_TYPES = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


def needed(method: str, arguments: Mapping[str, Any], kind: str = "public") -> list[Alternatives] | None:
    """What a call asks for, all of it; None for a method the edge does not know.

    `kind` is the kind of the conversation it names: public, private, im or mpim.
    """
    match method:
        case "conversations.create":
            return [MANAGE["private" if arguments.get("is_private") in {"true", "1", True} else "public"]]
        case "conversations.list" | "users.conversations":
            types = str(arguments.get("types") or "public_channel").split(",")
            return [READ[_TYPES[each.strip()]] for each in types]
        case "conversations.open":
            several = len(str(arguments.get("users", "")).split(",")) > 1
            return [MANAGE["mpim" if several else "im"]]
    if method in _BY_KIND:
        return [_BY_KIND[method][kind]]
    if method not in _ALWAYS:
        return None
    custom = any(arguments.get(name) for name in ("username", "icon_url", "icon_emoji"))
    return [any_of(scope) for scope in (*_ALWAYS[method], *(("chat:write.customize",) if custom else ()))]
