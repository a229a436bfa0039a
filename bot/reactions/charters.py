"""Changes of charters: what the group, the full membership and the Chair see of them."""

from __future__ import annotations

from collections.abc import Iterable

from bot.context import Context
from bot.domain.charter_changes import ChangeAsked, ChangeProposed, ChangeSettled, ChangeState, change_of
from bot.domain.events import Fact
from bot.domain.facilitators import facilitators
from bot.domain.groups import group_of
from bot.domain.ids import MAG, PersonId
from bot.domain.people import chair_of
from bot.reactions import Announce, Effect, Refresh, concerns, reacts
from bot.text import T, joined, said
from bot.view import Button, Notice


@reacts(ChangeProposed, ChangeAsked)
def before_the_members(context: Context, fact: Fact, event: ChangeProposed | ChangeAsked) -> Iterable[Effect]:
    """The group sees it in its own rooms; the consultation and the check are announced as all are."""
    subject = f"charter-change:{event.group}:{event.number}"
    if isinstance(event, ChangeProposed):
        yield Announce(event.group, subject=subject)
    yield Refresh(subject)
    yield Refresh(f"group:{event.group}")


@reacts(ChangeSettled)
def settled(context: Context, fact: Fact, event: ChangeSettled) -> Iterable[Effect]:
    """What is adopted is told with the new version; what is not, with why."""
    yield Refresh(f"charter-change:{event.group}:{event.number}")
    yield Refresh(f"consultation:{change_of(context.reads, context.id, event.group, event.number).consultation}")
    yield Refresh(f"group:{event.group}")
    if event.state is ChangeState.ADOPTED:
        return
    group = group_of(context.reads, context.id, event.group)
    text = (
        T("The change of the charter of {group} is withdrawn.", group=group.short_name)
        if event.state is ChangeState.WITHDRAWN
        else T("The change of the charter of {group} is not adopted.", group=group.short_name)
    )
    if event.note:
        text = joined([text, T("Reason: {reason}", reason=said(event.note))])
    button = Button(T("The charter"), "charter show", {"group": group.short_name})
    yield Announce(MAG, view=Notice(text, buttons=(button,)))
    yield Announce(event.group, view=Notice(text, buttons=(button,)))


@concerns(ChangeProposed, ChangeAsked, ChangeSettled)
def decided(context: Context, fact: Fact, event: ChangeProposed | ChangeAsked | ChangeSettled) -> Iterable[PersonId]:
    """The Chair has something to decide, the co-facilitators something to answer, or no more."""
    chair = chair_of(context.reads, context.community)
    if chair is not None:
        yield chair.person
    group = group_of(context.reads, context.id, event.group)
    yield from (each.person for each in facilitators(context.reads, group))
