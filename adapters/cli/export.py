"""`wgbot export`: a community's whole state in one file, to be moved to another database or kept."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from adapters.cli.opened import address, database_options, up_to_date
from bot.command import COMMANDS
from bot.domain.ids import CommunityId
from storage.store import SqlStore
from storage.transfer import Refused, give

OWNERS_ONLY = 0o600


def options(parser: argparse.ArgumentParser) -> None:
    """What may be typed after `wgbot export`."""
    database_options(parser)
    parser.add_argument("community", help="which community: its id, as `wgbot community list` shows it")
    parser.add_argument("file", nargs="?", help="the file to write; - for standard output (default: COMMUNITY.jsonl)")


def run(chosen: argparse.Namespace) -> int:
    """Write it; 1 with a sentence when it cannot be done. Nothing is changed, so it may run beside a running wgbot."""
    url = up_to_date(address(chosen))
    COMMANDS.load_all()  # every record there is
    store = SqlStore.open(url, read_only=True)
    name = chosen.file or f"{chosen.community}.jsonl"
    count = 0
    try:
        with _written(name) as file:
            for line in give(store, CommunityId(chosen.community)):
                file.write(line)
                count += 1
    except Refused as refused:
        print(f"Nothing is exported: {refused}.", file=sys.stderr)
        return 1
    except FileExistsError:
        print(f"{name} is there already: name another file, or move it away.", file=sys.stderr)
        return 1
    finally:
        store.close()
    print(
        f"{chosen.community} is exported in {count} lines to {name}. It holds what is confidential too: keep it safe.",
        file=sys.stderr,
    )
    return 0


@contextmanager
def _written(name: str) -> Iterator[BinaryIO]:
    """The file, for its owner alone; it is there once it is whole, and takes nobody's place."""
    if name == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path, part = Path(name), Path(f"{name}.part")
    if path.exists():
        raise FileExistsError(name)
    part.unlink(missing_ok=True)  # of an export that was stopped
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNERS_ONLY), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
