"""Matrix in a process that runs: logged in, its keys prepared, syncing from where it stopped, until it is ended."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Final, Self

import aiohttp

from adapters.matrix.arriving import Batch
from adapters.matrix.asking import Asking
from adapters.matrix.connection import Connection
from adapters.matrix.conversation import Conversation
from adapters.matrix.rooms import PLATFORM, Rooms
from adapters.matrix.sender import MatrixSender
from adapters.matrix.settings import MatrixSettings
from adapters.shared.asking import Desk
from adapters.shared.writer import Writer
from bot.domain.ids import CommunityId
from bot.outgoing import Cursor
from bot.ports import Store, UnitOfWork

log = logging.getLogger(__name__)

FOLDER: Final = "matrix"
EVERYBODY: Final = CommunityId("")
"""An account reads for all communities."""


class Matrix:
    """Everything of Matrix's in one process. Made by `opened`, on the event loop it is used from."""

    def __init__(
        self, settings: MatrixSettings, session: aiohttp.ClientSession, connection: Connection, store: Store
    ) -> None:
        self._session = session
        self._settings = settings
        self._store = store
        self._writer: Writer | None = None
        self._conversation: Conversation | None = None
        self._syncing: asyncio.Task[None] | None = None
        self.connection = connection
        rooms = Rooms(store, connection.places, connection.rooms, connection.account.user)
        self.sender = MatrixSender(connection.client, connection.places, rooms, store)

    @classmethod
    async def opened(cls, settings: MatrixSettings, store: Store, folder: Path) -> Self:
        """Log in, and have the device's keys at the homeserver. Raises as `Connection.opened`."""
        session = aiohttp.ClientSession()
        try:
            connection = await Connection.opened(session, settings.credentials, folder / FOLDER)
            await connection.prepare()
        except BaseException:
            await session.close()
            raise
        log.info("logged in as %s, device key %s", connection.account.user, connection.account.fingerprint)
        return cls(settings, session, connection, store)

    def answer(self, desk: Desk, writer: Writer) -> Self:
        """Answer people through `desk` from now on, and begin to listen."""
        account = self.connection.account
        asking = Asking(desk, self._store.communities, self.connection.rooms, account.user)
        policy = self._settings.policy(account.server)
        self._writer = writer
        self._conversation = Conversation(
            asking, self.connection.client, self.connection.places, self.connection.rooms, policy, account.user
        )
        self._syncing = asyncio.create_task(self._run(), name="matrix")
        return self

    @property
    def listening(self) -> asyncio.Task[None]:
        """Ends only with an error: the token is no longer good, or a bug."""
        if self._syncing is None:
            raise RuntimeError("it does not listen yet")
        return self._syncing

    async def close(self) -> None:
        """Stop listening, and let go."""
        if self._syncing is not None:
            self._syncing.cancel()
            await asyncio.wait({self._syncing})
        self.connection.close()
        await self._session.close()

    async def _run(self) -> None:
        since = await asyncio.to_thread(self._since)
        await self.connection.syncing(self._take, since).run()

    async def _take(self, batch: Batch) -> None:
        """Do what a batch says; then keep how far it was read."""
        if self._conversation is None or self._writer is None:
            raise RuntimeError("nobody answers")
        await self._conversation.take(batch)
        if batch.token is not None:
            cursor = Cursor(EVERYBODY, PLATFORM, self.connection.account.user, batch.token)

            def keep(work: UnitOfWork) -> None:
                work.put(cursor)

            await asyncio.wrap_future(self._writer.call(keep))

    def _since(self) -> str | None:
        with self._store.reading() as reads:
            found = reads.get(Cursor, EVERYBODY, PLATFORM, self.connection.account.user)
        return found.position if found is not None else None
