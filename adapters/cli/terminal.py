"""`wgbot terminal`: talk to wgbot here. Typed, it keeps its data; piped in, a script runs in a fresh sample community."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from adapters.cli.house import House, open_house
from adapters.cli.sample import FIRST_SPEAKER, SAMPLE, found_sample
from adapters.terminal.session import Session
from bot.domain.community import Community
from bot.domain.groups import homes_of
from bot.domain.ids import MAG, CommunityId
from bot.engine import utc_now
from bot.view import File

STORY_BEGINS = datetime(2027, 1, 11, 9, tzinfo=UTC)
"""The Monday on which a script's sample community stands, until it is moved."""


def options(parser: argparse.ArgumentParser) -> None:
    """What may be typed after `wgbot terminal`."""
    parser.add_argument("--data", type=Path, help="folder that keeps the data (default: var; a script: none is kept)")
    parser.add_argument("--community", help="which community (default: the sample)")
    parser.add_argument("--as", dest="speaker", help="who you are in a sample community")
    parser.add_argument("--room", help="in which room (default: the full membership's)")


def run(chosen: argparse.Namespace) -> int:
    """Run it; 0 unless a script was refused something it did not expect to be."""
    if sys.stdin.isatty():
        return asyncio.run(_prompt(chosen))
    lines = sys.stdin.read().splitlines()
    if chosen.data is not None:
        return asyncio.run(play(lines, chosen.data, chosen, prefix="script"))
    with tempfile.TemporaryDirectory(prefix="wgbot-") as folder:
        return asyncio.run(play(lines, Path(folder), chosen, prefix="script"))


async def play(lines: list[str], folder: Path, chosen: argparse.Namespace, *, prefix: str) -> int:
    """Run a script. The same script on the same folder goes on where it was interrupted, and repeats nothing."""
    from adapters.terminal.paper import console
    from adapters.terminal.screen import Screen
    from adapters.terminal.script import run_script

    with open_house(folder) as house:
        _found(house, frozen=STORY_BEGINS)
        session = await _session(house, chosen)
        return await run_script(lines, session, Screen(console(), session.speaker.words()), prefix)


async def _prompt(chosen: argparse.Namespace) -> int:
    from adapters.shared.clock import Clock
    from adapters.shared.config import Installation
    from adapters.terminal.prompt import run_prompt

    settings = Installation.of(os.environ)
    with open_house(chosen.data or settings.data, "" if chosen.data else settings.database) as house:
        _found(house, frozen=None)
        session = await _session(house, chosen)
        clock = Clock(house.duties)
        house.writer.after_commit(house.relay.wake)
        house.writer.after_commit(clock.wake)
        sending = asyncio.create_task(house.relay.run())
        clock.start()
        try:
            await run_prompt(session, house.folder / "history")
        finally:
            await clock.stop()
            await house.relay.stop()
            await sending
    return 0


def _found(house: House, frozen: datetime | None) -> None:
    if not house.store.communities():
        house.writer.call(lambda work: found_sample(work, utc_now(), frozen=frozen), [SAMPLE]).result()


async def _session(house: House, chosen: argparse.Namespace) -> Session:
    community = CommunityId(chosen.community or SAMPLE)
    found = await house.desk.look(lambda reads: reads.get(Community, community))
    if found is None:
        known = ", ".join(house.store.communities())
        raise SystemExit(f"There is no community {community!r} here; there is {known}.")
    speaker = chosen.speaker or (FIRST_SPEAKER if community == SAMPLE else getpass.getuser())
    if chosen.speaker and not found.sample:
        raise SystemExit(
            "--as is for sample communities only. Here you are who your account is linked to: /wg link CODE"
        )

    async def keep(file: File) -> str:
        return await asyncio.to_thread(_write, house, community, file)

    homes = await house.desk.look(lambda reads: homes_of(reads, community, MAG))
    places = [home.place for home in homes if home.platform == "terminal"]
    room = chosen.room or next(iter(places), "@")
    session = Session(house.desk, house.rooms, community, speaker, place=room, keep=keep)
    await session.start()
    rooms = [each.place for each in house.rooms.rooms]
    if room not in (*rooms, "@"):
        raise SystemExit(f"There is no room {room!r} here; there is {', '.join(rooms)}.")
    return session


def _write(house: House, community: CommunityId, file: File) -> str:
    """Put a document into the data folder; its path."""
    from adapters.shared.contents import contents

    with house.store.reading() as reads:
        made = contents(reads, community, file, utc_now())
    path = house.folder / "files" / file.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made)
    return str(path)
