"""What changed in a charter, as a Markdown file: each section's lines in a block that shows them as taken out and put in."""

from __future__ import annotations

import re

from adapters.shared.words import Words
from bot.domain.charters import Change, changes_in
from bot.domain.community import Community
from bot.domain.groups import group_of
from bot.domain.ids import GroupId
from bot.domain.records import Reads
from bot.domain.template import inert


def changes_file(reads: Reads, community: Community, key: str) -> bytes:
    """The file of `GROUP:VERSION` (0: the newest). Raises `LookupError` where there is nothing to compare."""
    group_id, _, version = key.rpartition(":")
    group = group_of(reads, community.id, GroupId(group_id))
    changed = changes_in(reads, group, int(version), community.titles.body)
    if changed is None:
        raise LookupError(key)
    parts = [f"# What changed: {inert(group.full_name)} ({inert(group.short_name)})", *map(_section, changed)]
    return ("\n\n".join(parts) + "\n").encode()


def _section(change: Change) -> str:
    lines = [("+ " if line.added else "- ") + line.text for line in change.lines]
    longest = max((len(found) for line in lines for found in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"## {Words().say(change.heading)}", "", f"{fence}diff", *lines, fence])
