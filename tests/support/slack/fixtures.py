"""Fixtures for tests of anything that talks to Slack: `slack` is an `Edge` before an emulator that all tests of a run share.

A test makes its own `People`, once its app listens: `People.over_http(slack, url)` or `People.over_sockets(slack)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # imported late otherwise: not every run has tests of Slack
    from tests.support.slack.edge import Edge
    from tests.support.slack.emulator import Emulator
    from tests.support.slack.workspace import Workspace


@pytest.fixture(scope="session")
def slack_emulator() -> Iterator[Emulator]:
    """The process behind every `slack`."""
    from tests.support.slack.emulator import Emulator

    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def slack_workspace() -> Workspace:
    """The workspace `slack` begins with; a module that needs another defines this fixture anew."""
    from tests.support.slack.workspace import Workspace

    return Workspace()


@pytest.fixture
def slack(slack_emulator: Emulator, slack_workspace: Workspace) -> Iterator[Edge]:
    """A new Slack for one test, which fails when the app sent anything that Slack would refuse."""
    from tests.support.slack.edge import Edge

    with Edge(slack_emulator, slack_workspace) as edge:
        yield edge
        faults = edge.faults
    assert not faults, "Slack would refuse: " + "\n".join(faults)
