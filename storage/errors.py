"""What can be wrong with a database. None of these is a Refusal: they concern whoever operates it."""

from __future__ import annotations


class StorageError(Exception):
    """Something is wrong with the database as a whole; the docstring of each kind says what."""


class DatabaseBusy(StorageError):
    """Another process writes to this SQLite database. Two writers would undo each other's guarantees."""

    def __init__(self, path: str, pid: int | None) -> None:
        self.path = path
        self.pid = pid
        super().__init__(f"{path} is in use by process {pid or '(unknown)'}")


class DatabaseNewer(StorageError):
    """The database was made by a newer version of this software."""

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(f"the database is at revision {found}, which this version does not know: install a newer one")


class DatabaseForeign(StorageError):
    """There are tables, but not this software's: it will not write among them."""


class ReadOnly(StorageError):
    """The store was opened for reading only."""


class AddressUnknown(StorageError):
    """The address names no database this software works with."""

    def __init__(self, address: str) -> None:
        super().__init__(f"{address} is neither sqlite:///path/to/file nor postgresql://user@host/database")
