"""Consensus checks and polls: what the body asked, the objector and the Chair are told."""

from __future__ import annotations

from collections.abc import Iterable

from bot.context import Context
from bot.domain.consensus.assessments import ObjectionState
from bot.domain.consensus.checks import (
    Check,
    CheckCalledOff,
    CheckClosed,
    CheckConcluded,
    CheckOpened,
    CheckRecorded,
    CloseMoved,
    Form,
    Objection,
    ObjectionRaised,
    ObjectionSettled,
    PositionTaken,
    check_of,
)
from bot.domain.events import Fact
from bot.domain.facilitators import facilitators
from bot.domain.groups import group_of
from bot.domain.ids import MAG, GroupId, PersonId
from bot.domain.people import chair_of
from bot.domain.polls import Poll, PollChosen, PollClosed, PollOpened
from bot.domain.proposals import proposers
from bot.domain.recommendations import of_check
from bot.present.names import OBJECTIONS, OUTCOMES, POSITIONS
from bot.reactions import Announce, Effect, Recall, Refresh, Tell, reacts
from bot.text import Moment, Say, T, UserText, joined, said
from bot.view import Button, ButtonStyle, Notice, Tone


def presiding(context: Context, body: str) -> tuple[PersonId, ...]:
    """Who concludes for a body: the Chair, or the group's co-facilitators."""
    if body == MAG:
        chair = chair_of(context.reads, context.community)
        return (chair.person,) if chair else ()
    group = group_of(context.reads, context.id, GroupId(body))
    return tuple(each.person for each in facilitators(context.reads, group))


@reacts(CheckOpened)
def opened(context: Context, fact: Fact, event: CheckOpened) -> Iterable[Effect]:
    """The body is asked, in every home it has."""
    yield Announce(event.body, subject=f"check:{event.number}", tag=f"check:{event.number}")
    if event.group:
        yield Refresh(f"proposal:{event.group}")


@reacts(CheckRecorded)
def recorded(context: Context, fact: Fact, event: CheckRecorded) -> Iterable[Effect]:
    """The body sees what was recorded; the Chair is given the decision."""
    yield Announce(event.body, subject=f"check:{event.number}")
    if event.group:
        yield Refresh(f"proposal:{event.group}")
        yield from _decision(context, event.body, event.group)


@reacts(PositionTaken)
def position_taken(context: Context, fact: Fact, event: PositionTaken) -> Iterable[Effect]:
    """The tally moves. Somebody whose position was entered for them is told, and may correct it."""
    yield Refresh(f"check:{event.check}")
    if event.stated_by is None:
        return
    yield Tell(
        event.person,
        Notice(
            T(
                "{person} entered your position in check {number}, as stated in the meeting: {position}.",
                person=context.name_of(event.stated_by),
                number=event.check,
                position=POSITIONS[event.position],
            ),
            Tone.ATTENTION,
            T("If that is not right, correct it: {command}.", command=Say(f"consensus show {event.check}")),
            (Button(T("Correct it"), "consensus show", {"check": str(event.check)}),),
        ),
    )


@reacts(ObjectionRaised)
def objection_raised(context: Context, fact: Fact, event: ObjectionRaised) -> Iterable[Effect]:
    """Whoever concludes hears of an objection at once, so that it can be met in time."""
    check = check_of(context.reads, context.id, event.check)
    concluding = presiding(context, check.body)
    if check.group:
        group = group_of(context.reads, context.id, check.group)
        for person in sorted(proposers(context.reads, group) - {event.author, *concluding}):
            yield Tell(
                person,
                Notice(
                    T(
                        "{person} objects to {group}: {reason}",
                        person=context.name_of(event.author),
                        group=group.short_name,
                        reason=UserText(event.reason),
                    ),
                    Tone.ATTENTION,
                    T("Talk to them: an objection that is met makes a better proposal."),
                ),
            )
    for person in concluding:
        if person != event.author:
            yield Tell(
                person,
                Notice(
                    T(
                        "{person} objects in check {number}: {reason}",
                        person=context.name_of(event.author),
                        number=event.check,
                        reason=UserText(event.reason),
                    ),
                    Tone.ATTENTION,
                    T(
                        "Talk to them; the objection can be withdrawn, accommodated or answered: {command}.",
                        command=Say(f'consensus answer {event.check} {event.number} "…"'),
                    ),
                ),
            )


@reacts(ObjectionSettled)
def objection_settled(context: Context, fact: Fact, event: ObjectionSettled) -> Iterable[Effect]:
    """The cards show it; its author hears how it was met."""
    check = check_of(context.reads, context.id, event.check)
    yield Refresh(f"check:{event.check}")
    if check.group:
        yield Refresh(f"decision:{check.group}")
    objection = context.reads.get(Objection, context.id, event.check, event.number)
    if event.state is ObjectionState.WITHDRAWN or objection is None:
        return
    text = T(
        "Your objection in check {number} was {state} by {person}.",
        number=event.check,
        state=OBJECTIONS[event.state],
        person=context.name_of(fact.by),
    )
    if event.answer:
        text = joined([text, said(event.answer)])
    yield Tell(objection.author, Notice(text, Tone.ATTENTION))


@reacts(CloseMoved)
def close_moved(context: Context, fact: Fact, event: CloseMoved) -> Iterable[Effect]:
    """The body hears the new closing time, and why."""
    check = check_of(context.reads, context.id, event.check)
    why = {
        "need-time": T("a member needs time"),
        "objection": T("an objection came late, and the others need time to answer it"),
        "by-hand": T("more time was given"),
    }[event.why]
    yield Announce(
        check.body,
        view=Notice(
            T(
                "Check {number} now closes on {when}: {why}.",
                number=event.check,
                when=Moment(event.closes_at, check.zone),
                why=why,
            ),
            Tone.ATTENTION,
        ),
    )
    yield Refresh(f"check:{event.check}")


@reacts(CheckClosed)
def closed(context: Context, fact: Fact, event: CheckClosed) -> Iterable[Effect]:
    """The card shows the assessment; whoever concludes is given what there is to decide."""
    check = check_of(context.reads, context.id, event.check)
    yield Refresh(f"check:{event.check}")
    yield from _recommended(context, event.check)
    if check.outcome is not None:
        return
    if check.group:
        yield from _decision(context, check.body, check.group)
        return
    name = str(event.check)
    for person in presiding(context, check.body):
        if check.form is Form.QUICK:
            button = Button(T("Confirm"), "consensus confirm", {"check": name}, ButtonStyle.PRIMARY)
            text = T("Quick check {number} closed. Confirm what it shows, or leave it indicative.", number=event.check)
        else:
            button = _concluding(context, check)
            text = T("Check {number} closed. It is yours to conclude upon.", number=event.check)
        show = Button(T("Look at it"), "consensus show", {"check": name})
        yield Tell(person, Notice(text, Tone.ATTENTION, buttons=(button, show)))


def _recommended(context: Context, check: int) -> Iterable[Effect]:
    """The card of the recommendation that a check is about."""
    found = of_check(context.reads, context.id, check)
    if found is not None:
        yield Refresh(f"recommendation:{found.number}")


def _concluding(context: Context, check: Check) -> Button:
    """What concludes upon a check: for what the full membership makes of a recommendation, its own command."""
    found = of_check(context.reads, context.id, check.number)
    if found is not None and found.mag_check == check.number:
        given = {"recommendation": found.label}
        return Button(T("Conclude…"), "recommendation conclude", given, ButtonStyle.PRIMARY)
    return Button(T("Conclude…"), "conclude", {"subject": str(check.number)}, ButtonStyle.PRIMARY)


@reacts(CheckCalledOff)
def called_off(context: Context, fact: Fact, event: CheckCalledOff) -> Iterable[Effect]:
    """The card says it closed with nothing to conclude upon."""
    yield Refresh(f"check:{event.check}")
    yield Recall(check_of(context.reads, context.id, event.check).body, f"check:{event.check}")


def _decision(context: Context, body: str, group: str) -> Iterable[Effect]:
    for person in presiding(context, body):
        yield Tell(person, subject=f"decision:{group}")


@reacts(CheckConcluded)
def concluded(context: Context, fact: Fact, event: CheckConcluded) -> Iterable[Effect]:
    """The body hears the conclusion; minority views travel with it."""
    check = check_of(context.reads, context.id, event.check)
    yield Refresh(f"check:{event.check}")
    yield from _recommended(context, event.check)
    if check.group:
        yield Refresh(f"decision:{check.group}")
        yield Refresh(f"proposal:{check.group}")
    parts = [
        T(
            "{person} concluded upon check {number}: {outcome}.",
            person=context.name_of(fact.by),
            number=event.check,
            outcome=OUTCOMES[event.outcome],
        )
    ]
    if event.rationale:
        parts.append(T("Rationale: {text}", text=said(event.rationale)))
    if event.minority_views:
        parts.append(T("Minority views: {text}", text=said(event.minority_views)))
    button = Button(T("Look at it"), "consensus show", {"check": str(event.check)})
    yield Announce(check.body, view=Notice(joined(parts), Tone.DONE, buttons=(button,)))


@reacts(PollOpened)
def poll_opened(context: Context, fact: Fact, event: PollOpened) -> Iterable[Effect]:
    """The poll is posted where its body lives."""
    yield Announce(event.body, subject=f"poll:{event.number}")


@reacts(PollChosen)
def poll_chosen(context: Context, fact: Fact, event: PollChosen) -> Iterable[Effect]:
    """Counts move on the card."""
    yield Refresh(f"poll:{event.poll}")


@reacts(PollClosed)
def poll_closed(context: Context, fact: Fact, event: PollClosed) -> Iterable[Effect]:
    """The card shows the result."""
    yield Refresh(f"poll:{event.poll}")
    poll = context.reads.get(Poll, context.id, event.poll)
    if poll is not None:
        yield Recall(poll.body, f"poll:{event.poll}")
