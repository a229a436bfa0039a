"""`wgbot restore`: a backup put back where nothing is, and proven by the audit log."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path

from adapters.cli.embedded import database_url
from adapters.cli.opened import database_options
from adapters.shared.words import Words
from bot.command import COMMANDS
from bot.domain.ids import CommunityId
from storage.backup import Damaged, put_back
from storage.backup.postgres import ToolFailed, ToolMissing
from storage.backup.putting import NotEmpty
from storage.schema import prepare
from storage.store import SqlStore
from storage.verify import verify


def options(parser: argparse.ArgumentParser) -> None:
    """What may be typed after `wgbot restore`."""
    database_options(parser)
    parser.add_argument("file", type=Path, help="the file that wgbot backup wrote")


def run(chosen: argparse.Namespace) -> int:
    """Put it back, bring its tables up to date, and verify; 1 with a sentence when that fails."""
    url = str(chosen.database) or database_url(chosen.data)
    try:
        backup = put_back(chosen.file, url, chosen.data)
    except FileNotFoundError:
        return _refused(f"there is no file {chosen.file}")
    except NotEmpty as there:
        return _refused(f"{there} is there already. Give an empty folder and an empty database")
    except Damaged as damaged:
        return _refused(f"{chosen.file} is damaged: {damaged}")
    except ToolMissing as tool:
        return _refused(f"{tool} is not on this machine. Install PostgreSQL's client programs")
    except ToolFailed as failed:
        return _refused(str(failed))
    COMMANDS.load_all()  # every event and record there is
    prepare(url)
    broken = 0
    with closing(SqlStore.open(url, read_only=True)) as store:
        words = Words()
        for community, found in sorted(backup.communities.items()):
            problems = verify(store, CommunityId(community))
            broken += len(problems)
            for problem in problems:
                print(f"{community}: {problem.flaw} at {problem.sequence or problem.place}: {words.say(problem.text)}")
            if not problems:
                print(f"{community}: whole, to entry {found.sequence} of its log ({found.hash[:16]}…)")
    print(
        f"Put back as it was on {backup.taken_at:%Y-%m-%d at %H:%M:%S} UTC. What was said after that is not in it: "
        "stop whatever still runs on the old database before wgbot runs on this one."
    )
    return 1 if broken else 0


def _refused(why: str) -> int:
    print(f"Nothing is put back: {why}.", file=sys.stderr)
    return 1
