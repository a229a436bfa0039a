"""The Secretariat's role in a working group: its card, and what the group's own card says of it."""

from __future__ import annotations

from datetime import datetime

from bot.domain.community import Community
from bot.domain.groups import Group, group_of
from bot.domain.ids import GroupId
from bot.domain.records import Reads
from bot.domain.secretariat import SecretariatRole, agreed, open_role, roles_of
from bot.present import presents
from bot.present.names import full_name
from bot.present.people import person_name
from bot.text import Moment, T, Text
from bot.view import Block, Button, ButtonStyle, Card, Paragraph, Quote, Tone


@presents("secretariat-role")
def role_card(reads: Reads, community: Community, key: str, now: datetime) -> Card | None:
    """The text that holds, the one that waits, and the earlier ones."""
    group = reads.get(Group, community.id, GroupId(key))
    if group is None:
        return None
    holds, waits = agreed(reads, group), open_role(reads, group)
    blocks: list[Block] = [
        Quote(each.text, _state(reads, community, each)) for each in (waits, holds) if each is not None
    ]
    blocks += [
        Quote(each.text, _state(reads, community, each))
        for each in reversed(roles_of(reads, group))
        if each not in (waits, holds)
    ]
    if not blocks:
        blocks.append(Paragraph(T("It is not defined yet. A co-facilitator or the Secretariat proposes it.")))
    name = {"group": group.short_name}
    buttons = [Button(T("Propose…"), "secretariat propose", name)]
    if waits is not None:
        answer = {**name, "version": str(waits.version)}
        buttons.insert(0, Button(T("Confirm it"), "secretariat confirm", answer, ButtonStyle.PRIMARY))
    return Card(
        T("The Secretariat's role in {name}", name=full_name(group.short_name, group.full_name)),
        tuple(blocks),
        tuple(buttons),
        Tone.ATTENTION if waits is not None or holds is None else Tone.DONE,
        f"secretariat-role:{key}",
    )


def _state(reads: Reads, community: Community, each: SecretariatRole) -> Text:
    person = person_name(reads, community, each.proposed_by)
    proposed = Moment(each.proposed_at, community.zone)
    if each.confirmed_at is not None:
        return T(
            "Version {version}, agreed {when}: proposed by {person}, confirmed by {other}",
            version=each.version,
            when=Moment(each.confirmed_at, community.zone),
            person=person,
            other=person_name(reads, community, each.confirmed_by),
        )
    group = group_of(reads, community.id, each.group)
    if each != open_role(reads, group):
        return T(
            "Version {version}, proposed by {person} {when}: superseded",
            version=each.version,
            person=person,
            when=proposed,
        )
    waiting = T("the co-facilitators") if each.by_secretariat else T("the Secretariat")
    return T(
        "Version {version}, proposed by {person} {when}: open until it is confirmed by {waiting}",
        version=each.version,
        person=person,
        when=proposed,
        waiting=waiting,
    )
