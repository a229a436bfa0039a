"""What is said when a working group's life is over."""

from __future__ import annotations

from collections.abc import Iterable

from bot.context import Context
from bot.domain.completions import CompletionAsked, CompletionReturned
from bot.domain.dues import Due, DueKind
from bot.domain.events import Fact
from bot.domain.facilitators import facilitators
from bot.domain.groups import FORMER, GroupEnded, GroupEndNear, GroupHomesClosed, Stage, group_of, homes_of
from bot.domain.ids import MAG
from bot.domain.people import chair_of
from bot.present.names import STAGES, full_name
from bot.present.next_steps import next_step
from bot.reactions import Announce, Effect, OpenRoom, Refresh, Tell, reacts
from bot.text import Moment, Say, T, joined, said
from bot.view import Button, Notice, Tone


@reacts(GroupEnded)
def ended(context: Context, fact: Fact, event: GroupEnded) -> Iterable[Effect]:
    """The full membership hears it, and the group itself in its own rooms; every card of it says so."""
    group = group_of(context.reads, context.id, event.group)
    name = full_name(group.short_name, group.full_name)
    text = T("{name} has ended: {stage}.", name=name, stage=STAGES[event.stage])
    if event.note:
        text = joined([text, said(event.note)])
    following = next_step(context.reads, context.community, group, context.now)
    button = Button(T("The group"), "show", {"group": group.short_name})
    notice = Notice(text, Tone.NEUTRAL, following, (button,))
    yield Announce(MAG, view=notice)
    if event.stage in FORMER:
        yield Announce(event.group, view=notice)
    yield Refresh(f"group:{event.group}")
    yield Refresh(f"proposal:{event.group}")
    yield Refresh(f"decision:{event.group}")
    yield Refresh(f"completion:{event.group}")


@reacts(GroupEndNear)
def end_near(context: Context, fact: Fact, event: GroupEndNear) -> Iterable[Effect]:
    """Its co-facilitators hear when it ends, and what may be done before: complete it, or prepare its renewal."""
    group = group_of(context.reads, context.id, event.group)
    due = context.reads.get(Due, context.id, DueKind.GROUP_ENDS, event.group)
    if due is None:
        return
    name = {"group": group.short_name}
    notice = Notice(
        T("{group} ends {when}.", group=group.short_name, when=Moment(due.due_at, context.community.zone)),
        Tone.ATTENTION,
        T("Is its work done by then? Otherwise any seated member may propose its renewal for the next cycle."),
        (
            Button(T("Complete it…"), "complete ask", name),
            Button(T("Prepare its renewal…"), "renew", name),
            Button(T("The group"), "show", name),
        ),
    )
    for each in facilitators(context.reads, group):
        yield Tell(each.person, notice)


@reacts(CompletionAsked)
def completion_asked(context: Context, fact: Fact, event: CompletionAsked) -> Iterable[Effect]:
    """The full membership and the group see what is handed in; of a group at work, the Chair is asked to confirm it."""
    subject = f"completion:{event.group}"
    yield Announce(MAG, subject=subject)
    yield Announce(event.group, subject=subject)
    chair = chair_of(context.reads, context.community)
    if chair is not None and group_of(context.reads, context.id, event.group).stage is Stage.ACTIVE:
        yield Tell(chair.person, subject=subject)
    yield Refresh(subject)
    yield Refresh(f"group:{event.group}")


@reacts(CompletionReturned)
def completion_returned(context: Context, fact: Fact, event: CompletionReturned) -> Iterable[Effect]:
    """Its co-facilitators hear what is missing; the card says so."""
    group = group_of(context.reads, context.id, event.group)
    notice = Notice(
        T(
            "The {chair} did not confirm the completion of {group}: {why}",
            chair=context.community.titles.chair,
            group=group.short_name,
            why=said(event.why),
        ),
        Tone.ATTENTION,
        T("Ask again when that is there: {command}.", command=Say(f"complete {group.short_name}")),
    )
    for each in facilitators(context.reads, group):
        yield Tell(each.person, notice)
    yield Refresh(f"completion:{event.group}")
    yield Refresh(f"group:{event.group}")


@reacts(GroupHomesClosed)
def homes_closed(context: Context, fact: Fact, event: GroupHomesClosed) -> Iterable[Effect]:
    """Every platform closes the room that is still the group's: readable, and silent."""
    if homes_of(context.reads, context.id, event.group):
        yield OpenRoom(event.group)
