"""Every store keeps the contract of the unit of work."""

from __future__ import annotations

from tests.contracts.unit_of_work import StoreContract


class TestStore(StoreContract):
    """With the fixture `store`: each kind in turn."""
