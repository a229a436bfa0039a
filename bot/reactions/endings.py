"""What is said when a working group's life is over."""

from __future__ import annotations

from collections.abc import Iterable

from bot.context import Context
from bot.domain.events import Fact
from bot.domain.groups import FORMER, GroupEnded, group_of
from bot.domain.ids import MAG
from bot.present.names import STAGES, full_name
from bot.reactions import Announce, Effect, Refresh, reacts
from bot.text import T, joined, said
from bot.view import Button, Notice, Tone


@reacts(GroupEnded)
def ended(context: Context, fact: Fact, event: GroupEnded) -> Iterable[Effect]:
    """The full membership hears it, and the group itself in its own rooms; every card of it says so."""
    group = group_of(context.reads, context.id, event.group)
    name = full_name(group.short_name, group.full_name)
    text = T("{name} has ended: {stage}.", name=name, stage=STAGES[event.stage])
    if event.note:
        text = joined([text, said(event.note)])
    notice = Notice(text, Tone.NEUTRAL, buttons=(Button(T("The group"), "show", {"group": group.short_name}),))
    yield Announce(MAG, view=notice)
    if event.stage in FORMER:
        yield Announce(event.group, view=notice)
    yield Refresh(f"group:{event.group}")
    yield Refresh(f"proposal:{event.group}")
    yield Refresh(f"decision:{event.group}")
