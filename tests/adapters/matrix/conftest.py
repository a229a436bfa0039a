"""The bot's transport on the homeserver of the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.adapters.matrix.robot import Robot
from tests.support.matrix.synapse import Homeserver

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
def robot(robots: Robots) -> Robot:
    """A bot that is up."""
    return robots().started()
