"""Updates of working groups: who receives them, and who hears that one is late."""

from __future__ import annotations

from collections.abc import Iterable

from bot.context import Context
from bot.domain.events import Fact
from bot.domain.groups import group_of
from bot.domain.ids import MAG
from bot.domain.people import Role, seated
from bot.domain.updates import UpdateLate, UpdatePosted, awaited
from bot.reactions import Announce, Effect, Refresh, Tell, reacts
from bot.text import Moment, T
from bot.view import Button, Notice, Tone


@reacts(UpdatePosted)
def posted(context: Context, fact: Fact, event: UpdatePosted) -> Iterable[Effect]:
    """Both audiences, and the group's own room."""
    subject = f"update:{event.group}:{event.number}"
    yield Announce(MAG, subject=subject)
    yield Announce(event.group, subject=subject)
    for seat in seated(context.reads, context.community, Role.SECRETARIAT):
        yield Tell(seat.person, subject=subject)
    yield Refresh(f"group:{event.group}")


@reacts(UpdateLate)
def late(context: Context, fact: Fact, event: UpdateLate) -> Iterable[Effect]:
    """The Secretariat is told, once; the MAG sees it on the group's card."""
    group = group_of(context.reads, context.id, event.group)
    waiting = awaited(context.reads, context.community, group, context.now)
    if waiting is None:
        return
    notice = Notice(
        T(
            "The update of {group} is late: it was due {when}. Its card says so.",
            group=group.short_name,
            when=Moment(waiting.closes_at, context.zone),
        ),
        Tone.ATTENTION,
        buttons=(Button(T("The group"), "show", {"group": group.short_name}),),
    )
    for seat in seated(context.reads, context.community, Role.SECRETARIAT):
        yield Tell(seat.person, notice)
    yield Refresh(f"group:{event.group}")
