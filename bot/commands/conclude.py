"""The Chair's card: conclude, approve, decline, appoint; and confirming what the Secretariat prepared.

"If a consensus of the MAG feels the working group should be formed, then the MAG Chair can approve": concluding and
approving are two acts, on one card. The Chair decides; the software shows.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from bot.command import COMMANDS, Arguments, Reply, YesNo, ask, command
from bot.context import Context
from bot.domain.consensus.acts import assessment_of, conclude
from bot.domain.consensus.assessments import Verdict
from bot.domain.consensus.checks import Check, Outcome, check_of
from bot.domain.errors import Invalid, NotNow
from bot.domain.facilitators import Departure, appoint, approve, decline, facilitators, give_up
from bot.domain.groups import PHRASES, Group, Stage, find_group, group_of
from bot.domain.ids import MAG
from bot.domain.lifetimes import day_over
from bot.domain.names import duplicates, numbered, split_names
from bot.domain.people import Seat, seat_of
from bot.domain.preparing import ActSettled, ActState, waiting_act
from bot.domain.proposals import latest, proposers
from bot.domain.recommendations import of_check
from bot.domain.vacancies import excepting
from bot.ending import hand_on_homes
from bot.lookup import find_person
from bot.open_checks import find_check
from bot.performing import perform
from bot.policy import CHAIR, KNOWN, Who, demand
from bot.present.names import OUTCOMES
from bot.stages import activate_if_ready, call_off, must_be_in_cycle, must_be_living
from bot.standing import CONCLUDER, concludes
from bot.text import Say, T, UserText
from bot.view import Button, Named, Notice, Tone, View

CO_FACILITATORS = Who(
    "the group's co-facilitators",
    T("the co-facilitators of the group that was asked"),
    lambda context, arguments: False,
    by_speaker=False,
)
"""Who concludes upon a working group's own check: said to everybody else."""

CONCLUDING = Who(CONCLUDER.key, CONCLUDER.text, KNOWN.allows)
"""What is named may be a group or a check: once it is found, whose it is to conclude is asked, and said in so many words."""

LONG = 10_000
"""Characters of a rationale, a note, minority views."""

GroupArgument = Annotated[str, ask("Which working group?", "Its short name: WG-MWP", named=Named.GROUP)]
ExceptionReason = Annotated[
    str,
    ask("Reason for an exception", "Where the rule of two groups cannot be met; published.", option=True, limit=1000),
]


class Conclude(Arguments):
    """Upon what, and what was found."""

    subject: Annotated[str, ask("Upon which check?", "A group's name, or the check's number.")]
    outcome: Annotated[Outcome, ask("What do you conclude?")]
    rationale: Annotated[
        str, ask("Rationale", "Published with the conclusion.", rest=True, multiline=True, limit=LONG)
    ] = ""
    minority: Annotated[
        str,
        ask(
            "Minority views",
            "In their own words; they travel with every output.",
            option=True,
            multiline=True,
            limit=LONG,
        ),
    ] = ""


@command(
    "conclude",
    "Conclude upon a consensus check that has closed",
    who=CONCLUDING,
    arguments=Conclude,
    examples=(
        'conclude WG-MWP consensus "All concerns were met."',
        'conclude 4 "no consensus yet" "The timetable is disputed."',
    ),
    prepares=True,
    keeps=True,
)
def conclude_check(context: Context, arguments: Conclude) -> View:
    """By the Chair for the full membership, by the co-facilitators for their group."""
    check = _subject(context, arguments.subject)
    if not concludes(context, check.body):
        demand(CHAIR if check.body == MAG else CO_FACILITATORS, context, arguments)
    must_be_in_cycle(context)
    must_be_living(context, check.body)
    context.happen(conclude(context.reads, check, arguments.outcome, arguments.rationale, arguments.minority))
    text = T("Concluded upon check {number}: {outcome}.", number=check.number, outcome=OUTCOMES[arguments.outcome])
    if not check.group:
        return Notice(text, Tone.DONE, buttons=_then(context, check))
    name = group_of(context.reads, context.id, check.group).short_name
    buttons = (
        Button(T("Approve…"), "approve", {"group": name}),
        Button(T("Decline…"), "decline", {"group": name}),
    )
    return Notice(text, Tone.DONE, buttons=buttons if arguments.outcome is Outcome.CONSENSUS else ())


def _then(context: Context, check: Check) -> tuple[Button, ...]:
    """What comes after a conclusion upon a recommendation: it is handed over, or the answer is concluded."""
    found = of_check(context.reads, context.id, check.number)
    if found is None or found.settled:
        return ()
    given = {"recommendation": found.label}
    if found.mag_check == check.number:
        return (Button(T("Conclude upon {label}…", label=found.label), "recommendation conclude", given),)
    return (Button(T("Hand {label} over…", label=found.label), "recommendation hand", given),)


def _subject(context: Context, typed: str) -> Check:
    number = numbered(typed)
    if number is not None:
        return find_check(context, number)
    group = find_group(context.reads, context.id, typed, field="subject")
    return _formation_check(context, group)


def _formation_check(context: Context, group: Group) -> Check:
    if not group.check:
        raise NotNow(
            T(
                "{group} is {stage}: there is no consensus check to conclude upon yet.",
                group=group.short_name,
                stage=PHRASES[group.stage],
            ),
            T("See what comes before: {command}.", command=Say(f"show {group.short_name}")),
        )
    return check_of(context.reads, context.id, group.check)


class Approve(Arguments):
    """Which group, and its two co-facilitators."""

    group: GroupArgument
    facilitators: Annotated[
        str,
        ask(
            "Which two co-facilitators?",
            "Two members of different stakeholder groups: Qiang R., Gift I.",
            rest=True,
            limit=300,
            named=Named.PEOPLE,
        ),
    ]
    rationale: Annotated[
        str, ask("Rationale of the conclusion", "Published. May be left out.", option=True, multiline=True, limit=LONG)
    ] = ""
    minority: Annotated[
        str,
        ask(
            "Minority views", "They travel with every output. May be left out.", option=True, multiline=True, limit=LONG
        ),
    ] = ""
    note: Annotated[
        str, ask("A note with the approval", "Published. May be left out.", option=True, multiline=True, limit=LONG)
    ] = ""
    exception: ExceptionReason = ""


@command(
    "approve",
    "Approve a working group upon the members' consensus, and appoint its two co-facilitators",
    who=CHAIR,
    arguments=Approve,
    examples=("approve WG-MWP Qiang R., Gift I.",),
    prepares=True,
    keeps=True,
)
def approve_group(context: Context, arguments: Approve) -> View:
    """One tap and two names. Where nobody concluded yet and the assessment holds, this concludes *Consensus* first."""
    group = find_group(context.reads, context.id, arguments.group)
    must_be_in_cycle(context)
    if group.stage is Stage.CONSENSUS_CHECK:
        _conclude_first(context, group, arguments)
        group = group_of(context.reads, context.id, group.id)
    check = check_of(context.reads, context.id, group.check) if group.check else None
    by = proposers(context.reads, group)
    _must_have_time(context, group)
    context.happen(approve(group, check, by, context.person, arguments.note))
    group = group_of(context.reads, context.id, group.id)
    context.all_happen(appoint(context.reads, group, _seats(context, arguments.facilitators), arguments.exception))
    hand_on_homes(context, group)
    activate_if_ready(context, group.id)
    return Notice(
        T(
            "{group} is approved, and its co-facilitators are appointed. They are told and may decline.",
            group=group.short_name,
        ),
        Tone.DONE,
        buttons=(Button(T("The group"), "show", {"group": group.short_name}),),
    )


def _must_have_time(context: Context, group: Group) -> None:
    own = latest(context.reads, group).sections.ends_on
    if (
        own
        and group.stage is Stage.CONCLUDED_UPON
        and day_over(date.fromisoformat(own), context.community.zone) <= context.now
    ):
        raise NotNow(
            T("{group} was to end on {day}, which is over: it would end at once.", group=group.short_name, day=own),
            T(
                "Its proposers set a later day, for another round: {command}.",
                command=Say(f"propose revise {group.short_name} --ends-on"),
            ),
        )


def _conclude_first(context: Context, group: Group, arguments: Approve) -> None:
    check = _formation_check(context, group)
    assessment = assessment_of(context.reads, check, context.community, context.now)
    if check.closed_at is not None and assessment.verdict is Verdict.DOES_NOT_HOLD and not arguments.rationale:
        raise NotNow(
            T(
                "The assessment of check {number} does not hold: {reason}",
                number=check.number,
                reason=assessment.reasons[0],
            ),
            T(
                "Meet what stands against it, or conclude in your own words first: {command}.",
                command=Say(f'conclude {group.short_name} consensus "…"'),
            ),
        )
    context.happen(conclude(context.reads, check, Outcome.CONSENSUS, arguments.rationale, arguments.minority))


def _seats(context: Context, names: str) -> list[tuple[str, Seat | None]]:
    typed = split_names(names)
    twice = duplicates(typed)
    if twice:
        raise Invalid(
            T("{name} is named twice.", name=UserText(twice[0])),
            T("Name two different members, of different stakeholder groups."),
            field="facilitators",
        )
    found = []
    for name in typed:
        person = find_person(context, name, field="facilitators")
        found.append((person.name, seat_of(context.reads, context.community, person.id)))
    return found


class Decline(Arguments):
    """Which group, and why not."""

    group: GroupArgument
    reason: Annotated[str, ask("Why?", "Published, so that the proposers know.", rest=True, multiline=True, limit=LONG)]


@command(
    "decline",
    "Do not approve a working group, and say why",
    who=CHAIR,
    arguments=Decline,
    examples=('decline WG-MWP "The full membership takes this on itself."',),
    prepares=True,
    keeps=True,
)
def decline_group(context: Context, arguments: Decline) -> View:
    """At any time before it is approved; what is open for it closes."""
    group = find_group(context.reads, context.id, arguments.group)
    must_be_in_cycle(context)
    event = decline(group, arguments.reason)
    call_off(context, group)
    context.happen(event)
    return Notice(T("{group} is not approved; the members are told why.", group=group.short_name), Tone.DONE)


class Appoint(Arguments):
    """For which group, whom."""

    group: GroupArgument
    facilitators: Annotated[
        str,
        ask(
            "Which two co-facilitators?",
            "Two members of different stakeholder groups: Qiang R., Gift I.",
            rest=True,
            limit=300,
            named=Named.PEOPLE,
        ),
    ]
    exception: ExceptionReason = ""


@command(
    "appoint name",
    "Appoint a group's two co-facilitators, or others in their place",
    who=CHAIR,
    arguments=Appoint,
    examples=(
        "appoint WG-MWP Qiang R., Gift I.",
        'appoint WG-MWP Rosa S. --exception "Nobody else is available until May"',
    ),
    prepares=True,
    keeps=True,
    family_default=True,
)
def appoint_facilitators(context: Context, arguments: Appoint) -> View:
    """Two seated members of different stakeholder groups; they replace whoever is in office."""
    group = find_group(context.reads, context.id, arguments.group)
    must_be_in_cycle(context)
    before = {each.person for each in facilitators(context.reads, group)}
    context.all_happen(appoint(context.reads, group, _seats(context, arguments.facilitators), arguments.exception))
    activate_if_ready(context, group.id)
    if before == {each.person for each in facilitators(context.reads, group)}:
        return Notice(T("They are the co-facilitators of {group} already.", group=group.short_name), Tone.DONE)
    return Notice(
        T("The co-facilitators of {group} are appointed. They are told and may decline.", group=group.short_name),
        Tone.DONE,
    )


class Except(Arguments):
    """For which group, and why."""

    group: GroupArgument
    reason: Annotated[str, ask("Why?", "Published with the exception.", rest=True, limit=1000)]


@command(
    "appoint exception",
    "Let a group go on with one co-facilitator, or with two of one stakeholder group, and say why",
    who=CHAIR,
    arguments=Except,
    examples=('appoint exception WG-MWP "Nobody else is available until May"',),
    prepares=True,
)
def except_(context: Context, arguments: Except) -> View:
    """For those in office now: when one of them comes or goes, the flag may go up again."""
    group = find_group(context.reads, context.id, arguments.group)
    must_be_in_cycle(context)
    context.happen(excepting(context.reads, group, arguments.reason))
    activate_if_ready(context, group.id)
    return Notice(T("Recorded and published: {group} goes on as it is.", group=group.short_name), Tone.DONE)


class DeclineAppointment(Arguments):
    """Which appointment, and why."""

    group: GroupArgument
    reason: Annotated[str, ask("Why?", "Shown to the members. May be left out.", rest=True, limit=1000)] = ""


@command(
    "appoint decline",
    "Decline to co-facilitate a group you were appointed to",
    who=KNOWN,
    arguments=DeclineAppointment,
    examples=('appoint decline WG-MWP "I am travelling until June"',),
)
def decline_appointment(context: Context, arguments: DeclineAppointment) -> View:
    """The Chair is asked for another name."""
    group = find_group(context.reads, context.id, arguments.group)
    context.happen(give_up(context.reads, group, context.person, arguments.reason, Departure.DECLINED))
    return Notice(T("Noted; the Chair is told and names somebody else for {group}.", group=group.short_name), Tone.DONE)


class Confirm(Arguments):
    """Which prepared act."""

    act: Annotated[int, ask("Which prepared act?", "The number on its card.")]
    answer: Annotated[YesNo, ask("Confirm it?")] = YesNo.YES


@command(
    "confirm",
    "Confirm, or drop, an act the Secretariat prepared for you",
    who=CHAIR,
    arguments=Confirm,
    examples=("confirm 2", "confirm 2 no"),
)
def confirm_act(context: Context, arguments: Confirm) -> Reply:
    """It takes effect on the Chair's own tap, with every gate asked again."""
    act = waiting_act(context.reads, context.id, arguments.act)
    if arguments.answer is YesNo.NO:
        context.happen(ActSettled(act.number, ActState.DROPPED))
        return Reply(Notice(T("Act {number} is dropped.", number=act.number), Tone.DONE))
    context.happen(ActSettled(act.number, ActState.CONFIRMED))
    return perform(context, COMMANDS[act.command], act.arguments)
