"""For whom a letter is written: a language, a zone, and whether they can answer it.

Addresses are not in what is drawn: it waits in the outbox until it is sent, and an address for answers is as good as a key. In
their place stand marks, which are filled in when it is sent (`filled`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Final
from urllib.parse import quote

from adapters.shared.catalogs import direction
from adapters.shared.spelling import spelled
from adapters.shared.words import Words
from bot.domain.hygiene import one_line
from bot.domain.template import plain
from bot.text import Parameter, PersonName, Text, UserText
from bot.view import Button, ButtonStyle, Card, Notice, Single

PREFIX: Final = "wg"
"""What a command begins with, as the first line of an answer."""

CALENDAR: Final = "meeting file"
"""The command that hands over a meeting's calendar entry."""

LINK: Final = "color:#005c94"
"""The style of what can be followed."""

STOP: Final = "!stop"
"""The mark of the link that ends a person's mail."""

_OPEN, _SHUT = "\ue000", "\ue001"  # private to us: what people write loses them
_MARK: Final = re.compile(f"{_OPEN}([^{_SHUT}]*){_SHUT}")
_ISOLATES: Final = re.compile("[\u2066-\u2069]")
_WEB: Final = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]]")


def mark(subject: str) -> str:
    """Stands for the address at which one answers about a subject."""
    return f"{_OPEN}{subject}{_SHUT}"


def filled(text: str, address: Callable[[str], str]) -> str:
    """A text with its marks filled in."""
    return _MARK.sub(lambda found: address(found[1]), text)


def clean(text: str) -> str:
    """What somebody wrote, with no mark in it."""
    return plain(text).replace(_OPEN, "").replace(_SHUT, "")


def escaped(text: str) -> str:
    """A text as HTML shows it, letter for letter."""
    return escape(clean(text), quote=True).replace("\n", "<br>")


def linked(text: str) -> str:
    """The same, where addresses of the web can be followed."""
    parts, done = [], 0
    text = clean(text)
    for found in _WEB.finditer(text):
        parts.append(escaped(text[done : found.start()]))
        parts.append(f'<a href="{escape(found[0], quote=True)}" style="{LINK}">{escaped(found[0])}</a>')
        done = found.end()
    return "".join([*parts, escaped(text[done:])])


@dataclass(frozen=True, slots=True)
class Offer:
    """Something one may do by answering: what it is called, and what the answer's first line says."""

    label: str
    says: str
    style: ButtonStyle = ButtonStyle.PLAIN


class _Rich(Words):
    """Sentences as HTML: a command begins an answer that gives it, what people wrote keeps its own direction."""

    def shown(self, parameter: Parameter) -> str:
        if isinstance(parameter, UserText):
            return f"<bdi>{linked(parameter.text)}</bdi>"
        if isinstance(parameter, PersonName):
            return f"<bdi>{super().shown(parameter)}</bdi>"
        return super().shown(parameter)


@dataclass(frozen=True)
class Reader:
    """One reader, or a list. `answers`: an answer of theirs is understood, so that it is told what may be answered."""

    language: str = "en"
    zone: str = ""
    answers: bool = True

    @property
    def direction(self) -> str:
        """Which way their language is read."""
        return direction(self.language)

    @cached_property
    def words(self) -> Words:
        """Sentences as plain text."""
        return Words(self.language, self.zone, PREFIX, escape=clean, code=lambda command: f"“{clean(command)}”")

    @cached_property
    def rich(self) -> Words:
        """Sentences as HTML."""
        return _Rich(self.language, self.zone, PREFIX, escape=escaped, code=self._command)

    def line(self, text: Text) -> str:
        """A sentence in one line."""
        return " ".join(self.words.say(text).split())

    def heading(self, text: Text, most: int) -> str:
        """A sentence in one line of so many characters at most, where no marks of direction can stand."""
        return one_line(_ISOLATES.sub("", self.line(text)).removesuffix("."), most)

    def offer(self, button: Button, view: Single, about: str) -> Offer:
        """What a button is in a letter: on a card, its own words are enough; elsewhere, its command."""
        label = self.line(button.label)
        own = isinstance(view, Card) and view.subject == about and _understood(button, about)
        bare = label.rstrip("… .")
        return Offer(
            label, bare if own and bare else f"{PREFIX} {spelled(button.command, button.arguments)}", button.style
        )

    def offers(self, view: Notice | Card, about: str) -> list[Offer]:
        """What its buttons are. The calendar entry of a meeting goes with the letter, so nobody has to ask for it."""
        return [self.offer(each, view, about) for each in view.buttons if each.command != CALENDAR]

    def answer(self, about: str, says: str = "", subject: str = "") -> str:
        """A link that begins an answer about a subject."""
        asked = [f"{name}={quote(clean(text))}" for name, text in (("subject", subject), ("body", says)) if text]
        return f"mailto:{mark(about)}{'?' if asked else ''}{'&amp;'.join(asked)}"

    def _command(self, command: str) -> str:
        shown = f"<code>{escaped(command)}</code>"
        return f'<a href="{self.answer("", command)}" style="{LINK}">{shown}</a>' if self.answers else shown


def _understood(button: Button, about: str) -> bool:
    """Whether the label of a card's button is understood as an answer about it: by `bot.replying`, mail's other side."""
    match about.partition(":")[0]:
        case "consultation":  # anything else is a comment
            return button.command == "consult comment"
        case "poll":  # anything else is an option
            return False
        case _:
            return True
