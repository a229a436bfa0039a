"""Modalities and the Secretariat's role in a working group: who hears what of them."""

from __future__ import annotations

from collections.abc import Iterable

from bot.context import Context
from bot.domain.events import Fact
from bot.domain.facilitators import facilitators
from bot.domain.groups import group_of
from bot.domain.people import Role, seated
from bot.domain.secretariat import RoleConfirmed, RoleProposed
from bot.domain.ways import ModalitiesAdopted, ModalitiesProposed
from bot.reactions import Announce, Effect, OpenRoom, Refresh, Tell, reacts
from bot.text import T
from bot.view import Button, Notice, Tone


@reacts(ModalitiesProposed)
def proposed(context: Context, fact: Fact, event: ModalitiesProposed) -> Iterable[Effect]:
    """The group sees all of it, before the check that asks."""
    yield Announce(event.group, subject=f"modalities:{event.group}:{event.version}")


@reacts(ModalitiesAdopted)
def adopted(context: Context, fact: Fact, event: ModalitiesAdopted) -> Iterable[Effect]:
    """The group hears that they hold; its room is made as they say."""
    name = group_of(context.reads, context.id, event.group).short_name
    yield Announce(
        event.group,
        view=Notice(
            T("Version {version} of the modalities of {group} holds from now on.", version=event.version, group=name),
            Tone.DONE,
            T("Checks under way keep the rule and the times they began with."),
            (Button(T("The modalities"), "modalities show", {"group": name}),),
        ),
    )
    yield Refresh(f"modalities:{event.group}:{event.version}")
    yield Refresh(f"group:{event.group}")
    yield OpenRoom(event.group)


@reacts(RoleProposed)
def role_proposed(context: Context, fact: Fact, event: RoleProposed) -> Iterable[Effect]:
    """The other side is asked to confirm it."""
    group = group_of(context.reads, context.id, event.group)
    subject = f"secretariat-role:{event.group}"
    if event.by_secretariat:
        other = [each.person for each in facilitators(context.reads, group)]
    else:
        other = [seat.person for seat in seated(context.reads, context.community, Role.SECRETARIAT)]
    yield Refresh(subject)
    for person in other:
        yield Tell(person, subject=subject)
    yield Refresh(f"group:{event.group}")


@reacts(RoleConfirmed)
def role_confirmed(context: Context, fact: Fact, event: RoleConfirmed) -> Iterable[Effect]:
    """The group hears what was agreed."""
    yield Refresh(f"secretariat-role:{event.group}")
    yield Announce(event.group, subject=f"secretariat-role:{event.group}")
    yield Refresh(f"group:{event.group}")
