"""What one is asked as a member: positions, comments and responses to them, polls, invitations."""

from __future__ import annotations

from collections.abc import Iterator

from bot.bodies import belongs
from bot.context import Context
from bot.domain.charter_changes import ChangeState, CharterChange
from bot.domain.consensus.checks import Asked, Held
from bot.domain.consensus.questions import asked
from bot.domain.consultations import Consultation, comments_on, consultation_of, unanswered
from bot.domain.consulted import consulted_in, within
from bot.domain.groups import ENDED, Group, Stage, group_of
from bot.domain.membership import OPEN_STAGES, Invitation
from bot.domain.people import Role
from bot.domain.polls import Choice, Poll
from bot.domain.proposals import CoProposer, CoProposing, proposers
from bot.domain.recommendations import Recommendation
from bot.open_checks import open_checks
from bot.standing import concludes
from bot.text import Moment, T, UserText
from bot.view import Button, ButtonStyle
from bot.waiting.task import Task


def positions(context: Context) -> Iterator[Task]:
    for check in open_checks(context):
        if context.reads.get(Asked, context.id, check.number, context.person) is None:
            continue
        if context.reads.get(Held, context.id, check.number, context.person) is None:
            yield Task(
                T(
                    "Take a position in check {number} until {when}: {question}",
                    number=check.number,
                    when=Moment(check.closes_at, context.zone),
                    question=asked(check.question),
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


def answers(context: Context) -> Iterator[Task]:
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


def invitations(context: Context) -> Iterator[Task]:
    for invitation in context.reads.all(CoProposer, community=context.id, person=context.person):
        group = group_of(context.reads, context.id, invitation.group)
        if invitation.state is CoProposing.INVITED and group.stage not in (*ENDED, Stage.ACTIVE):
            yield Task(
                T("Say whether you co-propose {group}.", group=group.short_name),
                Button(T("Co-propose {group}", group=group.short_name), "propose confirm", {"group": group.short_name}),
            )


def comments(context: Context) -> Iterator[Task]:
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


def polls(context: Context) -> Iterator[Task]:
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


def invited(context: Context) -> Iterator[Task]:
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
