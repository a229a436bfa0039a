from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from tests.support.slack.edge import Edge
from tests.support.slack.emulator import Emulator
from tests.support.slack.people import People

pytestmark = pytest.mark.slow

ORPHAN = """
import os
from tests.support.slack.emulator import Emulator
emulator = Emulator()
emulator.begin({}, "https://lab.slack.com")
print(emulator.pid, flush=True)
os._exit(1)
"""


def test_each_slack_begins_empty(slack_emulator: Emulator) -> None:
    for _ in range(2):
        with Edge(slack_emulator) as edge:
            people = People.over_sockets(edge)
            assert people.messages("alice", "governance") == []
            people.say("alice", "governance", "x")


def test_it_listens_on_this_machine_only(slack_emulator: Emulator) -> None:
    assert slack_emulator.begin({}, "https://lab.slack.com").startswith("http://127.0.0.1:")


def test_it_ends_with_whoever_started_it() -> None:
    started = subprocess.run([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True, check=False)
    pid = int(started.stdout)
    end = time.monotonic() + 10
    while _runs(pid):
        assert time.monotonic() < end
        os.sched_yield()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123 - a file of the kernel
            return stat.read().rpartition(")")[2].split()[0] != "Z"  # ended, and nobody here to collect it
    except FileNotFoundError:
        return False
