"""Pages from what they say: Jinja2 with everything escaped, and every sentence a `Text` that has a language."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from adapters.web import blocks, paths, pictures
from adapters.web.compiled import FOLDER, environment
from adapters.web.model import (
    ArchivePage,
    ConsultationPage,
    CyclePage,
    DecisionPage,
    DocumentPage,
    FrontPage,
    GroupPage,
    ListPage,
    MeetingPage,
    Page,
    RecommendationPage,
    SearchPage,
)
from adapters.web.prose import Prose, markdown, public
from bot.domain.community import Community
from bot.text import Text, Tn, UserText, said, term

TEMPLATES: Final[dict[type[Any], str]] = {
    FrontPage: "front.html",
    GroupPage: "group.html",
    DecisionPage: "decision.html",
    ConsultationPage: "consultation.html",
    MeetingPage: "meeting.html",
    RecommendationPage: "recommendation.html",
    CyclePage: "cycle.html",
    ArchivePage: "archive.html",
    DocumentPage: "document.html",
    ListPage: "list.html",
    SearchPage: "search.html",
}
"""The template of every kind of page."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language the record is in: its code, its own name, and the folder it lies in ("": at the top)."""

    code: str
    name: str
    folder: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same page in a language: how one gets there, and its whole address ("": not known)."""

    tongue: Tongue
    link: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Fixed:
    """A sentence without parameters, in its language: in a page, and as a line."""

    html: Markup
    text: Text
    line: str


@lru_cache(32)
def press_of(community: Community, base: str, tongue: Tongue, tongues: tuple[Tongue, ...]) -> Press:
    """The one that was made for the same before: templates take their time."""
    return Press(community, base, tongue, tongues)


def _bare(parameter: Any) -> Any:
    return parameter.text if isinstance(parameter, Fixed) else parameter


class Press:
    """Turns pages into HTML, all of one community, in one of the record's languages.

    `base` is where the record stands on the web ("": not known).
    """

    def __init__(self, community: Community, base: str, tongue: Tongue, tongues: Sequence[Tongue]) -> None:
        self.prose = prose = Prose(tongue.code, community.zone)
        self._base = base
        self._tongue = tongue
        self._tongues = tongues
        self._fixed: dict[tuple[Any, ...], Fixed] = {}
        self._names = (community.name, community.titles.body)
        self._jinja = environment(self._shown, _filters(prose, community.zone) | {"line": self._line})
        self._jinja.globals |= {
            "T": self._sentence,
            "Tn": Tn,
            "UserText": UserText,
            "said": said,
            "term": term,
            "community": community,
            "language": prose.language,
            "direction": prose.direction,
            "zone": community.zone,
        }

    def ready(self) -> None:
        """Load every template."""
        for name in TEMPLATES.values():
            self._jinja.get_template(name)

    def html(self, page: Page, now: datetime) -> str:
        """One page, whole. `now` is the community's time."""
        extra: dict[str, Any] = {}
        if isinstance(page, GroupPage):
            # a life goes on by days: by the second, no page would stay as it is
            today = datetime.combine(now.date(), time(0), UTC)
            life = pictures.phases(page.life, today)
            extra = {"life": life, "timeline": pictures.timeline(page.slug, life, self.prose) if life else None}
        here = f"{self._tongue.folder}{page.path}"
        elsewhere = tuple(self._elsewhere(each, page.path) for each in self._tongues)
        return self._jinja.get_template(TEMPLATES[type(page)]).render(
            page=page,
            href=partial(self._link, page=here),
            address=f"{self._base}/{here}" if self._base else "",
            card=f"{self._base}/{paths.CARD}" if self._base else "",
            elsewhere=elsewhere if len(elsewhere) > 1 else (),
            **extra,
        )

    def _link(self, to: str, page: str) -> str:
        """What is the same in every language lies at the top, once."""
        path, mark, part = to.partition("#")
        return paths.relative(path if paths.shared(path) else f"{self._tongue.folder}{path}", page) + mark + part

    def _elsewhere(self, tongue: Tongue, path: str) -> Elsewhere:
        there = f"{tongue.folder}{path}"
        link = paths.relative(there, f"{self._tongue.folder}{path}")
        return Elsewhere(tongue, link, f"{self._base}/{there}" if self._base else "", tongue is self._tongue)

    def _sentence(self, message: str, **parameters: Any) -> Text | Fixed:
        """A sentence of a template. One that says the community's name and nothing else is put into the language once, too."""
        if any(each not in self._names for each in parameters.values()):
            return Text(message, {name: _bare(each) for name, each in parameters.items()})
        key = (message, *parameters.values())
        found = self._fixed.get(key)
        if found is None:
            text = Text(message, parameters)
            found = self._fixed[key] = Fixed(self.prose.html(text), text, self.prose.line(text))
        return found

    def _line(self, text: Text | Fixed) -> str:
        return text.line if isinstance(text, Fixed) else self.prose.line(text)

    def _shown(self, value: Any) -> Any:
        """What a template puts out: sentences get their language; what is typed loses addresses, and is escaped."""
        if type(value) is Markup:
            return value
        if isinstance(value, Text):
            return self.prose.html(value)
        if isinstance(value, Fixed):
            return value.html
        if isinstance(value, str) and not isinstance(value, Markup):
            return public(value)
        return value


def _filters(prose: Prose, zone: str) -> dict[str, Callable[..., Any]]:
    return {
        "markdown": markdown,
        "line": prose.line,
        "day": lambda at: prose.day(at, zone),
        "blocks": partial(blocks.drawn, prose=prose),
        "table": partial(blocks.table, prose=prose),
        "tally": partial(blocks.tally, prose=prose),
        "chart": partial(pictures.chart, prose=prose),
    }


def compile_all(folder: Path = FOLDER) -> None:
    """Compile every template, and keep it: what was compiled holds for every community and language."""
    there = environment(str, _filters(Prose("en", "UTC"), "UTC"), folder)
    for name in TEMPLATES.values():
        there.get_template(name)


if __name__ == "__main__":
    sys.dont_write_bytecode = False
    compile_all()
