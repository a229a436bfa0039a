"""What is in a log and what is not: values planted wherever a line can have them from, at every level, in both forms."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from adapters.shared.logs import configure, said
from adapters.shared.writer import Writer
from bot.command import COMMANDS
from bot.context import Request, Space
from bot.domain.community import Settings
from bot.engine import Engine, reference_of
from storage.memory import MemoryStore
from tests.adapters.sample_mag import found_mag
from tests.builders import CHAIR, MAG
from tests.support.logs import all_logged

ROOT = Path(__file__).parents[3]

WORDS = "the words of a member, strongly opposed"
ADDRESS = "amina.o+wg@mag.example"
SECRET = "hunter2-is-no-token"  # found by its value, as a setting's; the others by what they look like
TOKENS = (
    "xoxb-123456789012-abcdefABCDEF",
    "xapp-1-A0123-456-abcdef0123",
    "xoxe.xoxp-1-Mi0yLTEyMzQ1",
    "syt_d2c_QwErTyUiOpAsDfGhJkLz_1a2b3c",
    "mat_abcdefGHIJKL",
)
PLANTED = (WORDS, ADDRESS, SECRET, *TOKENS)


def everything() -> str:
    return (
        f"{WORDS} {ADDRESS} {' '.join(TOKENS)} {SECRET} Bearer abcdefgh12345678 postgresql://wgbot:pass-word@db/wgbot"
    )


def assert_nothing_of_it(text: str) -> None:
    for each in (*PLANTED, "abcdefgh12345678", "pass-word"):
        assert each not in text, text


@pytest.mark.parametrize("structured", [True, False])
def test_what_errors_and_libraries_say_is_not_logged(structured: bool) -> None:
    ours, library = logging.getLogger("adapters.planted"), logging.getLogger("slack_sdk.planted")
    with all_logged([SECRET], structured=structured) as kept:
        try:
            try:
                raise LookupError(everything())  # noqa: TRY301 — it is to be caught
            except LookupError as error:
                raise ValueError(everything()) from ExceptionGroup(everything(), [error, OSError(13, everything())])
        except ValueError as error:
            ours.exception("bug %s", "a1b2c3", extra={"reference": "a1b2c3"})
            ours.warning("it failed: %s", error)
            library.exception(f"it failed: {error}")
        for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
            library.log(level, f"a request: {everything()}", extra={"body": everything()})
            library.log(level, "a request: %s", everything())
        ours.error("%s and %d", everything(), "no number")
        asyncio.run(_nobody_waits())
    text = kept.getvalue()
    assert_nothing_of_it(text)
    for there in ("a1b2c3", "ValueError", "LookupError", "PermissionError (EACCES)", "test_logs.py:", "asyncio"):
        assert there in text, there
    assert "a line could not be written" in text
    if structured:
        first = json.loads(text.splitlines()[0])
        assert (first["reference"], first["level"], first["logger"]) == ("a1b2c3", "error", "adapters.planted")


async def _nobody_waits() -> None:
    async def fails(words: str) -> None:
        raise RuntimeError(words)

    task = asyncio.create_task(fails(everything()))
    await asyncio.sleep(0)
    del task
    asyncio.get_running_loop().call_soon(_failing, everything())
    await asyncio.sleep(0)


def _failing(words: str) -> None:
    raise RuntimeError(words)


def test_secrets_and_addresses_are_taken_out_of_our_own_words() -> None:
    """Whoever lets one into a line: the last look is at the line itself."""
    log = logging.getLogger("adapters.planted")
    with all_logged([SECRET]) as kept:
        log.warning("with %s", everything().replace(WORDS, ""), extra={"reference": ADDRESS, "more": [*TOKENS, SECRET]})
        log.warning("@amina:mag.example spoke in !room:mag.example")
    assert_nothing_of_it(kept.getvalue())
    assert "@amina:mag.example spoke in !room:mag.example" in kept.getvalue()


def test_an_error_is_said_by_its_class_and_code() -> None:
    class Named(Exception):
        code = "M_FORBIDDEN"

    assert said(Named(WORDS)) == "Named (M_FORBIDDEN)"
    assert said(OSError(28, WORDS)) == "OSError (ENOSPC)"
    Named.code = WORDS
    assert said(Named()) == "Named"


def test_the_log_has_the_reference_that_the_person_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(WORDS)

    class Torn(MemoryStore):
        def writing(self, communities: object) -> NoReturn:  # noqa: ARG002 — as it is called
            raise ConnectionError(WORDS)

    COMMANDS.load_all()
    store = MemoryStore()
    found_mag(store, Settings(), lambda *_: None)
    request = Request(
        MAG, Space("terminal", "", "#mag"), "list", ADDRESS, datetime.now(UTC), user=CHAIR, typed=f"list {WORDS}"
    )
    with all_logged() as kept, Writer(Engine(store)) as writer:
        with monkeypatch.context() as patched:
            patched.setattr("bot.engine.perform", broken)
            shown = repr(writer.ask(request).view)
        writer.engine.store = Torn()
        with pytest.raises(ConnectionError):
            writer.ask(request)
    assert reference_of(request) in shown
    lines = [json.loads(each) for each in kept.getvalue().splitlines()]
    told = [each for each in lines if each.get("level") == "error"]
    assert [each["reference"] for each in told] == [reference_of(request)] * 2
    assert_nothing_of_it(kept.getvalue())


@pytest.mark.slow
def test_a_whole_run_in_the_terminal_logs_nothing_of_what_is_said(tmp_path: Path) -> None:
    script = f'/wg poll "{WORDS}" Geneva, Lyon --secret\n/wg poll choose 1 Geneva\n/wg nonsense {ADDRESS}\n'
    done = subprocess.run(
        [sys.executable, "-m", "adapters.main", "terminal", "--data", str(tmp_path)],
        input=script,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "WGBOT_LOG": "DEBUG"},
    )
    assert WORDS in done.stdout
    for each in (WORDS, ADDRESS, "Geneva"):
        assert each not in done.stderr


def test_what_cannot_be_logged_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever started it may have closed its stderr, or put another in its place."""
    first, second = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", first)
    handler = configure("WARNING")
    try:
        monkeypatch.setattr(sys, "stderr", second)
        logging.getLogger("adapters").warning("another")
        second_said = second.getvalue()
        second.close()
        logging.getLogger("adapters").warning("nowhere")
    finally:
        logging.getLogger().removeHandler(handler)
    assert (first.getvalue(), "another" in second_said) == ("", True)
