"""`wgbot site export`: the public record of a community as a folder of pages that any website can hand out."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from adapters.cli.opened import address, database_options, up_to_date
from adapters.shared.environment import SettingsError, languages_of, said, url_of
from adapters.web.divided import Ended
from adapters.web.export import NotOurs, Wanted, export
from bot.domain.ids import CommunityId
from storage.store import SqlStore


def options(parser: argparse.ArgumentParser) -> None:
    """What may be typed after `wgbot site`."""
    database_options(parser)
    parser.add_argument("act", choices=["export"], help="write the record to a folder")
    parser.add_argument("folder", type=Path, help="the folder: a new one, or that of an earlier export")
    parser.add_argument("--community", default="", help="which community, where there are several: its id")
    parser.add_argument(
        "--languages",
        default=said("record_languages", os.environ),
        help="languages it is in beside the community's own, with commas between: fr,ar",
    )
    parser.add_argument("--anew", action="store_true", help="make everything anew, not only what changed")
    parser.add_argument(
        "--keep-search", action="store_true", help="leave the index of search as it was: it takes the longest"
    )
    parser.add_argument("--url", default=said("public_url", os.environ), help="where the folder will stand on the web")


def run(chosen: argparse.Namespace) -> int:
    """Write it; 1 with a sentence when it cannot be done. Nothing is changed, so it may run beside a running wgbot."""
    try:
        languages, base = languages_of(chosen.languages), url_of(chosen.url).rstrip("/")
    except SettingsError as error:
        print(f"Nothing is exported. {error}", file=sys.stderr)
        return 1
    url = up_to_date(address(chosen))
    store = SqlStore.open(url, read_only=True)
    try:
        there = store.communities()
        wanted = CommunityId(chosen.community) if chosen.community else None
        if wanted not in there and (wanted is not None or len(there) != 1):
            listed = ", ".join(sorted(there)) or "none"
            print(f"Nothing is exported: say which community, with --community. There is: {listed}.", file=sys.stderr)
            return 1
        asked = Wanted(wanted or there[0], base, languages, chosen.anew, chosen.keep_search)
        with store.reading() as snapshot:
            done = export(snapshot, asked, datetime.now(UTC), chosen.folder)
    except NotOurs:
        print(
            f"Nothing is exported: {chosen.folder} has something else in it. Name a new folder, or that of an earlier export.",
            file=sys.stderr,
        )
        return 1
    except Ended as error:  # most likely for want of memory
        print(f"The export was broken off: {error}. Say the same again: it goes on where it was.", file=sys.stderr)
        return 1
    except OSError as error:
        where = error.filename or chosen.folder
        print(
            f"The export was broken off: {where}: {error.strerror}. Mend that and say the same again.", file=sys.stderr
        )
        return 1
    finally:
        store.close()
    print(
        f"The record is in {chosen.folder}: {done.files} files, {done.made} made anew, "
        f"{done.written} of them written because they differ, {done.removed} taken away."
    )
    return 0
