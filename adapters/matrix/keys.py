"""Keys on their way: ours to the homeserver, others' devices asked for, a room's key given to everybody before it is used.

The cryptography is `machine`, HTTP is `wire`; this says in which order and how often. What a homeserver or a device
does not give now is asked for again later, and nobody else waits for it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, Final
from uuid import uuid4

from adapters.matrix.errors import MatrixError
from adapters.matrix.joined import JoinedRoom
from adapters.matrix.machine import Machine
from adapters.matrix.roomkeys import Device
from adapters.matrix.wire import Json, Wire

log = logging.getLogger(__name__)

QUERIED_AT_ONCE: Final = 250
"""Users asked for in one request."""

AGAIN_SECONDS: Final = 600.0
"""How long a device that gave no key, or a server that does not answer for its users, is left alone."""

CHANGES_BORNE: Final = 10
"""How often people may come and go while a room's key is given out, before the message is given back."""


class ForeignKeys(Exception):
    """The homeserver holds other keys for the bot's device: its key store was lost. It is to be logged in anew."""


class KeyChanging(TimeoutError):
    """People came and went each time before a room's key could be used."""


class Keys:
    """The keys of one account. Used from one event loop."""

    def __init__(self, wire: Wire, machine: Machine, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._wire = wire
        self._machine = machine
        self._now = monotonic
        self._lock = asyncio.Lock()
        self._rooms: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._claim_again: dict[Device, float] = {}
        self._ask_again: dict[str, float] = {}

    async def begin(self) -> None:
        """Before the first sync: have the device's keys at the homeserver, where logging out took them away.

        Raises `ForeignKeys`, and as `Wire.call`.
        """
        user, device = self._machine.user, self._machine.device
        answer = await self._wire.call("POST", "keys", "query", body={"device_keys": {user: [device]}})
        there = ((answer.get("device_keys") or {}).get(user) or {}).get(device)
        if there and (there.get("keys") or {}).get(f"ed25519:{device}") != self._machine.fingerprint:
            raise ForeignKeys(device)
        if not there:
            self._machine.unpublished()
        await self.settle()

    async def settle(self) -> None:
        """After a sync: upload, ask, mend and send what is due. Raises as `Wire.call`."""
        async with self._lock:
            await self._uploaded()
            await self._queried()
            broken = self._machine.to_claim()
            if broken:
                await self._claimed({user: list(names) for user, names in broken.items()})
            await self._sent()

    async def know(self, users: Iterable[str]) -> None:
        """Have users' devices known."""
        self._machine.track(users)
        if self._machine.to_query:
            async with self._lock:
                await self._queried()

    async def encrypted(self, room: JoinedRoom, kind: str, content: Mapping[str, Any]) -> tuple[str, Json]:
        """An event as it is sent to an encrypted room: everybody there has the key first. Raises as `Wire.call`.

        Cut short at any moment it leaves nothing behind that is wrong.
        """
        async with self._rooms[room.room]:
            for _ in range(CHANGES_BORNE):
                await self.know(room.present)
                if not await self._given(room):
                    encrypted = self._machine.room_keys.encrypt(room.room, kind, content)
                    if encrypted is not None:
                        return encrypted
        raise KeyChanging

    async def _uploaded(self) -> None:
        body = self._machine.upload()
        if body is not None:
            self._machine.uploaded(await self._wire.call("POST", "keys", "upload", body=body))

    async def _queried(self) -> None:
        now = self._now()
        wanted = iter(sorted(user for user in self._machine.to_query if self._ask_again.get(user, now) <= now))
        while users := list(islice(wanted, QUERIED_AT_ONCE)):
            body = {"device_keys": {user: [] for user in users}, "timeout": 10_000}
            answer = await self._wire.call("POST", "keys", "query", body=body)
            failures = answer.get("failures")
            silent = set(failures) if isinstance(failures, dict) else set()
            late = [user for user in users if user.partition(":")[2] in silent]
            self._machine.queried([user for user in users if user not in late], answer)
            for user in users:
                self._ask_again.pop(user, None)
            self._ask_again.update(dict.fromkeys(late, now + AGAIN_SECONDS))

    async def _claimed(self, wanted: Mapping[str, Iterable[str]]) -> None:
        """Make sessions with devices; those that give no key are not asked again for a while."""
        now = self._now()
        asked = {
            user: due
            for user, names in wanted.items()
            if (due := [name for name in names if self._claim_again.get((user, name), now) <= now])
        }
        if not asked:
            return
        body = {
            "one_time_keys": {user: dict.fromkeys(names, "signed_curve25519") for user, names in asked.items()},
            "timeout": 10_000,
        }
        self._machine.claimed(await self._wire.call("POST", "keys", "claim", body=body))
        self._claim_again.update({(user, name): now + AGAIN_SECONDS for user, names in asked.items() for name in names})

    async def _given(self, room: JoinedRoom) -> bool:
        """Give the room's key to the devices that lack it. False: none did, and nobody came or went meanwhile."""
        _, without = self._machine.room_keys.lacking(room.room, room.present)
        if without:
            await self._claimed(without)
        ready, _ = self._machine.room_keys.lacking(room.room, room.present)
        for _, body in self._machine.room_keys.sharing(room.room, room.present) if ready else ():
            await self._to_device("m.room.encrypted", body)
        return bool(ready)

    async def _sent(self) -> None:
        for handle, kind, body in self._machine.outgoing():
            try:
                await self._to_device(kind, body)
            except MatrixError as error:
                if error.retry_after_seconds or not error.code or error.logged_out:
                    raise
                log.warning("a message to a device was refused and is dropped: %s", error)
            self._machine.went(handle)

    async def _to_device(self, kind: str, body: Json) -> None:
        await self._wire.call("PUT", "sendToDevice", kind, uuid4().hex, body=body)
