"""`wgbot dead`: messages that were parked. They are listed, sent again, or dropped."""

from __future__ import annotations

import argparse
import sys

from adapters.cli.checkup import in_words
from adapters.cli.opened import address, also_behind, database_options, up_to_date
from adapters.shared.words import Words
from bot.command import COMMANDS
from bot.engine import utc_now
from bot.outgoing import DeadLetter
from storage.store import SqlStore

MOST = 1000
"""How many are listed."""


def options(parser: argparse.ArgumentParser) -> None:
    """What may be typed after `wgbot dead`."""
    database_options(parser)
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("list", help="list them, with their ids and reasons")
    for act, summary in (("retry", "send them again, in their order"), ("drop", "do not send them any more")):
        each = acts.add_parser(act, help=summary)
        each.add_argument("ids", nargs="+", metavar="ID", help="as listed; all: every one there is")
    also_behind(acts.choices.values())


def run(chosen: argparse.Namespace) -> int:
    """List or change them; 1 when an id is none of theirs. What changes them needs a SQLite database for itself."""
    url = up_to_date(address(chosen))
    COMMANDS.load_all()  # every record there is
    store = SqlStore.open(url, read_only=chosen.act == "list")
    try:
        with store.backlog() as backlog:
            letters = backlog.dead(MOST)
        if chosen.act == "list":
            print(_listed(letters))
            return 0
        return _change(store, chosen.act, chosen.ids, [each.row.id for each in letters])
    finally:
        store.close()


def _listed(letters: list[DeadLetter]) -> str:
    if not letters:
        return "There are no dead letters."
    return "\n".join(map(_line, letters))


def _line(letter: DeadLetter) -> str:
    row = letter.row
    when = f"{letter.parked_at:%Y-%m-%d %H:%M} UTC" if letter.parked_at is not None else "-"
    lane = " ".join(part for part in (row.lane.platform, row.lane.team, row.lane.place) if part)
    of = f" of {row.subject}" if row.subject else ""
    return f"{row.id}  {when}  {row.community}  {row.kind.value}{of} to {lane}: {Words().say(in_words(letter.error))}"


def _change(store: SqlStore, act: str, wanted: list[str], dead: list[str]) -> int:
    ids = dead if wanted == ["all"] else wanted
    with store.writing([]) as work:
        changed = work.outbox.retry(ids) if act == "retry" else work.outbox.drop(ids, utc_now())
    print(f"{len(changed)} {'will be sent again' if act == 'retry' else 'will not be sent any more'}.")
    unknown = sorted(set(ids) - set(changed))
    if unknown:
        print(f"Not among the dead letters: {', '.join(unknown)}.", file=sys.stderr)
    return int(bool(unknown))
