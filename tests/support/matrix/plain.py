"""Somebody who speaks to the homeserver without a client library, hence without encryption.

Quick, for load; and free to send what no client would: malformed events, somebody else's ciphertext, garbage to other people's
devices and as keys of their own. What the homeserver refuses raises `MatrixError`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, Self

from tests.support.matrix.api import Account, Api, Call, Json, path
from tests.support.matrix.someone import Someone, id_of
from tests.support.matrix.synapse import ROOM_VERSION, Homeserver


class Plain:
    """A device of somebody. It hears nothing until it asks."""

    _transactions = itertools.count()

    def __init__(self, homeserver: Homeserver, account: Account, api: Api | None = None) -> None:
        self.account = account
        self.id = account.user_id
        self._homeserver = homeserver
        self._api = api or homeserver.api

    def call(self, method: str, *parts: str, body: Json | bytes | None = None, query: Json | None = None) -> Json:
        """Anything of the client's API: `call("GET", "rooms", room, "members")`."""
        return self._api.call(Call(method, path(*parts), body, query), self.account)

    def another_device(self) -> Self:
        """Log in once more."""
        return type(self)(self._homeserver, self._homeserver.login(self.id), self._api)

    def log_out(self) -> None:
        """Let the homeserver forget this device."""
        self.call("POST", "logout", body={})

    # Rooms

    def create(self, name: str = "", *, public: bool = False, invite: Sequence[Someone] = (), **options: Any) -> str:
        """Make a room; `options` are those of the homeserver's `createRoom`. Returns its id."""
        order = {
            "preset": "public_chat" if public else "private_chat",
            "visibility": "public" if public else "private",
            "invite": [id_of(each) for each in invite],
            "room_version": ROOM_VERSION,
            **({"name": name} if name else {}),
            **options,
        }
        return str(self.call("POST", "createRoom", body=order)["room_id"])

    def join(self, room: str) -> str:
        """Join a room by its id or alias; its id."""
        return str(self.call("POST", "join", room, body={})["room_id"])

    def leave(self, room: str) -> None:
        """Leave a room, or decline to join it."""
        self.call("POST", "rooms", room, "leave", body={})

    def invite(self, room: str, other: Someone) -> None:
        """Invite somebody."""
        self.call("POST", "rooms", room, "invite", body={"user_id": id_of(other)})

    def kick(self, room: str, other: Someone) -> None:
        """Remove somebody from a room."""
        self.call("POST", "rooms", room, "kick", body={"user_id": id_of(other)})

    def state(self, room: str, type_: str, content: Json, key: str = "") -> str:
        """Set a state event."""
        return str(self.call("PUT", "rooms", room, "state", type_, key, body=content)["event_id"])

    # Events

    def send(self, room: str, text: str, **more: Any) -> str:
        """Write a message; `more` is added to its content. The event's id."""
        return self.event(room, "m.room.message", {"msgtype": "m.text", "body": text, **more})

    def event(self, room: str, type_: str, content: Json | bytes, transaction: str = "") -> str:
        """Send an event of any kind and content, which may be no JSON; the same transaction twice is one event."""
        sent = self._sending(room, type_, content, transaction)
        return str(self._api.call(sent, self.account)["event_id"])

    def upload(self, room: str, name: str, data: bytes, mimetype: str, *, caption: str = "", **more: Any) -> str:
        """Send a file, in the clear; `more` is added to its content. The event's id."""
        uploaded = self._api.call(Call("POST", "/_matrix/media/v3/upload", data, {"filename": name}), self.account)
        content = {"msgtype": "m.file", "body": caption or name, "filename": name, "url": uploaded["content_uri"]}
        info = {"mimetype": mimetype, "size": len(data)}
        return self.event(room, "m.room.message", {**content, "info": info, **more})

    def flood(
        self, room: str, contents: Sequence[Json | str], type_: str = "m.room.message", at_once: int = 8
    ) -> list[str]:
        """Send many events, texts or of another content, in no certain order; their ids, in the order given."""
        whole = [{"msgtype": "m.text", "body": each} if isinstance(each, str) else each for each in contents]
        calls = [self._sending(room, type_, content) for content in whole]
        return [str(answer["event_id"]) for answer in self._api.calls(calls, self.account, at_once)]

    def repeat(self, room: str, event: str) -> str:
        """Send what is on the wire of another event, ciphertext and all, as one's own."""
        original = self.raw(room, event)
        return self.event(room, original["type"], original["content"])

    def redact(self, room: str, event: str) -> str:
        """Remove an event."""
        return str(self.call("PUT", "rooms", room, "redact", event, self._transaction(), body={})["event_id"])

    # What the homeserver tells them

    def raw(self, room: str, event: str) -> Json:
        """An event as it is on the wire."""
        return self.call("GET", "rooms", room, "event", event)

    def history(self, room: str) -> Iterator[Json]:
        """Every event of a room they may read, as on the wire, the newest first."""
        end: str | None = ""
        while end is not None:
            query = {"dir": "b", "limit": 100} | ({"from": end} if end else {})
            page = self.call("GET", "rooms", room, "messages", query=query)
            yield from page["chunk"]
            end = page.get("end")

    def sync(self, since: str = "", **query: Any) -> Json:
        """What is new, at once."""
        return self.call("GET", "sync", query={"timeout": 0} | ({"since": since} if since else {}) | query)

    # Devices and keys

    def to_device(self, other: Someone, device: str, type_: str, content: Json) -> None:
        """Send something to somebody's device ("*" for all of them), of any kind and content."""
        body = {"messages": {id_of(other): {device: content}}}
        self.call("PUT", "sendToDevice", type_, self._transaction(), body=body)

    def upload_keys(self, keys: Json) -> Json:
        """Publish keys of one's own device: `device_keys`, `one_time_keys`, `fallback_keys`."""
        return self.call("POST", "keys", "upload", body=keys)

    def keys_of(self, *others: Someone) -> Json:
        """The keys that people have published."""
        return self.call("POST", "keys", "query", body={"device_keys": {id_of(each): [] for each in others}})

    def claim(self, other: Someone, device: str, times: int = 1) -> list[Json]:
        """Take one-time keys of somebody's device, so that it runs out of them."""
        body = {"one_time_keys": {id_of(other): {device: "signed_curve25519"}}}
        return [self.call("POST", "keys", "claim", body=body)["one_time_keys"] for _ in range(times)]

    def _sending(self, room: str, type_: str, content: Json | bytes, transaction: str = "") -> Call:
        return Call("PUT", path("rooms", room, "send", type_, transaction or self._transaction()), content)

    def _transaction(self) -> str:
        return f"plain{next(self._transactions)}"
