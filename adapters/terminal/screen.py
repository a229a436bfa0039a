"""What somebody at the terminal sees: what they typed, what they are answered, and what arrives in the rooms."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import groupby
from typing import Final

import msgspec
from rich.console import Console
from rich.text import Text as Line

from adapters.shared.words import Words
from adapters.terminal.paper import FAINT, Prose, safe, styled
from adapters.terminal.render import drawn, summary
from adapters.terminal.rooms import Change, Message
from adapters.terminal.session import Heard
from bot.text import T, Text, Tn, UserText
from bot.view import Notice, View

NAMED: Final = 3
"""How many people are named who got the same message directly."""

_ROOM: Final = "bold magenta"


class Screen:
    """Draws on a console (`paper.console` makes it), in a reader's words."""

    def __init__(self, console: Console, words: Words) -> None:
        self.console = console
        self.words = words

    def typed(self, prompt: str, text: str) -> None:
        """A line as it was typed, after its prompt."""
        first, *rest = safe(text).split("\n")
        line = Line(safe(prompt), FAINT).append(first, "bold")
        for each in rest:
            line.append("\n… ", FAINT).append(each, "bold")
        self.console.print(line, overflow="fold")

    def gap(self) -> None:
        """An empty line, before what is next."""
        self.console.print()

    def narrated(self, text: str) -> None:
        """A comment of the script's."""
        self.console.print(Line(f"# {safe(text)}", "italic"), overflow="fold")

    def said(self, text: Text) -> None:
        """A sentence of the terminal's own."""
        self.console.print(Prose(styled(self.words.say(text), "bold")))

    def heard(self, heard: Heard) -> None:
        """What a line was answered."""
        for message in heard.messages:
            when = self.words.moment(message.at)
            self._message(self._head(message, message.place).append(f" · {when}", FAINT), message)
        if heard.view is not None:
            self.console.print(drawn(heard.view, self.words, whole=heard.whole))

    def arrived(self, changes: Iterable[Change]) -> None:
        """What arrives in the rooms: new messages whole, changed cards in a line. The same to many people comes once."""
        for _, alike in groupby(
            changes, key=lambda each: (each.edit, each.message.place[:1] == "@", each.message.body)
        ):
            several = list(alike)
            direct = several[0].message.place.startswith("@")
            for change in several[:1] if direct else several:
                place = self._people([each.message.place for each in several]) if direct else change.message.place
                head = self._head(change.message, place)
                if change.edit:
                    self._line(head, change.message, "now: {what}")
                else:
                    self._message(head, change.message)

    def recalled(self, messages: Iterable[Message]) -> None:
        """What was said before, in a line each."""
        for message in messages:
            self._line(self._head(message, message.place), message, "{what}")

    def _head(self, message: Message, place: str) -> Line:
        return Line(safe(place), _ROOM).append(f" · {safe(message.by)}", FAINT)

    def _people(self, places: list[str]) -> str:
        named = ", ".join(places[:NAMED])
        more = len(places) - NAMED
        if more <= 0:
            return self.words.say(T("{names} (direct)", names=UserText(named)))
        return self.words.say(
            Tn("{names} and {count} other (direct)", "{names} and {count} others (direct)", more, names=UserText(named))
        )

    def _message(self, head: Line, message: Message) -> None:
        body = _body(message)
        if isinstance(body, str):
            self.console.print(Prose(head.append(": ").append(safe(body), "not dim")))
        else:
            self.console.print(Prose(head))
            self.console.print(drawn(body, self.words))

    def _line(self, head: Line, message: Message, sentence: str) -> None:
        body = _body(message)
        what = body if isinstance(body, str) else summary(body, self.words)
        self.console.print(Prose(head.append(" · ").append(self.words.say(Text(sentence, {"what": UserText(what)})))))


@cache
def _decoder() -> msgspec.json.Decoder[View | str]:
    return msgspec.json.Decoder(View | str)


def _body(message: Message) -> View | str:
    try:
        return _decoder().decode(message.body)
    except msgspec.DecodeError:
        return Notice(T("This message is from another version of wgbot, and cannot be shown."))
