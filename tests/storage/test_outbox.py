"""Every store keeps the contract of the outbox."""

from __future__ import annotations

from tests.contracts.outbox import OutboxContract


class TestOutbox(OutboxContract):
    """With the fixture `store`: each kind in turn."""
