"""How what a transaction sent gets into the outbox: in order, and merged where nobody has attempted it yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from bot.domain.ids import CommunityId
from bot.outgoing import Outgoing, SendState
from storage.databases.sql import Row, Session, Sql
from storage.instants import EPOCH

_json = msgspec.json.Encoder().encode


def queue(session: Session, sql: Sql, rows: Sequence[Outgoing]) -> None:
    """Put rows in the outbox. Waiting rows of one coalescing key become one, which keeps its place and id.

    A tag that comes later takes the place of an earlier one; no tag leaves it.
    """
    merged: dict[tuple[CommunityId, str | int], Outgoing] = {}
    for number, row in enumerate(rows):
        key = (row.community, row.coalesce or number)
        first = merged.setdefault(key, row)
        if first is not row and row.tag:
            merged[key] = msgspec.structs.replace(first, tag=row.tag)
    communities = [(community,) for community in {row.community for row in merged.values()}]
    last: dict[CommunityId, int | None] = dict(session.matching(sql.text("outbox.last"), communities))
    made: list[Row] = []
    for row in merged.values():
        last[row.community] = number = (last[row.community] or 0) + 1
        made.append(row_of(row, number, sql.to_instant))
    # lanes before their rows, as the relays of other replicas lock them: the other way round the two wait for each other
    lanes = {(row.community, row.lane.platform, row.lane.team, row.lane.place) for row in merged.values()}
    always = sql.to_instant(EPOCH)
    wake = sql.text("outbox.wake")
    session.write(wake, [(*lane, 1, always, None) for lane in sorted(lanes)])
    session.write(sql.text("outbox.queue"), made)


def row_of(row: Outgoing, sequence: int, to_instant: Callable[[datetime], Any]) -> Row:
    """A message as a row that waits to be sent."""
    return (
        row.community,
        sequence,
        row.id,
        row.lane.platform,
        row.lane.team,
        row.lane.place,
        row.kind.value,
        row.subject,
        None if row.view is None else _json(row.view).decode(),
        row.tag,
        row.coalesce or None,
        int(SendState.WAITING),
        0,
        None,
        "",
        None,
        None if row.at is None else to_instant(row.at),
        row.under or None,
    )
