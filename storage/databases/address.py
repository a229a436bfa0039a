"""Which database an address names. SQLAlchemy and PostgreSQL's driver are imported only where the address asks for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from storage.databases.database import Database
from storage.databases.sqlite import SqliteDatabase
from storage.errors import AddressUnknown

if TYPE_CHECKING:
    from sqlalchemy import URL

_SQLITE = "sqlite:///"


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite address; None for an address of another kind. Raises `AddressUnknown` for one without a file."""
    if not url.startswith("sqlite:"):
        return None
    name = url.removeprefix(_SQLITE)
    if not url.startswith(_SQLITE) or name in ("", ":memory:"):
        raise AddressUnknown(url)
    return Path(name)


def parsed(url: str) -> URL:
    """The parts of a PostgreSQL address. Raises `AddressUnknown` for another kind of database."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        address = make_url(url)
    except ArgumentError:
        raise AddressUnknown("the address") from None
    if address.get_backend_name() != "postgresql":
        raise AddressUnknown(address.render_as_string())
    return address


def connect(url: str, *, read_only: bool = False) -> Database:
    """Open the database at an address."""
    path = sqlite_path(url)
    if path is not None:
        return SqliteDatabase(path, read_only=read_only)
    from storage.databases.postgres import PostgresDatabase

    return PostgresDatabase(parsed(url), read_only=read_only)
