"""`wgbot audit`: prove the log. Recomputes the hash chain, the tallies, and every stored record from the events."""

from __future__ import annotations

import argparse

from adapters.cli.opened import address, also_behind, database_options, up_to_date
from adapters.shared.words import Words
from bot.command import COMMANDS
from bot.domain.ids import CommunityId
from storage.store import SqlStore
from storage.verify import verify


def options(parser: argparse.ArgumentParser) -> None:
    """What may be typed after `wgbot audit`."""
    database_options(parser)
    acts = parser.add_subparsers(dest="act", required=True)
    check = acts.add_parser("verify", help="verify the chain, the tallies and the stored state")
    check.add_argument("community", nargs="?", help="only this community")
    also_behind(acts.choices.values())


def run(chosen: argparse.Namespace) -> int:
    """Verify; 1 when something is broken, saying where. Nothing is written, so it may run beside a running wgbot."""
    url = up_to_date(address(chosen))
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
