"""Documents that leave the chat: a proposal as Markdown, DOCX or PDF, the same bytes every time.

Importing this package imports no document library: each is loaded by the first document that needs it.
"""

from __future__ import annotations

from typing import Literal, assert_never

from adapters.shared.documents.sheet import ProposalSheet

__all__ = ["Format", "ProposalSheet", "render"]

Format = Literal["md", "docx", "pdf"]


def render(sheet: ProposalSheet, format: Format) -> bytes:  # noqa: A002 — it is the word for it
    """The proposal in one of its forms; equal sheets give equal bytes. Markdown is UTF-8."""
    match format:
        case "md":
            from adapters.shared.documents.markdown import to_markdown

            return to_markdown(sheet).encode()
        case "docx":
            from adapters.shared.documents.docx import to_docx

            return to_docx(sheet)
        case "pdf":
            from adapters.shared.documents.pdf import to_pdf

            return to_pdf(sheet)
        case _:
            assert_never(format)
