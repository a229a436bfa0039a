"""What waits for a person: across everything, only what is truly theirs to do, each with the button that does it.

Not a command: `todo` shows it, a person's start page begins with it, and reminders look at it once more before they go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.bodies import belongs
from bot.chairing import conclusion, waiting_for_chair, why_waiting
from bot.command import COMMANDS
from bot.context import Context
from bot.domain.actions import Action
from bot.domain.cadence import SOON
from bot.domain.charter_changes import ChangeState, CharterChange
from bot.domain.conduct_reports import READERS, reports_for
from bot.domain.consensus.checks import Asked, Check, Held
from bot.domain.consultations import Consultation, comments_on, consultation_of, unanswered
from bot.domain.consulted import consulted_in, within
from bot.domain.facilitators import Facilitator
from bot.domain.finding import Availability, TimeSearch
from bot.domain.groups import ENDED, Ending, Group, GroupName, Home, Stage, body_name, group_of
from bot.domain.ids import MAG, GroupId
from bot.domain.meetings import Meeting, MeetingState
from bot.domain.membership import OPEN_STAGES, Invitation
from bot.domain.names import fold
from bot.domain.people import Role, chair_of
from bot.domain.polls import Choice, Poll
from bot.domain.proposals import CoProposer, CoProposing, proposers
from bot.domain.recommendations import Recommendation, Step, step_of
from bot.domain.reviews import RIGHT_OF_REPLY, Review, ReviewReply, ReviewState
from bot.domain.secretariat import open_role
from bot.domain.sitting import Attendance, Attending
from bot.domain.updates import REMINDED_FIRST, awaited
from bot.domain.vacancies import STEWARDED
from bot.forms import Draft
from bot.open_checks import open_checks
from bot.standing import concludes, facilitates
from bot.text import Moment, T, Text, UserText, said
from bot.view import Button, ButtonStyle, Item

_DIGITS = 10
"""Longer numbers number nothing."""
NEAR = timedelta(days=2)
"""Before a meeting begins; from then on it is among what needs its people."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: in a sentence, and as a button. What must be done by a time has been open since another (UTC)."""

    text: Text
    button: Button
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    earlier: datetime | None = None
    """A time before its close that one is reminded of too (UTC)."""

    @property
    def windows(self) -> tuple[tuple[datetime, datetime], ...]:
        """Open since, to be done by: of each one is reminded once."""
        if self.opened_at is None:
            return ()
        return tuple((self.opened_at, by) for by in (self.earlier, self.closes_at) if by is not None)

    @property
    def item(self) -> Item:
        """As one of a list."""
        return Item(self.text, self.button)


def tasks(context: Context) -> Iterator[Task]:
    """What the speaker is waited for, the Chair's decisions first; last what they began themselves."""
    if context.actor.person is not None:
        yield from duties(context)
        yield from _drafts(context)


def duties(context: Context) -> Iterator[Task]:
    """What others wait for from the person who speaks."""
    yield from _decisions(context)
    yield from _positions(context)
    yield from _answers(context)
    yield from _invitations(context)
    yield from _comments(context)
    yield from _polls(context)
    yield from _updates(context)
    yield from _invited(context)
    yield from _reports(context)
    yield from _replies(context)
    yield from _meetings(context)
    yield from _times(context)
    yield from _actions(context)
    yield from _summaries(context)
    yield from _secretariats_role(context)


def _decisions(context: Context) -> Iterator[Task]:
    reads, community = context.reads, context.community
    if context.actor.has_role(Role.CHAIR) and why_waiting(reads, community, context.now) is None:
        for act in waiting_for_chair(reads, community, context.now):
            yield Task(act.text, act.button)
    if context.actor.has_role(Role.SECRETARIAT) and chair_of(reads, community) is None:
        yield from _without_chair(context)
    yield from _recommendations(context)
    for check in reads.all(Check, community=context.id, closed=True):
        waits = check.outcome is None and not check.called_off and check.body != MAG
        if waits and concludes(context, check.body) and not _ended(context, GroupId(check.body)):
            yield Task(*conclusion(check))


def _ended(context: Context, group: GroupId) -> bool:
    return group_of(context.reads, context.id, group).stage in ENDED


def _without_chair(context: Context) -> Iterator[Task]:
    """The Secretariat has the Chair's seat to fill, and sees what waits for it: none of it is theirs to do."""
    title = context.community.titles.chair
    yield Task(
        T("No {chair} is seated: acts of the {chair} wait, and are nobody else's. Seat one.", chair=title),
        Button(T("Seat the {chair}…", chair=title), "roster role", {"role": Role.CHAIR.value}),
    )
    for act in waiting_for_chair(context.reads, context.community, context.now):
        yield Task(T("Waits for a {chair}: {act}", chair=title, act=act.text), act.look)


def _replies(context: Context) -> Iterator[Task]:
    """Of a progress review of their group, the co-facilitators' reply."""
    for review in context.reads.all(Review, community=context.id, state=ReviewState.REPLYING):
        group = group_of(context.reads, context.id, review.group)
        mine = context.reads.get(Facilitator, context.id, group.id, context.person)
        if mine is None or mine.until is not None or group.stage is not Stage.ACTIVE or review.replies_until is None:
            continue
        replied = context.reads.get(ReviewReply, context.id, review.number, context.person)
        if replied is None and context.now < review.replies_until:
            yield Task(
                T(
                    "Reply to the progress review of {group} until {when}.",
                    group=group.short_name,
                    when=Moment(review.replies_until, context.zone),
                ),
                Button(
                    T("Reply for {group}…", group=group.short_name),
                    "review reply",
                    {"group": group.short_name},
                    ButtonStyle.PRIMARY,
                ),
                review.replies_until - RIGHT_OF_REPLY,
                review.replies_until,
            )


def _recommendations(context: Context) -> Iterator[Task]:
    """Co-facilitators hand over what their group agreed."""
    for each in context.reads.all(Recommendation, community=context.id, settled=False):
        if step_of(context.reads, each) is Step.CONCLUDED and concludes(context, each.group):
            given = {"recommendation": each.label}
            yield Task(
                T("Hand {label} to the members: {title}", label=each.label, title=said(each.title)),
                Button(T("Hand {label} over", label=each.label), "recommendation hand", given, ButtonStyle.PRIMARY),
            )


def _positions(context: Context) -> Iterator[Task]:
    for check in open_checks(context):
        if context.reads.get(Asked, context.id, check.number, context.person) is None:
            continue
        if context.reads.get(Held, context.id, check.number, context.person) is None:
            yield Task(
                T(
                    "Take a position in check {number} until {when}: {question}",
                    number=check.number,
                    when=Moment(check.closes_at, context.zone),
                    question=UserText(check.question),
                ),
                Button(
                    T("Check {number}", number=check.number),
                    "consensus show",
                    {"check": str(check.number)},
                    ButtonStyle.PRIMARY,
                ),
                check.opened_at,
                check.closes_at,
            )


def _answers(context: Context) -> Iterator[Task]:
    for group in context.reads.all(Group, community=context.id, stage=Stage.IN_CONSULTATION):
        if context.person not in proposers(context.reads, group) or not group.consultation:
            continue
        consultation = context.reads.get(Consultation, context.id, group.consultation)
        if consultation is not None:
            yield from _to_answer(context, consultation)

    for each in context.reads.all(Recommendation, community=context.id, settled=False):
        if each.consultation and not each.check and concludes(context, each.group):
            yield from _to_answer(context, consultation_of(context.reads, context.id, each.consultation))

    for change in context.reads.all(CharterChange, community=context.id, state=ChangeState.PROPOSED):
        if not change.check and concludes(context, change.group):
            yield from _to_answer(context, consultation_of(context.reads, context.id, change.consultation))


def _to_answer(context: Context, consultation: Consultation) -> Iterator[Task]:
    on = consulted_in(context.reads, consultation)
    for comment in unanswered(context.reads, consultation):
        yield Task(
            T(
                "Answer comment {number} on {group}: {text}",
                number=comment.number,
                group=on.text,
                text=UserText(comment.text[:120]),
            ),
            Button(
                T("Answer {number}", number=comment.number),
                "consult respond",
                {"group": on.name, "comments": str(comment.number)},
            ),
        )


def _invitations(context: Context) -> Iterator[Task]:
    for invitation in context.reads.all(CoProposer, community=context.id, person=context.person):
        group = group_of(context.reads, context.id, invitation.group)
        if invitation.state is CoProposing.INVITED and group.stage not in (*ENDED, Stage.ACTIVE):
            yield Task(
                T("Say whether you co-propose {group}.", group=group.short_name),
                Button(T("Co-propose {group}", group=group.short_name), "propose confirm", {"group": group.short_name}),
            )


def _comments(context: Context) -> Iterator[Task]:
    if context.actor.seat is None or context.actor.has_role(Role.SECRETARIAT):
        return
    for consultation in context.reads.all(Consultation, community=context.id, closed=False):
        on = consulted_in(context.reads, consultation)
        mine = context.person in within(context.reads, on) or any(
            each.author == context.person for each in comments_on(context.reads, consultation)
        )
        if not mine and context.now < consultation.closes_at:
            yield Task(
                T(
                    "Comment on {group} until {when}.",
                    group=on.text,
                    when=Moment(consultation.closes_at, context.zone),
                ),
                Button(T("Comment on {group}", group=on.name), "consult comment", {"group": on.name}),
                consultation.opened_at,
                consultation.closes_at,
            )


def _polls(context: Context) -> Iterator[Task]:
    for poll in context.reads.all(Poll, community=context.id, closed=False):
        answered = context.reads.get(Choice, context.id, poll.number, context.person) is not None
        if answered or context.now >= poll.closes_at:
            continue
        if belongs(context, poll.body):
            yield Task(
                T(
                    "Answer poll {number} until {when}: {question}",
                    number=poll.number,
                    when=Moment(poll.closes_at, context.zone),
                    question=UserText(poll.question),
                ),
                Button(T("Poll {number}", number=poll.number), "poll show", {"poll": str(poll.number)}),
                poll.opened_at,
                poll.closes_at,
            )


def _updates(context: Context) -> Iterator[Task]:
    for facilitator in context.reads.all(Facilitator, community=context.id, person=context.person):
        if facilitator.until is not None:
            continue
        group = group_of(context.reads, context.id, facilitator.group)
        update = awaited(context.reads, context.community, group, context.now)
        if update is None or context.now < update.closes_at - SOON:
            continue
        when = Moment(update.closes_at, context.zone)
        over = context.now >= update.closes_at
        yield Task(
            T("Post the update of {group}: it was due {when}.", group=group.short_name, when=when)
            if over
            else T("Post the update of {group} by {when}.", group=group.short_name, when=when),
            Button(
                T("Update of {group}…", group=group.short_name),
                "update post",
                {"group": group.short_name},
                ButtonStyle.PRIMARY,
            ),
            update.opened_at,
            update.closes_at,
            update.closes_at - REMINDED_FIRST,
        )


def _invited(context: Context) -> Iterator[Task]:
    for invitation in context.reads.all(Invitation, community=context.id, person=context.person):
        group = group_of(context.reads, context.id, invitation.group)
        if group.stage in OPEN_STAGES:
            yield Task(
                T(
                    "{person} invites you to {group}.",
                    person=context.name_of(invitation.invited_by),
                    group=group.short_name,
                ),
                Button(T("Join {group}", group=group.short_name), "join", {"group": group.short_name}),
            )


def _reports(context: Context) -> Iterator[Task]:
    if not context.actor.has_role(*READERS):
        return
    for report in reports_for(context.reads, context.community, context.person):
        if report.closed_at is None:
            yield Task(
                T("Look at report {report}, in confidence.", report=report.id),
                Button(T("Read {report}", report=report.id), "conduct reports", {"report": report.id}),
            )


def _meetings(context: Context) -> Iterator[Task]:
    """A meeting of theirs is near, and they have not sent regrets."""
    for meeting in context.reads.all(Meeting, community=context.id, state=MeetingState.SCHEDULED):
        if not meeting.starts_at - NEAR <= context.now < meeting.starts_at or not belongs(context, meeting.body):
            continue
        known = context.reads.get(Attendance, context.id, meeting.number, context.person)
        if known is None or known.state is not Attending.REGRETS:
            yield Task(
                T(
                    "Come to meeting {number} of {body}, or send regrets: {when}.",
                    number=meeting.number,
                    body=body_name(context.reads, context.id, meeting.body, context.community.titles.body),
                    when=Moment(meeting.starts_at, context.zone),
                ),
                Button(T("Meeting {number}", number=meeting.number), "meeting show", {"meeting": str(meeting.number)}),
                meeting.scheduled_at,
                meeting.starts_at,
            )


def _times(context: Context) -> Iterator[Task]:
    """They have not said when they could meet; or everybody has, and they are to choose."""
    for search in context.reads.all(TimeSearch, community=context.id, closed=False):
        said = context.reads.get(Availability, context.id, search.number, context.person) is not None
        if not said and context.now < search.closes_at and belongs(context, search.body):
            yield Task(
                T(
                    "Say until {when} when you could meet: {title}",
                    when=Moment(search.closes_at, context.zone),
                    title=UserText(search.title),
                ),
                Button(T("The slots"), "meeting times", {"search": str(search.number)}),
                search.opened_at,
                search.closes_at,
            )
    for search in context.reads.all(TimeSearch, community=context.id, closed=True):
        if search.opened_by == context.person and not search.meeting and context.now < search.slots[-1]:
            yield Task(
                T("Schedule the meeting that a time was found for: {title}", title=UserText(search.title)),
                Button(T("The best slots"), "meeting times", {"search": str(search.number)}, ButtonStyle.PRIMARY),
            )


def _actions(context: Context) -> Iterator[Task]:
    for action in context.reads.all(Action, community=context.id, owner=context.person):
        if action.closed:
            continue
        when, text = Moment(action.due_at, context.zone), UserText(action.text)
        yield Task(
            T("Do what was due {when}: {text}", when=when, text=text)
            if context.now >= action.due_at
            else T("Do by {when}: {text}", when=when, text=text),
            Button(T("{number} is done", number=action.number), "action done", {"action": str(action.number)}),
            action.added_at,
            action.closes_at,
            action.due_at,
        )


def _summaries(context: Context) -> Iterator[Task]:
    """A meeting they organised has no summary yet."""
    for state in (MeetingState.ENDED, MeetingState.SCHEDULED):
        for meeting in context.reads.all(Meeting, community=context.id, state=state):
            if meeting.summarised_at is not None or not meeting.held(context.now):
                continue
            if concludes(context, meeting.body) or context.person == meeting.scheduled_by:
                yield Task(
                    T(
                        "Approve the summary of meeting {number} of {body} by {when}.",
                        number=meeting.number,
                        body=body_name(context.reads, context.id, meeting.body, context.community.titles.body),
                        when=Moment(meeting.summary_due(), context.zone),
                    ),
                    Button(
                        T("Summary of {number}", number=meeting.number),
                        "summary show" if state is MeetingState.ENDED else "summary edit",
                        {"meeting": str(meeting.number)},
                    ),
                )


def _secretariats_role(context: Context) -> Iterator[Task]:
    """What the other side proposed as the Secretariat's role is theirs to confirm."""
    own = context.actor.has_role(Role.SECRETARIAT)
    groups = (group for stage in STEWARDED for group in context.reads.all(Group, community=context.id, stage=stage))
    for group in sorted(groups, key=lambda group: group.short_name):
        waits = open_role(context.reads, group)
        if waits is not None and waits.by_secretariat is not own and (own or facilitates(context, group.id)):
            yield Task(
                T("Confirm the Secretariat's role in {group}, or propose another.", group=group.short_name),
                Button(
                    T("The role in {group}", group=group.short_name), "secretariat show", {"group": group.short_name}
                ),
            )


def _drafts(context: Context) -> Iterator[Task]:
    space, user = context.request.space, context.request.user
    for draft in context.reads.all(Draft, community=context.id, platform=space.platform, team=space.team, user=user):
        if _moot(context, draft):
            continue
        what = COMMANDS[draft.command].summary
        if (draft.place, draft.window) == (space.place, space.form):
            yield Task(T("Go on with what you began here: {what}", what=what), Button(T("Go on"), "draft preview"))
            continue
        at = {"place": draft.place, "window": draft.window} if draft.window else {"place": draft.place}
        yield Task(
            T("Go on with what you began {where}: {what}", where=_where(context, draft), what=what),
            Button(T("Go on"), "draft resume", at),
        )


def _moot(context: Context, draft: Draft) -> bool:
    """Whether what a draft is about has ended since it was begun: its group's life is over, its check or poll is closed."""
    known = context.reads.get(GroupName, context.id, fold(draft.answers.get("group", "")))
    ending = context.reads.get(Ending, context.id, known.group) if known is not None else None
    if ending is not None:
        return draft.updated_at <= ending.ended_at
    check = context.reads.get(Check, context.id, _number(draft, "check"))
    poll = context.reads.get(Poll, context.id, _number(draft, "poll"))
    closed = [each.closed_at for each in (check, poll) if each is not None and each.closed_at is not None]
    return any(draft.updated_at <= at for at in closed)


def _number(draft: Draft, key: str) -> int:
    typed = draft.answers.get(key, "").strip("# ")
    return int(typed) if typed.isdecimal() and len(typed) < _DIGITS else 0


def _where(context: Context, draft: Draft) -> Text:
    """The room a draft was begun in, as people call it."""
    if draft.place.startswith("@"):
        return T("in our direct messages")
    home = context.reads.get(Home, context.id, draft.platform, draft.team, draft.place)
    return T("in {place}", place=home.name if home is not None else draft.place)
