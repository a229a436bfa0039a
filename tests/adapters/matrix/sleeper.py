"""A bot in a process of its own, to be killed: it answers each message once, by the rules of the adapter.

`python sleeper.py URL USER FOLDER`. Its database is SQLite: what it heard, what it has to say and the token are kept in one
transaction; what it has to say is sent from there, under ids derived from the row's.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from pathlib import Path

import aiohttp

from adapters.matrix import contents
from adapters.matrix.account import Credentials
from adapters.matrix.arriving import Batch, Invitation, Message
from adapters.matrix.connection import Connection
from adapters.matrix.ids import transaction_id
from adapters.shared.sending import SendError
from tests.support.matrix.synapse import PASSWORD

SCHEMA = """
    create table if not exists heard (event text primary key, room text, body text);
    create table if not exists outbox (event text primary key, room text, content text, sent text);
    create table if not exists token (one integer primary key, token text);
"""


class Sleeper:
    """The bot, and its database."""

    def __init__(self, folder: Path, connection: Connection) -> None:
        self.db = sqlite3.connect(folder / "bot.db", isolation_level=None)
        self.db.execute("pragma journal_mode = wal")
        self.db.executescript(SCHEMA)
        self.connection = connection
        self.wake = asyncio.Event()

    async def handle(self, batch: Batch) -> None:
        """Keep what arrived, what is to be said to it, and the token: all or nothing."""
        for each in batch.arrived:
            if isinstance(each, Invitation):
                await self.connection.places.join(each.room)
        self.db.execute("begin immediate")
        for each in batch.arrived:
            if isinstance(each, Message) and not each.body.startswith("re: "):
                self.db.execute("insert or ignore into heard values (?, ?, ?)", (each.event, each.room, each.body))
                reply = json.dumps(contents.message(f"re: {each.body}"))
                self.db.execute("insert or ignore into outbox values (?, ?, ?, null)", (each.event, each.room, reply))
        if batch.token is not None:
            self.db.execute("insert or replace into token values (1, ?)", (batch.token,))
        self.db.execute("commit")
        self.wake.set()

    async def relay(self) -> None:
        """Send what is to be said."""
        while True:
            self.wake.clear()
            unsent = "select event, room, content from outbox where sent is null order by rowid"
            for event, room, content in self.db.execute(unsent).fetchall():
                try:
                    txn = transaction_id(event, "post", 0)
                    sent = await self.connection.client.send(room, "m.room.message", json.loads(content), txn)
                except SendError:
                    await asyncio.sleep(0.1)
                    break
                self.db.execute("update outbox set sent = ? where event = ?", (sent, event))
            else:
                await self.wake.wait()


async def main(url: str, user: str, folder: Path) -> None:
    """Run until killed."""
    async with aiohttp.ClientSession() as session:
        connection = await Connection.opened(session, Credentials(url, user, PASSWORD), folder / "matrix")
        sleeper = Sleeper(folder, connection)
        row = sleeper.db.execute("select token from token").fetchone()
        relay = asyncio.create_task(sleeper.relay())
        await connection.syncing(sleeper.handle, row[0] if row else None).run()
        await relay


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
