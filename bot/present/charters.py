"""Cards of charters: a version whole, what it changed, and all there were."""

from __future__ import annotations

from datetime import date, datetime

from bot.domain.charter_changes import ChangeState, CharterChange
from bot.domain.charters import Change, called, changes, changes_in, compared, lineage, version_of
from bot.domain.community import Community
from bot.domain.consensus.checks import Check
from bot.domain.cycles import Cycle
from bot.domain.groups import UNDECIDED, Group, Stage, group_of
from bot.domain.ids import GroupId
from bot.domain.proposals import Proposal, Sections
from bot.domain.records import Reads
from bot.present import presents
from bot.present.groups import sections_of
from bot.present.names import STAGES, full_name
from bot.present.people import person_name
from bot.text import Moment, T, Text, day, joined, said, term
from bot.view import Block, Button, ButtonStyle, Card, Fact, Facts, Item, Items, Paragraph, Quote, Table, Tone


def charter_card(reads: Reads, community: Community, group: Group, version: int) -> Card:
    """One version of a charter, or of a proposal that is none yet."""
    proposal = version_of(reads, group, version)
    if proposal is None:
        raise LookupError(version)
    name = full_name(group.short_name, group.full_name)
    blocks: list[Block] = list(sections_of(proposal.sections, community.titles.body))
    if proposal.sections.ends_on:
        blocks.insert(0, Facts((Fact(T("Ends on"), day(date.fromisoformat(proposal.sections.ends_on))),)))
    buttons = [Button(T("Its history"), "charter history", {"group": called(reads, group)})]
    if compared(reads, group, version) is not None:
        arguments = {"group": called(reads, group), "version": str(version)}
        buttons.append(Button(T("What changed"), "charter diff", arguments))
    return Card(
        T("Proposal: {name}", name=name) if group.stage in UNDECIDED else T("Charter of {name}", name=name),
        tuple(blocks),
        tuple(buttons),
        footer=T(
            "Version {version}, {when}, by {person}.",
            version=version,
            when=Moment(proposal.written_at, community.zone),
            person=person_name(reads, community, proposal.author),
        ),
    )


def change_blocks(changed: tuple[Change, ...]) -> tuple[Block, ...]:
    """Changes section by section: which lines were taken out, and which put in."""
    return tuple(
        Table(
            (T("Change"), T("Text")),
            tuple((T("added") if line.added else T("removed"), said(line.text)) for line in change.lines),
            change.heading,
        )
        for change in changed
    )


def changes_card(reads: Reads, community: Community, group: Group, version: int) -> Card:
    """What a version changed (0: the newest)."""
    changed = changes_in(reads, group, version, community.titles.body) or ()
    against = compared(reads, group, version)
    before = reads.get(Group, community.id, against.group) if against is not None else None
    base = T("version {version}", version=against.version) if against is not None else term("—")
    if before is not None and before.id != group.id and against is not None:
        base = T(
            "{group} of {cycle}, version {version}",
            group=before.short_name,
            cycle=_cycle(reads, community, before),
            version=against.version,
        )
    blocks = change_blocks(changed) or (Paragraph(T("Nothing changed in the text.")),)
    name = full_name(group.short_name, group.full_name)
    return Card(
        T("What changed: {name}", name=name),
        (Facts((Fact(T("Compared with"), base),)), *blocks),
        (Button(T("The whole text"), "charter show", {"group": called(reads, group)}),),
    )


def history_card(reads: Reads, community: Community, group: Group) -> Card:
    """Every version, the newest first, and the groups it goes on from."""
    name = called(reads, group)
    items = []
    for version in range(group.version, 0, -1):
        proposal = version_of(reads, group, version)
        if proposal is None:
            continue
        items.append(
            Item(
                T(
                    "Version {version}, {when}, by {person}",
                    version=version,
                    when=Moment(proposal.written_at, community.zone),
                    person=person_name(reads, community, proposal.author),
                ),
                Button(
                    T("Version {version}", version=version), "charter show", {"group": name, "version": str(version)}
                ),
                _changed(reads, community, group, version),
            )
        )
    before = tuple(
        Item(
            T(
                "{group} of {cycle}: {stage}",
                group=each.short_name,
                cycle=_cycle(reads, community, each),
                stage=STAGES[each.stage],
            ),
            Button(T("{group}", group=called(reads, each)), "show", {"group": called(reads, each)}),
        )
        for each in lineage(reads, group)
    )
    blocks: list[Block] = [Items(tuple(items), T("Versions"))]
    if before:
        blocks.append(Items(before, T("Goes on from")))
    return Card(T("Charter of {name}: its history", name=full_name(group.short_name, group.full_name)), tuple(blocks))


def _changed(reads: Reads, community: Community, group: Group, version: int) -> Text | None:
    changed = changes_in(reads, group, version, community.titles.body)
    if not changed:
        return None
    return T("Changed: {sections}", sections=joined([each.heading for each in changed], ", "))


def _cycle(reads: Reads, community: Community, group: Group) -> str:
    cycle = reads.get(Cycle, community.id, group.cycle)
    return cycle.name if cycle is not None else "—"


@presents("charter-change")
def change_card(reads: Reads, community: Community, key: str, now: datetime) -> Card | None:
    """A change of a charter that is put to the members: what would change, why, and where it stands."""
    group_id, _, number = key.rpartition(":")
    change = reads.get(CharterChange, community.id, GroupId(group_id), int(number))
    if change is None:
        return None
    group = group_of(reads, community.id, change.group)
    check = reads.get(Check, community.id, change.check)
    name = {"group": group.short_name}
    pending = change.state is ChangeState.PROPOSED and group.stage is Stage.ACTIVE
    buttons: list[Button] = []
    if pending and check is None:
        buttons.append(Button(T("Comments so far"), "consult show", name))
    if check is not None:
        buttons.append(Button(T("Check {number}", number=check.number), "consensus show", {"check": str(check.number)}))
    if pending and check is not None and check.outcome is not None:
        buttons.append(Button(T("Adopt it"), "charter approve", name, ButtonStyle.PRIMARY))
        buttons.append(Button(T("Decline…"), "charter decline", name))
    stands = {
        ChangeState.PROPOSED: T(
            "Before the members: feedback, a consensus check, then the {chair}.", chair=community.titles.chair
        ),
        ChangeState.ADOPTED: T("Adopted."),
        ChangeState.DECLINED: T("Not adopted."),
        ChangeState.WITHDRAWN: T("Withdrawn."),
    }[change.state]
    blocks: list[Block] = [Paragraph(stands)]
    if change.why:
        blocks.append(Quote(change.why, T("Why the change")))
    blocks += change_blocks(changes(before_change(reads, group, change), change.sections, community.titles.body))
    if change.note:
        blocks.append(Quote(change.note, T("The {chair}", chair=community.titles.chair)))
    return Card(
        T("Change of the charter of {name}", name=full_name(group.short_name, group.full_name)),
        tuple(blocks),
        tuple(buttons),
        Tone.ATTENTION if pending else Tone.NEUTRAL,
        f"charter-change:{key}",
        T(
            "Proposed by {person}, {when}.",
            person=person_name(reads, community, change.proposed_by),
            when=Moment(change.proposed_at, community.zone),
        ),
    )


def before_change(reads: Reads, group: Group, change: CharterChange) -> Sections:
    """The text as it stood when the change was proposed: nothing else changes it while one is pending."""
    versions = reads.all(Proposal, community=group.community, group=group.id)
    return max(
        (each for each in versions if each.written_at <= change.proposed_at), key=lambda each: each.version
    ).sections
