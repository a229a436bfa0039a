"""Everything that speaks to one homeserver, put together: the account, its rooms, sending, syncing, verification."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Self
from uuid import uuid4

import aiohttp

from adapters.matrix.account import Account, Credentials
from adapters.matrix.arriving import Batch
from adapters.matrix.client import Client
from adapters.matrix.joined import JoinedRooms
from adapters.matrix.places import Places
from adapters.matrix.signing import Signed
from adapters.matrix.syncing import Syncing
from adapters.matrix.verifying import Comparison, Verifying
from adapters.matrix.waiting import WaitingRoom
from adapters.matrix.wire import Json

log = logging.getLogger(__name__)


class Connection:
    """One account, connected. Made by `opened`, on the event loop it is used from; to be closed.

    `show` is given what is to be compared when somebody verifies the bot; whoever compared calls `confirm`.
    """

    def __init__(
        self, account: Account, waiting: WaitingRoom, show: Callable[[Comparison], None], password: str = ""
    ) -> None:
        self.account = account
        self.rooms = JoinedRooms()
        self.client = Client(account, self.rooms)
        self.places = Places(account, self.rooms)
        self.waiting = waiting
        self.verifying = Verifying(account.machine, show, self._said, self._vouched)
        self._password = password

    @classmethod
    async def opened(
        cls,
        session: aiohttp.ClientSession,
        credentials: Credentials,
        folder: Path,
        show: Callable[[Comparison], None] = lambda _: None,
    ) -> Self:
        """Log in, or use the login kept in `folder`. Raises as `Account.opened`."""
        account = await Account.opened(session, credentials, folder)
        return cls(account, WaitingRoom(folder), show, credentials.password)

    async def prepare(self, *, replace_signing: bool = False) -> Signed:
        """Keys and signatures at the homeserver. The sync loop does it first; see `Account.prepare`."""
        return await self.account.prepare(self._password, replace_signing=replace_signing)

    def syncing(self, handle: Callable[[Batch], Awaitable[None]], since: str | None) -> Syncing:
        """The sync loop, to be run; see `Syncing`."""
        account = self.account
        return Syncing(
            account.wire,
            account.machine,
            account.keys,
            self.rooms,
            self.waiting,
            handle,
            since,
            verifying=self.verifying,
            prepare=self.prepare,
        )

    async def confirm(self, name: str, *, match: bool) -> bool:
        """What was compared matches, or does not. False when that verification is over. Raises as sending does."""
        known = self.verifying.confirm(name) if match else self.verifying.mismatch(name)
        await self.verifying.answer()
        await self.account.keys.settle()
        return known

    def close(self) -> None:
        """Let go of the folder. Whoever runs the sync loop has stopped it."""
        self.waiting.close()
        self.account.close()

    async def _said(self, room: str, kind: str, content: Json) -> None:
        await self.client.send(room, kind, content, uuid4().hex)

    def _vouched(self) -> tuple[str, ...]:
        return (self.account.signing.master,) if self.account.login.signed == Signed.YES else ()
