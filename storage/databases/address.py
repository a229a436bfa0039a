"""Which database an address names. PostgreSQL's driver is imported only where the address asks for it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url

from storage.databases.database import Database
from storage.databases.sqlite import SqliteDatabase
from storage.errors import AddressUnknown


def parsed(url: str) -> URL:
    """The address in parts. Raises `AddressUnknown` for another kind of database, or a SQLite address without a file."""
    address = make_url(url)
    kind = address.get_backend_name()
    if kind not in ("sqlite", "postgresql") or (kind == "sqlite" and address.database in (None, "", ":memory:")):
        raise AddressUnknown(address.render_as_string())
    return address


def path_of(address: URL) -> Path:
    """The file of a SQLite address."""
    return Path(address.database or "")


def connect(url: str, *, read_only: bool = False) -> Database:
    """Open the database at an address."""
    address = parsed(url)
    if address.get_backend_name() == "sqlite":
        return SqliteDatabase(path_of(address), read_only=read_only)
    from storage.databases.postgres import PostgresDatabase

    return PostgresDatabase(address, read_only=read_only)
