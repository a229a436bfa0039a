"""A working group as the public sees it: what it is for, who is in it, what it did, and what is amiss, plainly."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Final

from adapters.shared.documents import Format
from adapters.web.entries import group_entry, group_mood
from adapters.web.model import GroupPage, Source, Standing, Voice
from adapters.web.of_decision import with_stakeholders
from adapters.web.of_list import lists_of, version_page
from bot.domain.balance import balance_of
from bot.domain.charters import lineage
from bot.domain.consensus.checks import Check
from bot.domain.cycles import Cycle
from bot.domain.facilitators import exceptions, facilitators
from bot.domain.groups import UNDECIDED, Group, ending_of, homes_of, successor_of
from bot.domain.lifetimes import Lifetime
from bot.domain.lists import list_of
from bot.domain.meetings import late_summaries
from bot.domain.membership import former_members, members_in, participants_in
from bot.domain.modalities import DEFAULT_VERSION
from bot.domain.people import Seat
from bot.domain.proposals import CoProposing, co_proposers
from bot.domain.reviews import RIGHT_OF_REPLY, UNDER_REVIEW, pending_review
from bot.domain.secretariat import agreed
from bot.domain.updates import awaited
from bot.domain.ways import in_force
from bot.present.balance import balance_card
from bot.present.charts import CHARTS
from bot.present.flags import flag_facts
from bot.present.modalities import modalities_card
from bot.present.names import STAGES, group_label
from bot.present.next_steps import next_step
from bot.text import Moment, T, Text, day, joined, said, term
from bot.view import Fact, Table


def group_page(source: Source, group: Group) -> GroupPage:
    """One group, whole."""
    reads, community = source.reads, source.community
    newest = {each.path.rpartition("/")[2]: each for each in lists_of(source, group)}
    check = reads.get(Check, community.id, group.check) if group.check else None
    balance = balance_of(reads, community, group)
    events = newest["history"].items
    after = successor_of(reads, group)
    own = in_force(reads, community.id, group.id)
    card = modalities_card(reads, community, f"{group.id}:{own.version if own else DEFAULT_VERSION}", source.now)
    role = agreed(reads, group)
    slug = source.paths.slug_of(group.id)
    kind = T("Proposal") if group.stage in UNDECIDED else T("Charter")
    return GroupPage(
        source.paths.group(group.id),
        slug,
        group.short_name,
        group.full_name,
        STAGES[group.stage],
        group_mood(group),
        next_step(reads, community, group, source.now),
        group.stage in UNDECIDED,
        tuple(_facts(source, group)),
        flags(source, group),
        tuple(_decided(source, group)),
        check.minority_views if check is not None else "",
        version_page(source, group, group.version),
        newest["versions"].top(source),
        tuple(group_entry(source, each) for each in lineage(reads, group)),
        group_entry(source, after) if after is not None else None,
        tuple(_in_office(source, group)),
        tuple(_members(source, group)),
        tuple(T("{person}", person=source.name(each.person)) for each in participants_in(reads, group)),
        tuple(_former(source, group)),
        balance,
        CHARTS["group-balance"](reads, community, group.id, source.now) if balance.members.total else None,
        tuple(each for each in balance_card(reads, community, group).blocks if isinstance(each, Table)),
        card.blocks if card is not None else (),
        card.footer if card is not None and card.footer is not None else T("The default ones."),
        role.text if role is not None else "",
        newest["updates"].top(source),
        newest["meetings"].top(source),
        newest["decisions"].top(source),
        newest["recommendations"].top(source),
        newest["outreach"].top(source),
        newest["documents"].top(source),
        tuple((f"groups/{slug}.{form}", T("{what} as {format}", what=kind, format=label)) for form, label in DOCUMENTS),
        newest["history"].top(source),
        tuple(each for each in events if each.key in LIFE),
        max(each.at for each in events),
    )


LIFE: Final = frozenset({"proposed", "consultation", "check", "concluded", "decided", "active", "ended"})
"""What of a group's history its timeline is drawn from."""

DOCUMENTS: Final[tuple[tuple[Format, str], ...]] = (("pdf", "PDF"), ("docx", "DOCX"), ("md", "Markdown"))
"""A charter's forms, each under its own suffix beside the group's page."""


def _facts(source: Source, group: Group) -> Iterable[Fact]:
    reads, community = source.reads, source.community
    cycle = reads.get(Cycle, community.id, group.cycle)
    yield Fact(T("Cycle"), term(cycle.name) if cycle else term("—"))
    confirmed = [each.person for each in co_proposers(reads, group) if each.state is CoProposing.CONFIRMED]
    named = [with_stakeholders(source, each, group) for each in (group.proposer, *confirmed)]
    yield Fact(T("Proposed by"), joined(named, " · "))
    if group.active_since is not None:
        yield Fact(T("Active since"), T("{when}", when=Moment(group.active_since, community.zone)))
    lifetime = reads.get(Lifetime, community.id, group.id)
    if cycle is not None and lifetime is not None and lifetime.approved:
        last = min(lifetime.ends_on or cycle.last_day, cycle.last_day)
        yield Fact(T("Ends on") if last < cycle.last_day else T("Ends with the cycle on"), day(last))
    ending = ending_of(reads, group)
    if ending is not None:
        yield Fact(T("Ended"), T("{when}", when=Moment(ending.ended_at, community.zone)))
    homes = homes_of(reads, community.id, group.id)
    if homes:
        yield Fact(T("Meets in"), joined([said(home.name) for home in homes], " · "))
    linked = list_of(reads, community.id, group.id)
    if linked is not None and linked.subscribe:
        yield Fact(T("Mailing list"), said(linked.subscribe))
    waiting = awaited(reads, community, group, source.now)
    if waiting is not None and not waiting.late(source.now):
        yield Fact(T("Next update"), T("due {when}", when=Moment(waiting.closes_at, community.zone)))


def flags(source: Source, group: Group) -> tuple[Fact, ...]:
    """What is late or amiss with a group, for everybody to see."""
    reads, community = source.reads, source.community
    found: list[Fact] = []
    waiting = awaited(reads, community, group, source.now)
    if waiting is not None and waiting.late(source.now):
        when = Moment(waiting.closes_at, community.zone)
        found.append(Fact(T("Update late"), T("it was due {when}", when=when)))
    for meeting in late_summaries(reads, community.id, group.id, source.now):
        due = Moment(meeting.summary_due(), community.zone)
        late = T("of meeting {number}: it was due {when}", number=meeting.number, when=due)
        found.append(Fact(T("Summary late"), late))
    review = pending_review(reads, group)
    if review is not None and review.state in UNDER_REVIEW and review.replies_until is not None:
        since = Moment(review.replies_until - RIGHT_OF_REPLY, community.zone)
        found.append(Fact(T("Under progress review"), T("since {when}", when=since)))
    found += flag_facts(reads, community, group, source.now)
    found += [
        Fact(T("Exception of the {chair}", chair=community.titles.chair), said(each.reason))
        for each in exceptions(reads, group)
    ]
    return tuple(found)


def _decided(source: Source, group: Group) -> Iterable[Voice]:
    """What was said when it was decided upon, and when it ended."""
    if group.decision_note and group.decided_at is not None:
        yield Voice(1, T("{person}", person=source.name(group.decided_by)), group.decided_at, group.decision_note)
    ending = ending_of(source.reads, group)
    if ending is not None and ending.note:
        yield Voice(2, T("{person}", person=source.name(ending.ended_by)), ending.ended_at, ending.note)


def _in_office(source: Source, group: Group) -> Iterable[Text]:
    for each in sorted(facilitators(source.reads, group), key=lambda each: source.name(each.person).name):
        yield T("{person} ({group})", person=source.name(each.person), group=group_label(each.stakeholder_group))


def _members(source: Source, group: Group) -> Iterable[Standing]:
    """Members by stakeholder group, in the community's order, each by name."""
    order = source.community.stakeholder_groups

    def of(person: str) -> str:
        seat = source.reads.get(Seat, source.community.id, group.cycle, person)
        return seat.stakeholder_group if seat is not None else ""

    found = sorted(
        ((of(each.person), source.name(each.person)) for each in members_in(source.reads, group)),
        key=lambda pair: (order.index(pair[0]) if pair[0] in order else len(order), pair[0], pair[1].name),
    )
    for label, people in groupby(found, key=lambda pair: pair[0]):
        yield Standing(group_label(label), tuple(T("{person}", person=name) for _, name in people))


def _former(source: Source, group: Group) -> Iterable[Text]:
    seen = {each.person: source.name(each.person) for each in former_members(source.reads, group)}
    still = {each.person for each in members_in(source.reads, group)}
    left = [name for person, name in seen.items() if person not in still]
    yield from (T("{person}", person=name) for name in sorted(left, key=lambda name: name.name))
