"""The cryptography of the bot's device: nio's Olm machine and its key store on disk. It does no network.

What it is told of (messages to the device, changed devices, counts of keys) and what it has to say leave as plain data.
Rooms' keys are `roomkeys`. With `fixes.py` and `verifying.py` these know nio; nothing else does, save for files.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from nio.crypto import OlmDevice, OutgoingKeyRequest
from nio.event_builders import ToDeviceMessage
from nio.events import ForwardedRoomKeyEvent, RoomKeyEvent, ToDeviceEvent
from nio.responses import KeysClaimResponse, KeysQueryResponse, KeysUploadResponse, ToDeviceResponse
from nio.store import SqliteStore
from peewee import SqliteDatabase
from vodozemac import LibolmPickleException, PickleException

from adapters.matrix.fixes import SIGNED, MendedOlm
from adapters.matrix.roomkeys import MEGOLM, RoomKeys

log = logging.getLogger(__name__)

STORE: Final = "keys.db"
REQUESTS_MOST: Final = 10_000
"""Keys asked for at once: anybody can send what needs one."""

UNSIGNED: Final = ("signatures", "unsigned")
REPLAYS_KNOWN: Final = 10_000
"""Messages to the device remembered, so that one that comes again is not taken for a broken session."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Received:
    """What messages to the device brought: ids of sessions whose keys came; those withheld, with the code; the rest raw."""

    sessions: frozenset[str] = frozenset()
    withheld: Mapping[str, str] = field(default_factory=dict)
    others: tuple[Json, ...] = ()


class KeyStore(SqliteStore):  # type: ignore[misc]  # nio carries no types
    """nio's store, in a file whose name does not contain the user's."""

    def _create_database(self) -> SqliteDatabase:
        """One flush to the disk for a change, where nio's own way takes several."""
        pragmas = {"foreign_keys": 1, "secure_delete": 1, "journal_mode": "wal", "synchronous": "full"}
        return SqliteDatabase(self.database_path, pragmas=pragmas)

    def take_over(self, before: str, secret: str) -> None:
        """Encrypt all keys with this store's `secret`, where that has not been done: all of them, or none."""
        try:
            self.load_account()
        except (PickleException, LibolmPickleException):
            pass
        else:
            return
        self.pickle_key = before
        account, sessions, rooms = self.load_account(), self.load_sessions(), self.load_inbound_group_sessions()
        self.pickle_key = secret
        with self.database.atomic():
            self.save_account(account)
            for sender, several in sessions.items():
                for each in several:
                    self.save_session(sender, each)
            for each in rooms:
                self.save_inbound_group_session(each)
        log.info("the keys of %s are encrypted with another secret now", self.device_id)

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()


class Machine:
    """The device `device` of `user`, with its keys in `folder`. One process, one thread."""

    def __init__(self, user: str, device: str, folder: Path, secret: str, before: str = "") -> None:
        """`secret` encrypts the keys on the disk. Those that are still encrypted with the one `before` are taken over."""
        self.user = user
        self.device = device
        self._store = KeyStore(user, device, str(folder), secret, STORE)
        if before not in ("", secret):
            self._store.take_over(before, secret)
        self.olm = MendedOlm(user, device, self._store)
        self.room_keys = RoomKeys(self.olm, user, device)
        self._seen: dict[str, None] = {}

    @property
    def fingerprint(self) -> str:
        """The device's Ed25519 key, as clients show it."""
        return str(self.olm.account.identity_keys["ed25519"])

    def close(self) -> None:
        """Let go of the key store."""
        self._store.close()

    def device_keys(self) -> Json:
        """The device's public keys, signed by it."""
        return self.olm.device_keys()

    def sign(self, value: Mapping[str, Any]) -> str:
        """The device's signature of an object."""
        return str(self.olm.sign_json({name: each for name, each in value.items() if name not in UNSIGNED}))

    def receive(self, messages: Iterable[Any]) -> Received:
        """Take messages to the device. None makes it raise."""
        sessions: set[str] = set()
        withheld: dict[str, str] = {}
        others: list[Json] = []
        for message in messages:
            content = message.get("content") if isinstance(message, dict) else None
            if not isinstance(content, dict) or not isinstance(message.get("type"), str) or self._again(content):
                continue
            if message["type"] == "m.room.encrypted":
                key = self._olm_message(message)
                if key:
                    sessions.add(key)
            elif message["type"] == "m.room_key.withheld":
                withheld[str(content.get("session_id"))] = str(content.get("code"))
            else:
                others.append(message)
        self.olm.received_key_requests.clear()
        return Received(frozenset(sessions), withheld, tuple(others))

    def noted(self, answer: Json) -> None:
        """Take what a sync's answer says of keys: how many of ours are left, and whose devices changed."""
        counts = answer.get("device_one_time_keys_count")
        if isinstance(counts, dict):
            # a server that has none left names no number at all
            self.olm.uploaded_key_count = int(counts.get(SIGNED, 0))
        unused = answer.get("device_unused_fallback_key_types")
        self.olm.fallback_wanted = isinstance(unused, list) and SIGNED not in unused
        lists = answer.get("device_lists") or {}
        self.olm.users_for_key_query.update(
            user for user in lists.get("changed") or () if user in self.olm.tracked_users or user == self.user
        )
        for user in lists.get("left") or ():
            self.olm.tracked_users.discard(user)

    def track(self, users: Iterable[str]) -> None:
        """Have the devices of users asked for whose devices are not known yet."""
        self.olm.users_for_key_query.update(set(users) - self.olm.tracked_users)

    def ask_again(self, user: str) -> None:
        """Have a user's devices asked for, known or not."""
        self.olm.users_for_key_query.add(user)

    @property
    def to_query(self) -> frozenset[str]:
        """Users whose devices are to be asked for."""
        return frozenset(self.olm.users_for_key_query)

    def queried(self, asked: Iterable[str], answer: Json) -> None:
        """Take the answer to a question for users' devices. Whose own server did not answer keeps those known."""
        keys = answer.get("device_keys")
        self.olm.users_for_key_query.difference_update(asked)
        self.olm.tracked_users.update(asked)
        with self._at_once():
            self.olm.handle_response(KeysQueryResponse(keys if isinstance(keys, dict) else {}, {}))

    def to_claim(self) -> dict[str, list[str]]:
        """Devices with which a new session is needed, because the old one broke."""
        if not self.olm.wedged_devices:
            return {}
        return {user: list(devices) for user, devices in self.olm.get_users_for_key_claiming().items() if devices}

    def claimed(self, answer: Json) -> None:
        """Take claimed one-time keys: sessions are made with them."""
        keys = answer.get("one_time_keys")
        with self._at_once():
            self.olm.handle_response(KeysClaimResponse(keys if isinstance(keys, dict) else {}, {}))

    def upload(self) -> Json | None:
        """Keys the homeserver is to have; None when it has enough."""
        return self.olm.share_keys() if self.olm.should_upload_keys else None

    def uploaded(self, answer: Json) -> None:
        """The homeserver took them."""
        counts = answer.get("one_time_key_counts")
        left = int(counts.get(SIGNED, 0)) if isinstance(counts, dict) else 0
        self.olm.handle_response(KeysUploadResponse(0, left))
        self.olm.fallback_wanted = False

    def unpublished(self) -> None:
        """The homeserver does not have them."""
        self.olm.account.shared, self.olm.uploaded_key_count = False, None

    def outgoing(self) -> list[tuple[Any, str, Json]]:
        """Messages to devices that are waiting: each with a handle for `went`, its type, and the request's body."""
        return [(each, each.type, each.as_dict()) for each in self.olm.outgoing_to_device_messages]

    def went(self, handle: Any) -> None:
        """A message to devices was taken by the homeserver."""
        self.olm.handle_response(ToDeviceResponse(handle))

    def say(self, user: str, device: str, kind: str, content: Json) -> None:
        """Have something sent to a device, with the keys."""
        self.olm.outgoing_to_device_messages.append(ToDeviceMessage(kind, user, device, content))

    def trust(self, user: str, device: str) -> None:
        """A device was verified by somebody who compared."""
        found = self.device_of(user, device)
        if found is not None:
            self.olm.verify_device(found)

    def device_of(self, user: str, device: str) -> OlmDevice | None:
        """A device as last asked for; None for one that is not known, or deleted."""
        found: OlmDevice | None = self.olm.device_store[user].get(device)
        return found if found is not None and not found.deleted else None

    def request(self, room: str, event: Mapping[str, Any]) -> None:
        """Have the key of an event asked for from the device that sent it; once for each session."""
        content = event["content"]
        session, sender_key = content.get("session_id"), content.get("sender_key")
        known = self.olm.outgoing_key_requests
        if not isinstance(session, str) or session in known or len(known) >= REQUESTS_MOST:
            return
        asked = OutgoingKeyRequest(uuid4().hex, session, room, MEGOLM)
        self.olm.outgoing_key_requests[session] = asked
        self._store.add_outgoing_key_request(asked)
        device = content.get("device_id")
        self.say(
            event["sender"],
            device if isinstance(device, str) else "*",
            "m.room_key_request",
            {
                "action": "request",
                "request_id": asked.request_id,
                "requesting_device_id": self.device,
                "body": {
                    "algorithm": MEGOLM,
                    "room_id": room,
                    "session_id": session,
                    "sender_key": sender_key if isinstance(sender_key, str) else "",
                },
            },
        )

    def _olm_message(self, message: Json) -> str | None:
        """The id of the session whose key an encrypted message brought."""
        try:
            parsed = ToDeviceEvent.parse_event(message)
        except Exception as error:  # as `MendedOlm.handle_to_device_event`
            log.warning("a message to this device was dropped: %s", type(error).__name__)
            return None
        brought = self.olm.handle_to_device_event(parsed)
        return str(brought.session_id) if isinstance(brought, RoomKeyEvent | ForwardedRoomKeyEvent) else None

    def _again(self, content: Json) -> bool:
        """Whether the same message came before: a sync that was not carried through is answered again."""
        own = (content.get("ciphertext") or {}) if isinstance(content.get("ciphertext"), dict) else {}
        mine = own.get(self.olm.account.identity_keys["curve25519"])
        body = mine.get("body") if isinstance(mine, dict) else None
        if not isinstance(body, str):
            return False
        if body in self._seen:
            return True
        self._seen[body] = None
        if len(self._seen) > REPLAYS_KNOWN:
            del self._seen[next(iter(self._seen))]
        return False

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        """One transaction of the key store, for what writes many rows."""
        with self._store.database.atomic():
            yield
