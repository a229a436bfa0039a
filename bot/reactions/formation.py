"""From proposal to decision: what members, proposers and the Chair are told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from bot.context import Context
from bot.domain.charters import changes_in
from bot.domain.consultations import (
    NEEDS_RESPONSE,
    CommentMade,
    CommentsAnswered,
    ConsultationClosed,
    ConsultationExtended,
    ConsultationOpened,
    consultation_of,
    unanswered,
)
from bot.domain.consulted import answering, consulted_in
from bot.domain.events import Fact
from bot.domain.facilitators import (
    Departure,
    ExceptionRecorded,
    FacilitatorAppointed,
    FacilitatorEnded,
    GroupApproved,
    GroupDeclined,
)
from bot.domain.groups import UNDECIDED, Group, GroupActivated, HomeLinked, Stage, group_of
from bot.domain.ids import MAG, GroupId
from bot.domain.people import chair_of
from bot.domain.preparing import ActPrepared
from bot.domain.proposals import (
    CoProposerAnswered,
    CoProposerInvited,
    CoProposing,
    GroupProposed,
    ProposalWithdrawn,
    ProposalWritten,
    latest,
)
from bot.present.charters import change_blocks
from bot.present.names import full_name, group_label
from bot.reactions import Announce, Effect, OpenRoom, Refresh, Tell, reacts
from bot.text import Moment, PersonName, Say, T, Text, Tn, UserText, joined, said, term
from bot.view import Button, ButtonStyle, Card, Notice, Tone


def _name(context: Context, group: GroupId) -> str:
    return group_of(context.reads, context.id, group).short_name


@reacts(GroupProposed)
def proposed(context: Context, fact: Fact, event: GroupProposed) -> Iterable[Effect]:
    """The proposal goes to every home of the full MAG; once one has it, the consultation can open."""
    yield Announce(MAG, subject=f"proposal:{event.group}", tag=f"proposal:{event.group}")


@reacts(ProposalWritten)
def written(context: Context, fact: Fact, event: ProposalWritten) -> Iterable[Effect]:
    """A revision: the posted card is brought up to date, and the MAG is told there is a new version."""
    if event.version == 1:
        return
    yield Refresh(f"proposal:{event.group}")
    group = group_of(context.reads, context.id, event.group)
    name = group.short_name
    if group.stage not in UNDECIDED:
        yield from _charter_changed(context, fact, group)
        return
    yield Announce(
        MAG,
        view=Notice(
            T(
                "{person} revised the proposal of {group}: version {version}.",
                person=context.name_of(event.author),
                group=name,
                version=event.version,
            ),
            Tone.ATTENTION,
            buttons=(Button(T("Read it"), "propose show", {"group": name}),),
        ),
        tag=f"proposal:{event.group}",
    )


def _charter_changed(context: Context, fact: Fact, group: Group) -> Iterable[Effect]:
    """The full membership and the group read what changed."""
    changed = changes_in(context.reads, group, group.version, context.community.titles.body) or ()
    notice = Card(
        T(
            "The charter of {name} has changed: version {version}.",
            name=full_name(group.short_name, group.full_name),
            version=group.version,
        ),
        change_blocks(changed),
        (Button(T("The whole text"), "charter show", {"group": group.short_name}),),
        footer=T("Written by {person}.", person=context.name_of(latest(context.reads, group).author)),
    )
    yield Announce(MAG, view=notice)
    yield Announce(group.id, view=notice)
    yield Refresh(f"group:{group.id}")


@reacts(CoProposerInvited)
def invited(context: Context, fact: Fact, event: CoProposerInvited) -> Iterable[Effect]:
    """The member named is asked to confirm."""
    name = _name(context, event.group)
    yield Tell(
        event.person,
        Notice(
            T(
                "{person} names you as co-proposer of {group}. Do you propose it too?",
                person=context.name_of(fact.by),
                group=name,
            ),
            Tone.ATTENTION,
            buttons=(
                Button(
                    T("Yes, I co-propose it"), "propose confirm", {"group": name, "answer": "yes"}, ButtonStyle.PRIMARY
                ),
                Button(T("No"), "propose confirm", {"group": name, "answer": "no"}),
            ),
        ),
    )


@reacts(CoProposerAnswered)
def answered(context: Context, fact: Fact, event: CoProposerAnswered) -> Iterable[Effect]:
    """The proposer hears, and the card says so."""
    group = group_of(context.reads, context.id, event.group)
    person, name = context.name_of(event.person), group.short_name
    if event.state is CoProposing.CONFIRMED:
        text = T("{person} confirmed as co-proposer of {group}.", person=person, group=name)
    else:
        text = T("{person} will not co-propose {group}.", person=person, group=name)
    yield Tell(group.proposer, Notice(text))
    yield Refresh(f"proposal:{event.group}")


@reacts(ProposalWithdrawn)
def withdrawn(context: Context, fact: Fact, event: ProposalWithdrawn) -> Iterable[Effect]:
    """The MAG hears that a proposal was taken back."""
    group = group_of(context.reads, context.id, event.group)
    text = T("{person} withdrew the proposal of {group}.", person=context.name_of(fact.by), group=group.short_name)
    if event.reason:
        text = joined([text, T("Reason: {reason}", reason=said(event.reason))])
    yield Announce(MAG, view=Notice(text, Tone.NEUTRAL))
    yield Refresh(f"proposal:{event.group}")
    if group.consultation:
        yield Refresh(f"consultation:{group.consultation}")
    if group.check:
        yield Refresh(f"check:{group.check}")


@reacts(ConsultationOpened)
def consultation_opened(context: Context, fact: Fact, event: ConsultationOpened) -> Iterable[Effect]:
    """The MAG is asked for feedback."""
    yield Announce(MAG, subject=f"consultation:{event.number}")
    yield Refresh(event.about or f"proposal:{event.group}")


@reacts(ConsultationExtended)
def consultation_extended(context: Context, fact: Fact, event: ConsultationExtended) -> Iterable[Effect]:
    """More time, and why."""
    consultation = consultation_of(context.reads, context.id, event.number)
    on = consulted_in(context.reads, consultation)
    until = Moment(event.closes_at, consultation.zone)
    if event.for_silence:
        text = T(
            "No feedback has come on {group} yet, so its consultation stays open until {when}.",
            group=on.text,
            when=until,
        )
    else:
        text = T("The consultation on {group} was extended until {when}.", group=on.text, when=until)
    button = Button(T("Comment…"), "consult comment", {"group": on.name}, ButtonStyle.PRIMARY)
    yield Announce(MAG, view=Notice(text, Tone.ATTENTION, buttons=(button,)))
    yield Refresh(f"consultation:{event.number}")


@reacts(ConsultationClosed)
def consultation_closed(context: Context, fact: Fact, event: ConsultationClosed) -> Iterable[Effect]:
    """The card says it closed; proposers with concerns to answer are told which."""
    yield Refresh(f"consultation:{event.number}")
    consultation = consultation_of(context.reads, context.id, event.number)
    on = consulted_in(context.reads, consultation)
    if consultation.about:
        yield Refresh(consultation.about)
    waiting = unanswered(context.reads, consultation)
    if not waiting:
        return
    numbers = joined([term(str(each.number)) for each in waiting], ", ")
    notice = Notice(
        Tn(
            "The consultation on {group} is over. Before its consensus check, answer comment {numbers}.",
            "The consultation on {group} is over. Before its consensus check, answer comments {numbers}.",
            len(waiting),
            group=on.text,
            numbers=numbers,
        ),
        Tone.ATTENTION,
        T(
            "One response may cover several: {command}.",
            command=Say(f'consult respond {on.name} {waiting[0].number} "…"'),
        ),
        (Button(T("Read them"), "consult show", {"group": on.name}),),
    )
    for person in sorted(answering(context.reads, on)):
        yield Tell(person, notice)


@reacts(CommentMade)
def commented(context: Context, fact: Fact, event: CommentMade) -> Iterable[Effect]:
    """The consultation's card shows it; a concern is brought directly to the proposer, or to the co-facilitators."""
    yield Refresh(f"consultation:{event.consultation}")
    if event.kind not in NEEDS_RESPONSE:
        return
    consultation = consultation_of(context.reads, context.id, event.consultation)
    on = consulted_in(context.reads, consultation)
    notice = Notice(
        T(
            "{person} on {group}: {text}",
            person=context.name_of(event.author),
            group=on.text,
            text=UserText(event.text),
        ),
        Tone.ATTENTION,
        T("It needs an answer: {command}.", command=Say(f'consult respond {on.name} {event.number} "…"')),
    )
    told = answering(context.reads, on) if not on.formation else {on.group.proposer}
    for person in sorted(told - {event.author}):
        yield Tell(person, notice)


@reacts(CommentsAnswered)
def responded(context: Context, fact: Fact, event: CommentsAnswered) -> Iterable[Effect]:
    """The consultation's card shows the answer."""
    yield Refresh(f"consultation:{event.consultation}")


@reacts(GroupApproved)
def approved(context: Context, fact: Fact, event: GroupApproved) -> Iterable[Effect]:
    """The MAG hears it, and the group is given a room on every platform."""
    group = group_of(context.reads, context.id, event.group)
    parts = [
        T(
            "{chair} {person} approved {name}.",
            chair=context.community.titles.chair,
            person=context.name_of(fact.by),
            name=full_name(group.short_name, group.full_name),
        )
    ]
    if event.chair_proposed:
        parts.append(T("The {chair} is one of its proposers.", chair=context.community.titles.chair))
    if event.note:
        parts.append(said(event.note))
    button = Button(T("The group"), "show", {"group": group.short_name})
    yield Announce(MAG, view=Notice(joined(parts), Tone.DONE, buttons=(button,)))
    yield Refresh(f"proposal:{event.group}")
    yield Refresh(f"decision:{event.group}")
    yield OpenRoom(event.group)


@reacts(GroupDeclined)
def declined(context: Context, fact: Fact, event: GroupDeclined) -> Iterable[Effect]:
    """The MAG hears it, with the reason."""
    group = group_of(context.reads, context.id, event.group)
    text = T(
        "{chair} {person} did not approve {name}. Reason: {reason}",
        chair=context.community.titles.chair,
        person=context.name_of(fact.by),
        name=full_name(group.short_name, group.full_name),
        reason=said(event.reason),
    )
    yield Announce(MAG, view=Notice(text, Tone.NEUTRAL))
    yield Refresh(f"proposal:{event.group}")
    yield Refresh(f"decision:{event.group}")


@reacts(FacilitatorAppointed)
def appointed(context: Context, fact: Fact, event: FacilitatorAppointed) -> Iterable[Effect]:
    """The MAG and the person hear it; they may decline. They are let into the group's room."""
    group = group_of(context.reads, context.id, event.group)
    name = group.short_name
    if group.stage in (Stage.APPROVED, Stage.ACTIVE):
        yield OpenRoom(event.group)
    yield Announce(
        MAG,
        view=Notice(
            T(
                "{person} ({stakeholder_group}) is co-facilitator of {group}.",
                person=context.name_of(event.person),
                stakeholder_group=group_label(event.stakeholder_group),
                group=name,
            ),
            Tone.DONE,
        ),
    )
    yield Tell(
        event.person,
        Notice(
            T(
                "The {chair} appointed you co-facilitator of {group}: steward of the group, open to every member.",
                chair=context.community.titles.chair,
                group=name,
            ),
            Tone.ATTENTION,
            T("If you cannot take it on, say so: {command}.", command=Say(f"appoint decline {name}")),
            (Button(T("The group"), "show", {"group": name}),),
        ),
    )


@reacts(FacilitatorEnded)
def facilitator_ended(context: Context, fact: Fact, event: FacilitatorEnded) -> Iterable[Effect]:
    """The MAG hears it; unless they were succeeded, the Chair is asked for another name."""
    name = _name(context, event.group)
    text = _ended(event.how, context.name_of(event.person), name)
    if event.why:
        text = joined([text, T("Reason: {reason}", reason=said(event.why))])
    yield Announce(MAG, view=Notice(text))
    yield Refresh(f"group:{event.group}")
    chair = chair_of(context.reads, context.community)
    if chair is not None and event.how is not Departure.SUCCEEDED:
        yield Tell(
            chair.person,
            Notice(
                text,
                Tone.ATTENTION,
                T("Appoint somebody else: {command}.", command=Say(f"appoint {name} NAME, NAME")),
            ),
        )


def _ended(how: Departure, person: PersonName, group: str) -> Text:
    match how:
        case Departure.SUCCEEDED:
            return T("{person} is no longer co-facilitator of {group}.", person=person, group=group)
        case Departure.DECLINED:
            return T("{person} declined to co-facilitate {group}.", person=person, group=group)
        case Departure.RESIGNED:
            return T("{person} resigned as co-facilitator of {group}.", person=person, group=group)
        case Departure.UNSEATED:
            return T(
                "{person} is no longer a seated member, and so no longer co-facilitator of {group}.",
                person=person,
                group=group,
            )
        case _:
            assert_never(how)


@reacts(ExceptionRecorded)
def excepted(context: Context, fact: Fact, event: ExceptionRecorded) -> Iterable[Effect]:
    """An exception is published with its reason."""
    yield Announce(
        MAG,
        view=Notice(
            T(
                "Exception for {group} ({gate}), recorded by {person}. Reason: {reason}",
                group=_name(context, event.group),
                gate=T(event.gate),
                person=context.name_of(fact.by),
                reason=said(event.reason),
            ),
            Tone.ATTENTION,
        ),
    )


@reacts(GroupActivated)
def activated(context: Context, fact: Fact, event: GroupActivated) -> Iterable[Effect]:
    """The MAG hears where to find it; the charter is posted in its own room."""
    group = group_of(context.reads, context.id, event.group)
    text = T("{name} is active, and open to every member.", name=full_name(group.short_name, group.full_name))
    button = Button(T("The group"), "show", {"group": group.short_name})
    yield Announce(MAG, view=Notice(text, Tone.DONE, buttons=(button,)))
    yield Announce(event.group, subject=f"group:{event.group}")
    yield Refresh(f"proposal:{event.group}")


@reacts(HomeLinked)
def home_linked(context: Context, fact: Fact, event: HomeLinked) -> Iterable[Effect]:
    """The group's card names its homes."""
    if event.body != MAG:
        yield Refresh(f"group:{event.body}")


@reacts(ActPrepared)
def act_prepared(context: Context, fact: Fact, event: ActPrepared) -> Iterable[Effect]:
    """The Chair is shown what waits for their own confirmation."""
    chair = chair_of(context.reads, context.community)
    if chair is not None:
        yield Tell(chair.person, subject=f"act:{event.number}")
