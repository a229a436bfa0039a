"""The MAG in Slack, for every test of this folder that asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.adapters.slack.office import Office, workspace
from tests.support.slack.edge import Edge
from tests.support.slack.workspace import Workspace


@pytest.fixture
def slack_workspace() -> Workspace:
    """Everybody of the sample roster."""
    return workspace()


@pytest.fixture
def office(slack: Edge) -> Iterator[Office]:
    """The service, over HTTP."""
    with Office(slack) as running:
        yield running
