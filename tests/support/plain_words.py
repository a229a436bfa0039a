"""What stays plain in the pseudo-locale: words that are neither a member's own nor a term, so that nobody can translate them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any, Final

import msgspec

from adapters.shared.words import Words
from bot.domain.community import Community
from bot.domain.groups import GroupName, Home
from bot.domain.ids import CommunityId
from bot.domain.languages import PSEUDO
from bot.domain.people import Account, Person
from bot.domain.records import Reads
from bot.text import Text
from bot.view import Button

TERMS: Final = frozenset({"matrix", "slack", "utc", "pdf", "docx", "markdown", "rough", "full"})
"""The same in every language: platforms, kinds of files, and the values of modalities as they are typed."""

_RUN: Final = re.compile(r"(?<![^\W\d_])[A-Za-z][A-Za-z’'-]+(?:[ ,-]+[A-Za-z][A-Za-z’'-]*)*(?![^\W\d_])")


class Known:
    """What people typed, and what they and their rooms are called: what may be shown as it is."""

    def __init__(self, typed: Iterable[str], names: Iterable[str]) -> None:
        self._typed = "\n".join(f" {_flat(each)} " for each in {*typed})
        called = sorted({each for each in names if each}, key=len, reverse=True)
        self._names = re.compile("|".join(re.escape(each) for each in called))

    def strange(self, shown: str) -> list[str]:
        """The plain words of a text that nobody typed."""
        found = _RUN.findall(self._names.sub("#", unescape(shown)))
        return [run for run in found if not self._has(_flat(run))]

    def _has(self, run: str) -> bool:
        return f" {run} " in self._typed or all(word in TERMS for word in run.split())


def _flat(text: str) -> str:
    return " ".join(re.sub(r"[^a-z]+", " ", text.lower()).split())


def names(reads: Reads, community: CommunityId) -> Iterator[str]:
    """What people and their rooms are called; the community's own words."""
    for person in reads.all(Person, community=community):
        yield from (person.name, person.email)
    yield from (account.user for account in reads.all(Account, community=community))
    yield from (known.name for known in reads.all(GroupName, community=community))
    yield from (home.name for home in reads.all(Home, community=community))
    body = reads.get(Community, community)
    assert body is not None
    yield from (body.name, body.zone, body.settings.code_of_conduct)


class PlainWords(Words):
    """The pseudo-locale without commands, which are typed as they are."""

    def __init__(self) -> None:
        super().__init__(PSEUDO, code=lambda command: "")


def sentences(shown: Any, words: Words) -> Iterator[str]:
    """Every sentence of a view."""
    if isinstance(shown, Text):
        yield words.say(shown)
    elif isinstance(shown, Button):
        yield words.say(shown.label)
    elif isinstance(shown, msgspec.Struct):
        for name in shown.__struct_fields__:
            yield from sentences(getattr(shown, name), words)
    elif isinstance(shown, tuple | list):
        for each in shown:
            yield from sentences(each, words)


class _Read(HTMLParser):
    """The words of a page: text, and the attributes that are read."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"style", "script", "code"}
        self.words += [
            value for name, value in attrs if name in {"title", "aria-label", "alt", "placeholder"} and value
        ]
        if tag == "meta":
            given = dict(attrs)
            if given.get("property") in {"og:title", "og:description"} or given.get("name") == "description":
                self.words.append(given["content"] or "")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "script", "code"}

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.words.append(data)


def read_of(page: str) -> list[str]:
    """What a reader of a page reads."""
    reader = _Read()
    reader.feed(page)
    return reader.words
