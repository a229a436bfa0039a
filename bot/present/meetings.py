"""Cards of meetings, their agendas and their summaries, and of searches for a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.domain.actions import Action
from bot.domain.agenda import AgendaItem, agenda_of
from bot.domain.community import Community
from bot.domain.consensus.checks import Check
from bot.domain.consensus.questions import asked
from bot.domain.groups import body_name, group_of
from bot.domain.ids import MAG, GroupId
from bot.domain.matters import Matter, MatterKind, taken_up
from bot.domain.meetings import Meeting, MeetingKind, MeetingState
from bot.domain.records import Reads
from bot.domain.sitting import Attending, attendance_of, queue_of
from bot.domain.summaries import decided_in, summary_of
from bot.present import presents
from bot.present.names import OUTCOMES, group_label
from bot.present.people import person_name
from bot.text import Moment, Span, T, Text, Tn, UserText, joined, said, term
from bot.view import Block, Bullets, Button, ButtonStyle, Card, Fact, Facts, Paragraph, Quote, Table, Tone

KINDS: dict[MeetingKind, Text] = {
    MeetingKind.ONLINE: T("Online"),
    MeetingKind.IN_PERSON: T("In person"),
    MeetingKind.HYBRID: T("In person and online"),
}

STATES: dict[MeetingState, Text] = {
    MeetingState.SCHEDULED: T("Scheduled"),
    MeetingState.RUNNING: T("Taking place"),
    MeetingState.ENDED: T("Over"),
    MeetingState.CANCELLED: T("Cancelled"),
}


def body_of(reads: Reads, community: Community, meeting: Meeting) -> Text:
    """Whose meeting it is."""
    return body_name(reads, community.id, meeting.body, community.titles.body)


def when_of(meeting: Meeting, zone: str) -> Text:
    """When it begins, for how long, and where."""
    length = Span(int((meeting.ends_at - meeting.starts_at).total_seconds()))
    when = T("{when}, for {length}", when=Moment(meeting.starts_at, zone), length=length)
    if not meeting.venue:
        return T("{when}, online", when=when)
    return T("{when}, at {venue}", when=when, venue=UserText(meeting.venue))


def title_of(reads: Reads, community: Community, meeting: Meeting) -> Text:
    """What stands above everything about a meeting."""
    return T(
        "Meeting {number} of {body}: {title}",
        number=meeting.number,
        body=body_of(reads, community, meeting),
        title=UserText(meeting.title),
    )


@presents("meeting")
def meeting_card(reads: Reads, community: Community, key: str, now: datetime) -> Card | None:
    """A meeting in its own room, where people join it."""
    meeting = reads.get(Meeting, community.id, int(key))
    if meeting is None:
        return None
    return card_of(reads, community, meeting, now, zone=meeting.zone, linked=True)


def card_of(reads: Reads, community: Community, meeting: Meeting, now: datetime, *, zone: str, linked: bool) -> Card:
    """A meeting as it stands. `linked`: for somebody who may join it."""
    blocks: list[Block] = [_facts(meeting, now, zone=zone, linked=linked)]
    if meeting.why:
        blocks.append(Quote(meeting.why))
    blocks += agenda_blocks(reads, community, meeting, now)
    if meeting.state is MeetingState.RUNNING:
        blocks += _queue(reads, community, meeting)
    if meeting.state in (MeetingState.RUNNING, MeetingState.ENDED):
        blocks += attendance_blocks(reads, community, meeting)
        blocks += outcome_blocks(reads, community, meeting)
    tone = {MeetingState.RUNNING: Tone.ATTENTION, MeetingState.CANCELLED: Tone.REFUSED}.get(meeting.state, Tone.NEUTRAL)
    return Card(
        title_of(reads, community, meeting),
        tuple(blocks),
        tuple(_buttons(meeting, now)),
        tone,
        f"meeting:{meeting.number}",
        T("Open to everybody seated in the {body}.", body=community.titles.body),
    )


def _facts(meeting: Meeting, now: datetime, *, zone: str, linked: bool) -> Facts:
    facts = [
        Fact(T("State"), STATES[meeting.state]),
        Fact(T("When"), T("{when}", when=Moment(meeting.starts_at, zone))),
        Fact(T("Length"), T("{length}", length=Span(int((meeting.ends_at - meeting.starts_at).total_seconds())))),
        Fact(T("How"), KINDS[meeting.kind]),
    ]
    if meeting.venue:
        facts.append(Fact(T("Venue"), said(meeting.venue)))
    if meeting.link and meeting.state in (MeetingState.SCHEDULED, MeetingState.RUNNING):
        facts.append(Fact(T("Join"), said(meeting.link) if linked else T("shown to members")))
    if meeting.held(now) and meeting.summarised_at is None:
        when = Moment(meeting.summary_due(), zone)
        facts.append(
            Fact(T("Summary late"), T("it was due {when}", when=when))
            if meeting.summary_late(now)
            else Fact(T("Summary"), T("due {when}", when=when))
        )
    return Facts(tuple(facts))


def _buttons(meeting: Meeting, now: datetime) -> Iterator[Button]:
    number = {"meeting": str(meeting.number)}
    match meeting.state:
        case MeetingState.SCHEDULED if now < meeting.ends_at:
            yield Button(T("Into my calendar"), "meeting file", number, ButtonStyle.PRIMARY)
            yield Button(T("I cannot come"), "meeting regrets", number)
            yield Button(T("Propose an item…"), "agenda propose", number)
            yield Button(T("Open the meeting"), "meeting start", number)
        case MeetingState.RUNNING:
            yield Button(T("I am here"), "meeting present", number, ButtonStyle.PRIMARY)
            yield Button(T("I want to speak"), "q+", number)
            yield Button(T("Not any more"), "q-", number)
            yield Button(T("Next speaker"), "next", number)
            yield Button(T("Next topic"), "meeting topic", number)
            yield Button(T("End the meeting"), "meeting end", number)
        case MeetingState.CANCELLED:
            yield Button(T("Into my calendar"), "meeting file", number)
        case _:
            yield Button(T("Its summary"), "summary show", number)


def agenda_blocks(reads: Reads, community: Community, meeting: Meeting, now: datetime) -> Iterator[Block]:
    """The agenda in its order, and what the full membership's takes up by itself."""
    items = agenda_of(reads, meeting)
    if items:
        yield Bullets(tuple(_line(reads, community, meeting, each) for each in items), T("Agenda"))
    if meeting.body == MAG and meeting.state is MeetingState.SCHEDULED:
        there = {each.matter for each in items}
        matters = [each for each in taken_up(reads, community, now) if each.key not in there]
        if matters:
            yield Bullets(
                tuple(matter_text(each.kind, each.group.short_name) for each in matters),
                T("It also takes up, as things stand"),
            )


def _line(reads: Reads, community: Community, meeting: Meeting, item: AgendaItem) -> Text:
    words = item_text(reads, community, item)
    if item.proposed_by is not None:
        words = T("{item} ({person})", item=words, person=person_name(reads, community, item.proposed_by))
    if item.number == meeting.topic:
        return T("{number}. {item} ← now", number=item.number, item=words)
    return T("{number}. {item}", number=item.number, item=words)


def item_text(reads: Reads, community: Community, item: AgendaItem) -> Text:
    """What an item of an agenda is about."""
    if not item.matter:
        return said(item.text)
    kind, _, group = item.matter.partition(":")
    return matter_text(MatterKind(kind), group_of(reads, community.id, GroupId(group)).short_name)


def matter_text(kind: MatterKind, group: str) -> Text:
    """Why a group is on the agenda."""
    match kind:
        case MatterKind.CONCLUSION:
            return T("{group}: its proposal awaits a conclusion", group=group)
        case MatterKind.RENEWAL:
            return T("{group}: its renewal is proposed", group=group)
        case MatterKind.VACANCY:
            return T("{group}: a co-facilitator has been missing for four weeks", group=group)
        case MatterKind.UPDATE_LATE:
            return T("{group}: its update is late", group=group)


def matter_of(matter: Matter) -> tuple[str, str]:
    """A matter as an agenda keeps it: its key, and the group's name for a heading."""
    return matter.key, matter.group.short_name


def _queue(reads: Reads, community: Community, meeting: Meeting) -> Iterator[Block]:
    waiting = queue_of(reads, meeting)
    if waiting:
        yield Bullets(
            tuple(
                T(
                    "{person} ({group})",
                    person=person_name(reads, community, each.person),
                    group=group_label(each.group),
                )
                for each in waiting
            ),
            T("Wants to speak, in this order"),
        )


def attendance_blocks(reads: Reads, community: Community, meeting: Meeting) -> Iterator[Block]:
    """Who was there, by stakeholder group, with their turns; and how many sent regrets."""
    known = attendance_of(reads, meeting)
    people: Counter[str] = Counter()
    turns: Counter[str] = Counter()
    for each in known:
        if each.state is Attending.PRESENT:
            people[each.stakeholder_group] += 1
            turns[each.stakeholder_group] += each.turns
    if people:
        groups = [*community.stakeholder_groups, *sorted(set(people) - set(community.stakeholder_groups))]
        yield Table(
            (T("Stakeholder group"), T("Present"), T("Speaking turns")),
            tuple((group_label(group), term(str(people[group])), term(str(turns[group]))) for group in groups),
            T("Attendance"),
            (1, 2),
        )
        missing = [group for group in community.stakeholder_groups if not people[group]]
        if missing:
            names = joined([group_label(group) for group in missing], ", ")
            yield Paragraph(
                T("Nobody is here of: {groups}.", groups=names)
                if meeting.ended_at is None
                else T("Nobody was there of: {groups}.", groups=names)
            )
    regrets = sum(each.state is Attending.REGRETS for each in known)
    if regrets:
        yield Paragraph(Tn("{count} person sent regrets.", "{count} people sent regrets.", regrets))


def outcome_blocks(reads: Reads, community: Community, meeting: Meeting) -> Iterator[Block]:
    """What was decided in a meeting, and who is to do what."""
    checks = decided_in(reads, meeting)
    if checks:
        yield Bullets(tuple(_decision(each) for each in checks), T("Decisions"))
    actions = reads.all(Action, community=community.id, meeting=meeting.number)
    if actions:
        yield Bullets(tuple(action_text(reads, community, actions)), T("Actions"))


def _decision(check: Check) -> Text:
    if check.outcome is not None:
        return T(
            "{question}: {outcome} (check {number})",
            question=asked(check.question),
            outcome=OUTCOMES[check.outcome],
            number=check.number,
        )
    return T("{question}: consensus recorded (check {number})", question=asked(check.question), number=check.number)


def action_text(reads: Reads, community: Community, actions: Iterable[Action]) -> Iterator[Text]:
    """Each action in a sentence."""
    for each in actions:
        owner = person_name(reads, community, each.owner)
        if each.done_at is not None:
            yield T("{number}. {person}: {text} (done)", number=each.number, person=owner, text=UserText(each.text))
        else:
            yield T(
                "{number}. {person}: {text} (by {when})",
                number=each.number,
                person=owner,
                text=UserText(each.text),
                when=Moment(each.due_at, each.zone),
            )


@presents("summary")
def summary_card(reads: Reads, community: Community, key: str, now: datetime) -> Card | None:
    """The summary of a meeting: its text, attendance, decisions and actions. A draft says that it is one."""
    meeting = reads.get(Meeting, community.id, int(key))
    if meeting is None:
        return None
    summary = summary_of(reads, meeting)
    number = {"meeting": key}
    approved = summary is not None and summary.approved_at is not None
    facts = [Fact(T("When"), T("{when}", when=Moment(meeting.started_at or meeting.starts_at, meeting.zone)))]
    facts.append(Fact(T("How"), KINDS[meeting.kind]))
    blocks: list[Block] = [Facts(tuple(facts))]
    if summary is not None and summary.text:
        blocks.append(Quote(summary.text))
    blocks += attendance_blocks(reads, community, meeting)
    blocks += outcome_blocks(reads, community, meeting)
    title = T(
        "Summary of meeting {number} of {body}: {title}",
        number=meeting.number,
        body=body_of(reads, community, meeting),
        title=UserText(meeting.title),
    )
    if summary is not None and summary.approved_at is not None:
        footer = T(
            "Approved by {person}, {when}.",
            person=person_name(reads, community, summary.approved_by),
            when=Moment(summary.approved_at, meeting.zone),
        )
    else:
        footer = T("A draft: it is published when it is approved.")
    buttons = (
        Button(T("Edit…"), "summary edit", number),
        *(() if approved else (Button(T("Approve and publish"), "summary approve", number, ButtonStyle.PRIMARY),)),
    )
    return Card(title, tuple(blocks), buttons, Tone.DONE if approved else Tone.NEUTRAL, f"summary:{key}", footer)
