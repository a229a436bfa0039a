"""Cards of proposals and working groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from bot.domain.balance import imbalance
from bot.domain.charters import called, changes_in, predecessor_of
from bot.domain.community import Community
from bot.domain.completions import Completion
from bot.domain.consensus.checks import Check
from bot.domain.cycles import Cycle
from bot.domain.documents import documents_of
from bot.domain.facilitators import exceptions, facilitators
from bot.domain.groups import PHRASES, UNDECIDED, Group, Stage, ending_of, homes_of, successor_of
from bot.domain.ids import GroupId
from bot.domain.lifetimes import Lifetime
from bot.domain.linter import lint
from bot.domain.lists import list_of
from bot.domain.meetings import late_summaries, to_come
from bot.domain.membership import OPEN_STAGES, members_in, participants_in
from bot.domain.proposals import CoProposing, Sections, co_proposers, latest
from bot.domain.records import Reads
from bot.domain.reviews import RIGHT_OF_REPLY, UNDER_REVIEW, Review, pending_review
from bot.domain.template import EXTRA_SECTIONS, SECTIONS
from bot.domain.updates import awaited, updates_of
from bot.present import presents
from bot.present.flags import working_facts
from bot.present.lists import list_text
from bot.present.names import STAGES, full_name, group_label
from bot.present.next_steps import next_step
from bot.present.people import by_name, person_name, with_group
from bot.text import Moment, T, Text, Tn, day, joined, said, term
from bot.view import Block, Bullets, Button, ButtonStyle, Card, Fact, Facts, Paragraph, Quote, Section, Tone


def sections_of(sections: Sections, body: str) -> tuple[Section, ...]:
    """A proposal's text under the template's headings; empty optional ones are left out."""
    texts = asdict(sections)
    shown = [Section(T(heading), texts[key]) for key, heading in SECTIONS if texts[key].strip()]
    shown += [Section(T(heading, body=body), texts[key]) for key, heading in EXTRA_SECTIONS if texts[key].strip()]
    return tuple(shown)


def advice(sections: Sections, body: str) -> tuple[Text, ...]:
    """What the linter would say to the proposers: it never blocks."""
    return lint(asdict(sections), body=body)


def facts_of(reads: Reads, community: Community, group: Group) -> Facts:
    """What stands at the head of a group's card."""
    cycle = reads.get(Cycle, community.id, group.cycle)
    items = [
        Fact(T("Stage"), STAGES[group.stage]),
        Fact(T("Cycle"), term(cycle.name) if cycle else term("—")),
        Fact(T("Proposed by"), with_group(reads, community, group.cycle, group.proposer)),
    ]
    invited = by_name(reads, community, co_proposers(reads, group))
    if invited:
        shown = [
            T("{person} ({state})", person=person_name(reads, community, each.person), state=_co_proposing(each.state))
            for each in invited
        ]
        items.append(Fact(T("Co-proposers"), joined(shown, ", ")))
    in_office = by_name(reads, community, facilitators(reads, group))
    if in_office:
        names = [
            T(
                "{person} ({group})",
                person=person_name(reads, community, each.person),
                group=group_label(each.stakeholder_group),
            )
            for each in in_office
        ]
        items.append(Fact(T("Co-facilitators"), joined(names, " · ")))
    homes = homes_of(reads, community.id, group.id)
    if homes:
        items.append(Fact(T("Meets in"), joined([term(home.name) for home in homes], " · ")))
    if group.active_since:
        items.append(Fact(T("Active since"), T("{when}", when=Moment(group.active_since, community.zone))))
    items += _life(reads, community, group, cycle)
    return Facts(tuple(items))


def _reported(reads: Reads, group: Group) -> tuple[Button, ...]:
    """The final report of the group this one goes on from, where there is one."""
    before = predecessor_of(reads, group)
    if before is None or reads.get(Completion, group.community, before.id) is None:
        return ()
    return (Button(T("The final report before"), "complete show", {"group": called(reads, before)}),)


def _life(reads: Reads, community: Community, group: Group, cycle: Cycle | None) -> Iterable[Fact]:
    """When a group ends or ended, what it goes on from, and what goes on where it ended."""
    lifetime = reads.get(Lifetime, community.id, group.id)
    if cycle is not None and lifetime is not None and lifetime.approved:
        last = min(lifetime.ends_on or cycle.last_day, cycle.last_day)
        yield Fact(T("Ends on") if last < cycle.last_day else T("Ends with the cycle on"), day(last))
    ending = ending_of(reads, group)
    if ending is not None:
        yield Fact(T("Ended"), T("{when}", when=Moment(ending.ended_at, community.zone)))
    before = predecessor_of(reads, group)
    if before is not None:
        yield Fact(T("Goes on from"), _of_cycle(reads, community, before))
        changed = changes_in(reads, group, 0, community.titles.body) if group.stage in UNDECIDED else None
        if changed is not None:
            headings = joined([each.heading for each in changed], " · ") if changed else T("nothing")
            yield Fact(T("Changed since"), headings)
    after = successor_of(reads, group)
    if after is not None:
        yield Fact(T("Goes on as"), _of_cycle(reads, community, after))


def _of_cycle(reads: Reads, community: Community, group: Group) -> Text:
    cycle = reads.get(Cycle, community.id, group.cycle)
    return T(
        "{group} of {cycle} ({stage})",
        group=group.short_name,
        cycle=cycle.name if cycle else "—",
        stage=PHRASES[group.stage],
    )


def _people(reads: Reads, community: Community, group: Group) -> tuple[Fact, ...]:
    """How many are in a group."""
    if group.stage not in OPEN_STAGES:
        return ()
    members = Tn("{count} member", "{count} members", len(members_in(reads, group)))
    others = len(participants_in(reads, group))
    if others:
        members = joined([members, Tn("{count} participant", "{count} participants", others)], ", ")
    facts = [Fact(T("Members"), members)]
    linked = list_of(reads, community.id, group.id)
    if linked is not None:
        facts.append(Fact(T("Mailing list"), list_text(linked)))
    uneven = imbalance(reads, community, group)
    if uneven is not None and uneven.missing:
        missing = joined([group_label(name) for name in uneven.missing], ", ")
        facts.append(Fact(T("Imbalance"), T("no member yet from {groups}", groups=missing)))
    if uneven is not None and uneven.dominant is not None:
        facts.append(Fact(T("Imbalance"), T("more than half from {group}", group=group_label(uneven.dominant))))
    return tuple(facts)


def _updates(reads: Reads, community: Community, group: Group, now: datetime) -> tuple[Fact, ...]:
    """When a group last reported, when it does next, and whether that is late: for everybody to see."""
    facts = []
    before = updates_of(reads, group)
    if before:
        facts.append(Fact(T("Last update"), T("{when}", when=Moment(before[-1].posted_at, community.zone))))
    coming = awaited(reads, community, group, now)
    if coming is not None:
        when = Moment(coming.closes_at, community.zone)
        facts.append(
            Fact(T("Update late"), T("it was due {when}", when=when))
            if coming.late(now)
            else Fact(T("Next update"), T("due {when}", when=when))
        )
    return tuple(facts)


def _review(community: Community, review: Review | None) -> tuple[Fact, ...]:
    if review is None or review.state not in UNDER_REVIEW or review.replies_until is None:
        return ()
    since = Moment(review.replies_until - RIGHT_OF_REPLY, community.zone)
    return (Fact(T("Under progress review"), T("since {when}", when=since)),)


def _meetings(reads: Reads, community: Community, group: Group, now: datetime) -> tuple[Fact, ...]:
    """When a group meets next, and whether the summary of a meeting is late: for everybody to see."""
    coming = to_come(reads, community.id, group.id, now)[:1]
    facts = [Fact(T("Next meeting"), T("{when}", when=Moment(each.starts_at, community.zone))) for each in coming]
    late = late_summaries(reads, community.id, group.id, now)
    facts += [
        Fact(
            T("Summary late"),
            T(
                "of meeting {number}: it was due {when}",
                number=each.number,
                when=Moment(each.summary_due(), community.zone),
            ),
        )
        for each in late[:1]
    ]
    return tuple(facts)


def _co_proposing(state: CoProposing) -> Text:
    return {
        CoProposing.INVITED: T("invited"),
        CoProposing.CONFIRMED: T("confirmed"),
        CoProposing.DECLINED: T("declined"),
    }[state]


@presents("proposal")
def proposal_card(reads: Reads, community: Community, key: str, now: datetime) -> Card | None:
    """The newest version of a proposal, whole."""
    group = reads.get(Group, community.id, GroupId(key))
    if group is None:
        return None
    proposal = latest(reads, group)
    buttons = [Button(T("Where it stands"), "show", {"group": called(reads, group)})]
    if group.predecessor:
        buttons.append(Button(T("What changed"), "charter diff", {"group": called(reads, group)}))
        buttons += _reported(reads, group)
    return Card(
        T("Proposal: {name}", name=full_name(group.short_name, group.full_name)),
        (facts_of(reads, community, group), *sections_of(proposal.sections, community.titles.body)),
        tuple(buttons),
        Tone.NEUTRAL,
        f"proposal:{key}",
        T(
            "Version {version}, {when}. It is not approved until the {chair} approves it.",
            version=proposal.version,
            when=Moment(proposal.written_at, community.zone),
            chair=community.titles.chair,
        )
        if group.stage in UNDECIDED
        else T(
            "Version {version}, {when}.", version=proposal.version, when=Moment(proposal.written_at, community.zone)
        ),
    )


@presents("group")
def group_card(reads: Reads, community: Community, key: str, now: datetime) -> Card | None:
    """Where a working group stands, what comes next, and what it was founded on."""
    group = reads.get(Group, community.id, GroupId(key))
    if group is None:
        return None
    proposal = latest(reads, group)
    working = working_facts(reads, community, group, now)
    people = _people(reads, community, group)
    review = pending_review(reads, group)
    reporting = (*_meetings(reads, community, group, now), *_updates(reads, community, group, now))
    under_review = _review(community, review)
    facts = Facts((*facts_of(reads, community, group).items, *people, *reporting, *under_review, *working))
    blocks: list[Block] = [facts, Paragraph(next_step(reads, community, group, now))]
    ending = ending_of(reads, group)
    if ending is not None and ending.note:
        blocks.append(Quote(ending.note, T("{person}", person=person_name(reads, community, ending.ended_by))))
    if group.decision_note:
        blocks.append(Quote(group.decision_note, T("{person}", person=person_name(reads, community, group.decided_by))))
    check = reads.get(Check, community.id, group.check) if group.check else None
    if check is not None and check.minority_views:
        blocks.append(Quote(check.minority_views, T("Minority views")))
    lifted = exceptions(reads, group)
    if lifted:
        blocks.append(
            Bullets(
                tuple(
                    T(
                        "{gate}: {reason} ({person})",
                        gate=T(each.gate),
                        reason=said(each.reason),
                        person=person_name(reads, community, each.given_by),
                    )
                    for each in lifted
                ),
                T("Exceptions the {chair} recorded", chair=community.titles.chair),
            )
        )
    blocks += sections_of(proposal.sections, community.titles.body)
    completion = reads.get(Completion, community.id, group.id)
    tone = Tone.DONE if group.stage is Stage.ACTIVE else Tone.NEUTRAL
    return Card(
        full_name(group.short_name, group.full_name),
        tuple(blocks),
        _buttons(
            group,
            {"group": called(reads, group)},
            handed_in=completion is not None,
            goes_on=successor_of(reads, group) is not None,
            has_documents=bool(documents_of(reads, group)),
        ),
        tone,
        f"group:{key}",
    )


def _buttons(
    group: Group, name: dict[str, str], *, handed_in: bool, goes_on: bool, has_documents: bool
) -> tuple[Button, ...]:
    if group.stage is Stage.EXPIRED and not goes_on:
        return (Button(T("Renew it…"), "renew", name, ButtonStyle.PRIMARY),)
    if group.stage is Stage.IN_CONSULTATION:
        return (
            Button(T("Comment"), "consult comment", name, ButtonStyle.PRIMARY),
            Button(T("Comments so far"), "consult show", name),
        )
    buttons: tuple[Button, ...] = ()
    if group.stage in OPEN_STAGES:
        buttons = (Button(T("Join"), "join", name), Button(T("Members"), "members", name))
    if group.stage is Stage.ACTIVE:
        updates, meetings = Button(T("Its updates"), "update show", name), Button(T("Its meetings"), "meetings", name)
        buttons = (*buttons, updates, meetings)
    if has_documents:
        buttons = (*buttons, Button(T("Its documents"), "documents", name))
    if handed_in:
        buttons = (*buttons, Button(T("Its final report"), "complete show", name))
    if group.check:
        return (*buttons, Button(T("The consensus check"), "consensus show", {"check": str(group.check)}))
    return buttons
