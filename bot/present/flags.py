"""The flags on a working group's card: what is amiss, for everybody to see, while its work goes on."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from bot.domain.community import Community
from bot.domain.facilitators import facilitators
from bot.domain.groups import Group
from bot.domain.records import Reads
from bot.domain.vacancies import NOTICE, FacilitatorFlag, FlagKind, flags_up, stewarded
from bot.present.names import group_label
from bot.text import Moment, T, joined
from bot.view import Fact


def flag_facts(reads: Reads, community: Community, group: Group, now: datetime) -> tuple[Fact, ...]:
    """What is amiss with a group's co-facilitators, as facts of its card: for everybody to see."""
    if not stewarded(community, group):
        return ()
    return tuple(_flag(reads, community, group, flag, now) for flag in flags_up(reads, group))


def _flag(reads: Reads, community: Community, group: Group, flag: FacilitatorFlag, now: datetime) -> Fact:
    in_office = facilitators(reads, group)
    match flag.flag:
        case FlagKind.VACANCY:
            parts = [T("since {when}.", when=Moment(flag.since, community.zone))]
            if now >= flag.since + NOTICE:
                parts.append(T("It is on the agenda of the {body}.", body=community.titles.body))
            parts.append(
                T("Work goes on.") if in_office else T("None is left: work goes on, and new recommendations wait.")
            )
            return Fact(T("Co-facilitator vacancy"), joined(parts))
        case FlagKind.IMBALANCE:
            of = in_office[0].stakeholder_group if in_office else ""
            return Fact(
                T("Imbalance"),
                T(
                    "both co-facilitators are of {group} since {when}",
                    group=group_label(of),
                    when=Moment(flag.since, community.zone),
                ),
            )
    assert_never(flag.flag)
