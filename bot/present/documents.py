"""Cards of a working group's documents."""

from __future__ import annotations

from datetime import datetime

from bot.domain.community import Community
from bot.domain.documents import Document, DocumentVersion, documents_of, versions_of
from bot.domain.groups import Group, group_of
from bot.domain.ids import GroupId
from bot.domain.records import Reads
from bot.present import presents
from bot.present.names import full_name
from bot.present.people import person_name
from bot.text import Moment, T, Text, UserText, said
from bot.view import Block, Button, Card, Item, Items, Paragraph, Quote

MOST_SHOWN = 30
"""Documents on one card, the newest; the rest is counted."""


@presents("documents")
def documents_card(reads: Reads, community: Community, key: str, now: datetime) -> Card | None:
    """A group's list: the newest version of each document, those withdrawn last."""
    group = reads.get(Group, community.id, GroupId(key))
    if group is None:
        return None
    everything = sorted(documents_of(reads, group), key=lambda each: (each.withdrawn_at is not None, -each.number))
    items = tuple(
        Item(
            T("{label} {title}", label=each.label, title=UserText(each.title)),
            Button(T("Versions of {label}", label=each.label), "document show", {"document": each.label}),
            _state(reads, community, each),
        )
        for each in everything[:MOST_SHOWN]
    )
    left = len(everything) - len(items)
    return Card(
        T("Documents of {name}", name=full_name(group.short_name, group.full_name)),
        (Items(items),),
        subject=f"documents:{key}",
        footer=T("{count} more are on the list.", count=left) if left else None,
    )


def _state(reads: Reads, community: Community, document: Document) -> Text:
    if document.withdrawn_at is not None:
        when = Moment(document.withdrawn_at, community.zone)
        if document.why_withdrawn:
            return T("Withdrawn {when}: {why}", when=when, why=said(document.why_withdrawn))
        return T("Withdrawn {when}.", when=when)
    return _where(reads, community, versions_of(reads, document)[-1])


def _where(reads: Reads, community: Community, version: DocumentVersion) -> Text:
    return T(
        "{place} (version {version}, {person}, {when})",
        place=UserText(version.link) if version.link else T("Kept here"),
        version=version.version,
        person=person_name(reads, community, version.added_by),
        when=Moment(version.added_at, community.zone),
    )


def _kept(document: Document, version: DocumentVersion) -> tuple[Button, ...]:
    if not version.text:
        return ()
    return (Button(T("Take it as a file"), "document take", {"document": document.label}),)


@presents("document")
def document_card(reads: Reads, community: Community, key: str, now: datetime) -> Card | None:
    """One document: where each version is, the newest first, and what was said of it."""
    document = reads.get(Document, community.id, int(key))
    if document is None:
        return None
    group = group_of(reads, community.id, document.group)
    blocks: list[Block] = []
    if document.withdrawn_at is not None:
        blocks.append(Paragraph(_state(reads, community, document)))
    for each in reversed(versions_of(reads, document)):
        where = _where(reads, community, each)
        blocks.append(Quote(each.note, where) if each.note else Paragraph(where))
    return Card(
        T("{label} of {group}: {title}", label=document.label, group=group.short_name, title=said(document.title)),
        tuple(blocks),
        (
            *_kept(document, versions_of(reads, document)[-1]),
            Button(T("All its documents"), "documents", {"group": group.short_name}),
        ),
        subject=f"document:{key}",
    )
