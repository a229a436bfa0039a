"""The list of renewals: what goes on from the cycle before, for whoever decides on them in one sitting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.charters import called
from bot.domain.community import Community
from bot.domain.consensus.checks import Check
from bot.domain.facilitators import facilitators
from bot.domain.groups import UNDECIDED, Group, Stage, successor_of
from bot.domain.lifetimes import Lifetime
from bot.domain.people import ASKED, seat_of
from bot.domain.records import Reads
from bot.present.names import STAGES, full_name
from bot.present.next_steps import next_step
from bot.present.people import by_name, person_name
from bot.text import T, Text, joined
from bot.view import Block, Button, ButtonStyle, Card, Item, Items, Paragraph


def renewals_card(reads: Reads, community: Community, now: datetime) -> Card:
    """Those proposed anew, each with its next step; and those that ended and were not."""
    proposed = tuple(_proposed(reads, community, now))
    waiting = tuple(_not_proposed(reads, community))
    blocks: list[Block] = []
    if proposed:
        blocks.append(Items(proposed, T("Proposed anew in this cycle")))
    if waiting:
        blocks.append(Items(waiting, T("Expired, and not proposed anew")))
    if not blocks:
        blocks.append(Paragraph(T("No working group has ended with its time, and none is proposed anew.")))
    return Card(T("Renewals"), tuple(blocks))


def _proposed(reads: Reads, community: Community, now: datetime) -> Iterator[Item]:
    living = (reads.get(Group, community.id, each.group) for each in _of_cycle(reads, community))
    for group in sorted((each for each in living if each and each.predecessor), key=lambda each: each.short_name):
        yield Item(
            T("{name}: {stage}", name=full_name(group.short_name, group.full_name), stage=STAGES[group.stage]),
            _button(reads, community, group, now),
            next_step(reads, community, group, now),
        )


def _of_cycle(reads: Reads, community: Community) -> tuple[Lifetime, ...]:
    return reads.all(Lifetime, community=community.id, cycle=community.cycle)


def _not_proposed(reads: Reads, community: Community) -> Iterator[Item]:
    expired = reads.all(Group, community=community.id, stage=Stage.EXPIRED)
    for group in sorted(expired, key=lambda each: each.short_name):
        if group.cycle >= community.cycle - 1 and successor_of(reads, group) is None:
            name = called(reads, group)
            yield Item(
                T("{name}", name=full_name(group.short_name, group.full_name)),
                Button(T("Renew {group}…", group=name), "renew", {"group": name}),
                _stewards(reads, community, group),
            )


def _stewards(reads: Reads, community: Community, group: Group) -> Text | None:
    in_office = by_name(reads, community, facilitators(reads, group))
    names = [T("{person}", person=person_name(reads, community, each.person)) for each in in_office]
    return T("Its co-facilitators were {names}.", names=joined(names, ", ")) if names else None


def _button(reads: Reads, community: Community, group: Group, now: datetime) -> Button:
    name = {"group": group.short_name}
    check = reads.get(Check, community.id, group.check) if group.check else None
    if group.stage is Stage.CONSENSUS_CHECK and check is not None and check.closed_at is None:
        return Button(T("Check {number}", number=check.number), "consensus show", {"check": str(check.number)})
    if group.stage in (Stage.CONSENSUS_CHECK, Stage.CONCLUDED_UPON):
        again = _again(reads, community, group)
        label = T("Approve {group}…", group=group.short_name)
        return Button(label, "approve", {**name, **({"facilitators": again} if again else {})}, ButtonStyle.PRIMARY)
    if group.stage in UNDECIDED:
        return Button(T("What changed in {group}", group=group.short_name), "charter diff", name)
    return Button(T("{group}", group=group.short_name), "show", name)


def _again(reads: Reads, community: Community, group: Group) -> str:
    """The co-facilitators of the group before, where both are seated still and of two stakeholder groups."""
    before = reads.get(Group, community.id, group.predecessor) if group.predecessor else None
    in_office = by_name(reads, community, facilitators(reads, before)) if before is not None else []
    seats = [seat_of(reads, community, each.person) for each in in_office]
    groups = {seat.stakeholder_group for seat in seats if seat is not None and seat.role in ASKED}
    if len(in_office) != 2 or len(groups) != 2:  # noqa: PLR2004 - two, of two stakeholder groups
        return ""
    return ", ".join(person_name(reads, community, each.person).name for each in in_office)
