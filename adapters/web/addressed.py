"""Where the record shows what a card shows: the links that letters have to it."""

from __future__ import annotations

from collections.abc import Callable

from adapters.web.paths import Paths
from adapters.web.serving import UNDER
from bot.domain.community import Community
from bot.domain.groups import Group
from bot.domain.ids import CommunityId, GroupId
from bot.domain.records import Reads


def pages_of(recorded: CommunityId, public_url: str) -> Callable[[Reads, Community, str], str]:
    """Gives the address of a subject's page in the record that is served; of "", the record's own; "" where there is none."""
    base = f"{public_url.rstrip('/')}{UNDER}/"

    def page(reads: Reads, community: Community, about: str) -> str:
        if community.id != recorded:
            return ""
        path = _path(reads, community, about)
        return f"{base}{path}" if path is not None else ""

    return page


def _path(reads: Reads, community: Community, about: str) -> str | None:
    kind, _, key = about.partition(":")
    match kind:
        case "":
            return ""
        case "check":
            return Paths.decision(int(key))
        case "consultation":
            return Paths.consultation(int(key))
        case "meeting" | "summary":
            return Paths.meeting(int(key))
        case "group" | "proposal" | "update":
            group = GroupId(key.partition(":")[0])
            found = reads.get(Group, community.id, group)
            return Paths(reads, community).group(group) if found is not None else None
        case _:
            return None
