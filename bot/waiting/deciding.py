"""What waits for those who decide or confirm: the Chair, the Secretariat, co-facilitators, and whoever is reviewed."""

from __future__ import annotations

from collections.abc import Iterator

from bot.bouncing import all_failing, person_at, what_fails
from bot.chairing import conclusion, waiting_for_chair, why_waiting
from bot.context import Context
from bot.domain.conduct_reports import READERS, reports_for
from bot.domain.consensus.checks import Check
from bot.domain.facilitators import Facilitator
from bot.domain.groups import ENDED, Group, Stage, group_of
from bot.domain.ids import MAG, GroupId
from bot.domain.people import Role, chair_of
from bot.domain.recommendations import Recommendation, Step, step_of
from bot.domain.reviews import RIGHT_OF_REPLY, Review, ReviewReply, ReviewState
from bot.domain.secretariat import open_role
from bot.domain.vacancies import STEWARDED
from bot.standing import concludes, facilitates
from bot.text import Moment, T, said
from bot.view import Button, ButtonStyle
from bot.waiting.task import Task


def decisions(context: Context) -> Iterator[Task]:
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


def _recommendations(context: Context) -> Iterator[Task]:
    """Co-facilitators hand over what their group agreed."""
    for each in context.reads.all(Recommendation, community=context.id, settled=False):
        if step_of(context.reads, each) is Step.CONCLUDED and concludes(context, each.group):
            given = {"recommendation": each.label}
            yield Task(
                T("Hand {label} to the members: {title}", label=each.label, title=said(each.title)),
                Button(T("Hand {label} over", label=each.label), "recommendation hand", given, ButtonStyle.PRIMARY),
            )


def replies(context: Context) -> Iterator[Task]:
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


def reports(context: Context) -> Iterator[Task]:
    if not context.actor.has_role(*READERS):
        return
    for report in reports_for(context.reads, context.community, context.person):
        if report.closed_at is None:
            yield Task(
                T("Look at report {report}, in confidence.", report=report.id),
                Button(T("Read {report}", report=report.id), "conduct reports", {"report": report.id}),
            )


def secretariats_role(context: Context) -> Iterator[Task]:
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


def addresses(context: Context) -> Iterator[Task]:
    """The Secretariat keeps the roster: an address at which nothing arrives is for them to correct."""
    if not context.actor.has_role(Role.SECRETARIAT):
        return
    for each in all_failing(context.reads, context.id):
        person = person_at(each.place)
        name = context.name_of(person).name if person is not None else each.place
        button = (
            Button(T("Correct the address of {name}…", name=name), "roster email", {"name": name})
            if person is not None
            else Button(T("The mailing lists"), "mailing")
        )
        yield Task(what_fails(context.reads, each), button)
