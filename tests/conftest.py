"""What tests of several folders share: a store of each kind, and a PostgreSQL server that runs as long as they do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from storage.memory import MemoryStore
from storage.schema import prepare
from storage.store import SqlStore
from tests.support.matrix.fixtures import element, element_process, faulty, limited_synapse, plain, synapse
from tests.support.postgres import Server
from tests.support.slack.fixtures import slack, slack_emulator, slack_workspace

__all__ = [
    "element",
    "element_process",
    "faulty",
    "limited_synapse",
    "plain",
    "slack",
    "slack_emulator",
    "slack_workspace",
    "synapse",
]

TEMPLATE = "with_tables"
SHARED = "one_after_the_other"

STORES = (
    "memory",
    "sqlite",
    "postgres-18",
    pytest.param("postgres-16", marks=pytest.mark.slow),
)
"""Every store there is, on every database it is to work with."""

LONGEST = (
    "test_relay.py",
    "test_crash.py",
    "test_a_year.py",
    "test_kill.py",
    "test_delivering.py",
    "test_formation_in_matrix.py",
    "test_mappers.py",
    "test_kill_slack.py",
    "test_kill_matrix.py",
    "test_set_up_in_matrix.py",
    "test_voting.py",
)
"""The files that take longest, if all that is slow in them runs: they come first, so that no process is left with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, where all of them are slow ones."""
    order = {name: number for number, name in enumerate(LONGEST)}
    items.sort(
        key=lambda item: order.get(item.path.name, len(order)) if item.get_closest_marker("slow") else len(order)
    )


# how long an example takes says how busy the machine is
settings.register_profile("whatever else runs here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("whatever else runs here")


@pytest.fixture(scope="session")
def postgres_18() -> Iterator[Server]:
    """The newest PostgreSQL supported."""
    yield from _server(18)


@pytest.fixture(scope="session")
def postgres_16() -> Iterator[Server]:
    """The oldest PostgreSQL supported."""
    yield from _server(16)


@pytest.fixture
def postgres_url(postgres_18: Server) -> Iterator[str]:
    """A PostgreSQL database with today's tables, for one test."""
    with postgres_18.database(TEMPLATE) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite database with today's tables, for one test."""
    url = f"sqlite:///{tmp_path / 'wgbot.db'}"
    prepare(url)
    return url


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> Iterator[MemoryStore | SqlStore]:
    """An empty store, of each kind in turn."""
    if request.param == "memory":
        yield MemoryStore()
    elif request.param == "sqlite":
        yield from _open(request.getfixturevalue("sqlite_url"))
    else:
        server: Server = request.getfixturevalue(request.param.replace("-", "_"))
        server.empty(SHARED)  # much quicker than a database of its own
        yield from _open(server.url(SHARED))


def _open(url: str) -> Iterator[SqlStore]:
    store = SqlStore.open(url)
    try:
        yield store
    finally:
        store.close()


def _server(version: int) -> Iterator[Server]:
    with Server(version) as server:
        prepare(server.make(TEMPLATE))
        server.make(SHARED, TEMPLATE)
        yield server
