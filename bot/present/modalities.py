"""Cards of a working group's modalities: one version, and the history of them."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from bot.domain.community import Community
from bot.domain.consensus.rules import Rule, describe
from bot.domain.groups import Group
from bot.domain.ids import GroupId
from bot.domain.modalities import DEFAULT_VERSION, State, state_of
from bot.domain.records import Reads
from bot.domain.ways import Modalities, Ways, default_ways, in_force, versions, ways_of
from bot.present import presents
from bot.present.names import full_name
from bot.present.people import person_name
from bot.text import Moment, Say, Span, T, Text, Tn
from bot.view import Block, Bullets, Button, Card, Fact, Facts, Section, Tone

LABELS: dict[str, Text] = {
    "rule": T("Decides by"),
    "check_hours": T("A formal check is open"),
    "quick_check_hours": T("A quick check is open"),
    "participation_floor": T("Participation is low below"),
    "update_weeks": T("Reports"),
    "participants": T("People without a seat"),
    "world_readable": T("Its room"),
}
"""What a group may choose, in words."""

STATES: dict[State, Text] = {
    State.ASKED: T("asked of the group"),
    State.ADOPTED: T("adopted"),
    State.NOT_ADOPTED: T("not adopted"),
}


@presents("modalities")
def modalities_card(reads: Reads, community: Community, key: str, now: datetime) -> Card | None:
    """One version: what it says of each thing that can be chosen, the group's own words, and where it stands."""
    group_id, _, number = key.rpartition(":")
    group = reads.get(Group, community.id, GroupId(group_id))
    found = reads.get(Modalities, community.id, GroupId(group_id), int(number))
    if group is None or (found is None and int(number) != DEFAULT_VERSION):
        return None
    ways = found.ways if found is not None else default_ways(community)
    before = _before(reads, community, group, found)
    rows = tuple(Fact(LABELS[each.name], _with_before(each.name, ways, before)) for each in fields(Ways))
    blocks: list[Block] = [Facts(rows)]
    if found is not None and found.text:
        blocks.append(Section(T("In the group's own words"), found.text))
    own = in_force(reads, community.id, group.id)
    holds = (own.version if own is not None else DEFAULT_VERSION) == int(number)
    buttons = [Button(T("Every version"), "modalities history", {"group": group.short_name})]
    if found is not None:
        buttons.insert(
            0, Button(T("Check {number}", number=found.check), "consensus show", {"check": str(found.check)})
        )
    return Card(
        T(
            "Modalities of {name}, version {version}",
            name=full_name(group.short_name, group.full_name),
            version=int(number),
        ),
        tuple(blocks),
        tuple(buttons),
        Tone.DONE if holds else Tone.NEUTRAL,
        f"modalities:{key}",
        _footer(reads, community, found, holds=holds),
    )


def _before(reads: Reads, community: Community, group: Group, found: Modalities | None) -> Ways | None:
    """What a version that is asked about would change."""
    if found is None or state_of(reads, found) is not State.ASKED:
        return None
    return ways_of(reads, community, group.id)


def _with_before(name: str, ways: Ways, before: Ways | None) -> Text:
    value = way_text(name, getattr(ways, name))
    if before is None or getattr(before, name) == getattr(ways, name):
        return value
    return T("{value} — now: {before}", value=value, before=way_text(name, getattr(before, name)))


def way_text(name: str, value: Any) -> Text:
    """One thing that was chosen, in words."""
    match name:
        case "rule":
            return describe(Rule.parse(value))
        case "check_hours" | "quick_check_hours":
            return T("{span}", span=Span(value * 3600))
        case "update_weeks":
            usual = T("before each meeting of the full membership, else monthly")
            return Tn("every {count} week", "every {count} weeks", value) if value else usual
        case "participants":
            return T("may be invited by the co-facilitators") if value else T("do not take part")
        case "world_readable":
            return T("may be read by anybody") if value else T("is open to every member")
        case _:
            return T("{share} of the members asked", share=value)


def changes_text(before: Ways, ways: Ways) -> list[str]:
    """What a version changes, in the stored words of a question."""
    return [
        f"{name.replace('_', ' ')}: {getattr(before, name)} → {getattr(ways, name)}." for name in ways.changes(before)
    ]


def _footer(reads: Reads, community: Community, found: Modalities | None, *, holds: bool) -> Text:
    if found is None:
        return T("The default ones: they hold from a group's first day until its consensus adopts others.")
    who, zone = person_name(reads, community, found.proposed_by), community.zone
    match state_of(reads, found):
        case State.ASKED:
            return T(
                "Proposed by {person}, {when}. Nothing changes before consensus.",
                person=who,
                when=Moment(found.proposed_at, zone),
            )
        case State.NOT_ADOPTED:
            return T("Proposed by {person}, {when}; not adopted.", person=who, when=Moment(found.proposed_at, zone))
        case State.ADOPTED:
            when = Moment(found.adopted_at or found.proposed_at, zone)
            if holds:
                return T("Adopted by consensus on {when}.", when=when)
            return T("Adopted by consensus on {when}; others hold by now.", when=when)


def history_card(reads: Reads, community: Community, group: Group) -> Card:
    """Every version, the newest first."""
    rows = [
        T(
            "Version {version}, proposed by {person} {when}: {state} (check {number})",
            version=each.version,
            person=person_name(reads, community, each.proposed_by),
            when=Moment(each.proposed_at, community.zone),
            state=STATES[state_of(reads, each)],
            number=each.check,
        )
        for each in reversed(versions(reads, community.id, group.id))
    ]
    rows.append(T("Version {version}: the default ones, from the first day", version=DEFAULT_VERSION))
    own = in_force(reads, community.id, group.id)
    return Card(
        T("Modalities of {name}: every version", name=full_name(group.short_name, group.full_name)),
        (Bullets(tuple(rows)),),
        (Button(T("Those that hold"), "modalities show", {"group": group.short_name}),),
        footer=T(
            "Version {version} holds. See one: {command}.",
            version=own.version if own is not None else DEFAULT_VERSION,
            command=Say(f"modalities show {group.short_name} {DEFAULT_VERSION}"),
        ),
    )
