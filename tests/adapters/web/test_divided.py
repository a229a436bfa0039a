"""Work divided among processes is the work of one: what it gives, in order, and what goes wrong in it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.web import manifest
from adapters.web.divided import divided
from adapters.web.export import MANY, Wanted, export
from storage.schema import prepare
from storage.store import SqlStore
from tests.bench.archive import Archive
from tests.bench.community import BENCH

BASE = "https://record.example.org"


def squared(number: int) -> int:
    return number * number


def by_whom(number: int) -> int:
    return os.getpid() if number else 0


def failing(number: int) -> int:
    if number == 3:
        raise ValueError(number)
    return number


def ended(number: int) -> int:
    if number == 3 and os.getppid() == PARENT:
        os.kill(os.getpid(), signal.SIGKILL)
    while number == 0 and os.getpid() == PARENT:  # whoever divides the work waits here until a copy took that piece
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
        return number
    return number


def left_alone(number: int) -> bytes:
    """Whoever divides the work is killed while its copies make more than a pipe has room for."""
    if os.getpid() == PARENT:
        os.read(BEGUN[0], 1)
        os.kill(PARENT, signal.SIGKILL)
    os.write(BEGUN[1], b".")
    while os.getppid() == PARENT:
        os.sched_yield()
    return b"x" * 100_000


PARENT = os.getpid()
BEGUN = os.pipe()
HERE = {"squared": squared, "failing": failing, "ended": ended, "left_alone": left_alone}


def alone(name: str, processes: int) -> str:
    """What becomes of work in a process without other threads, which pytest's may not be."""
    code = (
        "import sys\n"
        "from adapters.web.divided import divided\n"
        "from tests.adapters.web import test_divided as here\n"
        "here.PARENT = here.os.getpid()\n"
        "try: print(divided(here.HERE[sys.argv[1]], 20, int(sys.argv[2])))\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, name, str(processes)], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_what_is_divided_comes_in_order_and_errors_are_raised(processes: int) -> None:
    assert alone("squared", processes) == str([squared(number) for number in range(20)])
    assert alone("failing", processes) == "ValueError 3"


def test_a_process_that_is_killed_is_no_work_done() -> None:
    assert alone("ended", 2) == "Ended a process that did part of the work was ended from outside"


def test_copies_end_when_whoever_divides_the_work_is_killed() -> None:
    """As long as one of them lives, the output that it shares stays open."""
    with pytest.raises(subprocess.CalledProcessError, match="SIGKILL"):
        alone("left_alone", 3)


def test_little_work_is_done_here() -> None:
    assert divided(by_whom, 1, 4) == [0]


@pytest.mark.timeout(120)
def test_a_record_made_by_several_processes_is_that_made_by_one(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'wgbot.db'}"
    prepare(url)
    with closing(SqlStore.open(url)) as store:
        Archive(6, 30, 200).fill(store)
        with store.reading() as snapshot:
            whole = export(snapshot, Wanted(BENCH, BASE), datetime.now(UTC), tmp_path / "one")
    assert whole.files / 2 > MANY
    command = [sys.executable, "-m", "adapters.main", "site", "--database", url, "export", "--url", BASE]
    done = subprocess.run([*command, str(tmp_path / "several")], capture_output=True, text=True, check=True)
    assert f"{whole.files} files, {whole.made} made anew, {whole.written} of them written" in done.stdout
    one, several = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (tmp_path / "one", tmp_path / "several")
    )
    assert one.keys() == several.keys()
    assert [str(name) for name in one if one[name] != several[name]] in ([], [manifest.NAME])
    again = subprocess.run([*command, str(tmp_path / "several")], capture_output=True, text=True, check=True)
    assert "0 made anew" in again.stdout
