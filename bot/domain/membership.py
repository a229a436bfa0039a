"""Who is in a working group: members who joined, participants who were invited, and former members, kept with their dates.

Source: "open to all MAG members", so every seated member joins without approval; working groups "can include non-MAG
members in the work if appropriate", so participants come by a co-facilitator's invitation, where the group is open to
them. The Secretariat is part of every group from its first day, without joining. Participants comment and take part;
positions are for seated members alone, as in the full membership.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.domain.community import Community
from bot.domain.errors import Invalid, NotAllowed, NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.facilitators import Membership, facilitators
from bot.domain.groups import FORMER, PHRASES, Group, Stage, ending_of
from bot.domain.ids import CommunityId, GroupId, PersonId
from bot.domain.people import ASKED, Role, Seat, seat_of, seated
from bot.domain.records import Gone, Reads, record
from bot.domain.ways import ways_of
from bot.text import Say, T

OPEN_STAGES = frozenset({Stage.APPROVED, Stage.ACTIVE})
"""Stages in which a group takes members."""


@record(key="community group person", lists=("community group", "community person"))
class Participant:
    """Somebody without a seat who takes part in a working group."""

    community: CommunityId
    group: GroupId
    person: PersonId
    since: datetime


@record(key="community group person", lists=("community group", "community person"))
class Invitation:
    """Somebody is invited to a working group, until they join. Of those without a seat, only they can join."""

    community: CommunityId
    group: GroupId
    person: PersonId
    invited_by: PersonId
    invited_at: datetime


@record(key="community group person since", lists=("community group",))
class FormerMember:
    """Somebody who was in a working group, from when until when: a member, or a `participant`."""

    community: CommunityId
    group: GroupId
    person: PersonId
    since: datetime
    until: datetime
    participant: bool


@event("member.joined")
class MemberJoined:
    """A seated member joined a working group."""

    group: GroupId
    person: PersonId


@event("member.invited")
class MemberInvited:
    """Somebody was invited to a working group."""

    group: GroupId
    person: PersonId
    invited_by: PersonId


@event("participant.joined")
class ParticipantJoined:
    """Somebody without a seat took up their invitation."""

    group: GroupId
    person: PersonId


@event("member.left")
class MemberLeft:
    """A member or participant left a working group."""

    group: GroupId
    person: PersonId


@applies(MemberJoined)
def _joined(reads: Reads, fact: Fact, event: MemberJoined) -> Iterable[Any]:
    yield Membership(fact.community, event.group, event.person, fact.at)
    seated_since = reads.get(Participant, fact.community, event.group, event.person)
    if seated_since is not None:
        yield Gone(seated_since)
    yield from _taken_up(reads, fact, event.group, event.person)


@applies(ParticipantJoined)
def _participates(reads: Reads, fact: Fact, event: ParticipantJoined) -> Iterable[Any]:
    yield Participant(fact.community, event.group, event.person, fact.at)
    yield from _taken_up(reads, fact, event.group, event.person)


@applies(MemberInvited)
def _invited(reads: Reads, fact: Fact, event: MemberInvited) -> Iterable[Any]:
    yield Invitation(fact.community, event.group, event.person, event.invited_by, fact.at)


@applies(MemberLeft)
def _left(reads: Reads, fact: Fact, event: MemberLeft) -> Iterable[Any]:
    for held in (
        reads.get(Membership, fact.community, event.group, event.person),
        reads.get(Participant, fact.community, event.group, event.person),
    ):
        if held is not None:
            yield Gone(held)
            yield _former(held, fact.at)


def _taken_up(reads: Reads, fact: Fact, group: GroupId, person: PersonId) -> Iterable[Gone]:
    invitation = reads.get(Invitation, fact.community, group, person)
    if invitation is not None:
        yield Gone(invitation)


def _former(held: Membership | Participant, until: datetime) -> FormerMember:
    return FormerMember(held.community, held.group, held.person, held.since, until, isinstance(held, Participant))


def members_in(reads: Reads, group: Group) -> tuple[Membership, ...]:
    """Its members, without the Secretariat, which is in every group; nobody any more once it has ended."""
    return () if group.stage in FORMER else _memberships(reads, group)


def participants_in(reads: Reads, group: Group) -> tuple[Participant, ...]:
    """Its participants: people without a seat; nobody any more once it has ended."""
    return () if group.stage in FORMER else _participations(reads, group)


def _memberships(reads: Reads, group: Group) -> tuple[Membership, ...]:
    return reads.all(Membership, community=group.community, group=group.id)


def _participations(reads: Reads, group: Group) -> tuple[Participant, ...]:
    return reads.all(Participant, community=group.community, group=group.id)


def former_members(reads: Reads, group: Group) -> tuple[FormerMember, ...]:
    """Everybody who was in it and is not any more, once for each time; all of them once it has ended."""
    left = reads.all(FormerMember, community=group.community, group=group.id)
    ending = ending_of(reads, group)
    if group.stage not in FORMER or ending is None:
        return left
    members = (_former(each, ending.ended_at) for each in _memberships(reads, group))
    participants = (_former(each, ending.ended_at) for each in _participations(reads, group))
    return (*left, *members, *participants)


def secretariat_in(reads: Reads, community: Community) -> tuple[Seat, ...]:
    """The Secretariat: "should be a part of these Working Groups"."""
    return seated(reads, community, Role.SECRETARIAT)


def asked_in(reads: Reads, community: Community, group: Group) -> tuple[tuple[PersonId, str], ...]:
    """(person, stakeholder group) of everybody a check of the group asks: its members whose seat takes positions."""
    seats = (seat_of(reads, community, each.person) for each in _memberships(reads, group))
    return tuple((seat.person, seat.stakeholder_group) for seat in seats if seat is not None and seat.role in ASKED)


def takes_part(reads: Reads, group: Group, person: PersonId) -> bool:
    """Whether somebody is a member of the group, or participates in it."""
    key = (group.community, group.id, person)
    return reads.get(Membership, *key) is not None or reads.get(Participant, *key) is not None


def open_to_participants(reads: Reads, group: Group) -> bool:
    """Whether a group takes participants: by the community's setting, unless its own modalities say otherwise."""
    community = reads.get(Community, group.community)
    return community is not None and ways_of(reads, community, group.id).participants


def join(reads: Reads, community: Community, group: Group, person: PersonId) -> MemberJoined | ParticipantJoined:
    """Join a group: any seated member without approval; others upon an invitation, where the group is open to them.

    Whoever is in it already, the Secretariat, and who comes to a group that takes nobody is told so by a refusal.
    """
    takes_members(group)
    seat = seat_of(reads, community, person)
    if seat is not None and seat.role is Role.SECRETARIAT:
        raise NotNow(
            T(
                "The {secretariat} is part of every working group from its first day.",
                secretariat=community.titles.secretariat,
            ),
            T("See who is in it: {command}.", command=Say(f"members {group.short_name}")),
        )
    seated_only = seat is not None and reads.get(Participant, community.id, group.id, person) is not None
    if takes_part(reads, group, person) and not seated_only:
        raise NotNow(
            T("You are in {group} already.", group=group.short_name),
            T("See who else is: {command}.", command=Say(f"members {group.short_name}")),
        )
    if seat is not None:
        return MemberJoined(group.id, person)
    participants_are_welcome(reads, group)
    if reads.get(Invitation, community.id, group.id, person) is None:
        raise NotAllowed(
            T(
                "{group} takes participants without a seat upon an invitation by its co-facilitators.",
                group=group.short_name,
            ),
            T("Ask one of them; {command} names them.", command=Say(f"members {group.short_name}")),
        )
    return ParticipantJoined(group.id, person)


def takes_members(group: Group) -> None:
    """Raise `NotNow` unless the group is approved or at work."""
    if group.stage not in OPEN_STAGES:
        raise NotNow(
            T(
                "{group} is {stage}: it takes members while it is approved or active.",
                group=group.short_name,
                stage=PHRASES[group.stage],
            ),
            T("See where it stands: {command}.", command=Say(f"show {group.short_name}")),
            field="group",
        )


def participants_are_welcome(reads: Reads, group: Group) -> None:
    """Raise `NotAllowed` where the group is for seated members only."""
    if not open_to_participants(reads, group):
        raise NotAllowed(
            T("{group} is not open to participants without a seat.", group=group.short_name),
            T("Its members can change that by consensus, in its modalities."),
        )


def invite(
    reads: Reads, community: Community, group: Group, person: PersonId, by: PersonId, *, facilitates: bool
) -> MemberInvited:
    """Invite somebody: anybody in the group invites a seated member; only a co-facilitator a participant."""
    takes_members(group)
    seat = seat_of(reads, community, person)
    if takes_part(reads, group, person) or (seat is not None and seat.role is Role.SECRETARIAT):
        raise Invalid(
            T("They are in {group} already.", group=group.short_name),
            T("See who is: {command}.", command=Say(f"members {group.short_name}")),
            field="person",
        )
    if seat is None:
        participants_are_welcome(reads, group)
        if not facilitates:
            raise NotAllowed(
                T("Participants without a seat are invited by the co-facilitators of {group}.", group=group.short_name),
                T("Ask one of them; {command} names them.", command=Say(f"members {group.short_name}")),
            )
    return MemberInvited(group.id, person, by)


def leave(reads: Reads, group: Group, person: PersonId) -> MemberLeft:
    """Leave a group. A co-facilitator gives up the appointment first, so that the Chair hears of it."""
    if not takes_part(reads, group, person):
        raise NotNow(
            T("You are not in {group}.", group=group.short_name),
            T("Join it: {command}.", command=Say(f"join {group.short_name}")),
            field="group",
        )
    if person in {each.person for each in facilitators(reads, group)}:
        raise NotNow(
            T("You co-facilitate {group}; give that up before you leave.", group=group.short_name),
            T("Say so: {command}.", command=Say(f"facilitator resign {group.short_name}")),
        )
    return MemberLeft(group.id, person)
