"""The keys of rooms: what they encrypted is read, and our own are given to everybody in a room before they are used.

A part of `machine`, as which it does no network.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

import vodozemac
from nio.crypto import InboundGroupSession

from adapters.matrix.fixes import MendedOlm

MEGOLM: Final = "m.megolm.v1.aes-sha2"

Json = dict[str, Any]
Device = tuple[str, str]
"""A user's id and a device's."""


class Undecipherable(Exception):
    """An event that cannot be decrypted (now): `reason` as in `arriving.Undecryptable`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Index:
    """What nio keeps of a message's number, against replays."""

    sender_key: str
    session_id: str
    event_id: str
    server_timestamp: int


class RoomKeys:
    """Those of the device `device` of `user`."""

    def __init__(self, olm: MendedOlm, user: str, device: str) -> None:
        self._olm = olm
        self._user = user
        self._device = device

    def decrypt(self, room: str, event: Mapping[str, Any]) -> Json:
        """An encrypted event as it was before, with what the envelope says of it. Raises `Undecipherable`.

        It was encrypted by a device of its sender's: `sender` is whom the homeserver names, and it could name anybody.
        """
        content = event["content"]
        session_id, ciphertext = content.get("session_id"), content.get("ciphertext")
        if content.get("algorithm") != MEGOLM or not isinstance(session_id, str) or not isinstance(ciphertext, str):
            raise Undecipherable("broken")
        sessions = [each[session_id] for each in self._olm.inbound_group_store[room].values() if session_id in each]
        if not sessions:
            raise Undecipherable("no-key")
        session = next((each for each in sessions if self._is_of(event["sender"], each)), None)
        if session is None:
            self._olm.users_for_key_query.add(event["sender"])
            raise Undecipherable("sender")
        return self._opened(room, event, session, ciphertext)

    def _opened(self, room: str, event: Mapping[str, Any], session: InboundGroupSession, ciphertext: str) -> Json:
        try:
            plain, index = session.decrypt(ciphertext)
            inside = json.loads(plain)
        except vodozemac.MegolmDecryptionException:
            # the key begins after this message, or the message was tampered with
            raise Undecipherable("no-key") from None
        except (ValueError, vodozemac.DecodeException):
            raise Undecipherable("broken") from None
        known = _Index(session.sender_key, session.id, event["event_id"], event["origin_server_ts"])
        if (
            not isinstance(inside, dict)
            or inside.get("room_id") != room
            or not self._olm.message_index_ok(index, known)
        ):
            raise Undecipherable("broken")
        content = inside.get("content")
        if not isinstance(content, dict) or not isinstance(inside.get("type"), str):
            raise Undecipherable("broken")
        relation = event["content"].get("m.relates_to")
        if relation is not None and "m.relates_to" not in content:
            content["m.relates_to"] = relation
        return {**event, "type": inside["type"], "content": content}

    def _is_of(self, user: str, session: InboundGroupSession) -> bool:
        """Whether a session was made by a device of the user's; one that is deleted since counts as well."""
        own = self._olm.account.identity_keys
        if (user, session.sender_key, session.ed25519) == (self._user, own["curve25519"], own["ed25519"]):
            return True
        return any(
            each.curve25519 == session.sender_key and each.ed25519 == session.ed25519
            for each in self._olm.device_store[user].values()
        )

    def lacking(self, room: str, users: frozenset[str]) -> tuple[list[Device], dict[str, list[str]]]:
        """Devices that do not have the room's present key: those it can be given to, and those without a session yet.

        The key is a new one when somebody had the old one who is not to read on: who left, or whose device is gone.
        """
        session = self._olm.outbound_group_sessions.get(room)
        if (
            session is None
            or session.expired
            or not all(user in users and self._is_there(user, device) for user, device in session.users_shared_with)
        ):
            self._olm.create_outbound_group_session(room)
            session = self._olm.outbound_group_sessions[room]
        ready: list[Device] = []
        without: dict[str, list[str]] = {}
        for user in users:
            for device in self._olm.device_store.active_user_devices(user):
                key = (user, device.id)
                if key in session.users_shared_with or key in session.users_ignored or device.id == self._device:
                    continue
                if self._olm.session_store.get(device.curve25519) is not None:
                    ready.append(key)
                else:
                    without.setdefault(user, []).append(device.id)
        return ready, without

    def sharing(self, room: str, users: Iterable[str]) -> Iterator[tuple[set[Device], Json]]:
        """Give the room's present key to devices that lack it: bodies to send, and to whom each is."""
        session = self._olm.outbound_group_sessions[room]
        session.shared = False  # or nio makes another key
        parts = self._olm.share_group_session_parallel(room, list(users), ignore_unverified_devices=True)
        with closing(parts):
            while True:
                with self._olm.store.database.atomic():
                    part = next(parts, None)
                if part is None:
                    return
                yield part
                session.users_shared_with.update(part[0])

    def encrypt(self, room: str, kind: str, content: Mapping[str, Any]) -> tuple[str, Json] | None:
        """An event encrypted: its type and content, for those who were given the room's present key. None: there is none."""
        session = self._olm.outbound_group_sessions.get(room)
        if session is None or session.expired:
            return None
        session.shared = True
        encrypted: Json = dict(self._olm.group_encrypt(room, {"type": kind, "content": dict(content)}))
        if "m.relates_to" in content:
            encrypted["m.relates_to"] = content["m.relates_to"]
        return "m.room.encrypted", encrypted

    def _is_there(self, user: str, device: str) -> bool:
        found = self._olm.device_store[user].get(device)
        return found is not None and not found.deleted
