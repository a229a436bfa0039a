"""A group's documents: the group hears of each new version, and cards say what there is."""

from __future__ import annotations

from collections.abc import Iterable

from bot.context import Context
from bot.domain.documents import DocumentVersionAdded, DocumentWithdrawn, document_of
from bot.domain.events import Fact
from bot.reactions import Announce, Effect, Refresh, reacts
from bot.text import T, UserText
from bot.view import Button, Notice


@reacts(DocumentVersionAdded)
def version_added(context: Context, fact: Fact, event: DocumentVersionAdded) -> Iterable[Effect]:
    """The group hears of a document, and of each new version."""
    document = document_of(context.reads, context.id, event.document)
    text = T(
        "{person} added version {version} of {label}, {title}: {place}",
        person=context.name_of(event.added_by),
        version=event.version,
        label=document.label,
        title=UserText(document.title),
        place=UserText(event.link) if event.link else T("it is kept here"),
    )
    button = Button(T("Look at it"), "document show", {"document": document.label})
    yield Announce(document.group, view=Notice(text, buttons=(button,)))
    yield from _cards(document.group, event.document)


@reacts(DocumentWithdrawn)
def withdrawn(context: Context, fact: Fact, event: DocumentWithdrawn) -> Iterable[Effect]:
    """Cards say so; nobody is disturbed."""
    yield from _cards(document_of(context.reads, context.id, event.document).group, event.document)


def _cards(group: str, document: int) -> Iterable[Effect]:
    yield Refresh(f"document:{document}")
    yield Refresh(f"documents:{group}")
    yield Refresh(f"group:{group}")
