"""`wgbot backup`: the whole installation in one file, while wgbot runs."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from adapters.cli.opened import address, database_options
from storage.backup import take
from storage.backup.postgres import ToolFailed, ToolMissing


def options(parser: argparse.ArgumentParser) -> None:
    """What may be typed after `wgbot backup`."""
    database_options(parser)
    parser.add_argument("file", type=Path, help="the file to write, which is not there yet: wgbot-2027-01-11.backup")


def run(chosen: argparse.Namespace) -> int:
    """Write it; 1 with a sentence when it cannot be done. Nothing is changed, and nobody waits."""
    try:
        made = take(address(chosen), chosen.data, chosen.file, version=version("wgbot"), now=datetime.now(UTC))
    except FileExistsError:
        print(f"{chosen.file} is there already: name another file, or move it away.", file=sys.stderr)
        return 1
    except FileNotFoundError as error:
        print(f"Nothing is written: there is no folder {Path(error.filename or chosen.file).parent}.", file=sys.stderr)
        return 1
    except LookupError:
        print("Nothing is written: the database is empty.", file=sys.stderr)
        return 1
    except ToolMissing as tool:
        print(
            f"Nothing is written: {tool} is not on this machine, and PostgreSQL is copied by it. "
            "Install PostgreSQL's client programs, of the server's version or newer.",
            file=sys.stderr,
        )
        return 1
    except ToolFailed as failed:
        print(f"Nothing is written: {failed}", file=sys.stderr)
        return 1
    size = chosen.file.stat().st_size
    print(f"{chosen.file} is written: {len(made.files)} files, {size:,} bytes.")
    for community, found in sorted(made.communities.items()):
        print(f"{community}: to entry {found.sequence} of its log ({found.hash[:16]}…)")
    print("It holds everything that is confidential: keep it safe. Prove it: wgbot restore, into an empty folder.")
    return 0
