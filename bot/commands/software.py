"""What the software asks of itself: deadlines met, messages delivered, rooms made. No person can give these."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, assert_never

from bot.command import Arguments, Need, ask, command
from bot.context import Context
from bot.domain.consensus.acts import close_check
from bot.domain.consensus.checks import Check, NoticeDelivered
from bot.domain.consultations import Consultation
from bot.domain.cycles import current_cycle, in_interregnum
from bot.domain.dues import Due as Deadline
from bot.domain.dues import DueKind
from bot.domain.finding import TimesClosed, TimeSearch
from bot.domain.groups import FORMER, Group, Home, HomeLinked, HomeUnlinked, Stage
from bot.domain.ids import GroupId, PersonId
from bot.domain.meetings import Meeting, MeetingState
from bot.domain.polls import Poll, close_poll
from bot.domain.proposals import ProposalPosted
from bot.domain.sitting import MeetingSoon
from bot.domain.summaries import SummaryLate
from bot.domain.updates import UpdateLate
from bot.domain.vacancies import VacancyNoticed
from bot.ending import announce_end, close_homes, expire
from bot.outgoing import Lane, SendKind
from bot.policy import SYSTEM
from bot.preferring import release
from bot.reminding import plan_reminders, planning_needs, remind, reminder_needs
from bot.reviewing import hint, replies_over
from bot.stages import activate_if_ready, default_close, end_consultation, start_consultation
from bot.text import T
from bot.troubles import TELLING, WHOLE_WORKSPACE, Undelivered, met, place_of, to_be_told
from bot.view import Notice, View


class Due(Arguments):
    """Which deadline."""

    kind: Annotated[DueKind, ask("Which kind?")]
    subject: Annotated[str, ask("Of what?")]


def _needs(context: Context, arguments: Due) -> Iterable[Need]:
    if arguments.kind is DueKind.REMINDER:
        yield from reminder_needs(context, PersonId(arguments.subject))
    elif arguments.kind is DueKind.REMINDING:
        yield from planning_needs(context, arguments.subject)


@command("due", "Meet a deadline", who=SYSTEM, arguments=Due, examples=(), hidden=True, needs=_needs)
def due(context: Context, arguments: Due) -> View:
    """Looks at what is now: does nothing where it was done, or was moved later."""
    match arguments.kind:
        case DueKind.CONSULTATION_CLOSES:
            consultation = context.reads.get(Consultation, context.id, int(arguments.subject))
            if consultation and consultation.closed_at is None and context.now >= consultation.closes_at:
                end_consultation(context, consultation)
        case DueKind.CHECK_CLOSES:
            check = context.reads.get(Check, context.id, int(arguments.subject))
            if check and check.closed_at is None and context.now >= check.closes_at:
                context.happen(close_check(context.reads, check, context.now, "", ""))
        case DueKind.POLL_CLOSES:
            poll = context.reads.get(Poll, context.id, int(arguments.subject))
            if poll and poll.closed_at is None and context.now >= poll.closes_at:
                context.happen(close_poll(context.reads, poll))
        case DueKind.UPDATE_LATE:
            _not_reported(context, GroupId(arguments.subject))
        case DueKind.GROUP_ENDS:
            expire(context, GroupId(arguments.subject))
        case DueKind.GROUP_ENDING:
            announce_end(context, arguments.subject)
        case DueKind.VACANCY_NOTICED:
            _vacant(context, GroupId(arguments.subject))
        case DueKind.HOMES_CLOSE:
            close_homes(context, GroupId(arguments.subject))
        case DueKind.UPDATES_MISSED:
            hint(context, GroupId(arguments.subject))
        case DueKind.REVIEW_REPLIES:
            replies_over(context, int(arguments.subject))
        case DueKind.MEETING_SOON | DueKind.SUMMARY_LATE | DueKind.TIMES_CLOSE:
            _of_meetings(context, arguments.kind, int(arguments.subject))
        case DueKind.REMINDING:
            plan_reminders(context, arguments.subject)
        case DueKind.REMINDER:
            remind(context, PersonId(arguments.subject))
        case DueKind.HELD:
            release(context, PersonId(arguments.subject))
        case _:
            assert_never(arguments.kind)
    return Notice(T("Done."))


def _of_meetings(context: Context, kind: DueKind, number: int) -> None:
    """A meeting is near, its summary late, or the search for its time over; nothing where that is no longer waited for."""
    due = context.reads.get(Deadline, context.id, kind, str(number))
    if due is None or context.now < due.due_at:
        return
    match kind:
        case DueKind.TIMES_CLOSE:
            search = context.reads.get(TimeSearch, context.id, number)
            if search is not None and not search.closed:
                context.happen(TimesClosed(search.number, 0))
        case DueKind.SUMMARY_LATE:
            context.happen(SummaryLate(number))
        case DueKind.MEETING_SOON:
            meeting = context.reads.get(Meeting, context.id, number)
            if meeting is not None and meeting.state is MeetingState.SCHEDULED:
                context.happen(MeetingSoon(number))


def _not_reported(context: Context, group_id: GroupId) -> None:
    """The deadline is met even where none is waited for any more: a group whose cycle is over is not chased."""
    due = context.reads.get(Deadline, context.id, DueKind.UPDATE_LATE, group_id)
    if due is not None and context.now >= due.due_at:
        context.happen(UpdateLate(group_id))


def _vacant(context: Context, group_id: GroupId) -> None:
    """Four weeks are over: as with updates, the deadline is met also where nobody waits any more."""
    due = context.reads.get(Deadline, context.id, DueKind.VACANCY_NOTICED, group_id)
    if due is not None and context.now >= due.due_at:
        context.happen(VacancyNoticed(group_id))


class Delivered(Arguments):
    """What was delivered."""

    tag: Annotated[str, ask("Which tag?")]


@command("delivered", "Note that a message arrived", who=SYSTEM, arguments=Delivered, examples=(), hidden=True)
def delivered(context: Context, arguments: Delivered) -> View:
    """The first arrival in a home of the body counts: a proposal is presented, a check has its notice."""
    kind, _, key = arguments.tag.partition(":")
    if kind == "proposal":
        _presented(context, GroupId(key))
    elif kind == "check":
        check = context.reads.get(Check, context.id, int(key))
        if check is not None and check.notice_at is None:
            context.happen(NoticeDelivered(check.number))
    return Notice(T("Done."))


def _presented(context: Context, group_id: GroupId) -> None:
    group = context.reads.get(Group, context.id, group_id)
    if group is None:
        return
    if group.posted_at is None:
        context.happen(ProposalPosted(group.id))
        group = context.reads.get(Group, context.id, group_id)
    under_way = not in_interregnum(current_cycle(context.reads, context.community), context.community, context.now)
    if group is not None and group.stage is Stage.PROPOSED and context.community.settings.stages_by_clock and under_way:
        start_consultation(context, group, default_close(context, context.community.settings.consultation_hours))


class Parked(Arguments):
    """What did not arrive. The request's own place is where; `whole`: nothing arrives in that workspace at all."""

    reason: Annotated[str, ask("Why?")]
    kind: Annotated[SendKind, ask("What kind of message?")]
    subject: Annotated[str, ask("Of what?")] = ""
    tag: Annotated[str, ask("Which tag?")] = ""
    whole: Annotated[bool, ask("Is it the whole workspace?")] = False


@command("parked", "Note that messages do not arrive", who=SYSTEM, arguments=Parked, examples=(), hidden=True)
def parked(context: Context, arguments: Parked) -> View:
    """The trouble is kept, and the Secretariat told of it once a day; not of the messages that tell of troubles."""
    request = context.request
    lane = Lane(request.space.platform, request.space.team, request.space.place)
    place = WHOLE_WORKSPACE if arguments.whole else place_of(lane, arguments.kind, arguments.subject)
    trouble = met(context.reads, context.id, lane, place, arguments.reason, request.at)
    if (arguments.whole or arguments.tag != TELLING) and to_be_told(trouble, request.at):
        trouble = replace(trouble, told_at=request.at)
        context.note(Undelivered(trouble, arguments.kind, arguments.subject))
    context.keep(trouble)
    return Notice(T("Done."))


class RoomOpened(Arguments):
    """Which room, for which group."""

    group: Annotated[str, ask("Which group?")]
    platform: Annotated[str, ask("On which platform?")]
    team: Annotated[str, ask("In which workspace or server?")] = ""
    place: Annotated[str, ask("Which room?")]
    name: Annotated[str, ask("Called what?")]


@command(
    "room opened",
    "Note that a platform made a group's room",
    who=SYSTEM,
    arguments=RoomOpened,
    examples=(),
    hidden=True,
)
def room_opened(context: Context, arguments: RoomOpened) -> View:
    """The room becomes a home of the group, which may make the group active; closed after the group's end, it is none."""
    group = context.reads.get(Group, context.id, GroupId(arguments.group))
    home = context.reads.get(Home, context.id, arguments.platform, arguments.team, arguments.place)
    if group is not None and home is None:
        context.happen(HomeLinked(arguments.platform, arguments.team, arguments.place, group.id, arguments.name))
        activate_if_ready(context, group.id)
    elif group is not None and home is not None and home.body == group.id and group.stage in FORMER:
        context.happen(HomeUnlinked(home.platform, home.team, home.place))
    return Notice(T("Done."))
