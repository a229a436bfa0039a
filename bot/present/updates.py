"""Cards of the updates that working groups post."""

from __future__ import annotations

from datetime import datetime

from bot.domain.community import Community
from bot.domain.groups import Group, group_of, homes_of
from bot.domain.ids import MAG, GroupId
from bot.domain.meetings import Meeting, meetings_of
from bot.domain.records import Reads
from bot.domain.updates import Update
from bot.outgoing import Placement
from bot.present import presents
from bot.present.names import full_name
from bot.present.people import person_name
from bot.text import Moment, T, Text, UserText, term
from bot.view import Block, Bullets, Button, Card, Paragraph, Section


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
    blocks: list[Block] = [Section(heading, text) for heading, text in parts if text]
    if not blocks:
        blocks.append(Paragraph(T("There is nothing to report.")))
    met = meetings_before(reads, group, update)
    if met:
        blocks.append(
            Bullets(
                tuple(
                    T("{when}: {title}", when=Moment(each.starts_at, each.zone), title=UserText(each.title))
                    for each in met
                ),
                T("Meetings held"),
            )
        )
    return Card(
        T("Update {number} of {name}", number=update.number, name=full_name(group.short_name, group.full_name)),
        tuple(blocks),
        (Button(T("The group"), "show", {"group": group.short_name}),),
        subject=f"update:{key}",
        footer=T(
            "Posted by {person}, {when}.",
            person=person_name(reads, community, update.author),
            when=Moment(update.posted_at, community.zone),
        ),
    )


def meetings_before(reads: Reads, group: Group, update: Update) -> tuple[Meeting, ...]:
    """The meetings that a group held since its update before, or since it became active."""
    before = reads.get(Update, group.community, group.id, update.number - 1) if update.number > 1 else None
    since = before.posted_at if before is not None else group.active_since
    return tuple(
        each
        for each in meetings_of(reads, group.community, group.id)
        if each.held(update.posted_at) and (since is None or since < each.over_at <= update.posted_at)
    )


def deliveries(reads: Reads, community: Community, update: Update) -> Bullets:
    """For who has to know: to which rooms and people an update went, and whether it arrived."""
    placed = reads.all(Placement, community=community.id, subject=f"update:{update.group}:{update.number}")
    homes = {
        (home.platform, home.team, home.place): home.name
        for body in (MAG, update.group)
        for home in homes_of(reads, community.id, body)
    }
    return Bullets(tuple(_delivery(each, homes) for each in placed), T("Delivery"))


def _delivery(placed: Placement, homes: dict[tuple[str, str, str], str]) -> Text:
    name = homes.get((placed.platform, placed.team, placed.place))
    where = term(name) if name is not None else T("the Secretariat, directly")
    when = Moment(placed.posted_at)
    return (
        T("{where}: arrived, sent {when}", where=where, when=when)
        if placed.remote
        else T("{where}: on its way since {when}", where=where, when=when)
    )
