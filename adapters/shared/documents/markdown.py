"""A proposal as Markdown: to be read as it is, to be rendered, and to be read back by `bot.domain.template`.

The members' Markdown stands as they wrote it, with two exceptions that reading back undoes: a line of theirs that reads
like one of the template's headings, and HTML, which would be live wherever the file is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from adapters.shared.documents.sheet import DRAFT, DRAFT_MEANS, KIND, ProposalSheet, facts, one_line
from bot.domain.template import APART, NOT_PROVIDED, inert, plain, protected

_MARKUP: Final = re.compile(r"([\\`*_\[\]<>#|~&])")


def to_markdown(sheet: ProposalSheet) -> str:
    """The whole document; ends with a line end."""
    return "\n\n".join(_parts(sheet)) + "\n"


def _parts(sheet: ProposalSheet) -> Iterator[str]:
    yield f"**{_words(sheet.body_name) or KIND}** · {KIND}"
    name, short = _words(sheet.full_name), _words(sheet.short_name)
    yield f"# Working Group: {name} ({short})" if short else f"# Working Group: {name}".replace("(", r"\(")
    if sheet.draft:
        yield f"> **{DRAFT}**, {DRAFT_MEANS}"
    yield "\n".join(
        [
            *(f"- **{fact.label}:** {'; '.join(_words(line) for line in fact.lines)}" for fact in facts(sheet)),
            f"- **Reference:** {_words(sheet.reference)}",
        ]
    )
    for heading, text in sheet.sections:
        yield from (f"## {one_line(heading)}", _text(text))
    if sheet.extra_sections:
        yield f"## {APART}"
        for heading, text in sheet.extra_sections:
            yield from (f"### {one_line(heading)}", _text(text))


def _words(text: str) -> str:
    return _MARKUP.sub(r"\\\1", one_line(text))


def _text(text: str) -> str:
    """A member's text as written, or the words that stand for none."""
    return protected(inert(plain(text).strip())) or NOT_PROVIDED
