"""The Secretariat's role in a working group: a text that either side proposes and the other confirms.

Source: "The IGF Secretariat should be a part of these Working Groups, with their role defined by each Working Group and the
IGF Secretariat". Open until both confirmed it, which the group's card says; a change begins anew, while what was agreed
before still holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.errors import Invalid, NotAllowed, NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.groups import PHRASES, Group
from bot.domain.ids import CommunityId, GroupId, PersonId
from bot.domain.records import Reads, record
from bot.domain.vacancies import STEWARDED
from bot.text import Say, T


@record(key="community group version", lists=("community group",))
class SecretariatRole:
    """One version: proposed by one side (`by_secretariat`: which), confirmed by the other or not yet."""

    community: CommunityId
    group: GroupId
    version: int
    text: str
    proposed_by: PersonId
    by_secretariat: bool
    proposed_at: datetime
    confirmed_by: PersonId | None = None
    confirmed_at: datetime | None = None


@event("secretariat.role-proposed", private="text")
class RoleProposed:
    """A co-facilitator, or somebody of the Secretariat, proposed what the Secretariat does in a group."""

    group: GroupId
    version: int
    text: str
    proposed_by: PersonId
    by_secretariat: bool


@event("secretariat.role-confirmed")
class RoleConfirmed:
    """The other side confirmed it: it is agreed."""

    group: GroupId
    version: int


@applies(RoleProposed)
def _proposed(reads: Reads, fact: Fact, event: RoleProposed) -> Iterable[Any]:
    what = (event.text, event.proposed_by, event.by_secretariat, fact.at)
    yield SecretariatRole(fact.community, event.group, event.version, *what)


@applies(RoleConfirmed)
def _confirmed(reads: Reads, fact: Fact, event: RoleConfirmed) -> Iterable[Any]:
    found = reads.get(SecretariatRole, fact.community, event.group, event.version)
    if found is not None:
        yield replace(found, confirmed_by=fact.by, confirmed_at=fact.at)


def roles_of(reads: Reads, group: Group) -> tuple[SecretariatRole, ...]:
    """Every version there was, in order."""
    return reads.all(SecretariatRole, community=group.community, group=group.id)


def agreed(reads: Reads, group: Group) -> SecretariatRole | None:
    """The version that holds: the newest that both sides confirmed."""
    both = [each for each in roles_of(reads, group) if each.confirmed_at is not None]
    return both[-1] if both else None


def open_role(reads: Reads, group: Group) -> SecretariatRole | None:
    """The version that waits for the other side: the newest, where that is not agreed."""
    everything = roles_of(reads, group)
    return everything[-1] if everything and everything[-1].confirmed_at is None else None


def propose(reads: Reads, group: Group, person: PersonId, text: str, *, by_secretariat: bool) -> RoleProposed:
    """Propose what the Secretariat does in a group. A proposal that waits is superseded by it."""
    if group.stage not in STEWARDED:
        raise NotNow(
            T(
                "{group} is {stage}: the Secretariat's role is defined once it is approved.",
                group=group.short_name,
                stage=PHRASES[group.stage],
            ),
            T("See it: {command}.", command=Say(f"show {group.short_name}")),
        )
    everything = roles_of(reads, group)
    if everything and everything[-1].text == text:
        raise Invalid(
            T("This is what version {version} says already.", version=everything[-1].version),
            T("See it: {command}.", command=Say(f"secretariat show {group.short_name}")),
            field="text",
        )
    return RoleProposed(group.id, len(everything) + 1, text, person, by_secretariat)


def confirm(reads: Reads, group: Group, version: int, *, by_secretariat: bool) -> RoleConfirmed:
    """Confirm what the other side proposed. `version` is the one that was read (0: whichever waits)."""
    waiting = open_role(reads, group)
    if waiting is None:
        raise NotNow(
            T("No text on the Secretariat's role in {group} waits to be confirmed.", group=group.short_name),
            T("Propose one: {command}.", command=Say(f'secretariat propose {group.short_name} "…"')),
        )
    if version not in (0, waiting.version):
        raise NotNow(
            T("Version {version} was superseded; {newest} is the newest.", version=version, newest=waiting.version),
            T("Read that first: {command}.", command=Say(f"secretariat show {group.short_name}")),
        )
    if waiting.by_secretariat is by_secretariat:
        raise NotAllowed(
            T("Version {version} was proposed by your own side; the other confirms it.", version=waiting.version),
            T("They are told. See it: {command}.", command=Say(f"secretariat show {group.short_name}")),
        )
    return RoleConfirmed(group.id, waiting.version)
