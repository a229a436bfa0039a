"""Sitting at the terminal: keys are pressed, lines are sent, and what happens is shown above."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from adapters.terminal.paper import console
from adapters.terminal.prompt import Prompt
from adapters.terminal.screen import Screen
from tests.adapters.terminal.sitting import PROPOSED, Sitting

ENTER, TAB, ALT_ENTER, CTRL_C, CTRL_D = "\r", "\t", "\x1b\r", "\x03", "\x04"
PASTE = "\x1b[200~{}\x1b[201~"


async def until(holds: Callable[[], bool]) -> None:
    """Wait for something the prompt does by itself; it has no event to wait for."""
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 — see above
            await asyncio.sleep(0.005)


def pressed(*keys: str, sitting: Sitting | None = None, history: Path | None = None, then: str = CTRL_D) -> str:
    """What is seen after keys are pressed, each once there is a line to press it on."""
    paper = StringIO()

    async def press(pipe: PipeInput, prompt: Prompt) -> None:
        app, buffer = prompt._line.app, prompt._line.default_buffer
        for key in (*keys, then):
            await until(lambda: app.is_running)
            before = buffer.text
            pipe.send_text(key)
            if key == TAB:
                await until(lambda before=before: buffer.text != before)  # type: ignore[misc] # bound now
            await asyncio.sleep(0.02)

    async def story(pipe: PipeInput) -> None:
        async with (sitting or Sitting()).session() as session:
            prompt = Prompt(session, Screen(console(paper, 80, colour=False), session.speaker.words()), history)
            pressing = asyncio.create_task(press(pipe, prompt))
            await asyncio.wait_for(prompt.run(), 30)
            pressing.cancel()

    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        asyncio.run(story(pipe))
    return paper.getvalue()


def test_a_line_is_sent_with_enter_and_answered() -> None:
    assert "What wgbot can do" in pressed("/wg help", ENTER)


def test_tab_completes_a_name() -> None:
    assert "You speak as Grażyna G. now" in pressed("/as graz", TAB, ENTER)


def test_a_quotation_goes_on_in_the_next_line() -> None:
    sitting = Sitting()
    sitting.plays(f"/as Qiang R.\n{PROPOSED}\n")
    seen = pressed('/wg consult comment WG-MWP concern "one', ENTER, 'two"', ENTER, sitting=sitting)
    assert "Comment 1 on WG-MWP" in seen


@pytest.mark.parametrize(
    "keys",
    [
        ("first", ENTER, "second", ENTER, ENTER),
        ("first", ENTER, "second", ALT_ENTER),
        (PASTE.format("first\nsecond"), ENTER, ENTER),
    ],
    ids=["an empty line", "Alt+Enter", "pasted"],
)
def test_an_answer_of_several_lines(keys: tuple[str, ...]) -> None:
    seen = pressed("/wg propose new", ENTER, "A name", ENTER, "WG-X1", ENTER, *keys, "preview", ENTER)
    assert "│ first" in seen
    assert "│ second" in seen


def test_a_pasted_text_keeps_its_empty_lines() -> None:
    text = PASTE.format("first\n\nsecond")
    seen = pressed("/wg propose new", ENTER, "A name", ENTER, "WG-X1", ENTER, text, ALT_ENTER, "preview", ENTER)
    assert seen.index("│ first") < seen.index("│ second")


def test_words_that_steer_a_form_need_no_second_enter() -> None:
    seen = pressed("/wg propose new", ENTER, "A name", ENTER, "WG-X1", ENTER, "cancel", ENTER)
    assert "Cancelled" in seen


def test_ctrl_c_forgets_the_line_and_quit_leaves() -> None:
    seen = pressed("/wg list", CTRL_C, "/rooms", ENTER, "/quit", then=ENTER)
    assert "Working groups of" not in seen
    assert "Rooms" in seen


def test_what_arrives_meanwhile_is_shown() -> None:
    sitting = Sitting()

    def said() -> None:
        sitting.rooms.post("m1", "#mag", "Bao B.", b'"Good morning"')

    seen = during(said, sitting)
    assert "#mag · Bao B.: Good morning" in seen


def during(happens: Callable[[], None], sitting: Sitting) -> str:
    paper = StringIO()

    async def story(pipe: PipeInput) -> None:
        async with sitting.session() as session:
            prompt = Prompt(session, Screen(console(paper, 80, colour=False), session.speaker.words()))
            running = asyncio.create_task(prompt.run())
            await until(lambda: prompt._line.app.is_running)
            happens()
            await until(lambda: bool(paper.getvalue()))
            pipe.send_text(CTRL_D)
            await asyncio.wait_for(running, 20)

    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        asyncio.run(story(pipe))
    return paper.getvalue()


def test_typed_lines_are_there_the_next_time(tmp_path: Path) -> None:
    pressed("/rooms", ENTER, history=tmp_path / "history")
    up = "\x1b[A"
    assert "Rooms" in pressed(up, ENTER, history=tmp_path / "history")


def test_what_is_said_in_confidence_is_not_written_down(tmp_path: Path) -> None:
    kept = tmp_path / "history"
    pressed("/wg conduct report A xylophone.", ENTER, history=kept)
    pressed("/wg conduct report", ENTER, "Another xylophone.", ENTER, ENTER, history=kept)
    pressed("/rooms", ENTER, history=kept)
    assert "/rooms" in kept.read_text()
    assert "xylophone" not in kept.read_text()


def test_one_who_comes_back_sees_what_was_said_and_the_form_left_open() -> None:
    sitting = Sitting()
    pressed("hello", ENTER, "/wg propose new", ENTER, sitting=sitting)
    seen = pressed(sitting=sitting)
    assert "#mag · Amina A. · hello" in seen
    assert "What is the working group called?" in seen
