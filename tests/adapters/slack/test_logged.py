"""What a day in Slack leaves in the log, at DEBUG: nothing of what was said, chosen, or is secret; and what went wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.performing import perform
from tests.adapters.slack.office import Office
from tests.builders import CHAIR, CIVIL, PRIVATE
from tests.support.logs import all_logged
from tests.support.slack.workspace import App

WORDS = "a question nobody may read in a log"


def test_nothing_that_is_said_or_secret_is_logged(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(context: Any, command: Any, *rest: Any) -> Any:
        if WORDS in context.request.typed and "broken" in context.request.typed:
            raise RuntimeError(context.request.typed)
        return perform(context, command, *rest)

    monkeypatch.setattr("bot.engine.perform", broken)
    app = App()
    with all_logged() as kept:
        office.says(CHAIR, f'poll "{WORDS}" Geneva, Lyon --secret')
        card = office.sees(CIVIL, WORDS)
        office.click(CIVIL, card, "Geneva")
        office.says(PRIVATE, "poll choose 1 Lyon")
        assert "There is no" in office.says(CIVIL, f"nonsense {WORDS} somebody@mag.example")
        went_wrong = office.says(CIVIL, f'poll "{WORDS}, broken" Geneva, Lyon')
        office.edge.trouble("chat.postMessage", after=True, times=2)
        office.says(CHAIR, f'poll "{WORDS} again" Geneva, Lyon')
    text = kept.getvalue()
    for each in (WORDS, "Geneva", "Lyon", "@mag.example", app.signing_secret, "xoxb-", "xapp-"):
        assert each not in text, each
    bugs = [each for each in map(json.loads, text.splitlines()) if "reference" in each and each["level"] == "error"]
    assert [each["reference"] in went_wrong for each in bugs] == [True]
    assert bugs[0]["error"] == "RuntimeError"
