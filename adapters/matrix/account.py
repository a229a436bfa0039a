"""The bot's account at a homeserver: logged in once, with one device whose keys and token are kept in a folder.

A token that is no longer good is replaced by the password, if there is one, for the same device: its keys stay. What is
done with the account is `syncing` and `client`.
"""

from __future__ import annotations

import json
import logging
import secrets
from dataclasses import asdict, dataclass, replace
from io import FileIO
from pathlib import Path
from typing import Final, Self

import aiohttp

from adapters.matrix.errors import MatrixError
from adapters.matrix.kept import keep, locked
from adapters.matrix.keys import Keys
from adapters.matrix.machine import Machine
from adapters.matrix.signing import Signed, Signing
from adapters.matrix.wire import Wire
from adapters.shared.sealing import PLAIN, Sealing

log = logging.getLogger(__name__)

FILE: Final = "account.json"
PICKLED_WITH: Final = "keys.secret"
LIMITED: Final = "limited"
"""An empty file, as old as the last time the homeserver took no more for a while."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """How to log in: with an access token, or as `user` (`@wg:example.org`, or its local part) with a password.

    `secret` encrypts the keys on disk where there is no key to seal one with; it cannot be changed later. `device_name` is what people see of the device.
    """

    homeserver: str
    user: str = ""
    password: str = ""
    token: str = ""
    secret: str = "wgbot"  # noqa: S105 — a folder only its owner can read is what protects the keys
    device_name: str = "wgbot"
    sealing: Sealing = PLAIN

    def problem(self) -> str | None:
        """What is missing, in a sentence for whoever runs it; None when it can work."""
        if not self.token and not (self.user and self.password):
            return "Set an access token, or the bot's user name and its password."
        return None


@dataclass(frozen=True, slots=True)
class Login:
    """What is kept of a login. `given`: the token was set by hand, not got by the password."""

    homeserver: str
    user: str
    device: str
    token: str
    fingerprint: str = ""
    master: str = ""
    signed: str = ""
    given: bool = False


class NoLogin(Exception):
    """The bot cannot log in: the words say why, and what would help."""


class Account:
    """One account, open in this process. Made by `opened`; to be closed."""

    def __init__(
        self, login: Login, wire: Wire, machine: Machine, folder: Path, lock: FileIO, sealing: Sealing
    ) -> None:
        self.login = login
        self.wire = wire
        self.machine = machine
        self.keys = Keys(wire, machine)
        self.signing = Signing(wire, machine, folder, sealing)
        self.folder = folder
        self._sealing = sealing
        self.prepared = False
        """Whether the device's keys are at the homeserver, so that others can read what it encrypts."""
        self._lock = lock

    @classmethod
    async def opened(cls, session: aiohttp.ClientSession, credentials: Credentials, folder: Path) -> Self:
        """The account that is kept in `folder`; logged in first if none is, or if it is another one.

        Raises `NoLogin`, `kept.FolderInUse`, and as `Wire.call` when the homeserver has to be asked and cannot.
        """
        lock = locked(folder)
        try:
            wire = Wire(session, credentials.homeserver, limited=(folder / LIMITED).touch)
            login = await _login(wire, credentials, known(folder, credentials.sealing))
            wire.token = login.token
            secret = pickled_with(folder, credentials.sealing) or credentials.secret
            machine = Machine(login.user, login.device, folder, secret, credentials.secret)
            account = cls(
                replace(login, fingerprint=machine.fingerprint), wire, machine, folder, lock, credentials.sealing
            )
            account._keep()
        except BaseException:
            lock.close()
            raise
        return account

    @property
    def user(self) -> str:
        """The bot's id: `@wg:example.org`."""
        return self.login.user

    @property
    def server(self) -> str:
        """The name of its homeserver: what comes after the colon of the ids it makes."""
        return self.login.user.partition(":")[2]

    @property
    def fingerprint(self) -> str:
        """The device's key in groups of four, as clients show it for comparing."""
        return grouped(self.machine.fingerprint)

    async def prepare(self, password: str = "", *, replace_signing: bool = False) -> Signed:
        """Have the device's keys at the homeserver, and the device signed. Raises as `Wire.call`, and `ForeignKeys`.

        Harmless when nothing is missing.
        """
        await self.keys.begin()
        signed = await self.signing.ensure(password, replace=replace_signing)
        self.login = replace(self.login, master=self.signing.master, signed=str(signed))
        self._keep()
        self.prepared = True
        return signed

    def close(self) -> None:
        """Let go of the keys and the folder."""
        self.machine.close()
        self._lock.close()

    def _keep(self) -> None:
        kept = asdict(self.login) | {"token": self._sealing.seal(self.login.token)}
        keep(self.folder / FILE, json.dumps(kept, indent=1))


def known(folder: Path, sealing: Sealing = PLAIN) -> Login | None:
    """What is kept of the login in a folder, for whoever only looks; None if there is none. Raises as `Sealing.open`."""
    path = folder / FILE
    if not path.exists():
        return None
    kept = json.loads(path.read_text())
    return Login(**kept | {"token": sealing.open(kept["token"])})


def pickled_with(folder: Path, sealing: Sealing) -> str:
    """The secret that the device's keys are encrypted with on the disk, itself kept sealed; "" where there is no key for that.

    Made on the first day with a key. Raises as `Sealing.open`.
    """
    path = folder / PICKLED_WITH
    if not path.exists():
        if not sealing.active:
            return ""
        keep(path, sealing.seal(secrets.token_hex(32)))
    kept = path.read_text()
    anew = sealing.anew(kept)
    if anew != kept:
        keep(path, anew)
    return sealing.open(anew)


def grouped(key: str) -> str:
    """A key in groups of four."""
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


async def _login(wire: Wire, credentials: Credentials, before: Login | None) -> Login:
    if before is not None and not _is_for(before, credentials):
        if credentials.user and not _same_user(before.user, credentials.user):
            raise NoLogin(f"The folder holds the keys of {before.user}. Give {credentials.user} another one.")
        before = None if credentials.token else before
    if before is not None:
        wire.token = before.token
        try:
            await wire.call("GET", "account", "whoami")
        except MatrixError as error:
            if not error.logged_out:
                return before  # it cannot say now; syncing waits until it can
        except (aiohttp.ClientError, TimeoutError, OSError):
            return before
        else:
            return before
        wire.token = ""
        if not credentials.password:
            raise NoLogin(f"The homeserver no longer knows the access token of {before.user}. Set a new one.")
    if credentials.token:
        return await _by_token(wire, credentials)
    return await _by_password(wire, credentials, before.device if before is not None else "")


async def _by_token(wire: Wire, credentials: Credentials) -> Login:
    wire.token = credentials.token
    try:
        said = await wire.call("GET", "account", "whoami")
    except MatrixError as error:
        if error.logged_out:
            raise NoLogin("The homeserver does not know this access token.") from None
        raise
    if not said.get("device_id"):
        raise NoLogin("This access token belongs to no device: encryption needs one. Log in with a password.")
    return Login(wire.homeserver, str(said["user_id"]), str(said["device_id"]), credentials.token, given=True)


async def _by_password(wire: Wire, credentials: Credentials, device: str) -> Login:
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": credentials.user},
        "password": credentials.password,
        "initial_device_display_name": credentials.device_name,
    } | ({"device_id": device} if device else {})
    try:
        said = await wire.call("POST", "login", body=body)
    except MatrixError as error:
        if error.code in ("M_FORBIDDEN", "M_USER_DEACTIVATED", "M_UNRECOGNIZED", "M_UNKNOWN"):
            raise NoLogin(f"The homeserver does not log {credentials.user} in: {error.words}") from None
        raise
    return Login(wire.homeserver, str(said["user_id"]), str(said["device_id"]), str(said["access_token"]))


def _is_for(login: Login, credentials: Credentials) -> bool:
    """Whether a login that is kept is the one asked for."""
    if login.homeserver != credentials.homeserver.rstrip("/"):
        return False
    if credentials.token:
        return login.token == credentials.token
    return _same_user(login.user, credentials.user)


def _same_user(user: str, wanted: str) -> bool:
    return wanted in (user, user[1:].partition(":")[0])
