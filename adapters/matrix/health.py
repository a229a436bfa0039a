"""What `wgbot doctor` looks at in Matrix: the settings, the homeserver, the bot's account and device, every home's room.

It asks with the access token that `wgbot run` keeps, and touches neither keys nor sync: it may run beside it.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import aiohttp

from adapters.matrix.account import LIMITED, Login, grouped, known
from adapters.matrix.contents import POLL
from adapters.matrix.errors import MatrixError, translated
from adapters.matrix.joined import MARK, JoinedRoom
from adapters.matrix.rooms import PLATFORM, open_to_members
from adapters.matrix.service import FOLDER
from adapters.matrix.settings import MatrixSettings
from adapters.matrix.signing import certified
from adapters.matrix.speech import PREFIX
from adapters.matrix.wire import Wire
from adapters.shared.config import Installation
from adapters.shared.health import Check, Finding, attention, broken, clock_findings, homes, ok
from adapters.shared.sending import Rejected
from bot.domain.groups import Home
from bot.domain.ids import CommunityId
from bot.ports import Store
from bot.reactions.troubles import why
from bot.text import T, Text, term

R = TypeVar("R")

PAGE: Final = "docs/how-to/set-up-in-matrix.md"
NEEDED: Final = (1, 11)
"""The version of the specification since which files are fetched as wgbot fetches them."""

LATELY_SECONDS: Final = 86_400.0
HOME_ALL: Final = term(f"{PREFIX} home all")
HOME: Final = term(f"{PREFIX} home …")
VOTES: Final = (f"{POLL}response", "m.reaction")


def checks(settings: Installation, store: Store) -> Iterable[Check]:
    """What there is to look at; nothing where Matrix is not connected."""
    matrix = MatrixSettings.of(settings)
    if not matrix.connected:
        return
    yield Setting(matrix)
    if matrix.problem() is not None:
        return
    yield Homeserver(matrix)
    folder = settings.data / FOLDER
    login = known(folder, matrix.credentials.sealing)
    yield Device(matrix, folder, login)
    if login is not None:
        yield Rooms(login, store)


def _asked(homeserver: str, token: str, ask: Callable[[Wire], Awaitable[R]]) -> R:
    """What the homeserver answers. Raises as `Wire.call`."""

    async def whole() -> R:
        async with aiohttp.ClientSession() as session:
            return await ask(Wire(session, homeserver, token))

    return asyncio.run(whole())


@dataclass(frozen=True)
class Setting:
    """Whether what is set is enough."""

    matrix: MatrixSettings
    name = "Matrix: settings"

    def findings(self) -> Iterator[Finding]:
        """See `Check`."""
        problem = self.matrix.problem()
        if problem is not None:
            yield broken(term(problem), T("See {page}.", page=PAGE))
            return
        credentials = self.matrix.credentials
        way = T("an access token") if credentials.token else T("a password, as {user}", user=credentials.user)
        yield ok(T("Connected to {homeserver} by {way}.", homeserver=credentials.homeserver, way=way))
        if "*" in self.matrix.servers:
            yield ok(T("Anybody may invite the bot."))
        elif self.matrix.servers or self.matrix.inviters:
            who = ", ".join([*self.matrix.servers, *self.matrix.inviters])
            yield ok(T("Invited by: {who}.", who=who))


@dataclass(frozen=True)
class Homeserver:
    """Whether it is reached, and speaks what is needed."""

    matrix: MatrixSettings
    name = "Matrix: homeserver"

    def findings(self) -> Iterator[Finding]:
        """See `Check`."""
        try:
            spoken = _asked(self.matrix.credentials.homeserver, "", lambda wire: wire.versions())
        except MatrixError as error:
            yield broken(
                T("What answers there is no homeserver: {why}.", why=str(error)),
                T("Set WGBOT_MATRIX_HOMESERVER to the address that clients use, with https://."),
            )
            return
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            yield broken(
                T("The homeserver cannot be reached: {why}.", why=type(error).__name__),
                T("Look at the network. What is to be sent waits until then."),
            )
            return
        newest = max((_version(each) for each in spoken), default=(0, 0))
        said = T("It speaks Matrix {version}.", version=".".join(map(str, newest)))
        if newest < NEEDED:
            yield attention(said, T("Bring it up to date: files cannot be fetched from one older than 1.11."))
        else:
            yield ok(said)
        yield from clock_findings(_asked(self.matrix.credentials.homeserver, "", lambda wire: wire.clock()))


@dataclass(frozen=True)
class Device:
    """Whether the bot is logged in, and whether clients show what it encrypts."""

    matrix: MatrixSettings
    folder: Path
    login: Login | None
    name = "Matrix: account"

    def findings(self) -> Iterator[Finding]:
        """See `Check`."""
        login = self.login
        if login is None:
            yield attention(T("It never logged in: there is no device yet."), T("Start it: wgbot run."))
            return
        try:
            yield from _asked(login.homeserver, login.token, lambda wire: _device(wire, login))
        except MatrixError as error:
            if not error.logged_out:
                raise
            again = (
                T("wgbot run logs in again by the password; the device and its keys stay.")
                if self.matrix.credentials.password
                else T("Set a new access token, or the password.")
            )
            yield broken(T("The homeserver no longer knows the access token of {user}.", user=login.user), again)
            return
        yield from self._limits(login.user)

    def _limits(self, user: str) -> Iterator[Finding]:
        """Only an administrator sees the limits; that they were met, whoever met them."""
        file = self.folder / LIMITED
        since = time.time() - file.stat().st_mtime if file.exists() else LATELY_SECONDS
        if since < LATELY_SECONDS:
            yield attention(
                T(
                    "The homeserver made it wait {minutes} minutes ago: it sends too much at once.",
                    minutes=int(since // 60),
                ),
                T("Have an administrator lift the limits for {user}: {page}.", user=user, page=f"{PAGE}#limits"),
            )
        else:
            yield ok(T("The homeserver's limits were not met within a day."))


@dataclass(frozen=True)
class Rooms:
    """Whether every home is a room that all can enter, that the bot may post to, and that goes on."""

    login: Login
    store: Store
    name = "Matrix: rooms"

    def findings(self) -> Iterator[Finding]:
        """See `Check`."""
        found = homes(self.store, PLATFORM)
        if not found:
            yield attention(
                T("No room is anybody's home yet."),
                T(
                    "Invite {user} to the body's room, and type {command} there.",
                    user=self.login.user,
                    command=HOME_ALL,
                ),
            )
            return

        async def all_of_them(wire: Wire) -> list[Finding]:
            return [await self._finding(wire, home, whose) for home, whose in found]

        yield from _asked(self.login.homeserver, self.login.token, all_of_them)

    async def _finding(self, wire: Wire, home: Home, whose: Text | str) -> Finding:
        user, told = self.login.user, {"name": home.name or home.place, "body": whose}
        try:
            room = await _seen(wire, home.place)
        except Rejected as error:
            return broken(
                T("{name}, home of {body}: {why}.", **told, why=why(error.reason)),
                T("Invite {user} there, or make another room the home.", user=user),
            )
        if user not in room.joined:
            return broken(
                T("{name}, home of {body}: the bot is not in it.", **told), T("Invite {user} there.", user=user)
            )
        if room.closed:
            return broken(
                T("{name}, home of {body}, was replaced by another room.", **told),
                T(
                    "Invite {user} to the new one; if it does not follow by itself, type {command} there.",
                    user=user,
                    command=HOME,
                ),
            )
        if not open_to_members(room, await _space_of(wire, room, home.community, user)):
            return broken(
                T("{name}, home of {body}, is closed; a home is open to every member.", **told),
                T("In the room's settings, let anybody join; or link another room: {command}.", command=HOME),
            )
        message = "m.room.encrypted" if room.encrypted else "m.room.message"
        if not room.may(user, message):
            return broken(
                T("{name}, home of {body}: the bot may not write there.", **told),
                T("Give {user} the power level {level}.", user=user, level=room.level_to(message)),
            )
        return _voting(room, message, told)


def _voting(room: JoinedRoom, message: str, told: dict[str, Text | str]) -> Finding:
    """Where only some may write, the others may still vote if their votes are let through."""
    everybody = room.level("")
    if everybody >= room.level_to(message):
        return ok(T("{name}, home of {body}, is public and joined.", **told))
    if not room.encrypted and all(everybody >= room.level_to(each) for each in VOTES):
        return ok(T("{name}, home of {body}, is public and joined. Only some may write; all may vote.", **told))
    way = (
        T("They react to the card if the room lets them, or vote by a command in direct messages.")
        if room.encrypted
        else T("Let everybody send {kinds}.", kinds=", ".join(VOTES))
    )
    return attention(T("{name}, home of {body}: who may not write there cannot vote in its polls.", **told), way)


async def _device(wire: Wire, login: Login) -> list[Finding]:
    """Who it is, by which device, and whether that is signed. Raises as `Wire.call`."""
    await wire.call("GET", "account", "whoami")
    answer = await wire.call("POST", "keys", "query", body={"device_keys": {login.user: [login.device]}})
    found = [
        ok(
            T(
                "It is {user}, by the device {device}, whose key is {key}.",
                user=login.user,
                device=login.device,
                key=grouped(login.fingerprint),
            )
        )
    ]
    match certified(answer, login.user, login.device, login.fingerprint):
        case None:
            found.append(
                broken(
                    T("The homeserver does not have this key: nobody can encrypt for the bot."),
                    T("Start wgbot run. If it stays so, see its log."),
                )
            )
        case "":
            found.append(
                broken(
                    T(
                        "The account did not sign the device: current clients neither send to it nor show what it encrypts."
                    ),
                    T("Stop wgbot, set WGBOT_MATRIX_PASSWORD, and run: wgbot matrix sign."),
                )
            )
        case master if master == login.master:
            found.append(
                ok(
                    T(
                        "The device is signed by its account, by keys of its own (master key {key}).",
                        key=grouped(master),
                    )
                )
            )
        case _:
            found.append(ok(T("The device is signed by its account, from another client.")))
    return found


async def _seen(wire: Wire, room: str) -> JoinedRoom:
    """A room as the homeserver has it. Raises a sender's errors."""
    asked = JoinedRoom(room)
    with translated():
        for event in await wire.listed("GET", "rooms", room, "state"):
            asked.take(event)
    return asked


async def _space_of(wire: Wire, room: JoinedRoom, community: CommunityId, user: str) -> str:
    """The body's Space, if the room says that it is in it."""
    for _, space in (key for key in room.state if key[0] == "m.space.parent"):
        try:
            found = await _seen(wire, space)
        except Rejected:
            continue
        if found.content(MARK) == {"for": "space", "community": community} and user in found.creators:
            return space
    return ""


def _version(spoken: str) -> tuple[int, int]:
    numbers = re.fullmatch(r"v(\d+)\.(\d+)", spoken)
    return (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)
