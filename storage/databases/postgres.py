"""PostgreSQL: any number of processes, each with one writing connection and readers beside it.

A community is locked by its head's row; a process that freezes with a lock lets go when its transaction has idled too
long. Sets of rows are arrays, unnested by the server. A connection that was lost is made anew before anything is
written; one that is lost in the middle fails the batch, which is then decided again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
import psycopg.sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import URL

from storage.databases.sql import FETCHED_AT_ONCE, Row, Sql
from storage.errors import ReadOnly
from storage.statements.postgres import PostgresBuilder

IDLE_READERS = 4
WRITER_IDLES_MS = 5_000
"""How long a process that froze in the middle keeps the others waiting: less than a lease (`adapters.shared.election`) lasts."""

READER_IDLES_MS = 120_000

PATIENCE: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""After how long a server that is silently gone is known to be (the driver's own: two hours). The address may say otherwise."""

OWN_TABLES = b"SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tableowner = current_user"


class PostgresSession:
    """One connection of the driver."""

    def __init__(self, conninfo: str, idles_ms: int) -> None:
        options = f"-c timezone=UTC -c idle_in_transaction_session_timeout={idles_ms}"
        self._connection = psycopg.connect(conninfo, autocommit=True, prepare_threshold=1, options=options)
        self._cursor = self._connection.cursor()

    @property
    def lost(self) -> bool:
        """Whether the connection is known to be of no more use."""
        return self._connection.closed

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Every row a statement gives."""
        return self._cursor.execute(sql.encode(), parameters).fetchall()

    def each(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[Row]:
        """The rows one after the other, from a cursor the server keeps."""
        with self._connection.cursor(name="each") as cursor:
            cursor.itersize = FETCHED_AT_ONCE
            yield from cursor.execute(sql.encode(), parameters)

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """How many rows a statement changed."""
        return self._cursor.execute(sql.encode(), parameters).rowcount

    def matching(self, sql: str, keys: Sequence[Row], parameters: Sequence[Any] = ()) -> list[Row]:
        """The rows that match a set of keys."""
        return self.rows(sql, [*_columns(keys), *parameters]) if keys else []

    def write(self, sql: str, rows: Sequence[Row]) -> None:
        """Write a set of rows."""
        self._cursor.execute(sql.encode(), _columns(rows))

    def end(self, how: str) -> None:
        """Commit or roll back."""
        self._cursor.execute(how.encode())

    def abandon(self) -> None:
        """Undo the transaction; a connection that cannot even do that is closed."""
        try:
            self.end("ROLLBACK")
        except psycopg.Error:
            self.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()


def revision_of(address: URL, statement: str) -> str | None:
    """What a statement says of the database's revision; None when its table is not there."""
    with psycopg.connect(_conninfo(address), autocommit=True) as connection:
        try:
            found = connection.execute(statement.encode()).fetchone()
        except psycopg.errors.UndefinedTable:
            return None
    return found[0] if found else None


def _conninfo(address: URL) -> str:
    given = conninfo_to_dict(address.set(drivername="postgresql").render_as_string(hide_password=False))
    return make_conninfo("", **{**PATIENCE, **given})


def _columns(rows: Sequence[Row]) -> list[list[Any]]:
    return [list(values) for values in zip(*rows, strict=True)]


class PostgresDatabase:
    """A database on a server."""

    shared = True

    def __init__(self, address: URL, *, read_only: bool = False) -> None:
        self.sql = Sql({}, PostgresBuilder, native=True)
        self._conninfo = _conninfo(address)
        self._name = address.render_as_string()
        self._read_only = read_only
        self._writer: PostgresSession | None = None
        self._readers: deque[PostgresSession] = deque()
        self._closed = False

    @contextmanager
    def writing(self) -> Iterator[PostgresSession]:
        """The process's writing connection, in a transaction. The caller lets one thread in at a time."""
        if self._read_only:
            raise ReadOnly(f"{self._name} was opened to be read")
        session = self._writer = self._begun(self._writer, WRITER_IDLES_MS, "BEGIN")
        try:
            yield session
            session.end("COMMIT")
        except BaseException:
            session.abandon()
            raise

    @contextmanager
    def reading(self) -> Iterator[PostgresSession]:
        """A connection of its own, in a snapshot."""
        try:
            idle = self._readers.pop()
        except IndexError:
            idle = None
        session = self._begun(idle, READER_IDLES_MS, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            yield session
        finally:
            session.abandon()
            if self._closed or session.lost or len(self._readers) >= IDLE_READERS:
                session.close()
            else:
                self._readers.append(session)

    def clock(self) -> datetime:
        """What the server's clock says."""
        with self.reading() as session:
            ((now,),) = session.rows("SELECT clock_timestamp()")
        return self.sql.from_instant(now)

    def compact(self) -> None:
        """Write every table anew. Each is locked while it lasts; the server's own log (WAL) goes with time."""
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            for (name,) in connection.execute(OWN_TABLES).fetchall():
                connection.execute(psycopg.sql.SQL("VACUUM FULL {}").format(psycopg.sql.Identifier(name)))

    def close(self) -> None:
        """Close every idle connection."""
        self._closed = True
        while self._readers:
            self._readers.pop().close()
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _begun(self, session: PostgresSession | None, idles_ms: int, how: str) -> PostgresSession:
        """A session in a transaction: this one, or a new one where its connection was lost in the meantime."""
        if session is not None and not session.lost:
            try:
                session.end(how)
                return session
            except psycopg.Error:
                session.close()
        session = PostgresSession(self._conninfo, idles_ms)
        session.end(how)
        return session
