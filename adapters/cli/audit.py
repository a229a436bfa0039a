"""`wgbot audit`: prove the log. Recomputes the hash chain, the tallies, and every stored record from the events."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from adapters.cli.house import database_url
from adapters.shared.config import Installation
from adapters.shared.words import Words
from bot.command import COMMANDS
from bot.domain.ids import CommunityId
from storage.store import SqlStore
from storage.verify import verify


def options(parser: argparse.ArgumentParser) -> None:
    """What may be typed after `wgbot audit`."""
    parser.add_argument(
        "--data", type=Path, default=Installation.of(os.environ).data, help="folder that keeps the data (default: var)"
    )
    parser.add_argument("--database", default=Installation.of(os.environ).database, help="its address, if elsewhere")
    acts = parser.add_subparsers(dest="act", required=True)
    check = acts.add_parser("verify", help="verify the chain, the tallies and the stored state")
    check.add_argument("community", nargs="?", help="only this community")


def run(chosen: argparse.Namespace) -> int:
    """Verify; 1 when something is broken, saying where. Nothing is written, so it may run beside a running wgbot."""
    url = chosen.database or database_url(chosen.data)
    if url.startswith("sqlite") and not chosen.database and not (chosen.data / "wgbot.db").exists():
        print(f"There is no database in {chosen.data}.")
        return 1
    COMMANDS.load_all()  # every event and record there is
    store = SqlStore.open(url, read_only=True)
    try:
        wanted = [CommunityId(chosen.community)] if chosen.community else list(store.communities())
        words, broken = Words(), 0
        unknown = [each for each in wanted if each not in store.communities()]
        if unknown:
            print(f"There is no community {unknown[0]!r} here; there is {', '.join(store.communities()) or 'none'}.")
            return 1
        for community in wanted:
            problems = verify(store, community)
            broken += len(problems)
            for problem in problems:
                where = f"entry {problem.sequence}" if problem.sequence is not None else problem.place
                print(f"{community}: {problem.flaw} at {where}: {words.say(problem.text)}")
            if not problems:
                print(f"{community}: the chain, the tallies and the stored state are whole")
        return 1 if broken else 0
    finally:
        store.close()
