"""`wgbot person`: everything that is kept of a person, for the person; and erasing them."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from adapters.cli.export import OWNERS_ONLY
from adapters.cli.opened import address, also_behind, database_options, up_to_date
from adapters.shared.words import Words
from adapters.terminal.forgetting import forget
from bot.command import COMMANDS
from bot.context import Request, Space
from bot.domain.community import Community
from bot.domain.errors import Refusal
from bot.domain.ids import CommunityId, PersonId
from bot.domain.people import Person, seat_of
from bot.domain.records import Reads
from bot.engine import Engine, utc_now
from bot.lookup import person_called
from bot.view import Notice
from storage.erasure import Erased, NotErased, erase, kept_of
from storage.store import SqlStore


def options(parser: argparse.ArgumentParser) -> None:
    """What may be typed after `wgbot person`."""
    database_options(parser)
    parser.add_argument("--community", help="which community, where there are several")
    acts = parser.add_subparsers(dest="act", required=True)
    given = acts.add_parser("export", help="write all that is kept of a person to two files: JSON, and to be read")
    given.add_argument("person", help="the name or e-mail address as on the roster, or the id")
    given.add_argument("file", nargs="?", help="the files' name, without .json and .md (default: person-ID)")
    erased = acts.add_parser(
        "erase", help="put a pseudonym in the place of a person; what only concerns them is deleted"
    )
    erased.add_argument("person", help="the name or e-mail address as on the roster, or the id")
    erased.add_argument("--yes", action="store_true", help="do it; without, it is only said what would be")
    erased.add_argument("--force", action="store_true", help="end their seat in the current cycle first")
    also_behind(acts.choices.values())


def run(chosen: argparse.Namespace) -> int:
    """Export beside a running wgbot, or erase while it is stopped; 1 with a sentence when it cannot be done."""
    url = up_to_date(address(chosen))
    COMMANDS.load_all()  # every event and record there is
    store = SqlStore.open(url, read_only=chosen.act == "export" or not chosen.yes)
    try:
        community = _community(store, chosen.community)
        with store.reading() as reads:
            person = person_called(reads, community, chosen.person)
        if chosen.act == "export":
            return _export(store, community, person, chosen)
        return _erase(store, community, person, chosen) if chosen.yes else _ask(store, community, person)
    except Refusal as refusal:
        words = Words()
        print(words.say(refusal.what), words.say(refusal.next_step) if refusal.next_step else "", file=sys.stderr)
        return 1
    except NotErased:
        print("Nothing is erased: the log or the state is damaged. wgbot audit verify says where.", file=sys.stderr)
        return 1
    finally:
        store.close()


def _community(store: SqlStore, wanted: str | None) -> CommunityId:
    there = store.communities()
    if wanted is None and len(there) == 1:
        return there[0]
    if wanted not in there:
        raise SystemExit(f"Name a community with --community: {', '.join(there)}.")
    return CommunityId(wanted)


def _export(store: SqlStore, community: CommunityId, person: Person, chosen: argparse.Namespace) -> int:
    kept = kept_of(store, community, person.id)
    name = chosen.file or f"person-{person.id}"
    texts = {f"{name}.json": json.dumps(kept, ensure_ascii=False, indent=1), f"{name}.md": "\n".join(_readable(kept))}
    if any(Path(each).exists() for each in texts):
        print(f"{' or '.join(texts)} is there already: name another file, or move it away.", file=sys.stderr)
        return 1
    for each, text in texts.items():
        with os.fdopen(os.open(each, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNERS_ONLY), "w", encoding="utf-8") as file:
            file.write(text + "\n")
    print(f"All that is kept of {person.name} is in {' and '.join(texts)}. It is for them alone: keep it safe.")
    return 0


def _readable(kept: dict[str, Any]) -> Iterator[str]:
    """The same, to be read: a heading for each kind of thing, a line for each value."""
    yield f"# What is kept of {' · '.join(kept['called']) or kept['person']}"
    yield f"\nIn the community {kept['community']}, under the id {kept['person']}. Accounts: {', '.join(kept['accounts']) or 'none'}."
    for table, records in kept["records"].items():
        yield f"\n## {table.replace('_', ' ')}\n"
        for record in records:
            yield "- " + "; ".join(f"{name}: {value}" for name, value in record.items() if value not in ("", None))
    yield "\n## In the audit log: what they did, and what was done about them\n"
    for entry in kept["log"]:
        said = "; ".join(f"{name}: {value}" for name, value in entry["said"].items() if value not in ("", None))
        yield f"- {entry['entry']}, {entry['at'][:16]}: {entry['event']} ({said})"
    yield "\n## Where others mention them\n"
    yield from (f"- {each}" for each in kept["mentions"])


def _ask(store: SqlStore, community: CommunityId, person: Person) -> int:
    kept = kept_of(store, community, person.id)
    with store.reading() as reads:
        seat = _seat(reads, community, person.id)
    print(f"{person.name} ({person.id}) would be erased from {community}, for ever:")
    print(f"  accounts: {', '.join(kept['accounts']) or 'none'}")
    print(f"  {sum(map(len, kept['records'].values()))} records and {len(kept['log'])} entries of the log are theirs")
    if seat:
        print(f"  they have a seat in the current cycle ({seat}): end it first, or give --force")
    print("Nothing is done yet. Stop wgbot, make a backup, and say --yes. A backup still has what is erased here.")
    return 0


def _erase(store: SqlStore, community: CommunityId, person: Person, chosen: argparse.Namespace) -> int:
    with store.reading() as reads:
        seat = _seat(reads, community, person.id)
    if seat and chosen.force:
        _unseat(store, community, person)
    done = erase(store, community, person.id, _now(store, community), f"wgbot person erase {uuid4().hex}")
    folder: Path = chosen.data
    files = forget(folder, done.traces.taken_out, done.traces.within)
    store.compact()
    print("\n".join(_done(done, files)))
    return 0


def _unseat(store: SqlStore, community: CommunityId, person: Person) -> None:
    request = Request(
        community,
        Space("system", "", ""),
        "roster unseat",
        f"wgbot person erase --force {uuid4().hex}",
        utc_now(),
        arguments={"name": person.email or person.name},
        system=True,
    )
    (answer,) = Engine(store).handle([request])
    if not answer.done:
        said = answer.view
        what = Words().say(said.text) if isinstance(said, Notice) else "Their seat could not be ended."
        raise SystemExit(f"Nothing is erased: {what}")


def _seat(reads: Reads, community: CommunityId, person: PersonId) -> str:
    found = reads.get(Community, community)
    seat = seat_of(reads, found, person) if found is not None else None
    return str(seat.role) if seat is not None else ""


def _now(store: SqlStore, community: CommunityId) -> Any:
    with store.reading() as reads:
        found = reads.get(Community, community)
        if found is None:
            raise LookupError(community)
        return found.now(utc_now())


def _done(done: Erased, files: int) -> Iterator[str]:
    yield f"Erased: from now on {done.traces.pseudonym}."
    yield (
        f"{done.values} private values of the log, {done.records} records, {done.messages} messages and answers and "
        f"{files} files of the data folder were changed or deleted; the database was written anew."
    )
    for number in done.public:
        yield f"Entry {number} of the log names them in what is hashed: that cannot be changed."
    yield "Prove the log: wgbot audit verify. Publish the record anew. Backups made before still have them: let them go."
