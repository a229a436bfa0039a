"""The bot's transport on the homeserver of the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.verify import verify
from tests.adapters.matrix.hall import Hall
from tests.adapters.matrix.robot import Robot
from tests.adapters.matrix.square import Square
from tests.builders import CHAIR, CIVIL, MAG, PRIVATE
from tests.support.matrix.crowd import Plains
from tests.support.matrix.synapse import PASSWORD, Homeserver

Robots = Callable[..., Robot]


@pytest.fixture
def robots(synapse: Homeserver, tmp_path: Path) -> Iterator[Robots]:
    """Makes bots: a new account each, or another process of one (`folder`, `user`); closed after the test."""
    made: list[Robot] = []

    def make(user: str = "", folder: str = "", url: str = "", **credentials: str) -> Robot:
        user = user or synapse.register("wg").user_id
        robot = Robot(url or synapse.url, user, tmp_path / (folder or user.strip("@").replace(":", "_")), **credentials)
        made.append(robot)
        return robot

    yield make
    for robot in made:
        robot.close()


@pytest.fixture
def square(synapse: Homeserver, plain: Plains, tmp_path: Path) -> Iterator[Square]:
    """The whole service before the homeserver, and some of the MAG in a room that is its home."""
    people = {CHAIR: plain("amina"), CIVIL: plain("yusuf"), PRIVATE: plain("qiang")}
    bot = synapse.register("wg").user_id
    with Hall(synapse.url, (bot, PASSWORD), tmp_path, {name: who.id for name, who in people.items()}) as hall:
        told = Square(hall, people, bot, synapse)
        told.meet()
        yield told
        assert verify(hall.store, MAG) == []


@pytest.fixture
def robot(robots: Robots) -> Robot:
    """A bot that is up."""
    return robots().started()
