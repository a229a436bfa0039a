"""Search that needs no server: what every page is about as one index, which MiniSearch loads in the reader's browser.

The index is in MiniSearch's own form (`MiniSearch.toJSON`, version 2), so that nothing is computed there but the answer. It
is filled from pages alone, so it holds nothing that they do not. `assets/search.js` takes words apart as `terms` does here:
what is changed in one is changed in both (ADR 0031).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

import msgspec

from adapters.web import paths
from adapters.web.model import (
    ConsultationPage,
    CyclePage,
    DecisionPage,
    DocumentPage,
    GroupPage,
    ListPage,
    MeetingPage,
    Page,
    RecommendationPage,
)
from adapters.web.prose import Prose, public
from bot.text import T, Text, said

VERSION: Final = 2
"""Of MiniSearch's serialised form."""

EXCERPT: Final = 160
"""Letters of what a page is about that stand below its title among the results."""

_WORD: Final = re.compile(r"[^\W_]+")
_MARK: Final = re.compile(
    r"[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u0640]"
)
_ARTICLE: Final = re.compile(r"^[وفبك]?ال(?=...)")
_SAME: Final = str.maketrans("ىة", "يه")

_SAID: Final[dict[type[Any], tuple[str, ...]]] = {
    GroupPage: (
        "full_name", "charter", "decided", "minority_views", "updates", "facilitators", "members", "participants",
        "secretariat_role", "outreach",
    ),
    DecisionPage: ("question", "conclusion", "rationale", "minority_views", "objections"),
    ConsultationPage: ("subject", "comments"),
    MeetingPage: ("why", "summary", "agenda", "outcomes"),
    RecommendationPage: ("heading", "text", "rationale", "minority_views"),
    CyclePage: ("name",),
    DocumentPage: ("newest", "text"),
    ListPage: ("reports", "voices"),
}  # fmt: skip
"""What of each kind of page can be found. The others list what has a page of its own."""

_NOT_SAID: Final = frozenset({"path", "mood", "state", "kind", "number", "command", "arguments", "label"})


@dataclass(frozen=True, slots=True)
class Findable:
    """A page, or a part of one, as it stands among the results; `text` is what it is found by, beside its title."""

    path: str
    title: str
    state: str
    about: str
    text: str


def findable(page: Page, prose: Prose) -> Iterator[Findable]:
    """What can be found of a page. A list of what has pages of its own is none."""
    if type(page) not in _SAID or (isinstance(page, ListPage) and not page.reports and not page.voices):
        return
    title, kind, state, about = _head(page)
    words = " ".join(_words([getattr(page, name) for name in _SAID[type(page)]], prose).split())
    line = f"{prose.line(kind)} · {prose.line(state)}"
    yield Findable(page.path, prose.line(title), line, _excerpt(prose.line(about)), words)


def _head(page: Page) -> tuple[Text, Text, Text, Text]:
    """A page's title, what kind of thing it is, where that stands, and what it is about."""
    match page:
        case GroupPage():
            name = T("{short} · {full}", short=page.short_name, full=page.full_name)
            purpose = page.charter.sections[0].text if page.charter.sections else ""
            return name, T("Working group"), page.stage, said(purpose)
        case DecisionPage():
            return page.title, T("Consensus check"), page.state, page.question
        case ConsultationPage():
            return page.title, T("Consultation"), page.state, page.subject.title
        case MeetingPage():
            return page.title, T("Meeting"), page.state, said(page.summary)
        case RecommendationPage():
            title = T("Recommendation {label}: {title}", label=page.label, title=said(page.heading))
            return title, T("Recommendation"), page.state, said(page.text)
        case CyclePage():
            return said(page.name), T("Cycle"), page.days, said("")
        case DocumentPage():
            return said(page.title), T("Document"), page.newest.version, said(page.text)
        case ListPage():
            return (
                T("{group}: {what}", group=page.up.title, what=page.title),
                T("Part {number}", number=page.number),
                page.up.state,
                said(""),
            )
        case _:
            raise TypeError(page)


def terms(text: str) -> Iterator[str]:
    """The words of a text as they are looked up: no case, no accents or vowel signs, no Arabic article."""
    bare = _MARK.sub("", unicodedata.normalize("NFKD", text)).lower().translate(_SAME)
    return (_ARTICLE.sub("", each) for each in _WORD.findall(bare))


def index(found: Iterable[Findable]) -> bytes:
    """Everything that can be found, as a script that sets `recordIndex`: a browser reads it from a disk too."""
    where: defaultdict[str, list[dict[int, int]]] = defaultdict(lambda: [{}, {}])
    stored: dict[int, dict[str, str]] = {}
    lengths: dict[int, list[int]] = {}
    for number, each in enumerate(found):
        stored[number] = {"path": each.path, "title": each.title, "state": each.state, "about": each.about}
        counted = [Counter(terms(each.title)), Counter(terms(each.text))]
        lengths[number] = [len(counts) for counts in counted]
        for place, counts in enumerate(counted):
            for term, count in counts.items():
                where[term][place][number] = count
    many = max(len(stored), 1)
    whole = {
        "documentCount": len(stored),
        "nextId": len(stored),
        "documentIds": {number: number for number in stored},
        "fieldIds": {"title": 0, "text": 1},
        "fieldLength": lengths,
        "averageFieldLength": [sum(each[place] for each in lengths.values()) / many for place in (0, 1)],
        "storedFields": stored,
        "dirtCount": 0,
        "index": [
            [term, {place: counts for place, counts in enumerate(places) if counts}]
            for term, places in sorted(where.items())
        ],
        "serializationVersion": VERSION,
    }
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).replace("\\", "\\\\").replace("'", "\\'")
    return f"self.recordIndex = JSON.parse('{text}');\n".encode()


def search_files(pages: Iterable[Page], prose: Prose) -> Iterator[tuple[str, bytes]]:
    """The index: the one file of search that follows from what is published."""
    yield paths.INDEX, index(each for page in pages for each in findable(page, prose))


def _excerpt(words: str) -> str:
    if len(words) <= EXCERPT:
        return words
    return f"{words[:EXCERPT].rpartition(' ')[0]} …"


def _words(value: Any, prose: Prose) -> str:
    """All the words of a value of the model, sentences and what people wrote."""
    if isinstance(value, Text):
        return prose.line(value)
    if isinstance(value, str):
        return public(value)
    if isinstance(value, tuple | list):
        return " ".join(_words(each, prose) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return _words([getattr(value, each.name) for each in fields(value) if each.name not in _NOT_SAID], prose)
    if isinstance(value, msgspec.Struct):
        return _words([getattr(value, each) for each in value.__struct_fields__ if each not in _NOT_SAID], prose)
    return ""
