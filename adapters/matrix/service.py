"""Matrix in a process that runs: logged in, its keys prepared, syncing from where it stopped, until it is ended.

The bot is one device at its homeserver, whose keys lie in one folder. Of several processes on one database one is that
device at a time, under a lease (`adapters.shared.election`); the others stand by, with the same folder.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

import aiohttp

from adapters.matrix.account import NoLogin
from adapters.matrix.arriving import Batch
from adapters.matrix.asking import Asking
from adapters.matrix.comparing import Board
from adapters.matrix.connection import Connection
from adapters.matrix.conversation import Conversation
from adapters.matrix.errors import MatrixError
from adapters.matrix.kept import FolderInUse
from adapters.matrix.keys import ForeignKeys
from adapters.matrix.rooms import PLATFORM, Rooms
from adapters.matrix.sender import MatrixSender, Parts
from adapters.matrix.settings import MatrixSettings
from adapters.matrix.syncing import LoggedOut, Syncing
from adapters.shared.asking import Desk
from adapters.shared.election import Deposed, Election
from adapters.shared.sending import RateLimited
from adapters.shared.writer import Writer
from bot.domain.ids import CommunityId
from bot.engine import utc_now
from bot.outgoing import Cursor
from bot.ports import Store, UnitOfWork

log = logging.getLogger(__name__)

FOLDER: Final = "matrix"
BACK_OFF: Final = (1.0, 120.0)
"""Seconds to wait after a failure, and at most, doubling."""

NOT_YET_SECONDS: Final = 2.0
IN_THE_WAY: Final[Mapping[type[Exception], str]] = {
    ForeignKeys: "the homeserver has other keys of the bot's device; move the folder away, to log in as a new one",
    FolderInUse: "another process works with the folder; stop one of them",
}
EVERYBODY: Final = CommunityId("")
"""An account reads for all communities."""


class Matrix:
    """Everything of Matrix's in one process. It connects when it is told to answer, and again whenever it has to."""

    def __init__(self, settings: MatrixSettings, store: Store, folder: Path) -> None:
        self._settings = settings
        self._store = store
        self._folder = folder / FOLDER
        self._board = Board(self._folder)
        self._desk: Desk | None = None
        self._writer: Writer | None = None
        self._parts: Parts | None = None
        self._election: Election | None = None
        self._running: asyncio.Task[None] | None = None
        self._syncing: Syncing | None = None
        self.connection: Connection | None = None
        self.sender = MatrixSender(self._connected, store, self._holds)

    @property
    def homeserver(self) -> str:
        """Its address."""
        return self._settings.credentials.homeserver

    def answer(self, desk: Desk, writer: Writer) -> Self:
        """Answer people through `desk` from now on, as often as this process is the one that does."""
        self._desk, self._writer = desk, writer
        owner = f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(4)}"  # for whoever looks who it is
        self._election = Election(writer, PLATFORM, self._won, owner=owner)
        self._running = asyncio.create_task(self._run(self._election), name="matrix")
        return self

    async def connected(self) -> bool:
        """Whether it is logged in and listens, or stands by for another process that does."""
        return self._parts is not None or (self._election is not None and self._election.elsewhere)

    def lag_seconds(self) -> float | None:
        """Seconds since it had everything the homeserver had; half a minute is none. None where another process reads."""
        caught_up = self._syncing.caught_up_at if self._syncing is not None else None
        return (utc_now() - caught_up).total_seconds() if caught_up is not None else None

    async def close(self) -> None:
        """Stop listening, and let go."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait({self._running})
        if self._election is not None:
            await self._election.resign()

    def _connected(self) -> Parts:
        """What to send by. Raises `RateLimited` until the homeserver is reached, and where another process sends."""
        if self._parts is None or self._election is None or not self._election.held:
            raise RateLimited(NOT_YET_SECONDS, workspace=True, all_pools=True)
        return self._parts

    def _won(self, work: UnitOfWork) -> None:
        """What another was about to send there is ours to send."""
        work.outbox.take_over(utc_now(), PLATFORM)

    def _holds(self, work: UnitOfWork) -> bool:
        return self._election is not None and self._election.holds(work)

    async def _run(self, election: Election) -> None:
        """Whenever it is this process's turn: connect and listen, until it is another's."""
        while True:
            await election.gain()
            log.info("this process is the one in Matrix")
            listening = asyncio.create_task(self._ever_anew(), name="matrix, listening")
            losing = asyncio.create_task(election.lose(), name="matrix, lease")
            try:
                await asyncio.wait({listening, losing}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for each in (listening, losing):
                    each.cancel()
                await asyncio.wait({listening, losing})
            for each in (listening, losing):
                if not each.cancelled():
                    each.result()
            log.warning("another process may be the one in Matrix now")

    async def _ever_anew(self) -> None:
        """Connect and listen, again and again: a homeserver may be away for long, and a password be set right."""
        wait, longest = BACK_OFF
        while True:
            async with aiohttp.ClientSession() as session:
                try:
                    await self._listen(session)
                except (NoLogin, LoggedOut) as error:
                    log.error("Matrix: %s", str(error))  # noqa: TRY400 — where it comes from says nothing
                    wait = longest
                except ForeignKeys as error:
                    log.error("Matrix: %s (%s)", IN_THE_WAY[type(error)], self._folder)  # noqa: TRY400 — as above
                    wait = longest
                except FolderInUse as error:  # one that is frozen lets go as soon as it knows that it is deposed
                    log.error("Matrix: %s (%s)", IN_THE_WAY[type(error)], self._folder)  # noqa: TRY400 — as above
                except (MatrixError, aiohttp.ClientError, TimeoutError, OSError) as error:
                    log.warning("the homeserver cannot be reached (%s); again in %g s", type(error).__name__, wait)
                finally:
                    self._parts = None
                    if self.connection is not None:
                        self.connection.close()
                        self.connection = None
            await asyncio.sleep(wait)
            wait = min(longest, wait * 2)

    async def _listen(self, session: aiohttp.ClientSession) -> None:
        self.connection = connection = await Connection.opened(
            session, self._settings.credentials, self._folder, self._board.show
        )
        self._board.clear()
        account = connection.account
        log.info("logged in as %s, device key %s", account.user, account.fingerprint)
        rooms = Rooms(self._store, connection.places, connection.rooms, account.user)
        self._parts = Parts(connection.client, connection.places, rooms)
        if self._desk is None or self._writer is None:
            raise RuntimeError("nobody answers")
        asking = Asking(self._desk, self._store.communities, connection.rooms, account.user)
        policy = self._settings.policy(account.server)
        conversation = Conversation(
            asking, connection.client, connection.places, connection.rooms, policy, account.user
        )

        async def take(batch: Batch) -> None:
            await conversation.take(batch)
            if batch.token is not None:
                await self._keep(account.user, batch.token)

        since = await asyncio.to_thread(self._since, account.user)
        comparing = asyncio.create_task(
            self._board.pass_on(lambda name, match: connection.confirm(name, match=match)), name="comparing"
        )
        try:
            self._syncing = connection.syncing(take, since)
            await self._syncing.run()
        finally:
            self._syncing = None
            comparing.cancel()

    async def _keep(self, user: str, token: str) -> None:
        """How far was read, after all of it was done."""
        cursor = Cursor(EVERYBODY, PLATFORM, user, token)

        def keep(work: UnitOfWork) -> None:
            if not self._holds(work):
                raise Deposed(PLATFORM)
            work.put(cursor)

        if self._writer is not None:
            await asyncio.wrap_future(self._writer.call(keep))

    def _since(self, user: str) -> str | None:
        with self._store.reading() as reads:
            found = reads.get(Cursor, EVERYBODY, PLATFORM, user)
        return found.position if found is not None else None
