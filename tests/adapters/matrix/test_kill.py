"""`kill -9` at random moments: what people said is heard once, and answered once."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.adapters.matrix import sleeper
from tests.adapters.matrix.robot import until
from tests.support.matrix.crowd import Elements
from tests.support.matrix.element import Element
from tests.support.matrix.synapse import Homeserver
from tests.support.processes import killed_with_parent

pytestmark = pytest.mark.slow

KILLS = 8
MESSAGES = 48


@pytest.mark.timeout(300)
@pytest.mark.parametrize("encrypted", [False, True], ids=["clear", "encrypted"])
def test_every_message_is_answered_once(
    element: Elements, synapse: Homeserver, tmp_path: Path, *, encrypted: bool
) -> None:
    user = synapse.register("wg").user_id
    ana = element("ana")
    bot = _started(synapse, user, tmp_path)
    try:
        room = ana.create(encrypted=encrypted, invite=[user])
        ana.sees_room(room, lambda each: each.members.get(user) == "join")
        ana.send(room, "first")
        ana.sees(room, "re: first")
        for kill in range(KILLS):
            for number in range(MESSAGES // KILLS):
                ana.send(room, f"m{kill}-{number}")
            time.sleep(random.uniform(0.0, 1.2))  # the moment of the kill, not a condition
            bot.kill()
            bot.wait()
            ana.send(room, f"while down {kill}")
            bot = _started(synapse, user, tmp_path)
        expected = MESSAGES + KILLS + 1
        until(lambda: len(_answers(ana, room)) >= expected or None, lambda: f"{len(_answers(ana, room))} of {expected}")
    finally:
        bot.kill()
        bot.wait()
    counted = Counter(_answers(ana, room))
    assert len(counted) == expected
    assert set(counted.values()) == {1}
    assert all(each.readable for each in ana.messages(room))


def _answers(person: Element, room: str) -> list[str]:
    person.scroll_back(room)
    return [each.body for each in person.messages(room) if each.body.startswith("re: ")]


def _started(synapse: Homeserver, user: str, folder: Path) -> subprocess.Popen[bytes]:
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", sleeper.__name__, synapse.url, user, folder],
            stdout=log,
            stderr=log,
            preexec_fn=killed_with_parent,  # noqa: PLW1509 - nothing runs between fork and exec but one system call
        )
