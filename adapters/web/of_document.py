"""A document of a working group as the public sees it: where it is, or its text, with the versions there were."""

from __future__ import annotations

from typing import Final

from adapters.web.entries import group_entry
from adapters.web.model import DocumentPage, Source
from adapters.web.of_list import paper_of
from bot.domain.documents import Document, version_of, versions_of
from bot.domain.groups import group_of

ON_A_PAGE: Final = 50_000
"""Letters of a text that are shown. A longer one is whole in a file beside it, as Markdown."""

VERSIONS: Final = 50
"""Versions that are listed, the newest."""


def document_page(source: Source, document: Document) -> DocumentPage:
    """One document."""
    newest = version_of(source.reads, document)
    versions = versions_of(source.reads, document)[-VERSIONS:]
    long = len(newest.text) > ON_A_PAGE
    return DocumentPage(
        source.paths.document(document.number),
        document.label,
        document.title,
        group_entry(source, group_of(source.reads, document.community, document.group)),
        paper_of(source, document, newest),
        newest.text[:ON_A_PAGE].rpartition("\n")[0] or newest.text[:ON_A_PAGE] if long else newest.text,
        source.paths.text(document.number) if long else "",
        tuple(paper_of(source, document, each) for each in reversed(versions)),
        document.withdrawn_at or newest.added_at,
    )
