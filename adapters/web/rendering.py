"""Pages from what they say: Jinja2 with everything escaped, and every sentence a `Text` that has a language."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from adapters.web import blocks, paths, pictures
from adapters.web.model import (
    ArchivePage,
    ConsultationPage,
    CyclePage,
    DecisionPage,
    FrontPage,
    GroupPage,
    MeetingPage,
    Page,
    RecommendationPage,
    SearchPage,
    Source,
)
from adapters.web.prose import Prose, markdown, public
from bot.text import T, Text, Tn, UserText, said, term

TEMPLATES: Final[dict[type[Any], str]] = {
    FrontPage: "front.html",
    GroupPage: "group.html",
    DecisionPage: "decision.html",
    ConsultationPage: "consultation.html",
    MeetingPage: "meeting.html",
    RecommendationPage: "recommendation.html",
    CyclePage: "cycle.html",
    ArchivePage: "archive.html",
    SearchPage: "search.html",
}
"""The template of every kind of page."""


class Press:
    """Turns pages into HTML, all of one community. `base` is where the record stands on the web ("": not known)."""

    def __init__(self, source: Source, prose: Prose, base: str = "") -> None:
        self.prose = prose
        self._source = source
        self._base = base
        self._jinja = Environment(
            loader=PackageLoader("adapters.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=self._shown,
            keep_trailing_newline=True,
        )
        self._jinja.globals |= {
            "T": T,
            "Tn": Tn,
            "UserText": UserText,
            "said": said,
            "term": term,
            "community": source.community,
            "language": prose.language,
            "direction": prose.direction,
            "zone": source.community.zone,
        }
        self._jinja.filters |= {
            "markdown": markdown,
            "line": prose.line,
            "day": lambda at: prose.day(at, source.community.zone),
            "blocks": partial(blocks.drawn, prose=prose),
            "table": partial(blocks.table, prose=prose),
            "tally": partial(blocks.tally, prose=prose),
            "chart": partial(pictures.chart, prose=prose),
        }

    def html(self, page: Page) -> str:
        """One page, whole."""
        extra: dict[str, Any] = {}
        if isinstance(page, GroupPage):
            life = pictures.phases(page.history, self._source.now)
            extra = {"life": life, "timeline": pictures.timeline(page.slug, life, self.prose) if life else None}
        return self._jinja.get_template(TEMPLATES[type(page)]).render(
            page=page,
            href=partial(paths.relative, page=page.path),
            address=f"{self._base}/{page.path}" if self._base else "",
            card=f"{self._base}/{paths.CARD}" if self._base else "",
            **extra,
        )

    def _shown(self, value: Any) -> Any:
        """What a template puts out: sentences get their language; what is typed loses addresses, and is escaped."""
        if isinstance(value, Text):
            return self.prose.html(value)
        if isinstance(value, str) and not isinstance(value, Markup):
            return public(value)
        return value
