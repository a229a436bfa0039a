"""A consensus check once it is asked: closing it, giving it more time, showing and assessing it; confirming a quick one."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.consensus.acts import assessment_of, close_check, conclude, must_be_open
from bot.domain.consensus.checks import Check, CloseMoved, Form, Outcome, tally_of
from bot.domain.consensus.windows import MAXIMUM_EXTENSION
from bot.domain.errors import Invalid, NotNow
from bot.domain.when import parse_when
from bot.open_checks import find_check
from bot.policy import ANYONE, CHAIR, SEATED, SECRETARIAT, demand
from bot.present import shown
from bot.present.checks import check_card, has_tally, positions_card
from bot.present.names import VERDICTS
from bot.stages import must_be_in_cycle, must_be_living
from bot.standing import CONCLUDER
from bot.text import Moment, Say, T, Tn
from bot.view import Bullets, Button, Card, File, Notice, PictureFormat, Tone, View

CheckNumber = Annotated[int, ask("Which check?", "The number on its card.")]


class CloseCheck(Arguments):
    """Which check."""

    check: CheckNumber
    exception: Annotated[
        str, ask("The Chair's reason", "Only the Chair; it is published.", option=True, limit=1000, advanced=True)
    ] = ""


@command(
    "consensus close",
    "Close a check by hand: when everybody has spoken, or by the Chair's exception",
    who=CONCLUDER | SECRETARIAT,
    arguments=CloseCheck,
    examples=("consensus close 3", 'consensus close 3 --exception "The meeting agreed to decide today"'),
)
def close(context: Context, arguments: CloseCheck) -> View:
    """By the clock it closes by itself."""
    check = find_check(context, arguments.check)
    if arguments.exception:
        demand(CHAIR, context, arguments)
    context.happen(close_check(context.reads, check, context.now, arguments.exception, ""))
    return Notice(T("Check {number} is closed.", number=check.number), Tone.DONE)


class ExtendCheck(Arguments):
    """Which check, until when."""

    check: CheckNumber
    until: Annotated[str, ask("Until when?", "A time, or a length from now: 3d")]


@command(
    "consensus extend",
    "Give a check more time, up to 7 days in all",
    who=CONCLUDER | SECRETARIAT,
    arguments=ExtendCheck,
    examples=("consensus extend 3 2d",),
)
def extend(context: Context, arguments: ExtendCheck) -> View:
    """A close only moves later; all extensions together never exceed 7 days."""
    check = find_check(context, arguments.check)
    must_be_open(check, context.now)
    if check.form is Form.QUICK:
        raise NotNow(
            T("Check {number} is a quick one: it has no extension.", number=check.number),
            T("Ask again when it has closed, or formally: {command}.", command=Say('consensus open "…?"')),
        )
    until = parse_when(arguments.until, context.now, context.zone, field="until")
    latest = check.announced_close + MAXIMUM_EXTENSION
    if not check.closes_at < until <= latest:
        raise Invalid(
            T(
                "The close can move from {now} to {latest} at the latest.",
                now=Moment(check.closes_at, context.zone),
                latest=Moment(latest, context.zone),
            ),
            T("Give a time between the two."),
            field="until",
        )
    context.happen(CloseMoved(check.number, until, "by-hand"))
    return Notice(
        T("Check {number} is open until {when}.", number=check.number, when=Moment(until, context.zone)), Tone.DONE
    )


class Show(Arguments):
    """Which check."""

    check: Annotated[int, ask("Which check?", "The number on its card; with only one open it may be left out.")] = 0


@command(
    "consensus show",
    "Show a check: positions by stakeholder group, objections, how it ended",
    who=ANYONE,
    arguments=Show,
    examples=("consensus show 3",),
    reads=True,
)
def show(context: Context, arguments: Show) -> View:
    """The check's card, as it is now; to guests, without the names of those who did not say theirs may be public."""
    return _card(context, find_check(context, arguments.check))


def _card(context: Context, check: Check) -> View:
    return shown(
        check_card(context.reads, context.community, str(check.number), context.now, public=context.actor.seat is None)
    )


@command(
    "consensus assess",
    "Say what a check's rule makes of it so far",
    who=ANYONE,
    arguments=Show,
    examples=("consensus assess 3",),
    reads=True,
)
def assess(context: Context, arguments: Show) -> View:
    """An assessment is not a conclusion: the software shows, people decide."""
    check = find_check(context, arguments.check)
    assessment = assessment_of(context.reads, check, context.community, context.now)
    title = T("Check {number}, assessed: {verdict}", number=check.number, verdict=VERDICTS[assessment.verdict])
    return Card(title, (Bullets(assessment.reasons),), footer=T("The software assesses; it never concludes."))


@command(
    "consensus positions",
    "Show who took which position, to those seated",
    who=SEATED,
    arguments=Show,
    examples=("consensus positions 3",),
    reads=True,
)
def positions(context: Context, arguments: Show) -> View:
    """Names are for the body's own eyes; the public sees counts by stakeholder group."""
    return positions_card(context.reads, context.community, find_check(context, arguments.check))


class Chart(Arguments):
    """Of which check, and as what."""

    check: Annotated[int, ask("Which check?", "The number on its card; with only one open it may be left out.")] = 0
    format: Annotated[
        PictureFormat, ask("As what kind of picture?", "PNG is seen everywhere; SVG can be enlarged.", option=True)
    ] = PictureFormat.PNG


@command(
    "consensus chart",
    "Draw the positions of a check by stakeholder group, as a picture",
    who=ANYONE,
    arguments=Chart,
    examples=("consensus chart 3", "consensus chart 3 --format svg"),
    reads=True,
)
def chart(context: Context, arguments: Chart) -> View:
    """Counts by stakeholder group, as on the card; never names."""
    from bot.present.charts import tally_chart

    check = find_check(context, arguments.check)
    if not has_tally(check, tally_of(context.reads, check)):
        raise NotNow(
            T(
                "Check {number} was recorded from a meeting without positions: there is nothing to draw.",
                number=check.number,
            ),
            T("See what was recorded: {command}.", command=Say(f"consensus show {check.number}")),
            field="check",
        )
    return File(
        f"check-{check.number}.{arguments.format.value}",
        f"check:{check.number}",
        "tally",
        arguments.format.value,
        T("Positions in check {number}, by stakeholder group.", number=check.number),
        tally_chart(context.reads, context.community, str(check.number), context.now).alt,
    )


class ConfirmQuick(Arguments):
    """Which quick check."""

    check: CheckNumber
    answer: Annotated[Outcome, ask("What do you confirm?")] = Outcome.CONSENSUS
    rationale: Annotated[
        str, ask("Why?", "Needed when there is no consensus yet.", rest=True, multiline=True, limit=5000)
    ] = ""


@command(
    "consensus confirm",
    "Confirm what a quick check shows, with one tap",
    who=CONCLUDER,
    arguments=ConfirmQuick,
    examples=("consensus confirm 3", 'consensus confirm 3 "no consensus yet" "Two time zones are left out"'),
)
def confirm(context: Context, arguments: ConfirmQuick) -> View:
    """Unconfirmed, a quick check reads *indicative*. Confirming closes it when all have spoken or its time is over."""
    check = find_check(context, arguments.check)
    if check.form is not Form.QUICK:
        raise NotNow(
            T("Check {number} is a formal one: it is concluded upon.", number=check.number),
            T("Conclude: {command}.", command=Say(f"conclude {check.number} consensus")),
        )
    must_be_in_cycle(context)
    must_be_living(context, check.body)
    if check.closed_at is None:
        _all_have_spoken(context, check)
        context.happen(close_check(context.reads, check, context.now, "", ""))
        check = find_check(context, check.number)
    context.happen(conclude(context.reads, check, arguments.answer, arguments.rationale, ""))
    return Notice(
        T("Check {number} is confirmed.", number=check.number),
        Tone.DONE,
        buttons=(Button(T("Look at it"), "consensus show", {"check": str(check.number)}),),
    )


def _all_have_spoken(context: Context, check: Check) -> None:
    """Before its time, a quick check is confirmed when everybody asked has spoken."""
    tally = tally_of(context.reads, check)
    missing = tally.asked_in_all() - tally.taken()
    if missing and context.now < check.closes_at:
        raise NotNow(
            Tn(
                "{count} member asked in check {number} has not spoken yet.",
                "{count} members asked in check {number} have not spoken yet.",
                missing,
                number=check.number,
            ),
            T(
                "Confirm it after {when}, or close it first: {command}.",
                when=Moment(check.closes_at, check.zone),
                command=Say(f"consensus close {check.number}"),
            ),
        )
