"""Cross-signing of the bot's own device: without it, current clients neither send to it nor show what it says.

Its three keys are made once and their seeds kept beside the device's; whoever has them can vouch for devices of the bot.
Keys of the account's that another client made are not replaced unasked.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa

from adapters.matrix.errors import MatrixError
from adapters.matrix.fixes import canonical, unpadded
from adapters.matrix.kept import keep
from adapters.matrix.machine import Machine
from adapters.matrix.wire import Json, Wire
from adapters.shared.sealing import PLAIN, Sealing

log = logging.getLogger(__name__)

FILE: Final = "cross-signing.json"
ROLES: Final = ("master", "self_signing", "user_signing")
UNAUTHORIZED: Final = 401
SEED_BYTES: Final = 32


class Signed(StrEnum):
    """How the bot's device stands with its account's cross-signing."""

    YES = "yes"
    BY_OTHER = "by-other"  # another client made the account's keys, and somebody verified the bot's device with it
    FOREIGN = "foreign"  # another client made the account's keys; ours are to replace them, or it is to sign the device
    REFUSED = "refused"  # the homeserver wants a password we do not have


@dataclass(frozen=True, slots=True)
class _Key:
    """One of the three."""

    seed: bytes

    @property
    def public(self) -> str:
        return unpadded(self._pair.public_key().export_key(format="raw"))

    def sign(self, value: Mapping[str, Any]) -> str:
        return unpadded(eddsa.new(self._pair, "rfc8032").sign(canonical(value).encode()))

    @property
    def _pair(self) -> Any:
        return ECC.construct(curve="Ed25519", seed=self.seed)


class Signing:
    """The keys of one account, in `folder`."""

    def __init__(self, wire: Wire, machine: Machine, folder: Path, sealing: Sealing = PLAIN) -> None:
        self._wire = wire
        self._machine = machine
        self._keys = _kept(folder / FILE, sealing)

    @property
    def master(self) -> str:
        """The public master key: what a person who verifies the bot trusts."""
        return self._keys["master"].public

    async def ensure(self, password: str = "", *, replace: bool = False) -> Signed:
        """Have the account's keys and this device's signature at the homeserver. After the device's keys are there.

        `replace`: instead of keys that another client made, whose signatures of people are lost so. Raises as
        `Wire.call`.
        """
        user, device = self._machine.user, self._machine.device
        answer = await self._wire.call("POST", "keys", "query", body={"device_keys": {user: [device]}})
        there = _only_key(_in(answer, "master_keys", user))
        signatures = _in(answer, "device_keys", user, device, "signatures", user)
        if there and there != self.master and not replace:
            if certified(answer, user, device, self._machine.fingerprint):
                return Signed.BY_OTHER
            log.warning("the account's cross-signing keys are another client's: the bot's device is not signed")
            return Signed.FOREIGN
        if there != self.master and not await self._published(password):
            return Signed.REFUSED
        if there != self.master or f"ed25519:{self._keys['self_signing'].public}" not in signatures:
            await self._sign()
        return Signed.YES

    async def _published(self, password: str) -> bool:
        """Whether the homeserver took our keys."""
        body: Json = {f"{role}_key": each for role, each in self._public().items()}
        try:
            await self._wire.call("POST", "keys", "device_signing", "upload", body=body)
        except MatrixError as error:
            if error.status != UNAUTHORIZED or error.logged_out:
                raise
            if not password:
                log.warning("the homeserver wants the password before it takes cross-signing keys")
                return False
            user = {"type": "m.id.user", "user": self._machine.user}
            session = error.body.get("session")
            auth = {"type": "m.login.password", "identifier": user, "password": password, "session": session}
            await self._wire.call("POST", "keys", "device_signing", "upload", body={**body, "auth": auth})
        return True

    async def _sign(self) -> None:
        user, device = self._machine.user, self._machine.device
        own = self._keys["self_signing"]
        keys = self._machine.device_keys()
        _add(keys, user, own.public, own.sign(keys))
        body = {user: {device: keys, self.master: self._public()["master"]}}
        answer = await self._wire.call("POST", "keys", "signatures", "upload", body=body)
        if answer.get("failures"):
            raise MatrixError(400, "M_INVALID_SIGNATURE", "the device's signature was not taken", 0.0, answer)

    def _public(self) -> dict[str, Json]:
        """The public keys as they are published: signed by the master key, which the device signs."""
        user = self._machine.user
        made: dict[str, Json] = {
            role: {"user_id": user, "usage": [role], "keys": {f"ed25519:{key.public}": key.public}}
            for role, key in self._keys.items()
        }
        master = self._keys["master"]
        for role in ROLES[1:]:
            _add(made[role], user, master.public, master.sign(made[role]))
        _add(made["master"], user, self._machine.device, self._machine.sign(made["master"]))
        return made


def certified(answer: Json, user: str, device: str, fingerprint: str) -> str | None:
    """The master key of the account that signed a device, by what the homeserver answers when it is asked for keys.

    "": none did. None: it does not know the device, or has another key of it. The homeserver checked the signatures.
    """
    if _in(answer, "device_keys", user, device, "keys").get(f"ed25519:{device}") != fingerprint:
        return None
    signatures = _in(answer, "device_keys", user, device, "signatures", user)
    signed = f"ed25519:{_only_key(_in(answer, 'self_signing_keys', user))}" in signatures
    return _only_key(_in(answer, "master_keys", user)) if signed else ""


def _kept(path: Path, sealing: Sealing) -> dict[str, _Key]:
    """The keys; made and kept before anybody hears of them. Raises as `Sealing.open`."""
    kept = json.loads(path.read_text()) if path.exists() else {role: os.urandom(SEED_BYTES).hex() for role in ROLES}
    anew = {role: sealing.anew(kept[role]) for role in ROLES}
    if anew != kept or not path.exists():
        keep(path, json.dumps(anew))
    return {role: _Key(bytes.fromhex(sealing.open(anew[role]))) for role in ROLES}


def _add(value: Json, user: str, key: str, signature: str) -> None:
    value.setdefault("signatures", {}).setdefault(user, {})[f"ed25519:{key}"] = signature


def _in(value: Any, *names: str) -> Json:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _only_key(value: Json) -> str:
    return next((str(each) for each in _in(value, "keys").values()), "")
