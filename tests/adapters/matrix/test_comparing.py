"""Emoji compared beside a bot that runs: shown by it, read and answered by `wgbot matrix verify`."""

from __future__ import annotations

import asyncio
import io
import os
import time
from pathlib import Path

import pytest

from adapters.main import main
from adapters.matrix.comparing import FOLDER, LOOK_SECONDS, Board
from adapters.matrix.errors import MatrixError
from adapters.matrix.verifying import LIFE_SECONDS, Comparison
from tests.adapters.matrix.hall import Hall
from tests.support.matrix.crowd import Elements
from tests.support.matrix.element import Element
from tests.support.matrix.synapse import PASSWORD, Homeserver
from tests.support.matrix.verifying import Verification

DOG = Comparison("../../$an/event", "@ana:wg.test", "PHONE", (("🐶", "Dog"), ("🔑", "Key")))


def passed_on(board: Board, errors: int = 0) -> list[tuple[str, bool]]:
    """What is told of the answers there are."""
    told: list[tuple[str, bool]] = []

    async def confirm(name: str, match: bool) -> None:
        told.append((name, match))
        if len(told) <= errors:
            raise MatrixError(502, "", "", 0.0, {})

    async def whole() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(board.pass_on(confirm), LOOK_SECONDS / 10)

    asyncio.run(whole())
    return told


def test_what_is_shown_is_answered_once(tmp_path: Path) -> None:
    board = Board(tmp_path)
    assert board.shown() == []
    board.show(DOG)
    assert Board(tmp_path).shown() == [DOG]
    assert passed_on(board) == []
    assert Board(tmp_path).answer(DOG, match=True)
    assert not board.answer(DOG, match=False)
    assert board.shown() == []
    assert passed_on(board) == [(DOG.id, True)]
    assert passed_on(board) == []


def test_an_answer_that_cannot_be_told_keeps_no_other_from_it(tmp_path: Path) -> None:
    board = Board(tmp_path)
    for name in ("a", "b"):
        each = Comparison(name, "@ana:wg.test", "PHONE", ())
        board.show(each)
        board.answer(each, match=True)
    assert {name for name, _ in passed_on(board, errors=1)} == {"a", "b"}


def test_what_is_over_is_not_shown(tmp_path: Path) -> None:
    board = Board(tmp_path)
    board.show(DOG)
    (file,) = (tmp_path / FOLDER).iterdir()
    os.utime(file, (time.time() - LIFE_SECONDS, time.time() - LIFE_SECONDS))
    assert board.shown() == []
    assert not board.answer(DOG, match=True)
    board.show(DOG)
    board.clear()
    assert board.shown() == []


def begun(ana: Element, bot: str) -> Verification:
    """A verification whose emoji are there to be compared."""
    room = ana.message_directly(bot)
    ana.sees_room(room, lambda seen: seen.members.get(bot) == "join")
    ana.send(room, "help")
    verification = ana.ask_to_verify(bot, room=room)
    verification.start()
    return verification


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("typed", ["What?\nyes\n", "no\n"])
def test_somebody_verifies_a_bot_that_runs(
    typed: str,
    synapse: Homeserver,
    element: Elements,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ana, bot = element("ana"), synapse.register("wg")
    with Hall(synapse.url, (bot.user_id, PASSWORD), tmp_path, {}):
        verification = begun(ana, bot.user_id)
        emoji = verification.shown()
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        match = main(["matrix", "--data", str(tmp_path), "verify"]) == 0
        said = capsys.readouterr().out
        assert f"{ana.id} (device {ana.account.device_id}) has to see these" in said
        assert [line.split()[0] for line in said.splitlines() if line.startswith("  ")] == list(emoji)
        assert match is ("yes" in typed)
        if match:
            verification.confirm()
            verification.reaches("Done")
            ana.sees_trust(bot.user_id, lambda trust: trust.verified)
        else:
            assert verification.reaches("Cancelled").cancelled == "m.mismatched_sas"
