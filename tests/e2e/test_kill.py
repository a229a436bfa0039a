"""`kill -9` between any two steps of the demo, and starting again: nothing is lost, nothing is repeated."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from adapters.terminal.rooms import Rooms
from bot.command import COMMANDS
from bot.domain.ids import CommunityId
from storage.store import SqlStore
from storage.verify import verify

SAMPLE = CommunityId("sample")
KILLS = 50
ENVIRONMENT = {**os.environ, "PYTHONUNBUFFERED": "1", "COLUMNS": "100"}


def start(folder: Path) -> subprocess.Popen[bytes]:
    """The demo, on a folder that keeps its data."""
    return subprocess.Popen(
        [sys.executable, "-m", "adapters.main", "demo", "--data", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=ENVIRONMENT,
    )


def messages(folder: Path) -> Counter[tuple[str, bytes]]:
    """What stands in the rooms, and how often: (room, last body)."""
    with closing(Rooms(folder / "rooms.jsonl")) as rooms:
        places = {room.place for room in rooms.rooms} | {f"@{name}" for name in ("Qiang R.", "Gift I.", "Amina A.")}
        return Counter((place, bytes(message.body)) for place in places for message in rooms.history(place, 1_000_000))


def opened(folder: Path) -> SqlStore:
    """Its database, to be read."""
    return SqlStore.open(f"sqlite:///{folder / 'wgbot.db'}", read_only=True)


def facts(folder: Path) -> list[object]:
    """What the audit log holds, less the times of the process itself."""
    COMMANDS.load_all()
    with closing(opened(folder)) as store, store.reading() as reads:
        return [(fact.by, fact.event) for _, fact in reads.facts(SAMPLE) if fact is not None]


def problems(folder: Path) -> list[object]:
    """What `wgbot audit verify` finds."""
    with closing(opened(folder)) as store:
        return list(verify(store, SAMPLE))


def kill_somewhere(folder: Path, chance: random.Random) -> bool:
    """Run the demo and kill it after some of its output; whether it was killed before its end."""
    process = start(folder)
    assert process.stdout is not None
    wanted, seen = chance.randrange(20_000), 0
    while chunk := os.read(process.stdout.fileno(), 64):
        seen += len(chunk)
        if seen >= wanted:
            process.kill()
            break
    process.stdout.close()
    return process.wait() != 0


@pytest.mark.slow
def test_killed_at_fifty_points_the_demo_ends_as_if_nothing_had_been(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    process = start(whole)
    output, _ = process.communicate()
    assert process.returncode == 0, output.decode()
    expected = Counter(map(msgspec.json.encode, facts(whole)))

    chance, kills, round_ = random.Random(20270111), 0, 0
    while kills < KILLS:
        round_ += 1
        folder = tmp_path / f"killed-{round_}"
        for _ in range(10):
            kills += kill_somewhere(folder, chance)
        process = start(folder)
        output, _ = process.communicate()
        assert process.returncode == 0, output.decode()

        assert problems(folder) == []
        assert Counter(map(msgspec.json.encode, facts(folder))) == expected
        assert messages(folder) == messages(whole)
