"""Co-facilitators of a working group: who they are and were."""

from __future__ import annotations

from datetime import datetime

from bot.domain.community import Community
from bot.domain.facilitators import Departure, Facilitator
from bot.domain.groups import Group
from bot.domain.records import Reads
from bot.present.flags import flag_facts
from bot.present.membership import volunteers_block
from bot.present.names import full_name, group_label
from bot.present.people import person_name
from bot.text import Moment, T, Text, said
from bot.view import Block, Bullets, Button, ButtonStyle, Card, Facts, Paragraph, Tone

ENDINGS: dict[str, Text] = {
    Departure.SUCCEEDED.value: T("succeeded"),
    Departure.DECLINED.value: T("declined"),
    Departure.RESIGNED.value: T("resigned"),
    Departure.UNSEATED.value: T("no longer seated"),
}


def facilitators_card(reads: Reads, community: Community, group: Group, now: datetime) -> Card:
    """Who co-facilitates, since when; what is amiss; who did before, and why no longer."""
    everybody = reads.all(Facilitator, community=community.id, group=group.id)
    in_office = [_since(reads, community, each) for each in everybody if each.until is None]
    before = [
        _until(reads, community, each)
        for each in sorted(everybody, key=lambda each: each.until or now, reverse=True)
        if each.until is not None
    ]
    facts = flag_facts(reads, community, group, now)
    blocks: list[Block] = [Bullets(tuple(in_office))] if in_office else [Paragraph(T("Nobody co-facilitates it now."))]
    blocks += [Facts(facts)] if facts else []
    offered = volunteers_block(reads, community, group)
    blocks += [offered] if offered is not None else []
    blocks += [Bullets(tuple(before), T("Before"))] if before else []
    name = {"group": group.short_name}
    return Card(
        T("Co-facilitators of {name}", name=full_name(group.short_name, group.full_name)),
        tuple(blocks),
        (Button(T("The group"), "show", name, ButtonStyle.PLAIN),),
        Tone.ATTENTION if facts else Tone.NEUTRAL,
    )


def _since(reads: Reads, community: Community, each: Facilitator) -> Text:
    return T(
        "{person} ({group}), since {when}",
        person=person_name(reads, community, each.person),
        group=group_label(each.stakeholder_group),
        when=Moment(each.since, community.zone),
    )


def _until(reads: Reads, community: Community, each: Facilitator) -> Text:
    return T(
        "{person} ({group}), until {when}: {why}",
        person=person_name(reads, community, each.person),
        group=group_label(each.stakeholder_group),
        when=Moment(each.until or each.since, community.zone),
        why=ENDINGS.get(each.why_ended) or said(each.why_ended),
    )
