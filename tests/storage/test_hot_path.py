"""Taking a position stays cheap: a batch reads in a handful of statements, however many positions and members there are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from bot.engine import Engine
from storage.databases.sqlite import SqliteSession
from storage.schema import prepare
from storage.store import SqlStore
from tests.bench.community import positions, settle_in


def statements(
    monkeypatch: pytest.MonkeyPatch, store: SqlStore, members: int, batch: int, seed: int
) -> tuple[int, int]:
    """How many statements one batch of positions reads and writes with."""
    counted = {"rows": 0, "write": 0}
    rows, write = SqliteSession.rows, SqliteSession.write

    def counting_rows(self: SqliteSession, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        counted["rows"] += 1
        return rows(self, sql, parameters)

    def counting_write(self: SqliteSession, sql: str, values: Sequence[tuple[Any, ...]]) -> None:
        counted["write"] += 1
        write(self, sql, values)

    requests = list(islice(positions(members, seed), batch))
    with monkeypatch.context() as patched:
        patched.setattr(SqliteSession, "rows", counting_rows)
        patched.setattr(SqliteSession, "write", counting_write)
        answers = Engine(store).handle(requests)
    assert all(answer.done for answer in answers)
    return counted["rows"], counted["write"]


def test_a_batch_reads_and_writes_in_a_handful_of_statements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for members in (50, 500):
        url = f"sqlite:///{tmp_path / f'{members}.db'}"
        prepare(url)
        store = SqlStore.open(url)
        settle_in(store, members)
        found += [statements(monkeypatch, store, members, batch, seed) for seed, batch in enumerate((32, 256), 1)]
        store.close()
    assert all(reads <= 12 and writes <= 8 for reads, writes in found), found
    assert max(found) == min(found), "neither the batch nor the members asked changes how many"
