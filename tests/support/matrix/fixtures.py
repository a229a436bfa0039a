"""Fixtures for tests of anything that talks to Matrix: `synapse` is a homeserver that all tests of a run share.

`element("ana")` is somebody new on it with an Element, `plain("ana")` somebody without encryption; each of them, and every room
they make, is one test's alone. `faulty` is a way to the homeserver on which a test can let things go wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # imported late otherwise: not every run has tests of Matrix
    from tests.support.matrix.crowd import Elements, Plains
    from tests.support.matrix.process import ElementProcess
    from tests.support.matrix.proxy import Proxy
    from tests.support.matrix.synapse import Homeserver


@pytest.fixture(scope="session")
def synapse() -> Iterator[Homeserver]:
    """A homeserver on which one may do things as often as one likes."""
    from tests.support.matrix.synapse import Homeserver

    with Homeserver() as homeserver:
        yield homeserver


@pytest.fixture(scope="session")
def limited_synapse() -> Iterator[Homeserver]:
    """A homeserver with Synapse's own limits."""
    from tests.support.matrix.synapse import Homeserver, Limits

    with Homeserver(Limits.DEFAULT) as homeserver:
        yield homeserver


@pytest.fixture(scope="session")
def element_process() -> Iterator[ElementProcess]:
    """The process in which every `element` lives."""
    from tests.support.matrix.process import ElementProcess

    with ElementProcess() as process:
        yield process


@pytest.fixture
def element(element_process: ElementProcess, synapse: Homeserver) -> Iterator[Elements]:
    """Makes people with an Element, who leave after the test."""
    from tests.support.matrix.crowd import Elements

    with Elements(element_process, synapse) as elements:
        yield elements


@pytest.fixture
def plain(synapse: Homeserver) -> Iterator[Plains]:
    """Makes people without a client library."""
    from tests.support.matrix.crowd import Plains

    with Plains(synapse) as plains:
        yield plains


@pytest.fixture
def faulty(synapse: Homeserver) -> Iterator[Proxy]:
    """A way to `synapse` on which a test can let things go wrong."""
    from tests.support.matrix.proxy import Proxy

    with Proxy(synapse.url) as proxy:
        yield proxy
