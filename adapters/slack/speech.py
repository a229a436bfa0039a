"""Words for Slack: mrkdwn in which nothing that people typed acts, and plain text where there is no markup.

Slack's SDK escapes nothing. Here `&`, `<` and `>` are escaped in every sentence, so that no text mentions anybody, links
anywhere or breaks a block; only times and commands carry markup of ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from adapters.shared.words import Words, city
from bot.domain.template import plain
from bot.text import T, Text

Block = dict[str, Any]
"""A block of Block Kit, or a part of one. Plain dicts: the SDK's models cost fifty times as much, and serve in tests."""

BACKTICK: Final = "\u02cb"
"""What a backtick within a command is shown as, since mrkdwn has no way to escape one."""

NOTHING: Final = "—"
"""Shown where there is no text; Slack refuses empty ones."""


def escaped(text: str) -> str:
    """Text as mrkdwn shows it, letter for letter."""
    return plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _code(command: str) -> str:
    return f"`{escaped(command).replace('`', BACKTICK)}`"


class _Marked(Words):
    """mrkdwn. Times are shown in the zone of whoever looks, by Slack itself, and in UTC beside it."""

    def moment(self, at: datetime, zone: str = "UTC") -> str:
        """`Jan 25th, 2027, 10:00 AM (Mon 25 Jan, 09:00 UTC)`. Where Slack shows no dates, the zone it was meant in."""
        return _dated(self, at, zone)


@lru_cache(1_000)
def _dated(words: Words, at: datetime, zone: str) -> str:
    """See `_Marked.moment`. Kept, because every answer to a position names the same close, and this is most of its words."""
    instant = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    meant, place = Words(words.language, zone).clock(instant), city(zone, words.language)
    fallback = words.say(T("{when} ({place})", when=meant, place=place)) if place is not None else meant
    date = f"<!date^{int(instant.timestamp())}^{{date_short_pretty}}, {{time}}|{fallback}>"
    return f"{date} ({words.say(T('{when} UTC', when=Words(words.language).clock(instant)))})"


class Speech:
    """One reader's language and zone ("": the zone each time was meant in)."""

    def __init__(self, language: str = "en", zone: str = "") -> None:
        self._marked = _Marked(language, zone, escape=escaped, code=_code)
        self._plain = Words(language, zone, escape=plain)

    def marked(self, text: Text) -> str:
        """A sentence as mrkdwn."""
        return self._marked.say(text)

    def plain(self, text: Text) -> str:
        """A sentence without markup, for titles, labels and buttons."""
        return self._plain.say(text)


@lru_cache(64)
def speech(language: str = "en", zone: str = "") -> Speech:
    """The words of a language and zone; kept, because making them looks a catalog up."""
    return Speech(language, zone)


def line(text: str, limit: int) -> str:
    """Plain text for a place that takes one line of so many characters: never empty, and cut visibly where it must be."""
    flat = " ".join(text.split()) or NOTHING
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def fits(text: str, limit: int) -> bool:
    """Whether `line` would show it whole."""
    return len(" ".join(text.split())) <= limit


def pieces(text: str, limit: int) -> Iterator[str]:
    """Text in pieces of at most `limit` characters, cut at line ends or spaces where there are any, and nothing lost.

    Never within an escaped character or a date, which are markup only when whole.
    """
    left = text
    while len(left) > limit:
        cut = _cut(left, limit)
        yield left[:cut].rstrip()
        left = left[cut:].lstrip()
    if left.strip():
        yield left


def _cut(text: str, limit: int) -> int:
    head = text[:limit]
    for mark in ("\n\n", "\n", " "):
        at = head.rfind(mark, limit // 2)
        if at > 0 and not _within_markup(head[:at]):
            return at
    for opener, closer in (("<", ">"), ("&", ";")):
        at = head.rfind(opener)
        if at > 0 and closer not in head[at:]:
            return at
    return limit


def _within_markup(head: str) -> bool:
    return head.rfind("<") > head.rfind(">")


def mrkdwn(text: str) -> Block:
    """A text object in which Slack turns nothing into a link or a mention by itself."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain_text(text: str, limit: int) -> Block:
    """A text object of one line, without markup."""
    return {"type": "plain_text", "text": line(text, limit), "emoji": False}
