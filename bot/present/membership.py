"""Who is in a working group: members, participants, the Secretariat; and who was."""

from __future__ import annotations

from bot.domain.community import Community
from bot.domain.facilitators import facilitators
from bot.domain.groups import FORMER, Group
from bot.domain.ids import PersonId
from bot.domain.membership import OPEN_STAGES, former_members, members_in, participants_in, secretariat_in
from bot.domain.people import ASKED, Seat
from bot.domain.records import Reads
from bot.domain.volunteers import volunteers
from bot.present.names import ROLES, full_name, group_label
from bot.present.people import person_name
from bot.text import Moment, Say, T, Text, Tn, said, term
from bot.view import Block, Bullets, Button, ButtonStyle, Card, Paragraph, Table


def members_card(reads: Reads, community: Community, group: Group) -> Card:
    """Everybody in a group, by name."""
    members = _named(reads, community, [each.person for each in members_in(reads, group)])
    stewards = {each.person for each in facilitators(reads, group)}
    since = {each.person: each.since for each in members_in(reads, group)}
    blocks: list[Block] = []
    if members:
        rows = tuple(
            (
                T("{person}", person=person_name(reads, community, person)),
                _seat_text(reads, community, group, person),
                T("Co-facilitator") if person in stewards else term(""),
                T("{when}", when=Moment(since[person], community.zone)),
            )
            for person in members
        )
        blocks.append(Table((T("Member"), T("Stakeholder group"), T("Task"), T("Since")), rows))
    elif group.stage not in FORMER:
        blocks.append(Paragraph(T("Nobody has joined yet.")))
    participants = _named(reads, community, [each.person for each in participants_in(reads, group)])
    if participants:
        blocks.append(Bullets(_names(reads, community, participants), T("Participants, without a seat")))
    desk = _named(reads, community, [each.person for each in secretariat_in(reads, community)])
    if desk:
        title = T("{secretariat}, in every working group", secretariat=community.titles.secretariat)
        blocks.append(Bullets(_names(reads, community, desk), title))
    blocks += _volunteers(reads, community, group)
    blocks += _former(reads, community, group)
    join = Button(T("Join"), "join", {"group": group.short_name}, ButtonStyle.PRIMARY)
    joining = (join,) if group.stage in OPEN_STAGES else ()
    return Card(
        T("Members of {name}", name=full_name(group.short_name, group.full_name)),
        tuple(blocks),
        (*joining, Button(T("The group"), "show", {"group": group.short_name})),
        footer=T("Every member may join without approval: {command}.", command=Say(f"join {group.short_name}"))
        if joining
        else None,
    )


def _named(reads: Reads, community: Community, people: list[PersonId]) -> list[PersonId]:
    return sorted(people, key=lambda person: person_name(reads, community, person).name)


def _names(reads: Reads, community: Community, people: list[PersonId]) -> tuple[Text, ...]:
    return tuple(T("{person}", person=person_name(reads, community, person)) for person in people)


def _seat_text(reads: Reads, community: Community, group: Group, person: PersonId) -> Text:
    seat = reads.get(Seat, community.id, group.cycle, person)
    if seat is None:
        return T("no longer seated")
    if seat.role not in ASKED:
        return T("{role}, comments only", role=ROLES[seat.role])
    return group_label(seat.stakeholder_group)


def volunteers_block(reads: Reads, community: Community, group: Group) -> Bullets | None:
    """Who would co-facilitate, with their stakeholder groups; None where nobody has said so."""
    offered = volunteers(reads, group)
    if not offered:
        return None
    lines = []
    for each in sorted(offered, key=lambda each: person_name(reads, community, each.person).name):
        name = person_name(reads, community, each.person)
        seat_text = _seat_text(reads, community, group, each.person)
        line = (
            T("{person} ({group}): {note}", person=name, group=seat_text, note=said(each.note))
            if each.note
            else T("{person} ({group})", person=name, group=seat_text)
        )
        lines.append(line)
    return Bullets(tuple(lines), T("Volunteers to co-facilitate"))


def _volunteers(reads: Reads, community: Community, group: Group) -> list[Block]:
    found = volunteers_block(reads, community, group)
    return [found] if found is not None else []


def _former(reads: Reads, community: Community, group: Group) -> list[Block]:
    former = sorted(former_members(reads, group), key=lambda each: (each.until, each.person))
    if not former:
        return []
    lines = tuple(
        T(
            "{person}, {since} to {until}",
            person=person_name(reads, community, each.person),
            since=str(each.since.date()),
            until=str(each.until.date()),
        )
        for each in former
    )
    return [Bullets(lines, Tn("{count} former member", "{count} former members", len(former)))]
