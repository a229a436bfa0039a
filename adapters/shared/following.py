"""What follows from a delivery, as the engine is asked to decide it: a message arrived, a room was made, one was parked."""

from __future__ import annotations

from datetime import datetime

from adapters.shared.sending import Room
from bot.context import Request, Space
from bot.outgoing import Outgoing


def delivered(row: Outgoing, at: datetime) -> Request:
    """A message with a tag arrived."""
    return _request("delivered", f"delivered:{row.id}", row, at, {"tag": row.tag})


def room_opened(row: Outgoing, room: Room, at: datetime) -> Request:
    """A group has a room."""
    where = {"platform": row.lane.platform, "team": row.lane.team, "place": room.place, "name": room.name}
    return _request("room opened", f"room:{row.id}", row, at, {"group": row.subject, **where})


def parked(row: Outgoing, reason: str, at: datetime) -> Request:
    """A row was parked. It may be again, once it was sent anew: so the time is part of what identifies this."""
    return _met(row, reason, at, f"parked:{row.id}:{at.isoformat()}")


def shut(row: Outgoing, reason: str, at: datetime) -> Request:
    """The row's workspace takes nothing at all."""
    return _met(row, reason, at, f"shut:{row.id}:{at.isoformat()}", {"whole": "yes"})


def _met(row: Outgoing, reason: str, at: datetime, origin: str, more: dict[str, str] | None = None) -> Request:
    arguments = {"reason": reason, "kind": row.kind.value, "subject": row.subject, "tag": row.tag}
    given = {name: value for name, value in arguments.items() if value}
    return _request("parked", origin, row, at, {**given, **(more or {})})


def _request(command: str, origin: str, row: Outgoing, at: datetime, arguments: dict[str, str]) -> Request:
    lane = row.lane
    space = Space(lane.platform, lane.team, lane.place)
    return Request(row.community, space, command, origin, at, arguments=arguments, system=True)
