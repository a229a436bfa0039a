"""Keys that do not come with the message: late, lost on the way, or not given at all."""

from __future__ import annotations

import time
from typing import Any

import pytest

from adapters.matrix.arriving import Message, Undecryptable
from adapters.matrix.signing import Signed
from tests.adapters.matrix.conftest import Robots
from tests.adapters.matrix.robot import Robot, until
from tests.support.matrix.crowd import Elements
from tests.support.matrix.proxy import Proxy

pytestmark = pytest.mark.slow

SYNC = "GET */sync"


def withholding(faulty: Proxy) -> list[Any]:
    """Keep messages to the bot's device back from now on; what was kept back."""
    kept: list[Any] = []

    def change(answer: Any) -> None:
        kept.extend(answer.pop("to_device", {}).get("events", ()))

    faulty.rewrite(SYNC, change)
    return kept


def reporting(robot: Robot, seconds: float) -> None:
    """Have an event that waits reported after so many seconds, not a minute."""
    start = time.time()
    robot.syncing.wall = lambda: start + (time.time() - start) * 60 / seconds


def test_a_key_that_was_lost_is_given_again_when_asked_for(element: Elements, robots: Robots, faulty: Proxy) -> None:
    robot = robots(url=faulty.url).started()
    ana = element("ana")
    room = ana.create(encrypted=True, invite=[robot])
    robot.join(room)
    kept = withholding(faulty)
    ana.send(room, "can you read this?")
    until(lambda: kept or None, lambda: "no key was sent")
    faulty.clear()
    assert robot.sees(Message).body == "can you read this?"
    assert robot.all(Undecryptable) == []


def test_a_key_that_does_not_come_is_reported_and_taken_when_it_comes(
    element: Elements, robots: Robots, faulty: Proxy
) -> None:
    robot = robots(url=faulty.url, folder="home").started()
    reporting(robot, 0.5)
    ana = element("ana")
    room = ana.create(encrypted=True, invite=[robot])
    robot.join(room)
    kept = withholding(faulty)
    event = ana.send(room, "wait for it")
    until(lambda: kept or None, lambda: "no key was sent")
    ana.react(ana.message(room, event), "⏳")
    time.sleep(0.6)  # the waiting is the point
    ana.react(ana.message(room, event), "⌛")
    report = robot.sees(Undecryptable)
    assert (report.event, report.sender, report.reason) == (event, ana.id, "no-key")
    robot.close()
    faulty.clear()
    faulty.rewrite(SYNC, lambda answer: answer.setdefault("to_device", {"events": []})["events"].extend(kept))
    again = robots(user=robot.id, folder="home", url=faulty.url).started()
    assert again.sees(Message).body == "wait for it"


def test_a_client_that_does_not_trust_the_bot_says_so(element: Elements, robots: Robots) -> None:
    owner = element("wg")  # whose keys vouch for the bot's account, but not for its device
    robot = robots(user=owner.id).started()
    assert robot.account.login.signed == Signed.FOREIGN
    reporting(robot, 0.001)
    ana = element("ana")
    room = ana.create(encrypted=True, invite=[robot])
    robot.join(room)
    event = ana.send(room, "only for signed devices")
    ana.react(ana.message(room, event), "🔒")
    report = robot.sees(Undecryptable)
    assert (report.event, report.reason) == (event, "withheld")
    assert report.code in ("m.unverified", "m.no_olm", "m.blacklisted")
