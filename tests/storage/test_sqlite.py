"""SQLite: one process writes, any number read, erased values leave no trace, and what is loaded stays small."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.domain.people import Seat
from bot.domain.polls import PollChosen
from storage.databases.sqlite import SqliteSession
from storage.errors import DatabaseBusy, ReadOnly
from storage.store import SqlStore
from tests.contracts.unit_of_work import MAG, fact, person, seat, write

REPO = Path(__file__).parents[2]


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def in_another_process(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=REPO, capture_output=True, text=True, check=False, timeout=50
    )
    return (done.stdout + done.stderr).strip()


OPEN = """
import sys
from storage.store import SqlStore
from storage.errors import DatabaseBusy
try:
    SqlStore.open(sys.argv[1])
except DatabaseBusy as busy:
    print(busy.pid, busy)
"""


def test_a_second_writing_process_is_told_who_writes(sqlite_url: str) -> None:
    store = SqlStore.open(sqlite_url)
    said = in_another_process(OPEN, sqlite_url)
    assert said == f"{os.getpid()} {path_of(sqlite_url)} is in use by process {os.getpid()}"
    with pytest.raises(DatabaseBusy):
        SqlStore.open(sqlite_url)
    store.close()
    assert in_another_process(OPEN, sqlite_url) == ""
    SqlStore.open(sqlite_url).close()


def test_others_may_read_meanwhile(sqlite_url: str) -> None:
    store = SqlStore.open(sqlite_url)
    write(store, seat("ana"))
    other = SqlStore.open(sqlite_url, read_only=True)
    with other.reading() as reads:
        assert reads.get(Seat, MAG, 1, "ana") == seat("ana")
    with pytest.raises(ReadOnly), other.writing([MAG]):
        pass
    other.close()
    store.close()
    after = SqlStore.open(sqlite_url, read_only=True)
    with after.reading() as reads:
        assert reads.get(Seat, MAG, 1, "ana") == seat("ana")
    after.close()


def test_it_is_durable(sqlite_url: str) -> None:
    session = SqliteSession(path_of(sqlite_url), read_only=False)
    pragmas = {name: session.rows(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "secure_delete")}
    session.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}


def test_what_was_forgotten_is_nowhere_in_the_file(sqlite_url: str) -> None:
    store = SqlStore.open(sqlite_url)
    with store.writing([MAG]) as work:
        work.append(fact(PollChosen(1, person("ana"), (424_242,), ())), "one")
    store.close()
    assert b"424242" in path_of(sqlite_url).read_bytes()
    store = SqlStore.open(sqlite_url)
    with store.writing([MAG]) as work:
        work.forget(MAG, "poll.chosen", ("poll", 1))
    store.close()
    for file in path_of(sqlite_url).parent.iterdir():
        assert b"424242" not in file.read_bytes(), file


def test_many_threads_read_while_one_writes(sqlite_url: str) -> None:
    store = SqlStore.open(sqlite_url)
    write(store, seat("p00"))
    wrong: list[object] = []

    def read() -> None:
        for _ in range(100):
            with store.reading() as reads:
                first = len(reads.all(Seat, community=MAG, cycle=1))
                if len(list(reads.scan(Seat, MAG))) != first:
                    wrong.append(first)

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for number in range(1, 60):
        write(store, seat(f"p{number:02}"))
    for thread in threads:
        thread.join()
    store.close()
    assert wrong == []


def test_opening_it_loads_no_more_than_it_needs() -> None:
    code = "import sys, storage.schema, storage.store, storage.memory, storage.verify; print(*sys.modules)"
    loaded = {name.partition(".")[0] for name in in_another_process(code).split()}
    assert not loaded & {"alembic", "mako", "psycopg", "hypothesis", "pydantic"}


def test_text_that_is_damaged_keeps_nobody_from_the_rows_before_and_behind_it(tmp_path: Path) -> None:
    session = SqliteSession(tmp_path / "some.db", read_only=False, create=True)
    session.run("CREATE TABLE word (number INTEGER PRIMARY KEY, said TEXT)")
    session.run("INSERT INTO word VALUES (1, 'Zoë'), (2, CAST(x'61ff62' AS TEXT)), (3, 'José')")
    everything = "SELECT number, said FROM word ORDER BY number"
    assert list(session.each(everything)) == [(1, "Zoë"), (2, "a\ufffdb"), (3, "José")]
    assert list(session.each(everything + " LIMIT 1")) == [(1, "Zoë")]
    session.close()
