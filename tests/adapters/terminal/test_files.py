"""Files named in a command: read as UTF-8, or refused with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.shared.words import Words
from adapters.terminal.files import LARGEST, text_of, with_files
from bot.domain.errors import Refusal


def refusal_of(typed: str) -> str:
    with pytest.raises(Refusal) as caught:
        text_of(typed, "roster")
    assert caught.value.field == "roster"
    say = Words().say
    return say(caught.value.what) + " " + (say(caught.value.next_step) if caught.value.next_step else "")


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_utf_8_with_a_byte_order_mark_or_without(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(start + "Zoë B.;x\r\n".encode())
    assert text_of(str(path), "roster") == "Zoë B.;x\r\n"
    assert text_of(f'  "{path}" ', "roster") == "Zoë B.;x\r\n"


def test_a_home_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.md").write_text("text")
    assert text_of("~/a.md", "roster") == "text"


def test_what_is_not_there_says_what_is_near(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").touch()
    assert f"Did you mean {tmp_path / 'roster.csv'}?" in refusal_of(str(tmp_path / "rooster.csv"))
    assert "paste the text" in refusal_of(str(tmp_path / "nowhere" / "x.csv"))


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    assert "is a folder" in refusal_of(str(tmp_path))
    (tmp_path / "latin.csv").write_bytes("Zoë".encode("latin-1"))
    assert "is not UTF-8 text: byte 3" in refusal_of(str(tmp_path / "latin.csv"))
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(LARGEST + 1)
    assert "larger than 4 megabytes" in refusal_of(str(tmp_path / "large.csv"))
    for name in ("a\0b", "~nobody-at-all/x", "x" * 5000, "/dev/null/x"):
        refusal_of(name)


def test_only_arguments_that_take_a_file_are_read(tmp_path: Path) -> None:
    path = tmp_path / "p.md"
    path.write_text("the text")
    assert with_files("propose text", {"text": str(path)}) == {"text": "the text"}
    assert with_files("propose text", {"text": "several\nlines"}) == {"text": "several\nlines"}
    assert with_files("consult comment", {"text": str(path)}) == {"text": str(path)}
    assert with_files("no such command", {"text": str(path)}) == {"text": str(path)}
