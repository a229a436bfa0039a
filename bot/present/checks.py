"""Cards of consensus checks, and the one card on which the Chair decides."""

from __future__ import annotations

from datetime import datetime

from bot.domain.charter_changes import change_upon
from bot.domain.charters import changes
from bot.domain.community import Community
from bot.domain.consensus.acts import assessment_of
from bot.domain.consensus.assessments import ObjectionState
from bot.domain.consensus.checks import (
    Asked,
    Check,
    Form,
    Held,
    Objection,
    Outcome,
    check_of,
    objections_of,
    open_objections,
    tally_of,
)
from bot.domain.consensus.positions import Position, Tally
from bot.domain.consensus.questions import own_question
from bot.domain.consensus.rules import Rule, describe
from bot.domain.groups import UNDECIDED, Group, body_name, group_of
from bot.domain.ids import GroupId
from bot.domain.records import Reads
from bot.domain.reviews import review_upon
from bot.present import presents
from bot.present.charters import before_change, change_blocks
from bot.present.membership import volunteers_block
from bot.present.names import OBJECTIONS, OUTCOMES, POSITIONS, QUICK_POSITIONS, VERDICTS, full_name, group_label
from bot.present.people import person_name
from bot.present.reviews import said_in_review
from bot.text import Moment, T, Text, day, joined, said
from bot.view import (
    Ballot,
    BallotOption,
    Block,
    Bullets,
    Button,
    ButtonStyle,
    Card,
    Fact,
    Facts,
    Paragraph,
    Quote,
    Table,
    TallyRow,
    Tone,
)
from bot.view import Tally as TallyBlock


@presents("check")
def check_card(reads: Reads, community: Community, key: str, now: datetime, *, public: bool = False) -> Card | None:
    """A consensus check: the question, how to answer, positions by stakeholder group, objections, how it ended."""
    check = reads.get(Check, community.id, int(key))
    if check is None:
        return None
    running = check.closed_at is None and now < check.closes_at
    blocks: list[Block] = (
        [_ballot(check, running)] if running else [Quote(check.question, own=own_question(check.question))]
    )
    blocks.append(_facts(reads, community, check, running))
    change = change_upon(reads, check)
    if change is not None:
        before = before_change(reads, group_of(reads, community.id, change.group), change)
        blocks += change_blocks(changes(before, change.sections, community.titles.body))
    review = None if public else review_upon(reads, check)
    if review is not None:
        blocks += said_in_review(reads, community, review)
    tally = tally_of(reads, check)
    drawn = has_tally(check, tally)
    if drawn:
        blocks.append(tally_block(check, tally))
    blocks += _objections(reads, community, check, public=public)
    if not running:
        blocks += _ending(reads, community, check, now)
    chart = Button(T("Chart"), "consensus chart", {"check": key})
    return Card(
        check_title(reads, community, check),
        tuple(blocks),
        (chart,) if drawn and not running else (),
        _tone(check, running),
        f"check:{key}",
        _footer(community, check, running),
    )


def has_tally(check: Check, tally: Tally) -> bool:
    """Whether there are positions to show: not where a meeting's consensus was recorded without any."""
    return check.form is not Form.RECORDED or bool(tally.taken())


def check_title(reads: Reads, community: Community, check: Check) -> Text:
    """What a check is called: which kind, which number, and whose it is."""
    asked = body_name(reads, community.id, check.body, community.titles.body)
    if check.form is Form.QUICK:
        return T("Quick consensus check {number} of {body}", number=check.number, body=asked)
    if check.form is Form.RECORDED:
        return T(
            "Consensus of {body} reached in a meeting, recorded as check {number}", number=check.number, body=asked
        )
    return T("Consensus check {number} of {body}", number=check.number, body=asked)


def _tone(check: Check, running: bool) -> Tone:
    if running:
        return Tone.ATTENTION
    return Tone.DONE if check.outcome is Outcome.CONSENSUS else Tone.NEUTRAL


def _ballot(check: Check, running: bool) -> Ballot:
    names = QUICK_POSITIONS if check.form is Form.QUICK else POSITIONS
    number = {"check": str(check.number)}
    options = tuple(
        BallotOption(
            position.value,
            Button(
                label,
                f"consensus {position.value}",
                number,
                ButtonStyle.DANGER if position is Position.OBJECT else ButtonStyle.PLAIN,
            ),
        )
        for position, label in names.items()
    )
    return Ballot(check.question, options, open=running, own=own_question(check.question))


def _facts(reads: Reads, community: Community, check: Check, running: bool) -> Facts:
    items = [Fact(T("Rule"), describe(Rule.parse(check.rule)))]
    if check.form is Form.RECORDED and check.met_on is not None:
        items.append(Fact(T("Meeting"), day(check.met_on)))
        items.append(Fact(T("Presided by"), said(check.presided)))
        if check.meeting_link:
            items.append(Fact(T("Link"), said(check.meeting_link)))
        items.append(Fact(T("Recorded by"), T("{person}", person=person_name(reads, community, check.opened_by))))
        return Facts(tuple(items))
    if running:
        items.append(Fact(T("Closes"), T("{when}", when=Moment(check.closes_at, check.zone))))
        if check.closes_at != check.announced_close:
            moved = T("first announced for {when}", when=Moment(check.announced_close, check.zone))
            items.append(Fact(T("Moved"), moved))
    else:
        items.append(Fact(T("Closed"), closed_text(reads, community, check)))
    return Facts(tuple(items))


def closed_text(reads: Reads, community: Community, check: Check) -> Text:
    """When a check closed, by whom and why, as it stands after a label."""
    when = Moment(check.closed_at or check.closes_at, check.zone)
    if check.closed_by is None:
        when = Moment(check.closes_at, check.zone)
        return T("{when}, at its time", when=when)
    person = person_name(reads, community, check.closed_by)
    if check.closed_why:
        return T("{when}, by {person}: {why}", when=when, person=person, why=said(check.closed_why))
    return T("{when}, by {person}", when=when, person=person)


def tally_block(check: Check, tally: Tally) -> TallyBlock:
    """Positions by stakeholder group, with how many were asked of each."""
    positions = tuple(QUICK_POSITIONS if check.form is Form.QUICK else POSITIONS)
    names = QUICK_POSITIONS if check.form is Form.QUICK else POSITIONS
    rows = tuple(
        TallyRow(group_label(group), tuple(tally.of(each, group) for each in positions), tally.asked[group])
        for group in tally.groups()
    )
    total = TallyRow(T("All"), tuple(tally.of(each) for each in positions), tally.asked_in_all())
    return TallyBlock(tuple(names.values()), rows, total)


def positions_card(reads: Reads, community: Community, check: Check) -> Card:
    """Who took which position, and who was asked and has not: for the body's own eyes."""
    asked = reads.all(Asked, community=community.id, check=check.number)
    held = {each.person: each for each in reads.all(Held, community=community.id, check=check.number)}
    names = QUICK_POSITIONS if check.form is Form.QUICK else POSITIONS
    rows: list[tuple[Text, Text]] = []
    for position, label in names.items():
        takers = [each for each in held.values() if each.position is position]
        takers.sort(key=lambda each: person_name(reads, community, each.person).name)
        people = [_held(reads, community, each) for each in takers]
        if people:
            rows.append((label, joined(people, ", ")))
    missing = [person_name(reads, community, each.person) for each in asked if each.person not in held]
    silent = [T("{person}", person=each) for each in sorted(missing, key=lambda each: each.name)]
    if silent:
        rows.append((T("Not yet"), joined(silent, ", ")))
    return Card(
        T("Check {number}: who took which position", number=check.number),
        (Quote(check.question, own=own_question(check.question)), Table((T("Position"), T("Members")), tuple(rows))),
        footer=T(
            "For the eyes of {body}; the public sees counts by stakeholder group.",
            body=body_name(reads, community.id, check.body, community.titles.body),
        ),
    )


def _held(reads: Reads, community: Community, held: Held) -> Text:
    person = person_name(reads, community, held.person)
    if held.stated_by is not None:
        return T("{person} (stated in the meeting)", person=person)
    return (
        T("{person}: {reason}", person=person, reason=said(held.reason))
        if held.reason
        else T("{person}", person=person)
    )


def _objections(reads: Reads, community: Community, check: Check, *, public: bool = False) -> list[Block]:
    return [
        Quote(
            each.reason,
            T(
                "Objection {number}, {author}: {state}",
                number=each.number,
                author=_author(reads, community, each, public=public),
                state=_met(reads, community, each),
            ),
        )
        for each in objections_of(reads, check)
    ]


def _author(reads: Reads, community: Community, objection: Objection, *, public: bool) -> Text:
    """Who objects: to the public only with their consent."""
    if public and not objection.in_public:
        return T("a member")
    return T("{person}", person=person_name(reads, community, objection.author))


def _met(reads: Reads, community: Community, objection: Objection) -> Text:
    if objection.state in (ObjectionState.OPEN, ObjectionState.WITHDRAWN) or not objection.answer:
        return OBJECTIONS[objection.state]
    return T(
        "{state} by {person}: {answer}",
        state=OBJECTIONS[objection.state],
        person=person_name(reads, community, objection.settled_by),
        answer=said(objection.answer),
    )


def _ending(reads: Reads, community: Community, check: Check, now: datetime) -> list[Block]:
    if check.called_off:
        return [Paragraph(T("Called off: what it asked about was withdrawn or decided."))]
    assessment = assessment_of(reads, check, community, now)
    title = T("Assessment: {verdict}", verdict=VERDICTS[assessment.verdict])
    blocks: list[Block] = [Bullets(assessment.reasons, title)]
    if check.outcome is None:
        who = community.titles.chair if check.body == "mag" else community.titles.co_facilitator
        if check.form is Form.QUICK:
            blocks.append(Paragraph(T("Indicative until it is confirmed.")))
        else:
            blocks.append(Paragraph(T("The software assesses; the {who} concludes.", who=who)))
        return blocks
    concluded = T(
        "Concluded by {person}: {outcome}",
        person=person_name(reads, community, check.concluded_by),
        outcome=OUTCOMES[check.outcome],
    )
    blocks.append(Paragraph(concluded))
    if check.rationale:
        blocks.append(Quote(check.rationale, T("Rationale")))
    if check.minority_views:
        blocks.append(Quote(check.minority_views, T("Minority views")))
    return blocks


def _footer(community: Community, check: Check, running: bool) -> Text | None:
    if not running:
        return None
    if check.form is Form.QUICK:
        return T("Members of the body see who takes which position. You may change yours until the close.")
    return T(
        "The {body} sees who takes which position; the public sees counts by stakeholder group. You may change yours until the close.",
        body=community.titles.body,
    )


@presents("decision")
def decision_card(reads: Reads, community: Community, key: str, now: datetime) -> Card | None:
    """The Chair's one card: assessment, objections, minority views, and what can be done with one tap and two names."""
    group = reads.get(Group, community.id, GroupId(key))
    if group is None or not group.check:
        return None
    check = check_of(reads, community.id, group.check)
    tally = tally_of(reads, check)
    assessment = assessment_of(reads, check, community, now)
    blocks: list[Block] = [
        Bullets(assessment.reasons, T("Assessment: {verdict}", verdict=VERDICTS[assessment.verdict])),
    ]
    if tally.taken():
        blocks.append(tally_block(check, tally))
    blocks += _objections(reads, community, check)
    offered = volunteers_block(reads, community, group)
    if offered is not None:
        blocks.append(offered)
    if group.stage not in UNDECIDED:
        blocks.append(Paragraph(T("Decided: see {name}.", name=group.short_name)))
        return Card(_decision_title(group), tuple(blocks), (), Tone.NEUTRAL, f"decision:{key}")
    name = {"group": group.short_name}
    buttons = [
        Button(T("Conclude consensus and approve…"), "approve", name, ButtonStyle.PRIMARY),
        Button(T("No consensus yet…"), "conclude", {"subject": group.short_name, "outcome": "no consensus yet"}),
        Button(T("Decline…"), "decline", name, ButtonStyle.DANGER),
    ]
    waiting = open_objections(reads, check)
    if waiting:
        first = {"check": str(check.number), "objection": str(waiting[0].number)}
        buttons.insert(0, Button(T("Answer an objection…"), "consensus answer", first))
    return Card(
        _decision_title(group),
        tuple(blocks),
        tuple(buttons),
        Tone.ATTENTION,
        f"decision:{key}",
        T("The decision is yours. Approving asks for two co-facilitators of different stakeholder groups."),
    )


def _decision_title(group: Group) -> Text:
    return T("For your decision: {name}", name=full_name(group.short_name, group.full_name))
