"""SQLite: one writing connection, readers beside it, and a lock file that keeps a second writing process out.

Durable: write-ahead log with `synchronous=FULL`, one fsync a commit. SQLite before 3.51.3 can corrupt a write-ahead log
when two connections write or checkpoint at once, so `pysqlite3` is taken where it is installed, and one connection
alone writes and checkpoints. Erased values are overwritten with zeros (`secure_delete`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from storage.compiled import compiled_ahead
from storage.databases.lockfile import LockFile
from storage.databases.sql import FETCHED_AT_ONCE, Builder, Row, Sql
from storage.errors import ReadOnly
from storage.sqlite_driver import driver

IDLE_READERS = 4
BUSY_MS = 5_000
CACHE_KIB = 65_536
"""Taken only as the database grows to need it: 100,000 members with a check among them take about half."""

PAGES_BEFORE_CHECKPOINT = 4_000


class SqliteSession:
    """One connection of the driver. Thin: a cursor a statement, tuples in and out."""

    def __init__(self, path: Path, *, read_only: bool, create: bool = False) -> None:
        mode = "ro" if read_only else "rwc" if create else "rw"
        self._connection = driver.connect(
            f"{path.resolve().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
        self._cursor = self._connection.cursor()
        for pragma in (f"busy_timeout={BUSY_MS}", "foreign_keys=on", "temp_store=memory", f"cache_size=-{CACHE_KIB}"):
            self._cursor.execute(f"PRAGMA {pragma}")
        if not read_only:
            for pragma in (
                "journal_mode=wal",
                "synchronous=full",
                "secure_delete=on",
                f"wal_autocheckpoint={PAGES_BEFORE_CHECKPOINT}",
            ):
                self._cursor.execute(f"PRAGMA {pragma}")

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Every row a statement gives."""
        found: list[Row] = self._cursor.execute(sql, parameters).fetchall()
        return found

    def each(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[Row]:
        """The rows one after the other. Text that is damaged is marked so (U+FFFD), and keeps nobody from the rest."""
        seen = 0
        try:
            cursor = self._connection.cursor().execute(sql, parameters)
            while some := cursor.fetchmany(FETCHED_AT_ONCE):
                yield from some
                seen += len(some)
        except (
            driver.OperationalError
        ):  # it is decoded anew, by a function of ours, which takes as long as all the rest
            self._connection.text_factory = _lenient
            yield from islice(self._connection.cursor().execute(sql, parameters), seen, None)

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """How many rows a statement changed."""
        changed: int = self._cursor.execute(sql, parameters).rowcount
        return changed

    def matching(self, sql: str, keys: Sequence[Row], parameters: Sequence[Any] = ()) -> list[Row]:
        """The rows that match a set of keys."""
        single = bool(keys) and len(keys[0]) == 1
        return self.rows(sql, (_json([key[0] for key in keys] if single else keys).decode(), *parameters))

    def write(self, sql: str, rows: Sequence[Row]) -> None:
        """Write a set of rows."""
        self._cursor.executemany(sql, rows)

    def begin(self) -> None:
        """Start a transaction that writes."""
        self._cursor.execute("BEGIN IMMEDIATE")

    def look(self) -> None:
        """Start a snapshot."""
        self._connection.text_factory = str
        self._cursor.execute("BEGIN")

    def commit(self) -> None:
        """Make it durable."""
        self._cursor.execute("COMMIT")

    def rollback(self) -> None:
        """Undo it, if there is anything to undo."""
        if self._connection.in_transaction:
            self._cursor.execute("ROLLBACK")

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()


def _lenient(text: bytes) -> str:
    return text.decode(errors="replace")


_json = msgspec.json.Encoder().encode


def _builder() -> Builder:
    from storage.statements.sqlite import SqliteBuilder  # late: imports SQLAlchemy

    return SqliteBuilder()


class SqliteDatabase:
    """A database file. Raises `DatabaseBusy` when another process writes to it, unless opened `read_only`."""

    shared = False

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.sql = Sql(compiled_ahead().texts, _builder, native=False)
        self._lock = None if read_only else LockFile(path)
        self._readers: deque[SqliteSession] = deque()
        self._writer: SqliteSession | None = None
        self._closed = False

    @contextmanager
    def writing(self) -> Iterator[SqliteSession]:
        """The one writing connection, in a transaction. The caller lets one thread in at a time."""
        if self._lock is None:
            raise ReadOnly(f"{self.path} was opened to be read")
        if self._writer is None:
            self._writer = SqliteSession(self.path, read_only=False)
        session = self._writer
        session.begin()
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise

    @contextmanager
    def reading(self) -> Iterator[SqliteSession]:
        """A connection of its own, in a snapshot."""
        try:
            session = self._readers.pop()
        except IndexError:
            session = SqliteSession(self.path, read_only=True)
        session.look()
        try:
            yield session
        finally:
            session.rollback()
            if self._closed or len(self._readers) >= IDLE_READERS:
                session.close()
            else:
                self._readers.append(session)

    def clock(self) -> None:
        """This machine's is its clock."""

    def compact(self) -> None:
        """Write the file anew, and empty the write-ahead log. It takes as much room again while it lasts."""
        if self._lock is None:
            raise ReadOnly(f"{self.path} was opened to be read")
        session = self._writer or SqliteSession(self.path, read_only=False)
        session.run("VACUUM")
        session.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        self._writer = session

    def close(self) -> None:
        """Close every idle connection, the writer last: it checkpoints."""
        self._closed = True
        while self._readers:
            self._readers.pop().close()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if self._lock is not None:
            self._lock.release()
