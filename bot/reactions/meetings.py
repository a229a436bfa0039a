"""Meetings: who is told that one is scheduled, moved, cancelled, about to begin, open, over; and of summaries and actions."""

from __future__ import annotations

from collections.abc import Iterable

from bot.bodies import members_of
from bot.context import Context
from bot.domain.actions import ActionAdded, ActionDone, action_of
from bot.domain.agenda import AgendaOrdered, ItemAdded, ItemDropped, TopicTaken
from bot.domain.events import Fact
from bot.domain.facilitators import facilitators
from bot.domain.finding import TimesAnswered, TimesAsked, TimesClosed, search_of
from bot.domain.groups import Group, Stage, body_name, group_of
from bot.domain.ids import MAG, GroupId, PersonId
from bot.domain.meetings import Meeting, meeting_of
from bot.domain.membership import members_in, participants_in
from bot.domain.people import Role, chair_of, seated
from bot.domain.scheduling import DelegateNamed, MeetingCancelled, MeetingChanged, MeetingScheduled
from bot.domain.sitting import Attended, HandLowered, HandRaised, MeetingEnded, MeetingSoon, MeetingStarted, TurnGiven
from bot.domain.summaries import SummaryApproved, SummaryLate, SummaryWritten
from bot.present.meetings import title_of, when_of
from bot.reactions import Announce, Effect, Refresh, Tell, concerns, reacts
from bot.text import Moment, T, Text, UserText, joined
from bot.view import Button, ButtonStyle, Notice, Tone


def _people(context: Context, body: str) -> list[PersonId]:
    """Whose meetings they are: everybody seated, or the group's own people."""
    if body == MAG:
        return [seat.person for seat in seated(context.reads, context.community)]
    group = group_of(context.reads, context.id, GroupId(body))
    members = [each.person for each in members_in(context.reads, group)]
    participants = [each.person for each in participants_in(context.reads, group)]
    return [*members, *participants] or [person for person, _ in members_of(context, body)]


def _organisers(context: Context, body: str) -> list[PersonId]:
    """Who is to write the summary, and the Secretariat."""
    found = [seat.person for seat in seated(context.reads, context.community, Role.SECRETARIAT)]
    if body == MAG:
        chair = chair_of(context.reads, context.community)
        return [*found, *([chair.person] if chair is not None else [])]
    group = group_of(context.reads, context.id, GroupId(body))
    return [*(each.person for each in facilitators(context.reads, group)), *found]


def _button(meeting: Meeting, label: Text, command: str, style: ButtonStyle = ButtonStyle.PLAIN) -> Button:
    return Button(label, command, {"meeting": str(meeting.number)}, style)


def _notice(
    context: Context, meeting: Meeting, what: Text, tone: Tone, why: str = "", *, coming: bool = True
) -> Notice:
    said = [what, T("Why: {why}", why=UserText(why))] if why else [what]
    buttons = [_button(meeting, T("Into my calendar"), "meeting file", ButtonStyle.PRIMARY)]
    if coming:
        buttons.append(_button(meeting, T("I cannot come"), "meeting regrets"))
    buttons.append(_button(meeting, T("The meeting"), "meeting show"))
    return Notice(joined(said), tone, buttons=tuple(buttons))


def _tell_all(context: Context, meeting: Meeting, notice: Notice, *, urgent: bool = False) -> Iterable[Effect]:
    """Everybody but who did it. `urgent`: somebody might go there for nothing."""
    for person in _people(context, meeting.body):
        if person != context.actor.person:
            yield Tell(person, notice, urgent=urgent)


@reacts(MeetingScheduled)
def scheduled(context: Context, fact: Fact, event: MeetingScheduled) -> Iterable[Effect]:
    """Its card in its room, and an invitation to its people."""
    meeting = meeting_of(context.reads, context.id, event.number)
    yield Announce(meeting.body, subject=f"meeting:{meeting.number}")
    what = T(
        "{title}. {when}",
        title=title_of(context.reads, context.community, meeting),
        when=when_of(meeting, meeting.zone),
    )
    yield from _tell_all(context, meeting, _notice(context, meeting, what, Tone.NEUTRAL))
    yield from _updates_moved(context, meeting)


@reacts(MeetingChanged)
def changed(context: Context, fact: Fact, event: MeetingChanged) -> Iterable[Effect]:
    """The card says so, and everybody is told once more: an edit notifies nobody."""
    meeting = meeting_of(context.reads, context.id, event.meeting)
    what = T(
        "Changed: {title}. It is now {when}",
        title=title_of(context.reads, context.community, meeting),
        when=when_of(meeting, meeting.zone),
    )
    notice = _notice(context, meeting, what, Tone.ATTENTION, event.why)
    yield Refresh(f"meeting:{meeting.number}")
    yield Announce(meeting.body, view=notice)
    yield from _tell_all(context, meeting, notice, urgent=True)
    yield from _updates_moved(context, meeting)


@reacts(MeetingCancelled)
def cancelled(context: Context, fact: Fact, event: MeetingCancelled) -> Iterable[Effect]:
    """The same, with the entry that takes it out of calendars."""
    meeting = meeting_of(context.reads, context.id, event.meeting)
    what = T(
        "Cancelled: {title}, which was to be {when}",
        title=title_of(context.reads, context.community, meeting),
        when=when_of(meeting, meeting.zone),
    )
    notice = _notice(context, meeting, what, Tone.ATTENTION, event.why, coming=False)
    yield Refresh(f"meeting:{meeting.number}")
    yield Announce(meeting.body, view=notice)
    yield from _tell_all(context, meeting, notice, urgent=True)
    yield from _updates_moved(context, meeting)


def _updates_moved(context: Context, meeting: Meeting) -> Iterable[Effect]:
    """When the full membership meets says when groups report."""
    if meeting.body == MAG:
        for group in context.reads.all(Group, community=context.id, stage=Stage.ACTIVE):
            yield Refresh(f"group:{group.id}")


@reacts(MeetingSoon)
def soon(context: Context, fact: Fact, event: MeetingSoon) -> Iterable[Effect]:
    """Its room is told; people were reminded the day before."""
    meeting = meeting_of(context.reads, context.id, event.meeting)
    yield Announce(
        meeting.body,
        view=Notice(
            T(
                "{title} begins {when}.",
                title=title_of(context.reads, context.community, meeting),
                when=Moment(meeting.starts_at, meeting.zone),
            ),
            Tone.ATTENTION,
            T("Join: {link}", link=UserText(meeting.link)) if meeting.link else None,
            (
                _button(meeting, T("The meeting"), "meeting show", ButtonStyle.PRIMARY),
                _button(meeting, T("I cannot come"), "meeting regrets"),
            ),
        ),
    )


@reacts(MeetingStarted)
def started(context: Context, fact: Fact, event: MeetingStarted) -> Iterable[Effect]:
    """Its room is told, with what one needs to take part."""
    meeting = meeting_of(context.reads, context.id, event.meeting)
    yield Refresh(f"meeting:{meeting.number}")
    yield Announce(
        meeting.body,
        view=Notice(
            T("{title} is open.", title=title_of(context.reads, context.community, meeting)),
            Tone.ATTENTION,
            T("Join: {link}", link=UserText(meeting.link)) if meeting.link else None,
            (
                _button(meeting, T("I am here"), "meeting present", ButtonStyle.PRIMARY),
                _button(meeting, T("I want to speak"), "q+"),
                _button(meeting, T("The meeting"), "meeting show"),
            ),
        ),
    )


@reacts(MeetingEnded)
def ended(context: Context, fact: Fact, event: MeetingEnded) -> Iterable[Effect]:
    """Who may edit and approve the summary is told that it is drafted."""
    meeting = meeting_of(context.reads, context.id, event.meeting)
    yield Refresh(f"meeting:{meeting.number}")
    notice = Notice(
        T(
            "{title} is over. Its summary is drafted; it is due {when}.",
            title=title_of(context.reads, context.community, meeting),
            when=Moment(meeting.summary_due(), meeting.zone),
        ),
        Tone.NEUTRAL,
        buttons=(
            _button(meeting, T("The draft"), "summary show", ButtonStyle.PRIMARY),
            _button(meeting, T("Edit…"), "summary edit"),
        ),
    )
    for person in _organisers(context, meeting.body):
        if person != context.actor.person:
            yield Tell(person, notice)


Sitting = Attended | HandRaised | HandLowered | TurnGiven | TopicTaken | ItemAdded | ItemDropped | AgendaOrdered


@reacts(Attended, HandRaised, HandLowered, TurnGiven, TopicTaken, ItemAdded, ItemDropped, AgendaOrdered)
def sitting(context: Context, fact: Fact, event: Sitting) -> Iterable[Effect]:
    """The card in the room shows who is there, who speaks next, and what is talked about."""
    yield Refresh(f"meeting:{event.meeting}")


@reacts(SummaryWritten)
def written(context: Context, fact: Fact, event: SummaryWritten) -> Iterable[Effect]:
    """Where it was shown already, it is a draft again."""
    yield Refresh(f"summary:{event.meeting}")


@reacts(SummaryApproved)
def approved(context: Context, fact: Fact, event: SummaryApproved) -> Iterable[Effect]:
    """Published to the group and to the full membership."""
    meeting = meeting_of(context.reads, context.id, event.meeting)
    for body in dict.fromkeys((meeting.body, MAG)):
        yield Announce(body, subject=f"summary:{meeting.number}")
    yield Refresh(f"meeting:{meeting.number}")
    if meeting.body != MAG:
        yield Refresh(f"group:{meeting.body}")


@reacts(SummaryLate)
def late(context: Context, fact: Fact, event: SummaryLate) -> Iterable[Effect]:
    """Whoever is to write it and the Secretariat are told, once; everybody sees it on the cards."""
    meeting = meeting_of(context.reads, context.id, event.meeting)
    if not meeting.summary_late(context.now):
        return
    notice = Notice(
        T(
            "The summary of meeting {number} of {body} is late: it was due {when}. Its card says so.",
            number=meeting.number,
            body=body_name(context.reads, context.id, meeting.body, context.community.titles.body),
            when=Moment(meeting.summary_due(), meeting.zone),
        ),
        Tone.ATTENTION,
        buttons=(_button(meeting, T("Edit…"), "summary edit"), _button(meeting, T("The meeting"), "meeting show")),
    )
    for person in dict.fromkeys(_organisers(context, meeting.body)):
        yield Tell(person, notice)
    yield Refresh(f"meeting:{meeting.number}")
    if meeting.body != MAG:
        yield Refresh(f"group:{meeting.body}")


@reacts(ActionAdded)
def agreed(context: Context, fact: Fact, event: ActionAdded) -> Iterable[Effect]:
    """Whoever is to do it is told, if another said so."""
    action = action_of(context.reads, context.id, event.number)
    if action.owner != context.actor.person:
        yield Tell(
            action.owner,
            Notice(
                T(
                    "Agreed for you to do by {when}: {text}",
                    when=Moment(action.due_at, action.zone),
                    text=UserText(action.text),
                ),
                Tone.NEUTRAL,
                buttons=(
                    Button(T("{number} is done", number=action.number), "action done", {"action": str(action.number)}),
                ),
            ),
        )
    if action.meeting:
        yield Refresh(f"meeting:{action.meeting}")


@reacts(ActionDone)
def done(context: Context, fact: Fact, event: ActionDone) -> Iterable[Effect]:
    """Where it was agreed, it is shown as done."""
    action = action_of(context.reads, context.id, event.number)
    if action.meeting:
        yield Refresh(f"meeting:{action.meeting}")
        yield Refresh(f"summary:{action.meeting}")


@reacts(TimesAsked)
def asked(context: Context, fact: Fact, event: TimesAsked) -> Iterable[Effect]:
    """In the room, and to everybody asked: each sees the slots in their own time there."""
    subject = f"times:{event.number}"
    yield Announce(event.body, subject=subject)
    for person, _ in members_of(context, event.body):
        if person != context.actor.person:
            yield Tell(person, subject=subject)


@reacts(TimesAnswered)
def answered(context: Context, fact: Fact, event: TimesAnswered) -> Iterable[Effect]:
    """The card counts."""
    yield Refresh(f"times:{event.search}")


@reacts(TimesClosed)
def times_closed(context: Context, fact: Fact, event: TimesClosed) -> Iterable[Effect]:
    """Who asked hears how it ended, with the slots to schedule."""
    search = search_of(context.reads, context.id, event.search)
    yield Refresh(f"times:{event.search}")
    if not event.meeting:
        yield Tell(
            search.opened_by,
            Notice(
                T("Everybody had time to say when to meet for {title}.", title=UserText(search.title)),
                Tone.NEUTRAL,
                buttons=(
                    Button(T("The best slots"), "meeting times", {"search": str(search.number)}, ButtonStyle.PRIMARY),
                ),
            ),
        )


@reacts(DelegateNamed)
def named(context: Context, fact: Fact, event: DelegateNamed) -> Iterable[Effect]:
    """They are told."""
    body = body_name(context.reads, context.id, event.body, context.community.titles.body)
    yield Tell(
        event.person,
        Notice(
            T("You were named to organise the meetings of {body}.", body=body),
            buttons=(Button(T("The meetings"), "meetings"),),
        ),
    )


Told = MeetingScheduled | MeetingChanged | MeetingCancelled | MeetingStarted | MeetingEnded | SummaryApproved


@concerns(MeetingScheduled, MeetingChanged, MeetingCancelled, MeetingStarted, MeetingEnded, SummaryApproved)
def meeting_of_theirs(context: Context, fact: Fact, event: Told) -> Iterable[PersonId]:
    """What is coming up, and what needs whoever organises it."""
    number = event.number if isinstance(event, MeetingScheduled) else event.meeting
    meeting = meeting_of(context.reads, context.id, number)
    yield from _people(context, meeting.body)
    yield from _organisers(context, meeting.body)


@concerns(ActionAdded, ActionDone)
def action_of_theirs(context: Context, fact: Fact, event: ActionAdded | ActionDone) -> Iterable[PersonId]:
    """One thing to do more, or less."""
    return (action_of(context.reads, context.id, event.number).owner,)


@concerns(TimesAsked, TimesClosed)
def asked_for_a_time(context: Context, fact: Fact, event: TimesAsked | TimesClosed) -> Iterable[PersonId]:
    """Everybody asked has something to say, or no more."""
    number = event.number if isinstance(event, TimesAsked) else event.search
    search = search_of(context.reads, context.id, number)
    yield search.opened_by
    yield from (person for person, _ in members_of(context, search.body))


@concerns(TimesAnswered)
def said_when(context: Context, fact: Fact, event: TimesAnswered) -> Iterable[PersonId]:
    """They have said so."""
    return (event.person,)
