"""What a working group's card says of how it works, and the flags: what is amiss or open, while its work goes on."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from bot.domain.community import Community
from bot.domain.facilitators import facilitators
from bot.domain.groups import Group
from bot.domain.records import Reads
from bot.domain.secretariat import agreed, open_role
from bot.domain.vacancies import NOTICE, STEWARDED, FacilitatorFlag, FlagKind, flags_up, stewarded
from bot.domain.ways import in_force
from bot.present.names import group_label
from bot.text import Moment, Say, T, joined
from bot.view import Fact


def working_facts(reads: Reads, community: Community, group: Group, now: datetime) -> tuple[Fact, ...]:
    """Its modalities, the Secretariat's role in it, and what is amiss with its co-facilitators."""
    if group.stage not in STEWARDED:
        return ()
    return (
        _modalities(reads, community, group),
        _role(reads, community, group),
        *flag_facts(reads, community, group, now),
    )


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
                T("Co-facilitators of one group"),
                T(
                    "both co-facilitators are of {group} since {when}",
                    group=group_label(of),
                    when=Moment(flag.since, community.zone),
                ),
            )
    assert_never(flag.flag)


def _modalities(reads: Reads, community: Community, group: Group) -> Fact:
    """By which working methods a group works."""
    own = in_force(reads, community.id, group.id)
    if own is None:
        return Fact(T("Modalities"), T("the default ones"))
    when = Moment(own.adopted_at or own.proposed_at, community.zone)
    return Fact(T("Modalities"), T("version {version}, adopted by consensus on {when}", version=own.version, when=when))


def _role(reads: Reads, community: Community, group: Group) -> Fact:
    """The Secretariat's role: a flag until both sides agreed on it."""
    holds, waits = agreed(reads, group), open_role(reads, group)
    see = Say(f"secretariat show {group.short_name}")
    label = T("The Secretariat's role")
    if waits is not None:
        waiting = T("the co-facilitators") if waits.by_secretariat else T("the Secretariat")
        return Fact(label, T("open: to be confirmed by {waiting} ({command})", waiting=waiting, command=see))
    if holds is None:
        return Fact(label, T("open: not defined yet ({command})", command=see))
    when = Moment(holds.confirmed_at or holds.proposed_at, community.zone)
    return Fact(label, T("agreed {when} ({command})", when=when, command=see))
