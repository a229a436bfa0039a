"""`wgbot backup` and `wgbot restore`: taken while others write, put back where nothing is, never half."""

from __future__ import annotations

import gc
import os
import sqlite3
import stat
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from adapters.main import main
from bot.domain.community import Counter
from storage.schema import prepare
from storage.store import SqlStore
from storage.verify import Flaw, verify
from tests.builders import MAG, World
from tests.support.postgres import Server, binaries

REPO = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """The program switches garbage collection off while it starts; these tests share their process with others."""
    yield
    gc.enable()


def wgbot(command: str, data: Path, *typed: object) -> int:
    return main([command, "--data", str(data), *map(str, typed)])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with all that an installation keeps."""
    folder = tmp_path / "var"
    (folder / "matrix").mkdir(parents=True)
    url = f"sqlite:///{folder / 'wgbot.db'}"
    prepare(url)
    with closing(SqlStore.open(url)) as store:
        World(store).proposed()
    (folder / "rooms.jsonl").write_text('{"said": "Hello."}\n')
    for name in ("account.json", "cross-signing.json"):
        (folder / "matrix" / name).write_text("{}")
    with closing(sqlite3.connect(folder / "slack.db")) as other, other:
        other.execute("CREATE TABLE slack_installations (bot_token TEXT)")
        other.execute("INSERT INTO slack_installations VALUES ('xoxb-1')")
    return folder


def test_everything_comes_back_and_the_log_proves_it(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, there = tmp_path / "one.backup", tmp_path / "elsewhere"
    assert wgbot("backup", data, file) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["one.backup", "var"]
    there.mkdir()  # a volume that is mounted is there already
    assert wgbot("restore", there, file) == 0
    assert wgbot("audit", there, "verify") == 0
    said = capsys.readouterr().out
    assert "mag: whole, to entry" in said
    names = sorted(each.relative_to(there).as_posix() for each in there.rglob("*") if each.is_file())
    assert [each for each in names if not each.endswith((".lock", "-wal", "-shm"))] == [
        "matrix/cross-signing.json",  # but not the device, which would repeat its keys
        "rooms.jsonl",
        "slack.db",
        "wgbot.db",
    ]
    with closing(sqlite3.connect(there / "slack.db")) as other:
        assert other.execute("SELECT bot_token FROM slack_installations").fetchall() == [("xoxb-1",)]
    exported = [tmp_path / f"{name}.jsonl" for name in ("before", "after")]
    for folder, name in zip((data, there), exported, strict=True):
        assert wgbot("export", folder, "mag", name) == 0
    assert exported[0].read_bytes() == exported[1].read_bytes()


def test_nothing_is_written_over(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "one.backup"
    assert wgbot("backup", data, file) == 0
    before = (file.read_bytes(), (data / "wgbot.db").read_bytes())
    assert wgbot("backup", data, file) == 1
    assert wgbot("restore", data, file) == 1
    assert (file.read_bytes(), (data / "wgbot.db").read_bytes()) == before
    said = capsys.readouterr().err
    assert "is there already: name another file" in said
    assert "is there already. Give an empty folder" in said


def test_a_damaged_file_puts_nothing_back(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, there = tmp_path / "one.backup", tmp_path / "elsewhere"
    assert wgbot("backup", data, file) == 0
    whole = file.read_bytes()
    middle = len(whole) // 2
    for changed in (
        whole[:-2_000],
        whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        b"",
        b"a letter",
    ):
        file.write_bytes(changed)
        assert wgbot("restore", there, file) == 1
        assert "is damaged" in capsys.readouterr().err
        assert not list(there.iterdir())


def test_nobody_writes_outside_the_folder(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, bad = tmp_path / "one.backup", tmp_path / "bad.backup"
    assert wgbot("backup", data, file) == 0
    with tarfile.open(file) as tar:
        tar.extractall(tmp_path / "open", filter="data")
    contents = tmp_path / "open" / "contents.json"
    contents.write_text(contents.read_text().replace("data/rooms.jsonl", "data/../../rooms.jsonl"))
    with tarfile.open(bad, "w:gz") as tar:
        tar.add(contents, "contents.json")
    assert wgbot("restore", tmp_path / "elsewhere", bad) == 1
    assert "names a file outside" in capsys.readouterr().err


@pytest.mark.slow
def test_what_was_acknowledged_before_it_began_is_in_it(sqlite_url: str, tmp_path: Path) -> None:
    there = tmp_path / "there"
    _taken_under_load(sqlite_url, tmp_path, f"sqlite:///{there / 'wgbot.db'}")


@pytest.mark.slow
def test_the_same_on_postgres(
    postgres_url: str, postgres_18: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{binaries(18)}{os.pathsep}{os.environ['PATH']}")
    with postgres_18.database() as empty:
        _taken_under_load(postgres_url, tmp_path, empty)


def test_what_is_missing_for_postgres_is_named(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert wgbot("backup", tmp_path, "--database", postgres_url, tmp_path / "one.backup") == 1
    assert "pg_dump is not on this machine" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def _taken_under_load(url: str, folder: Path, again: str) -> None:
    """Take a backup while another process commits without a pause, and put it back elsewhere."""
    there, file = folder / "there", folder / "one.backup"
    command = [sys.executable, "-m", "tests.support.batches", url, "0"]
    with subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        acknowledged = [origin for _ in range(20) for origin in child.stdout.readline().split()]
        assert wgbot("backup", folder, "--database", url, file) == 0
        child.kill()
        child.stdout.read()
    assert main(["restore", "--data", str(there), "--database", again, str(file)]) in (0, 1)  # these are no real facts
    with closing(SqlStore.open(again)) as store:
        with store.writing([MAG]) as work:
            done = [fact.event.digest for _, fact in work.facts(MAG) if fact]
            counter = work.get(Counter, MAG, "done")
        assert set(acknowledged) <= set(done)
        assert counter is not None
        assert counter.last == len(done)
        assert not {Flaw.CHAIN, Flaw.HEAD} & {problem.flaw for problem in verify(store, MAG)}
