"""SQLite's driver: `pysqlite3`, which brings a SQLite of its own, where it is installed; else the standard library's."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


def _found() -> ModuleType:
    try:
        return import_module("pysqlite3.dbapi2")
    except ImportError:
        return import_module("sqlite3")


driver = _found()
"""A DB-API module: `connect`, and the errors it raises."""
