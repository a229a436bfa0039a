"""Events whose key is late: asked for, tried again when it comes, and reported when it does not come for long.

What waits is kept by `waiting`; when this is done is for `syncing` to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from adapters.matrix import reading
from adapters.matrix.arriving import Arrived, Undecryptable
from adapters.matrix.machine import Json, Machine, Received
from adapters.matrix.roomkeys import Undecipherable
from adapters.matrix.waiting import Waiting, WaitingRoom

REPORTED_SECONDS: Final = 60.0
"""How long an event waits for its key before that is reported."""

WITHHELD_KNOWN: Final = 1_000
"""Keys remembered of which somebody said that they are not given."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What can be handed over of what waits: events, and reports; with the ids of those decrypted, and reported."""

    arrived: tuple[Arrived, ...]
    decrypted: tuple[str, ...]
    reported: tuple[str, ...]


class Late:
    """Those of one account."""

    def __init__(self, machine: Machine, waiting: WaitingRoom) -> None:
        self._machine = machine
        self._waiting = waiting
        self._fresh: set[str] = set()
        self._withheld: dict[str, str] = {}

    def received(self, received: Received) -> None:
        """Keys came, or it was said why they do not."""
        self._fresh |= received.sessions
        self._withheld = dict([*self._withheld.items(), *received.withheld.items()][-WITHHELD_KNOWN:])

    def wait(self, room: str, events: Sequence[tuple[Json, bool]], now: float) -> None:
        """Have a room's events wait, each with whether it is early; their keys are asked for."""
        self._waiting.keep(room, events, now)
        for event, _ in events:
            self._machine.request(room, event)

    def look(self, now: float, *, everything: bool) -> Looked:
        """Try those that wait, but of those reported only the ones whose key came; `everything`: all of them."""
        self._waiting.forget(now)
        arrived: list[Arrived] = []
        decrypted: list[str] = []
        reported: list[str] = []
        for each in self._waiting:
            if each.reported and each.session not in self._fresh and not everything:
                continue
            try:
                clear = self._machine.room_keys.decrypt(each.room, each.event)
            except Undecipherable as error:
                if not each.reported and now - each.since >= REPORTED_SECONDS:
                    arrived.append(self._report(each, error.reason))
                    reported.append(each.id)
            else:
                decrypted.append(each.id)
                found = reading.read(each.room, clear, encrypted=True, early=each.early)
                if found is not None:
                    arrived.append(found)
        return Looked(tuple(arrived), tuple(decrypted), tuple(reported))

    def kept(self, looked: Looked) -> None:
        """What was found was handed over, and is kept."""
        self._waiting.done(looked.decrypted)
        self._waiting.reported(looked.reported)
        self._fresh.clear()

    def _report(self, each: Waiting, reason: str) -> Undecryptable:
        code = self._withheld.get(each.session, "")
        return Undecryptable(
            room=each.room,
            event=each.id,
            sender=each.event["sender"],
            at=reading.moment(each.event.get("origin_server_ts")),
            encrypted=True,
            early=each.early,
            reason="withheld" if code and reason == "no-key" else reason,
            code=code,
        )
