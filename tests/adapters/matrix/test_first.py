from __future__ import annotations

import pytest

from adapters.matrix import contents
from adapters.matrix.arriving import Invitation, Message
from tests.adapters.matrix.robot import Robot
from tests.support.matrix.crowd import Elements

pytestmark = pytest.mark.slow


def test_an_encrypted_direct_message_is_answered_from_the_first_one_on(element: Elements, robot: Robot) -> None:
    ana = element("ana")
    room = ana.message_directly(robot)
    ana.send(room, "help")
    invited = robot.sees(Invitation)
    assert (invited.room, invited.inviter, invited.direct) == (room, ana.id, True)
    robot.join(room)
    heard = robot.sees(Message)
    assert (heard.body, heard.encrypted, heard.early) == ("help", True, True)
    robot.send(room, contents.message("Here I am", "<b>Here</b> I am"))
    seen = ana.sees(room, "Here I am")
    assert (seen.encrypted, seen.shield, seen.html) == (True, "NONE", "<b>Here</b> I am")
