"""Taking a position stays cheap: a batch reads in a handful of statements, however many positions and members there are."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from bot.context import Request, Space
from bot.domain.dues import Due, DueKind
from bot.domain.ids import PersonId
from bot.engine import Engine
from bot.outgoing import START_PAGE, Placement, home_of, page_of
from storage.databases.sqlite import SqliteSession
from storage.schema import prepare
from storage.store import SqlStore
from tests.bench.community import BENCH, positions, settle_in


def counted(monkeypatch: pytest.MonkeyPatch, engine: Engine, requests: Sequence[Request]) -> tuple[int, int]:
    """How many statements one batch reads and writes with."""
    counts = {"rows": 0, "write": 0}
    rows, write = SqliteSession.rows, SqliteSession.write

    def counting_rows(self: SqliteSession, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        counts["rows"] += 1
        return rows(self, sql, parameters)

    def counting_write(self: SqliteSession, sql: str, values: Sequence[tuple[Any, ...]]) -> None:
        counts["write"] += 1
        write(self, sql, values)

    with monkeypatch.context() as patched:
        patched.setattr(SqliteSession, "rows", counting_rows)
        patched.setattr(SqliteSession, "write", counting_write)
        answers = engine.handle(requests)
    assert all(answer.done for answer in answers)
    return counts["rows"], counts["write"]


def statements(
    monkeypatch: pytest.MonkeyPatch, store: SqlStore, members: int, batch: int, seed: int
) -> tuple[int, int]:
    """The same, of one batch of positions."""
    return counted(monkeypatch, Engine(store), list(islice(positions(members, seed), batch)))


def open_pages(store: SqlStore, members: int) -> None:
    """Every member has opened their start page."""
    with store.writing([BENCH]) as work:
        for number in range(members):
            user = f"U{number:07d}"
            place = (BENCH, home_of(PersonId(f"p{number}")), "bench", "T", page_of(user))
            work.put(Placement(*place, START_PAGE, datetime.now(UTC)))


@pytest.mark.parametrize("pages", [False, True], ids=["without start pages", "with start pages"])
def test_a_batch_reads_and_writes_in_a_handful_of_statements(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: bool
) -> None:
    found = []
    for members in (50, 500):
        url = f"sqlite:///{tmp_path / f'{members}.db'}"
        prepare(url)
        store = SqlStore.open(url)
        settle_in(store, members)
        if pages:
            open_pages(store, members)
        found += [statements(monkeypatch, store, members, batch, seed) for seed, batch in enumerate((32, 256), 1)]
        with store.writing([BENCH]) as work:
            assert (work.outbox.waiting() > 1) is pages, "their pages are brought up to date"
        store.close()
    assert all(reads <= 12 and writes <= 8 for reads, writes in found), found
    assert max(found) == min(found), "neither the batch nor the members asked changes how many"


def test_a_batch_leaves_nothing_to_the_garbage_collector(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'few.db'}"
    prepare(url)
    store = SqlStore.open(url)
    settle_in(store, 50)
    engine, source = Engine(store), positions(50)
    engine.handle(list(islice(source, 32)))
    gc.collect()
    gc.disable()
    try:
        engine.handle(list(islice(source, 32)))
        assert gc.collect() == 0
    finally:
        gc.enable()
        store.close()


def test_reminders_of_everybody_asked_are_planned_in_a_handful_of_statements(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for members in (50, 500):
        url = f"sqlite:///{tmp_path / f'{members}.db'}"
        prepare(url)
        store = SqlStore.open(url)
        settle_in(store, members)
        with store.reading() as reads:
            (due,) = (each for each in reads.all(Due, community=BENCH) if each.kind is DueKind.REMINDING)
        given = {"kind": due.kind.value, "subject": due.subject}
        request = Request(BENCH, Space("system", "", ""), "due", "1", due.due_at, arguments=given, system=True)
        found.append(counted(monkeypatch, Engine(store, lambda at=due.due_at: at), [request]))  # type: ignore[misc]  # of this round
        with store.reading() as reads:
            planned = [each for each in reads.all(Due, community=BENCH) if each.kind is DueKind.REMINDER]
        assert len(planned) == members
        store.close()
    assert found[0] == found[1]
    assert max(found[0]) <= 12
