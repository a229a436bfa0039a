"""`wgbot export` and `wgbot import`: from one folder to another, for their owner's eyes alone."""

from __future__ import annotations

import gc
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from adapters.main import main
from storage.schema import prepare
from storage.store import SqlStore
from tests.builders import World


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """The program switches garbage collection off while it starts; these tests share their process with others."""
    yield
    gc.enable()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    url = f"sqlite:///{tmp_path / 'wgbot.db'}"
    prepare(url)
    with closing(SqlStore.open(url)) as store:
        World(store).proposed()
    return tmp_path


def wgbot(command: str, data: Path, *typed: str) -> int:
    return main([command, "--data", str(data), *typed])


def test_a_community_moves_to_another_folder(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, again, there = data / "mag.jsonl", data / "again.jsonl", data / "elsewhere"
    assert wgbot("export", data, "mag", str(file)) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert wgbot("import", there, str(file)) == 0
    assert wgbot("audit", there, "verify") == 0
    assert wgbot("export", there, "mag", str(again)) == 0
    assert again.read_bytes() == file.read_bytes()
    assert wgbot("community", there, "list") == 0
    said = capsys.readouterr()
    assert "mag is imported. Prove it: wgbot audit verify mag" in said.out
    assert "mag: the chain, the tallies and the stored state are whole" in said.out
    assert "mag: IGF MAG (sample), IGF 2027" in said.out


def test_what_cannot_be_done_is_said_and_leaves_nothing(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, there = data / "mag.jsonl", data / "elsewhere"
    assert wgbot("export", data, "nri", str(file)) == 1
    assert "Nothing is exported: there is no community nri." in capsys.readouterr().err
    assert [each.name for each in data.iterdir() if "jsonl" in each.name] == []
    assert wgbot("export", data, "mag", str(file)) == 0
    assert wgbot("export", data, "mag", str(file)) == 1
    assert "is there already: name another file" in capsys.readouterr().err
    assert wgbot("import", data, str(file)) == 1
    assert "Nothing is imported: there is a community mag here already" in capsys.readouterr().err
    assert wgbot("import", there, str(data / "none")) == 1
    assert "There is no file" in capsys.readouterr().err
    file.write_bytes(file.read_bytes()[:-200])
    assert wgbot("import", there, str(file)) == 1
    assert "Nothing is imported: line" in capsys.readouterr().err
    assert wgbot("community", there, "list") == 0
    assert capsys.readouterr().out == ""


def test_it_goes_through_a_pipe(data: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert wgbot("export", data, "mag", "-") == 0
    out = capfdbinary.readouterr().out
    assert out.startswith(b'{"line":"community","format":1,')
    assert out.endswith(b"}\n")


def test_the_folder_may_be_named_before_or_behind_what_is_done(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for typed in (["--data", str(data), "verify"], ["verify", "--data", str(data)]):
        assert main(["audit", *typed]) == 0
    assert main(["community", "list", "--data", str(data)]) == 0
    assert "mag" in capsys.readouterr().out
