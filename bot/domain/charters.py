"""Charters: the versions of a group's text, what it goes on from, and what changed from one to the next.

A renewal is compared with the charter of the group it goes on from, a later version with the one before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher

from bot.domain.groups import UNDECIDED, Group, GroupName
from bot.domain.ids import GroupId
from bot.domain.names import fold
from bot.domain.proposals import Proposal, Sections, latest
from bot.domain.records import Reads
from bot.domain.template import EXTRA_SECTIONS, SECTIONS
from bot.text import T, Text

ENDS_ON = "Its own last day"
"""The heading under which a change of the last day stands."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was taken out, or put in."""

    added: bool
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in a section: its key and heading, and the lines."""

    key: str
    heading: Text
    lines: tuple[Line, ...]


def changes(before: Sections, after: Sections, body: str) -> tuple[Change, ...]:
    """What changed between two texts, section by section, in the template's order. `body` is the body's short name."""
    old, new = asdict(before), asdict(after)
    headings = (*SECTIONS, *EXTRA_SECTIONS, ("ends_on", ENDS_ON))
    return tuple(
        Change(key, T(heading, body=body) if "{" in heading else T(heading), tuple(_lines(old[key], new[key])))
        for key, heading in headings
        if old[key] != new[key]
    )


def _lines(before: str, after: str) -> Iterator[Line]:
    old, new = before.splitlines(), after.splitlines()
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from (Line(False, line) for line in old[i:j] if line.strip())
            yield from (Line(True, line) for line in new[k:m] if line.strip())


def predecessor_of(reads: Reads, group: Group) -> Group | None:
    """The group this one goes on from, if it does."""
    return reads.get(Group, group.community, group.predecessor) if group.predecessor else None


def lineage(reads: Reads, group: Group) -> tuple[Group, ...]:
    """The groups this one goes on from, the last one first."""
    before = predecessor_of(reads, group)
    return () if before is None else (before, *lineage(reads, before))


def version_of(reads: Reads, group: Group, version: int) -> Proposal | None:
    """A version of a group's text."""
    return reads.get(Proposal, group.community, group.id, version)


def compared(reads: Reads, group: Group, version: int) -> Proposal | None:
    """What a version is compared with (0: the newest): the version before it, else the charter of the group before."""
    before = predecessor_of(reads, group)
    if version == 0 and group.stage in UNDECIDED and before is not None:
        return latest(reads, before)
    at = version or group.version
    if at > 1:
        return version_of(reads, group, at - 1)
    return latest(reads, before) if before is not None else None


def changes_in(reads: Reads, group: Group, version: int, body: str) -> tuple[Change, ...] | None:
    """What a version (0: the newest) changes against what it is compared with; None with nothing to compare."""
    before, after = compared(reads, group, version), version_of(reads, group, version or group.version)
    if before is None or after is None:
        return None
    return changes(before.sections, after.sections, body)


def called(reads: Reads, group: Group) -> str:
    """A name that leads to a group: its short name, or once a successor goes by that, the one with its cycle."""
    known = reads.get(GroupName, group.community, fold(group.short_name))
    if known is None or known.group == group.id:
        return group.short_name
    others = reads.all(GroupName, community=group.community, group=GroupId(group.id))
    return next((each.name for each in others if each.name.startswith(group.short_name)), group.short_name)
