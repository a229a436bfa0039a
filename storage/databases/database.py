"""What the store needs of a database: sessions to write and to read in. SQLite's and PostgreSQL's are of this shape."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from storage.databases.sql import Session, Sql


class Database(Protocol):
    """Connections to one database."""

    @property
    def sql(self) -> Sql:
        """Its statements."""
        ...

    @property
    def shared(self) -> bool:
        """Whether other processes write to it too, so that a community is locked by its row."""
        ...

    def writing(self) -> AbstractContextManager[Session]:
        """A session in a transaction, committed on leaving."""
        ...

    def reading(self) -> AbstractContextManager[Session]:
        """A session in a read-only snapshot."""
        ...

    def clock(self) -> datetime | None:
        """What the server's clock says; None where the database has no clock of its own."""
        ...

    def compact(self) -> None:
        """Write every table anew, so that nothing of what was overwritten or deleted stays in the database's files."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...
