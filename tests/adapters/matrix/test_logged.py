"""What is said in Matrix is in no log, at DEBUG, and neither is what the bot gets in by; what went wrong is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.performing import perform
from tests.adapters.matrix.square import Square
from tests.builders import CHAIR, CIVIL
from tests.support.logs import all_logged
from tests.support.matrix.synapse import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

WORDS = "a question nobody may read in a log"


def test_nothing_that_is_said_or_secret_is_logged(square: Square, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(context: Any, command: Any, *rest: Any) -> Any:
        if "broken" in context.request.typed:
            raise RuntimeError(context.request.typed)
        return perform(context, command, *rest)

    monkeypatch.setattr("bot.engine.perform", broken)
    connection = square.hall.matrix.connection
    assert connection is not None
    with all_logged() as kept:
        square.says(CHAIR, f'!wg poll "{WORDS}" Geneva, Lyon --secret', "Poll 1 is open")
        square.says(CIVIL, "!wg poll choose 1 Geneva", "The answer is for you alone")
        square.says(CIVIL, f"!wg nonsense {WORDS} somebody@mag.example", "There is no command nonsense")
        went_wrong = square.says(CIVIL, f'!wg poll "{WORDS}, broken" Geneva, Lyon', "Something went wrong")
        with square.hall.away():
            pass
    text = kept.getvalue()
    for each in (WORDS, "Geneva", "Lyon", "somebody@mag.example", PASSWORD, connection.account.login.token):
        assert each not in text, each
    bugs = [each for each in map(json.loads, text.splitlines()) if "reference" in each and each["level"] == "error"]
    assert [each["reference"] in went_wrong.body for each in bugs] == [True]
