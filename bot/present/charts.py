"""The charts there are: what each says, from state, and the same in sentences for whoever cannot see it.

A chart is declared with `charts(document)`, under the name by which a `bot.view.File` asks for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from bot.chart import Bar, Chart, Ink, Panel, Series
from bot.domain.balance import balance_of
from bot.domain.community import Community
from bot.domain.consensus.checks import Check, Form, check_of, tally_of
from bot.domain.consensus.positions import Position, Tally
from bot.domain.consensus.questions import asked
from bot.domain.cycles import Cycle
from bot.domain.groups import body_name, group_of
from bot.domain.ids import GroupId
from bot.domain.people import ASKED, Role, Seat
from bot.domain.poll_results import PollKind, Result
from bot.domain.polls import Poll, poll_of, result_now
from bot.domain.records import Reads
from bot.present.balance import groups_shown, lacking, regions_shown
from bot.present.checks import check_title, closed_text
from bot.present.names import OUTCOMES, POSITIONS, QUICK_POSITIONS, ROLES, group_label
from bot.present.polls import ahead
from bot.present.roster import in_order, region_label
from bot.text import Day, Moment, T, Text, Tn, joined, said, term

Charting = Callable[[Reads, Community, str, datetime], Chart]
C = TypeVar("C", bound=Charting)

CHARTS: dict[str, Charting] = {}

_GROUPS_SAID = 12
"""Groups named one by one in the sentences about a chart; a longer list helps nobody who listens."""


def charts(document: str) -> Callable[[C], C]:
    """Declare what makes a chart. It is given state, the community, the subject's key and the community's time."""

    def declare(function: C) -> C:
        CHARTS[document] = function
        return function

    return declare


@charts("tally")
def tally_chart(reads: Reads, community: Community, key: str, now: datetime) -> Chart:
    """Positions of a consensus check by stakeholder group: counts only, never names. `key` is its number.

    Raises `LookupError` when there is no such check.
    """
    check = check_of(reads, community.id, int(key))
    tally = tally_of(reads, check)
    names = QUICK_POSITIONS if check.form is Form.QUICK else POSITIONS
    bars = tuple(_positions(tally, names, group_label(group), group) for group in tally.groups())
    title = check_title(reads, community, check)
    state = _state(reads, community, check, now)
    panel = Panel(
        T("By stakeholder group"),
        T("Positions taken"),
        tuple(Series(Ink(position), label) for position, label in names.items()),
        bars,
        total=_positions(tally, names, T("All"), None),
        rest=T("Not yet"),
    )
    note = T(
        "Each bar is everybody asked in the group. Counts alone never decide; whoever concludes weighs the reasons."
    )
    return Chart(
        f"check-{check.number}",
        title,
        asked(check.question),
        joined([T("{what}: {question}", what=title, question=asked(check.question)), state, _said(tally, names)]),
        (panel,),
        (state,),
        (note,),
        term(community.name),
    )


def _positions(tally: Tally, names: dict[Position, Text], label: Text, group: str | None) -> Bar:
    asked = tally.asked_in_all() if group is None else tally.asked[group]
    spoken = T("{taken} of {asked}", taken=tally.taken(group), asked=asked)
    return Bar(label, tuple(tally.of(each, group) for each in names), asked, spoken)


def _state(reads: Reads, community: Community, check: Check, now: datetime) -> Text:
    """Where the check stands, in a sentence or two."""
    if check.called_off:
        return T("Called off: what it asked about was withdrawn or decided.")
    if check.form is Form.RECORDED and check.met_on is not None:
        return T("Reached in a meeting on {day}.", day=Day(check.met_on))
    if check.closed_at is None and now < check.closes_at:
        return T(
            "Open until {until}. Positions as of {now}.",
            until=Moment(check.closes_at, check.zone),
            now=Moment(now, check.zone),
        )
    closed = T("Closed {when}.", when=closed_text(reads, community, check))
    if check.outcome is None:
        return joined([closed, T("Not concluded upon yet.")])
    return joined([closed, T("Concluded: {outcome}.", outcome=OUTCOMES[check.outcome])])


def _said(tally: Tally, names: dict[Position, Text]) -> Text:
    """The tally in sentences: all, then group by group."""

    def counts(group: str | None) -> Text:
        held = [(label, tally.of(position, group)) for position, label in names.items()]
        spoken = [T("{position} {count}", position=label, count=count) for label, count in held if count]
        return joined(spoken, ", ") if spoken else T("no position yet")

    asked = tally.asked_in_all()
    sentences = [
        Tn(
            "{taken} of {count} member asked has spoken: {counts}.",
            "{taken} of {count} members asked have spoken: {counts}.",
            asked,
            taken=tally.taken(),
            counts=counts(None),
        )
    ]
    groups = tally.groups()
    if len(groups) > _GROUPS_SAID:
        return joined([*sentences, T("The picture shows them in {count} stakeholder groups.", count=len(groups))])
    each = [
        T(
            "{group}, {taken} of {asked}: {counts}",
            group=group_label(group),
            taken=tally.taken(group),
            asked=tally.asked[group],
            counts=counts(group),
        )
        for group in groups
    ]
    return joined([*sentences, T("By stakeholder group: {groups}.", groups=joined(each, "; "))])


@charts("poll")
def poll_chart(reads: Reads, community: Community, key: str, now: datetime) -> Chart:
    """Answers to a poll, all of them and by stakeholder group: counts only, never names. `key` is its number.

    What the poll hides is not drawn. Raises `LookupError` when there is no such poll.
    """
    poll = poll_of(reads, community.id, int(key))
    shown = not poll.hidden or poll.closed_at is not None
    result = result_now(reads, poll) if shown else Result()
    counts = poll.counts if shown else (0,) * len(poll.options)
    body = body_name(reads, community.id, poll.body, community.titles.body)
    title = T("Poll {number} of {body}", number=poll.number, body=body)
    answered = Tn("One person answered.", "{count} people answered.", poll.answers)
    panels = (
        _options(T("All"), poll, counts),
        *(_options(group_label(each.group), poll, each.counts) for each in result.groups),
    )
    return Chart(
        f"poll-{poll.number}",
        title,
        said(poll.question),
        joined(
            [
                T("{what}: {question}", what=title, question=said(poll.question)),
                answered,
                *([ahead(poll, result)] if shown else []),
                *(_counted(panel) for panel in panels),
            ]
        ),
        panels,
        (answered,),
        (T("A poll decides nothing; a consensus check is for that."),),
        term(community.name),
    )


def _options(heading: Text, poll: Poll, counts: tuple[int, ...]) -> Panel:
    largest = max(1, *counts)
    named = zip(poll.options, counts, strict=True)
    bars = tuple(Bar(said(option), (count,), largest, term(str(count))) for option, count in named)
    points = poll.kind is PollKind.SCORE
    value = T("Points") if points else T("Answers")
    return Panel(heading, value, (Series(Ink.PEOPLE, value),), bars)


def _counted(panel: Panel) -> Text:
    each = [T("{option} {count}", option=bar.label, count=bar.counts[0]) for bar in panel.bars]
    return T("{heading}: {groups}.", heading=panel.heading, groups=joined(each, ", "))


@charts("balance")
def balance_chart(reads: Reads, community: Community, key: str, now: datetime) -> Chart:
    """Seats that take positions in a cycle, by stakeholder and by regional group. `key` is the cycle's number.

    Raises `LookupError` when there is no such cycle.
    """
    cycle = reads.get(Cycle, community.id, int(key))
    if cycle is None:
        raise LookupError(key)
    seats = reads.all(Seat, community=community.id, cycle=cycle.number)
    asked = [seat for seat in seats if seat.role in ASKED]
    groups = Counter(seat.stakeholder_group for seat in asked)
    regions = Counter(seat.regional_group for seat in asked)
    largest = max([1, *groups.values(), *regions.values()])
    by_group = in_order(community.stakeholder_groups, groups)
    share = T("Share of seats")
    panels = [_shares(T("By stakeholder group"), by_group, groups, largest, group_label, share)]
    notes = []
    if set(regions) - {""}:
        by_region = in_order(community.regional_groups, regions)
        panels.append(_shares(T("By regional group"), by_region, regions, largest, region_label, share))
        notes.append(T("Regional groups are our addition; the document speaks of stakeholder groups."))
    count = Tn("One seat takes positions.", "{count} seats take positions.", len(asked))
    others = Counter(seat.role for seat in seats if seat.role not in ASKED)
    if others:
        listed = [T("{role} {count}", role=ROLES[role], count=others[role]) for role in Role if others[role]]
        notes.insert(0, T("Others, who comment only: {roles}.", roles=joined(listed, ", ")))
    kind = T("Balance of the {body}", body=community.titles.body)
    title = T("Who is seated in {cycle}", cycle=cycle.name)
    return Chart(
        f"roster-{cycle.number}",
        kind,
        title,
        joined([T("{what}: {title}.", what=kind, title=title), count, *(_listed(panel) for panel in panels)]),
        tuple(panels),
        (count,),
        tuple(notes),
        term(community.name),
    )


@charts("group-balance")
def group_balance_chart(reads: Reads, community: Community, key: str, now: datetime) -> Chart:
    """A working group's members, and what they do in it, by stakeholder group; members by regional group too.

    `key` is the group's id. Raises `LookupError` when there is no such group.
    """
    group = group_of(reads, community.id, GroupId(key))
    balance = balance_of(reads, community, group)
    by_group = groups_shown(community, balance)
    panels = []
    for share in balance.shares:
        if share.total or share is balance.members:
            counts = Counter(dict(share.by_group))
            largest = max([1, *counts.values()])
            panels.append(_shares(share.measure.label, by_group, counts, largest, group_label, T("Share")))
    notes = []
    regions = Counter(dict(balance.members.by_region))
    if set(regions) - {""}:
        heading = T("Members by regional group")
        by_region = regions_shown(community, balance)
        panels.append(_shares(heading, by_region, regions, max(1, *regions.values()), region_label, T("Share")))
        notes.append(T("Regional groups are our addition; the document speaks of stakeholder groups."))
    kind = T("Balance of {group}", group=group.short_name)
    title = term(group.full_name)
    return Chart(
        f"balance-{group.id}",
        kind,
        title,
        joined([T("{what}: {title}.", what=kind, title=title), lacking(balance), *(_listed(each) for each in panels)]),
        tuple(panels),
        (lacking(balance),),
        tuple(notes),
        term(community.name),
    )


def _shares(
    heading: Text,
    names: list[str],
    counts: Counter[str],
    largest: int,
    label: Callable[[str], Text],
    value_heading: Text,
) -> Panel:
    total = max(1, sum(counts.values()))
    bars = tuple(
        Bar(label(name), (counts[name],), largest, term(f"{round(100 * counts[name] / total)} %")) for name in names
    )
    return Panel(heading, value_heading, (Series(Ink.PEOPLE, heading),), bars)


def _listed(panel: Panel) -> Text:
    bars = panel.bars[:_GROUPS_SAID]
    each = [T("{group} {count} ({share})", group=bar.label, count=bar.counts[0], share=bar.value) for bar in bars]
    left = len(panel.bars) - len(bars)
    if left:
        each.append(Tn("and one more", "and {count} more", left))
    return T("{heading}: {groups}.", heading=panel.heading, groups=joined(each, ", "))
