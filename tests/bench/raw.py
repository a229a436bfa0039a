"""The limit to measure against: a plain program on `sqlite3`, writing the same rows into the same tables.

It knows the answer before it begins: no roster, no rules, no rendering of a reply (a constant stands for it). Group
commit: it takes what waits and commits once; a savepoint a position, so that one can fail alone.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from bot.context import Request
from storage.sqlite_driver import driver

REPLY = b'{"type":"notice","text":{"message":"' + b"x" * 300 + b'"}}'

INBOX = "INSERT INTO inbox (community, origin, at, reply) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
ACCOUNT = "SELECT person FROM account WHERE community = ? AND platform = ? AND team = ? AND user = ?"
ASKED = 'SELECT stakeholder_group FROM asked WHERE community = ? AND "check" = ? AND person = ?'
HELD = 'SELECT position FROM position_held WHERE community = ? AND "check" = ? AND person = ?'
HOLD = (
    'INSERT INTO position_held (community, "check", person, position, reason, taken_at, stated_by) '
    "VALUES (?, 1, ?, ?, '', ?, NULL) ON CONFLICT (community, \"check\", person) "
    "DO UPDATE SET position = excluded.position, reason = excluded.reason, taken_at = excluded.taken_at"
)
COUNT = (
    'INSERT INTO tally_cell (community, "check", stakeholder_group, position, count) VALUES (?, 1, ?, ?, ?) '
    'ON CONFLICT (community, "check", stakeholder_group, position) DO UPDATE SET count = count + excluded.count'
)
AUDIT = 'INSERT INTO audit (community, sequence, at, name, "by", origin, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'
HEAD = "UPDATE chain_head SET sequence = ?, hash = ? WHERE community = ?"
OUTBOX = (
    'INSERT INTO outbox (community, sequence, id, platform, team, place, kind, subject, "view", tag, coalesce, state, '
    "attempts, rendered, error, settled_at) VALUES (?, ?, ?, 'bench', 'T', 'C1', 'refresh', 'check:1', NULL, '', ?, 0, 0, "
    "NULL, '', NULL) ON CONFLICT (community, coalesce) WHERE state = 0 DO UPDATE SET id = excluded.id"
)


class RawWriter:
    """One thread, one connection; `submit` calls back when a position is durable."""

    def __init__(self, path: Path, batch: int = 256) -> None:
        self._path, self._batch = path, batch
        self._queue: SimpleQueue[tuple[Request, Callable[[], Any]] | None] = SimpleQueue()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def submit(self, request: Request, done: Callable[[], Any]) -> None:
        """Take a position."""
        self._queue.put((request, done))

    def stop(self) -> None:
        """Finish, and close."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        connection = driver.connect(str(self._path), isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=wal", "synchronous=full", "cache_size=-16384", "foreign_keys=on"):
            connection.execute(f"PRAGMA {pragma}")
        run, stopping = connection.execute, False
        (self._sequence, self._hash), self._out = run("SELECT sequence, hash FROM chain_head").fetchone(), 10_000_000
        while not stopping:
            items = [self._queue.get()]
            while len(items) < self._batch:
                try:
                    items.append(self._queue.get_nowait())
                except Empty:
                    break
            stopping = None in items
            run("BEGIN IMMEDIATE")
            for item in items:
                if item is not None:
                    run("SAVEPOINT one")
                    self._take(run, item[0])
                    run("RELEASE one")
            run(HEAD, (self._sequence, self._hash, "bench"))
            run("COMMIT")
            for item in items:
                if item is not None:
                    item[1]()
        connection.close()

    def _take(self, run: Callable[..., Any], request: Request) -> None:
        now = int(time.time() * 1e6)
        if run(INBOX, (request.community, request.origin, now, REPLY)).rowcount == 0:
            return
        (person,) = run(ACCOUNT, (request.community, "bench", "T", request.user)).fetchone()
        (group,) = run(ASKED, (request.community, 1, person)).fetchone()
        held = run(HELD, (request.community, 1, person)).fetchone()
        position, before = request.command.split()[1], held[0] if held else None
        run(HOLD, (request.community, person, position, now))
        if position != before:
            run(COUNT, (request.community, group, position, 1))
            if before:
                run(COUNT, (request.community, group, before, -1))
        body = json.dumps(
            {"check": 1, "person": person, "stakeholder_group": group, "position": position, "before": before},
            separators=(",", ":"),
        )
        self._sequence += 1
        self._hash = sha256(self._hash + body.encode()).digest()
        run(AUDIT, (request.community, self._sequence, now, "position.taken", person, request.origin, body, self._hash))
        self._out += 1
        run(OUTBOX, (request.community, self._out, f"o{self._out}", "bench|T|C1|check:1"))
