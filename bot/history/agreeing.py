"""What was agreed upon: checks, positions, objections, conclusions."""

from __future__ import annotations

from bot.domain.consensus.checks import (
    CheckCalledOff,
    CheckClosed,
    CheckConcluded,
    CheckOpened,
    CheckRecorded,
    CloseMoved,
    ObjectionRaised,
    ObjectionSettled,
    PositionTaken,
)
from bot.domain.consensus.questions import asked
from bot.history.telling import Teller, Told, tells
from bot.present.names import OBJECTIONS, OUTCOMES, POSITIONS
from bot.text import Day, Moment, T, UserText


@tells(CheckOpened)
def _asked(teller: Teller, event: CheckOpened) -> Told:
    text = T("Consensus check {number} opened: {question}", number=event.number, question=asked(event.question))
    return teller.of_check(event.number), text


@tells(CheckRecorded)
def _recorded(teller: Teller, event: CheckRecorded) -> Told:
    text = T(
        "A consensus of the meeting on {day} was recorded as check {number}: {question}",
        day=Day(event.met_on),
        number=event.number,
        question=asked(event.question),
    )
    return teller.of_check(event.number), text


@tells(PositionTaken)
def _taken(teller: Teller, event: PositionTaken) -> Told:
    if not teller.seated:
        return None
    text = T(
        "{person} in check {number}: {position}.",
        person=teller.name(event.person),
        number=event.check,
        position=POSITIONS[event.position],
    )
    return teller.of_check(event.check), text


@tells(ObjectionRaised)
def _objected(teller: Teller, event: ObjectionRaised) -> Told:
    if teller.seated or event.in_public:
        text = T("{person} objected: {reason}", person=teller.name(event.author), reason=UserText(event.reason))
    else:
        text = T("A member objected: {reason}", reason=UserText(event.reason))
    return teller.of_check(event.check), text


@tells(ObjectionSettled)
def _settled(teller: Teller, event: ObjectionSettled) -> Told:
    text = T(
        "Objection {objection} in check {number} was {state}.",
        objection=event.number,
        number=event.check,
        state=OBJECTIONS[event.state],
    )
    return teller.of_check(event.check), text


@tells(CloseMoved)
def _moved(teller: Teller, event: CloseMoved) -> Told:
    text = T(
        "Check {number} closes later: {when}.",
        number=event.check,
        when=Moment(event.closes_at, teller.community.zone),
    )
    return teller.of_check(event.check), text


@tells(CheckClosed)
def _check_closed(teller: Teller, event: CheckClosed) -> Told:
    return teller.of_check(event.check), T("Check {number} closed.", number=event.check)


@tells(CheckCalledOff)
def _called_off(teller: Teller, event: CheckCalledOff) -> Told:
    return teller.of_check(event.check), T("Check {number} was called off.", number=event.check)


@tells(CheckConcluded)
def _concluded(teller: Teller, event: CheckConcluded) -> Told:
    text = T(
        "{person} concluded upon check {number}: {outcome}.",
        person=teller.by,
        number=event.check,
        outcome=OUTCOMES[event.outcome],
    )
    return teller.of_check(event.check), text
