"""Cards of the updates that working groups post."""

from __future__ import annotations

from datetime import datetime

from bot.domain.community import Community
from bot.domain.groups import group_of
from bot.domain.ids import GroupId
from bot.domain.records import Reads
from bot.domain.updates import Update
from bot.present import presents
from bot.present.groups import person_name
from bot.present.names import full_name
from bot.text import Moment, T
from bot.view import Block, Button, Card, Paragraph, Section


@presents("update")
def update_card(reads: Reads, community: Community, key: str, now: datetime) -> Card | None:
    """One update as its group posted it."""
    group_id, _, number = key.rpartition(":")
    update = reads.get(Update, community.id, GroupId(group_id), int(number))
    if update is None:
        return None
    group = group_of(reads, community.id, update.group)
    parts = (
        (T("Progress"), update.progress),
        (T("Next steps"), update.next_steps),
        (T("Help needed"), update.help_needed),
    )
    blocks: tuple[Block, ...] = tuple(Section(heading, text) for heading, text in parts if text)
    return Card(
        T("Update {number} of {name}", number=update.number, name=full_name(group.short_name, group.full_name)),
        blocks or (Paragraph(T("There is nothing to report.")),),
        (Button(T("The group"), "show", {"group": group.short_name}),),
        subject=f"update:{key}",
        footer=T(
            "Posted by {person}, {when}.",
            person=person_name(reads, community, update.author),
            when=Moment(update.posted_at, community.zone),
        ),
    )
