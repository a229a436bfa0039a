"""A working group's documents: a list with versions, of links and of texts.

What a link leads to is kept where it is, and wgbot keeps the list; a text, pasted or attached, is kept here, and handed out
as Markdown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.community import counted
from bot.domain.errors import Invalid, NotFound, NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.groups import Group
from bot.domain.ids import CommunityId, GroupId, PersonId
from bot.domain.names import numbered
from bot.domain.records import Reads, record
from bot.text import Say, T


@record(key="community number", lists=("community", "community group"))
class Document:
    """One document. `version` is its newest; `withdrawn_at` (UTC) once it is not to be used any more, and why."""

    community: CommunityId
    number: int
    group: GroupId
    title: str
    version: int
    withdrawn_at: datetime | None = None
    why_withdrawn: str = ""

    @property
    def label(self) -> str:
        """What one types to mean it."""
        return f"D{self.number}"


@record(key="community document version", lists=("community document",))
class DocumentVersion:
    """A version of a document: where it is, or its text; who added it, and what they said of it. Earlier ones stay."""

    community: CommunityId
    document: int
    version: int
    link: str
    text: str
    note: str
    added_by: PersonId
    added_at: datetime


@event("document.added", private="title")
class DocumentAdded:
    """A document came to a group's list."""

    number: int
    group: GroupId
    title: str


@event("document.version-added", private="link text note")
class DocumentVersionAdded:
    """A version of a document: where it is, or its text."""

    document: int
    version: int
    link: str
    text: str
    note: str
    added_by: PersonId


@event("document.withdrawn", private="why")
class DocumentWithdrawn:
    """A document is not to be used any more; it stays on the list as withdrawn."""

    document: int
    why: str


@applies(DocumentAdded)
def _added(reads: Reads, fact: Fact, event: DocumentAdded) -> Iterable[Any]:
    yield Document(fact.community, event.number, event.group, event.title, 0)
    yield counted(fact.community, "document", event.number)


@applies(DocumentVersionAdded)
def _version(reads: Reads, fact: Fact, event: DocumentVersionAdded) -> Iterable[Any]:
    yield replace(document_of(reads, fact.community, event.document), version=event.version)
    yield DocumentVersion(
        fact.community, event.document, event.version, event.link, event.text, event.note, event.added_by, fact.at
    )


@applies(DocumentWithdrawn)
def _withdrawn(reads: Reads, fact: Fact, event: DocumentWithdrawn) -> Iterable[Any]:
    found = document_of(reads, fact.community, event.document)
    yield replace(found, withdrawn_at=fact.at, why_withdrawn=event.why)


def document_of(reads: Reads, community: CommunityId, number: int) -> Document:
    """The document with a number that is known to exist."""
    found = reads.get(Document, community, number)
    if found is None:
        raise LookupError(number)
    return found


def find_document(reads: Reads, community: CommunityId, typed: str) -> Document:
    """The document that `D3`, `d3` or `3` names. Raises `NotFound`."""
    number = numbered(typed, "Dd") if typed.isascii() else None
    found = reads.get(Document, community, number) if number is not None else None
    if found is None:
        raise NotFound(
            T("There is no document called {name}.", name=typed),
            T("See those of a group: {command}.", command=Say("documents WG-MWP")),
            field="document",
        )
    return found


def documents_of(reads: Reads, group: Group) -> tuple[Document, ...]:
    """A group's documents, the oldest first, those withdrawn among them."""
    return reads.all(Document, community=group.community, group=group.id)


def versions_of(reads: Reads, document: Document) -> tuple[DocumentVersion, ...]:
    """Every version of a document, the oldest first."""
    return reads.all(DocumentVersion, community=document.community, document=document.number)


@dataclass(frozen=True, slots=True)
class What:
    """What a version is: a link, or a text. Raises `Invalid` where it is neither, or a link that leads nowhere."""

    link: str = ""
    text: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.link or not self.text:
            _leads_somewhere(self.link)


def add(
    group: Group, number: int, title: str, what: What, person: PersonId
) -> tuple[DocumentAdded, DocumentVersionAdded]:
    """Put a document on a group's list."""
    return DocumentAdded(number, group.id, title), _version_of(number, 1, what, person)


def renew(document: Document, what: What, person: PersonId) -> DocumentVersionAdded:
    """Add a version of a document."""
    _in_use(document)
    return _version_of(document.number, document.version + 1, what, person)


def _version_of(number: int, version: int, what: What, person: PersonId) -> DocumentVersionAdded:
    return DocumentVersionAdded(number, version, what.link, what.text, what.note, person)


def version_of(reads: Reads, document: Document, number: int = 0) -> DocumentVersion:
    """One version of a document; 0: the newest. Raises `NotFound`."""
    found = reads.get(DocumentVersion, document.community, document.number, number or document.version)
    if found is None:
        raise NotFound(
            T(
                "{label} has {count} versions; there is no number {number}.",
                label=document.label,
                count=document.version,
                number=number,
            ),
            T("See them: {command}.", command=Say(f"document show {document.label}")),
            field="version",
        )
    return found


def withdraw(document: Document, why: str) -> DocumentWithdrawn:
    """Say that it is not to be used any more."""
    _in_use(document)
    return DocumentWithdrawn(document.number, why)


def _in_use(document: Document) -> None:
    if document.withdrawn_at is not None:
        raise NotNow(
            T("{label} was withdrawn.", label=document.label),
            T("Add it anew: {command}.", command=Say("document add")),
        )


def _leads_somewhere(link: str) -> None:
    scheme, _, rest = link.partition("://")
    if scheme.lower() not in ("http", "https") or not rest or any(each.isspace() for each in link):
        raise Invalid(
            T("A document is named by its link, or given as its text."),
            T("Give where it is, such as {example}, or attach it as text.", example="https://example.org/outline"),
            field="link",
        )
