"""`wgbot import`: a community that `wgbot export` wrote, into a database that does not have it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from adapters.cli.embedded import database_url
from adapters.cli.opened import database_options
from bot.command import COMMANDS
from storage.schema import prepare
from storage.store import SqlStore
from storage.transfer import Refused, take


def options(parser: argparse.ArgumentParser) -> None:
    """What may be typed after `wgbot import`."""
    database_options(parser)
    parser.add_argument("file", help="the file that wgbot export wrote; - for standard input")


def run(chosen: argparse.Namespace) -> int:
    """Read it, the whole of it or nothing; 1 with a sentence when it cannot be done. Makes the database if there is none."""
    if chosen.file != "-" and not Path(chosen.file).is_file():
        print(f"There is no file {chosen.file}.", file=sys.stderr)
        return 1
    folder: Path = chosen.data
    folder.mkdir(parents=True, exist_ok=True)
    url = str(chosen.database) or database_url(folder)
    COMMANDS.load_all()  # every event and record there is
    prepare(url)
    store = SqlStore.open(url)
    try:
        if chosen.file == "-":
            community = take(store, sys.stdin.buffer)
        else:
            with Path(chosen.file).open("rb") as file:
                community = take(store, file)
    except Refused as refused:
        print(f"Nothing is imported: {refused}.", file=sys.stderr)
        return 1
    finally:
        store.close()
    print(f"{community} is imported. Prove it: wgbot audit verify {community}")
    return 0
