"""What a message says to the bot: a command, an answer to a form, or nothing. It reads words, and asks nobody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from adapters.matrix.arriving import Message
from bot.domain.template import plain

PREFIXES: Final = ("!wg", "/wg")
_QUOTED: Final = re.compile(r"\A(?:>.*\n)+\n?")
"""What older clients put before a reply: the lines of what it replies to."""

_CALLED: Final = re.compile(r"\A\s*[:,]?\s*")


@dataclass(frozen=True, slots=True)
class Command:
    """What follows the prefix, or the bot's name."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """Something that is no command by itself: an answer, where a form is open."""

    text: str


def said(message: Message, bot: str, names: tuple[str, ...]) -> Command | Words:
    """What a message says. `bot` is its user id, `names` what people call it: those a mention begins with."""
    text = plain(message.body)
    if message.reply_to:
        text = _QUOTED.sub("", text)
    text = text.strip()
    for prefix in PREFIXES:
        if text.lower() == prefix or re.match(rf"{re.escape(prefix)}\s", text, re.IGNORECASE):
            return Command(text[len(prefix) :].strip())
    if bot in message.mentions:
        local = bot[1:].partition(":")[0]
        for name in sorted({bot, local, f"@{local}", *names}, key=len, reverse=True):
            if name and text.lower().startswith(name.lower()):
                return Command(_CALLED.sub("", text[len(name) :]).strip())
    return Words(text)
