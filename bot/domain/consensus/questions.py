"""The question of a consensus check, in the reader's language where it is the software that asked it.

A check stores its question as it was put, in English where wgbot wrote it. Such a question is known again by its form, so
that it is a sentence like any other, and what people ask in their own words stays as they put it.
"""

from __future__ import annotations

import re
from typing import Final

from bot.text import T, Text, UserText, said

_OURS: Final = (
    T("Should {group} ({name}) be formed?"),
    T("Should {group} ({name}) be dissolved for insufficient progress?"),
    T("Should the charter of {group} ({name}) be changed as proposed?"),
    T("Should recommendation {label} of {group} ({title}) be given to the full membership?"),
    T("Should the {body} endorse recommendation {label} of {group} ({title})?"),
    T("Should the {body} take note of recommendation {label} of {group} ({title})?"),
    T("Adopt version {version} of the modalities of {group}?"),
    T("Adopt version {version} of the modalities of {group}? {changes}"),
)
_TYPED: Final = frozenset({"name", "title", "changes"})
"""What members wrote; all else are terms."""

_PLACE: Final = re.compile(r"\\\{(\w+)\\\}")


def _pattern(sentence: Text) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(r"(?P<\1>.+?)", re.escape(sentence.message)), re.DOTALL)


_PATTERNS: Final = tuple((sentence.message, _pattern(sentence)) for sentence in _OURS)


def own_question(question: str) -> Text | None:
    """A question of ours as a sentence; None for one that somebody put."""
    if not question.startswith(("Should ", "Adopt ")):
        return None
    for message, pattern in _PATTERNS:
        found = pattern.fullmatch(question)
        if found:
            return Text(message, {n: UserText(v) if n in _TYPED else v for n, v in found.groupdict().items()})
    return None


def asked(question: str) -> Text:
    """A question within a sentence."""
    return own_question(question) or said(question)
