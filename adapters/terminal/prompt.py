"""The terminal as one sits before it: a line to type on, what arrives above it, what is around below it.

Imported only where somebody sits there: prompt_toolkit takes its time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.patch_stdout import patch_stdout

from adapters.shared.asked import CONTROLS, asked
from adapters.terminal.completing import offers
from adapters.terminal.paper import console, flat, safe
from adapters.terminal.people import Surroundings
from adapters.terminal.screen import Screen
from adapters.terminal.session import Heard, Session
from bot.command import COMMANDS
from bot.text import T, Tn, UserText

SECRET = ("poll choose", "/wg link ", "conduct report", "conduct note", "conduct close")
"""Lines with these words are not written to disk."""

RECALLED = 5
"""Messages of the room told again at the start, in a line each."""


async def run_prompt(session: Session, history: Path | None = None) -> None:
    """Let somebody sit down. `history` is where typed lines are kept for the next time."""
    await Prompt(session, Screen(console(), session.speaker.words()), history).run()


class Discreet(FileHistory):
    """What was typed, for the next time; but for answers to polls, which may be secret, one-time codes, and reports."""

    def __init__(self, filename: str, confiding: Callable[[], bool]) -> None:
        super().__init__(filename)
        self._confiding = confiding

    def store_string(self, string: str) -> None:
        """Keep a line."""
        if not self._confiding() and not any(word in string.lower() for word in SECRET):
            super().store_string(string)


class Prompt:
    """Somebody at the terminal."""

    def __init__(self, session: Session, screen: Screen, history: Path | None = None) -> None:
        self._session = session
        self._screen = screen
        self._around = Surroundings()
        self._arrived = asyncio.Event()
        kept: History = Discreet(str(history), self._confiding) if history is not None else InMemoryHistory()
        self._line: PromptSession[str] = PromptSession(
            history=kept,
            auto_suggest=AutoSuggestFromHistory(),
            completer=_Completer(self._complete),
            complete_while_typing=True,
            key_bindings=self._keys(),
            multiline=True,
            prompt_continuation="… ",
            bottom_toolbar=self._toolbar,
            erase_when_done=False,
        )

    def _confiding(self) -> bool:
        """Whether what is typed answers a form that is filled in in confidence."""
        form = self._session.form
        return form is not None and COMMANDS[form.command].confidential

    async def run(self) -> None:
        """Until `/quit` or Ctrl-D. Ctrl-C forgets the line."""
        session = self._session
        session.rooms.changed = self._arrived.set
        self._around = await session.surroundings()
        self._greet()
        with patch_stdout(raw=True):
            watching = asyncio.create_task(self._watch())
            try:
                while True:
                    try:
                        text = await self._line.prompt_async(self._message)
                    except KeyboardInterrupt:
                        continue
                    except EOFError:
                        return
                    if text.strip() and (await self._say(text)).left:
                        return
            finally:
                session.rooms.changed = lambda: None
                watching.cancel()
                with suppress(asyncio.CancelledError):
                    await watching

    def _greet(self) -> None:
        messages = self._session.rooms.history(self._session.place, RECALLED)
        if messages:
            self._screen.recalled(messages)
        else:
            session = self._session
            self._screen.said(
                T(
                    "You are {name}, in {room}. Type {start} to see what you can do, {help} for more about this terminal.",
                    name=UserText(session.speaker.name),
                    room=session.place,
                    start="/wg",
                    help="/help",
                )
            )
            if self._around.sample:
                self._screen.said(
                    T(
                        "Nothing here is real: {as_} speaks as somebody else, {clock} moves the clock.",
                        as_="/as NAME",
                        clock="/clock +7d",
                    )
                )
        form = self._session.form
        if form is not None:
            self._screen.heard(Heard(form))

    async def _say(self, text: str) -> Heard:
        session, screen = self._session, self._screen
        heard = await session.say(text)
        screen.words = session.speaker.words()
        screen.heard(heard)
        await session.settle()
        await self._show()
        screen.gap()
        return heard

    async def _watch(self) -> None:
        """Show what arrives by itself: by the clock, or said elsewhere."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            await self._show()

    async def _show(self) -> None:
        self._screen.arrived(self._session.arrivals())
        self._around = await self._session.surroundings()
        if self._line.app.is_running:
            self._line.app.invalidate()

    def _message(self) -> StyleAndTextTuples:
        session = self._session
        shown: StyleAndTextTuples = [("bold", safe(session.speaker.name)), ("", " "), ("ansimagenta", session.place)]
        question = asked(session.form) if session.form is not None else None
        if question is not None:
            shown += [("", " "), ("ansicyan", flat(self._screen.words.say(question.label)))]
        return [*shown, ("", "> ")]

    def _toolbar(self) -> str:
        words = self._screen.words
        parts = [safe(self._session.speaker.name), safe(self._session.place)]
        if self._around.now is not None:
            parts.append(words.clock(self._around.now))
        waiting = self._around.waiting
        if waiting:
            parts.append(flat(words.say(Tn("{count} thing to do", "{count} things to do", waiting))))
        if self._session.many_lines:
            parts.append(words.say(T("an empty line or Alt+Enter sends")))
        else:
            parts.append(words.say(T("/help · Ctrl-D leaves")))
        return " " + " · ".join(parts)

    def _complete(self, line: str) -> Iterable[Completion]:
        session = self._session
        for offer in offers(line, self._around, session.places, session.form, self._screen.words):
            yield Completion(offer.text, -offer.over, display_meta=offer.about)

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("enter")
        def _(event: KeyPressEvent) -> None:
            buffer = event.current_buffer
            if buffer.complete_state is not None and buffer.complete_state.current_completion is not None:
                buffer.complete_state = None
            elif self._goes_on(buffer.document):
                buffer.newline(copy_margin=False)
            else:
                buffer.validate_and_handle()

        @keys.add("tab")
        def _(event: KeyPressEvent) -> None:
            buffer = event.current_buffer
            state = buffer.complete_state
            if state is not None and len(state.completions) == 1:
                buffer.apply_completion(state.completions[0])
            elif state is not None:
                buffer.complete_next()
            else:
                buffer.start_completion(insert_common_part=True)

        @keys.add("escape", "enter")
        def _(event: KeyPressEvent) -> None:
            event.current_buffer.validate_and_handle()

        return keys

    def _goes_on(self, document: Document) -> bool:
        """Whether Enter adds a line rather than sending."""
        text = document.text
        if self._session.unfinished(text):
            return True
        if not self._session.many_lines or text.lstrip().startswith("/") or text.strip().lower() in CONTROLS:
            return False
        return not (document.is_cursor_at_the_end and document.current_line.strip() == "")


class _Completer(Completer):
    """Offers what may come next, in prompt_toolkit's own shape."""

    def __init__(self, complete: Callable[[str], Iterable[Completion]]) -> None:
        self._complete = complete

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002 — the library's
        return self._complete(document.text_before_cursor)
