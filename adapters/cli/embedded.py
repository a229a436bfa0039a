"""The embedded database: where it lies in a data folder."""

from __future__ import annotations

from pathlib import Path

DATABASE = "wgbot.db"


def database_url(folder: Path) -> str:
    """The address of a data folder's own database."""
    return f"sqlite:///{(folder / DATABASE).resolve()}"
