"""A working group as the public sees it: what it is for, who is in it, what it did, and what is amiss, plainly."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Final

from adapters.shared.documents import Format
from adapters.web.entries import (
    check_entry,
    consultation_entry,
    group_entry,
    group_mood,
    meeting_entry,
    published,
    recommendation_entry,
)
from adapters.web.history import history
from adapters.web.model import GroupPage, Paper, Report, Source, Standing, Version, Voice
from adapters.web.of_decision import with_stakeholders
from bot.domain.balance import balance_of
from bot.domain.charters import changes_in, lineage, version_of
from bot.domain.consensus.checks import Check
from bot.domain.consultations import Consultation
from bot.domain.cycles import Cycle
from bot.domain.documents import Document, documents_of
from bot.domain.documents import version_of as version_of_document
from bot.domain.facilitators import exceptions, facilitators
from bot.domain.groups import UNDECIDED, Group, ending_of, homes_of, successor_of
from bot.domain.lifetimes import Lifetime
from bot.domain.lists import list_of
from bot.domain.meetings import late_summaries, meetings_of
from bot.domain.membership import former_members, members_in, participants_in
from bot.domain.modalities import DEFAULT_VERSION
from bot.domain.outreach import outreach_of
from bot.domain.proposals import CoProposing, co_proposers
from bot.domain.recommendations import Recommendation
from bot.domain.reviews import RIGHT_OF_REPLY, UNDER_REVIEW, pending_review
from bot.domain.secretariat import agreed
from bot.domain.updates import Update, awaited, updates_of
from bot.domain.ways import in_force
from bot.present.balance import balance_card
from bot.present.charts import CHARTS
from bot.present.flags import flag_facts
from bot.present.groups import next_step, sections_of
from bot.present.modalities import modalities_card
from bot.present.names import STAGES, group_label
from bot.text import Moment, T, Text, joined, said, term
from bot.view import Fact, Table


def group_page(source: Source, group: Group) -> GroupPage:
    """One group, whole."""
    reads, community = source.reads, source.community
    versions = tuple(_version(source, group, number) for number in range(group.version, 0, -1))
    check = reads.get(Check, community.id, group.check) if group.check else None
    checks = [each for each in reads.all(Check, community=community.id) if group.id in (each.body, each.group)]
    balance = balance_of(reads, community, group)
    events = history(source, group)
    after = successor_of(reads, group)
    own = in_force(reads, community.id, group.id)
    card = modalities_card(reads, community, f"{group.id}:{own.version if own else DEFAULT_VERSION}", source.now)
    role = agreed(reads, group)
    recommendations = [
        each for each in reads.all(Recommendation, community=community.id, group=group.id) if published(each)
    ]
    consultations = reads.all(Consultation, community=community.id, group=group.id)
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
        versions[0],
        versions,
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
        tuple(_report(source, each) for each in reversed(updates_of(reads, group))),
        tuple(meeting_entry(source, each) for each in reversed(meetings_of(reads, community.id, group.id))),
        tuple(check_entry(source, each) for each in reversed(checks)),
        tuple(consultation_entry(source, each) for each in reversed(consultations)),
        tuple(recommendation_entry(source, each) for each in reversed(recommendations)),
        tuple(_outreach(source, group)),
        tuple(_paper(source, each) for each in documents_of(reads, group)),
        tuple((f"groups/{slug}.{form}", T("{what} as {format}", what=kind, format=label)) for form, label in DOCUMENTS),
        events,
        max(each.at for each in events),
    )


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
        own = lifetime.ends_on is not None and lifetime.ends_on < cycle.last_day
        label = T("Ends on") if own else T("Ends with the cycle on")
        yield Fact(label, term(str(lifetime.ends_on if own else cycle.last_day)))
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


def _version(source: Source, group: Group, number: int) -> Version:
    proposal = version_of(source.reads, group, number)
    if proposal is None:
        raise LookupError(number)
    body = source.community.titles.body
    return Version(
        number,
        T("{person}", person=source.name(proposal.author)),
        proposal.written_at,
        sections_of(proposal.sections, body),
        changes_in(source.reads, group, number, body),
    )


def _in_office(source: Source, group: Group) -> Iterable[Text]:
    for each in sorted(facilitators(source.reads, group), key=lambda each: source.name(each.person).name):
        yield T("{person} ({group})", person=source.name(each.person), group=group_label(each.stakeholder_group))


def _members(source: Source, group: Group) -> Iterable[Standing]:
    """Members by stakeholder group, in the community's order, each by name."""
    from bot.domain.people import Seat

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


def _paper(source: Source, document: Document) -> Paper:
    newest = version_of_document(source.reads, document)
    why = None
    if document.withdrawn_at is not None:
        when = Moment(document.withdrawn_at, source.community.zone)
        why = T("Withdrawn {when}: {why}", when=when, why=said(document.why_withdrawn))
    return Paper(
        document.label,
        document.title,
        T("version {version}, by {person}", version=newest.version, person=source.name(newest.added_by)),
        newest.added_at,
        newest.link if newest.link.startswith(("https://", "http://")) else "",
        newest.text,
        newest.note,
        why,
    )


def _report(source: Source, update: Update) -> Report:
    parts = (
        (T("Progress"), update.progress),
        (T("Next steps"), update.next_steps),
        (T("Help needed"), update.help_needed),
    )
    shown = tuple((heading, text) for heading, text in parts if text)
    return Report(update.number, T("{person}", person=source.name(update.author)), update.posted_at, shown)


def _outreach(source: Source, group: Group) -> Iterable[Voice]:
    for each in reversed(outreach_of(source.reads, group)):
        reached = joined([group_label(name) for name in each.reached], ", ")
        yield Voice(each.number, T("{person}", person=source.name(each.author)), each.noted_at, each.text, reached)
