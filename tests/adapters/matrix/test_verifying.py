from __future__ import annotations

import pytest

from adapters.matrix.arriving import Message
from tests.adapters.matrix.robot import Robot
from tests.support.matrix.crowd import Elements
from tests.support.matrix.element import Element

pytestmark = pytest.mark.slow


def test_a_person_verifies_the_bot_in_their_direct_room(element: Elements, robot: Robot) -> None:
    ana = element("ana")
    room = _direct(ana, robot)
    verification = ana.ask_to_verify(robot, room=room)
    verification.start()
    compared = robot.compares()
    assert [emoji for emoji, _ in compared.emoji] == list(verification.shown())
    assert (compared.user, compared.device) == (ana.id, ana.account.device_id)
    verification.confirm()
    assert robot.run(robot.connection.confirm(compared.id, match=True))
    verification.reaches("Done")
    trust = ana.sees_trust(robot, lambda trust: trust.verified)
    assert trust.devices[robot.account.login.device].verified


def test_a_device_is_verified_between_devices(element: Elements, robot: Robot) -> None:
    ana = element("ana")
    _direct(ana, robot)
    verification = ana.ask_to_verify(robot, device=robot.account.login.device)
    verification.start()
    compared = robot.compares()
    assert [emoji for emoji, _ in compared.emoji] == list(verification.shown())
    assert robot.run(robot.connection.confirm(compared.id, match=True))
    verification.confirm()
    verification.reaches("Done")
    ana.sees_trust(robot, lambda trust: trust.verified)


def test_what_does_not_match_is_not_trusted(element: Elements, robot: Robot) -> None:
    ana = element("ana")
    room = _direct(ana, robot)
    verification = ana.ask_to_verify(robot, room=room)
    verification.start()
    compared = robot.compares()
    assert robot.run(robot.connection.confirm(compared.id, match=False))
    assert verification.reaches("Cancelled").cancelled == "m.mismatched_sas"
    assert not ana.trusts(robot).verified
    assert not robot.run(robot.connection.confirm(compared.id, match=True))


def _direct(person: Element, robot: Robot) -> str:
    room = person.message_directly(robot)
    robot.join(room)
    person.send(room, "hello")
    robot.sees(Message, lambda each: each.room == room and each.body == "hello")
    return room
