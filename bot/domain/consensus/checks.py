"""Consensus checks: what is stored of them, what happens to them, and how state follows.

Taking a position touches a constant number of records, however many members are asked: the member's own position and at
most two cells of the tally.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.domain.community import Community, counted
from bot.domain.consensus.assessments import ObjectionState
from bot.domain.consensus.positions import Position, Tally
from bot.domain.dues import Due, DueKind
from bot.domain.events import Fact, applies, event
from bot.domain.groups import Stage, group_of
from bot.domain.ids import CommunityId, GroupId, PersonId
from bot.domain.records import Gone, Reads, record
from bot.domain.reminders import planning, to_plan


class Form(StrEnum):
    """`FORMAL`: the full procedure. `QUICK`: one line, one tap, no floor, no extension. `RECORDED`: reached in a meeting."""

    FORMAL = "formal"
    QUICK = "quick"
    RECORDED = "recorded"


class Outcome(StrEnum):
    """What whoever concludes found."""

    CONSENSUS = "consensus"
    NO_CONSENSUS = "no consensus yet"


@record(key="community number", lists=("community", "community group", "community body", "community closed"))
class Check:
    """A consensus check. `body` is who is asked (the MAG or a group's id); `group` whose formation it is about ("": none).

    `announced_close` is the closing time first announced. Times are UTC; `zone` is what the close was meant in.
    """

    community: CommunityId
    number: int
    body: str
    group: GroupId
    form: Form
    question: str
    rule: str
    opened_at: datetime
    opened_by: PersonId | None
    closes_at: datetime
    announced_close: datetime
    zone: str
    asked: dict[str, int]
    need_time_used: bool = False
    notice_at: datetime | None = None
    closed: bool = False
    called_off: bool = False
    closed_at: datetime | None = None
    closed_by: PersonId | None = None
    closed_why: str = ""
    outcome: Outcome | None = None
    rationale: str = ""
    minority_views: str = ""
    concluded_at: datetime | None = None
    concluded_by: PersonId | None = None
    met_on: date | None = None
    meeting_link: str = ""
    presided: str = ""


@record(key="community check person", lists=("community check", "community person"))
class Asked:
    """A member asked in a check, with the stakeholder group of the seat held when it opened."""

    community: CommunityId
    check: int
    person: PersonId
    stakeholder_group: str


@record(key="community check person", lists=("community check",))
class Held:
    """The position a member holds. `stated_by`: who entered it as stated in a meeting (None: the member took it).

    `sent_at`: when it was sent, where that is before it was taken (the platform could not be reached).
    """

    community: CommunityId
    check: int
    person: PersonId
    position: Position
    reason: str
    taken_at: datetime
    stated_by: PersonId | None = None
    sent_at: datetime | None = None


@record(key="community check stakeholder_group position", lists=("community check",))
class TallyCell:
    """How many of a stakeholder group hold a position."""

    community: CommunityId
    check: int
    stakeholder_group: str
    position: Position
    count: int


@record(key="community check number", lists=("community check",))
class Objection:
    """A named, reasoned objection with a life of its own; its text stays. `in_public`: its author's name may be public."""

    community: CommunityId
    check: int
    number: int
    author: PersonId
    reason: str
    raised_at: datetime
    state: ObjectionState
    in_public: bool = False
    answer: str = ""
    settled_by: PersonId | None = None
    settled_at: datetime | None = None


@event("check.opened", private="question")
class CheckOpened:
    """A body is asked whether it agrees. `asked` are (person, stakeholder group), fixed now."""

    number: int
    body: str
    group: GroupId
    form: Form
    question: str
    rule: str
    closes_at: datetime
    zone: str
    asked: tuple[tuple[PersonId, str], ...]


@event("check.recorded", private="question meeting_link presided")
class CheckRecorded:
    """A consensus reached in a meeting was recorded; it counts as the check."""

    number: int
    body: str
    group: GroupId
    question: str
    rule: str
    zone: str
    asked: tuple[tuple[PersonId, str], ...]
    met_on: date
    meeting_link: str
    presided: str


@event("check.notice-delivered")
class NoticeDelivered:
    """The notice of the check reached a home of the body asked."""

    check: int


@event("position.taken", private="reason")
class PositionTaken:
    """A member took, or changed, a position; `before` is the one held until now. `sent_at`: as in `Held`."""

    check: int
    person: PersonId
    stakeholder_group: str
    position: Position
    before: Position | None
    reason: str
    stated_by: PersonId | None = None
    sent_at: datetime | None = None


@event("objection.raised", private="reason")
class ObjectionRaised:
    """A reasoned objection."""

    check: int
    number: int
    author: PersonId
    reason: str
    in_public: bool


@event("objection.settled", private="answer")
class ObjectionSettled:
    """An objection was withdrawn by its author, or accommodated or answered by who concludes."""

    check: int
    number: int
    state: ObjectionState
    answer: str


@event("check.close-moved")
class CloseMoved:
    """The close moved later; `why`: need-time, objection or by-hand."""

    check: int
    closes_at: datetime
    why: str


@event("check.closed", private="why")
class CheckClosed:
    """No more positions are taken."""

    check: int
    why: str


@event("check.called-off")
class CheckCalledOff:
    """What it asked about was withdrawn or declined: it closed with nothing to conclude upon."""

    check: int


@event("check.concluded", private="rationale minority_views")
class CheckConcluded:
    """The judgement of whoever concludes: the MAG Chair, or a group's co-facilitators."""

    check: int
    outcome: Outcome
    rationale: str
    minority_views: str


def check_of(reads: Reads, community: CommunityId, number: int) -> Check:
    """The check with a number that is known to exist."""
    found = reads.get(Check, community, number)
    if found is None:
        raise LookupError(number)
    return found


def _due(check: Check) -> Due:
    return Due(check.community, DueKind.CHECK_CLOSES, str(check.number), check.closes_at, check.zone)


def _to_plan(reads: Reads, check: Check) -> Iterable[Due]:
    subject = f"check:{check.number}"
    return to_plan(reads, check.community, subject, check.opened_at, check.closes_at, check.zone)


def _planned(check: Check) -> Gone:
    return Gone(planning(check.community, f"check:{check.number}", check.closes_at, check.zone))


def _groups_asked(asked: tuple[tuple[PersonId, str], ...]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for _, group in asked:
        counts[group] = counts.get(group, 0) + 1
    return counts


@applies(CheckOpened)
def _opened(reads: Reads, fact: Fact, event: CheckOpened) -> Iterable[Any]:
    made = Check(
        fact.community,
        event.number,
        event.body,
        event.group,
        event.form,
        event.question,
        event.rule,
        fact.at,
        fact.by,
        event.closes_at,
        event.closes_at,
        event.zone,
        _groups_asked(event.asked),
    )
    yield made
    yield _due(made)
    yield from _to_plan(reads, made)
    yield counted(fact.community, "check", event.number)
    for person, group in event.asked:
        yield Asked(fact.community, event.number, person, group)
    if event.group:
        yield replace(group_of(reads, fact.community, event.group), stage=Stage.CONSENSUS_CHECK, check=event.number)


@applies(CheckRecorded)
def _recorded(reads: Reads, fact: Fact, event: CheckRecorded) -> Iterable[Any]:
    yield Check(
        fact.community,
        event.number,
        event.body,
        event.group,
        Form.RECORDED,
        event.question,
        event.rule,
        fact.at,
        fact.by,
        fact.at,
        fact.at,
        event.zone,
        _groups_asked(event.asked),
        notice_at=fact.at,
        closed=True,
        closed_at=fact.at,
        closed_by=fact.by,
        met_on=event.met_on,
        meeting_link=event.meeting_link,
        presided=event.presided,
    )
    yield counted(fact.community, "check", event.number)
    for person, group in event.asked:
        yield Asked(fact.community, event.number, person, group)
    if event.group:
        yield replace(group_of(reads, fact.community, event.group), stage=Stage.CONSENSUS_CHECK, check=event.number)


@applies(NoticeDelivered)
def _noticed(reads: Reads, fact: Fact, event: NoticeDelivered) -> Iterable[Any]:
    yield replace(check_of(reads, fact.community, event.check), notice_at=fact.at)


@applies(PositionTaken)
def _taken(reads: Reads, fact: Fact, event: PositionTaken) -> Iterable[Any]:
    yield Held(
        fact.community,
        event.check,
        event.person,
        event.position,
        event.reason,
        fact.at,
        event.stated_by,
        event.sent_at,
    )
    if event.position is event.before:
        return
    yield _cell(reads, fact, event, event.position, 1)
    if event.before is not None:
        yield _cell(reads, fact, event, event.before, -1)


def _cell(reads: Reads, fact: Fact, event: PositionTaken, position: Position, change: int) -> TallyCell:
    found = reads.get(TallyCell, fact.community, event.check, event.stakeholder_group, position)
    count = (found.count if found else 0) + change
    return TallyCell(fact.community, event.check, event.stakeholder_group, position, count)


@applies(ObjectionRaised)
def _objected(reads: Reads, fact: Fact, event: ObjectionRaised) -> Iterable[Any]:
    yield Objection(
        fact.community,
        event.check,
        event.number,
        event.author,
        event.reason,
        fact.at,
        ObjectionState.OPEN,
        event.in_public,
    )


@applies(ObjectionSettled)
def _settled(reads: Reads, fact: Fact, event: ObjectionSettled) -> Iterable[Any]:
    found = reads.get(Objection, fact.community, event.check, event.number)
    if found is not None:
        yield replace(found, state=event.state, answer=event.answer, settled_by=fact.by, settled_at=fact.at)


@applies(CloseMoved)
def _moved(reads: Reads, fact: Fact, event: CloseMoved) -> Iterable[Any]:
    found = check_of(reads, fact.community, event.check)
    moved = replace(found, closes_at=event.closes_at, need_time_used=found.need_time_used or event.why == "need-time")
    yield moved
    yield _due(moved)
    yield _planned(found)
    yield from _to_plan(reads, moved)


@applies(CheckClosed)
def _closed(reads: Reads, fact: Fact, event: CheckClosed) -> Iterable[Any]:
    found = check_of(reads, fact.community, event.check)
    yield replace(found, closed=True, closed_at=fact.at, closed_by=fact.by, closed_why=event.why)
    yield Gone(_due(found))
    yield _planned(found)


@applies(CheckCalledOff)
def _called_off(reads: Reads, fact: Fact, event: CheckCalledOff) -> Iterable[Any]:
    found = check_of(reads, fact.community, event.check)
    yield replace(found, closed=True, called_off=True, closed_at=fact.at, closed_by=fact.by)
    yield Gone(_due(found))
    yield _planned(found)


@applies(CheckConcluded)
def _concluded(reads: Reads, fact: Fact, event: CheckConcluded) -> Iterable[Any]:
    found = check_of(reads, fact.community, event.check)
    yield replace(
        found,
        outcome=event.outcome,
        rationale=event.rationale,
        minority_views=event.minority_views,
        concluded_at=fact.at,
        concluded_by=fact.by,
    )
    if found.group:
        yield replace(group_of(reads, fact.community, found.group), stage=Stage.CONCLUDED_UPON)


def tally_of(reads: Reads, check: Check) -> Tally:
    """The check's tally as it is kept, its groups in the community's own order."""
    cells = reads.all(TallyCell, community=check.community, check=check.number)
    community = reads.get(Community, check.community)
    order = [name for name in (community.stakeholder_groups if community else ()) if name in check.asked]
    asked = {name: check.asked[name] for name in (*order, *sorted(set(check.asked) - set(order)))}
    return Tally(asked, {(cell.stakeholder_group, cell.position): cell.count for cell in cells if cell.count})


def objections_of(reads: Reads, check: Check) -> tuple[Objection, ...]:
    """Every objection ever raised in a check, in order."""
    return reads.all(Objection, community=check.community, check=check.number)


def open_objections(reads: Reads, check: Check) -> tuple[Objection, ...]:
    """Those not yet withdrawn, accommodated or answered."""
    return tuple(each for each in objections_of(reads, check) if each.state is ObjectionState.OPEN)
