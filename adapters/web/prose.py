"""Words for the public: sentences and members' Markdown as safe HTML, without anybody's e-mail address.

Whatever a member typed is untrusted twice over: it may hold markup, and it may hold what is nobody's business. Markdown
is rendered by markdown-it-py with HTML off, sanitised by nh3 all the same, and its links are marked as not ours.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from html import escape
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from adapters.shared.catalogs import direction
from adapters.shared.words import Words
from bot.domain.template import plain
from bot.text import Parameter, PersonName, Text, UserText

WITHHELD: Final = "[address withheld]"
"""What stands where somebody wrote an e-mail address or a Matrix id."""

LINKS: Final = "nofollow ugc noopener"

DAYS: Final = 4096
"""Days that are kept in the words of a language: a page has some dozens, and many are the same on other pages."""

SHORT: Final = 1000
SHORT_KEPT: Final = 1024
"""Texts of at most so many letters are kept, so many of them, as HTML: many stand on several pages, or on every page."""

_BARE: Final = re.compile(r"[^\W\d_](?:[^\W_]|[ ,.;:()'?!/%-])*(?<! )")
"""A line of words, with nothing in it that Markdown or HTML would take for more: a paragraph as it stands."""

_ADDRESS: Final = re.compile(
    r"(?:mailto:)?[\w.!#$%&'*+/=?^`{|}~-]*[\w+-]@[\w-]+(?:\.[\w-]+)+" r"|(?<![\w/])@[\w.=/+-]+:[\w-]+(?:\.[\w-]+)+"
)
_TAGS: Final = {
    "p", "br", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr", "h4", "h5", "h6",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
_HEADING: Final = re.compile(r"<(/?)h[1-6]>")


def public(text: str) -> str:
    """A text without e-mail addresses and Matrix ids: whoever is named in it did not ask to be written to."""
    shown = plain(text)
    return _ADDRESS.sub(WITHHELD, shown) if "@" in shown else shown


@cache
def _markdown() -> MarkdownIt:
    return (
        MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False})
        .enable(["table", "strikethrough"])
        .disable("image")
    )


def markdown(text: str) -> Markup:
    """A member's Markdown as HTML of harmless tags. Headings in it are made small: the page's own stand above them."""
    return _short(text) if len(text) <= SHORT else _rendered(text)


def _rendered(text: str) -> Markup:
    if _BARE.fullmatch(text):
        return Markup(f"<p>{text}</p>\n")  # noqa: S704 — nothing in it is HTML
    return _cleaned(_markdown().render(public(text)))


def _cleaned(rendered: str) -> Markup:
    html = _HEADING.sub(lambda found: f"<{found[1]}h4>", rendered)
    return Markup(  # noqa: S704 — nh3 has cleaned it
        nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https"}, link_rel=LINKS)
    )


_short = lru_cache(SHORT_KEPT)(_rendered)


class HtmlWords(Words):
    """One language's sentences as HTML: times are `<time>`, what members typed keeps its own direction."""

    def __init__(self, language: str, zone: str) -> None:
        super().__init__(language, zone, escape=_escaped, code=_code)

    def say(self, text: Text) -> str:
        """The sentence; one that ends with a name that ends with a full stop has only that one."""
        return super().say(text).replace(".</bdi>.", ".</bdi>")

    def shown(self, parameter: Parameter) -> str:
        """A name, or words somebody typed, are set apart: they may read the other way."""
        if isinstance(parameter, UserText | PersonName) and not self.from_right:
            return f"<bdi>{super().shown(parameter)}</bdi>"
        return super().shown(parameter)

    def apart(self, shown: str) -> str:
        """In a language read from the right, terms and commands are set apart too."""
        return f"<bdi>{shown}</bdi>" if self.from_right and shown else shown

    def moment(self, at: datetime, zone: str = "UTC") -> str:
        """The time as people read it, with the instant for machines."""
        return f'<time datetime="{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}">{super().moment(at, zone)}</time>'

    def whole_day(self, on: date) -> str:
        """The day as people read it, with the day for machines."""
        return f'<time datetime="{on.isoformat()}">{super().whole_day(on)}</time>'


class Prose:
    """How the pages of one community speak: `html` inside a page, `line` in titles, feeds and pictures."""

    def __init__(self, language: str, zone: str) -> None:
        self.language = language
        self.direction = direction(language)
        self.words = HtmlWords(language, zone)
        self.plain = Words(language, zone, escape=public)
        self.day = lru_cache(DAYS)(self._day)

    def html(self, text: Text) -> Markup:
        """A sentence as HTML."""
        return Markup(self.words.say(text))  # noqa: S704 — all of it is escaped there

    def line(self, text: Text) -> str:
        """A sentence as plain text, not yet escaped."""
        return " ".join(self.plain.say(text).split())

    def _day(self, at: datetime, zone: str) -> Markup:
        """Only the day, in the body's own zone, where there is no room for more."""
        return Markup('<time datetime="{}">{}</time>').format(
            at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ"), self.plain.day(at, zone)
        )


def _escaped(text: str) -> str:
    return escape(public(text), quote=True)


def _code(text: str) -> str:
    return f"<code>{_escaped(text)}</code>"
