"""PostgreSQL: several processes at once, each community written by one at a time, and lost connections made anew."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from bot.domain.community import Counter
from bot.domain.ids import CommunityId
from bot.domain.people import PersonAdded
from storage.errors import ReadOnly
from storage.store import SqlStore
from storage.verify import Flaw, verify
from tests.contracts.outbox import LEASE, NOON, RANDOM, attempt, claim, delivered, notice, post, refresh, send
from tests.contracts.unit_of_work import MAG, NRI, fact, person, seat, write


@pytest.fixture
def stores(postgres_url: str) -> Iterator[tuple[SqlStore, SqlStore]]:
    """Two replicas on one database."""
    made = SqlStore.open(postgres_url), SqlStore.open(postgres_url)
    yield made
    for store in made:
        store.close()


def count_up(store: SqlStore, communities: list[CommunityId], times: int, errors: list[Exception]) -> None:
    try:
        for _ in range(times):
            with store.writing(communities) as work:
                for community in communities:
                    found = work.get(Counter, community, "check")
                    assert found is not None
                    work.put(Counter(community, "check", found.last + 1))
                    work.append(fact(PersonAdded(person("ana"), "Ana", ""), community), "origin")
    except Exception as error:
        errors.append(error)


def test_replicas_take_turns_and_do_not_deadlock(stores: tuple[SqlStore, SqlStore]) -> None:
    for community in (MAG, NRI):
        with stores[0].writing([community]) as work:
            work.put(Counter(community, "check", 0))
            work.append(fact(PersonAdded(person("ana"), "Ana", ""), community), "origin")
    errors: list[Exception] = []
    threads = [
        threading.Thread(target=count_up, args=(store, order, 25, errors))
        for store, order in zip(stores, ([MAG, NRI], [NRI, MAG]), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with stores[0].reading() as reads:
        for community in (MAG, NRI):
            counter = reads.get(Counter, community, "check")
            assert counter is not None
            assert counter.last == 50
            assert [entry.sequence for entry in reads.entries(community)] == list(range(1, 52))
    assert Flaw.CHAIN not in {problem.flaw for problem in verify(stores[0], MAG)}


def test_a_community_is_made_once(stores: tuple[SqlStore, SqlStore]) -> None:
    def make_twice() -> None:
        with stores[0].writing([MAG]) as first:
            first.append(fact(PersonAdded(person("ana"), "Ana", "")), "one")
            with stores[1].writing([MAG]) as second:
                second.append(fact(PersonAdded(person("bo"), "Bo", "")), "two")

    with pytest.raises(psycopg.errors.UniqueViolation):
        make_twice()
    with stores[0].reading() as reads:
        assert [found.event.name for _, found in reads.facts(MAG) if found] == ["Bo"]


def test_a_lane_somebody_is_claiming_is_passed_over(stores: tuple[SqlStore, SqlStore]) -> None:
    send(stores[0], notice("one"), notice("two", RANDOM))
    with stores[0].writing([]) as work:
        (first,) = work.outbox.claim(NOON, "me", LEASE, 1, ["slack"])
        (second,) = claim(stores[1], owner="other")
    assert {first.row.id, second.row.id} == {"one", "two"}


def test_a_lane_that_is_claimed_and_put_into_at_once_locks_nobody_out(stores: tuple[SqlStore, SqlStore]) -> None:
    """Two replicas would wait for each other, if one locked the lane first and the other its rows."""
    send(stores[0], post("card", "check:1"))
    (claimed,) = claim(stores[0])
    assert attempt(stores[0], claimed)
    delivered(stores[0], claimed)
    send(stores[0], refresh("one", "check:1"))
    sent: list[bool] = []

    def decide() -> None:
        send(stores[1], refresh("two", "check:1"))
        sent.append(True)

    deciding = threading.Thread(target=decide)
    with stores[0].writing([]) as work:
        (claimed,) = work.outbox.claim(NOON + timedelta(minutes=1), "me", LEASE, 1, ["slack"])
        deciding.start()
        deciding.join(0.3)
        assert deciding.is_alive()
        assert work.outbox.attempt(claimed, "me", b"body")
    deciding.join()
    assert sent


@pytest.mark.parametrize("while_writing", [True, False])
def test_a_lost_connection_is_made_anew(postgres_url: str, while_writing: bool) -> None:
    store = SqlStore.open(postgres_url)
    write(store, seat("ana"))
    assert store.communities() == ()

    def cut_off() -> None:
        with psycopg.connect(postgres_url, autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )

    def write_and_be_cut_off() -> None:
        with store.writing([MAG]) as work:
            work.put(seat("bo"))
            cut_off()

    if while_writing:
        with pytest.raises(psycopg.OperationalError):
            write_and_be_cut_off()
    else:
        cut_off()
    write(store, seat("cy"))
    with store.reading() as reads:
        assert [found.person for found in reads.scan(type(seat("cy")), MAG)] == ["ana", "cy"]  # type: ignore[union-attr] # sound rows
    store.close()


def test_a_frozen_process_lets_go(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.databases.postgres.WRITER_IDLES_MS", 100)
    frozen, other = SqlStore.open(postgres_url), SqlStore.open(postgres_url)
    with other.writing([MAG]) as work:
        work.append(fact(PersonAdded(person("ana"), "Ana", "")), "one")

    def freeze() -> None:
        with frozen.writing([MAG]) as work:
            work.put(seat("ana"))
            time.sleep(0.3)
            with other.writing([MAG]) as meanwhile:
                meanwhile.put(seat("bo"))

    with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
        freeze()
    with other.reading() as reads:
        assert [found.person for found in reads.scan(type(seat("cy")), MAG)] == ["bo"]  # type: ignore[union-attr] # sound rows
    frozen.close()
    other.close()


def test_reading_only(postgres_url: str) -> None:
    store = SqlStore.open(postgres_url, read_only=True)
    with pytest.raises(ReadOnly), store.writing([MAG]):
        pass
    assert store.communities() == ()
    store.close()
