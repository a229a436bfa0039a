"""What every store's leases promise: one holder at a time, another fence for each, and no write of one who lost it.

A test subclasses this and gives the fixture `store`: an empty one. Times are the store's own where it has a clock, so a
lease here either lasts for an hour or has run out at once.
"""

from __future__ import annotations

from datetime import UTC, datetime

from tests.contracts.unit_of_work import AnyStore

HOUR = 3600.0
NAME, ME, OTHER = "matrix", "me", "other"


def take(store: AnyStore, owner: str = ME, seconds: float = HOUR, name: str = NAME) -> int | None:
    with store.writing([]) as work:
        return work.leases.take(name, owner, seconds, datetime.now(UTC))


def held(store: AnyStore, fence: int | None) -> bool:
    with store.writing([]) as work:
        return work.leases.held(NAME, fence or 0)


class LeasesContract:
    """See `bot.ports.Leases`."""

    def test_one_has_it_and_keeps_its_fence_by_renewing(self, store: AnyStore) -> None:
        mine = take(store)
        assert mine is not None
        assert take(store, OTHER) is None
        assert take(store) == mine
        assert held(store, mine)
        assert take(store, OTHER, name="another") is not None

    def test_when_it_ran_out_another_takes_it_and_the_old_fence_holds_nothing(self, store: AnyStore) -> None:
        mine = take(store, seconds=0)
        assert held(store, mine)  # nobody else wanted it
        other = take(store, OTHER)
        assert mine is not None
        assert other is not None
        assert other > mine
        assert (held(store, mine), held(store, other)) == (False, True)
        assert take(store) is None
        with store.writing([]) as work:
            work.leases.release(NAME, mine)  # too late to let go of what is another's
        assert held(store, other)

    def test_who_lets_go_is_followed_at_once_and_again_by_themselves_under_another_fence(self, store: AnyStore) -> None:
        mine = take(store)
        assert mine is not None
        with store.writing([]) as work:
            work.leases.release(NAME, mine)
        assert not held(store, mine)
        assert take(store) == mine + 1
        with store.writing([]) as work:
            work.leases.take_over()
        assert not held(store, mine + 1)
        assert take(store, OTHER) == mine + 2

    def test_nobody_has_what_was_never_taken(self, store: AnyStore) -> None:
        assert not held(store, 0)
        with store.writing([]) as work:
            work.leases.release(NAME, 0)
            work.leases.take_over()
        assert take(store) == 1
