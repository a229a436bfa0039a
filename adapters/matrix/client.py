"""Sending to rooms: events under a transaction id, encrypted where the room is, and files.

Every method raises the errors of `adapters.shared.sending`, and nothing else on purpose. The same transaction id with
the same content is one event, however often it is sent. What events contain is `contents`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from nio.crypto import decrypt_attachment, encrypt_attachment
from nio.exceptions import EncryptionError

from adapters.matrix.account import Account
from adapters.matrix.arriving import Attachment
from adapters.matrix.contents import fits
from adapters.matrix.errors import translated
from adapters.matrix.joined import JoinedRoom, JoinedRooms
from adapters.matrix.roomkeys import Undecipherable
from adapters.matrix.wire import Json
from adapters.shared.sending import RateLimited, Rejected
from bot.troubles import Reason

CLEAR: Final = frozenset({"m.reaction"})
"""Never encrypted: homeservers count them by what they say."""

TXN: Final = "org.wgbot.txn"
"""The field of our events that names their transaction id: homeservers forget theirs after a day."""

CLOCKS_APART_MS: Final = 60_000
PAGE: Final = 100
PAGES: Final = 50
"""How far back an event is looked for."""

NOT_YET_SECONDS: Final = 1.0
LARGEST_FILE: Final = 5_000_000
"""Bytes of a file that is fetched."""


class BadFile(Exception):
    """A file that cannot be had: `reason` is `too-large`, `broken` or `gone`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Client:
    """Sends as an account. `rooms` are those `syncing` knows; one it does not know yet is asked for."""

    def __init__(self, account: Account, rooms: JoinedRooms) -> None:
        self._account = account
        self._wire = account.wire
        self._keys = account.keys
        self._user = account.user
        self._rooms = rooms

    async def send(self, room: str, kind: str, content: Mapping[str, Any], txn: str) -> str:
        """Send an event of a type; its id.

        `Rejected` with `NOT_IN_ROOM` where the bot is not, `ROOM_ARCHIVED` where the room was replaced, `TOO_LONG`.
        Nothing is encrypted before others can have the bot's keys: until then it waits (`RateLimited`).
        """
        known = await self.room(room)
        if known.closed:
            raise Rejected(Reason.ROOM_ARCHIVED)
        encrypted = known.encrypted and kind not in CLEAR
        if not fits(content, encrypted=encrypted):
            raise Rejected(Reason.TOO_LONG)
        content = {**content, TXN: txn}
        if encrypted and not self._account.prepared:
            raise RateLimited(NOT_YET_SECONDS, workspace=True)
        with translated():
            if encrypted:
                kind, content = await self._keys.encrypted(known, kind, content)
        return await self._put(room, "send", kind, txn, content)

    async def find(self, room: str, txn: str, since: datetime) -> str | None:
        """The event sent under a transaction id at or after `since`, looked for in the room's history; None if not there.

        For what is in doubt for longer than homeservers remember ids (`ids.REMEMBERED`); sooner, sending is enough.
        """
        start, oldest = "", since.timestamp() * 1000 - CLOCKS_APART_MS
        for _ in range(PAGES):
            query = {"dir": "b", "limit": str(PAGE)} | ({"from": start} if start else {})
            with translated():
                answer = await self._wire.call("GET", "rooms", room, "messages", query=query)
            chunk = answer.get("chunk") or []
            for event in chunk:
                if event.get("sender") == self._user and self._txn(room, event) == txn:
                    return str(event["event_id"])
            if not chunk or not answer.get("end") or chunk[-1].get("origin_server_ts", 0) < oldest:
                return None
            start = str(answer["end"])
        return None

    def _txn(self, room: str, event: Json) -> object:
        """The transaction id in an event of ours."""
        if event.get("type") == "m.room.encrypted":
            try:
                event = self._account.machine.room_keys.decrypt(room, event)
            except Undecipherable:
                return None
        return event["content"].get(TXN)

    async def redact(self, room: str, target: str, txn: str, reason: str = "") -> str:
        """Delete an event; the redaction's id. Once more does no harm. `MESSAGE_GONE`: it is not there."""
        body = {"reason": reason} if reason else {}
        try:
            return await self._put(room, "redact", target, txn, body)
        except Rejected as error:
            if error.reason == Reason.ROOM_GONE and room in self._rooms:
                raise Rejected(Reason.MESSAGE_GONE) from error
            raise

    async def _put(self, room: str, act: str, what: str, txn: str, body: Mapping[str, Any]) -> str:
        try:
            with translated():
                answer = await self._wire.call("PUT", "rooms", room, act, what, txn, body=body)
        except Rejected as error:
            if error.reason in (Reason.NOT_IN_ROOM, Reason.ROOM_GONE):
                self._rooms.doubted = True
            raise
        return str(answer.get("event_id", ""))

    async def event(self, room: str, event: str) -> Json | None:
        """An event as the homeserver has it, encrypted or not; None if it is not there, or not to be seen by the bot."""
        try:
            with translated():
                return await self._wire.call("GET", "rooms", room, "event", event)
        except Rejected as error:
            if error.reason in (Reason.ROOM_GONE, Reason.NOT_ALLOWED, Reason.NOT_IN_ROOM):
                return None
            raise

    async def upload(self, room: str, data: bytes, name: str, mime: str) -> Json:
        """Upload a file for a room: what `contents.file` takes, with keys where the room is encrypted."""
        known = await self.room(room)
        with translated():
            if not known.encrypted:
                return {"url": await self._wire.upload(data, name, mime)}
            hidden, keys = encrypt_attachment(data)
            return {"file": {**keys, "url": await self._wire.upload(hidden, "", "application/octet-stream")}}

    async def download(self, file: Attachment, largest: int = LARGEST_FILE) -> bytes:
        """The bytes of a file, decrypted. Raises `BadFile` too."""
        try:
            with translated():
                data = await self._wire.download(file.uri, largest)
        except (ValueError, Rejected):
            raise BadFile("gone") from None
        if len(data) > largest:
            raise BadFile("too-large")
        if not file.keys:
            return data
        try:
            key, digest, start = file.keys["key"]["k"], file.keys["hashes"]["sha256"], file.keys["iv"]
            return bytes(decrypt_attachment(data, key, digest, start))
        except (EncryptionError, KeyError, TypeError, ValueError, AttributeError):
            raise BadFile("broken") from None

    async def room(self, room: str) -> JoinedRoom:
        """A room the bot is in, as it is known, or else asked for."""
        known = self._rooms.get(room)
        if known is not None:
            return known
        asked = JoinedRoom(room)
        with translated():
            for event in await self._wire.listed("GET", "rooms", room, "state"):
                asked.take(event)
        if self._user not in asked.joined:
            raise Rejected(Reason.NOT_IN_ROOM)
        return self._rooms.put(asked)
