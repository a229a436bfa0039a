"""What both outboxes do with placements: where a live card hangs, and the platform's id of its message."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from bot.outgoing import Outgoing, Placement, SendKind, SendState

UNSETTLED = frozenset({SendState.WAITING, SendState.SENDING})
"""A row in one of these states is still to be delivered."""


class Records(Protocol):
    """What is needed of a unit of work."""

    def get(self, kind: type[Placement], *key: Any) -> Placement | None: ...

    def put(self, record: Any) -> None: ...


def placement_of(work: Records, row: Outgoing) -> Placement | None:
    """Where the subject of a row hangs in the row's lane."""
    lane = row.lane
    return work.get(Placement, row.community, row.subject, lane.platform, lane.team, lane.place)


def remote_of(work: Records, row: Outgoing) -> str:
    """The platform's id of the message that shows the row's subject; "" when it was never posted."""
    placement = placement_of(work, row)
    return placement.remote if placement else ""


def placed(work: Records, row: Outgoing, remote: str, now: datetime) -> None:
    """Keep the platform's id of a live card that was posted, or has another since it was brought up to date."""
    if row.kind is SendKind.PROVISION or not row.subject:
        return
    lane = row.lane
    known = placement_of(work, row)
    if known is not None and known.remote == remote:
        return
    if known is None:
        if row.kind is SendKind.REFRESH:
            return
        known = Placement(row.community, row.subject, lane.platform, lane.team, lane.place, "", now)
    work.put(replace(known, remote=remote))
