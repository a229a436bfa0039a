"""The database an operator's command is about: which it is, and whether it can be read by this version."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from pathlib import Path

from adapters.cli.embedded import database_url
from adapters.shared.environment import DATA, SettingsError, said
from storage.databases.address import sqlite_path
from storage.schema import HEAD, revision


def database_options(parser: argparse.ArgumentParser) -> None:
    """The options that say which database."""
    data = Path(said("data", os.environ) or DATA)
    parser.add_argument("--data", type=Path, default=data, help="folder that keeps the data (default: var)")
    parser.add_argument(
        "--database", default=said("database", os.environ, secret=True), help="its address, if elsewhere"
    )


def also_behind(acts: Iterable[argparse.ArgumentParser]) -> None:
    """The same options behind what is to be done with it: `wgbot audit verify --data elsewhere` as `wgbot audit --data elsewhere verify`."""
    for act in set(acts):
        act.add_argument("--data", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        act.add_argument("--database", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def address(chosen: argparse.Namespace) -> str:
    """The address of the database that was chosen. Raises `SettingsError` where there is none."""
    folder: Path = chosen.data
    url = str(chosen.database) or database_url(folder)
    path = sqlite_path(url)
    if path is not None and not path.exists():
        raise SettingsError(f"There is no database {f'at {path}' if chosen.database else f'in {folder}'}.")
    return url


def up_to_date(url: str) -> str:
    """The address again. Raises `SettingsError` for a database that this version's tables are not in."""
    found = revision(url)
    if found is None:
        raise SettingsError("The database is empty. Found a community first: wgbot community create.")
    if found > HEAD:
        raise SettingsError(f"The database was made by a newer wgbot (revision {found}; this one knows {HEAD}).")
    if found < HEAD:
        raise SettingsError(
            f"The database is still at revision {found}, and this wgbot needs {HEAD}. "
            "Start wgbot once: it brings the database up to date."
        )
    return url
