"""What keeps the service from running is said, with what to do, and it goes on trying."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from adapters.matrix.kept import locked
from adapters.matrix.service import FOLDER
from tests.adapters.matrix.hall import Hall
from tests.adapters.matrix.square import Square


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Callable[[str], None]:
    """Waits until something is logged."""

    def wait(words: str) -> None:
        end = time.monotonic() + 60
        while words not in caplog.text:
            assert time.monotonic() < end, caplog.text
            time.sleep(0.02)

    return wait


def test_a_folder_that_another_process_works_with(tmp_path: Path, logged: Callable[[str], None]) -> None:
    with (
        closing(locked(tmp_path / FOLDER)),
        Hall("http://127.0.0.1:9", ("@wg:wg.test", "secret"), tmp_path, {}) as hall,
    ):
        logged(f"another process works with the folder; stop one of them ({tmp_path / FOLDER})")
        assert hall.matrix.connection is None
        assert not hall.run(hall.matrix.connected())


def test_it_is_connected_when_it_is_logged_in(square: Square) -> None:
    assert square.hall.run(square.hall.matrix.connected())


def test_a_key_store_that_was_lost(square: Square, logged: Callable[[str], None]) -> None:
    """Other keys under the same device would be refused by everybody: nothing is sent by them."""
    with square.hall.away():
        for each in (square.hall.folder / FOLDER).glob("keys.db*"):
            each.unlink()
    logged("the homeserver has other keys of the bot's device; move the folder away, to log in as a new one")
