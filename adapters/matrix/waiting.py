"""Encrypted events that wait for their key: kept on disk until they could be decrypted, and handed over.

A file of its own beside the keys, not the database: it is written before a sync's token is kept, and read when a key
comes, which may be days and restarts later.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FILE: Final = "waiting.db"
KEPT_SECONDS: Final = 14 * 86_400.0
"""How long an event waits before it is forgotten."""

MOST: Final = 10_000
"""Events that wait at once; the oldest give way, since anybody can send what nobody can decrypt."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event as it came, since when it waits (Unix time), whether that was reported, and whether it is `early`."""

    room: str
    event: dict[str, Any]
    since: float
    reported: bool
    early: bool

    @property
    def id(self) -> str:
        """The event's id."""
        return str(self.event["event_id"])

    @property
    def session(self) -> str:
        """The id of the session whose key is missing."""
        return str(self.event["content"].get("session_id"))


class WaitingRoom:
    """Those that wait, in `folder`; in memory without one. Each method is one transaction."""

    def __init__(self, folder: Path | None) -> None:
        self._db = sqlite3.connect(folder / FILE if folder else ":memory:", isolation_level=None)
        self._db.executescript(
            """
            pragma journal_mode = wal;
            create table if not exists waiting (
                id text primary key, room text not null, event text not null, since real not null,
                reported integer not null default 0, early integer not null default 0
            ) strict;
            """
        )

    def keep(self, room: str, events: Iterable[tuple[dict[str, Any], bool]], now: float) -> None:
        """Have events wait, each with whether it is early. One that waits already keeps its time."""
        rows = [(each["event_id"], room, json.dumps(each), now, early) for each, early in events]
        with self._db:
            self._db.execute("begin immediate")
            self._db.executemany(
                "insert into waiting (id, room, event, since, early) values (?, ?, ?, ?, ?) on conflict do nothing",
                rows,
            )
            self._db.execute(
                "delete from waiting where id not in (select id from waiting order by since desc limit ?)", (MOST,)
            )

    def __iter__(self) -> Iterator[Waiting]:
        rows = self._db.execute("select room, event, since, reported, early from waiting order by since, rowid")
        for room, event, since, reported, early in rows.fetchall():
            yield Waiting(room, json.loads(event), since, bool(reported), bool(early))

    def __len__(self) -> int:
        return int(self._db.execute("select count(*) from waiting").fetchone()[0])

    def reported(self, ids: Iterable[str]) -> None:
        """These were reported."""
        self._db.executemany("update waiting set reported = 1 where id = ?", [(each,) for each in ids])

    def done(self, ids: Iterable[str]) -> None:
        """These were decrypted, and handed over."""
        self._db.executemany("delete from waiting where id = ?", [(each,) for each in ids])

    def forget(self, now: float) -> None:
        """Let go of those that waited too long."""
        self._db.execute("delete from waiting where since < ?", (now - KEPT_SECONDS,))

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
