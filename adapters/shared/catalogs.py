"""The sentences of a language, from the file its translators write: read once a process, when somebody reads that language.

There is nothing to compile: a checkout, the wheel and the image hold the same `.po`, as `make messages` keeps it (a
subset of what gettext allows: nothing but ids and strings in double quotes). Reading it here takes a third of the time
that Babel's reader takes, which keeps comments and places too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol

DOMAIN: Final = "wgbot"
LOCALE: Final = Path(__file__).parent / "locale"
"""Where catalogs lie (`LOCALE/fr/LC_MESSAGES/wgbot.po`). There is none for English, whose sentences are the keys."""

_LANGUAGE: Final = re.compile(r"[a-z]{2,8}(?:[-_][a-z0-9]{1,8})*", re.IGNORECASE)
_RIGHT_TO_LEFT: Final = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_STRINGS: Final = re.compile(
    r'^(?:(msgid)|(msgid_plural)|msgstr(?:\[(\d)\])?) ((?:"(?:[^"\\\n]|\\.)*"\n?)+)', re.MULTILINE
)
_ESCAPED: Final = re.compile(r"\\(.)")
_CONTROLS: Final = {"n": "\n", "t": "\t", "r": "\r"}
_PLURALS: Final = re.compile(r"^Plural-Forms:.*\bplural=([^;]+);", re.MULTILINE)


class Sentences(Protocol):
    """What says a sentence in a language; named as in the standard library's `gettext`."""

    def gettext(self, message: str, /) -> str:
        """A sentence; as it is where it has no translation."""

    def ngettext(self, singular: str, plural: str, count: int, /) -> str:
        """A counted sentence, in the form that goes with the number."""


class Catalog:
    """The sentences of a language. `form` tells for a number which of its forms is meant."""

    def __init__(self, strings: Mapping[str, tuple[str, ...]], form: Callable[[int], int]) -> None:
        self._strings = strings
        self._form = form

    def gettext(self, message: str) -> str:
        """A sentence."""
        found = self._strings.get(message)
        return found[0] if found else message

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """A counted sentence."""
        found = self._strings.get(singular)
        if found:
            return found[min(self._form(count), len(found) - 1)]
        return singular if count == 1 else plural


def read(po: str) -> Catalog:
    """A catalog's file. Sentences that are not whole (a form is missing) stay English."""
    from gettext import c2py  # late: English needs none

    strings = {message: given for message, given in _entries(po) if all(given)}
    counts = _PLURALS.search(strings.pop("", ("",))[0])
    return Catalog(strings, c2py(counts[1]) if counts else lambda count: int(count != 1))


def _entries(po: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    message: str | None = None
    given: list[str] = []
    for found in _STRINGS.finditer(po):
        if found[2]:
            continue
        text = _string(found[4])
        if not found[1]:
            given.append(text)
            continue
        if message is not None:
            yield message, tuple(given)
        message, given = text, []
    if message is not None:
        yield message, tuple(given)


def _string(quoted: str) -> str:
    text = "".join(line[1:-1] for line in quoted.splitlines())
    return _ESCAPED.sub(lambda found: _CONTROLS.get(found[1], found[1]), text) if "\\" in text else text


def direction(language: str) -> str:
    """Which way a language is read: `ltr` or `rtl`."""
    return "rtl" if language.lower().partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


@lru_cache(100)
def catalog(language: str) -> Sentences | None:
    """The sentences of a language (`pt-BR` falls back on `pt`); None where they stay English."""
    if language == "en" or not _LANGUAGE.fullmatch(language):
        return None
    if language.lower() == "en-xa":
        from adapters.shared.pseudo import Pseudo

        return Pseudo()
    wanted = language.replace("_", "-")
    for tag in dict.fromkeys((wanted, wanted.partition("-")[0].lower())):
        path = LOCALE / tag / "LC_MESSAGES" / f"{DOMAIN}.po"
        if path.is_file():
            return read(path.read_text(encoding="utf-8"))
    return None
