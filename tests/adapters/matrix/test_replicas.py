"""Two services on one database and one homeserver: one speaks there, the other takes over when it is gone, and nothing is said twice."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from adapters.shared import election
from storage.store import SqlStore
from tests.adapters.matrix.hall import Hall
from tests.adapters.matrix.square import Square
from tests.builders import CHAIR, CIVIL
from tests.support.matrix.crowd import Plains
from tests.support.matrix.synapse import PASSWORD, Homeserver

pytestmark = pytest.mark.slow


class Replica(Hall):
    """Another process on the same database and folder: the community is there."""

    def _found(self) -> None:
        pass


@contextmanager
def gone(hall: Hall) -> Iterator[None]:
    """The process is killed: nothing is put in order, and the system lets go of its locks."""

    async def die() -> None:
        running = hall.matrix._running
        assert running is not None
        hall._going.cancel()
        running.cancel()
        await asyncio.wait({running})

    hall.run(die())
    yield


def device_of(hall: Hall) -> str:
    """The device it is logged in as."""
    connection = hall.matrix.connection
    return connection.account.login.device if connection is not None else ""


def test_the_other_takes_over_and_nothing_is_said_twice(
    synapse: Homeserver, plain: Plains, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in (("LEASE_SECONDS", 1.0), ("RENEW_SECONDS", 0.2), ("LOOK_SECONDS", 0.1)):
        monkeypatch.setattr(election, name, seconds)
    people = {CHAIR: plain("amina"), CIVIL: plain("yusuf")}
    bot = synapse.register("wg")
    accounts = {name: who.id for name, who in people.items()}
    credentials = (bot.user_id, PASSWORD)
    with ExitStack() as opened:
        stores = [opened.enter_context(closing(SqlStore.open(postgres_url))) for _ in range(2)]
        first = Hall(synapse.url, credentials, tmp_path, accounts, stores[0])
        second = Replica(synapse.url, credentials, tmp_path, accounts, stores[1])
        opened.enter_context(first)
        square = Square(first, people, bot.user_id, synapse)
        square.meet()
        opened.enter_context(second)
        time.sleep(0.3)
        assert device_of(second) == ""  # it stands by, and is ready to
        assert second.run(second.matrix.connected())
        device = device_of(first)

        asked = [people[CIVIL].send(square.room, "!wg todo") for _ in range(3)]
        with gone(first):
            asked += [people[CIVIL].send(square.room, "!wg todo") for _ in range(3)]
            for each in asked:
                square.sees("Nothing waits for you", thread=each)
        assert device_of(second) == device != ""
        assert Counter(each.thread for each in square.heard() if each.thread in asked) == dict.fromkeys(asked, 1)
