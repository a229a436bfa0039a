"""A proposal's sheet, filled from state: what a document says is what the card says."""

from __future__ import annotations

from dataclasses import asdict

from adapters.shared.documents.sheet import ProposalSheet
from adapters.shared.words import Words
from bot.domain.community import Community
from bot.domain.cycles import Cycle
from bot.domain.groups import UNDECIDED, Group
from bot.domain.ids import CommunityId, GroupId, PersonId
from bot.domain.people import Person, Seat
from bot.domain.proposals import co_proposers, latest
from bot.domain.records import Reads
from bot.domain.template import extra_sections, sections
from bot.present.names import STAGES, group_label


def sheet_of(reads: Reads, community_id: CommunityId, group_id: GroupId) -> ProposalSheet:
    """The newest version of a group's proposal. Raises `LookupError` for a group there is not."""
    community, group = reads.get(Community, community_id), reads.get(Group, community_id, group_id)
    if community is None or group is None:
        raise LookupError(group_id)
    proposal = latest(reads, group)
    cycle = reads.get(Cycle, community_id, group.cycle)
    texts = asdict(proposal.sections)
    words = Words()

    def named(person: PersonId) -> tuple[str, str]:
        found = reads.get(Person, community_id, person)
        seat = reads.get(Seat, community_id, group.cycle, person)
        stakeholder_group = seat.stakeholder_group if seat else ""
        label = words.say(group_label(stakeholder_group)) if stakeholder_group else ""
        return (found.name if found else "—", label)

    return ProposalSheet(
        body_name=community.name,
        short_name=group.short_name,
        full_name=group.full_name,
        cycle=cycle.name if cycle else "",
        status=words.say(STAGES[group.stage]),
        draft=group.stage in UNDECIDED,
        version=proposal.version,
        dated=proposal.written_at,
        zone=community.zone,
        proposers=(named(group.proposer),),
        co_proposers=tuple((*named(each.person), each.state.value) for each in co_proposers(reads, group)),
        sections=sections(texts),
        extra_sections=extra_sections(texts, community.titles.body),
        reference=f"wgbot · {group.short_name} · version {proposal.version}",
    )
