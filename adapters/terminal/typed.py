"""A line typed in a terminal: is it a command, something of the terminal's own, an answer, or something said?

It only reads the line; what comes of it is the session's. What is typed after `/wg` is `bot.slash`'s to take apart.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

import msgspec

from adapters.shared.asked import CONTROLS
from bot.command import COMMANDS
from bot.domain.errors import NotFound
from bot.domain.hygiene import one_line, unsmart
from bot.domain.names import nearest
from bot.slash import tokens
from bot.text import Say, T, Text, UserText, joined, term

PREFIX: Final = "/wg"


class Own(StrEnum):
    """What the terminal itself can do, typed with a slash."""

    AS = "as"
    CLOCK = "clock"
    ROOM = "room"
    ROOMS = "rooms"
    HISTORY = "history"
    SAY = "say"
    HELP = "help"
    QUIT = "quit"


OTHER_NAMES: Final = {"join": Own.ROOM, "exit": Own.QUIT, "msg": Own.SAY}

MEANINGS: Final[dict[Own, tuple[str, Text]]] = {
    Own.AS: ("NAME", T("Speak as another person of a sample community")),
    Own.CLOCK: ("+7d", T("Move a sample community's clock forward")),
    Own.ROOM: ("#ROOM", T("Go to another room; @ is your direct messages")),
    Own.ROOMS: ("", T("The rooms there are")),
    Own.HISTORY: ("[20]", T("What was said here")),
    Own.SAY: ("TEXT", T("Say something here, also while a form is open")),
    Own.HELP: ("", T("This help")),
    Own.QUIT: ("", T("Leave")),
}
"""How each is typed after its name, and what it does."""


class Command(msgspec.Struct, frozen=True):
    """Something for the bot: what stands after the prefix."""

    text: str


class Terminal(msgspec.Struct, frozen=True):
    """Something for the terminal itself."""

    own: Own
    text: str


class Steering(msgspec.Struct, frozen=True):
    """A word that steers the open form: the `draft` command of that name."""

    control: str


class Reply(msgspec.Struct, frozen=True):
    """An answer to what the open form asks."""

    text: str


class Chat(msgspec.Struct, frozen=True):
    """Something said in the room, to no bot."""

    text: str


Line = Command | Terminal | Steering | Reply | Chat

_SLASH: Final = re.compile(r"/(\w[\w-]*)(?:\s+(.*))?", re.DOTALL)


def read(line: str, *, form_open: bool) -> Line:
    """What a line is. Raises `NotFound` for a command with a slash that there is not (in a form, that is an answer)."""
    text = line.strip()
    found = _SLASH.fullmatch(text)
    if found is not None:
        name, rest = found[1].lower(), (found[2] or "").strip()
        if f"/{name}" == PREFIX:
            return Command(rest)
        own = OTHER_NAMES.get(name) or (Own(name) if name in list(Own) else None)
        if own is not None:
            return Terminal(own, rest)
        if not form_open:
            raise _unknown(name, rest)
    if not form_open:
        return Chat(text)
    return Steering(text.lower()) if text.lower() in CONTROLS else Reply(line.strip("\r\n"))


def _unknown(name: str, rest: str) -> NotFound:
    what = T("There is no command {typed}.", typed=UserText(one_line(f"/{name}")))
    families = {each.family for each in COMMANDS.values() if not each.hidden}
    if name in families:
        return NotFound(what, T("Did you mean {command}?", command=Say(f"{name} {rest}".strip())))
    near = nearest(name, [PREFIX.removeprefix("/"), *Own, *OTHER_NAMES])
    if near:
        return NotFound(what, T("Did you mean {names}?", names=joined([term(f"/{each}") for each in near], " · ")))
    return NotFound(what, T("See all there are: {terminal} and {bot}.", terminal="/help", bot=Say("help")))


def unfinished(line: str) -> bool:
    """Whether a command opens a quotation that goes on in the next line. Single quotes are too often apostrophes."""
    text = line.strip()
    if not text.lower().startswith(PREFIX):
        return False
    return any(
        not token.quoted and (token.text.startswith('"') or _half_quoted_option(token.text))
        for token in tokens(unsmart(text))
    )


def _half_quoted_option(word: str) -> bool:
    name, equals, value = word.partition("=")
    return bool(equals) and name.startswith("--") and value.startswith('"') and value.find('"', 1) < 0
