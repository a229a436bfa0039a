"""The MAG in Slack, for every test of this folder that asks for it."""

from __future__ import annotations

import logging
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


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(0)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name} {self.format(record)}")


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """All that is logged, with every logger there is set to DEBUG. Ask for it after what is to be listened to.

    Not SQLAlchemy's, which keep a level of their own, and write whole rows at DEBUG: INFO.
    """
    kept, root = _Kept(), logging.getLogger()
    loggers = [root, *(logging.getLogger(name) for name in list(logging.Logger.manager.loggerDict))]
    before = [(each, each.level) for each in loggers]
    for each in loggers:
        each.setLevel(logging.INFO if each.name.startswith("sqlalchemy") else logging.DEBUG)
    root.addHandler(kept)
    yield kept.lines
    root.removeHandler(kept)
    for each, level in before:
        each.setLevel(level)
