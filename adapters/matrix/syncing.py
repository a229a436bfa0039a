"""The sync loop: asks the homeserver what happened, and hands it over in order until it is told that it is kept.

The token is the consumer's to keep, with the effects of what it was handed: after a kill everything since the token kept
comes again, and nothing is missed. Limited timelines are filled from the room's history, events that cannot be decrypted
wait for their key. A homeserver that is down, slow or limiting is asked again, ever more seldom.

It decides nothing: invitations, removals and commands are for whoever takes the batches.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import aiohttp

from adapters.matrix import reading
from adapters.matrix.arriving import Arrived, Batch, Gap, Happened, Member, Membership, Removed
from adapters.matrix.errors import SERVER_ERROR, MatrixError
from adapters.matrix.filling import Filled, filled
from adapters.matrix.joined import JoinedRooms
from adapters.matrix.keys import ForeignKeys, Keys
from adapters.matrix.late import Late
from adapters.matrix.machine import Machine
from adapters.matrix.roomkeys import Undecipherable
from adapters.matrix.verifying import Verifying
from adapters.matrix.waiting import WaitingRoom
from adapters.matrix.wire import Json, Wire

log = logging.getLogger(__name__)

POLL_SECONDS: Final = 30.0
"""How long the homeserver holds its answer when nothing happens."""

SLACK_SECONDS: Final = 20.0
"""How much longer than that an answer may take."""

FIRST_SECONDS: Final = 300.0
"""How long the first answer may take, which holds the whole state of every room."""

LOOKED_SECONDS: Final = 600.0
"""How often to look whether rooms were deleted."""

BATCH: Final = 500
"""Events handed over at once."""

REFUSALS_BORNE: Final = 5
"""How often a homeserver may fail to give a room's history before everything else goes on without."""

BACK_OFF: Final = (1.0, 60.0)
"""Seconds to wait after a failure, and at most, doubling."""

FILTER: Final = json.dumps(
    {
        "room": {
            "timeline": {"limit": 100},
            "ephemeral": {"not_types": ["*"]},
            "account_data": {"not_types": ["*"]},
        },
        "presence": {"not_types": ["*"]},
        "account_data": {"not_types": ["*"]},
    }
)


class LoggedOut(Exception):
    """The homeserver knows the access token no more: somebody has to log the bot in anew."""


class Syncing:
    """Syncs one account. Make it and `run` it on one event loop.

    `handle` is given batches, one at a time, and returns once their effects and their token are kept; it raises what
    kept it from that, and the same comes again. `since`: the token kept last; None the first time ever, when what
    happened before is not handed over. `verifying` is given what belongs to verifications. `prepare` is done
    before the first question, and tried again as that is. `wall` (Unix time), `sleep` and `chance` (in [0, 1)) can be
    set to simulate time.
    """

    def __init__(
        self,
        wire: Wire,
        machine: Machine,
        keys: Keys,
        rooms: JoinedRooms,
        waiting: WaitingRoom,
        handle: Callable[[Batch], Awaitable[None]],
        since: str | None,
        *,
        verifying: Verifying | None = None,
        prepare: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        self._wire = wire
        self._machine = machine
        self._keys = keys
        self._rooms = rooms
        self._late = Late(machine, waiting)
        self._handle = handle
        self._since = since
        self._verifying = verifying
        self._prepare = prepare
        self.wall: Callable[[], float] = time.time
        self.sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
        self.chance: Callable[[], float] = random.random
        self._first = True
        self._looked_at = 0.0
        self._refused: Counter[str] = Counter()
        self._polling: asyncio.Task[Json] | None = None
        self._stopped = asyncio.Event()
        self.caught_up = asyncio.Event()
        self.caught_up_at: datetime | None = None
        """Everything the homeserver had by then was handed over and kept."""

    async def run(self) -> None:
        """Sync until `stop`. Raises `LoggedOut`, and `ForeignKeys` of `prepare`."""
        failed = 0
        while not self._stopped.is_set():
            try:
                if self._prepare is not None:
                    await self._prepare()
                    self._prepare = None
                await self._round()
                failed = 0
                continue
            except ForeignKeys:
                raise
            except (aiohttp.ClientError, TimeoutError, OSError, MatrixError) as error:
                if isinstance(error, MatrixError) and error.logged_out:
                    raise LoggedOut(error.code) from error
                told = error.retry_after_seconds if isinstance(error, MatrixError) else 0.0
                log.warning("syncing failed: %s", error)
            except Exception:  # a bug, or a database that cannot be written: everything comes again
                told = 0.0
                log.exception("what happened could not be kept; it comes again")
            await self._pause(max(told, self._back_off(failed)))
            failed += 1

    def stop(self) -> None:
        """End `run`, once what is being handed over is kept."""
        self._stopped.set()
        if self._polling is not None:
            self._polling.cancel()

    def _back_off(self, failed: int) -> float:
        """Seconds to wait after so many failures in a row, before this one."""
        first, longest = BACK_OFF
        return min(longest, first * 2.0 ** min(failed, 16)) * (0.5 + self.chance() / 2)

    async def _pause(self, seconds: float) -> None:
        """Wait, unless it is stopped."""
        waits = [asyncio.ensure_future(self.sleep(seconds)), asyncio.ensure_future(self._stopped.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()

    async def _round(self) -> None:
        """One question, and everything its answer brings."""
        asked_at = datetime.now(UTC)
        answer = await self._asked()
        if answer is None:
            return
        received = self._machine.receive(_list(_object(answer, "to_device"), "events"))
        self._late.received(received)
        self._machine.noted(answer)
        if self._verifying is not None:
            for each in received.others:
                self._verifying.to_device(each)
        arrived = await self._happened(_object(answer, "rooms"))
        self._rooms.complete = True
        arrived += await self._gone()
        await self._keys.settle()
        if self._verifying is not None:
            await self._verifying.answer()
        late = self._late.look(self.wall(), everything=self._first)
        await self._hand_over([*late.arrived, *arrived], str(answer["next_batch"]))
        self._late.kept(late)
        self._first = False
        self.caught_up_at = asked_at
        self.caught_up.set()

    async def _asked(self) -> Json | None:
        """The homeserver's answer; None when it was stopped meanwhile."""
        query = {"filter": FILTER}
        if self._since is not None:
            query["since"] = self._since
        if self._first:
            query["full_state"] = "true"
        else:
            query["timeout"] = str(int(POLL_SECONDS * 1000))
        seconds = FIRST_SECONDS if self._first else POLL_SECONDS + SLACK_SECONDS
        self._polling = asyncio.ensure_future(self._wire.call("GET", "sync", query=query, seconds=seconds))
        try:
            return await self._polling
        except asyncio.CancelledError:
            if self._stopped.is_set() and self._polling.cancelled():
                return None
            self._polling.cancel()
            raise
        finally:
            self._polling = None

    async def _happened(self, rooms: Json) -> list[Arrived]:
        """What happened in rooms, and that the bot is in other rooms than before."""
        arrived: list[Arrived] = []
        for room, told in _object(rooms, "join").items():
            arrived += await self._in_room(room, told)
        for room, told in _object(rooms, "invite").items():
            found = reading.invitation(room, self._machine.user, _list(_object(told, "invite_state"), "events"))
            if found is not None:
                arrived.append(found)
        for room, told in _object(rooms, "leave").items():
            self._rooms.left(room)
            events = [*_list(_object(told, "state"), "events"), *_list(_object(told, "timeline"), "events")]
            arrived.append(reading.removal(room, self._machine.user, events))
        return arrived

    async def _gone(self) -> list[Arrived]:
        """Rooms that were deleted: of them, some homeservers say nothing."""
        now = self.wall()
        if not self._rooms.doubted and now - self._looked_at < LOOKED_SECONDS:
            return []
        known = {each.room for each in self._rooms}
        there = (await self._wire.call("GET", "joined_rooms")).get("joined_rooms")
        self._looked_at, self._rooms.doubted = now, False
        gone = sorted(known - set(there)) if isinstance(there, list) else []
        for room in gone:
            self._rooms.left(room)
        return [Removed(room=room, by="", now=Member.LEAVE) for room in gone]

    async def _in_room(self, name: str, told: Json) -> list[Arrived]:
        room = self._rooms.entered(name)
        timeline = _object(told, "timeline")
        events = _list(timeline, "events")
        for event in [*_list(_object(told, "state"), "events"), *events]:
            if isinstance(event, dict):
                room.take(event)
        if room.encrypted:
            self._machine.track(room.present)
        if self._since is None:
            return []
        start = timeline.get("prev_batch") if timeline.get("limited") is True else None
        return await self._read(name, await self._history(name, events, start, self._since))

    async def _history(self, room: str, events: list[Any], start: object, since: str) -> Filled:
        """A room's events since the last sync; torn where the homeserver does not give them, for good or again and again."""
        user = self._machine.user
        try:
            history = await filled(self._wire, room, user, events, start, since)
        except MatrixError as error:
            if error.logged_out or error.retry_after_seconds:
                raise
            self._refused[room] += 1
            if (error.status >= SERVER_ERROR or not error.code) and self._refused[room] < REFUSALS_BORNE:
                raise
            log.exception("the history of %s cannot be read: something in it is missed", room)
            history = replace(await filled(self._wire, room, user, events, None, since), torn=True)
        self._refused.pop(room, None)
        return history

    async def _read(self, room: str, history: Filled) -> list[Arrived]:
        """A room's events in our words. Those that cannot be decrypted wait from now on."""
        senders = {each["sender"] for each, _ in history.events if each.get("type") == "m.room.encrypted"}
        if senders:
            await self._keys.know(senders - {self._machine.user})
        arrived: list[Arrived] = [Gap(room=room)] if history.torn else []
        unread: list[tuple[Json, bool]] = []
        for event, early in history.events:
            own = event["sender"] == self._machine.user
            if own and event.get("type") != "m.room.member":
                continue
            clear = event
            if event.get("type") == "m.room.encrypted":
                try:
                    clear = self._machine.room_keys.decrypt(room, event)
                except Undecipherable:
                    unread.append((event, early))
                    continue
            if self._verifying is not None and self._verifying.in_room(room, clear):
                continue
            found = reading.read(room, clear, encrypted=clear is not event, early=early)
            if found is not None and not (own and not _is_own_move(found, self._machine.user)):
                arrived.append(found)
        if unread:
            self._late.wait(room, unread, self.wall())
        return arrived

    async def _hand_over(self, arrived: list[Arrived], token: str) -> None:
        """In batches; the last one has the token."""
        if not arrived and token == self._since:
            return
        parts = list(_parts(_in_time(arrived))) or [[]]
        for number, part in enumerate(parts, 1):
            await self._handle(Batch(tuple(part), token if number == len(parts) else None))
        self._since = token


def _is_own_move(found: Arrived, user: str) -> bool:
    """Whether it is the bot itself that entered or left."""
    return isinstance(found, Membership) and found.user == user and found.now is not Member.INVITE


def _in_time(arrived: Iterable[Arrived]) -> list[Arrived]:
    """What came room by room as it happened: who did something in one room and then in another did it in this order.

    What one person did in a room stays in the room's order, whatever their clock says, and it moves nobody else's.
    """
    latest: dict[tuple[str, str], datetime] = {}
    timed: list[tuple[datetime, Arrived]] = []
    for each in arrived:
        at = reading.EPOCH
        if isinstance(each, Happened):
            whose = each.room, each.sender
            at = latest[whose] = max(each.at, latest.get(whose, each.at))
        timed.append((at, each))
    return [each for _, each in sorted(timed, key=lambda pair: pair[0])]


def _parts(arrived: list[Arrived]) -> Iterator[list[Arrived]]:
    for start in range(0, len(arrived), BATCH):
        yield arrived[start : start + BATCH]


def _object(value: Any, name: str) -> Json:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _list(value: Json, name: str) -> list[Any]:
    found = value.get(name)
    return found if isinstance(found, list) else []
