"""The store on a database: SQLite or PostgreSQL, by its address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Self

from bot.domain.dues import Due
from bot.domain.ids import CommunityId
from storage import deadlines
from storage.audit import log as audit
from storage.databases.address import connect
from storage.databases.database import Database
from storage.outbox.looking import SqlBacklog
from storage.pruning import Pruning
from storage.reads import SqlReads
from storage.unit_of_work import SqlUnitOfWork

if TYPE_CHECKING:
    from storage.erasure.session import SqlErasing
    from storage.transfer.sql import SqlGiving, SqlTaking


class SqlStore:
    """See `bot.ports.Store`. One thread writes at a time; any number read."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._one_writer = Lock()
        self._pruning = Pruning()

    @classmethod
    def open(cls, url: str, *, read_only: bool = False) -> Self:
        """Open `sqlite:///path` or `postgresql://…`, whose tables are there (`storage.schema.prepare`).

        Raises `DatabaseBusy` when another process writes to the SQLite file.
        """
        return cls(connect(url, read_only=read_only))

    @contextmanager
    def writing(self, communities: Sequence[CommunityId]) -> Iterator[SqlUnitOfWork]:
        """A unit of work; commits on leaving, rolls back on an error."""
        database = self._database
        with self._one_writer, database.writing() as session:
            heads = audit.heads(session, database.sql, communities, lock=True) if database.shared else None
            work = SqlUnitOfWork(session, database.sql, communities, self._pruning, heads)
            yield work
            work.flush()

    @contextmanager
    def reading(self) -> Iterator[SqlReads]:
        """A read-only snapshot."""
        with self._database.reading() as session:
            yield SqlReads(session, self._database.sql)

    @contextmanager
    def backlog(self) -> Iterator[SqlBacklog]:
        """A read-only snapshot of the outbox."""
        with self._database.reading() as session:
            yield SqlBacklog(session, self._database.sql)

    @contextmanager
    def giving(self) -> Iterator[SqlGiving]:
        """A read-only snapshot to be written out."""
        from storage.transfer.sql import SqlGiving  # late: seldom needed

        with self._database.reading() as session:
            yield SqlGiving(session, self._database.sql)

    @contextmanager
    def taking(self, community: CommunityId) -> Iterator[SqlTaking]:  # noqa: ARG002 - its head's key keeps a second one out
        """A transaction that takes a community in; commits on leaving, rolls back on an error."""
        from storage.transfer.sql import SqlTaking  # late: seldom needed

        with self._one_writer, self._database.writing() as session:
            work = SqlTaking(session, self._database.sql)
            yield work
            work.flush()

    @contextmanager
    def erasing(self, community: CommunityId) -> Iterator[SqlErasing]:
        """A unit of work that takes a person out; commits on leaving, rolls back on an error."""
        from storage.erasure.session import SqlErasing  # late: seldom needed

        database = self._database
        with self._one_writer, database.writing() as session:
            heads = audit.heads(session, database.sql, [community], lock=database.shared)
            work = SqlErasing(session, database.sql, [community], self._pruning, heads)
            yield work
            work.flush()

    def compact(self) -> None:
        """Write the database anew, so that nothing that was overwritten or deleted is left in its files."""
        with self._one_writer:
            self._database.compact()

    def communities(self) -> tuple[CommunityId, ...]:
        """Every community there is."""
        with self._database.reading() as session:
            return deadlines.communities(session, self._database.sql)

    def due(self, real_now: datetime, limit: int) -> list[tuple[Due, datetime]]:
        """The deadlines that have come by their own community's clock, earliest first."""
        with self._database.reading() as session:
            return deadlines.due(session, self._database.sql, real_now, limit)

    def next_due(self, real_now: datetime) -> datetime | None:  # noqa: ARG002 - a running clock does not depend on it
        """The real time at which the next deadline comes by a running clock."""
        with self._database.reading() as session:
            return deadlines.next_due(session, self._database.sql)

    def clock(self) -> datetime | None:
        """What the database server's clock says; None where this machine's is the only one."""
        return self._database.clock()

    def close(self) -> None:
        """Let go of files and connections."""
        self._database.close()
