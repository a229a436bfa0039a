"""A room's events since the last sync, whole: what a limited timeline leaves out is fetched from the room's history.

Nothing older than the bot's own invitation or entry is handed on, however far the history goes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from adapters.matrix import reading
from adapters.matrix.arriving import Member
from adapters.matrix.joined import member
from adapters.matrix.wire import Json, Wire

PAGE: Final = 100
MOST_PAGES: Final = 500
"""Pages fetched at most: fifty thousand events of one room between two syncs."""


@dataclass(frozen=True, slots=True)
class Filled:
    """Events, oldest first, each with whether it is early (`arriving.Happened`). `torn`: there are more, out of reach."""

    events: tuple[tuple[Json, bool], ...]
    torn: bool


async def filled(wire: Wire, room: str, user: str, timeline: list[Any], start: object, since: str) -> Filled:
    """The events of a timeline that `user` is to see, and those between the sync token `since` and its beginning.

    `start`: where the history before the timeline begins; None when nothing is left out. Raises as `Wire.call`.
    """
    events = [each for each in timeline if isinstance(each, dict) and reading.is_event(each)]
    cut = _entry(events, user)
    pages, torn = 0, False
    while cut.more and isinstance(start, str) and start != since:
        if pages == MOST_PAGES:
            torn = True
            break
        pages += 1
        query = {"dir": "b", "from": start, "to": since, "limit": str(PAGE)}
        answer = await wire.call("GET", "rooms", room, "messages", query=query)
        chunk = answer.get("chunk")
        older = (
            [each for each in chunk if isinstance(each, dict) and reading.is_event(each)]
            if isinstance(chunk, list)
            else []
        )
        events = [*reversed(older), *events]
        cut = _entry(events, user)
        start = answer.get("end") if chunk else None
    known: dict[str, tuple[Json, bool]] = {}
    for number, event in enumerate(events):
        if number >= cut.first:
            known.setdefault(event["event_id"], (event, number < cut.joined))
    return Filled(tuple(known.values()), torn)


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where what `user` may see begins, where it joined, and whether its entry may lie further back."""

    first: int
    joined: int
    more: bool


def _entry(events: list[Json], user: str) -> _Entry:
    joined = 0
    for number in range(len(events) - 1, -1, -1):
        event = events[number]
        if event.get("type") != "m.room.member" or event.get("state_key") != user:
            continue
        content = event.get("content")
        now, then = member(content if isinstance(content, dict) else None), reading.before(event)
        if now is Member.INVITE:
            return _Entry(number, joined or number, more=False)
        if now is Member.JOIN and then is not Member.JOIN:
            joined = number
            if then is not Member.INVITE:
                return _Entry(number, number, more=False)
        elif now is not Member.JOIN and joined:
            return _Entry(joined, joined, more=False)
    return _Entry(0, joined, more=True)
