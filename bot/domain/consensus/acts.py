"""What people do in a consensus check: open, take positions, object and settle, close, conclude. Pure decisions.

The software assesses and never decides: `conclude` is only for who presides over the body that was asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from bot.domain.community import Community
from bot.domain.consensus.assessments import Assessment, ObjectionState, ObjectionSummary, assess
from bot.domain.consensus.checks import (
    Asked,
    Check,
    CheckClosed,
    CheckConcluded,
    CheckOpened,
    CheckRecorded,
    CloseMoved,
    Form,
    Held,
    Objection,
    ObjectionRaised,
    ObjectionSettled,
    Outcome,
    PositionTaken,
    objections_of,
    open_objections,
    tally_of,
)
from bot.domain.consensus.positions import Position
from bot.domain.consensus.rules import Rule, RuleKind
from bot.domain.consensus.windows import after_need_time, after_objection
from bot.domain.errors import ForTheChair, Invalid, NotAllowed, NotFound, NotNow
from bot.domain.groups import PHRASES, Group, Stage
from bot.domain.ids import GroupId, PersonId
from bot.domain.people import Seat
from bot.domain.records import Reads
from bot.domain.ways import ways_of
from bot.text import Moment, Say, Span, T, Tn

QUICK = frozenset({Position.SUPPORT, Position.LIVE_WITH, Position.OBJECT})
"""The positions of a quick check: *Agree*, *Can live with it*, *Object*."""


def formation_question(group: Group) -> str:
    """What a check on forming a group asks."""
    return f"Should {group.short_name} ({group.full_name}) be formed?"


def ready_for_check(group: Group, consultation_closed: bool, waiting: int) -> None:
    """Raise `NotNow` unless the consultation is over and every concern and request for change has its response.

    Source: "must seek and receive feedback from the full MAG when defining goals and objectives".
    """
    if group.stage is not Stage.IN_CONSULTATION or not consultation_closed:
        raise NotNow(
            T(
                "{group} is {stage}: its consensus check comes after its consultation has closed.",
                group=group.short_name,
                stage=PHRASES[group.stage],
            ),
            T("See where it stands: {command}.", command=Say(f"show {group.short_name}")),
        )
    if waiting:
        raise NotNow(
            Tn(
                "{count} comment on {group} still needs a response.",
                "{count} comments on {group} still need a response.",
                waiting,
                group=group.short_name,
            ),
            T("Its proposers answer first: {command}.", command=Say(f'consult respond {group.short_name} 1 "…"')),
        )


def asked_of(seats: Iterable[Seat]) -> tuple[tuple[PersonId, str], ...]:
    """(person, stakeholder group) of every member asked."""
    return tuple((seat.person, seat.stakeholder_group) for seat in seats)


def open_check(
    number: int,
    body: str,
    group: GroupId,
    form: Form,
    question: str,
    rule: Rule,
    now: datetime,
    closes_at: datetime,
    zone: str,
    minimum_hours: int,
    asked: tuple[tuple[PersonId, str], ...],
) -> CheckOpened:
    """Ask a body. Raises `Invalid` for too short a window, `NotNow` when nobody could answer."""
    if not asked:
        raise NotNow(
            T("Nobody is seated who could be asked."),
            T("Import the roster of the current cycle first: {command}.", command=Say("roster import")),
        )
    if form is Form.FORMAL and closes_at - now < timedelta(hours=minimum_hours):
        raise Invalid(
            T(
                "{length} is too short for a formal consensus check: it takes at least {minimum}.",
                length=Span(int((closes_at - now).total_seconds())),
                minimum=Span(minimum_hours * 3600),
            ),
            T("Give it longer, or ask quickly: {command}.", command=Say('consensus "…?" 24h')),
            field="closes",
        )
    return CheckOpened(number, body, group, form, question, str(rule), closes_at, zone, asked)


def record_check(
    number: int,
    body: str,
    group: GroupId,
    question: str,
    rule: Rule,
    zone: str,
    asked: tuple[tuple[PersonId, str], ...],
    met_on: date,
    today: date,
    link: str,
    presided: str,
) -> CheckRecorded:
    """Record a consensus reached in a meeting. Raises `Invalid` for a meeting yet to come."""
    if met_on > today:
        raise Invalid(
            T("{day} is yet to come; a consensus is recorded after the meeting.", day=str(met_on)),
            T("Give the day the meeting was held, such as {today}.", today=str(today)),
            field="on",
        )
    return CheckRecorded(number, body, group, question, str(rule), zone, asked, met_on, link, presided)


def must_be_open(check: Check, now: datetime) -> None:
    """Raise `NotNow` when the check takes no more positions. Times are compared here, not by a job having run."""
    if check.closed_at is None and now < check.closes_at:
        return
    closed = check.closed_at or check.closes_at
    raise NotNow(
        T("Check {number} closed on {when}.", number=check.number, when=Moment(closed, check.zone)),
        T("See how it ended: {command}.", command=Say(f"consensus show {check.number}")),
    )


def take_position(
    reads: Reads,
    check: Check,
    asked: Asked | None,
    held: Held | None,
    position: Position,
    reason: str,
    in_public: bool,
    now: datetime,
    stated_by: PersonId | None = None,
    sent: datetime | None = None,
) -> Iterator[Any]:
    """Take or change a position until the close. An objection needs a reason; leaving it withdraws it.

    `sent`: when it was sent, where that is long before `now`. What arrives late takes the place of nothing that was sent
    after it: raises `NotNow`.

    Yields `PositionTaken`, and where they follow `ObjectionRaised`, `ObjectionSettled`, `CloseMoved`.
    """
    must_be_open(check, now)
    if asked is None:
        raise NotAllowed(
            T("Check {number} asks the members seated when it opened; you are not among them.", number=check.number),
            T("You can say what you think where it is discussed, or in the consultation."),
        )
    if check.form is Form.QUICK and position not in QUICK:
        raise Invalid(
            T("Check {number} is a quick one: it takes Agree, Can live with it, or Object.", number=check.number),
            T("Choose one of these three."),
            field="position",
        )
    if position is Position.OBJECT and not reason:
        raise Invalid(
            T("An objection needs its reason, so that it can be met."),
            T("Say what you object to: {command}.", command=Say(f'consensus object {check.number} "…"')),
            field="reason",
        )
    if stated_by is not None and held is not None and held.stated_by is None:
        raise NotNow(
            T(
                "This member has taken a position in check {number} already; their own words stand.",
                number=check.number,
            ),
            T("They can change it themselves until the close."),
        )
    if stated_by is None and held is not None and _overtook(held, sent or now):
        raise NotNow(
            T(
                "You have taken another position in check {number} since you sent this one, and it stands.",
                number=check.number,
            ),
            T("If you mean this one, take it again."),
        )
    before = held.position if held else None
    sent_at = sent if sent is not None and sent < now else None
    yield PositionTaken(
        check.number, asked.person, asked.stakeholder_group, position, before, reason, stated_by, sent_at
    )
    if position is Position.OBJECT or before is Position.OBJECT:
        yield from _objecting(reads, check, asked, position, reason, in_public, now)
    if position is Position.NEED_TIME and check.form is Form.FORMAL:
        later = after_need_time(check.closes_at, check.announced_close, check.need_time_used)
        if later is not None:
            yield CloseMoved(check.number, later, "need-time")


def _overtook(held: Held, sent: datetime) -> bool:
    """Whether the member took the position they hold after something was sent that arrives now."""
    return held.stated_by is None and sent < (held.sent_at or held.taken_at)


def _objecting(
    reads: Reads, check: Check, asked: Asked, position: Position, reason: str, in_public: bool, now: datetime
) -> Iterator[Any]:
    everyone = objections_of(reads, check)
    mine = [each for each in everyone if each.author == asked.person]
    for each in mine:
        left = position is not Position.OBJECT and each.state is ObjectionState.ANSWERED
        replaced = each.state is ObjectionState.OPEN and (position is not Position.OBJECT or each.reason != reason)
        if left or replaced:
            yield ObjectionSettled(check.number, each.number, ObjectionState.WITHDRAWN, "")
    if position is not Position.OBJECT:
        return
    if any(each.state is ObjectionState.OPEN and each.reason == reason for each in mine):
        return
    yield ObjectionRaised(check.number, len(everyone) + 1, asked.person, reason, in_public)
    if check.form is Form.FORMAL:
        later = after_objection(check.closes_at, check.announced_close, now, not mine)
        if later is not None:
            yield CloseMoved(check.number, later, "objection")


def find_objection(reads: Reads, check: Check, number: int) -> Objection:
    """The objection with a number. Raises `NotFound` with the open ones."""
    found = reads.get(Objection, check.community, check.number, number)
    if found is None:
        raise NotFound(
            T("Check {check} has no objection {number}.", check=check.number, number=number),
            T("See its objections: {command}.", command=Say(f"consensus show {check.number}")),
            field="objection",
        )
    return found


def settle(check: Check, objection: Objection, state: ObjectionState, answer: str) -> ObjectionSettled:
    """Withdraw, accommodate or answer an open objection. Once the check was concluded its objections stand as they are."""
    if objection.state is not ObjectionState.OPEN:
        raise NotNow(
            T("Objection {number} was {state} already.", number=objection.number, state=T(objection.state.value)),
            T("See it: {command}.", command=Say(f"consensus show {check.number}")),
        )
    if check.outcome is not None:
        raise NotNow(
            T("Check {number} was concluded; its objections are kept as they stood.", number=check.number),
            T("See how it ended: {command}.", command=Say(f"consensus show {check.number}")),
        )
    if state is ObjectionState.ANSWERED and not answer:
        raise Invalid(
            T("Answering an objection over takes words: why the body goes on in spite of it."),
            T("Write the answer: {command}.", command=Say(f'consensus answer {check.number} {objection.number} "…"')),
            field="answer",
        )
    return ObjectionSettled(check.number, objection.number, state, answer)


def close_check(reads: Reads, check: Check, now: datetime, exception: str, why: str) -> CheckClosed:
    """Close by the clock, or by hand when everybody asked has spoken or the Chair records a reason."""
    if check.closed_at is not None:
        raise NotNow(
            T(
                "Check {number} closed on {when} already.",
                number=check.number,
                when=Moment(check.closed_at, check.zone),
            ),
            T("See how it ended: {command}.", command=Say(f"consensus show {check.number}")),
        )
    if now < check.closes_at and check.form is Form.FORMAL and not exception:
        tally = tally_of(reads, check)
        missing = tally.asked_in_all() - tally.taken()
        if missing:
            raise ForTheChair(
                Tn(
                    "{count} member has not spoken yet, and all were told they have until {when}.",
                    "{count} members have not spoken yet, and all were told they have until {when}.",
                    missing,
                    when=Moment(check.closes_at, check.zone),
                ),
                T("Wait for the close, or ask the Chair to do it with --exception and the reason, which is published."),
            )
    return CheckClosed(check.number, exception or why)


def assessment_of(reads: Reads, check: Check, community: Community, now: datetime) -> Assessment:
    """What the check's rule says of it now.

    A consensus recorded from a meeting was found in the room, so only an open objection speaks against it. Where
    silence is assent, the window runs from the notice's arrival; a close met late does not lengthen it.
    """
    recorded = check.form is Form.RECORDED
    rule = Rule(RuleKind.ROUGH) if recorded else Rule.parse(check.rule)
    return assess(
        rule,
        tally_of(reads, check),
        [ObjectionSummary(each.state, True) for each in objections_of(reads, check)],
        opened_at=max(check.opened_at, check.notice_at or check.opened_at),
        closes_at=min(check.closed_at or check.closes_at, check.closes_at),
        now=now,
        notice_delivered=check.notice_at is not None,
        floor_fraction=_floor(reads, check, community) if check.form is Form.FORMAL else None,
    )


def _floor(reads: Reads, check: Check, community: Community) -> Fraction:
    """The share from whom a position is expected: for a working group, by the modalities it had when the check opened."""
    return Fraction(ways_of(reads, community, check.body, check.opened_at).participation_floor)


def conclude(reads: Reads, check: Check, outcome: Outcome, rationale: str, minority_views: str) -> CheckConcluded:
    """Conclude upon a closed check. *Consensus* over an open objection is refused: each is first met, in writing.

    Source of that: RFC 7282 §3: an objection is addressed, not counted.
    """
    if check.closed_at is None:
        raise NotNow(
            T("Check {number} is open until {when}.", number=check.number, when=Moment(check.closes_at, check.zone)),
            T(
                "Conclude when it has closed, or close it first: {command}.",
                command=Say(f"consensus close {check.number}"),
            ),
        )
    if check.called_off:
        raise NotNow(
            T("Check {number} was called off; there is nothing to conclude upon.", number=check.number),
            T("See it: {command}.", command=Say(f"consensus show {check.number}")),
        )
    if check.outcome is not None:
        raise NotNow(
            T("Check {number} was concluded already: {outcome}.", number=check.number, outcome=T(check.outcome.value)),
            T("See it: {command}.", command=Say(f"consensus show {check.number}")),
        )
    if outcome is Outcome.CONSENSUS:
        waiting = open_objections(reads, check)
        if waiting:
            raise NotNow(
                Tn(
                    "{count} objection is open: it must be withdrawn, accommodated or answered before consensus is concluded.",
                    "{count} objections are open: each must be withdrawn, accommodated or answered before consensus is concluded.",
                    len(waiting),
                ),
                T(
                    "Answer it in writing: {command}.",
                    command=Say(f'consensus answer {check.number} {waiting[0].number} "…"'),
                ),
            )
    if outcome is Outcome.NO_CONSENSUS and not rationale:
        raise Invalid(
            T("“No consensus yet” needs its rationale, so that the proposers know what to change."),
            T("Add why: {command}.", command=Say(f'conclude {check.number} no "…"')),
            field="rationale",
        )
    return CheckConcluded(check.number, outcome, rationale, minority_views)
