"""Every store keeps the contract of leases; on PostgreSQL two processes want one at the same moment."""

from __future__ import annotations

import threading
from contextlib import ExitStack, closing

from storage.store import SqlStore
from tests.contracts.leases import HOUR, ME, NAME, OTHER, LeasesContract, held, take


class TestLeases(LeasesContract):
    """With the fixture `store`: each kind in turn."""


def test_of_many_who_want_it_at_once_one_gets_it(postgres_url: str) -> None:
    with ExitStack() as opened:
        stores = [opened.enter_context(closing(SqlStore.open(postgres_url))) for _ in range(4)]
        found: list[int | None] = []
        threads = [
            threading.Thread(target=lambda store=store, owner=str(number): found.append(take(store, owner)))
            for number, store in enumerate(stores)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(found, key=str) == [1, None, None, None]


def test_what_is_written_under_a_fence_is_written_before_another_takes_over(postgres_url: str) -> None:
    with closing(SqlStore.open(postgres_url)) as mine, closing(SqlStore.open(postgres_url)) as other:
        fence = take(mine, seconds=0)
        assert fence is not None
        taken: list[int | None] = []
        taking = threading.Thread(target=lambda: taken.append(take(other, OTHER)))
        with mine.writing([]) as work:
            assert work.leases.held(NAME, fence)
            taking.start()
            taking.join(0.3)
            assert taking.is_alive()  # it waits for the write
        taking.join()
        assert taken == [fence + 1]
        assert not held(mine, fence)
        assert take(mine, ME, HOUR) is None
