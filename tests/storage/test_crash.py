"""Killed at any moment: what was acknowledged is there, nothing is there twice, and log, state and outbox agree."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.domain.community import Counter
from bot.domain.linking import LinkCode
from storage.store import SqlStore
from storage.verify import Flaw, verify
from tests.support.batches import MAG

REPO = Path(__file__).parents[2]


def run_and_kill(url: str, first: int, seconds: float) -> list[str]:
    """The origins that were acknowledged before the kill."""
    command = [sys.executable, "-m", "tests.support.batches", url, str(first)]
    with subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        acknowledged = child.stdout.readline().split()
        time.sleep(seconds)
        child.kill()
        acknowledged += child.stdout.read().rpartition("\n")[0].split()
    return acknowledged


@pytest.mark.parametrize(
    ("where", "kills"),
    [
        ("sqlite_url", 3),
        pytest.param("sqlite_url", 30, marks=pytest.mark.slow),
        pytest.param("postgres_url", 6, marks=pytest.mark.slow),
    ],
)
def test_what_was_acknowledged_survives(where: str, kills: int, request: pytest.FixtureRequest) -> None:
    url: str = request.getfixturevalue(where)
    chance = random.Random(kills)
    acknowledged: set[str] = set()
    first = 0
    for _ in range(kills):
        acknowledged.update(run_and_kill(url, first, chance.uniform(0, 0.05)))
        store = SqlStore.open(url)
        with store.writing([MAG]) as work:
            done = [fact.event.digest for _, fact in work.facts(MAG) if fact]
            counter = work.get(Counter, MAG, "done")
            assert counter is not None
            assert acknowledged <= set(done)
            assert len(done) == len(set(done)) == counter.last == work.outbox.waiting()
            assert len(list(work.scan(LinkCode, MAG))) == counter.last
            for origin in chance.sample(done, 10):
                answered = work.answered(MAG, origin)
                assert answered is not None
                assert answered.reply == origin.encode()
        assert not {Flaw.CHAIN, Flaw.HEAD} & {problem.flaw for problem in verify(store, MAG)}
        store.close()
        first = max(0, counter.last - 40)  # the next one repeats some, as a platform would
