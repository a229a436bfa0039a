"""The balance of a working group: a table, what it lacks in a sentence, and what was done to reach whom."""

from __future__ import annotations

from collections import Counter

from bot.domain.balance import Balance, balance_of
from bot.domain.community import Community
from bot.domain.groups import Group
from bot.domain.membership import participants_in
from bot.domain.outreach import Outreach, outreach_of
from bot.domain.records import Reads
from bot.present.names import full_name, group_label
from bot.present.people import person_name
from bot.present.roster import in_order, region_label
from bot.text import Moment, Say, T, Text, Tn, joined, term
from bot.view import Block, Button, Card, Paragraph, Quote, Table

MOST_OUTREACH = 20
"""Entries on one card, the newest; the rest is counted."""


def lacking(balance: Balance) -> Text:
    """What a group lacks, in a sentence: stakeholder groups, never persons."""
    said = []
    if balance.missing:
        groups = joined([group_label(name) for name in balance.missing], ", ")
        said.append(T("No member yet from: {groups}. To be reached.", groups=groups))
    if balance.dominant is not None:
        said.append(T("More than half of the members are from {group}.", group=group_label(balance.dominant)))
    return joined(said) if said else T("Every stakeholder group has members in it.")


def balance_card(reads: Reads, community: Community, group: Group) -> Card:
    """Every measure by stakeholder group, and by regional group."""
    balance = balance_of(reads, community, group)
    name = {"group": group.short_name}
    blocks: list[Block] = [Paragraph(lacking(balance)), _by_group(community, balance)]
    if any(set(share.by_region) - {""} for share in balance.shares):
        blocks.append(_by_region(community, balance))
        blocks.append(Paragraph(T("Regional groups are our addition; the document speaks of stakeholder groups.")))
    others = len(participants_in(reads, group))
    if others:
        blocks.append(
            Paragraph(
                Tn(
                    "One participant without a seat is not counted here.",
                    "{count} participants without a seat are not counted here.",
                    others,
                )
            )
        )
    done = outreach_of(reads, group)
    if done:
        blocks.append(Paragraph(_reached(community, done[-1])))
    return Card(
        T("Balance of {name}", name=full_name(group.short_name, group.full_name)),
        tuple(blocks),
        (
            Button(T("As a picture"), "balance chart", name),
            Button(T("Outreach"), "outreach show", name),
            Button(T("The group"), "show", name),
        ),
        footer=T(
            "The {secretariat} is in every group and is not counted. Nothing is held up by an imbalance.",
            secretariat=community.titles.secretariat,
        ),
    )


def _by_group(community: Community, balance: Balance) -> Table:
    rows = tuple(
        (group_label(name), *(term(str(share.by_group.get(name, 0))) for share in balance.shares))
        for name in groups_shown(community, balance)
    )
    total = (T("All"), *(term(str(share.total)) for share in balance.shares))
    headed = (T("Stakeholder group"), *(share.measure.label for share in balance.shares))
    return Table(headed, (*rows, total), numeric=tuple(range(1, len(headed))))


def _by_region(community: Community, balance: Balance) -> Table:
    rows = tuple(
        (region_label(name), *(term(str(share.by_region.get(name, 0))) for share in balance.shares))
        for name in regions_shown(community, balance)
    )
    headed = (T("Regional group"), *(share.measure.label for share in balance.shares))
    return Table(headed, rows, numeric=tuple(range(1, len(headed))))


def groups_shown(community: Community, balance: Balance) -> list[str]:
    """Every stakeholder group that is there or is missing, in the community's order."""
    found = {name for share in balance.shares for name in share.by_group} | set(balance.missing)
    return in_order(community.stakeholder_groups, Counter(found))


def regions_shown(community: Community, balance: Balance) -> list[str]:
    """Every regional group of the community, and those without one where there are any."""
    found = {name for share in balance.shares for name in share.by_region} | set(community.regional_groups)
    return in_order(community.regional_groups, Counter(found))


def _reached(community: Community, outreach: Outreach) -> Text:
    return T(
        "Last outreach, {when}: {groups}.",
        when=Moment(outreach.noted_at, community.zone),
        groups=joined([group_label(name) for name in outreach.reached], ", "),
    )


def outreach_card(reads: Reads, community: Community, group: Group) -> Card:
    """What was done to reach which stakeholder groups, the newest first."""
    done = outreach_of(reads, group)[::-1]
    blocks: list[Block] = []
    for each in done[:MOST_OUTREACH]:
        by = T(
            "{number}, to {groups}: {person}, {when}",
            number=each.number,
            groups=joined([group_label(name) for name in each.reached], ", "),
            person=person_name(reads, community, each.author),
            when=Moment(each.noted_at, community.zone),
        )
        blocks.append(Quote(each.text, by))
    if not done:
        blocks.append(Paragraph(T("Nothing is noted yet.")))
    left = len(done) - MOST_OUTREACH
    if left > 0:
        blocks.append(Paragraph(Tn("{count} earlier entry is kept.", "{count} earlier entries are kept.", left)))
    return Card(
        T("Outreach of {name}", name=full_name(group.short_name, group.full_name)),
        tuple(blocks),
        (
            Button(T("Note something…"), "outreach add", {"group": group.short_name}),
            Button(T("Balance"), "balance show", {"group": group.short_name}),
        ),
        footer=T("Note what was done: {command}.", command=Say(f'outreach add {group.short_name} "GROUP" "…"')),
    )
